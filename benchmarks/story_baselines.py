"""Other ways to put reports together, for the benchmarks of stories to compare with.

Each finds for every report the earlier one that is most like it, within Newsbell's window; at a
threshold, a report joins where that one is. The weights of words are those of the whole set,
which no way of that kind could know in a stream: they are rather too good than too bad.
"""

import hashlib
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import log, sqrt
from typing import TypeAlias

from benchmarks.story_sets import Report
from monitors.grouping.window import WINDOW
from monitors.stories.links import canonical
from monitors.stories.words import folded, key

Nearest: TypeAlias = tuple[int, float]
"""The place of an earlier report, and how much it is like the newcomer."""
Links: TypeAlias = list[Nearest | None]

_BITS = 64
_LANE = 16  # bits that count a bit of a simhash
_BANDS, _ROWS = 32, 2  # finds .3 in 19 cases of 20, and .5 always
_PRIME = (1 << 61) - 1
_TOO_COMMON = 0.1  # of the reports: such words find nothing,
_FEW = 20  # unless it is so few that have them


@dataclass(frozen=True, slots=True, kw_only=True)
class Baseline:
    """A way to put reports together.

    Attributes:
        thresholds: at which it is measured.
        shown: those of them that are customary, as people call them.
    """

    name: str
    links: Callable[[Sequence[Report]], Links]
    thresholds: tuple[float, ...]
    shown: Mapping[float, str]


def labels(links: Links, threshold: float) -> list[int]:
    """Answer the alert of each report if it joins the nearest one at *threshold* or above."""
    alerts: list[int] = []
    for place, nearest in enumerate(links):
        joins = nearest is not None and nearest[1] >= threshold
        alerts.append(alerts[nearest[0]] if nearest and joins else place)
    return alerts


def by_key(key_of: Callable[[Report], str | None]) -> Callable[[Sequence[Report]], Links]:
    """Answer links between reports for which *key_of* answers the same."""

    def links(reports: Sequence[Report]) -> Links:
        last: dict[str, int] = {}
        found: Links = []
        for place, report in enumerate(reports):
            sign = key_of(report)
            earlier = last.get(sign) if sign else None
            near = earlier is not None and _within(reports[earlier], report)
            found.append((earlier, 1.0) if near and earlier is not None else None)
            if sign:
                last[sign] = place
        return found

    return links


def _within(earlier: Report, later: Report) -> bool:
    if earlier.published_at is None or later.published_at is None:
        return True
    return abs(later.published_at - earlier.published_at) <= WINDOW


def simhash_links(reports: Sequence[Report]) -> Links:
    """Answer the nearest by the bits of their simhashes; likeness is how many are equal."""
    hashes = [_simhash(folded(report.words)) for report in reports]
    found: Links = []
    for place, (report, own) in enumerate(zip(reports, hashes, strict=True)):
        near = (
            (_BITS - (own ^ hashes[at]).bit_count(), at) for at in _window(reports, report, place)
        )
        alike, at = max(near, default=(0, -1))
        found.append((at, float(alike)) if at >= 0 else None)
    return found


def _window(reports: Sequence[Report], report: Report, place: int) -> Iterator[int]:
    """Yield the places of the earlier reports in the window, the latest first."""
    for at in range(place - 1, -1, -1):
        if not _within(reports[at], report):
            return
        yield at


def _simhash(words: Sequence[str]) -> int:
    total, half = sum(map(_lanes, words)), len(words) / 2
    lane = (1 << _LANE) - 1
    return sum(1 << bit for bit in range(_BITS) if (total >> _LANE * bit & lane) > half)


@cache
def _lanes(word: str) -> int:
    """Answer a number that holds each bit of the hash of *word* in a lane of its own."""
    own = _hash(word)
    return sum((own >> bit & 1) << _LANE * bit for bit in range(_BITS))


@cache
def _hash(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


def minhash_links(reports: Sequence[Report]) -> Links:
    """Answer the nearest by MinHash of pairs of words, found by bands; likeness is Jaccard's."""
    chance = random.Random(6)  # noqa: S311
    ways = [(chance.randrange(1, _PRIME), chance.randrange(_PRIME)) for _ in range(_BANDS * _ROWS)]
    buckets: dict[Hashable, list[int]] = defaultdict(list)
    signatures: list[tuple[int, ...]] = []
    found: Links = []
    for place, report in enumerate(reports):
        hashes = [_hash(shingle) for shingle in _shingles(folded(report.words))]
        own = tuple(min((a * h + b) % _PRIME for h in hashes) for a, b in ways)
        bands = [(n, own[n : n + _ROWS]) for n in range(0, len(own), _ROWS)]
        near = {at for band in bands for at in buckets[band] if _within(reports[at], report)}
        alike = ((_equal(own, signatures[at]) / len(own), at) for at in near)
        share, at = max(alike, default=(0.0, -1))
        found.append((at, share) if at >= 0 else None)
        for band in bands:
            buckets[band].append(place)
        signatures.append(own)
    return found


def _equal(one: Sequence[int], other: Sequence[int]) -> int:
    return sum(a == b for a, b in zip(one, other, strict=True))


def _shingles(words: Sequence[str]) -> set[str]:
    pairs = {f"{one} {two}" for one, two in pairwise(words)}
    return pairs or {" ".join(words)}


def tfidf_links(reports: Sequence[Report]) -> Links:
    """Answer the nearest by the cosine of their words, weighed by how rare they are."""
    texts = [Counter(folded(report.words)) for report in reports]
    having = Counter(word for text in texts for word in text)
    most = max(_FEW, _TOO_COMMON * len(texts))
    postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
    found: Links = []
    for place, (report, text) in enumerate(zip(reports, texts, strict=True)):
        weights = {
            word: (1 + log(count)) * log(len(texts) / having[word]) for word, count in text.items()
        }
        length = sqrt(sum(weight * weight for weight in weights.values())) or 1.0
        alike: dict[int, float] = defaultdict(float)
        for word, weight in weights.items():
            if having[word] > most:
                continue
            for at, other in postings[word]:
                alike[at] += other * weight / length
            postings[word].append((place, weight / length))
        near = ((cosine, at) for at, cosine in alike.items() if _within(reports[at], report))
        cosine, at = max(near, default=(0.0, -1))
        found.append((at, cosine) if at >= 0 else None)
    return found


BASELINES = (
    Baseline(
        name="canonical link",
        links=by_key(lambda report: canonical(report.url)),
        thresholds=(1,),
        shown={1: ""},
    ),
    Baseline(
        name="exact title",
        links=by_key(lambda report: key(report.title)),
        thresholds=(1,),
        shown={1: ""},
    ),
    Baseline(
        name="simhash",
        links=simhash_links,
        thresholds=tuple(_BITS - apart for apart in (0, 3, 6, 10, 12, 14, 16, 18)),
        shown={_BITS - 3: "<= 3", _BITS - 10: "<= 10"},
    ),
    Baseline(
        name="MinHash",
        links=minhash_links,
        thresholds=(0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.25, 0.2, 0.15),
        shown={0.5: ">= .5"},
    ),
    Baseline(
        name="tf-idf nearest",
        links=tfidf_links,
        thresholds=(0.9, 0.8, 0.7, 0.6, 0.55, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2),
        shown={0.5: ">= .5", 0.4: ">= .4"},
    ),
)
