"""The stories of the window: how they are kept, and how an article is compared with one."""

from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar, overload

import numpy as np

from monitors.grouping.sketch import KIND, Sketch, words_in
from monitors.stories.article import ArticleId, StoryId

T = TypeVar("T")

_MEMBERS = 8
# More than `guard` looks at, which chooses among them.
_LATEST, _OF_OUTLET = 32, 8
# So that a story costs the same however large it grows.
_OLDEST_TOLD, _LATEST_TOLD = 64, 192
_SUMS_OF_32_BITS = 1 << 16
_WORD = np.uint32(0xFFFFFFFF & ~KIND)


def _oldest_and_latest(several: Sequence[T]) -> Sequence[T]:
    """Answer *several*, or of very many the oldest and the latest."""
    if len(several) <= _OLDEST_TOLD + _LATEST_TOLD:
        return several
    return [*several[:_OLDEST_TOLD], *several[-_LATEST_TOLD:]]


@dataclass(slots=True)
class Bundle:
    """A story of several articles, as it is kept: these in the order of their numbers.

    Sums are whole numbers, so that they are the same in whatever order articles come and go.

    Attributes:
        outlets, times: of each article; times are seconds since 1970.
        words: that the articles have, sorted.
        sums: of the weights of each word, in 65535ths.
        square: of the length of *sums*.
        moments: the times, sorted.
    """

    articles: "array[int]" = field(default_factory=lambda: array("q"))
    outlets: list[str] = field(default_factory=list)
    times: "array[int]" = field(default_factory=lambda: array("q"))
    words: "array[int]" = field(default_factory=lambda: array("I"))
    sums: "array[int]" = field(default_factory=lambda: array("I"))
    square: int = 0
    moments: "array[int]" = field(default_factory=lambda: array("q"))

    @property
    def last(self) -> int:
        """When it was reported last."""
        return self.moments[-1]

    @property
    def first(self) -> int:
        """When it was reported first."""
        return self.moments[0]

    def is_near(self, time: int, seconds: int) -> bool:
        """Answer whether it was reported within so many *seconds* of *time*."""
        after = bisect_left(self.moments, time - seconds)
        return after < len(self.moments) and self.moments[after] <= time + seconds

    def insert(self, article: ArticleId, sketch: Sketch, weights: Mapping[int, int]) -> list[int]:
        """Have *article* among the others; answer which words are new."""
        place = bisect_left(self.articles, article)
        self.articles.insert(place, article)
        self.outlets.insert(place, sketch.outlet)
        self.times.insert(place, sketch.at)
        insort(self.moments, sketch.at)
        if len(self.articles) == _SUMS_OF_32_BITS:
            self.sums = array("Q", self.sums)
        new: list[int] = []
        for word, weight in weights.items():
            at = bisect_left(self.words, word)
            before = 0
            if at < len(self.words) and self.words[at] == word:
                before = self.sums[at]
                self.sums[at] = before + weight
            else:
                self.words.insert(at, word)
                self.sums.insert(at, weight)
                new.append(word)
            self.square += weight * (weight + 2 * before)
        return new

    def remove(self, article: ArticleId, weights: Mapping[int, int]) -> list[int]:
        """Have *article* no longer; answer which words no other has."""
        place = bisect_left(self.articles, article)
        del self.articles[place], self.outlets[place]
        del self.moments[bisect_left(self.moments, self.times.pop(place))]
        gone: list[int] = []
        for word, weight in weights.items():
            at = bisect_left(self.words, word)
            left = self.sums[at] - weight
            self.square -= weight * (weight + 2 * left)
            if left:
                self.sums[at] = left
            else:
                del self.words[at], self.sums[at]
                gone.append(word)
        return gone

    def shared(self, own: Mapping[int, int]) -> "Shared":
        """Answer what it has in common with an article that has its *own* words."""
        found: dict[int, int] = {}
        words, count = self.words, len(self.words)
        for word in own:
            at = bisect_left(words, word)
            if at < count and words[at] == word:
                found[word] = self.sums[at]
        both = sum([own[word] * weight for word, weight in found.items()])
        return Shared(both, self.square, found)

    def told(self) -> list[tuple[str, int]]:
        """Answer outlets and times: of very many articles, of the oldest and the latest."""
        return list(
            zip(_oldest_and_latest(self.outlets), _oldest_and_latest(self.times), strict=True)
        )


class Shared(NamedTuple):
    """What a story has in common with an article, in 65535ths.

    Attributes:
        both: the product of their weights.
        square: of the length of the story's sums.
        sums: of the story's weights of the words that the article has, too.
    """

    both: int
    square: int
    sums: dict[int, int]


def shared_of(bodies: Iterable[bytes], own: Mapping[int, int]) -> list[Shared]:
    """Answer what articles have in common with one that has its *own* words.

    Args:
        bodies: of the articles, as `packed` wrote them: each of them a story.
        own: the words with their weights in 65535ths.
    """
    # One by one, they would cost more than all the rest of a comparison.
    parts = [words_in(body) for body in bodies]
    sizes = [len(weights) // 2 for _, weights in parts]
    words = np.frombuffer(b"".join([words for words, _ in parts]), np.uint32) & _WORD
    weights = np.frombuffer(b"".join([weights for _, weights in parts]), np.uint16).astype(float)
    known = np.array(sorted(own), np.uint32)
    place = known.searchsorted(words) % max(1, len(known))
    hit = (known[place] == words) & (weights > 0) if own else np.zeros(len(words), bool)
    story = np.repeat(np.arange(len(sizes)), sizes)
    squares = np.bincount(story, weights * weights, len(sizes)).astype(np.int64).tolist()
    found: list[dict[int, int]] = [{} for _ in sizes]
    for at, word, weight in zip(
        story[hit].tolist(), words[hit].tolist(), weights[hit].tolist(), strict=True
    ):
        found[at][word] = int(weight)
    return [
        Shared(sum([own[word] * weight for word, weight in sums.items()]), square, sums)
        for square, sums in zip(squares, found, strict=True)
    ]


class Sketches(Sequence[Sketch]):
    """The sketches of *articles*, each of them read when it is asked for."""

    __slots__ = ("_articles", "_read")

    def __init__(self, articles: Sequence[ArticleId], read: Callable[[ArticleId], Sketch]) -> None:
        self._articles = articles
        self._read = read

    def __len__(self) -> int:
        """Answer how many there are."""
        return len(self._articles)

    @overload
    def __getitem__(self, place: int) -> Sketch: ...

    @overload
    def __getitem__(self, place: slice) -> list[Sketch]: ...

    def __getitem__(self, place: int | slice) -> Sketch | list[Sketch]:
        """Answer the sketch at *place*, or those there."""
        if isinstance(place, slice):
            return [self._read(article) for article in self._articles[place]]
        return self._read(self._articles[place])


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A story as an article is compared with it, its articles in the order of their numbers.

    Attributes:
        sketches, reporters: what is known of each article, and its outlet.
        centre: the sum of the weights of each word; of those alone that the article has, too.
        square: of the length of the sums of all words.
        first, last: when it was reported first and last, in seconds since 1970.
    """

    id: StoryId
    articles: Sequence[ArticleId]
    sketches: Sequence[Sketch]
    reporters: Sequence[str]
    centre: Mapping[int, float]
    square: float
    first: int
    last: int

    def members(self) -> tuple[Sequence[ArticleId], Sequence[Sketch]]:
        """Answer the articles that stand for all: the first one and the latest."""
        latest = max(1, len(self.articles) - _MEMBERS + 1)
        return (
            [self.articles[0], *self.articles[latest:]],
            [self.sketches[0], *self.sketches[latest:]],
        )

    def outlets(self) -> frozenset[str]:
        """Answer who has reported it; of very many articles, of the oldest and the latest."""
        return frozenset(_oldest_and_latest(self.reporters)) - {""}

    def facing(self, outlet: str) -> Sequence[Sketch]:
        """Answer what may speak against an article of *outlet*.

        The first article, the latest ones, and before these the latest ones of the outlet.
        """
        count = len(self.articles)
        latest = max(1, count - _LATEST)
        told = range(max(1, count - _LATEST_TOLD), latest)
        own = [place for place in told if self.reporters[place] == outlet][-_OF_OUTLET:]
        return [
            self.sketches[0],
            *[self.sketches[place] for place in own],
            *self.sketches[latest:],
        ]
