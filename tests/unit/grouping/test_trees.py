"""Trees, added up by hand."""

import math

import pytest

from monitors.grouping.likeness import NUMBERS
from monitors.grouping.trees import scores, trees_of

# Two trees: the first number at most 1, or not; and a leaf alone.
MADE = {
    "numbers": list(NUMBERS),
    "number": [0, 0, 0, 0],
    "most": [1.0, None, None, None],
    "left": [1, 1, 2, 3],
    "right": [2, 1, 2, 3],
    "value": [0.0, -2.0, 3.0, 0.5],
    "roots": [0, 3],
    "depth": 1,
}


def row(first):
    return [first, *[0.0] * (len(NUMBERS) - 1)]


def test_the_values_of_the_leaves_add_up():
    trees = trees_of(MADE)

    assert trees.of([row(1.0), row(1.01), row(-math.inf)]) == [-1.5, 3.5, -1.5]
    assert trees.of([]) == []


def test_weights_of_other_numbers_are_refused():
    with pytest.raises(ValueError, match="other numbers"):
        trees_of(MADE | {"numbers": [*NUMBERS[1:], NUMBERS[0]]})


def test_what_was_learned_has_a_score_for_each_candidate():
    learned = scores([row(0.0), row(0.9)])

    assert len(learned) == 2
    assert all(map(math.isfinite, learned))
    assert scores([row(0.9)]) == [learned[1]]
