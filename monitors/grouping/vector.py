"""The words of an article with their weights, as they are compared."""

import math
from array import array
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from monitors.grouping.sketch import KIND, Kind, Sketch, codes_of

_KEPT = 32
_NAME, _SUMMARY = 1.2, 0.5
_LEAST = 0.1
UNIT = 65535
"""What a weight of one is kept as."""
_BYTES_OF_A_WORD = 4
# Members of an IntEnum are slow to look up, and to compare.
_NAME_KIND = int(Kind.NAME)
_NUMBER_KINDS = frozenset({int(Kind.NUMBER), int(Kind.SCORE)})


@dataclass(frozen=True, slots=True)
class Vector:
    """The words of an article by their numbers, each with its weight.

    Attributes:
        terms: the weightiest words of title and summary; the squares add up to one.
        title: those of the title alone, likewise.
        names, numbers: which words of the article are.
    """

    terms: Mapping[int, float]
    title: Mapping[int, float]
    names: frozenset[int]
    numbers: frozenset[int]


def weighed(sketch: Sketch, telling: Callable[[int], float]) -> Sketch:
    """Answer *sketch* with the weights that its words have now.

    Args:
        sketch: of an article.
        telling: how much a word tells, by its number.
    """
    in_title = len(sketch.title) // _BYTES_OF_A_WORD
    weights: list[float] = []
    seen: set[int] = set()
    for place, code in enumerate(codes_of(sketch)):
        term = code & ~KIND
        weight = 0.0
        if term not in seen:
            seen.add(term)
            weight = max(_LEAST, telling(term)) * (1.0 if place < in_title else _SUMMARY)
            weight *= _NAME if code & KIND == _NAME_KIND else 1.0
        weights.append(weight)
    if len(seen) > _KEPT:
        least = sorted(weights, reverse=True)[_KEPT - 1]
        weights = [weight if weight >= least else 0.0 for weight in weights]
    unit = UNIT / (_length(weights) or 1.0)
    return replace(
        sketch, weights=array("H", [round(weight * unit) for weight in weights]).tobytes()
    )


def vector_of(sketch: Sketch) -> Vector:
    """Answer the words of *sketch*, which has weights."""
    codes = codes_of(sketch)
    words = [code & ~KIND for code in codes]
    weights = memoryview(sketch.weights).cast("H").tolist()
    terms = {word: weight / UNIT for word, weight in zip(words, weights, strict=True) if weight}
    in_title = words[: len(sketch.title) // _BYTES_OF_A_WORD]
    title = {word: terms[word] for word in in_title if word in terms}
    unit = 1 / (_length(title.values()) or 1.0)
    marked = [code for code in codes if code & KIND]
    return Vector(
        terms=terms,
        title={word: weight * unit for word, weight in title.items()},
        names=frozenset([code & ~KIND for code in marked if code & KIND == _NAME_KIND]),
        numbers=frozenset([code & ~KIND for code in marked if code & KIND in _NUMBER_KINDS]),
    )


def weights_of(sketch: Sketch) -> dict[int, int]:
    """Answer the words of *sketch* that have a weight, with the weights in 65535ths."""
    weights = memoryview(sketch.weights).cast("H").tolist()
    return {
        code & ~KIND: weight
        for code, weight in zip(codes_of(sketch), weights, strict=True)
        if weight
    }


def dot(one: Mapping[int, float], other: Mapping[int, float]) -> float:
    """Answer how much two texts have in common: of vectors of length one, from 0 to 1."""
    if len(one) > len(other):
        one, other = other, one
    return sum([weight * other[term] for term, weight in one.items() if term in other])


def _length(weights: Iterable[float]) -> float:
    return math.sqrt(sum([weight * weight for weight in weights]))
