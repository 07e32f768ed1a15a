from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.app.commands.experience import advice
from monitors.grouping.placement import Joins, NewStory, Signs
from monitors.grouping.reason import FIRST
from monitors.rules import document
from monitors.stories.article import Article
from tests.fakes.stand_ins import START

NO_SIGNS = Signs(url=None, identifier=None, title_key=None)


@pytest.fixture
def store():
    opened = SqliteStore(None)
    yield opened
    opened.close()


def add(store, titles, *, days=0.0, story=None):
    """Store articles with these *titles*, all seen that many *days* ago."""
    seen = START - timedelta(days=days)

    def work(ledger):
        number = story
        for title in titles:
            article = Article(
                identity=title, url=None, link=None, outlet="Wire", title=title,
                published_at=seen, seen_at=seen,
            )  # fmt: skip
            _, placed = ledger.articles.add(
                article, NO_SIGNS, Joins(number, FIRST) if number else NewStory()
            )
            number = placed if story else None
        return placed

    return store.write_now(work)


def said(store, *conditions, before="", after=""):
    text = f"{before}rules:\n" + "".join(
        f"  - {{name: n{number}, match: '{condition}'{after}}}\n"
        for number, condition in enumerate(conditions)
    )
    reading = document.read(text)
    assert reading.rulebook, reading.problems

    def work(ledger):
        stored = ledger.search, ledger.articles
        found = advice(reading.rulebook, reading.tree, stored, START, lambda items, _: items)
        return [f"{one.line}: {one.message}. {one.hint}" for one in found]

    return store.write_now(work)


def test_a_rule_that_rings_all_day_is_said_with_its_number(store):
    add(store, ["A Ship sails"] * 60, days=5)
    add(store, ["the ship sinks"] * 90, days=1)

    (line,) = said(store, "ship", "sinks", "boat")

    assert line.startswith("2: it would have rung 150 times in the last 7 days. Narrow it")
    assert line.endswith('"ship" alone stands in 150 articles.')


def test_a_story_rings_once(store):
    first = add(store, ["A ship sails"], days=1)
    add(store, ["A ship sails"] * 200, story=first)

    assert said(store, "ship") == []


def test_a_young_store_counts_the_days_that_it_has(store):
    add(store, ["ship"] * 25, days=0.5)

    assert "it would have rung 25 times" in said(store, "ship")[0]


def test_only_the_newest_are_read_where_there_are_many(store):
    add(store, ["boat"] * 10, days=6)
    add(store, ["boat"] * 500, days=2)
    add(store, ["ship"] * 1_500, days=1)

    assert [line.split(".")[0] for line in said(store, "ship")] == [
        "2: it would have rung about 5250 times in the last 7 days"
    ]


def test_a_rule_counts_what_its_feeds_carry(store):
    add(store, ["ship"] * 30)
    feeds = "feeds: [{url: 'https://a.example/', name: a}]\n"

    assert said(store, "ship", before=feeds, after=", feeds: [a]") == []


@pytest.fixture
def full(store):
    """A store of enough articles to tell what nobody writes."""
    add(store, ["Chancellor opens museum"] * 10 + [f"x{number}" for number in range(990)], days=9)
    add(store, ["zeppelin", "parliament", "parliament", "parliament"], days=40)
    return store


def test_a_term_that_nobody_wrote_is_said(full):
    none = "stands in none of the 1,000 articles of the last 30 days"

    assert said(
        full, "chancelor AND museum", "zeppelin", '"museum opening"', "opens -zeppelin"
    ) == [
        f"2: chancelor {none}. Did you mean chancellor?",
        f"3: zeppelin {none}. See whether articles spell it so.",
        f'4: "museum opening" {none}. See whether articles spell it so.',
    ]


def test_what_stands_beside_others_is_said_where_it_looks_misspelled(full):
    found = said(
        full,
        "chancelor OR museum",
        "museum OR quagga",
        "@bird",
        before="entities: {bird: [emu, museum]}\n",
    )

    assert [line[:12] for line in found] == ["3: chancelor"]


def test_what_the_condition_has_already_is_not_what_was_meant(full):
    none = "stands in none of the 1,000 articles of the last 30 days"

    assert said(full, "museum (opens OR opened)", "chancelor OR chancellor") == []
    assert said(full, "chancelor chancellor") == [
        f"2: chancelor {none}. See whether articles spell it so."
    ]


def test_other_forms_of_a_word_are_no_misspellings(full):
    assert said(full, "chancellors OR museum") == []
    assert said(full, "museums opens")[0].endswith("Did you mean ~museums?")


def test_facts_and_beginnings_are_no_misspellings(full):
    assert said(full, "museum source:chancelor", "museum lang:xx", "title:museum") == []
    assert said(full, "chancelor* AND museum")[0].endswith("See whether articles spell it so.")


def test_few_articles_say_nothing_of_what_nobody_writes(store):
    add(store, ["museum"] * 999, days=9)

    assert said(store, "zeppelin") == []


def test_an_empty_store_says_nothing(store):
    assert said(store, "ship") == []
