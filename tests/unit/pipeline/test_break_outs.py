"""A story rings once more when it has grown as far as a rule asks."""

from contextlib import contextmanager
from datetime import time, timedelta

import pytest

from monitors.feeds.feed import Feed
from monitors.pipeline.accept import Carrier, Verdict, accept_entries
from monitors.rules.rulebook import BreakOut, Priority, Stories
from monitors.stories.identity import identify
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import FEED, START, book, document, entry, rule, screen

SHIP = "A ship sails to Oslo today"
AT_THREE, AT_ONCE = BreakOut(outlets=(3,)), BreakOut(fast=True)
THREE, HOURS = "3 outlets report it now", timedelta(hours=1)


@contextmanager
def opened(*rules, **chat):
    desk = EditorsDesk(book(*rules, chats=(screen(**chat),)))
    try:
        yield desk
    finally:
        desk.store.close()


@pytest.fixture
def desk():
    with opened(rule("ship", break_out=AT_THREE)) as made:
        yield made


def grows(desk, outlets, title=SHIP):
    return [desk.publishes(title) for _ in range(outlets)]


def test_the_outlet_that_makes_the_number_full_rings_once_below_the_message(desk):
    grows(desk, 5)

    assert desk.rang() == ["Outlet 1", f"Outlet 3\n{THREE}"]
    assert desk.shows()["1"] == [f"Outlet {number}" for number in range(1, 6)]


def test_where_no_rule_asks_nothing_rings_and_a_reload_rings_nothing_either():
    with opened(rule("ship")) as desk:
        grows(desk, 4)
        desk.book = book(rule("ship", break_out=AT_THREE))
        grows(desk, 3)

        assert desk.rang() == ["Outlet 1"]


def test_a_reload_that_takes_the_number_away_and_brings_it_back_rings_nothing(desk):
    asks = desk.book
    grows(desk, 3)
    desk.book = book(rule("ship"))
    desk.publishes(SHIP)
    desk.book = asks
    grows(desk, 2)

    assert desk.rang() == ["Outlet 1", f"Outlet 3\n{THREE}"]


def test_what_has_passed_is_remembered_while_the_rule_is_gone(desk):
    story = desk.story_of(grows(desk, 4)[0])
    desk.book = book(rule("train"))

    desk.splits(4)

    _, told = desk.store.write_now(lambda ledger: ledger.alerts.told("screen", story))
    assert len(told.content.others) == 2
    assert told.content.broke_out == ("3",)


def test_another_article_of_an_outlet_is_no_further_outlet(desk):
    for name in ("Herald", "Courier", "HERALD", "courier"):
        desk.publishes(SHIP, outlet=name)

    assert desk.rang() == ["Herald"]


def test_a_split_and_a_join_ring_no_number(desk):
    grows(desk, 4)
    desk.splits(4)
    before = desk.rang()

    desk.joins(2, 1)

    assert desk.rang() == before == ["Outlet 1", f"Outlet 3\n{THREE}", "Outlet 4"]


def test_what_joining_by_hand_has_passed_does_not_ring_later(desk):
    grows(desk, 2)
    desk.publishes("Whales follow a ship off Bergen harbour")
    desk.joins(2, 1)
    before = desk.rang()

    desk.publishes(SHIP)

    assert desk.rang() == before


def test_while_the_alert_is_held_back_nothing_else_rings():
    with opened(rule("ship", break_out=AT_THREE), quiet_hours=(time(8), time(12))) as desk:
        grows(desk, 4)
        desk.clock.passes(hours=4)
        desk.delivers()
        desk.publishes(SHIP)

        assert desk.rang() == ["Outlet 1\nOutlet 2\nOutlet 3\nOutlet 4"]


@pytest.mark.parametrize(
    ("priority", "manners"),
    [
        (Priority.NORMAL, {"quiet_hours": (time(10), time(12))}),
        (Priority.NORMAL, {"max_per_hour": 1}),
        (Priority.HIGH, {"quiet_hours": (time(10), time(12))}),
    ],
    ids=["quiet hours", "limit", "high"],
)
def test_it_waits_as_alerts_do_unless_its_rule_is_high(priority, manners):
    asks = rule("ship", break_out=AT_THREE, priority=priority)
    with opened(asks, **manners) as desk:
        grows(desk, 1)
        if "quiet_hours" in manners:
            desk.clock.passes(hours=1)
        grows(desk, 2)
        at_once = len(desk.rang())
        desk.clock.passes(hours=3)
        desk.delivers()

        assert at_once == (2 if priority is Priority.HIGH else 1)
        assert desk.rang()[1:] == [f"Outlet 3\n{THREE}"]


def test_of_what_is_held_back_only_the_newest_rings_and_says_the_largest_number():
    asks = rule("ship", break_out=BreakOut(outlets=(3, 5)))
    with opened(asks, quiet_hours=(time(10), time(12)), max_per_hour=1) as desk:
        grows(desk, 1)
        desk.clock.passes(hours=1)
        grows(desk, 6)
        desk.clock.passes(hours=2)
        desk.delivers()
        other = "Whales swim ahead of another ship off Malta"
        desk.publishes(other)
        desk.clock.passes(hours=1)
        desk.delivers()

        assert desk.rang() == [
            "Outlet 1",
            "Outlet 5\nOutlet 3\n5 outlets report it now",
            "Outlet 8",
        ]


def test_a_number_and_a_further_rule_that_are_held_back_ring_once_with_both_reports():
    rules = rule("ship", break_out=AT_THREE), rule("storm"), rule("fog")
    with opened(*rules, quiet_hours=(time(10), time(12))) as desk:
        grows(desk, 1)
        desk.clock.passes(hours=1)
        desk.publishes(SHIP, summary="A storm is near.")
        desk.publishes(SHIP)
        desk.publishes(SHIP, summary="Fog is near.")
        desk.clock.passes(hours=2)
        desk.delivers()

        lines = desk.rang()[1].splitlines()
        assert lines[:3] == ["Outlet 4", "Outlet 2", "Outlet 3"]
        assert lines[3:] == [f"{THREE} · Further rules hold: storm, fog"]


def test_stories_that_are_held_back_ring_once_together():
    whale = "Whales swim ahead of another ship off Malta"
    with opened(rule("ship", break_out=AT_THREE), quiet_hours=(time(10), time(12))) as desk:
        grows(desk, 1)
        grows(desk, 1, whale)
        desk.clock.passes(hours=1)
        grows(desk, 2)
        grows(desk, 2, whale)
        desk.clock.passes(hours=2)
        desk.delivers()

        assert desk.rang()[2:] == [f"Outlet 4: {THREE}\nOutlet 6: {THREE}"]


def test_what_is_held_back_rings_at_once_with_what_a_high_rule_brings():
    urgent = rule("storm", priority=Priority.HIGH)
    with opened(rule("ship", break_out=AT_THREE), urgent, quiet_hours=(time(10), time(12))) as desk:
        grows(desk, 1)
        desk.clock.passes(hours=1)
        grows(desk, 2)
        desk.publishes(SHIP, summary="A storm is near.")
        at_once = desk.rang()
        desk.clock.passes(hours=2)
        desk.delivers()

        note = f"{THREE} · A further rule holds: storm"
        assert at_once[1:] == [f"Outlet 4\nOutlet 3\n{note}"]
        assert desk.rang() == at_once


def test_a_further_rule_and_the_number_are_one_reply():
    with opened(rule("ship", break_out=AT_THREE), rule("storm")) as desk:
        grows(desk, 2)
        desk.publishes(SHIP, summary="A storm is near.")

        assert desk.rang()[1:] == [f"Outlet 3\n{THREE} · A further rule holds: storm"]


def test_a_loose_chat_counts_what_shares_the_message():
    with opened(rule("ship", break_out=AT_THREE), stories=Stories.LOOSE) as desk:
        grows(desk, 2)
        desk.publishes("Whales swim off Bergen harbour", summary="No vessel was there.")
        desk.relates(2, 1)
        desk.publishes("Whales swim off Bergen harbour", summary="A ship was there.")

        assert desk.rang() == ["Outlet 1", "Outlet 4\n4 outlets report it now"]


def polled(desk, *entries, rings=True):
    """Take in one poll of a feed that carries *entries* of many outlets."""
    read = document(*entries)

    def work(ledger):
        ids = ledger.feeds.sync([Feed(address=FEED, catch_up=None)], START)
        carrier = Carrier(
            id=ids[FEED],
            feed=Feed(address=FEED, catch_up=None),
            watched=frozenset({FEED}),
            has_pages=False,
        )
        verdicts = tuple(Verdict(found=one, rings=rings) for one in identify(read.entries))
        accept_entries(
            ledger, book=desk.book, carrier=carrier, document=read, verdicts=verdicts,
            now=desk.clock(),
        )  # fmt: skip

    desk.store.write_now(work)
    desk.delivers()


def reported(*hours):
    """Answer entries of as many outlets, published so many hours ago."""
    return [
        entry(number, SHIP, outlet=f"Paper {number}", published_at=START - gap * HOURS)
        for number, gap in enumerate(hours)
    ]


def test_what_may_not_ring_rings_no_number_and_neither_does_the_next_outlet(desk):
    desk.publishes(SHIP)

    polled(desk, *reported(30, 31, 32), rings=False)
    desk.publishes(SHIP)

    assert desk.rang() == ["Outlet 1"]
    assert len(desk.shows()["1"]) == 5


def test_a_story_that_many_outlets_report_at_once_is_fast():
    with opened(rule("ship", break_out=AT_ONCE)) as desk:
        desk.publishes(SHIP, published_at=START - 2 * HOURS)

        polled(desk, *reported(0.5, 0.4, 0.3, 0.3, 0.2, 0.1))
        desk.publishes(SHIP)

        assert desk.rang() == ["Outlet 1", "Paper 5\n6 outlets within an hour: unusually fast"]


def test_a_backlog_that_is_read_at_once_is_not_fast():
    with opened(rule("ship", break_out=AT_ONCE)) as desk:
        desk.publishes(SHIP, published_at=START - 24 * HOURS)

        polled(desk, *reported(23, 20, 17, 14, 11, 8, 5, 2))

        assert desk.rang() == ["Outlet 1"]
        assert len(desk.shows()["1"]) == 9


def test_what_is_fast_when_the_chat_is_first_told_does_not_ring_again():
    with opened(rule("ship", break_out=AT_ONCE)) as desk:
        polled(desk, *reported(0.5, 0.4, 0.3, 0.3, 0.2, 0.1))
        desk.publishes(SHIP)

        assert len(desk.rang()) == 1
