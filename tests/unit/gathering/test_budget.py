"""What a request is worth follows from rules.yaml and from what feeds post."""

import asyncio
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.feed import Feed
from monitors.gathering.budget import URGENT, Budget, urgent_feeds
from monitors.pipeline.book import InForce, open_book
from monitors.pipeline.records import HostLeft
from monitors.polling.cadence import USUAL_PRICE, Terms
from monitors.polling.habit import Habit
from monitors.polling.manners import Manners
from monitors.polling.memory import Memory
from monitors.rules.rulebook import Priority, Rulebook
from tests.fakes.stand_ins import START, UTC, rule, screen

A, B, C = (Feed(address=f"https://{name}.example/feed") for name in "abc")
FEW = Manners(requests_a_day=60)


def rulebook(*rules, feeds=(A, B), manners=FEW):
    return Rulebook(digest="digest", feeds=feeds, rules=rules, chats=(screen(),), manners=manners)


def urgent(*feeds):
    """Answer an urgent rule that watches *feeds*, or all."""
    watched = frozenset(feed.address for feed in feeds) or None
    name = f"urgent for {', '.join(feed.address for feed in feeds)}"
    return rule("boat", name=name, feeds=watched, priority=Priority.HIGH)


class Desk:
    """A budget on a store in memory."""

    def __init__(self, book):
        self.store = SqliteStore(None)
        self.in_force = InForce(open_book(book, UTC))
        self.budget = Budget(self.store, self.in_force)
        self.poll(book)

    def poll(self, book, posts=100.0):
        """Have the store know the feeds of *book*, each with so many posts in ten days."""

        def work(ledger):
            ledger.feeds.sync(book.feeds, START)
            later = START + timedelta(minutes=1)
            for due in ledger.feeds.claim(later, later, 9):
                habit = Habit(posts=posts, days=10, as_of=later)
                memory = Memory(next_poll_at=later, habit=habit)
                assert ledger.feeds.finish(due, memory, HostLeft(free_at=later), later)

        self.store.write_now(work)

    def renew(self):
        asyncio.run(self.budget.renew())
        return self.budget


@pytest.fixture
def open_desk():
    opened = []

    def open_it(book):
        opened.append(Desk(book))
        return opened[-1]

    yield open_it
    for desk in opened:
        desk.store.close()


def test_before_it_is_renewed_a_feed_has_the_usual_terms(open_desk):
    desk = open_desk(rulebook())

    assert desk.budget.terms(A) == Terms(manners=FEW, price=USUAL_PRICE, weight=1)


def test_the_price_is_that_at_which_the_budget_is_used_up(open_desk):
    budget = open_desk(rulebook()).renew()

    terms = budget.terms(A)
    a_day = ((100.2 / 11) / (2 * terms.price)) ** 0.5
    assert 2 * a_day == pytest.approx(60, rel=0.01)
    assert terms == budget.terms(B)


def test_feeds_that_post_more_make_requests_dearer(open_desk):
    desk = open_desk(rulebook())
    before = desk.renew().terms(A).price
    desk.store.write_now(lambda ledger: ledger.feeds.hurry(START))
    desk.poll(desk.in_force.book.rulebook, posts=400.0)

    assert desk.renew().terms(A).price > 2 * before


def test_a_feed_of_an_urgent_rule_counts_more(open_desk):
    budget = open_desk(rulebook(urgent(A), rule("ship"))).renew()

    assert (budget.terms(A).weight, budget.terms(B).weight) == (URGENT, 1)


def test_a_feed_that_nobody_knows_yet_has_sane_terms(open_desk):
    budget = open_desk(rulebook(urgent(A))).renew()

    assert budget.terms(C) == Terms(manners=FEW, price=budget.terms(A).price, weight=1)


def test_a_new_rulebook_counts_at_once_for_bounds_and_once_renewed_for_the_price(open_desk):
    desk = open_desk(rulebook())
    before = desk.renew().terms(A).price
    more = Manners(at_least=timedelta(minutes=1), requests_a_day=600)
    desk.in_force.book = open_book(rulebook(manners=more), UTC)

    assert desk.budget.terms(A) == Terms(manners=more, price=before, weight=1)
    assert desk.renew().terms(A).price < before / 50


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([], []),
        ([rule("ship", feeds=frozenset({A.address}))], []),
        ([urgent(A)], [A]),
        ([urgent(A), urgent(B)], [A, B]),
        ([urgent()], []),
        ([urgent(), urgent(A)], [A]),
        ([urgent(A, B, C), urgent(A)], [A]),
        ([urgent(A, B), urgent(C)], []),
    ],
)
def test_urgent_are_the_feeds_that_urgent_rules_single_out(rules, expected):
    book = rulebook(*rules, feeds=(A, B, C))

    assert urgent_feeds(book) == {feed.address for feed in expected}


def test_a_feed_with_a_fixed_time_makes_none_of_the_others_urgent():
    fixed = Feed(address="https://fixed.example/feed", every=timedelta(minutes=5))

    assert urgent_feeds(rulebook(urgent(A, fixed), feeds=(A, B, fixed))) == {A.address}
    assert urgent_feeds(rulebook(urgent(A, B), feeds=(A, B, fixed))) == frozenset()
    assert urgent_feeds(rulebook(urgent(fixed), feeds=(fixed,))) == frozenset()
