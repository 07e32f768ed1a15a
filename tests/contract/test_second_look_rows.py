"""The store and those who look twice: what rules held for, what chats show, what waits."""

from contextlib import closing
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.grouping.placement import Related
from monitors.grouping.reason import Ground, Reason
from monitors.pipeline.records import Held
from monitors.stories.article import StoryId
from tests.contract.test_regrouping_rows import CONTENT, add, tell
from tests.fakes.stand_ins import START, book, rule

MONTH, WEEK, HOUR = timedelta(days=30), timedelta(days=7), timedelta(hours=1)
WAITS = "its page is read first"
SHIP = book(rule("ship")).matcher


@pytest.fixture
def store():
    with closing(SqliteStore(None)) as opened:
        yield opened


def holds(store, count=1, *, ago=HOUR):
    """Have the rule `ship` hold for *count* new stories; answer the last article and story."""

    def work(ledger):
        for _ in range(count):
            article, story = add(ledger)
            matches = SHIP.match(ledger.articles.newest(article)[1])
            ledger.stories.record(article, matches, rulebook="x", replace=True, now=START - ago)
        return article, story

    return store.write_now(work)


def held(store, **more):
    return store.write_now(
        lambda ledger: ledger.stories.held("ship", since=START - MONTH, lately=START - WEEK, **more)
    )


def test_a_rule_is_remembered_for_a_month_and_its_stories_for_the_window(store):
    assert held(store) == Held(stories=0, latest=(), since=None)
    holds(store, ago=MONTH + HOUR)
    holds(store, 2, ago=WEEK + HOUR)
    _, older = holds(store, ago=2 * HOUR)
    article, newest = holds(store)

    assert held(store) == Held(stories=4, latest=(newest, older), since=START - WEEK - HOUR)
    assert held(store, besides=article).latest == (older,)


def test_of_a_rule_that_holds_all_day_the_last_matches_are_looked_at(store):
    holds(store, 30, ago=2 * HOUR)
    _, newest = holds(store, 300)

    found = held(store)

    assert (found.stories, found.since) == (300, START - HOUR)
    assert found.latest == tuple(range(newest, newest - 20, -1))


def test_what_a_chat_shows_is_known_and_what_is_gone_is_not_shown(store):
    stories = [holds(store)[1] for _ in range(3)]
    tell(store, "desk", stories[0], sent_to="telegram:1:")
    tell(store, "desk", stories[1], sent_to="gone")
    tell(store, "other", stories[0], sent_to="telegram:2:")

    showing = store.write_now(
        lambda ledger: ledger.alerts.showing(["desk", "third"], [StoryId(one) for one in stories])
    )

    assert showing == {stories[0]: frozenset({"desk"})}


def test_only_what_waits_for_that_reason_is_sent_now(store):
    _, story = holds(store)
    _, other = holds(store)

    def work(ledger):
        for chat, of, why in (
            ("a", story, WAITS),
            ("b", story, "quiet hours"),
            ("a", other, WAITS),
        ):
            ledger.alerts.tell(
                chat, of, CONTENT, high=False, due_at=START + HOUR, why=why, now=START
            )
        ledger.alerts.hasten(story, WAITS, START)
        return [letter.chat for letter in ledger.outbox.claim(START, 10)]

    assert store.write_now(work) == ["a"]
    rows = store.write_now(lambda ledger: ledger.alerts.latest(10, failed=False))
    assert [row.why for row in rows] == [WAITS, "quiet hours", None]


def test_a_story_is_related_to_another_one_or_to_none(store):
    _, first = holds(store)
    _, story = holds(store)
    reason = Reason(ground=Ground.CLOSER_LOOK)

    def work(ledger):
        ledger.stories.relate(story, Related(first, reason))
        known = ledger.stories.related(story)
        ledger.stories.relate(story, None)
        return known, ledger.stories.related(story)

    assert store.write_now(work) == ((first, reason), None)
