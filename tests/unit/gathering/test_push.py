"""Hubs are asked once, believed as far as they prove, and never make a poll come later."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
import structlog

from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.feed import Feed, Fetched, NotModified
from monitors.gathering.poll import Poller, PollPorts
from monitors.gathering.push import Pushes, PushPorts
from monitors.pipeline.book import InForce
from monitors.pipeline.reload import sync_feeds
from monitors.polling.cadence import Terms
from monitors.polling.subscription import HubAnswer, Standing
from tests.fakes.stand_ins import FEED, Bodies, Clock, Web, book, document, entry, rule

HUB, OTHER_HUB = "https://hub.example/", "https://other.example/hub"
URL = "https://news.example"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
EVERY = timedelta(hours=1)


class Hubs:
    """Takes every request, and answers what it was told to."""

    def __init__(self):
        self.asked = []
        self.answer = HubAnswer()
        self.meanwhile = None

    async def ask(self, known):
        self.asked.append(known)
        if self.meanwhile:
            await self.meanwhile(known)
        return self.answer


class Newsroom:
    """A poller and its pushes on a store in memory, with one feed."""

    def __init__(self, public_url=URL):
        self.clock, self.web, self.bodies, self.hubs = Clock(), Web(), Bodies(), Hubs()
        self.store = SqliteStore(None)
        self.in_force = InForce(book(rule("ship"), feeds=(self.feed(FEED),)))
        ports = PollPorts(
            store=self.store,
            fetcher=self.web,
            reader=self.bodies,
            clock=self.clock,
            chance=lambda: 0.0,
        )
        self.poller = Poller(ports, self.in_force, lambda _: Terms())
        self.starts(public_url)
        self.entries = [entry(1, "A ship sails")]
        self.shows(hub=HUB)

    @staticmethod
    def feed(address):
        return Feed(address=address, every=EVERY, catch_up=None)

    def starts(self, public_url=URL):
        ports = PushPorts(store=self.store, hubs=self.hubs, clock=self.clock, chance=lambda: 0.0)
        self.pushes = Pushes(ports, public_url)
        asyncio.run(self.pushes.open())

    def shows(self, *more, hub=HUB, topic=FEED):
        self.entries += more
        body = repr((self.entries, hub, topic)).encode()
        self.bodies.documents[body] = replace(document(*self.entries), hub=hub, topic=topic)
        self.web.feeds[FEED] = Fetched(body=body, address=FEED)

    def lists(self, *addresses):
        self.in_force.book = book(rule("ship"), feeds=tuple(map(self.feed, addresses)))

    def polls(self):
        self.clock.passes(seconds=2)  # the host is left alone for so long

        async def work():
            await sync_feeds(self.in_force.book, self.store, self.clock)
            begun = await self.poller.tick()
            await self.poller.slots.idle()
            return begun

        return asyncio.run(work())

    def ticks(self):
        async def work():
            await self.pushes.tick()
            await self.pushes.slots.idle()

        asyncio.run(work())

    def agrees(self, known=None, mode="subscribe", topic=FEED, lease="864000"):
        callback = (known or self.hubs.asked[-1]).callback
        return asyncio.run(self.pushes.agrees(callback, mode, topic, lease))

    def takes(self, known=None):
        asyncio.run(self.pushes.take((known or self.hubs.asked[-1]).callback))

    def subscribes(self):
        """Poll, ask the hub, and have it confirm."""
        self.polls()
        self.ticks()
        assert self.agrees()
        self.clock.passes(minutes=1)

    def all(self):
        return list(self.store.write_now(lambda ledger: ledger.subscriptions.all()))

    def known(self):
        (known,) = self.all()
        return known

    def standing(self):
        return self.known().standing(self.clock())

    def memory(self):
        (health,) = self.store.write_now(lambda ledger: ledger.feeds.health())
        return health.memory

    def alerts(self):
        rows = self.store.write_now(lambda ledger: ledger.alerts.latest(9, failed=False))
        return [row.content.headline.text for row in rows]


@pytest.fixture
def newsroom():
    opened = Newsroom()
    yield opened
    opened.store.close()


def test_a_feed_that_names_a_hub_has_it_asked_and_confirmed(newsroom):
    newsroom.polls()
    newsroom.ticks()
    before = newsroom.standing()
    agreed = newsroom.agrees()

    assert (before, agreed, newsroom.standing()) == (Standing.PENDING, True, Standing.ACTIVE)
    assert newsroom.hubs.asked[0].callback_url.startswith(f"{URL}/websub/")
    assert newsroom.known().lease_until == newsroom.clock() + 10 * DAY


def test_a_feed_without_a_hub_asks_nobody(newsroom):
    newsroom.shows(hub=None)
    newsroom.polls()
    newsroom.ticks()

    assert newsroom.all() == []


def test_a_push_has_the_feed_polled_at_once_and_the_alert_told(newsroom):
    newsroom.subscribes()
    newsroom.shows(entry(2, "Another ship sails"))
    idle = newsroom.polls()

    newsroom.takes()
    newsroom.polls()

    assert idle == 0
    assert newsroom.alerts() == ["Another ship sails", "A ship sails"]
    assert newsroom.known().proven
    assert newsroom.memory().next_poll_at == newsroom.clock() + EVERY


def test_a_push_tells_the_poll_that_follows_until_when_hubs_are_trusted(newsroom):
    newsroom.subscribes()
    unproven = newsroom.memory().pushed_until
    newsroom.shows(entry(2, "Another ship sails"))
    newsroom.takes()
    newsroom.polls()

    assert unproven is None
    assert newsroom.memory().pushed_until == newsroom.known().lease_until


def test_pushes_never_postpone_a_poll(newsroom):
    newsroom.subscribes()
    at = newsroom.memory().next_poll_at
    for minutes in (59, 0.9, 0.05, 1, 60):
        newsroom.clock.passes(minutes=minutes)
        newsroom.takes()
        newsroom.ticks()
        assert newsroom.memory().next_poll_at <= at


def test_a_push_while_the_feed_is_read_has_it_read_again(newsroom):
    newsroom.subscribes()
    newsroom.clock.at = newsroom.memory().next_poll_at
    answer, callback = newsroom.web.feeds[FEED], newsroom.known().callback

    class Slow(Web):
        async def fetch(self, *_):
            newsroom.clock.passes(seconds=2)
            await newsroom.pushes.take(callback)
            return answer

    newsroom.poller = Poller(
        replace(newsroom.poller._ports, fetcher=Slow()), newsroom.in_force, lambda _: Terms()
    )
    newsroom.polls()

    memory = newsroom.memory()
    assert memory.next_poll_at <= newsroom.clock()
    assert memory.why == "its hub says that it has news"


def test_what_a_cache_hides_is_looked_for_again_in_a_minute(newsroom):
    newsroom.subscribes()
    newsroom.web.feeds[FEED] = NotModified()
    newsroom.takes()
    newsroom.polls()

    assert newsroom.memory().next_poll_at == newsroom.clock() + MINUTE


def test_a_flood_of_pushes_is_one_poll_and_few_writes(newsroom):
    newsroom.subscribes()
    writes = Writes(newsroom.store)
    newsroom.pushes._ports = replace(newsroom.pushes._ports, store=writes)
    for _ in range(1_000):
        newsroom.takes()
    newsroom.ticks()
    newsroom.polls()
    asked = len(newsroom.web.asked)
    newsroom.polls()

    assert (asked, len(newsroom.web.asked)) == (2, 2)
    assert writes.count <= 3


class Writes:
    def __init__(self, store):
        self._store, self.count = store, 0

    def write(self, work):
        self.count += 1
        return self._store.write(work)


def test_a_push_in_quick_succession_is_not_lost(newsroom):
    newsroom.subscribes()
    newsroom.takes()
    newsroom.polls()
    newsroom.clock.passes(seconds=0.5)
    newsroom.shows(entry(2, "Another ship sails"))
    newsroom.takes()
    newsroom.ticks()
    newsroom.clock.passes(seconds=20)
    newsroom.polls()

    assert "Another ship sails" in newsroom.alerts()


def test_what_is_not_signed_is_counted_and_moves_nothing(newsroom):
    newsroom.subscribes()
    at = newsroom.memory().next_poll_at
    with structlog.testing.capture_logs() as logs:
        for _ in range(5):
            newsroom.pushes.ignore(newsroom.known().callback)
        newsroom.ticks()

    assert (newsroom.known().ignored, newsroom.memory().next_poll_at) == (5, at)
    assert [line["pushes"] for line in logs if line["event"] == "hub.ignored"] == [5]


@pytest.mark.parametrize(
    "said", [{"topic": FEED + "x"}, {"mode": "unsubscribe"}, {"mode": ""}, {"mode": "publish"}]
)
def test_what_was_not_asked_for_is_not_agreed_to(newsroom, said):
    newsroom.polls()
    newsroom.ticks()
    before = newsroom.known()

    assert not newsroom.agrees(**said)
    assert newsroom.known() == before


def test_a_callback_that_was_not_given_out_is_nobodys(newsroom):
    newsroom.polls()

    assert newsroom.pushes.secret_of("else") is None
    assert newsroom.pushes.secret_of(newsroom.known().callback) is None
    assert not asyncio.run(newsroom.pushes.agrees(newsroom.known().callback, "subscribe", FEED, ""))
    assert not asyncio.run(newsroom.pushes.hears_no("else", FEED))


def test_a_hub_may_confirm_before_it_has_answered(newsroom):
    async def confirm(known):
        assert await newsroom.pushes.agrees(known.callback, "subscribe", FEED, "864000")

    newsroom.hubs.meanwhile = confirm
    newsroom.polls()
    newsroom.ticks()

    assert newsroom.standing() is Standing.ACTIVE
    assert newsroom.known().due_at == newsroom.clock() + 10 * DAY * 2 / 3


def test_a_hub_that_says_no_is_left_alone_for_a_week(newsroom):
    newsroom.polls()
    newsroom.ticks()
    denied = asyncio.run(newsroom.pushes.hears_no(newsroom.known().callback, FEED))
    newsroom.clock.passes(days=6)
    newsroom.ticks()
    asked = len(newsroom.hubs.asked)
    newsroom.clock.passes(days=1)
    newsroom.ticks()

    assert (denied, asked, len(newsroom.hubs.asked)) == (True, 1, 2)


@pytest.mark.parametrize(("asked", "given"), [(HOUR, HOUR), (700 * HOUR, 24 * HOUR)])
def test_a_hub_that_asks_for_a_pause_gets_it_for_all_its_feeds_up_to_a_day(newsroom, asked, given):
    newsroom.hubs.answer = HubAnswer(problem="busy", wait=asked)
    newsroom.polls()
    newsroom.ticks()
    at = newsroom.store.write_now(
        lambda ledger: ledger.feeds._db.execute(
            "SELECT free_at FROM host WHERE name = 'hub.example'"
        ).fetchone()
    )

    assert at[0] == round((newsroom.clock() + given).timestamp() * 1000)


def test_a_silent_hub_costs_nothing_but_a_few_requests(newsroom):
    newsroom.polls()
    for _ in range(24 * 60):
        newsroom.ticks()
        newsroom.clock.passes(minutes=1)

    assert len(newsroom.hubs.asked) == 5
    assert newsroom.memory().pushed_until is None


def test_a_lease_is_renewed_in_time_with_the_same_callback(newsroom):
    newsroom.subscribes()
    newsroom.clock.passes(days=6)
    newsroom.ticks()
    early = len(newsroom.hubs.asked)
    newsroom.clock.passes(days=1)
    newsroom.ticks()
    first, second = newsroom.hubs.asked

    assert (early, first.callback, first.secret) == (1, second.callback, second.secret)
    assert newsroom.agrees()
    assert newsroom.known().lease_until == newsroom.clock() + 10 * DAY


def test_a_restart_asks_nobody_early_and_still_takes_pushes(newsroom):
    newsroom.subscribes()
    for _ in range(10):
        newsroom.starts()
        newsroom.ticks()
    newsroom.shows(entry(2, "Another ship sails"))
    assert newsroom.pushes.secret_of(newsroom.known().callback) == newsroom.known().secret
    newsroom.takes()
    newsroom.polls()

    assert len(newsroom.hubs.asked) == 1
    assert "Another ship sails" in newsroom.alerts()


def test_a_stop_between_asking_and_the_answer_does_not_ask_again(newsroom):
    newsroom.polls()

    async def cut_off():
        await newsroom.pushes.tick()
        await newsroom.pushes.slots.stop(grace=0)

    asyncio.run(cut_off())
    newsroom.store.write_now(lambda ledger: ledger.feeds.release())
    newsroom.starts()
    newsroom.ticks()

    assert len(newsroom.hubs.asked) <= 1
    assert newsroom.standing() is Standing.PENDING


def test_another_public_address_has_all_hubs_asked_anew(newsroom):
    newsroom.subscribes()
    newsroom.starts("https://elsewhere.example")
    newsroom.ticks()

    assert newsroom.hubs.asked[-1].callback_url.startswith("https://elsewhere.example/websub/")


def test_without_a_public_address_no_hub_is_trusted(newsroom):
    newsroom.subscribes()
    newsroom.shows(entry(2, "Another ship sails"))
    newsroom.takes()
    newsroom.polls()
    assert newsroom.memory().pushed_until

    newsroom.starts(None)
    newsroom.clock.passes(hours=1)
    newsroom.polls()

    assert newsroom.memory().pushed_until is None
    assert newsroom.standing() is Standing.WANTED


def test_a_feed_that_leaves_the_rules_leaves_its_hub(newsroom):
    newsroom.subscribes()
    newsroom.lists("https://else.example/")
    newsroom.polls()
    newsroom.ticks()

    assert not newsroom.hubs.asked[-1].wanted
    assert newsroom.agrees(mode="unsubscribe")
    assert newsroom.all() == []
    assert newsroom.pushes.secret_of(newsroom.hubs.asked[-1].callback) is None


def test_a_push_for_a_feed_that_left_the_rules_polls_nothing(newsroom):
    newsroom.subscribes()
    newsroom.lists("https://else.example/")
    newsroom.polls()
    newsroom.takes()
    asked = len(newsroom.web.asked)
    newsroom.polls()

    assert len(newsroom.web.asked) == asked
    assert not newsroom.agrees()


def test_a_hub_that_ignores_a_farewell_is_forgotten(newsroom):
    newsroom.subscribes()
    newsroom.lists("https://else.example/")
    newsroom.polls()
    for _ in range(48):
        newsroom.ticks()
        newsroom.clock.passes(hours=1)

    assert newsroom.all() == []
    assert sum(not known.wanted for known in newsroom.hubs.asked) == 5


def test_a_feed_that_names_another_hub_changes_over(newsroom):
    newsroom.subscribes()
    old = newsroom.known()
    newsroom.clock.passes(hours=1)
    newsroom.shows(hub=OTHER_HUB)
    newsroom.polls()
    newsroom.ticks()
    newsroom.clock.passes(seconds=1)
    newsroom.ticks()

    assert {(known.hub, known.wanted) for known in newsroom.hubs.asked[1:]} == {
        (OTHER_HUB, True),
        (HUB, False),
    }
    assert newsroom.hubs.asked[-1].callback != old.callback or newsroom.hubs.asked[-1].hub == HUB


def test_a_feed_that_names_no_hub_any_more_ends_it(newsroom):
    newsroom.subscribes()
    newsroom.clock.passes(hours=1)
    newsroom.shows(hub=None)
    newsroom.polls()
    newsroom.ticks()

    assert not newsroom.hubs.asked[-1].wanted


def test_a_hub_that_was_never_asked_is_forgotten_at_once():
    newsroom = Newsroom(public_url=None)
    newsroom.polls()
    newsroom.clock.passes(hours=1)
    newsroom.shows(hub=OTHER_HUB)
    newsroom.polls()
    hub = newsroom.known().hub
    newsroom.lists("https://else.example/")
    newsroom.polls()

    assert (hub, newsroom.all()) == (OTHER_HUB, [])
    newsroom.store.close()


def test_an_answer_without_a_document_says_nothing_of_the_hub(newsroom):
    newsroom.subscribes()
    newsroom.web.feeds[FEED] = NotModified()
    newsroom.clock.passes(hours=2)
    newsroom.polls()

    assert newsroom.standing() is Standing.ACTIVE


def test_a_hub_that_dies_in_silence_is_noticed_and_asked_once_more(newsroom):
    newsroom.subscribes()
    newsroom.shows(entry(2, "A ship sails on"))
    newsroom.takes()
    newsroom.polls()
    assert newsroom.memory().pushed_until
    for number in range(3, 8):
        newsroom.clock.passes(hours=1)
        newsroom.shows(entry(number, f"Ship {number} sails"))
        newsroom.polls()
        newsroom.ticks()
        assert newsroom.agrees()

    assert newsroom.memory().pushed_until is None
    assert len(newsroom.hubs.asked) == 2


def test_no_log_line_tells_a_secret_or_a_callback(newsroom):
    with structlog.testing.capture_logs() as logs:
        newsroom.subscribes()
        newsroom.takes()
        newsroom.polls()
        newsroom.pushes.ignore(newsroom.known().callback)
        newsroom.ticks()
        asyncio.run(newsroom.pushes.hears_no(newsroom.known().callback, FEED))
    known = newsroom.known()

    assert {line["event"] for line in logs} >= {"hub.asked", "hub.confirmed", "hub.pushed"}
    assert known.secret not in repr(logs)
    assert known.callback not in repr(logs)
