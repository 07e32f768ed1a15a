"""What becomes of a letter after each way in which an attempt may end."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
import structlog

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.delivery import (
    Delivered,
    DeliveryOutcome,
    InDoubt,
    Mistaken,
    Moved,
    NotThere,
    Refused,
    RetryLater,
    TargetGone,
)
from monitors.alerts.destinations import ADMIN, destination_key
from monitors.pipeline.book import InForce
from monitors.pipeline.delivering.deliver import Deliverer, DeliveryPorts
from monitors.pipeline.delivering.settle import settle, settle_probe
from monitors.pipeline.records import Kind, Letter, OutboxId, State
from monitors.rules.rulebook import Telegram, Terminal
from tests.fakes.stand_ins import Clock, book, rule, telegram

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
ANN = Telegram(chat_id="4711")
OUTCOMES = [
    Delivered("7"),
    RetryLater("no network"),
    RetryLater("slow down", 60 * SECOND),
    InDoubt("no answer"),
    Refused("blocked"),
    Refused("odd text", whole_chat=False),
    Moved("-1009"),
    TargetGone("deleted"),
]


def settled(outcome, destination=ANN, **changes):
    letter = {
        "id": OutboxId(1),
        "chat": "desk",
        "kind": Kind.ALERT,
        "content": None,
        "notice": None,
        "version": 1,
        "message_id": None,
        "destination": None,
        "attempt": 1,
        "doubts": 0,
        "marked": False,
    }
    return settle(Letter(**letter | changes), outcome, destination, now=NOW, chance=0.5)


def doubted():
    return Letter(
        id=OutboxId(1),
        chat="desk",
        kind=Kind.ALERT,
        content=None,
        notice=None,
        version=1,
        message_id=None,
        destination=None,
        attempt=2,
        doubts=1,
        marked=True,
        probe=8,
    )


def test_every_way_to_end_is_tried_here():
    assert {type(outcome) for outcome in OUTCOMES} == set(get_args(DeliveryOutcome))


@pytest.mark.parametrize(
    ("outcome", "state", "said"),
    [
        (Delivered("7"), State.SENT, "delivered"),
        (RetryLater("no network"), State.PENDING, "not delivered"),
        (InDoubt("no answer"), State.DOUBT, "in doubt"),
        (Refused("blocked"), State.PARKED, "refused"),
        (Refused("odd text", whole_chat=False), State.DEAD, "refused"),
        (Moved("-1009"), State.PENDING, "moved"),
        (TargetGone("deleted"), State.DROPPED, "message gone"),
    ],
)
def test_each_end_has_its_state(outcome, state, said):
    after = settled(outcome)
    assert (after.state, after.outcome) == (state, said)


def test_what_arrived_is_known_by_its_message_and_where_it_stands():
    after = settled(Delivered("7"))
    assert (after.message_id, after.destination) == ("7", "telegram:4711:")
    assert after.why is None


@pytest.mark.parametrize("outcome", OUTCOMES[1:])
def test_what_did_not_arrive_says_why_and_names_no_message(outcome):
    after = settled(outcome)
    assert after.why
    assert after.message_id is None


@pytest.mark.parametrize(
    ("outcome", "whole_chat"),
    [
        (Refused("blocked"), True),
        (Refused("odd text", whole_chat=False), False),
        (Moved("-1009"), False),
        (RetryLater("no network"), False),
    ],
)
def test_a_refusal_stops_the_chat_where_it_would_take_nothing_else(outcome, whole_chat):
    assert settled(outcome).whole_chat is whole_chat


def test_what_was_for_a_group_that_moved_goes_to_the_new_one_at_once():
    after = settled(Moved("-1009"))
    assert (after.moved_to, after.due_at) == ("-1009", NOW)


@pytest.mark.parametrize(
    ("outcome", "failures", "due", "hold"),
    [
        (RetryLater("no network"), 0, 2, 2),
        (RetryLater("no network"), 3, 16, 16),
        (RetryLater("no network"), 4, 32, None),
        (RetryLater("its problem", server_error=True), 0, 3, 3),
        (RetryLater("slow down", 60 * SECOND), 0, 60.5, 60.5),
        (RetryLater("slow down", 60 * SECOND), 9, 60.5, 60.5),
        (InDoubt("no answer"), 0, 2, 2),
    ],
)
def test_a_letter_that_waits_holds_its_chat_until_it_failed_often(outcome, failures, due, hold):
    after = settled(outcome, failures=failures)
    assert after.due_at == NOW + due * SECOND
    assert after.hold_until == (None if hold is None else NOW + hold * SECOND)


def test_a_pause_that_telegram_asks_for_is_no_failure():
    assert not settled(RetryLater("slow down", 60 * SECOND)).failed
    assert settled(RetryLater("no network")).failed


def test_a_doubt_is_not_forgotten_when_the_next_attempt_fails_for_sure():
    assert settled(RetryLater("no network"), doubts=1).state is State.DOUBT


def test_a_change_of_a_message_is_never_in_doubt():
    after = settled(InDoubt("no answer"), kind=Kind.REVISION, message_id="7")
    assert (after.state, after.doubtful) == (State.PENDING, False)


def test_where_answers_are_lost_again_and_again_the_letter_is_given_up():
    after = settled(InDoubt("no answer"), doubts=2)
    assert (after.state, "3 times" in after.why) == (State.DEAD, True)


@pytest.mark.parametrize(
    ("outcome", "hours", "state"),
    [
        (RetryLater("its problem", server_error=True), 25, State.DEAD),
        (RetryLater("its problem", server_error=True), 23, State.PENDING),
        (RetryLater("no network"), 1_000, State.PENDING),
        (RetryLater("slow down", SECOND), 1_000, State.PENDING),
    ],
)
def test_a_letter_is_given_up_after_a_day_of_failures_that_may_be_its_own(outcome, hours, state):
    since = NOW - timedelta(hours=hours)
    assert settled(outcome, failing_since=since, failures=9).state is state


@pytest.mark.parametrize(
    ("found", "state", "said"),
    [
        (Delivered("8"), State.SENT, "found"),
        (NotThere(taken=False), State.DOUBT, "not there"),
        (NotThere(taken=True), State.DOUBT, "not there"),
        (Mistaken("Another text"), State.DOUBT, "another message"),
        (RetryLater("slow down", SECOND), State.DOUBT, "not delivered"),
        (InDoubt("no answer"), State.DOUBT, "not delivered"),
        (Refused("blocked"), State.PARKED, "refused"),
        (Refused("odd", whole_chat=False), State.DOUBT, "not known"),
        (Moved("-1009"), State.DOUBT, "moved"),
    ],
)
def test_looking_for_a_letter_may_end_as_a_send_may(found, state, said):
    after = settle_probe(doubted(), found, ANN, now=NOW, chance=0.5)
    assert (after.state, after.outcome, after.doubtful) == (state, said, False)


def test_what_was_found_to_be_somebody_elses_is_remembered():
    ends = [NotThere(taken=True), NotThere(taken=False), Mistaken("Another text")]
    seen = [settle_probe(doubted(), end, ANN, now=NOW, chance=0.5).seen for end in ends]
    assert seen == ["8", None, "8"]


@pytest.mark.parametrize(
    ("destination", "key"),
    [
        (Terminal(), "terminal"),
        (Telegram(chat_id="4711"), "telegram:4711:"),
        (Telegram(chat_id="-1001", topic=12), "telegram:-1001:12"),
    ],
)
def test_equal_destinations_have_equal_keys(destination, key):
    assert destination_key(destination) == key


class Stumbling:
    """Sends nothing and fails in a way that nobody thought of."""

    def __init__(self):
        self.tried = 0

    async def ask(self, destination):
        """Say that nothing is known against it."""

    async def deliver(self, letter, destination, zone):
        del letter, destination, zone
        self.tried += 1
        raise KeyError("result")


def test_a_failure_that_nobody_thought_of_leaves_the_letter_in_doubt_and_is_logged():
    messenger, clock, store = Stumbling(), Clock(NOW), SqliteStore(None)
    ports = DeliveryPorts(store=store, messenger=messenger, clock=clock, chance=lambda: 0.5)
    deliverer = Deliverer(ports, InForce(book(rule("ship", "desk"), chats=(telegram("desk"),))))

    async def deliver():
        for _ in range(2):
            await deliverer.tick()
            await deliverer.slots.idle()
            clock.passes(seconds=10)

    store.write_now(lambda ledger: ledger.outbox.notify([ADMIN + "4711"], "Hello", NOW))
    with structlog.testing.capture_logs() as logs:
        asyncio.run(deliver())

    counts = store.write_now(lambda ledger: ledger.outbox.counts())
    store.close()
    assert (messenger.tried, counts) == (2, {"in doubt": 1})
    assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == [
        "delivery.failed"
    ] * 2


@pytest.mark.parametrize(
    ("whole_chat", "said"),
    [(True, "does not take messages: blocked"), (False, "did not get a message: blocked")],
)
def test_people_are_told_whether_a_chat_refuses_one_message_or_all(whole_chat, said):
    class Refusing:
        async def deliver(self, letter, destination, zone):
            del letter, destination, zone
            return Refused("blocked", whole_chat=whole_chat)

    store = SqliteStore(None)
    ports = DeliveryPorts(store=store, messenger=Refusing(), clock=Clock(NOW), chance=lambda: 0.5)
    deliverer = Deliverer(ports, InForce(book(rule("ship", "desk"), chats=(telegram("desk"),))))

    async def deliver():
        await deliverer.tick()
        await deliverer.slots.idle()

    store.write_now(lambda ledger: ledger.outbox.notify([ADMIN + "4711"], "Hello", NOW))
    with structlog.testing.capture_logs() as logs:
        asyncio.run(deliver())
    store.close()
    assert [said in entry["say"] for entry in logs] == [True]
