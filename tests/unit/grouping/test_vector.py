"""How much each word of an article weighs."""

import math

import pytest

from monitors.grouping.sketch import Kind, Sketch
from monitors.grouping.vector import dot, vector_of, weighed, weights_of

FERRY, QUENBY, HARBOUR, NUMBER = 8, 16, 24, 32


def packed(*codes):
    return b"".join(code.to_bytes(4, "little") for code in codes)


def sketch(title, summary=()):
    return Sketch(
        at=0,
        dated=True,
        outlet="",
        lang="en",
        form="report",
        title=packed(*title),
        summary=packed(*summary),
    )


def vector(title, summary=(), telling=lambda _: 2.0):
    return vector_of(weighed(sketch(title, summary), telling))


def test_a_name_weighs_more_and_the_summary_half():
    drawn = vector([FERRY, QUENBY | Kind.NAME], [HARBOUR])

    length = math.sqrt(2.0**2 + 2.4**2 + 1.0**2)
    assert drawn.terms == pytest.approx(
        {FERRY: 2.0 / length, QUENBY: 2.4 / length, HARBOUR: 1.0 / length}, abs=1e-4
    )


def test_the_title_alone_has_length_one_too():
    drawn = vector([FERRY, QUENBY], [HARBOUR])

    assert drawn.title == pytest.approx({FERRY: math.sqrt(0.5), QUENBY: math.sqrt(0.5)})


def test_names_and_numbers_are_known():
    drawn = vector([QUENBY | Kind.NAME, NUMBER | Kind.NUMBER, FERRY], [HARBOUR | Kind.SCORE])

    assert (drawn.names, drawn.numbers) == ({QUENBY}, {NUMBER, HARBOUR})


def test_a_word_that_comes_twice_weighs_once():
    assert weights_of(weighed(sketch([FERRY, FERRY]), lambda _: 2.0)) == {FERRY: 65_535}


def test_the_weightiest_words_are_kept():
    title = [8 * place for place in range(1, 41)]

    drawn = vector(title, telling=float)

    assert sorted(drawn.terms) == title[-32:]


def test_a_word_that_tells_nothing_weighs_a_little():
    drawn = vector([FERRY, QUENBY], telling={FERRY: -3.0, QUENBY: 1.0}.__getitem__)

    assert drawn.terms[FERRY] == pytest.approx(drawn.terms[QUENBY] / 10, abs=1e-4)


def test_nothing_has_no_words():
    drawn = vector([])

    assert (drawn.terms, drawn.title) == ({}, {})


@pytest.mark.parametrize(
    ("one", "other", "product"),
    [({1: 0.6, 2: 0.8}, {2: 0.5, 3: 0.1}, 0.4), ({}, {1: 1.0}, 0.0), ({1: 1.0}, {1: 1.0}, 1.0)],
)
def test_what_both_have_is_multiplied(one, other, product):
    assert dot(one, other) == dot(other, one) == pytest.approx(product)
