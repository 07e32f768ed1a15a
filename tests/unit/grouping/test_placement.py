"""Which story a report belongs to, and what looks alike without being one story."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from monitors.grouping.likeness import Likeness
from monitors.grouping.placement import (
    Candidate,
    Joins,
    Newcomer,
    NewStory,
    Related,
    SameArticle,
    Signs,
    group,
    likeliest,
    signs_of,
)
from monitors.grouping.reason import Ground, Reason
from monitors.grouping.window import WINDOW, Window
from monitors.stories.article import Article, ArticleId, StoryId

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TAG = "tag:herald.example,2026:1"
SIGNS = Signs(
    url="https://herald.example/talks",
    identifier=TAG,
    title_key="allies talk of pacts",
)
ARTICLE = Article(
    identity="1",
    url="https://herald.example/talks",
    link="https://herald.example/talks",
    outlet="Harbour Herald",
    title="Allies talk of pacts",
    published_at=NOW,
    seen_at=NOW,
)


def stored(number=1, *, age=HOUR, **signs):
    """Answer a candidate that shares only the *signs* given."""
    nothing = {"url": None, "identifier": None, "title_key": None}
    return Candidate(
        article=ArticleId(number),
        story=StoryId(number * 10),
        signs=Signs(**nothing | signs),
        seen_at=NOW - age,
    )


SAME_HEADLINE = {"url": "https://courier.example/x", "title_key": SIGNS.title_key}


def test_a_report_that_shares_nothing_opens_a_story():
    assert placed([]) == NewStory()


def placed(candidates, signs=SIGNS):
    window = Window()
    newcomer = Newcomer(article=ARTICLE, signs=signs, draft=window.read(ARTICLE))
    other = replace(ARTICLE, title="A ferry runs late", outlet="Courier")
    for stored in candidates:
        at = stored.seen_at
        sketch = window.read(replace(other, published_at=at, seen_at=at)).sketch
        window.put(stored.article, stored.story, sketch)
    window.expire(NOW - WINDOW)
    return group(newcomer, twins=candidates, newest=lambda _: other, window=window, now=NOW)


def same_article(number, ground=Ground.LINK):
    reason = Reason(ground=ground, nearest=ArticleId(number))
    return SameArticle(ArticleId(number), StoryId(number * 10), reason)


def joins(number, ground):
    return Joins(StoryId(number * 10), Reason(ground=ground, nearest=ArticleId(number)))


@pytest.mark.parametrize(
    ("candidate", "expected"),
    [
        (stored(url=SIGNS.url), same_article(1)),
        (stored(age=365 * 24 * HOUR, url=SIGNS.url), same_article(1)),
        (stored(url=SIGNS.url, title_key="other words now"), same_article(1)),
        (stored(identifier=TAG), joins(1, Ground.IDENTIFIER)),
        (stored(age=WINDOW, identifier=TAG), joins(1, Ground.IDENTIFIER)),
        (stored(age=WINDOW + HOUR, identifier=TAG), NewStory()),
        (stored(**SAME_HEADLINE), joins(1, Ground.HEADLINE)),
        (stored(age=WINDOW, **SAME_HEADLINE), joins(1, Ground.HEADLINE)),
        (stored(age=WINDOW + HOUR, **SAME_HEADLINE), NewStory()),
        (stored(), NewStory()),
    ],
)
def test_a_report_belongs_to_what_it_shares_a_sign_with(candidate, expected):
    assert placed([candidate]) == expected


def test_reports_without_signs_share_none():
    nothing = Signs(url=None, identifier=None, title_key=None)
    assert placed([stored()], nothing) == NewStory()


@pytest.mark.parametrize(
    ("candidates", "expected"),
    [
        ([stored(1, url=SIGNS.url), stored(2, identifier=TAG)], same_article(1)),
        ([stored(1, identifier=TAG), stored(2, **SAME_HEADLINE)], joins(1, Ground.IDENTIFIER)),
        ([stored(1, **SAME_HEADLINE), stored(2, **SAME_HEADLINE)], joins(2, Ground.HEADLINE)),
    ],
)
def test_the_surest_sign_decides_then_the_newest_report(candidates, expected):
    assert placed(candidates) == expected


def title_key(title, **changes):
    return signs_of(replace(ARTICLE, title=title, **changes), None).title_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Allies talk of pacts", "ALLIES TALK OF PACTS!"),
        ("Allies talk of pacts", "Allies talk of pacts - Harbour Herald"),
        ("Allies' “pact” talks stall", 'Allies\u2019 "pact" talks stall'),
        ("Pécresse à Paris ce soir", "Pecresse a Paris ce soir"),
    ],
)
def test_headlines_are_compared_by_their_words(one, other):
    assert title_key(one) is not None
    assert title_key(one) == title_key(other)


def test_numbers_in_headlines_count():
    assert title_key("Quake of magnitude 6.3 off coast") != title_key(
        "Quake of magnitude 6.4 off coast"
    )


@pytest.mark.parametrize(
    "title",
    [
        "",
        "Live",
        "Morning briefing",
        "Market report - Harbour Herald",
        "November 3, 2026",
        "3.11. 2026 12",
        "오늘의 날씨",
        "早间新闻",
        "Morning briefing: what you need to know",
        "The week in review from Harbour",
        "The Pacific desk's weekly news quiz",
        "Previsiones Deportes AFP de las 12H00 GMT",
    ],
)
def test_a_headline_that_other_news_may_share_is_no_sign(title):
    assert title_key(title) is None


@pytest.mark.parametrize(
    "title",
    [
        "Allies talk again",
        "Pentagon briefing on AUKUS is delayed",
        "What to know about the AUKUS pact",
        "한미 정상, 워싱턴에서 회담",
        "韩美首脑在华盛顿举行会谈",
    ],
)
def test_a_headline_that_tells_something_is_a_sign(title):
    assert title_key(title) is not None


def test_an_article_is_known_by_its_link_its_worldwide_identifier_and_its_headline():
    assert signs_of(ARTICLE, TAG) == SIGNS
    assert signs_of(ARTICLE, "12").identifier is None


@pytest.mark.parametrize("seconds", [0, 3, 41, 7_199])
def test_the_reason_says_to_the_second_how_far_apart_reports_are(seconds):
    alike = Likeness(
        story=StoryId(1), score=99, nearest=ArticleId(1), words=("pact",), hours=seconds / 3600
    )

    placement = likeliest([alike], Ground.LIKENESS)

    assert isinstance(placement, Joins)
    assert round(placement.reason.hours * 3600) == seconds


@pytest.mark.parametrize(
    ("score", "same_outlet", "expected"),
    [
        (3.5, True, (Joins, None)),
        (2.0, False, (Joins, None)),
        (2.0, True, (Related, "another article of the outlet")),
        (0.5, True, (Related, None)),
        (-1.0, False, None),
    ],
)
def test_what_one_outlet_tells_again_has_to_be_certain(score, same_outlet, expected):
    one = Likeness(
        story=StoryId(7),
        score=score,
        nearest=ArticleId(3),
        words=("pacts", "talks"),
        hours=1.0,
        same_outlet=same_outlet,
    )

    placement = likeliest([one], Ground.LIKENESS)

    if expected is None:
        assert placement == NewStory()
    else:
        assert (type(placement), placement.reason.against) == expected
