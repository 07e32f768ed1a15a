"""The ways in which conditions can hold, found by two features of an article.

`Ways` takes and gives up ways one at a time. `Plane` holds very many of them, which do not
change, in a fraction of the memory, where the processor finds them side by side; looking into
it costs a fixed time that only many ways are worth.
"""

from collections.abc import Iterable
from itertools import filterfalse
from typing import TypeAlias

import numpy as np

from monitors.matching.checks import Check

Numbers: TypeAlias = np.ndarray[tuple[int], np.dtype[np.int32]]

Held: TypeAlias = int | tuple[int, Check]
"""The number of a condition that holds without a further look, or with what to look at."""
Placed: TypeAlias = tuple[int, int, Held]
"""A way: its anchor, its second feature, and what holds with both."""


def number_of(held: Held) -> int:
    """Answer the number of the condition that *held* is about."""
    return held if isinstance(held, int) else held[0]


def _listed(held: Held | list[Held]) -> list[Held]:
    return held if isinstance(held, list) else [held]


class _Anchor(set[int]):
    """The features of which an article that has the anchor needs another.

    Attributes:
        held: what holds with each of them.
    """

    __slots__ = ("held",)

    def __init__(self) -> None:
        super().__init__()
        self.held: dict[int, Held | list[Held]] = {}


class Ways:
    """Ways that come and go."""

    def __init__(self) -> None:
        self._anchors: dict[int, _Anchor] = {}

    def __bool__(self) -> bool:
        return bool(self._anchors)

    def add(self, anchor: int, second: int, held: Held) -> None:
        """Take a way."""
        there = self._anchors.get(anchor)
        if there is None:
            there = self._anchors[anchor] = _Anchor()
        there.add(second)
        known = there.held.get(second)
        if known is None:
            there.held[second] = held  # most are alone, and a list is large
        elif isinstance(known, list):
            known.append(held)
        else:
            there.held[second] = [known, held]

    def remove(self, anchor: int, second: int, number: int) -> bool:
        """Give up the ways of a condition that have these features; answer if there was one."""
        there = self._anchors.get(anchor)
        if there is None or second not in there:
            return False
        before = _listed(there.held[second])
        left = [held for held in before if number_of(held) != number]
        if left:
            there.held[second] = left
        else:
            del there.held[second]
            there.remove(second)
        if not there:
            del self._anchors[anchor]
        return len(left) < len(before)

    def found(self, features: set[int]) -> tuple[list[int], list[tuple[int, Check]]]:
        """Answer what two of *features* hold: what holds without a further look, and the rest."""
        sure: list[int] = []
        doubtful: list[tuple[int, Check]] = []
        anchors = filter(None, map(self._anchors.get, features))
        for anchor in filterfalse(features.isdisjoint, anchors):
            for second in features & anchor:
                for held in _listed(anchor.held[second]):
                    if isinstance(held, int):
                        sure.append(held)
                    else:
                        doubtful.append(held)
        return sure, doubtful


class Plane:
    """Ways that stay.

    Args:
        ways: in any order.
        features: how many numbers features have.
    """

    def __init__(self, ways: Iterable[Placed], features: int) -> None:
        placed = sorted(ways, key=lambda way: way[:2])
        count = len(placed)
        anchors = np.fromiter((anchor for anchor, _, _ in placed), np.int32, count)
        self._seconds = np.fromiter((second for _, second, _ in placed), np.int32, count)
        self._numbers = np.fromiter((number_of(held) for _, _, held in placed), np.int32, count)
        self._checks = {at: way[2][1] for at, way in enumerate(placed) if isinstance(way[2], tuple)}
        self._sure = np.ones(count, np.bool_)
        self._sure[list(self._checks)] = False
        self._lengths = np.bincount(anchors, minlength=features).astype(np.int32)
        # Of each anchor, one after its last way: see `_among`.
        self._ends = np.cumsum(self._lengths).astype(np.int32)
        self._present = np.zeros(features, np.bool_)
        self._steps = np.arange(count + 1, dtype=np.int32)

    def remove(self, anchor: int, second: int, number: int) -> None:
        """Give up the ways of a condition that have these features."""
        if anchor < len(self._ends):
            end = int(self._ends[anchor])
            there = slice(end - int(self._lengths[anchor]), end)
            gone = (self._seconds[there] == second) & (self._numbers[there] == number)
            self._seconds[there][gone] = 0  # no article has it

    def found(self, features: set[int]) -> tuple[list[int], list[tuple[int, Check]]]:
        """Answer what two of *features* hold: what holds without a further look, and the rest."""
        there = np.fromiter(features, np.int32, len(features))
        there = there[there < len(self._lengths)]
        self._present[there] = True
        ways = self._among(there)
        ways = ways[self._present[self._seconds[ways]]]
        self._present[there] = False
        sure = self._sure[ways]
        doubtful = ways[~sure]
        numbers: list[int] = self._numbers[ways[sure]].tolist()
        checks = map(self._checks.__getitem__, doubtful.tolist())
        return numbers, list(zip(self._numbers[doubtful].tolist(), checks, strict=True))

    def _among(self, anchors: Numbers) -> Numbers:
        """Answer the places of the ways of *anchors*."""
        lengths = self._lengths[anchors]
        ends = lengths.cumsum()
        count = int(ends[-1]) if len(ends) else 0
        return np.repeat(self._ends[anchors] - ends, lengths) + self._steps[:count]
