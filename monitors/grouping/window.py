"""The stories of the last days, in memory, and which of them look like an article."""

import math
from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush

from monitors.grouping.growth import Growth, Paces
from monitors.grouping.guards import Guard, guard
from monitors.grouping.likeness import Compared, Newcomer, compare, hours_since
from monitors.grouping.sketch import KIND, Draft, Sketch, codes_of, draft_of
from monitors.grouping.story import Story
from monitors.grouping.trees import scores
from monitors.grouping.vector import Vector, dot, vector_of, weighed
from monitors.grouping.wording.word_shares import share_of
from monitors.stories.article import Article, ArticleId, StoryId

WINDOW = timedelta(hours=96)
"""A story that was not reported for so long is over; what comes next is another one."""

_WINDOW_S = int(WINDOW.total_seconds())
_ASKED, _LATEST = 10, 150  # words, and stories of each
_COMMON, _FEW = 0.02, 30  # words in more articles find nothing
_WORDS_AT_LEAST = 2
_FOUND, _COMPARED = 24, 8
_SEEN_BEFORE = 2000.0  # articles that the table of common words stands for
_SEEN_BY_CHANCE = 0.7
_MOST_KNOWN = 4096
_MOST_WORDS_TOLD = 8
_WORDS_THAT_TELL = 3  # in common; fewer may be chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How much an article looks like a story.

    Attributes:
        score: log-odds that both report one event.
        nearest: the article of the story that is most alike.
        words: what both have, the most telling first.
        hours: between the article and the last one of the story.
        guard: what speaks against it, however alike they are.
    """

    story: StoryId
    score: float
    nearest: ArticleId
    words: tuple[str, ...]
    hours: float
    guard: Guard | None = None


@dataclass(slots=True)
class Window:
    """Stories, and the articles of each.

    What it answers depends on nothing but the articles in it, with their stories and sketches.
    """

    _stories: dict[StoryId, Story] = field(default_factory=dict)
    _places: dict[ArticleId, StoryId] = field(default_factory=dict)
    _having: "dict[int, array[int]]" = field(default_factory=dict)
    _articles: dict[int, int] = field(default_factory=dict)
    _ends: list[tuple[int, StoryId]] = field(default_factory=list)
    _vectors: dict[ArticleId, Vector] = field(default_factory=dict)
    _paces: Paces = field(default_factory=Paces)

    def __len__(self) -> int:
        """Answer how many articles are in it."""
        return len(self._places)

    def read(self, article: Article) -> Draft:
        """Answer *article* as it is compared now: how much each of its words tells."""
        draft = draft_of(article)
        lang = draft.sketch.lang
        sketch = weighed(draft.sketch, lambda term: self._tells(term, lang))
        return Draft(sketch, draft.words)

    def alike(self, draft: Draft, also: Collection[StoryId] = ()) -> tuple[Likeness, ...]:
        """Answer the stories that look like an article, and *also* these; the likeliest first."""
        compared = self.compared(draft.sketch, also)
        scored = scores([each.numbers for each in compared])
        likely = [
            self._likeness(draft, each, score) for each, score in zip(compared, scored, strict=True)
        ]
        return tuple(sorted(likely, key=lambda each: -each.score))

    def compared(self, sketch: Sketch, also: Collection[StoryId] = ()) -> tuple[Compared, ...]:
        """Answer the stories that have most in common with *sketch*, in numbers; *also* these.

        Which others are asked for changes nothing of what is found.
        """
        vector = vector_of(sketch)
        tells = {term: self._tells(term, sketch.lang) for term in vector.terms}
        found = self._found(sketch, vector, tells)
        having = {term: self._articles.get(term, 0) for term in vector.terms}
        many = _COMMON * len(self._places)
        newcomer = Newcomer(
            sketch=sketch,
            vector=vector,
            tells=tells,
            new=sum([w * w for term, w in vector.title.items() if not having[term]]),
            topic=max(having.values(), default=0) / (len(self._places) or 1),
            common=sum([w * w for term, w in vector.terms.items() if having[term] > many]),
        )
        compared = compare(newcomer, found, self._vector)
        more = self._others(sketch, vector, also, {story.id for _, story in found})
        if more:
            compared += compare(newcomer, [*found, *more], self._vector)[len(found) :]
        return compared

    def members(self, story: StoryId) -> Sequence[ArticleId]:
        """Answer the articles that stand for all of *story*, oldest first; none if it is over."""
        there = self._stories.get(story)
        return there.members()[0] if there else ()

    def telling(self, lang: str) -> Callable[[int], float]:
        """Answer how much a word of a language tells now, by its number."""
        return lambda term: self._tells(term, lang)

    def takes(self, sketch: Sketch, story: StoryId) -> bool:
        """Answer whether an article may join *story*: it is not over, and no guard forbids it."""
        there = self._stories.get(story)
        return there is not None and guard(sketch, there.sketches) is None

    def growth(self, story: StoryId) -> Growth | None:
        """Answer how a story has grown; None if nothing was reported of it lately."""
        return self._paces.of(story)

    def put(self, article: ArticleId, story: StoryId, sketch: Sketch) -> None:
        """Have *article* in *story*: as a new one, a revised one, or one that was elsewhere."""
        self.drop(article)
        there = self._stories.setdefault(story, Story(story))
        self._places[article] = story
        for term in _terms(sketch):
            self._articles[term] = self._articles.get(term, 0) + 1
        vector = self._vector(article, sketch)
        for term in vector.terms:
            if term not in there.centre:
                insort(self._having.setdefault(term, array("q")), story)
        if there.insert(article, sketch):
            there.add(vector)
        else:
            self._add_up(there)
        heappush(self._ends, (there.last, story))
        self._note_pace(there)

    def drop(self, article: ArticleId) -> None:
        """Forget *article*, if it is known."""
        place = self._places.pop(article, None)
        if place is None:
            return
        story = self._stories[place]
        self._uncount(story.remove(article))
        self._vectors.pop(article, None)
        before = story.centre
        self._add_up(story)
        for term in before.keys() - story.centre.keys():
            self._unpost(term, place)
        if story.articles:
            self._note_pace(story)
        else:
            del self._stories[place]
            self._paces.forget(place)

    def expire(self, before: datetime) -> None:
        """Forget the stories of which nothing was reported since *before*."""
        horizon = before.timestamp()
        while self._ends and self._ends[0][0] < horizon:
            _, number = heappop(self._ends)
            story = self._stories.get(number)
            if story is not None and story.last < horizon:
                self._forget(story)

    def _forget(self, story: Story) -> None:
        for article, sketch in zip(story.articles, story.sketches, strict=True):
            del self._places[article]
            self._vectors.pop(article, None)
            self._uncount(sketch)
        for term in story.centre:
            self._unpost(term, story.id)
        del self._stories[story.id]
        self._paces.forget(story.id)

    def _tells(self, term: int, lang: str) -> float:
        """Answer how much a word tells: the logarithm of how few articles have it."""
        seen = self._articles.get(term, 0) + _SEEN_BEFORE * share_of(term, lang)
        return math.log((_SEEN_BEFORE + len(self._places) + 1) / (seen + _SEEN_BY_CHANCE))

    def _found(
        self, sketch: Sketch, vector: Vector, tells: dict[int, float]
    ) -> list[tuple[float, Story]]:
        """Answer the candidates with the cosines of their centres, the most alike first."""
        found: dict[int, float] = {}
        for term, stories in self._asked(vector, found):
            weight = vector.terms[term] * tells[term]
            for story in stories[-_LATEST:]:
                found[story] = found.get(story, 0.0) + weight
        best = sorted(found, key=lambda story: (-found[story], -story))[:_FOUND]
        candidates = [
            (_cosine(vector, story), story)
            for story in (self._stories[StoryId(number)] for number in best)
            if _is_in_time(sketch, story)
        ]
        candidates.sort(key=lambda each: (-each[0], -each[1].id))
        return candidates[:_COMPARED]

    def _others(
        self, sketch: Sketch, vector: Vector, asked: Collection[StoryId], found: Collection[StoryId]
    ) -> list[tuple[float, Story]]:
        """Answer those that are *asked* for, not *found* and not over, with their cosines."""
        others = (self._stories[each] for each in sorted(asked) if each in self._stories)
        return [
            (_cosine(vector, story), story)
            for story in others
            if story.id not in found and _is_in_time(sketch, story)
        ]

    def _asked(self, vector: Vector, found: dict[int, float]) -> "Iterator[tuple[int, array[int]]]":
        """Yield the words to look for, the weightiest first, with the stories that have them."""
        common = max(_FEW, _COMMON * len(self._places))
        asked = 0
        for term in sorted(vector.terms, key=lambda term: (-vector.terms[term], term)):
            stories = self._having.get(term)
            if stories is None:
                continue
            enough = asked >= _WORDS_AT_LEAST and len(found) >= _COMPARED
            if enough and self._articles[term] > common:
                continue
            yield term, stories
            asked += 1
            if asked == _ASKED:
                return

    def _likeness(self, draft: Draft, compared: Compared, score: float) -> Likeness:
        story, sketch = compared.story, draft.sketch
        nearest = story.sketches[bisect_left(story.articles, compared.nearest)]
        both = vector_of(nearest).terms
        weights = vector_of(sketch).terms
        shared = sorted((t for t in weights if t in both), key=lambda t: (-weights[t], t))
        return Likeness(
            story=story.id,
            score=score,
            nearest=compared.nearest,
            words=tuple(draft.words[term] for term in shared[:_MOST_WORDS_TOLD]),
            hours=hours_since(sketch.at, story.last),
            guard=guard(sketch, story.sketches)
            or (Guard.FEW_WORDS if len(shared) < _WORDS_THAT_TELL else None),
        )

    def _vector(self, article: ArticleId, sketch: Sketch) -> Vector:
        """Answer the words of an article; those asked for lately are kept."""
        known = self._vectors.get(article)
        if known is None:
            if len(self._vectors) >= _MOST_KNOWN:
                self._vectors.clear()
            known = self._vectors[article] = vector_of(sketch)
        return known

    def _add_up(self, story: Story) -> None:
        pairs = zip(story.articles, story.sketches, strict=True)
        story.add_up([self._vector(article, sketch) for article, sketch in pairs])

    def _note_pace(self, story: Story) -> None:
        self._paces.note(story.id, [(each.outlet, each.at) for each in story.sketches])

    def _uncount(self, sketch: Sketch) -> None:
        for term in _terms(sketch):
            left = self._articles[term] - 1
            if left:
                self._articles[term] = left
            else:
                del self._articles[term]

    def _unpost(self, term: int, story: StoryId) -> None:
        stories = self._having[term]
        del stories[bisect_left(stories, story)]
        if not stories:
            del self._having[term]


def _terms(sketch: Sketch) -> set[int]:
    return {code & ~KIND for code in codes_of(sketch)}


def _cosine(vector: Vector, story: Story) -> float:
    return dot(vector.terms, story.centre) / math.sqrt(story.square or 1.0)


def _is_in_time(sketch: Sketch, story: Story) -> bool:
    return story.first - _WINDOW_S <= sketch.at <= story.last + _WINDOW_S
