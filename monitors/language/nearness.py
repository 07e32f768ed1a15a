"""Which spans of words stand close enough together for a row of NEAR."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias

from monitors.language.expression import Link

Span: TypeAlias = tuple[int, int]
"""Half open, in words."""
Bounds: TypeAlias = Callable[[int], Span]
"""Answers between which words a place can have neighbours."""

# Of looking at one span: ordinary texts need a few dozen.
_MOST_STEPS = 10_000


def linked(
    sides: Sequence[list[Span]], links: Sequence[Link], bounds: Bounds, sentence: Bounds
) -> Iterator[Span]:
    """Yield spans that stand in a row, one of each side, without overlaps.

    Args:
        sides: two or more, each sorted.
        links: how each side stands to the next.
        bounds: no link passes them.
        sentence: nor these, if it joins what stands in one sentence.
    """
    reach = _Reach(bounds, sentence)
    rows = _Rows(sides, links, reach)
    found = rows.spans()
    first = next(found, None)
    if first is None and rows.tired:
        kept = _linked_in_pairs(sides, links, reach)
        rows = _Rows(kept, links, reach)
        found = rows.spans()
        first = next(found, None)
        # A text that was made to be slow gets the benefit of the doubt.
        if first is None and rows.tired:
            found = chain.from_iterable(kept)
    if first is not None:
        yield first
    yield from found


def beside(spans: list[Span], others: list[Span], words: int, bounds: Bounds) -> list[Span]:
    """Answer those of *spans* that have one of *others* before or after them.

    With a number of *words* between them at most, and none of the *bounds*.
    """
    return _close(spans, others, Link(words), _Reach(bounds, bounds), ordered_before=True)


@dataclass(frozen=True, slots=True)
class _Reach:
    """How far the neighbours of a place may be."""

    bounds: Bounds
    sentence: Bounds

    def of(self, at: int, link: Link) -> tuple[int, int, int]:
        """Answer between which words they stand, and how many words may be between."""
        if link.words is None:
            low, high = self.sentence(at)
            return low, high, high - low
        return *self.bounds(at), link.words


def _linked_in_pairs(
    sides: Sequence[list[Span]], links: Sequence[Link], reach: _Reach
) -> list[list[Span]]:
    """Answer of each side the spans that may stand in a row, as far as pairs can tell."""
    kept = [sides[0]]
    for side, link in zip(sides[1:], links, strict=True):
        kept.append(_close(side, kept[-1], link, reach, ordered_before=True))
    for at in range(len(links) - 1, -1, -1):
        kept[at] = _close(kept[at], kept[at + 1], links[at], reach, ordered_before=False)
    return kept


def _close(
    spans: list[Span], others: list[Span], link: Link, reach: _Reach, *, ordered_before: bool
) -> list[Span]:
    """Answer those of *spans* that *link* joins to one of *others*.

    Where order counts, the other stands first if *ordered_before*, else after.
    """
    starts = sorted(start for start, _ in others)
    ends = sorted(end for _, end in others)
    kept: list[Span] = []
    for start, end in spans:
        low, high, words = reach.of(start, link)
        before = (ordered_before or not link.ordered) and _has(
            ends, max(start - words, low + 1), start
        )
        after = (not ordered_before or not link.ordered) and _has(
            starts, end, min(end + words, high - 1)
        )
        if before or after:
            kept.append((start, end))
    return kept


def _has(numbers: list[int], least: int, most: int) -> bool:
    at = bisect_left(numbers, least)
    return at < len(numbers) and numbers[at] <= most


class _Rows:
    """Looks for one span of each side, all linked and none of them overlapping another.

    Attributes:
        tired: whether it took too many steps and gave up.
    """

    def __init__(self, sides: Sequence[list[Span]], links: Sequence[Link], reach: _Reach) -> None:
        self._sides = sides
        self._links = links
        self._reach = reach
        self._longest = [max((end - start for start, end in side), default=0) for side in sides]
        self._steps = 0
        self.tired = False

    def spans(self) -> Iterator[Span]:
        """Yield the spans of a row for each span of the first side that begins one."""
        for first in self._sides[0]:
            yield from self._row([first])
            if self.tired:
                return

    def _row(self, begun: list[Span]) -> list[Span]:
        """Answer the row that goes on as *begun*; empty if there is none."""
        self._steps += 1
        if len(begun) == len(self._sides):
            return begun
        for following in self._following(begun):
            if whole := self._row([*begun, following]):
                return whole
            if self.tired:
                break
        self.tired = self._steps > _MOST_STEPS
        return []

    def _following(self, begun: list[Span]) -> Iterator[Span]:
        side, link = self._sides[len(begun)], self._links[len(begun) - 1]
        start, end = begun[-1]
        low, high, words = self._reach.of(start, link)
        first = end if link.ordered else start - words - self._longest[len(begun)]
        at = bisect_left(side, (max(first, low), 0))
        while at < len(side) and side[at][0] <= min(end + words, high - 1):
            self._steps += 1
            span, at = side[at], at + 1
            gap = max(span[0] - end, start - span[1])
            if gap <= words and all(span[1] <= there[0] or there[1] <= span[0] for there in begun):
                yield span
