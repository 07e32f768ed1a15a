"""Pages are read politely and within a budget, and what cannot be read is kept."""

import asyncio
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.adapters.sqlite.gathering.pages import MOST_OF_A_HOST
from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.decision import PAGE_FIRST
from monitors.feeds.feed import FailureReason, Feed, Fetched, FetchFailed, FullText
from monitors.gathering.poll import Poller, PollPorts
from monitors.gathering.read_pages import MOST_ATTEMPTS, PageReader
from monitors.pipeline.book import InForce
from monitors.pipeline.reload import sync_feeds
from monitors.polling.cadence import Terms
from monitors.polling.manners import Manners
from monitors.rules.rulebook import Partial, Priority
from monitors.stories.article import StoryId
from monitors.stories.page import NoText, Page
from monitors.stories.walls import Obstacle
from tests.fakes.stand_ins import (
    FEED,
    Bodies,
    Clock,
    Web,
    book,
    document,
    entry,
    refusal,
    rule,
    unreachable,
)

ELSEWHERE = "https://feeds.example/wire"
LINK = "https://wire.example/1"
ROBOTS = "https://wire.example/robots.txt"
STORM = Page(text="It met a storm on its way to the islands.")
CALM = Page(text="The sea was calm on its way to the islands.")


class Newsroom:
    """A poller and a reader of pages on a store in memory; a feed that is polled on demand."""

    def __init__(self, *rules, feed=None, pages_a_day=5_000):
        self.clock, self.web, self.bodies = Clock(), Web(), Bodies()
        self.store = SqliteStore(None)
        self.feed = feed or Feed(address=ELSEWHERE, every=timedelta(days=9), catch_up=None)
        self.in_force = InForce(
            book(
                *(rules or (rule("ship AND storm"),)),
                feeds=(self.feed,),
                manners=Manners(pages_a_day=pages_a_day),
            )
        )
        ports = PollPorts(
            store=self.store,
            fetcher=self.web,
            reader=self.bodies,
            clock=self.clock,
            chance=lambda: 0.0,
        )
        self.poller = Poller(ports, self.in_force, lambda _: Terms())
        self.pages = PageReader(ports, self.in_force)

    def shows(self, *entries):
        """Have the feed polled with *entries* as soon as its host is free; read no page yet."""
        self.clock.passes(seconds=2)
        body = repr(entries).encode()
        self.bodies.documents[body] = document(*entries)
        self.web.feeds[self.feed.address] = Fetched(body=body, address=self.feed.address)

        async def poll():
            await sync_feeds(self.in_force.book, self.store, self.clock)
            await self.store.write(lambda ledger: ledger.feeds.hurry(self.clock()))
            await self.poller.tick()
            await self.poller.slots.idle()

        asyncio.run(poll())

    def has_page(self, link, answer, *, address=None):
        body = f"{link} {answer}".encode()
        self.bodies.pages[body] = answer
        self.web.pages[link] = Fetched(body=body, address=address or link)

    def has_robots(self, text, address=ROBOTS):
        self.web.robots[address] = Fetched(body=text.encode(), address=address)

    def reads(self):
        """Read the pages that may be read now, one a host; answer the links that were asked."""
        seen = len(self.web.asked_pages)

        async def read():
            await self.pages.tick()
            await self.pages.slots.idle()

        asyncio.run(read())
        return self.web.asked_pages[seen:]

    def passes(self, **time):
        self.clock.passes(**time)
        return self.reads()

    def alerts(self):
        rows = self.store.write_now(lambda ledger: ledger.alerts.latest(99, failed=False))
        return [row.content.headline.text for row in rows]

    def contents(self):
        rows = self.store.write_now(lambda ledger: ledger.alerts.latest(99, failed=False))
        return [row.content for row in rows]

    def holds(self):
        rows = self.store.write_now(lambda ledger: ledger.holds.latest(99))
        return [(row.title, row.hold.rule, row.hold.missing, row.hold.why) for row in rows]

    def counts(self):
        def work(ledger):
            (feed,) = ledger.feeds.health()
            return ledger.articles.of_feed(feed.id, self.clock() - timedelta(days=30), 0)

        found = self.store.write_now(work)
        return found.pages_read, found.pages - found.pages_read

    def waiting(self, **time):
        until, most = self.clock() + timedelta(**time), self.in_force.book.rulebook.manners
        return self.store.write_now(lambda ledger: ledger.pages.waiting(until, most.pages_a_day))


@pytest.fixture
def open_newsroom():
    opened = []

    def make(*rules, **more):
        opened.append(Newsroom(*rules, **more))
        return opened[-1]

    yield make
    for one in opened:
        one.store.close()


@pytest.fixture
def newsroom(open_newsroom):
    return open_newsroom()


# What waits for a page


@pytest.mark.parametrize("answer", [refusal(404), refusal(503), unreachable()])
def test_an_alert_waits_no_longer_for_a_page_that_is_tried_again_later(newsroom, answer):
    newsroom.web.pages[LINK] = answer
    newsroom.shows(entry(1, "ship sails"))
    told = AlertContent(
        headline=Snippet(text="ship sails"),
        link=LINK,
        outlet="Wire",
        published_at=newsroom.clock(),
        rules=("ship",),
    )
    due = newsroom.clock() + timedelta(seconds=20)

    def tell(ledger):
        now = newsroom.clock()
        ledger.alerts.tell(
            "screen", StoryId(1), told, high=False, due_at=due, why=PAGE_FIRST, now=now
        )

    newsroom.store.write_now(tell)
    newsroom.reads()

    (letter,) = newsroom.store.write_now(lambda ledger: ledger.outbox.claim(newsroom.clock(), 9))
    assert (letter.content, newsroom.clock() < due) == (told, True)
    assert newsroom.waiting(hours=1) == 1


# robots.txt


def test_robots_is_asked_once_a_day_and_before_the_page(newsroom):
    for number in (1, 2):
        newsroom.has_page(f"https://wire.example/{number}", STORM)
    newsroom.shows(entry(1, "ship sails"), entry(2, "ship returns"))
    read = [newsroom.reads(), newsroom.passes(seconds=2)]

    newsroom.has_page("https://wire.example/3", STORM)
    newsroom.clock.passes(hours=23)
    newsroom.shows(entry(3, "ship is lost"))
    newsroom.reads()
    asked = len(newsroom.web.asked_robots)
    newsroom.has_page("https://wire.example/4", STORM)
    newsroom.clock.passes(hours=2)
    newsroom.shows(entry(4, "ship is found"))
    newsroom.reads()

    assert [len(each) for each in read] == [1, 1]
    assert (asked, newsroom.web.asked_robots) == (1, [ROBOTS, ROBOTS])


def test_a_page_that_robots_refuses_is_never_asked_for_and_its_hold_is_kept(newsroom):
    newsroom.has_robots("User-agent: *\nDisallow: /\n")
    newsroom.has_page(LINK, STORM)
    newsroom.shows(entry(1, "ship sails"))

    assert newsroom.reads() == []
    assert newsroom.passes(hours=9) == []
    assert newsroom.alerts() == []
    assert newsroom.holds() == [
        (
            "ship sails",
            "ship AND storm",
            ("storm",),
            "the site's robots.txt asks programs to leave it alone",
        )
    ]


def test_full_text_always_obeys_robots_too(open_newsroom):
    feed = Feed(address=ELSEWHERE, catch_up=None, full_text=FullText.ALWAYS)
    newsroom = open_newsroom(feed=feed)
    newsroom.has_robots("User-agent: Newsbell\nDisallow: /\n")
    newsroom.shows(entry(1, "a train leaves"))

    assert newsroom.reads() == []
    assert newsroom.counts() == (0, 1)


@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_without_a_robots_file_everything_may_be_read(newsroom, status):
    newsroom.web.robots[ROBOTS] = refusal(status)
    newsroom.has_page(LINK, STORM)
    newsroom.shows(entry(1, "ship sails"))

    assert newsroom.reads() == [LINK]
    assert newsroom.alerts() == ["ship sails"]


@pytest.mark.parametrize("answer", [refusal(500), refusal(503), unreachable()])
def test_while_robots_cannot_be_read_every_page_of_the_host_waits(newsroom, answer):
    newsroom.web.robots[ROBOTS] = answer
    for number in (1, 2):
        newsroom.has_page(f"https://wire.example/{number}", STORM)
    newsroom.shows(entry(1, "ship sails"), entry(2, "ship returns"))

    early = newsroom.reads() + newsroom.passes(seconds=5) + newsroom.passes(seconds=5)
    asked = len(newsroom.web.asked_robots)
    newsroom.has_robots("User-agent: *\nDisallow: /private/\n")
    late = newsroom.passes(seconds=30) + newsroom.passes(seconds=30)

    assert (early, asked) == ([], 1)
    assert sorted(late) == ["https://wire.example/1", "https://wire.example/2"]


def test_a_site_that_answers_too_many_requests_is_left_alone_for_an_hour(newsroom):
    newsroom.web.robots[ROBOTS] = refusal(429)
    newsroom.has_page(LINK, STORM)
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()
    newsroom.has_robots("")

    assert (newsroom.passes(minutes=59), newsroom.passes(minutes=1)) == ([], [LINK])


def test_an_old_robots_is_believed_while_no_new_one_can_be_had(newsroom):
    newsroom.has_robots("User-agent: *\nDisallow: /2\n")
    newsroom.has_page(LINK, STORM)
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()
    newsroom.web.robots[ROBOTS] = unreachable()
    newsroom.clock.passes(hours=25)
    newsroom.shows(entry(2, "ship returns"), entry(3, "ship is lost"))

    asked = newsroom.reads() + newsroom.passes(seconds=2) + newsroom.passes(seconds=2)

    assert asked == ["https://wire.example/3"]


def test_a_crawl_delay_is_kept_between_pages_and_not_by_feeds(open_newsroom):
    newsroom = open_newsroom(feed=Feed(address=FEED, catch_up=None))
    newsroom.has_robots("User-agent: *\nCrawl-delay: 30\n")
    for number in (1, 2):
        newsroom.has_page(f"https://wire.example/{number}", CALM)
    newsroom.shows(entry(1, "ship sails"), entry(2, "ship returns"))
    first = newsroom.passes(seconds=2)
    polls = len(newsroom.web.asked)
    newsroom.shows(entry(1, "ship sails"))

    assert (len(first), newsroom.passes(seconds=27)) == (1, [])
    assert len(newsroom.web.asked) == polls + 1
    assert len(newsroom.passes(seconds=1)) == 1


def test_where_a_link_leads_to_is_asked_about_as_well(newsroom):
    far = "https://far.example/story"
    newsroom.has_robots("User-agent: *\nDisallow: /\n", "https://far.example/robots.txt")
    newsroom.has_page(LINK, STORM, address=far)
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()

    assert newsroom.web.asked_robots == [ROBOTS, "https://far.example/robots.txt"]
    assert newsroom.alerts() == []
    assert "robots.txt" in newsroom.holds()[0][3]


def test_a_page_that_is_a_file_asks_nobody(open_newsroom):
    newsroom = open_newsroom(feed=Feed(address="wire.xml", catch_up=None, near=True))
    newsroom.has_page(LINK, STORM)
    newsroom.web.files[LINK] = newsroom.web.pages.pop(LINK)
    newsroom.shows(entry(1, "ship sails"))

    assert newsroom.reads() == []
    assert (newsroom.web.asked_robots, newsroom.alerts()) == ([], ["ship sails"])


# One host, one page at a time


def test_a_host_is_left_alone_for_two_seconds_between_pages(newsroom):
    newsroom.shows(*(entry(number, f"ship {number}") for number in range(3)))

    asked = [newsroom.reads(), newsroom.passes(seconds=1), newsroom.passes(seconds=1)]

    assert [len(each) for each in asked] == [1, 0, 0]  # unreachable: the host's pages wait longer


def test_a_page_of_a_host_that_answers_is_followed_by_the_next_after_two_seconds(newsroom):
    for number in range(3):
        newsroom.has_page(f"https://wire.example/{number}", CALM)
    newsroom.shows(*(entry(number, f"ship {number}") for number in range(3)))

    asked = [newsroom.reads(), newsroom.passes(seconds=1), newsroom.passes(seconds=1)]

    assert [len(each) for each in asked] == [1, 0, 1]
    assert (newsroom.waiting(seconds=0), newsroom.waiting(seconds=2)) == (0, 1)


def test_the_users_own_host_is_asked_as_often_as_needed(open_newsroom):
    feed = Feed(address=FEED, every=timedelta(milliseconds=1), catch_up=None, near=True)
    newsroom = open_newsroom(feed=feed)
    for number in range(MOST_OF_A_HOST + 2):
        newsroom.has_page(f"https://wire.example/{number}", CALM)
    newsroom.shows(*(entry(number, f"ship {number}") for number in range(MOST_OF_A_HOST + 2)))
    asked = list(newsroom.reads())
    while got := newsroom.passes(seconds=0.001):
        asked += got

    assert len(asked) == MOST_OF_A_HOST + 2


def test_a_host_that_asks_for_time_gets_it_from_pages_and_feeds(open_newsroom):
    newsroom = open_newsroom(feed=Feed(address=FEED, catch_up=None))
    newsroom.web.pages[LINK] = refusal(429, retry_after=timedelta(minutes=10))
    newsroom.has_page("https://wire.example/2", STORM)
    newsroom.shows(entry(2, "ship returns"))
    newsroom.shows(entry(1, "ship sails"))
    newsroom.passes(seconds=2)

    health = newsroom.store.write_now(lambda ledger: ledger.feeds.health())

    assert newsroom.passes(minutes=9) == []
    assert health[0].host_free_at == newsroom.clock() + timedelta(minutes=1)
    assert newsroom.passes(minutes=1)


# What is read once is not asked for again


def test_a_page_that_was_read_today_is_not_asked_for_again(newsroom):
    newsroom.has_page(LINK, STORM)
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()
    newsroom.clock.passes(hours=20)
    # Entries with one link are articles of their own, as far as anybody knows.
    newsroom.shows(*(entry(n, f"ship {n}", url=f"{LINK}?utm_source={n}") for n in (7, 8, 9)))
    again = newsroom.reads() + newsroom.reads() + newsroom.reads()

    assert again == []
    assert sorted(newsroom.alerts()) == ["ship 7", "ship 8", "ship 9", "ship sails"]


def test_the_next_day_it_is(newsroom):
    newsroom.has_page(LINK, STORM)
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()
    newsroom.clock.passes(hours=25)
    newsroom.shows(*(entry(n, f"ship {n}", url=LINK) for n in (7, 8, 9)))

    assert newsroom.reads() + newsroom.reads() == [LINK]


# The budget


def test_no_more_pages_are_asked_for_than_the_budget_of_a_day(open_newsroom):
    newsroom = open_newsroom(pages_a_day=3)
    entries = [entry(n, f"ship {n}", url=f"https://h{n}.example/a") for n in range(5)]
    newsroom.shows(*entries)

    first = newsroom.reads() + newsroom.reads()
    newsroom.clock.passes(hours=1)
    later = newsroom.reads()

    assert (len(first), later, newsroom.waiting(hours=1)) == (3, [], 0)


def test_what_waits_longer_than_a_day_is_given_up_and_kept(open_newsroom):
    newsroom = open_newsroom(pages_a_day=1)
    for number in (1, 2):
        newsroom.has_page(f"https://h{number}.example/a", CALM)
    newsroom.shows(entry(1, "ship 1", url="https://h1.example/a"))
    newsroom.reads()
    newsroom.shows(entry(2, "ship 2", url="https://h2.example/a"))
    newsroom.reads()

    asked = newsroom.passes(hours=24)

    assert asked == []
    assert newsroom.holds() == [
        ("ship 2", "ship AND storm", ("storm",), "too many pages were wanted that day")
    ]


def test_of_a_host_two_hundred_pages_are_asked_for_in_a_day(newsroom):
    for number in range(MOST_OF_A_HOST + 2):
        newsroom.has_page(f"https://wire.example/{number}", CALM)
    newsroom.shows(*(entry(number, f"ship {number}") for number in range(MOST_OF_A_HOST)))
    asked = list(newsroom.reads())
    while got := newsroom.passes(seconds=2):
        asked += got
    newsroom.shows(*(entry(MOST_OF_A_HOST + n, f"ship again {n}") for n in range(2)))

    assert len(set(asked)) == MOST_OF_A_HOST
    assert (newsroom.reads(), newsroom.waiting(hours=1)) == ([], 0)
    assert newsroom.passes(hours=23, minutes=52) == []
    assert len(newsroom.passes(minutes=2)) == 1


def test_of_those_that_wait_for_a_host_the_oldest_are_given_up_when_a_day_cannot_hold_them(
    newsroom,
):
    newsroom.shows(*(entry(number, f"ship {number}") for number in range(3)))
    newsroom.clock.passes(seconds=1)
    newsroom.shows(*(entry(number, f"ship {number}") for number in range(3, MOST_OF_A_HOST + 3)))
    newsroom.reads()

    assert [(hold[0], hold[3]) for hold in newsroom.holds()] == [
        (f"ship {number}", "too many pages were wanted that day") for number in (2, 1, 0)
    ]


def test_pages_for_rules_of_high_priority_come_first_and_then_the_newest(open_newsroom):
    newsroom = open_newsroom(
        rule("ship AND storm"), rule("train AND storm", priority=Priority.HIGH)
    )
    newsroom.shows(entry(1, "train leaves"))
    newsroom.clock.passes(seconds=1)
    newsroom.shows(entry(2, "ship sails"))
    newsroom.clock.passes(seconds=1)
    newsroom.shows(entry(3, "ship returns"))
    for number in (1, 2, 3):
        newsroom.has_page(f"https://wire.example/{number}", CALM)

    asked = newsroom.reads() + newsroom.passes(seconds=2) + newsroom.passes(seconds=2)

    assert [link[-1] for link in asked] == ["1", "3", "2"]


# What cannot be read


@pytest.mark.parametrize("status", [401, 402, 403, 410, 451])
def test_a_refusal_is_final(newsroom, status):
    newsroom.web.pages[LINK] = refusal(status)
    newsroom.shows(entry(1, "ship sails"))

    assert (newsroom.reads(), newsroom.passes(hours=9)) == ([LINK], [])
    assert newsroom.holds()[0][3] == f"the server answered {status}"


def test_a_page_that_is_missing_is_tried_three_times(newsroom):
    newsroom.web.pages[LINK] = refusal(404)
    newsroom.shows(entry(1, "ship sails"))

    asked = newsroom.reads() + [link for _ in range(9) for link in newsroom.passes(hours=1)]

    assert len(asked) == 3
    assert newsroom.holds()[0][3] == "the server answered 404"


def test_a_page_of_a_host_that_is_down_is_tried_six_times(newsroom):
    newsroom.shows(entry(1, "ship sails"))

    asked = newsroom.reads() + [link for _ in range(9) for link in newsroom.passes(hours=2)]

    assert (len(asked), newsroom.holds()[0][3]) == (MOST_ATTEMPTS, "no such host")
    assert newsroom.counts() == (0, 1)


@pytest.mark.parametrize(
    "failed",
    [
        FetchFailed(reason=FailureReason.TOO_LARGE, message="it is larger than 2 MB"),
        FetchFailed(reason=FailureReason.FORBIDDEN_ADDRESS, message="its address is not public"),
    ],
)
def test_what_another_try_cannot_change_is_given_up_at_once(newsroom, failed):
    newsroom.web.pages[LINK] = failed
    newsroom.shows(entry(1, "ship sails"))

    assert (newsroom.reads(), newsroom.passes(hours=9)) == ([LINK], [])
    assert newsroom.holds()[0][3] == failed.message


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("https://wire.example/", "it leads to the front page of its site instead"),
        (
            "https://consent.wire.example/collect",
            "it asks for consent instead of showing the article",
        ),
        ("https://wire.example/login?next=1", "it asks for a login instead of showing the article"),
    ],
)
def test_a_link_that_leads_to_a_wall_is_not_read(newsroom, address, why):
    newsroom.has_page(LINK, STORM, address=address)
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()

    assert (newsroom.alerts(), newsroom.holds()[0][3]) == ([], why)


def paywalled(teaser):
    return NoText(message="it is behind a paywall", kind=Obstacle.PAYWALL, teaser=teaser)


def test_what_stands_before_a_paywall_may_make_a_rule_hold(newsroom):
    newsroom.has_page(LINK, paywalled(STORM))
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()

    assert (newsroom.alerts(), newsroom.holds()) == (["ship sails"], [])


def test_what_stands_before_a_paywall_leaves_the_rest_open(newsroom):
    newsroom.has_page(LINK, paywalled(CALM))
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()

    assert newsroom.holds() == [
        ("ship sails", "ship AND storm", ("storm",), "it is behind a paywall")
    ]


def test_a_teaser_shorter_than_what_the_feed_gave_is_not_taken(newsroom):
    newsroom.has_page(LINK, paywalled(Page(text="A storm.")))
    newsroom.shows(entry(1, "ship sails", summary="The ship left the harbour on Monday."))
    newsroom.reads()

    assert newsroom.alerts() == []


# Partial holds


def test_what_holds_in_part_is_forgotten_when_its_rule_holds(newsroom):
    newsroom.has_page(LINK, paywalled(None))
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()
    before = newsroom.holds()
    newsroom.shows(entry(1, "ship sails into a storm"))

    assert (len(before), newsroom.holds()) == (1, [])


def test_an_edit_renews_what_holds_in_part_even_if_the_page_is_not_asked_for_again(open_newsroom):
    newsroom = open_newsroom(rule("ship AND storm AND pilot"))
    newsroom.has_page(LINK, paywalled(None))
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()
    newsroom.shows(entry(1, "ship sails into a storm"))
    asked = newsroom.reads()

    assert asked == []
    assert [(hold[0], hold[2]) for hold in newsroom.holds()] == [
        ("ship sails into a storm", ("pilot",))
    ]


def test_an_edit_after_an_hour_asks_for_the_page_again(newsroom):
    newsroom.has_page(LINK, paywalled(None))
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()
    newsroom.has_page(LINK, STORM)
    newsroom.clock.passes(hours=2)
    newsroom.shows(entry(1, "ship sails today"))
    newsroom.reads()

    assert (newsroom.alerts(), newsroom.holds()) == (["ship sails today"], [])


def test_what_another_outlet_tells_in_full_is_not_listed(newsroom):
    newsroom.has_page(LINK, paywalled(None))
    newsroom.shows(entry(1, "ship sails today at noon"))
    newsroom.reads()
    newsroom.shows(
        entry(
            2,
            "Ship sails today at noon",
            url="https://other.example/2",
            summary="It met a storm.",
            outlet="Other",
        )
    )

    assert newsroom.alerts() == ["Ship sails today at noon"]
    assert newsroom.holds() == []


def test_a_rule_that_chose_it_is_told_in_part_and_then_in_full(open_newsroom):
    newsroom = open_newsroom(rule("ship AND storm", partial=Partial.ALERT))
    newsroom.has_page(LINK, paywalled(None))
    newsroom.shows(entry(1, "ship sails today at noon"))
    before = newsroom.alerts()
    newsroom.reads()
    (told,) = newsroom.contents()
    newsroom.shows(
        entry(
            2,
            "Ship sails today at noon",
            url="https://other.example/2",
            summary="It met a storm.",
            outlet="Other",
        )
    )
    (grown,) = newsroom.contents()

    assert before == []
    assert [(one.rule, one.missing, one.why) for one in told.in_part] == [
        ("ship AND storm", ("storm",), "it is behind a paywall")
    ]
    assert (told.rules, told.headline.marks) == (("ship AND storm",), ((0, 4),))
    assert (grown.in_part, grown.outlet, grown.rules) == ((), "Other", told.rules)


def test_a_rule_that_did_not_choose_it_is_kept_and_not_told(open_newsroom):
    newsroom = open_newsroom(
        rule("ship AND storm", partial=Partial.ALERT), rule("ship AND pilot", "screen")
    )
    newsroom.has_page(LINK, paywalled(None))
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()

    (told,) = newsroom.contents()
    assert told.rules == ("ship AND storm",)
    assert [hold[1] for hold in newsroom.holds()] == ["ship AND pilot", "ship AND storm"]


def test_where_pages_are_never_read_it_is_told_at_once_and_nothing_else_is_kept(open_newsroom):
    feed = Feed(address=FEED, catch_up=None, full_text=FullText.NEVER)
    newsroom = open_newsroom(
        rule("ship AND storm", partial=Partial.ALERT), rule("ship AND pilot"), feed=feed
    )
    newsroom.shows(entry(1, "ship sails"))

    assert newsroom.alerts() == ["ship sails"]
    assert [(hold[1], hold[3]) for hold in newsroom.holds()] == [
        ("ship AND storm", "its feed has full_text: never")
    ]
    assert newsroom.reads() == []


def test_an_article_without_a_link_has_no_page_to_wait_for(open_newsroom):
    newsroom = open_newsroom(rule("ship AND storm", partial=Partial.ALERT))
    newsroom.shows(entry(1, "ship sails", url=None))

    assert newsroom.alerts() == ["ship sails"]
    assert newsroom.holds()[0][3] == "its feed gives no link"


def test_a_page_that_was_read_to_its_end_leaves_nothing_open(newsroom):
    newsroom.has_page(LINK, CALM)
    newsroom.shows(entry(1, "ship sails"))
    newsroom.reads()

    assert (newsroom.alerts(), newsroom.holds(), newsroom.counts()) == ([], [], (1, 0))


def test_a_partial_alert_rings_once_for_a_chat_and_story(open_newsroom):
    newsroom = open_newsroom(rule("ship AND storm", partial=Partial.ALERT))
    for number in (1, 2):
        newsroom.has_page(f"https://wire.example/{number}", paywalled(None))
    newsroom.shows(entry(1, "ship sails today at noon"))
    newsroom.reads()
    newsroom.clock.passes(seconds=2)
    newsroom.shows(entry(2, "Ship sails today at noon", outlet="Other"))
    newsroom.reads()

    (told,) = newsroom.contents()
    assert [one.outlet for one in told.others] == ["Other"]
    assert len(told.in_part) == 1
