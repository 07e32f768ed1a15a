"""Entries become articles, stories and alerts, in one transaction."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.feed import Feed, FullText
from monitors.pipeline.accept import Carrier, accept_entries, accept_page
from monitors.pipeline.judge import judge
from monitors.rules.rulebook import Priority
from monitors.stories.article import ArticleId
from monitors.stories.identity import identify
from monitors.stories.page import Page
from tests.fakes.stand_ins import (
    FEED,
    START,
    Clock,
    book,
    document,
    entry,
    rule,
    screen,
    telegram,
)

OTHER = "https://other.example/feed"


class Desk:
    """A store in memory, and feeds that are polled one after another."""

    def __init__(self, opened_book):
        self.store = SqliteStore(None)
        self.book = opened_book
        self.clock = Clock()
        self.first_ok = {}

    def poll(self, *entries, feed=None, doc=None, spared=()):
        feed = feed or Feed(address=FEED, catch_up=None)
        doc = doc or document(*entries)

        def work(ledger):
            ids = ledger.feeds.sync([Feed(address=FEED), Feed(address=OTHER)], self.clock())
            carrier = Carrier(
                id=ids[feed.address],
                feed=feed,
                first_ok_at=self.first_ok.get(feed.address),
                watched=frozenset({feed.address}),
            )
            now = self.clock()
            judged = judge(ledger, carrier=carrier, found=identify(doc.entries), now=now)
            return accept_entries(
                ledger,
                book=self.book,
                carrier=carrier,
                document=doc,
                verdicts=[replace(one, spared=frozenset(spared)) for one in judged.verdicts],
                now=now,
            )

        acceptance = self.store.write_now(work)
        self.first_ok.setdefault(feed.address, self.clock())
        return [(one.chat, type(one.decision).__name__) for one in acceptance.decisions]

    def alerts(self):
        rows = self.store.write_now(lambda ledger: ledger.alerts.latest(100, failed=False))
        return [row.content for row in reversed(rows)]

    def newest(self):
        return self.store.write_now(lambda ledger: ledger.articles.newest(ArticleId(1)))[1]

    def wanted(self):
        at = self.clock()
        return self.store.write_now(lambda ledger: ledger.pages.claim(at, at, 100, 1_000))


@pytest.fixture
def desk():
    opened = Desk(book(rule("ship")))
    yield opened
    opened.store.close()


@pytest.fixture
def open_desk():
    opened = []

    def make(*rules, **more):
        opened.append(Desk(book(*rules, **more)))
        return opened[-1]

    yield make
    for one in opened:
        one.store.close()


def test_an_entry_that_matches_is_told_and_another_is_not(desk):
    decided = desk.poll(entry(1, "A ship sails today"), entry(2, "A train leaves today"))

    (alert,) = desk.alerts()
    assert decided == [("screen", "Alert")]
    assert (alert.headline.text, alert.headline.marks) == ("A ship sails today", ((2, 6),))
    assert (alert.outlet, alert.link) == ("Wire", "https://wire.example/1")


def test_the_same_document_again_changes_nothing(desk):
    desk.poll(entry(1, "A ship sails today"))

    assert desk.poll(entry(1, "A ship sails today")) == []


def test_outlets_with_the_same_headline_share_one_alert_that_grows(desk):
    desk.poll(entry(1, "A ship sails today"))
    decided = desk.poll(
        entry(7, "A Ship Sails Today - Other", url="https://other.example/7", outlet="Other"),
        feed=Feed(address=OTHER, catch_up=None),
    )

    (alert,) = desk.alerts()
    assert decided == [("screen", "Revision")]
    assert [(report.outlet, report.link) for report in alert.others] == [
        ("Other", "https://other.example/7")
    ]


def test_the_same_headline_after_four_days_is_another_story(desk):
    desk.poll(entry(1, "A ship sails today"))
    desk.clock.passes(hours=97)

    decided = desk.poll(entry(2, "A ship sails today"))

    assert decided == [("screen", "Alert")]


@pytest.mark.parametrize(("apart", "decision"), [(3, "Revision"), (120, "Alert")])
def test_old_reports_with_one_headline_are_one_story_if_their_dates_are_near(desk, apart, decision):
    first, second = (
        entry(n, "A ship sails today", published_at=START + timedelta(hours=hours), outlet=f"O{n}")
        for n, hours in ((1, -900), (2, apart - 900))
    )
    desk.poll(first)

    assert desk.poll(second) == [("screen", decision)]


def test_tracking_parameters_make_no_second_article(desk):
    desk.poll(entry(1, "A ship sails today"))

    decided = desk.poll(
        entry(9, "Ship off!", url="http://www.wire.example/1?utm_source=x&fbclid=y"),
        feed=Feed(address=OTHER, catch_up=None),
    )

    (alert,) = desk.alerts()
    assert (decided, alert.others) == ([("screen", "Suppressed")], ())


def test_an_edited_entry_revises_the_message_of_its_story(desk):
    desk.poll(entry(1, "A ship sails today"))

    decided = desk.poll(entry(1, "A ship sails tomorrow"))

    (alert,) = desk.alerts()
    assert (decided, alert.headline.text) == ([("screen", "Revision")], "A ship sails tomorrow")


def test_two_versions_in_one_document_are_told_once_as_the_newer_one_reads(desk):
    older = entry(1, "A ship sails today", updated_at=START)
    newer = entry(1, "A ship sails tomorrow", updated_at=START + timedelta(hours=1))

    decided = [desk.poll(newer, older), desk.poll(newer, older)]

    (alert,) = desk.alerts()
    assert (decided, alert.headline.text) == ([[("screen", "Alert")], []], "A ship sails tomorrow")


def test_an_edit_that_makes_a_rule_hold_is_told(desk):
    desk.poll(entry(1, "A train leaves today"))

    assert desk.poll(entry(1, "A ship leaves today")) == [("screen", "Alert")]


@pytest.mark.parametrize(
    ("catch_up", "told"),
    [(None, ["ship 1", "ship 2", "ship 3"]), (timedelta(hours=24), ["ship 1"]), (timedelta(0), [])],
)
def test_the_first_poll_tells_what_catch_up_says(desk, catch_up, told):
    feed = Feed(address=FEED, catch_up=catch_up)
    desk.poll(
        entry(1, "ship 1", published_at=START - timedelta(hours=23)),
        entry(2, "ship 2", published_at=START - timedelta(hours=25)),
        entry(3, "ship 3"),
        feed=feed,
    )

    assert [alert.headline.text for alert in desk.alerts()] == told


def test_after_the_first_poll_even_an_old_date_is_told(desk):
    feed = Feed(address=FEED, catch_up=timedelta(0))
    desk.poll(entry(1, "ship 1", published_at=START - timedelta(hours=1)), feed=feed)

    decided = desk.poll(
        entry(1, "ship 1", published_at=START - timedelta(hours=1)),
        entry(2, "ship 2", published_at=START - timedelta(days=900)),
        feed=feed,
    )

    assert decided == [("screen", "Alert")]


def test_editing_what_was_too_old_to_tell_rings_only_for_rules_that_begin_to_hold(open_desk):
    desk = open_desk(rule("ship"), rule("storm"))
    feed = Feed(address=FEED, catch_up=timedelta(0))
    desk.poll(entry(1, "ship leaves"), feed=feed)

    reworded = desk.poll(entry(1, "ship left"), feed=feed)
    grown = desk.poll(entry(1, "ship left in a storm"), feed=feed)

    assert (reworded, grown) == ([], [("screen", "Alert")])


def test_a_rule_looks_only_at_its_feeds(open_desk):
    desk = open_desk(rule("ship", feeds=frozenset({OTHER})))
    first = desk.poll(entry(1, "A ship sails today"))

    second = desk.poll(
        entry(1, "A ship sails today", url="https://wire.example/1"),
        feed=Feed(address=OTHER, catch_up=None),
    )

    assert (first, second) == ([], [("screen", "Alert")])


def test_each_chat_is_told_what_its_rules_hold(open_desk):
    desk = open_desk(
        rule("ship", "desk"),
        rule("storm", "desk", "boss"),
        chats=(telegram("desk"), telegram("boss", "7")),
    )

    decided = desk.poll(entry(1, "ship in a storm"), entry(2, "ship in calm water"))

    told = sorted((len(alert.rules), alert.headline.text) for alert in desk.alerts())
    assert decided == [("desk", "Alert"), ("boss", "Alert"), ("desk", "Alert")]
    assert told == [
        (1, "ship in a storm"),
        (1, "ship in calm water"),
        (2, "ship in a storm"),
    ]


def test_a_chat_that_is_spared_is_told_once_the_story_grows(open_desk):
    desk = open_desk(rule("ship", "desk", "boss"), chats=(telegram("desk"), telegram("boss", "7")))

    first = desk.poll(entry(1, "A ship sails today"), spared=["boss"])
    grown = desk.poll(
        entry(7, "A ship sails today", url="https://other.example/7"),
        feed=Feed(address=OTHER, catch_up=None),
    )

    assert first == [("desk", "Alert")]
    assert grown == [("desk", "Revision"), ("boss", "Alert")]


def test_a_high_rule_releases_what_quiet_hours_hold(open_desk):
    quiet = (time(8), time(12))
    desk = open_desk(
        rule("ship"), rule("storm", priority=Priority.HIGH), chats=(screen(quiet_hours=quiet),)
    )
    held = desk.poll(entry(1, "A ship leaves"))

    released = desk.poll(entry(1, "A ship leaves in a storm"))

    at = desk.clock()
    letters = desk.store.write_now(lambda ledger: ledger.outbox.claim(at, 5))
    assert (held, released) == ([("screen", "Held")], [("screen", "Alert")])
    assert [letter.content.rules for letter in letters] == [("ship", "storm")]


def test_a_partial_hold_asks_for_the_page_and_the_page_completes_it(open_desk):
    desk = open_desk(rule('AUKUS AND "Pillar 2"'))
    desk.poll(entry(1, "AUKUS ministers meet"), entry(2, "Harvest begins early"))
    (wanted,) = desk.wanted()

    page = Page(text="They spoke of “Pillar 2”, at length.")
    decided = desk.store.write_now(
        lambda ledger: accept_page(ledger, desk.book, wanted.article, page, desk.clock())
    )

    (alert,) = desk.alerts()
    assert wanted.link == "https://wire.example/1"
    assert [type(one.decision).__name__ for one in decided] == ["Alert"]
    assert [snippet.text[slice(*snippet.marks[0])] for snippet in alert.snippets] == ["Pillar 2"]


def test_what_the_page_said_still_counts_after_an_edit_in_the_feed(open_desk):
    desk = open_desk(rule('AUKUS AND "Pillar 2"'))
    desk.poll(entry(1, "AUKUS ministers meet"))
    (wanted,) = desk.wanted()
    page = Page(text="They spoke of Pillar 2.")
    desk.store.write_now(
        lambda ledger: accept_page(ledger, desk.book, wanted.article, page, desk.clock())
    )

    desk.poll(entry(1, "AUKUS ministers meet again"))

    (alert,) = desk.alerts()
    assert (alert.headline.text, alert.rules) == (
        "AUKUS ministers meet again",
        ('AUKUS AND "Pillar 2"',),
    )


@pytest.mark.parametrize(
    ("full_text", "title", "pages"),
    [
        (FullText.AUTO, "AUKUS ministers meet", 1),
        (FullText.AUTO, "Harvest begins early", 0),
        (FullText.NEVER, "AUKUS ministers meet", 0),
        (FullText.ALWAYS, "Harvest begins early", 1),
    ],
)
def test_pages_are_read_as_full_text_says(open_desk, full_text, title, pages):
    desk = open_desk(rule('AUKUS AND "Pillar 2"'))

    desk.poll(entry(1, title), feed=Feed(address=FEED, catch_up=None, full_text=full_text))

    assert len(desk.wanted()) == pages


def test_pages_of_old_entries_are_not_read(open_desk):
    desk = open_desk(rule('AUKUS AND "Pillar 2"'))

    desk.poll(entry(1, "AUKUS ministers meet"), feed=Feed(address=FEED, catch_up=timedelta(0)))

    assert desk.wanted() == ()


def test_a_feed_whose_entries_all_link_to_its_front_page_keeps_them_apart(desk):
    decided = desk.poll(
        *(entry(n, f"ship number {n} sails", url="https://wire.example/") for n in range(3))
    )

    assert decided == [("screen", "Alert")] * 3


def test_one_identifier_for_all_entries_keeps_them_apart(desk):
    decided = desk.poll(*(entry(n, f"ship number {n} sails", id="same") for n in range(3)))

    assert decided == [("screen", "Alert")] * 3


def test_an_article_keeps_the_tags_of_every_feed_that_carries_it(open_desk):
    desk = open_desk()
    asia = Feed(address=FEED, catch_up=None, tags=frozenset({"asia"}))
    wire = Feed(address=OTHER, catch_up=None, tags=frozenset({"wire"}))

    desk.poll(entry(1, "A ship sails", tags=("sea",)), feed=asia)
    desk.poll(entry(1, "A ship sails"), feed=wire)
    once = desk.newest()
    desk.poll(entry(1, "A ship sinks", tags=("loss",)), feed=wire)
    twice = desk.newest()

    assert (once.tags, twice.tags) == (("wire", "asia", "sea"), ("wire", "loss", "asia", "sea"))


def test_a_page_leaves_the_tags_alone(open_desk):
    desk = open_desk()
    desk.poll(entry(1, "A ship sails", tags=("sea",)))

    desk.store.write_now(
        lambda ledger: accept_page(
            ledger, desk.book, ArticleId(1), Page(text="Long."), desk.clock()
        )
    )

    assert desk.newest().tags == ("sea",)
