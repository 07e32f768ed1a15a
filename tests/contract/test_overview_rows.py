"""What waits, what arrived and what is held back is counted by chat, and held letters come."""

from datetime import timedelta

import pytest

from monitors.alerts.decision import PAGE_FIRST
from monitors.pipeline.records import Settled, State
from monitors.pipeline.telling.backlog import Backlog
from tests.contract.test_replies import Outbox
from tests.fakes.stand_ins import START

LATER = START + timedelta(hours=5)
HELD = {"due_at": LATER, "why": "quiet hours"}


@pytest.fixture
def outbox():
    opened = Outbox()
    yield opened
    opened.store.close()


def backlog(outbox, *chats, since=START):
    now = outbox.clock()
    return outbox.does(lambda ledger: ledger.overview.backlog(now, since, chats or None))


def settles(outbox, state, **more):
    """Have all that is due end in one way."""
    for letter in outbox.does(lambda ledger: ledger.outbox.claim(outbox.clock(), 10)):
        values = {"outcome": "x", "message_id": "9", "destination": "telegram:1:"} | more
        settled = Settled(state=state, **values)
        outbox.does(
            lambda ledger, one=letter, end=settled: ledger.outbox.settle(
                one, end, outbox.clock(), 1
            )
        )


def test_an_empty_store_counts_nothing(outbox):
    assert backlog(outbox) == backlog(outbox, "desk") == Backlog()
    assert outbox.does(lambda ledger: ledger.overview.last_alert()) is None


def test_what_waits_is_counted_by_chat(outbox):
    outbox.tell("One")
    outbox.tell("Two", chat="ann", **HELD)
    outbox.tell("Three", chat="ann", due_at=LATER, why=PAGE_FIRST)
    outbox.does(lambda ledger: ledger.outbox.notify(["admin:1"], "Feed fails", START))
    outbox.clock.passes(seconds=9)

    assert backlog(outbox, "desk") == Backlog(due=1, oldest=START)
    assert backlog(outbox, "ann") == Backlog(held=1, held_until=LATER)
    assert backlog(outbox) == Backlog(due=1, oldest=START, held=1, held_until=LATER)


def test_what_arrived_is_counted_from_a_moment_on_and_the_last_alert_is_known(outbox):
    outbox.tell("One")
    settles(outbox, State.SENT)
    outbox.clock.passes(hours=1)
    outbox.tell("Two", due_at=outbox.clock(), now=outbox.clock())
    settles(outbox, State.SENT)

    assert backlog(outbox).sent == 2
    assert backlog(outbox, since=outbox.clock()).sent == 1
    last = outbox.does(lambda ledger: ledger.overview.last_alert(["desk"]))
    assert (last.chat, last.title, last.sent_at) == ("desk", "Two", outbox.clock())
    assert outbox.does(lambda ledger: ledger.overview.last_alert(["ann"])) is None


def test_what_failed_is_counted_and_a_drop_is_taken_back_once(outbox):
    outbox.tell("One")
    settles(outbox, State.DEAD, why="chat not found", message_id=None, destination=None)
    assert backlog(outbox, "desk").failed == 1
    (row,) = outbox.does(lambda ledger: ledger.outbox.failed(5))
    assert outbox.does(lambda ledger: ledger.outbox.pick_up(row.id)) is False
    outbox.does(lambda ledger: ledger.outbox.drop([row.id]))
    assert backlog(outbox).failed == 0
    assert outbox.does(lambda ledger: ledger.outbox.pick_up(row.id)) is True
    assert outbox.does(lambda ledger: ledger.outbox.pick_up(row.id)) is False
    assert backlog(outbox).failed == 1


def test_what_is_held_back_comes_when_asked_for_and_nothing_else_does(outbox):
    told = outbox.tell("One", **HELD)
    outbox.tell("Two", due_at=LATER, why=PAGE_FIRST)
    outbox.tell("Three", chat="ann", **HELD)
    outbox.reply(told, due_at=LATER, why="quiet hours")

    def brings():
        return outbox.does(lambda ledger: ledger.overview.bring(["desk"], outbox.clock()))

    assert (brings(), brings()) == (2, 0)
    assert backlog(outbox, "desk") == Backlog(due=2, oldest=START)
    assert backlog(outbox, "ann").held == 1
    (letter,) = outbox.does(lambda ledger: ledger.outbox.claim(outbox.clock(), 10))
    assert letter.content.headline.text == "One"
