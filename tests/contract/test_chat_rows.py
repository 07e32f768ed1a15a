"""What the store answers to those who look at feeds, reports and alerts from a chat."""

from datetime import timedelta

import pytest

from monitors.feeds.feed import Feed
from monitors.pipeline.dialogs import Dialog
from monitors.pipeline.records import State
from monitors.rules.rulebook import Chat, ChatName, Telegram
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import START, book, rule

FEEDS = tuple(Feed(address=f"https://wire.example/{number}") for number in range(4))


@pytest.fixture
def desk():
    chats = [Chat(name=ChatName(one), destination=Telegram(chat_id=one)) for one in ("1", "2")]
    opened = EditorsDesk(book(rule("ship", "1", "2"), rule("ferry", "2"), chats=tuple(chats)))
    yield opened
    opened.store.close()


def test_what_is_known_of_some_feeds_is_as_of_all(desk):
    desk.store.write_now(lambda ledger: ledger.feeds.sync(FEEDS, START))
    every = desk.store.write_now(lambda ledger: ledger.feeds.health())
    wanted = [FEEDS[2].address, FEEDS[0].address, "https://other.example/"]

    some = desk.store.write_now(lambda ledger: ledger.feeds.some(wanted))
    assert some == (every[0], every[2])
    assert desk.store.write_now(lambda ledger: ledger.feeds.some([])) == ()
    assert desk.store.write_now(lambda ledger: ledger.feeds.one(every[1].id)) == every[1]
    desk.store.write_now(lambda ledger: ledger.feeds.sync(FEEDS[:1], START))
    assert desk.store.write_now(lambda ledger: ledger.feeds.one(every[1].id)) is None


def test_one_feed_is_hurried_alone(desk):
    ids = desk.store.write_now(lambda ledger: ledger.feeds.sync(FEEDS, START))
    later = START + timedelta(hours=1)
    desk.store.write_now(
        lambda ledger: ledger.feeds._db.execute("UPDATE feed SET next_poll_at = 9000000000000")
    )
    desk.store.write_now(lambda ledger: ledger.feeds.hurry(START, ids[FEEDS[3].address]))
    due = desk.store.write_now(lambda ledger: ledger.feeds.claim(later, later, 9))

    assert [feed.address for feed in due] == [FEEDS[3].address]


def test_the_alerts_of_chats_come_newest_first_and_by_rule(desk):
    article = desk.publishes("A ship and a ferry meet")
    desk.publishes("Bergen ship strikes oil tanker")

    def of(chats, limit=9, **more):
        rows = desk.store.write_now(lambda ledger: ledger.alerts.of_chats(chats, limit, **more))
        return [(row.chat, row.content.headline.text.split()[0], row.state) for row in rows]

    sent = State.SENT
    assert of(["1"]) == [("1", "Bergen", sent), ("1", "A", sent)]
    assert len(of(["1", "2"])) == 4
    assert of(["1"], 1, skip=1) == [("1", "A", sent)]
    assert of(["1", "2"], rule="ferry") == [("2", "A", sent)]
    assert of(["3"]) + of([]) == []
    held = desk.store.write_now(lambda ledger: ledger.stories.holding(article))
    assert held == ("ferry", "ship")


def test_what_was_asked_too_long_ago_is_forgotten(desk):
    def opens(place, until):
        dialog = Dialog(command="why", step="x")
        desk.store.write_now(lambda ledger: ledger.dialogs.open(place, "1", dialog, until))

    opens("old", START)
    opens("new", START + timedelta(seconds=1))
    desk.store.write_now(lambda ledger: ledger.dialogs.forget(START))
    left = desk.store.write_now(
        lambda ledger: ledger.dialogs._db.execute("SELECT place FROM dialog").fetchall()
    )

    assert left == [("new",)]
