"""Due feeds are polled, and what a poll brings is committed with the next poll's time."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.entry import NotAFeed
from monitors.feeds.feed import Feed, Fetched, NotModified, Validators
from monitors.gathering.poll import Poller, PollPorts
from monitors.gathering.read_pages import MOST_ATTEMPTS, PageReader
from monitors.pipeline.book import InForce
from monitors.pipeline.reload import sync_feeds
from monitors.polling.cadence import Terms
from monitors.stories.page import NoText, Page
from tests.fakes.stand_ins import (
    FEED,
    START,
    Bodies,
    Clock,
    Web,
    book,
    document,
    entry,
    rule,
    unreachable,
)

EVERY = timedelta(minutes=5)
LINK = "https://wire.example/1"


class Newsroom:
    """A poller and a reader of pages on a store in memory."""

    def __init__(self, *rules, bodies=None):
        self.clock, self.web, self.bodies = Clock(), Web(), bodies or Bodies()
        self.store = SqliteStore(None)
        feed = Feed(address=FEED, every=EVERY, catch_up=None)
        self.in_force = InForce(book(*rules, feeds=(feed,)))
        ports = PollPorts(
            store=self.store,
            fetcher=self.web,
            reader=self.bodies,
            clock=self.clock,
            chance=lambda: 0.0,
        )
        self.poller = Poller(ports, self.in_force, lambda _: Terms())
        self.pages = PageReader(ports, self.in_force)

    def shows(self, *entries, etag="1"):
        body = repr(entries).encode()
        self.bodies.documents[body] = document(*entries)
        self.web.feeds[FEED] = Fetched(body=body, address=FEED, validators=Validators(etag=etag))

    def ticks(self):
        async def both():
            await sync_feeds(self.in_force.book, self.store, self.clock)
            await self.poller.tick()
            await self.poller.slots.idle()
            self.clock.passes(seconds=2)  # the host is left alone for so long
            await self.pages.tick()
            await self.pages.slots.idle()

        asyncio.run(both())
        return self.health()

    def health(self):
        (feed,) = self.store.write_now(lambda ledger: ledger.feeds.health())
        return feed

    def alerts(self):
        rows = self.store.write_now(lambda ledger: ledger.alerts.latest(9, failed=False))
        return [row.content.headline.text for row in rows]


@pytest.fixture
def newsroom():
    opened = Newsroom(rule("ship AND storm"))
    yield opened
    opened.store.close()


def test_a_poll_stores_tells_and_sets_the_next_one(newsroom):
    newsroom.shows(entry(1, "ship in a storm"))

    health = newsroom.ticks()

    assert newsroom.alerts() == ["ship in a storm"]
    assert (health.memory.next_poll_at, health.articles) == (START + EVERY, 1)
    assert health.memory.title == "Wire"


def test_the_validators_of_the_last_answer_are_sent_back(newsroom):
    newsroom.shows(entry(1, "ship in a storm"), etag="abc")
    newsroom.ticks()
    newsroom.clock.passes(minutes=5)
    newsroom.web.feeds[FEED] = NotModified(validators=Validators(etag="def"))
    newsroom.ticks()
    newsroom.clock.passes(minutes=5)
    newsroom.ticks()

    assert [sent.etag for _, sent in newsroom.web.asked] == [None, "abc", "def"]


def test_an_equal_body_is_not_read_again_but_its_validators_are_kept(newsroom):
    newsroom.shows(entry(1, "ship in a storm"), etag="1")
    newsroom.ticks()
    newsroom.shows(entry(1, "ship in a storm"), etag="2")
    newsroom.bodies.documents.clear()
    newsroom.clock.passes(minutes=5)
    newsroom.ticks()
    newsroom.clock.passes(minutes=5)
    health = newsroom.ticks()

    assert newsroom.web.asked[-1][1].etag == "2"
    assert health.memory.failures == 0


def test_a_feed_that_fails_is_tried_again_sooner_then_later_and_recovers(newsroom):
    newsroom.web.feeds[FEED] = unreachable()
    waits = []
    for _ in range(4):
        health = newsroom.ticks()
        waits.append(health.memory.next_poll_at - health.memory.last_poll_at)
        newsroom.clock.at = health.memory.next_poll_at
    newsroom.shows(entry(1, "ship in a storm"))

    recovered = newsroom.ticks()

    # A fifth less, because chance has it so.
    assert waits == [0.8 * timedelta(minutes=minutes) for minutes in (1, 2, 4, 8)]
    assert (health.memory.reason, health.memory.message) == ("unreachable", "no such host")
    assert (recovered.memory.failures, recovered.memory.reason, newsroom.alerts()) == (
        0,
        None,
        ["ship in a storm"],
    )


def test_a_feed_that_breaks_off_is_asked_again_without_validators_and_says_so(newsroom):
    body = b"half"
    newsroom.bodies.documents[body] = replace(
        document(entry(1, "ship in a storm")), whole=False, problems=("it breaks off",)
    )
    newsroom.web.feeds[FEED] = Fetched(body=body, address=FEED, validators=Validators(etag="half"))
    cut = newsroom.ticks()
    newsroom.shows(entry(1, "ship in a storm"), entry(2, "ship in another storm"), etag="half")
    newsroom.clock.passes(minutes=5)
    whole = newsroom.ticks()

    assert (cut.memory.failures, cut.memory.message) == (0, "it breaks off")
    assert whole.memory.message is None
    assert newsroom.web.asked[-1][1] == Validators()
    assert newsroom.alerts() == ["ship in another storm", "ship in a storm"]


def test_a_large_feed_is_taken_in_whole(newsroom):
    newsroom.shows(*(entry(number, f"ship {number} in a storm") for number in range(450)))

    health = newsroom.ticks()

    assert (health.articles, len(newsroom.alerts())) == (450, 9)


def test_what_is_no_feed_is_a_failure_with_its_own_words(newsroom):
    newsroom.web.feeds[FEED] = Fetched(body=b"<html>", address=FEED)
    newsroom.bodies.documents[b"<html>"] = NotAFeed(message="this is a web page")

    health = newsroom.ticks()

    assert (health.memory.reason, health.memory.message) == ("not_a_feed", "this is a web page")


def test_a_time_that_is_changed_while_a_feed_is_read_counts_for_its_next_poll():
    class Meanwhile(Bodies):
        async def read_feed(self, body, address, content_type):
            feed = Feed(address=FEED, every=3 * EVERY)
            newsroom.in_force.book = book(feeds=(feed,))
            return await super().read_feed(body, address, content_type)

    newsroom = Newsroom(bodies=Meanwhile())
    newsroom.shows(entry(1, "A ship sails"))

    assert newsroom.ticks().memory.why == "every: 15m in rules.yaml"
    newsroom.store.close()


def test_a_feed_that_left_the_rules_is_not_polled(newsroom):
    newsroom.shows(entry(1, "ship in a storm"))
    newsroom.in_force.book = book(rule("ship"), feeds=(Feed(address="https://else.example/"),))

    newsroom.ticks()

    assert newsroom.alerts() == []


def test_a_rule_that_holds_in_part_reads_the_page(newsroom):
    newsroom.shows(entry(1, "ship sails"))
    newsroom.web.pages[LINK] = Fetched(body=b"page", address=LINK)
    newsroom.bodies.pages[b"page"] = Page(text="It met a storm.")

    newsroom.ticks()

    assert newsroom.alerts() == ["ship sails"]


def test_a_page_that_cannot_be_had_is_tried_again_and_then_given_up(newsroom):
    newsroom.shows(entry(1, "ship sails"))
    tries = 0
    while newsroom.ticks() and tries < 2 * MOST_ATTEMPTS:
        tries += 1
        newsroom.clock.passes(hours=12)
    newsroom.web.pages[LINK] = Fetched(body=b"page", address=LINK)
    newsroom.bodies.pages[b"page"] = Page(text="It met a storm.")
    newsroom.ticks()

    assert newsroom.alerts() == []


def test_a_page_that_comes_late_still_completes_the_match(newsroom):
    newsroom.shows(entry(1, "ship sails"))
    newsroom.ticks()
    newsroom.web.pages[LINK] = Fetched(body=b"page", address=LINK)
    newsroom.bodies.pages[b"page"] = Page(text="It met a storm.")
    newsroom.clock.passes(minutes=5)
    newsroom.ticks()

    assert newsroom.alerts() == ["ship sails"]


def test_a_page_without_an_article_is_given_up_at_once(newsroom):
    newsroom.shows(entry(1, "ship sails"))
    newsroom.web.pages[LINK] = Fetched(body=b"wall", address=LINK)
    newsroom.bodies.pages[b"wall"] = NoText(message="a consent wall")
    newsroom.ticks()
    newsroom.bodies.pages[b"wall"] = Page(text="It met a storm.")
    newsroom.clock.passes(minutes=30)
    newsroom.ticks()

    assert newsroom.alerts() == []
