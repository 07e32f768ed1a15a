from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.grouping.placement import Joins, NewStory, Signs
from monitors.grouping.reason import FIRST
from monitors.pipeline.backtest import Backtest
from monitors.stories.article import Article, StoryId
from monitors.terms.entity import Entity
from tests.fakes.stand_ins import START, condition

WEEK = timedelta(days=7)
ENTITIES = (Entity(name="vessel", names=("ship", "boat")),)
PACTS = (
    ("AUKUS talks in Seoul", 1),
    ("Pillar 2 of AUKUS", 2),
    ("2 words on a pillar of AUKUS", 3),
    ("AUKUS and taxes: Pillar 2", 3),
    ("A boat race", 4),
)


@pytest.fixture
def store():
    opened = SqliteStore(None)
    yield opened
    opened.close()


def asked(store, text, ask, titles=PACTS):
    """Store articles of these *titles*, each a minute after the other; answer what was asked."""

    def work(ledger):
        stories = {}
        for minute, (title, group) in enumerate(titles):
            seen = START + timedelta(minutes=minute)
            article = Article(
                identity=title, url=None, link=None, outlet="Wire", title=title,
                published_at=seen, seen_at=seen,
            )  # fmt: skip
            nothing = Signs(url=None, identifier=None, title_key=None)
            story = stories.get(group)
            _, stories[group] = ledger.articles.add(
                article, nothing, Joins(story, FIRST) if story else NewStory()
            )
        return ask(
            Backtest(
                ledger.search, condition(text), ENTITIES, since=START - WEEK, until=START + WEEK
            )
        )

    return store.write_now(work)


def unwatched(items, _total):
    return items


def found(store, text, most=10, titles=PACTS):
    hits, shown = asked(store, text, lambda test: test.findings(most, unwatched), titles)
    return [hit.article for hit in hits], [(one.id, one.story) for one in shown]


@pytest.mark.parametrize(
    ("text", "articles", "stories"),
    [
        ("AUKUS", [4, 3, 2, 1], [(4, 3), (2, 2), (1, 1)]),
        ('AUKUS AND "Pillar 2"', [4, 2], [(4, 3), (2, 2)]),
        ('AUKUS AND "Pillar 2" NOT taxes', [2], [(2, 2)]),
        ("@vessel", [5], [(5, 4)]),
        ("plane", [], []),
    ],
)
def test_what_holds_is_found_and_told_by_story(store, text, articles, stories):
    assert found(store, text) == (articles, stories)


@pytest.mark.parametrize("text", ["AUKUS", "AUKUS NOT nothing"])
def test_all_is_counted_where_only_some_is_shown(store, text):
    assert found(store, text, most=1) == ([4, 3, 2, 1], [(4, 3)])


def test_evidence_is_marked(store):
    (one, _) = asked(store, 'AUKUS AND "Pillar 2"', lambda test: list(test.flagged(unwatched)))

    title = one.article.title
    assert [title[each.start : each.end] for each in one.evidence] == ["AUKUS", "Pillar 2"]


def test_whoever_waits_is_told_how_much_there_is_to_do(store):
    told = []

    def watch(items, total):
        told.append(total)
        return items

    asked(store, 'AUKUS AND "Pillar 2"', lambda test: list(test.flagged(watch)))

    assert told == [3]


def near(store, text, titles=PACTS, most=5):
    misses = asked(store, text, lambda test: test.nearest(most), titles)
    return [
        (one.id, *one.why.missing, *(f"-{part}" for part in one.why.left_out_by)) for one in misses
    ]


def test_the_nearest_misses_lack_one_part(store):
    assert near(store, 'AUKUS AND "Pillar 2" NOT taxes') == [
        (4, "-taxes"), (3, '"Pillar 2"'), (1, '"Pillar 2"'),
    ]  # fmt: skip
    assert near(store, "AUKUS AND boat", most=1) == [(10, "AUKUS")]
    assert near(store, "boat") == []
    assert near(store, "AUKUS boat Seoul", most=1) == [(16, "boat")]


def why(store, text, titles=PACTS):
    failing = asked(store, text, lambda test: test.failing(), titles)
    return failing.articles, dict(failing.missing), dict(failing.left_out_by)


@pytest.mark.parametrize(
    ("text", "reasons"),
    [
        ("AUKUS AND plane", (5, {"plane": 5, "AUKUS": 1}, {})),
        ("boat NOT race", (5, {"boat": 4}, {"race": 1})),
        ("plane OR train", (5, {"plane OR train": 5}, {})),
        ("boat AND source:herald", (5, {"source:herald": 5, "boat": 4}, {})),
        ("@nobody", (5, {"@nobody": 5}, {})),
    ],
)
def test_what_failed_is_counted_over_all_articles(store, text, reasons):
    assert why(store, text) == reasons


def test_only_the_newest_are_asked_why_where_many_have_a_word(store):
    titles = [("AUKUS", number) for number in range(1_010)] + [("boat", 0)] * 5

    assert why(store, "AUKUS plane", titles) == (1_000, {"plane": 1_000}, {})
    assert why(store, "plane OR boat NOT boat", titles)[0] == 2 * len(titles)


def test_a_store_without_articles_has_nothing_to_tell(store):
    assert found(store, "AUKUS", titles=()) == ([], [])
    assert why(store, "AUKUS", titles=()) == (0, {}, {})
    assert near(store, "AUKUS boat", titles=()) == []


def test_stories_are_the_ones_of_the_store(store):
    (hit,) = asked(store, "boat", lambda test: test.findings(1, unwatched)[0])

    assert hit.story == StoryId(4)
