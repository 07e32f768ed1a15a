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
    Moved,
    Refused,
    RetryLater,
    TargetGone,
)
from monitors.alerts.destinations import destination_key
from monitors.pipeline.book import InForce
from monitors.pipeline.delivering.deliver import ADMIN, Deliverer, DeliveryPorts
from monitors.pipeline.delivering.settle import settle
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
        "chat_free_at": NOW,
    }
    return settle(Letter(**letter | changes), outcome, destination, now=NOW, chance=0.5)


def test_every_way_to_end_is_tried_here():
    assert {type(outcome) for outcome in OUTCOMES} == set(get_args(DeliveryOutcome))


@pytest.mark.parametrize(
    ("outcome", "state", "said"),
    [
        (Delivered("7"), State.SENT, "delivered"),
        (RetryLater("no network"), State.PENDING, "not delivered"),
        (InDoubt("no answer"), State.DOUBT, "in doubt"),
        (Refused("blocked"), State.PARKED, "refused"),
        (Moved("-1009"), State.PARKED, "moved"),
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
        (Moved("-1009"), True),
        (RetryLater("no network"), False),
    ],
)
def test_a_refusal_stops_the_chat_where_it_would_take_nothing_else(outcome, whole_chat):
    assert settled(outcome).whole_chat is whole_chat


def test_a_group_that_moved_says_the_number_to_write():
    assert "-1009" in settled(Moved("-1009")).why


@pytest.mark.parametrize(
    ("outcome", "attempt", "due", "free"),
    [
        (RetryLater("no network"), 1, 2, 2),
        (RetryLater("no network"), 4, 16, 16),
        (RetryLater("no network"), 5, 32, 0),
        (RetryLater("slow down", 60 * SECOND), 1, 60.5, 60.5),
        (RetryLater("slow down", 60 * SECOND), 9, 60.5, 60.5),
        (InDoubt("no answer"), 1, 2, 2),
        (InDoubt("no answer"), 5, 32, 0),
    ],
)
def test_a_letter_that_waits_holds_its_chat_until_it_failed_often(outcome, attempt, due, free):
    after = settled(outcome, attempt=attempt)
    assert after.due_at == NOW + due * SECOND
    # Without a hold the chat has its usual pace: one a second after a burst.
    assert after.chat_free_at == NOW + max(free, 1) * SECOND


def test_a_doubt_is_not_forgotten_when_the_next_attempt_fails_for_sure():
    assert settled(RetryLater("no network"), doubts=1).state is State.DOUBT


@pytest.mark.parametrize(
    "outcome", [Delivered("7"), Refused("odd text", whole_chat=False), TargetGone("deleted")]
)
def test_every_call_counts_for_the_pace_of_its_chat(outcome):
    assert settled(outcome).chat_free_at == NOW + SECOND
    assert settled(outcome, Terminal()).chat_free_at == NOW


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
    [(True, "does not take messages: blocked"), (False, "did not take a message: blocked")],
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
