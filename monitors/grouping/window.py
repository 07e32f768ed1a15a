"""The stories of the last days, in memory, and which of them look like an article."""

import math
from array import array
from bisect import bisect_left, insort
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from heapq import heappop, heappush
from typing import cast

from monitors.grouping.growth import Growth, Paces
from monitors.grouping.guards import Guard, guard
from monitors.grouping.likeness import Compared, Likeness, Newcomer, compare, hours_since
from monitors.grouping.sketch import (
    KIND,
    Draft,
    Sketch,
    codes_of,
    draft_of,
    packed,
    time_in,
    unpacked,
)
from monitors.grouping.story import Bundle, Shared, Sketches, Story, shared_of
from monitors.grouping.trees import scores
from monitors.grouping.vector import UNIT, Vector, vector_of, weighed, weights_of
from monitors.grouping.wording.word_shares import shares_of
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
_MOST_KNOWN = 2048
_MOST_WORDS_TOLD = 8
# Words in common; fewer may be chance, or what an outlet always writes.
_WORDS_THAT_TELL, _WORDS_OF_ONE_OUTLET = 2, 3
_HARDLY = -3.0  # one in twenty
_STORY_BITS = 64
_STORY = (1 << _STORY_BITS) - 1
_NOTHING = Shared(0, 0, {})


@dataclass(slots=True)
class Window:
    """Stories, and the articles of each.

    What it answers depends on nothing but the articles in it, with their stories and sketches.
    """

    _reports: dict[ArticleId, tuple[StoryId, bytes]] = field(default_factory=dict)
    _stories: dict[StoryId, ArticleId | Bundle] = field(default_factory=dict)
    _having: "dict[int, array[int]]" = field(default_factory=dict)
    _articles: dict[int, int] = field(default_factory=dict)
    _paces: Paces = field(default_factory=Paces)
    _ends: list[int] = field(default_factory=list)
    _sketches: dict[ArticleId, Sketch] = field(default_factory=dict)
    _vectors: dict[ArticleId, Vector] = field(default_factory=dict)

    def __len__(self) -> int:
        """Answer how many articles are in it."""
        return len(self._reports)

    def read(self, article: Article) -> Draft:
        """Answer *article* as it is compared now: how much each of its words tells."""
        draft = draft_of(article)
        return Draft(weighed(draft.sketch, self.telling(draft.sketch.lang)), draft.words)

    def alike(self, draft: Draft, also: Collection[StoryId] = ()) -> tuple[Likeness, ...]:
        """Answer the stories that look like an article, and *also* these; the likeliest first.

        Of those that hardly do and nobody asks for, the most likely one.
        """
        vector = vector_of(draft.sketch)
        compared = self._compared(draft.sketch, vector, also)
        scored = scores([each.numbers for each in compared])
        likely = sorted(zip(scored, compared, strict=True), key=lambda each: -each[0])
        return tuple(
            self._likeness(draft, vector, each, score)
            for place, (score, each) in enumerate(likely)
            if not place or score >= _HARDLY or each.story.id in also
        )

    def compared(self, sketch: Sketch, also: Collection[StoryId] = ()) -> tuple[Compared, ...]:
        """Answer the stories that have most in common with *sketch*, in numbers; *also* these.

        Which others are asked for changes nothing of what is found.
        """
        return self._compared(sketch, vector_of(sketch), also)

    def _compared(
        self, sketch: Sketch, vector: Vector, also: Collection[StoryId]
    ) -> tuple[Compared, ...]:
        telling, articles = self.telling(sketch.lang), self._articles
        tells = {term: telling(term) for term in vector.terms}
        having = {term: articles.get(term, 0) for term in vector.terms}
        many = _COMMON * len(self._reports)
        newcomer = Newcomer(
            sketch=sketch,
            vector=vector,
            tells=tells,
            new=sum([w * w for term, w in vector.title.items() if not having[term]]),
            topic=max(having.values(), default=0) / (len(self._reports) or 1),
            common=sum([w * w for term, w in vector.terms.items() if having[term] > many]),
        )
        found = self._found(sketch, vector, tells)
        compared = compare(newcomer, found, self._vector)
        known = {story.id for _, story in found}
        others = [each for each in sorted(also) if each in self._stories and each not in known]
        if others:
            more = [self._opened_with(each) for each in self._ranked(sketch, others)]
            compared += compare(newcomer, [*found, *more], self._vector)[len(found) :]
        return compared

    def members(self, story: StoryId) -> Sequence[ArticleId]:
        """Answer the articles that stand for all of *story*, oldest first; none if it is over."""
        return self._opened(story, _NOTHING).members()[0] if story in self._stories else ()

    def telling(self, lang: str) -> Callable[[int], float]:
        """Answer how much a word of a language tells now, by its number.

        It is the logarithm of how few articles have it.
        """
        articles, shares = self._articles, shares_of(lang)
        total = _SEEN_BEFORE + len(self._reports) + 1

        def tells(term: int) -> float:
            seen = articles.get(term, 0) + _SEEN_BEFORE * shares.get(term, 0.0)
            return math.log(total / (seen + _SEEN_BY_CHANCE))

        return tells

    def takes(self, sketch: Sketch, story: StoryId) -> bool:
        """Answer whether an article may join *story*: it is not over, and no guard forbids it."""
        if story not in self._stories:
            return False
        there = self._opened(story, _NOTHING)
        return (
            self._is_in_time(sketch, story) and guard(sketch, there.facing(sketch.outlet)) is None
        )

    def growth(self, story: StoryId) -> Growth | None:
        """Answer how a story has grown; None if nothing was reported of it lately."""
        there = self._stories.get(story)
        if there is None or isinstance(there, Bundle):
            return self._paces.of(story)
        sketch, alone = self._sketch(there), Paces()
        alone.note(story, [(sketch.outlet, sketch.at)])
        return alone.of(story)

    def has(self, story: StoryId) -> bool:
        """Answer whether something was reported of *story* lately."""
        return story in self._stories

    def put(self, article: ArticleId, story: StoryId, sketch: Sketch) -> None:
        """Have *article* in *story*: as a new one, a revised one, or one that was elsewhere."""
        self.drop(article)
        self._reports[article] = (story, packed(sketch))
        for term in {code & ~KIND for code in codes_of(sketch)}:
            self._articles[term] = self._articles.get(term, 0) + 1
        there = self._stories.get(story)
        weights = weights_of(sketch)
        if there is None:
            self._stories[story] = article
            self._paces.alone(sketch.outlet, 1)
            new, last = [*weights], sketch.at
        else:
            if not isinstance(there, Bundle):
                there = self._stories[story] = self._bundle(there)
            new, last = there.insert(article, sketch, weights), there.last
            self._paces.note(story, there.told())
        for term in new:
            having = self._having.get(term)
            if having is None:
                self._having[term] = array("q", [story])
            else:
                insort(having, story)
        heappush(self._ends, _end(last, story))

    def _bundle(self, article: ArticleId) -> Bundle:
        """Answer a story that *article* was alone in, for more to come."""
        sketch, bundle = self._sketch(article), Bundle()
        bundle.insert(article, sketch, weights_of(sketch))
        self._paces.alone(sketch.outlet, -1)
        return bundle

    def drop(self, article: ArticleId) -> None:
        """Forget *article*, if it is known."""
        if article not in self._reports:
            return
        sketch = self._sketch(article)
        story = self._take_out(article)
        there, weights = self._stories[story], weights_of(sketch)
        if isinstance(there, Bundle):
            gone = there.remove(article, weights)
            self._paces.note(story, there.told())
            heappush(self._ends, _end(there.last, story))
            if len(there.articles) == 1:
                self._leave_alone(story, ArticleId(there.articles[0]))
        else:
            gone = [*weights]
            del self._stories[story]
            self._paces.alone(sketch.outlet, -1)
        for term in gone:
            self._unpost(term, story)

    def _leave_alone(self, story: StoryId, article: ArticleId) -> None:
        """Keep *story* as one that *article* is alone in."""
        self._stories[story] = article
        self._paces.forget(story)
        self._paces.alone(self._sketch(article).outlet, 1)

    def _take_out(self, article: ArticleId) -> StoryId:
        """Forget *article* alone; answer the story that has still to forget it."""
        sketch, (story, _) = self._sketch(article), self._reports.pop(article)
        self._sketches.pop(article, None)
        self._vectors.pop(article, None)
        for term in {code & ~KIND for code in codes_of(sketch)}:
            left = self._articles[term] - 1
            if left:
                self._articles[term] = left
            else:
                del self._articles[term]
        return story

    def expire(self, before: datetime) -> None:
        """Forget the stories of which nothing was reported since *before*."""
        horizon = before.timestamp()
        while self._ends and self._ends[0] >> _STORY_BITS < horizon:
            story = StoryId(heappop(self._ends) & _STORY)
            if story in self._stories and self._last(story) < horizon:
                self._forget(story)

    def _last(self, story: StoryId) -> int:
        there = self._stories[story]
        return there.last if isinstance(there, Bundle) else time_in(self._reports[there][1])

    def _forget(self, story: StoryId) -> None:
        there = self._stories[story]
        if not isinstance(there, Bundle):
            self.drop(there)
            return
        for article in there.articles:
            self._take_out(ArticleId(article))
        for term in there.words:
            self._unpost(term, story)
        del self._stories[story]
        self._paces.forget(story)

    def _found(
        self, sketch: Sketch, vector: Vector, tells: dict[int, float]
    ) -> list[tuple[float, Story]]:
        """Answer the candidates with the cosines of their centres, the most alike first."""
        found: dict[int, float] = {}
        for term, stories in self._asked(vector, found):
            weight = vector.terms[term] * tells[term]
            for story in stories[-_LATEST:]:
                found[story] = found.get(story, 0.0) + weight
        least = sorted(found.values())[-_FOUND:][:1]
        best = sorted([(weight, n) for n, weight in found.items() if [weight] >= least])[-_FOUND:]
        ranked = self._ranked(sketch, (StoryId(number) for _, number in best))
        return [self._opened_with(each) for each in ranked[:_COMPARED]]

    def _ranked(
        self, sketch: Sketch, stories: Iterable[StoryId]
    ) -> list[tuple[float, StoryId, Shared]]:
        """Answer those of *stories* that are in time with their cosines, the most alike first."""
        own = dict.fromkeys([code & ~KIND for code in codes_of(sketch)], 0) | weights_of(sketch)
        in_time = [story for story in stories if self._is_in_time(sketch, story)]
        ranked = [
            (shared.both / (UNIT * math.sqrt(shared.square or 1)), story, shared)
            for story, shared in self._shared(in_time, own)
        ]
        return sorted(ranked, key=lambda each: each[:2], reverse=True)

    def _opened_with(self, ranked: tuple[float, StoryId, Shared]) -> tuple[float, Story]:
        cosine, story, shared = ranked
        return cosine, self._opened(story, shared)

    def _shared(
        self, stories: Sequence[StoryId], own: Mapping[int, int]
    ) -> Iterator[tuple[StoryId, Shared]]:
        """Yield what each of *stories* has in common with an article that has its *own* words."""
        alone: dict[StoryId, bytes] = {}
        for story in stories:
            there = self._stories[story]
            if isinstance(there, Bundle):
                yield story, there.shared(own)
            else:
                alone[story] = self._reports[there][1]
        yield from zip(alone, shared_of(alone.values(), own), strict=True)

    def _asked(self, vector: Vector, found: dict[int, float]) -> "Iterator[tuple[int, array[int]]]":
        """Yield the words to look for, the weightiest first, with the stories that have them."""
        common = max(_FEW, _COMMON * len(self._reports))
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

    def _is_in_time(self, sketch: Sketch, story: StoryId) -> bool:
        """Answer whether something of *story* was reported within the window around an article."""
        at, there = sketch.at, self._stories[story]
        if not isinstance(there, Bundle):
            return abs(at - time_in(self._reports[there][1])) <= _WINDOW_S
        # Between the first and the last report a clock that was wrong may have left a gap.
        return there.is_near(at, _WINDOW_S)

    def _opened(self, story: StoryId, shared: Shared) -> Story:
        """Answer a story as an article is compared with it."""
        there = self._stories[story]
        articles: Sequence[ArticleId]
        sketches: Sequence[Sketch]
        if isinstance(there, Bundle):
            articles, reporters = cast("Sequence[ArticleId]", there.articles), there.outlets
            sketches, first, last = Sketches(articles, self._sketch), there.first, there.last
        else:
            sketch = self._sketch(there)
            articles, sketches, reporters = [there], [sketch], [sketch.outlet]
            first = last = sketch.at
        return Story(
            id=story,
            articles=articles,
            sketches=sketches,
            reporters=reporters,
            centre={word: weight / UNIT for word, weight in shared.sums.items()},
            square=shared.square / UNIT**2,
            first=first,
            last=last,
        )

    def _likeness(self, draft: Draft, vector: Vector, compared: Compared, score: float) -> Likeness:
        story, sketch = compared.story, draft.sketch
        both = self._vector(compared.nearest, self._sketch(compared.nearest)).terms
        weights = vector.terms
        shared = sorted([t for t in weights if t in both], key=lambda t: (-weights[t], t))
        own = sketch.outlet in story.outlets()
        in_common = sum([term in story.centre for term in weights])
        says_little = in_common < (_WORDS_OF_ONE_OUTLET if own else _WORDS_THAT_TELL)
        against = guard(sketch, story.facing(sketch.outlet))
        return Likeness(
            story=story.id,
            score=score,
            nearest=compared.nearest,
            words=tuple([draft.words[term] for term in shared[:_MOST_WORDS_TOLD]]),
            hours=hours_since(sketch.at, story.last),
            same_outlet=own,
            guard=against or (Guard.FEW_WORDS if says_little else None),
        )

    def _sketch(self, article: ArticleId) -> Sketch:
        """Answer what is known of an article; those asked for lately are kept as they are."""
        known = self._sketches.get(article)
        if known is None:
            if len(self._sketches) >= _MOST_KNOWN:
                self._sketches.clear()
            known = self._sketches[article] = unpacked(self._reports[article][1])
        return known

    def _vector(self, article: ArticleId, sketch: Sketch) -> Vector:
        """Answer the words of an article; those asked for lately are kept."""
        known = self._vectors.get(article)
        if known is None:
            if len(self._vectors) >= _MOST_KNOWN:
                self._vectors.clear()
            known = self._vectors[article] = vector_of(sketch)
        return known

    def _unpost(self, term: int, story: StoryId) -> None:
        stories = self._having[term]
        del stories[bisect_left(stories, story)]
        if not stories:
            del self._having[term]


def _end(last: int, story: StoryId) -> int:
    """Answer when a story ends, and which one: in order of time, and smaller than a pair."""
    return last << _STORY_BITS | story
