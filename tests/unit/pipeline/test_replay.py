"""Recorded articles, taken in one after the other."""

from dataclasses import replace
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.pipeline.replay import Recorded, Replay
from tests.fakes.stand_ins import START, book, rule

WEEK = timedelta(days=7)


@pytest.fixture
def store():
    opened = SqliteStore(None)
    yield opened
    opened.close()


def recorded(name, title, at=None, **more):
    nothing = {"summary": "", "text": "", "lang": None, "source": None, "url": None}
    return Recorded(id=name, title=title, published_at=at, **nothing | more)


def stories(store, *records):
    replayed = Replay(book(rule("ship")))
    return [store.write_now(lambda ledger, one=one: replayed.take(ledger, one)) for one in records]


SUNK = "A ship sinks off the cape"


def test_an_article_without_a_time_is_seen_with_the_one_before_it(store):
    first, second, third, fourth = stories(
        store,
        recorded("a", SUNK, START),
        recorded("b", SUNK, source="Wire"),
        recorded("c", "A train is late again", START + WEEK),
        recorded("d", SUNK, source="Post"),
    )

    assert first.story == second.story
    assert len({first.story, third.story, fourth.story}) == 3


def test_no_article_needs_a_time(store):
    first, second = stories(store, recorded("a", SUNK), recorded("b", SUNK, source="Wire"))

    assert first.story == second.story
    assert [first.alerts, second.alerts] == [(("screen", "new"),), (("screen", "revise"),)]


def test_articles_may_come_in_any_order_of_times(store):
    late, early, between = stories(
        store,
        recorded("a", SUNK, START + WEEK),
        recorded("b", "A train is late again", START),
        recorded("c", SUNK, START + WEEK - timedelta(hours=1), source="Wire"),
    )

    assert late.story == between.story != early.story


def test_a_date_that_is_years_ahead_changes_nothing_for_the_others(store):
    first, ahead, second = stories(
        store,
        recorded("a", SUNK, START),
        recorded("b", "A train is late again", START + 200 * WEEK),
        recorded("c", SUNK, START + timedelta(hours=1), source="Wire"),
    )

    assert first.story == second.story != ahead.story


def test_a_line_that_comes_twice_is_of_one_story(store):
    first, other, again = stories(
        store,
        recorded("a", SUNK, START),
        recorded("b", "A train is late again", START),
        recorded("a", SUNK, START),
    )

    assert (again.story, again.article) == (first.story, first.article)
    assert again.alerts == ()
    assert other.story != first.story


def test_an_article_of_another_outlet_with_the_same_link_is_the_same_one(store):
    link = "https://wire.example/ship"
    first, second = stories(
        store, recorded("a", SUNK, START, url=link), recorded("b", "Ship", START, url=f"{link}#top")
    )

    assert (second.story, second.article) == (first.story, first.article)


def test_an_article_that_says_nothing_has_no_story_and_stops_nothing(store):
    nothing, told = stories(store, recorded("a", ""), recorded("c", SUNK, START))

    assert nothing.story is None
    assert (nothing.rules, nothing.alerts) == ((), ())
    assert told.story is not None


def test_a_paused_rule_rings_nobody(store):
    replayed = Replay(book(replace(rule("ship"), paused=True)))
    told = store.write_now(lambda ledger: replayed.take(ledger, recorded("a", SUNK)))

    assert (told.rules, told.alerts) == ((), ())
