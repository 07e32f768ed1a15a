"""An article and a few stories in numbers, counted by hand."""

import math

import pytest

from monitors.grouping.likeness import NUMBERS, Newcomer, compare, hours_since
from monitors.grouping.sketch import Sketch
from monitors.grouping.story import Story
from monitors.grouping.vector import Vector
from monitors.stories.article import ArticleId, StoryId

FERRY, QUENBY, LENZ, TEN = 8, 16, 24, 32
HOUR = 3600


def sketch(*, at=0, outlet="", dated=True, lang="en"):
    return Sketch(
        at=at, dated=dated, outlet=outlet, lang=lang, form="report", title=b"", summary=b""
    )


NEWCOMER = Newcomer(
    sketch=sketch(at=10 * HOUR, outlet="wire"),
    vector=Vector(
        terms={FERRY: 0.6, QUENBY: 0.8},
        title={FERRY: 0.6, QUENBY: 0.8},
        names=frozenset({QUENBY}),
        numbers=frozenset({TEN}),
    ),
    tells={FERRY: 2.0, QUENBY: 5.0},
    new=0.25,
    topic=0.5,
    common=0.125,
)
LIKE_IT = Vector(terms={FERRY: 1.0}, title={FERRY: 1.0}, names=frozenset(), numbers=frozenset())
UNLIKE = Vector(terms={LENZ: 1.0}, title={LENZ: 1.0}, names=frozenset(), numbers=frozenset())


def story(number, sketches, centre):
    times = [each.at for each in sketches]
    return Story(
        id=StoryId(number),
        articles=[ArticleId(10 * number + place) for place in range(len(sketches))],
        sketches=sketches,
        reporters=[each.outlet for each in sketches],
        centre=centre,
        square=1.0,
        first=min(times),
        last=max(times),
    )


PAIR = story(
    1,
    [sketch(at=2 * HOUR, outlet="wire", lang="de"), sketch(at=7 * HOUR, outlet="herald")],
    {FERRY: 1.0},
)
LONE = story(2, [sketch(at=9 * HOUR, dated=False)], {})


def numbers(found):
    vectors = {ArticleId(10): LIKE_IT, ArticleId(11): UNLIKE, ArticleId(20): UNLIKE}
    compared = compare(NEWCOMER, found, lambda article, _: vectors[article])
    return [dict(zip(NUMBERS, each.numbers, strict=True)) for each in compared], compared


def test_a_pair_of_which_one_is_alike():
    (told, _), (compared, _) = numbers([(0.5, PAIR), (0.25, LONE)])

    expected = {
        "centre": 0.5,
        "ahead": 0.25,
        "above_mean": 0.25,
        "share": 2 / 3,
        "strongest": 0.5,
        "largest": math.log(2),
        "best": 0.6,
        "second": 0.0,
        "mean": 0.3,
        "founder": 0.6,
        "title": 0.6,
        "same_titles": 2 / 3,
        "language": 0.5,
        "evidence": 2.0,
        "consensus": 2.0 * 1.0 / (0.6 * 2),
        "cover": 0.36,
        "missing": 0.8,
        "rarest": 2.0,
        "shared": 1,
        "names": 0,
        "other_names": 1,
        "articles": math.log(2),
        "since_last": math.log1p(3),
        "since_first": math.log1p(8),
        "outlets": math.log1p(2),
        "same_outlet": 1.0,
        "words": 2,
        "new": 0.25,
        "topic": 0.5,
        "common": 0.125,
    }
    # Some of them may be given up for better ones.
    known = {name: value for name, value in expected.items() if name in NUMBERS}
    assert {name: told[name] for name in known} == pytest.approx(known)
    assert len(known) > len(expected) / 2
    assert compared.nearest == ArticleId(10)


def test_a_lone_report_without_date_or_outlet():
    (_, told), _ = numbers([(0.5, PAIR), (0.25, LONE)])

    known = {"since_last": math.log1p(8), "outlets": math.log1p(1), "same_outlet": 0.0, "best": 0}
    assert {name: told[name] for name in known} == pytest.approx(known)


def test_nothing_is_compared_with_nothing():
    assert numbers([]) == ([], ())


@pytest.mark.parametrize(("at", "before", "hours"), [(7200, 0, 2.0), (0, 7200, 0.0), (0, 0, 0.0)])
def test_hours_are_never_less_than_none(at, before, hours):
    assert hours_since(at, before) == hours
