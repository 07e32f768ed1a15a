"""From the numbers of `likeness` to the log-odds that an article and a story are one event.

Boosted trees: each one sorts a candidate into a leaf by a few of its numbers, and the values of
the leaves add up. `benchmarks/learn_stories.py` has made `weights.json`, and says how.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from monitors.grouping.likeness import NUMBERS


@dataclass(frozen=True, slots=True)
class Trees:
    """Trees, their nodes one after the other.

    Attributes:
        number: which number a node looks at.
        most: it goes on to the left if that number is no greater.
        onward: the next node to the right and to the left of each one; a leaf leads to itself.
        value: of a leaf.
        roots: the first node of each tree.
        depth: of the deepest tree.
    """

    number: NDArray[np.intp]
    most: NDArray[np.float64]
    onward: NDArray[np.intp]
    value: NDArray[np.float64]
    roots: NDArray[np.intp]
    depth: int

    def of(self, rows: Sequence[Sequence[float]]) -> list[float]:
        """Answer the sum of the values of each row."""
        if not rows:
            return []
        numbers = np.asarray(rows, dtype=np.float64)
        count, width = numbers.shape
        row = np.arange(count)[:, None] * width
        node = np.tile(self.roots, (count, 1))
        for _ in range(self.depth):
            # `take` from flat arrays costs a third of what indexing does.
            goes_left = numbers.take(row + self.number.take(node)) <= self.most.take(node)
            node = self.onward.take(2 * node + goes_left)
        answer: list[float] = self.value.take(node).sum(axis=1).tolist()
        return answer


def trees_of(made: Mapping[str, Any]) -> Trees:
    """Answer the trees that `benchmarks.learn_stories` wrote."""
    if tuple(made["numbers"]) != NUMBERS:
        raise ValueError("The weights are of other numbers: run benchmarks.learn_stories.")
    return Trees(
        number=np.array(made["number"], dtype=np.intp),
        most=np.array([np.inf if most is None else most for most in made["most"]]),
        onward=np.array([made["right"], made["left"]], dtype=np.intp).T.ravel(),
        value=np.array(made["value"]),
        roots=np.array(made["roots"], dtype=np.intp),
        depth=int(made["depth"]),
    )


def scores(rows: Sequence[Sequence[float]]) -> list[float]:
    """Answer the log-odds of each candidate, by its numbers."""
    return _learned().of(rows)


@cache
def _learned() -> Trees:
    text = files(__package__).joinpath("weights.json").read_text(encoding="utf-8")
    return trees_of(json.loads(text))
