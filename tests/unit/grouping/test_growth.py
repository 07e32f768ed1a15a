"""How fast stories gather outlets, and what is unusual."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.grouping.growth import Growth, Paces, pace_of
from monitors.stories.article import StoryId

NOW = 1_800_000_000
MINUTE = 60
BIG = StoryId(1)


def minutes(*gaps):
    """Answer reports of as many outlets, at these minutes."""
    return [(str(outlet), NOW + gap * MINUTE) for outlet, gap in enumerate(gaps)]


def paces(usual, *, of=200):
    """Answer what is known after *of* stories that three outlets took up at *usual* minutes."""
    known = Paces()
    for number in range(of):
        known.note(StoryId(100 + number), minutes(*usual))
    return known


@pytest.mark.parametrize(
    ("gaps", "outlets", "pace"),
    [
        ([0], 1, 1),
        ([0, 10, 20], 3, 3),
        ([0, 60], 2, 2),
        ([0, 61], 2, 1),
        ([0, 50, 100, 150], 4, 2),
        ([200, 5, 0, 10], 4, 3),
    ],
)
def test_the_pace_is_the_most_outlets_within_one_hour(gaps, outlets, pace):
    known = Paces()

    known.note(BIG, minutes(*gaps))

    growth = known.of(BIG)
    assert (growth.outlets, growth.pace) == (outlets, pace)


def test_an_outlet_counts_when_it_reports_for_the_first_time():
    known = Paces()

    known.note(BIG, [("a", NOW), ("a", NOW + MINUTE), ("b", NOW + 120 * MINUTE)])

    assert known.of(BIG) == Growth(outlets=2, pace=1, unusual=False, lasting=True)


@pytest.mark.parametrize(
    ("usual", "pace", "unusual"),
    [
        ((0, 90), 3, False),
        ((0, 90), 4, True),
        ((0, 5, 10, 15), 4, False),
        ((0, 5, 10, 15), 5, True),
    ],
)
def test_what_is_unusual_depends_on_what_its_outlets_do(usual, pace, unusual):
    known = paces(usual)

    known.note(BIG, minutes(*range(pace)))

    assert known.of(BIG).unusual is unusual


@pytest.mark.parametrize(("pace", "unusual"), [(5, False), (6, True)])
def test_where_little_is_known_only_a_rush_is_unusual(pace, unusual):
    known = paces((0, 90), of=3)

    known.note(BIG, minutes(*range(pace)))

    assert known.of(BIG).unusual is unusual


def test_a_story_that_nobody_knows_has_not_grown():
    assert Paces().of(BIG) is None


def test_outlets_of_a_huge_story_are_counted_up_to_a_bound():
    known = Paces()

    known.note(BIG, [(str(outlet), NOW) for outlet in range(1_000)])

    assert known.of(BIG).outlets == 64


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300)), max_size=20))
def test_a_story_that_is_forgotten_leaves_nothing(reports):
    known, untouched = paces((0, 90), of=60), paces((0, 90), of=60)

    known.note(BIG, [(str(outlet), NOW + gap * MINUTE) for outlet, gap in reports])
    known.forget(BIG)

    assert known == untouched


@pytest.mark.parametrize(
    ("gaps", "lasting"),
    [([0], True), ([0, 10, 20], True), ([0, 10, 80], False), ([0, 10, 80, 90], True)],
)
def test_a_pace_lasts_while_no_slower_hour_has_followed(gaps, lasting):
    known = Paces()

    known.note(BIG, minutes(*gaps))

    assert known.of(BIG).lasting is lasting


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 300)), min_size=1, max_size=20))
def test_the_pace_of_reports_is_that_of_their_story(reports):
    known, told = Paces(), [(str(outlet), NOW + gap * MINUTE) for outlet, gap in reports]

    known.note(BIG, told)

    assert pace_of(told) == known.of(BIG).pace
