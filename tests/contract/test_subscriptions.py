"""The store keeps subscriptions, hands each hub out once at a time, and hastens feeds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.feed import Feed
from monitors.pipeline.records import HostLeft
from monitors.polling.subscription import LEASE, Offer, asked, confirmed, left
from monitors.polling.trust import pushed
from tests.fakes.stand_ins import FEED, START

HUB, OTHER = "https://hub.example/", "https://other.example/feed"
MINUTE = timedelta(minutes=1)


class Rows:
    """A store with two feeds; each call is a transaction."""

    def __init__(self):
        self.store = SqliteStore(None)
        self.ids = self.lists(FEED, OTHER)

    def lists(self, *addresses):
        feeds = [Feed(address=one) for one in addresses]
        return self.store.write_now(lambda ledger: ledger.feeds.sync(feeds, START))

    def wants(self, feed=FEED, hub=HUB):
        offer = Offer(hub=hub, topic=feed)
        self("want", self.ids[feed], offer, START)
        return self("of", self.ids[feed])

    def __call__(self, name, *values):
        return self.store.write_now(lambda ledger: getattr(ledger.subscriptions, name)(*values))

    def claim(self, at=START, limit=9):
        return self("claim", at, at + MINUTE, limit)

    def next_poll(self, feed=FEED):
        health = self.store.write_now(lambda ledger: ledger.feeds.health())
        return {one.address: one.memory.next_poll_at for one in health}[feed]


@pytest.fixture
def rows():
    opened = Rows()
    yield opened
    opened.store.close()


def test_what_is_wanted_is_found_by_feed_and_by_callback(rows):
    known = rows.wants()

    assert (known.hub, known.topic, known.since, known.due_at) == (HUB, FEED, START, START)
    assert rows("at", known.callback) == known
    assert rows("of", rows.ids[OTHER]) is None
    assert rows("at", "else") is None


def test_callbacks_and_secrets_cannot_be_guessed(rows):
    known = [rows.wants(), rows.wants(OTHER)]

    assert len({one.callback for one in known} | {one.secret for one in known}) == 4
    assert all(len(one.callback) >= 32 for one in known)
    assert all(43 <= len(one.secret) < 200 for one in known)


def test_all_of_it_is_kept(rows):
    known = asked(rows.wants(), "https://news.example", START, 0.5)
    known = pushed(confirmed(known, LEASE, START, 0.5), START + MINUTE)
    rows("keep", known)

    assert list(rows("all")) == [known]


def test_a_hub_is_asked_for_one_feed_at_a_time(rows):
    rows.wants()
    rows.wants(OTHER)
    (first,) = rows.claim()
    meanwhile = rows.claim()
    rows("keep", replace(first.subscription, due_at=START + MINUTE))
    rows("leave", first, HostLeft(free_at=START + timedelta(seconds=1)))
    too_soon = rows.claim()
    (second,) = rows.claim(START + timedelta(seconds=1))

    assert (meanwhile, too_soon) == ((), ())
    assert {first.feed, second.feed} == {FEED, OTHER}


def test_several_hubs_are_asked_at_once_and_no_more_than_there_is_room_for(rows):
    rows.wants()
    rows.wants(OTHER, hub="https://hub.other.example/")

    assert len(rows.claim(limit=1)) == 1
    assert len(rows.claim()) == 1


def test_a_host_whose_hub_is_asked_is_not_polled_meanwhile(rows):
    rows.wants(hub="https://wire.example/hub")
    rows.claim()

    claimed = rows.store.write_now(
        lambda ledger: ledger.feeds.claim(START + MINUTE / 2, START + MINUTE, 9)
    )

    assert [feed.address for feed in claimed] == [OTHER]


def test_what_is_not_due_is_not_claimed(rows):
    known = rows.wants()
    rows("keep", replace(known, due_at=START + MINUTE))

    assert rows.claim() == ()
    assert len(rows.claim(START + MINUTE)) == 1


def test_a_feed_may_have_another_hub_while_the_old_one_is_left(rows):
    old = rows.wants()
    rows("keep", left(old, START))
    new = rows.wants(hub="https://new.example/")

    assert rows("of", rows.ids[FEED]) == new
    assert {one.feed for one in rows.claim()} == {FEED}
    assert len(list(rows("all"))) == 2


def test_what_has_ended_is_forgotten(rows):
    known = rows.wants()
    rows("end", known.callback)

    assert list(rows("all")) == []


def test_the_hubs_of_feeds_that_left_the_rules_are_listed_once(rows):
    known = rows.wants()
    rows.wants(OTHER)
    rows.lists(OTHER)

    assert list(rows("unlisted")) == [known]
    rows("keep", left(known, START))
    assert list(rows("unlisted")) == []


def test_a_feed_is_polled_sooner_but_never_later_for_a_push(rows):
    known = rows.wants()
    at = rows.next_poll()

    rows("hasten", known.callback, at + MINUTE)
    later = rows.next_poll()
    rows("hasten", known.callback, at - MINUTE)
    other = rows.next_poll(OTHER)

    assert (later, rows.next_poll()) == (at, at - MINUTE)
    assert other > at - MINUTE


def test_due_subscriptions_are_found_by_an_index(rows):
    plan = rows.store.write_now(
        lambda ledger: ledger.subscriptions._db.execute(
            "EXPLAIN QUERY PLAN SELECT state FROM subscription WHERE due_at <= 5"
        ).fetchall()
    )
    assert "subscription_due" in plan[0][3]
