"""A story in the window: its articles, and what they have in common."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from monitors.grouping.sketch import Sketch
from monitors.grouping.vector import Vector
from monitors.stories.article import ArticleId, StoryId

_MEMBERS = 8


@dataclass(slots=True)
class Story:
    """A story, its articles in the order of their numbers.

    Attributes:
        centre: the sum of the weights of each word.
        square: of the length of *centre*.
        first, last: when it was reported first and last, in seconds since 1970.
    """

    id: StoryId
    articles: list[ArticleId] = field(default_factory=list)
    sketches: list[Sketch] = field(default_factory=list)
    centre: dict[int, float] = field(default_factory=dict)
    square: float = 0.0
    first: int = 0
    last: int = 0

    def insert(self, article: ArticleId, sketch: Sketch) -> bool:
        """Have *article* among the others; answer whether it is the last of them."""
        place = bisect_left(self.articles, article)
        self.articles.insert(place, article)
        self.sketches.insert(place, sketch)
        self._tell_times()
        return place == len(self.articles) - 1

    def remove(self, article: ArticleId) -> Sketch:
        """Have *article* no longer; answer its sketch."""
        place = bisect_left(self.articles, article)
        del self.articles[place]
        sketch = self.sketches.pop(place)
        self._tell_times()
        return sketch

    def add_up(self, vectors: Sequence[Vector]) -> None:
        """Work the centre out anew from all articles, in their order."""
        self.centre, self.square = {}, 0.0
        for vector in vectors:
            self.add(vector)

    def add(self, vector: Vector) -> None:
        """Have the words of one more article in the centre."""
        centre, square = self.centre, self.square
        for term, weight in vector.terms.items():
            before = centre.get(term, 0.0)
            centre[term] = before + weight
            square += weight * (weight + 2 * before)
        self.square = square

    def members(self) -> tuple[Sequence[ArticleId], Sequence[Sketch]]:
        """Answer the articles that stand for all: the first one and the latest."""
        if len(self.articles) <= _MEMBERS:
            return self.articles, self.sketches
        latest = 1 - _MEMBERS
        return (
            [self.articles[0], *self.articles[latest:]],
            [self.sketches[0], *self.sketches[latest:]],
        )

    def _tell_times(self) -> None:
        times = [sketch.at for sketch in self.sketches] or [0]
        self.first, self.last = min(times), max(times)
