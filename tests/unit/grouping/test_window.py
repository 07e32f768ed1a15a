"""What the window answers depends on what is in it, and on nothing else."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from monitors.grouping.guards import Guard
from monitors.grouping.story import Bundle
from monitors.grouping.vector import weights_of
from monitors.grouping.window import WINDOW, Window
from monitors.stories.article import Article, ArticleId, StoryId

NOW = datetime(2026, 11, 3, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
TITLES = [
    "Ferry Halcyon runs aground off Brandt Point",
    "Rescuers reach ferry Halcyon at Brandt Point",
    "Ferry Halcyon aground: inquiry opens in Quenby",
    "Quenby council votes for a second bridge",
    "Bridge vote splits Quenby council",
    "Ostrava Lenz wins the lakes regatta",
]


def article(title, *, at=NOW, seen=None, outlet="Quenby Courier", summary=""):
    return Article(
        identity=title,
        url=None,
        link=None,
        outlet=outlet,
        title=title,
        summary=summary,
        lang="en",
        published_at=at,
        seen_at=seen or at,
    )


def put(window, number, story, one):
    window.put(ArticleId(number), StoryId(story), window.read(one).sketch)


def kept(window):
    """Answer all that a window holds but what it has looked at lately."""
    return (
        {number: story for number, (story, _) in window._reports.items()},
        window._stories,
        window._having,
        window._articles,
        window._paces,
    )


def anew(window):
    """Answer a window that is given what *window* holds, and nothing else ever."""
    built = Window()
    for number in sorted(window._reports):
        built.put(number, window._reports[number][0], window._sketch(number))
    return built


DEEDS = st.lists(
    st.one_of(
        st.tuples(
            st.just("put"),
            st.integers(1, 9),
            st.integers(1, 4),
            st.sampled_from(TITLES),
            st.integers(-250, 50),
            st.sampled_from(["Quenby Courier", "Lakes Herald", ""]),
        ),
        st.tuples(st.just("drop"), st.integers(1, 9)),
        st.tuples(st.just("expire"), st.integers(-200, 0)),
    ),
    max_size=25,
)


@given(DEEDS)
@settings(max_examples=150)
def test_whatever_came_and_went_a_window_equals_one_that_never_saw_it(deeds):
    window = Window()
    for what, number, *rest in deeds:
        if what == "put":
            story, title, hours, outlet = rest
            put(window, number, story, article(title, at=NOW + hours * HOUR, outlet=outlet))
        elif what == "drop":
            window.drop(ArticleId(number))
        else:
            window.expire(NOW + number * HOUR)

    built = anew(window)
    draft = window.read(article(TITLES[0]))

    assert kept(window) == kept(built)
    assert window.read(article(TITLES[0])) == built.read(article(TITLES[0]))
    assert window.alike(draft) == built.alike(draft)
    assert all(window.growth(StoryId(n)) == built.growth(StoryId(n)) for n in range(1, 5))


@given(DEEDS)
def test_what_was_not_reported_since_is_gone_whatever_came_before(deeds):
    window = Window()
    for what, number, *rest in deeds:
        if what == "put":
            story, title, hours, outlet = rest
            put(window, number, story, article(title, at=NOW + hours * HOUR, outlet=outlet))
        elif what == "drop":
            window.drop(ArticleId(number))

    window.expire(NOW - WINDOW)

    latest = {}
    for number, (story, _) in window._reports.items():
        latest[story] = max(latest.get(story, 0), window._sketch(number).at)
    assert all(last >= (NOW - WINDOW).timestamp() for last in latest.values())


def test_an_emptied_window_holds_nothing():
    window = Window()
    for number, title in enumerate(TITLES):
        put(window, number, number // 3, article(title))

    window.expire(NOW + HOUR)

    assert kept(window) == kept(Window())
    assert (window._ends, window._sketches, window._vectors) == ([], {}, {})


def found(window, one):
    return [likeness.story for likeness in window.alike(window.read(one))]


@pytest.mark.parametrize(
    ("late", "joins"),
    [(timedelta(days=3), True), (timedelta(days=5), False), (timedelta(days=30), False)],
)
def test_a_late_report_finds_its_story_unless_that_is_over(late, joins):
    window = Window()
    put(window, 1, 1, article(TITLES[0]))

    one = article(TITLES[0], at=NOW - late, seen=NOW, outlet="Lakes Herald")

    assert found(window, one) == ([1] if joins else [])
    assert window.takes(window.read(one).sketch, StoryId(1)) is joins


def test_a_story_that_a_wrong_clock_stretched_takes_nothing_within_its_gap():
    window = Window()
    put(window, 1, 1, article(TITLES[0]))
    put(window, 2, 1, article(TITLES[1], at=NOW + timedelta(days=365)))

    between = article(TITLES[0], at=NOW + timedelta(days=100), outlet="Lakes Herald")

    assert found(window, between) == []
    assert found(window, article(TITLES[0], at=NOW + HOUR, outlet="Lakes Herald")) == [1]


def test_a_story_that_loses_its_newest_report_ends_with_the_one_before():
    window = Window()
    put(window, 1, 1, article(TITLES[0], at=NOW - WINDOW))
    put(window, 2, 1, article(TITLES[1]))

    put(window, 2, 2, article(TITLES[1]))
    window.expire(NOW - WINDOW + HOUR)

    assert not window.has(StoryId(1))
    assert window.has(StoryId(2))


def test_a_huge_story_is_compared_by_a_part_of_its_reports():
    window = Window()
    first = window.read(article(TITLES[0])).sketch
    for number in range(2_000):
        window.put(ArticleId(number), StoryId(1), first)
    other = window.read(article("Ferry Halcyon freed", outlet="Lakes Herald")).sketch
    window.put(ArticleId(1_950), StoryId(1), other)

    (compared,) = window.compared(window.read(article(TITLES[1])).sketch)
    facing = [compared.story.facing(outlet) for outlet in ("Lakes Herald", "quenby courier", "x")]

    assert [len(each) for each in facing] == [33, 41, 33]
    assert len(compared.story.members()[0]) == 8
    assert len(window._stories[StoryId(1)].told()) == 256
    assert kept(window) == kept(anew(window))


def test_sums_of_very_many_reports_are_exact():
    bundle, sketch = Bundle(), Window().read(article("Halcyon")).sketch
    weights = weights_of(sketch)
    for number in range(70_000):
        bundle.insert(ArticleId(number), sketch, weights)

    assert list(bundle.sums) == [70_000 * 65_535]
    assert bundle.square == (70_000 * 65_535) ** 2

    for number in range(10, 70_000):
        bundle.remove(ArticleId(70_009 - number), weights)

    assert list(bundle.sums) == [10 * 65_535]


ODD = [
    "",
    " ",
    "!!! ??? ...",
    "🚢🌉🏆",
    "\u202eQuenby\u202c ferry",
    "nul\x00byte ferry",
    "\ud800 lone \udfff surrogates",
    "ferry " * 200_000,
    " ".join(f"word{number}" for number in range(100_000)),
    "字" * 5_000,
    "1 2 3 4 5 6 7 8 9",
    "\u0301" * 3_000,
]


@pytest.mark.parametrize("odd", ODD, ids=[f"odd {place}" for place in range(len(ODD))])
def test_any_title_is_kept_compared_and_forgotten(odd):
    window = Window()
    for number, title in enumerate((odd, TITLES[0], odd)):
        one = article(title, outlet=odd, summary=odd)
        window.alike(window.read(one))
        put(window, number, number // 2, one)

    sizes = [len(body) for _, body in window._reports.values()]
    assert max(sizes) <= 17 + 3 + 400 + 100 * 6
    assert kept(window) == kept(anew(window))
    window.expire(NOW + HOUR)
    assert len(window) == 0


def test_an_outlet_with_an_endless_name_is_the_same_one_after_it_was_kept():
    window = Window()
    endless = "Quenby Courier " * 100
    put(window, 1, 1, article("Quenby lottery numbers 4 8 15", outlet=endless))

    one = article("Quenby lottery numbers 16 23 42", at=NOW + 20 * HOUR, outlet=endless)
    (likeness,) = window.alike(window.read(one))

    assert likeness.guard is Guard.SERIES


_ANSWERS = """
from tests.unit.grouping.test_window import TITLES, article, put
from monitors.grouping.window import Window
window = Window()
for number, title in enumerate(TITLES):
    put(window, number, number // 2, article(title, outlet=title.split()[0], summary=TITLES[0]))
print([window.alike(window.read(article(title))) for title in TITLES])
"""


def test_answers_do_not_depend_on_how_strings_are_hashed():
    told = {
        subprocess.run(
            [sys.executable, "-c", _ANSWERS],
            env={"PYTHONHASHSEED": seed, "PYTHONPATH": "."},
            capture_output=True,
            check=True,
            text=True,
        ).stdout
        for seed in ("1", "2")
    }

    assert len(told) == 1
    assert "Likeness(" in told.pop()
