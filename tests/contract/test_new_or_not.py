"""New or not: what feeds do with their entries, and that exactly the news rings.

The feeds come from a real site and are read by real workers into a real store.
"""

import asyncio
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import ip_network
from xml.sax.saxutils import escape

import pytest

from monitors.adapters.http.fetch import WebFetcher
from monitors.adapters.sqlite.columns import read_notice
from monitors.adapters.sqlite.database import SqliteStore
from monitors.adapters.workers.reading import Workers
from monitors.feeds.feed import Feed
from monitors.gathering.poll import Poller, PollPorts
from monitors.pipeline.book import InForce
from monitors.pipeline.reload import sync_feeds
from monitors.polling.cadence import Terms
from monitors.times import to_ms
from tests.fakes.feed_site import FeedSite
from tests.fakes.stand_ins import START, Clock, book, rule

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LOOPBACK = [ip_network("127.0.0.0/8")]
PATH = "/feed.xml"
ANYTHING = timedelta(0)


def item(number, **changes):
    """Answer the elements of an item, told *number* hours before the start."""
    values = {
        "guid": f"http://wire.example/?p={number}",
        "link": f"https://wire.example/news/{number}",
        "title": f"Ship number {number} sails",
        "pubDate": START - number * HOUR,
        "description": f"It carries {number} tons.",
    }
    return values | changes


def rss(items):
    def element(name, value):
        text = format_datetime(value) if isinstance(value, datetime) else value
        return f"<{name}>{escape(text)}</{name}>"

    bodies = (
        "".join(element(*one) for one in each.items() if one[1] is not None) for each in items
    )
    told = "".join(f"<item>{body}</item>" for body in bodies)
    return f'<rss version="2.0"><channel><title>Wire</title>{told}</channel></rss>'


class Desk:
    """A poller of one feed, with everything real but the clock."""

    def __init__(self, site, run, ports):
        self.site, self.run, self.clock = site, run, Clock()
        self.store = SqliteStore(None)
        self._ports = replace(ports, store=self.store, clock=self.clock)
        self.reads(catch_up=ANYTHING)

    def reads(self, path=PATH, *, match="ship", **feed):
        """Have the feed at *path* polled, and no other."""
        self.path = path
        feeds = (Feed(address=self.site.at(path), **feed),)
        self.in_force = InForce(book(rule(match), feeds=feeds))

    def shows(self, items, **passed):
        """Poll after so much time has *passed*, with *items* there; answer how many rang."""
        before = len(self.alerts())
        self.clock.passes(**passed or {"hours": 1})
        self.site.put(self.path, rss(items))

        async def poll():
            poller = Poller(self._ports, self.in_force, lambda _: Terms())
            await sync_feeds(self.in_force.book, self.store, self.clock)
            at = self.clock()
            await self.store.write(lambda ledger: ledger.feeds.hurry(at))
            assert await poller.tick() == 1
            await poller.slots.idle()

        self.run(poll())
        assert self.health().memory.failures == 0
        return len(self.alerts()) - before

    def health(self):
        return self.store.write_now(lambda ledger: ledger.feeds.health())[0]

    def alerts(self):
        rows = self.store.write_now(lambda ledger: ledger.alerts.latest(10_000, failed=False))
        return [row.content for row in rows]

    def letters(self):
        """Answer how many letters wait, whatever they are."""
        return self.store.write_now(lambda ledger: ledger.outbox.counts()).get("pending", 0)

    def notices(self):
        """Answer the notices that are to be sent now."""

        def work(ledger):
            rows = ledger.outbox._db.execute(
                "SELECT notice FROM outbox WHERE kind = 'notice' AND due_at <= ?",
                [to_ms(self.clock())],
            )
            return [read_notice(text).words for (text,) in rows]

        return self.store.write_now(work)


@pytest.fixture(scope="module")
def site():
    with FeedSite() as opened:
        yield opened


@pytest.fixture(scope="module")
def sources():
    """Answer a function that runs coroutines, and the ports that stay open between them."""
    workers = Workers()
    with asyncio.Runner() as runner:
        web = WebFetcher(LOOPBACK, clock=lambda: START)
        ports = PollPorts(store=None, fetcher=web, reader=workers, clock=None, chance=lambda: 0.0)
        yield runner.run, ports
        runner.run(web.close())
    workers.close()


@pytest.fixture
def desk(site, sources):
    opened = Desk(site, *sources)
    yield opened
    opened.store.close()


# The first poll


@pytest.mark.parametrize("catch_up", [ANYTHING, DAY])
def test_of_a_thousand_entries_at_the_first_poll_none_rings_and_the_next_one_does(desk, catch_up):
    desk.reads(catch_up=catch_up)
    old = [item(number) for number in range(48, 1048)]

    assert desk.shows(old) == 0
    assert desk.shows([item(0), *old[:-1]]) == 1
    assert desk.health().articles == 1001


def test_what_is_recent_at_the_first_poll_rings_as_catch_up_says(desk):
    desk.reads(catch_up=DAY)

    assert desk.shows([item(number) for number in (1, 20, 30)], minutes=0) == 2


def test_at_the_first_poll_days_count_as_a_whole_and_impossible_dates_as_none(desk):
    desk.reads(catch_up=DAY)
    today = START.replace(hour=0, minute=0, second=0, microsecond=0)
    days = [item(number, pubDate=today - number * DAY) for number in range(5)]
    event = item(9, pubDate=today + 90 * DAY)

    assert desk.shows([event, *days], minutes=0) == 2


def test_a_feed_that_was_taken_out_and_is_back_has_a_first_poll(desk):
    desk.reads(catch_up=ANYTHING)
    desk.shows([item(1)])
    desk.reads("/other.xml", catch_up=ANYTHING)
    desk.shows([item(1)])
    desk.reads(catch_up=ANYTHING)

    assert desk.shows([item(-9), item(1)]) == 0
    assert desk.shows([item(-10), item(-9), item(1)]) == 1


def test_a_feed_under_another_address_has_a_first_poll(desk):
    desk.shows([item(1)])
    desk.reads("/moved.xml", catch_up=ANYTHING)

    assert desk.shows([item(0), item(1)]) == 0
    assert desk.shows([item(-1), item(0), item(1)]) == 1


# Feeds that call their entries by new names


def https(number, _one):
    return {"guid": f"https://www.wire.example/?p={number}"}


def other_guid(number, _one):
    return {"guid": f"urn:new:{number * number}"}


def other_host(number, one):
    return other_guid(number, one) | {"link": f"https://new.example/news/{number}?ref=rss"}


def other_link(number, one):
    return other_guid(number, one) | {"link": f"https://new.example/{number * 7}.html"}


def other_date(number, one):
    return other_link(number, one) | {"pubDate": START + DAY}


def bare(number, one):
    return other_link(number, one) | {"description": None}


MOVES = [https, other_guid, other_host, other_link, other_date, bare]


@pytest.mark.parametrize("move", MOVES)
def test_new_names_for_known_entries_ring_nobody_and_change_no_message(desk, move):
    desk.reads(catch_up=None)
    old = [item(number) for number in range(100, 130)]
    desk.shows(old)
    letters = desk.letters()
    new = [one | move(number, one) for number, one in zip(range(100, 130), old, strict=True)]

    assert desk.shows(new, days=5) == 0
    assert desk.shows([item(0), *new], hours=1) == 1
    assert (letters, desk.letters(), desk.health().articles) == (30, 31, 31)


def test_news_among_new_names_rings(desk):
    old = [item(number) for number in range(100, 130)]
    desk.shows(old)
    new = [one | other_link(n, one) for n, one in zip(range(100, 130), old, strict=True)]

    assert desk.shows([item(1), item(2), *new], days=5) == 2


def test_undated_entries_under_one_title_each_are_known_by_it(desk):
    plain = {"pubDate": None, "description": None}
    desk.shows([item(number, **plain) for number in range(10)])

    assert desk.shows([item(n, **plain) | other_link(n, {}) for n in range(10)], days=5) == 0


def test_new_names_at_every_poll_ring_nobody_and_are_not_all_remembered(desk):
    def called(poll):
        return [item(number, guid=f"{poll}-{number}") for number in range(10)]

    rang = [desk.shows(called(poll)) for poll in range(9)]

    assert rang == [0] * 9
    names = desk.store.write_now(lambda ledger: ledger.feeds.health())
    assert names[0].articles == 10


def test_a_text_that_changes_with_the_names_rings_only_where_a_rule_begins_to_hold(desk):
    desk.reads(match="ship AND storm", catch_up=None)
    old = [item(number) for number in range(100, 110)]
    desk.shows(old)
    new = [one | other_guid(n, one) for n, one in zip(range(100, 110), old, strict=True)]
    new[3] |= {"description": "It met a storm."}

    assert desk.shows(new, days=5) == 1
    assert desk.alerts()[0].edited


# Feeds that really have a lot of news


@pytest.mark.parametrize("share", [0.1, 0.6, 0.9, 1])
def test_news_rings_however_much_of_the_feed_it_is(desk, share):
    new = int(40 * share)
    known = [item(number) for number in range(40, 80)]
    desk.shows(known)

    fresh = [item(number - 40, pubDate=START + number * HOUR) for number in range(new)]

    assert desk.shows([*fresh, *known[: 40 - new]], days=2) == new


EVENTS = (
    "Fog keeps every ferry in, says the master of",
    "Two trawlers have collided off the pier of",
    "A crane fell into the dock last night in",
    "Divers search for an old anchor before",
)
PORTS = ("Bergen", "Calder", "Dunmore", "Eastham", "Lindau", "Ostmere")


def test_titles_that_come_back_every_day_are_news_every_day(desk):
    def told_on(day):
        return [
            item(
                1000 + 10 * day + number,
                title=f"Ship report from {port}",
                pubDate=START + day * DAY,
                description=f"{EVENTS[day]} {port}.",
            )
            for number, port in enumerate(PORTS)
        ]

    desk.shows(told_on(0))

    assert [desk.shows(told_on(day), hours=80) for day in (1, 2, 3)] == [6, 6, 6]


def test_after_a_long_silence_the_newest_ring_and_a_notice_tells_of_the_others(desk):
    desk.shows([item(number) for number in range(5)])
    news = [item(number, pubDate=START + (300 - number) * HOUR) for number in range(100, 155)]

    rang = desk.shows(news, days=13)

    (notice,) = desk.notices()
    assert (rang, desk.health().articles) == (20, 60)
    assert {one.headline.text for one in desk.alerts()} == {
        f"Ship number {number} sails" for number in range(100, 120)
    }
    assert notice.startswith("Wire: 35 more articles match, but so many came in at once")
    assert "\n- Ship number 120 sails\n" in notice
    assert "and 30 more" in notice
    assert desk.shows([item(1, title="Ship number 1 returns"), *news]) == 0


def test_more_news_at_once_than_anybody_reads_is_told_by_a_notice(desk):
    desk.shows([item(number) for number in range(5)])

    rang = desk.shows([item(n, pubDate=START + n * HOUR / 4) for n in range(1000, 1130)], days=2)

    (notice,) = desk.notices()
    assert rang == 100
    assert notice.startswith("Wire: 30 more articles match")


def test_a_lot_of_news_for_nobody_is_no_reason_for_a_notice(desk):
    desk.reads(match="train", catch_up=ANYTHING)
    desk.shows([item(number) for number in range(5)])

    assert desk.shows([item(n, pubDate=START + DAY) for n in range(1000, 1130)], days=9) == 0
    assert desk.notices() == []


# Orders, duplicates, shared identifiers


def shuffled(items):
    random.Random(5).shuffle(items)
    return items


ORDERS = [list, shuffled, lambda items: items[::-1], lambda items: [*items, *items]]


@pytest.mark.parametrize("order", ORDERS, ids=["same", "shuffled", "reversed", "twice"])
def test_the_order_of_the_entries_does_not_matter(desk, order):
    desk.shows([item(number) for number in range(40)])

    assert desk.shows(order([item(number) for number in range(-2, 40)])) == 2
    assert desk.shows(order([item(number) for number in range(-2, 40)])) == 0


def test_one_identifier_for_all_entries_lets_exactly_the_new_ones_ring(desk):
    desk.shows([item(number, guid="wire") for number in range(20)])

    assert desk.shows([item(number, guid="wire") for number in range(-2, 20)]) == 2


def test_one_identifier_from_poll_to_poll_is_remembered(desk):
    desk.shows([item(number, guid="wire") for number in (1, 2)])

    rang = [desk.shows([item(number, guid="wire")]) for number in (1, 3, 2, 4, 3)]

    assert rang == [0, 1, 0, 1, 0]
    assert desk.health().memory.shared_ids


def test_entries_stay_known_when_their_identifiers_turn_out_to_be_shared(desk):
    desk.shows([item(number) for number in range(4)])

    clash = [item(-1, guid="wire"), item(-2, guid="wire")]

    assert desk.shows([*clash, *(item(number) for number in range(4))]) == 2
    assert desk.shows([item(number) for number in range(4)]) == 0


def test_where_identifiers_are_shared_an_entry_may_still_change_its_link(desk):
    clash = [item(-1, guid="wire"), item(-2, guid="wire")]
    desk.shows([*clash, item(1)])

    moved = item(1, link="https://wire.example/news/better", description="It carries 2 tons.")

    assert desk.shows([*clash, moved], days=5) == 0


def test_an_identifier_that_is_used_again_for_another_article_lets_it_ring(desk):
    desk.shows([item(1, guid="latest")])

    rang = [desk.shows([item(number, guid="latest")]) for number in (-1, -1, -2, -1)]

    assert rang == [1, 0, 1, 0]


@pytest.mark.parametrize("size", [3, 10])
def test_where_identifiers_number_the_places_exactly_the_new_entry_rings(desk, size):
    def numbered(first):
        return [item(first + place, guid=f"{place}") for place in range(size)]

    desk.shows(numbered(0))

    assert [desk.shows(numbered(first)) for first in (-1, -1, -2, -4)] == [1, 0, 1, 2]


def test_an_article_that_keeps_its_date_through_an_edit_is_the_same(desk):
    link, text = "https://wire.example/news/better", "It carries 2 tons."
    desk.shows([item(1)])

    assert desk.shows([item(1, link=link, title="A ship sails at last", description=text)]) == 0


# Entries that come back, are edited, or have odd dates


def test_what_was_away_for_two_months_is_no_news(desk):
    desk.shows([item(number) for number in range(10)])
    desk.shows([item(number) for number in range(5)])

    assert desk.shows([item(number) for number in range(10)], days=60) == 0


@pytest.mark.parametrize("left", [0, 1])
def test_a_feed_that_was_empty_for_a_while_has_no_news_when_it_is_back(desk, left):
    items = [item(number) for number in range(10)]
    desk.shows(items)
    desk.shows(items[:left])

    assert desk.shows(items, days=2) == 0


def test_an_edit_rings_only_when_a_rule_begins_to_hold_and_says_so(desk):
    desk.reads(match="storm", catch_up=None)
    desk.shows([item(1)])

    reworded = desk.shows([item(1, description="It carries 5 tons.")])
    grown = desk.shows([item(1, description="It met a storm.")])
    again = desk.shows([item(1, description="It met a heavy storm.")])

    assert (reworded, grown, again) == (0, 1, 0)
    assert [one.edited for one in desk.alerts()] == [True]


def test_an_edit_after_the_alert_does_not_say_so(desk):
    desk.reads(catch_up=None)
    desk.shows([item(1)])
    desk.shows([item(1, description="It carries 5 tons.")])

    assert [one.edited for one in desk.alerts()] == [False]


@pytest.mark.parametrize(
    "date",
    [
        datetime(2037, 1, 1, tzinfo=UTC),
        datetime(1970, 1, 1, tzinfo=UTC),
        None,
        START.replace(hour=0, minute=0),
        START - 3 * DAY,
    ],
    ids=["2037", "1970", "none", "midnight", "three days late"],
)
@pytest.mark.parametrize("others", [0, 10])
def test_whatever_its_date_an_entry_rings_once_and_at_first_sight(desk, date, others):
    known = [item(number) for number in range(1, 1 + others)]
    desk.shows(known)

    rang = [desk.shows([item(99, pubDate=date), *known], hours=1) for _ in range(3)]

    assert rang == [1, 0, 0]


def test_a_feed_that_dates_all_alike_has_news_all_the_same(desk):
    date = START - 400 * DAY
    known = [item(number, pubDate=date) for number in range(10)]
    desk.shows(known)

    assert desk.shows([item(number, pubDate=date) for number in (11, 12)] + known) == 2
    assert desk.shows([item(number, pubDate=date) for number in range(20, 30)]) == 10


def test_an_archive_that_opens_is_no_news(desk):
    known = [item(number) for number in range(10)]
    desk.shows(known)
    archive = [item(number, pubDate=START - number * DAY) for number in range(20, 320)]

    assert desk.shows([*known, *archive[:3]], days=1) == 0
    assert desk.shows([item(-9), *known, *archive], days=1) == 1
    assert desk.health().articles == 311
