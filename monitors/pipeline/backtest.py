"""What a condition would have found in the stored articles, and what it only just missed.

The store's words say which articles can be concerned, and the engine which of them are. Where
the words alone decide, no article has to be read in order to be counted.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import chain, islice
from typing import TypeAlias, TypeVar

from monitors.language.expression import And, Expression, Scoped, parts_of
from monitors.matching.explaining import Explanation
from monitors.matching.needs import banned, decides, needs
from monitors.pipeline.records import Hit
from monitors.pipeline.rows import SearchRows
from monitors.rules.matcher import Match, Matcher
from monitors.rules.rulebook import Rule, Rulebook, RuleName
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.terms.entity import Entity
from monitors.terms.evidence import Evidence
from monitors.terms.wanted import FACTS

T = TypeVar("T")
Watch: TypeAlias = Callable[[Iterable[T], int], Iterable[T]]
"""Answers what it is given, of which there are that many, and may show how far it has come."""

_MOST_EXPLAINED = 1_000
_MOST_PARTS = 8
_MOST_NEAR = 20  # articles that each lack the same part, of which the newest will do


@dataclass(frozen=True, slots=True, kw_only=True)
class Flagged:
    """A stored article for which the condition holds."""

    id: ArticleId
    story: StoryId
    article: Article
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NearMiss:
    """A stored article that lacks one part of the condition only.

    Attributes:
        nearly: what stands there instead, a line each.
    """

    id: ArticleId
    article: Article
    why: Explanation
    nearly: tuple[str, ...]


@dataclass(slots=True)
class Failing:
    """Which parts fail in how many of the *articles* that were looked at."""

    articles: int = 0
    missing: Counter[str] = field(default_factory=Counter)
    left_out_by: Counter[str] = field(default_factory=Counter)

    def add(self, why: Explanation, times: int) -> None:
        """Count that in some articles the condition fails for the same reason."""
        self.articles += times
        self.missing.update(dict.fromkeys(why.missing, times))
        self.left_out_by.update(dict.fromkeys(why.left_out_by, times))


def _unwatched(items: Iterable[T], _: int) -> Iterable[T]:
    return items


class Backtest:
    """A condition, asked of the articles seen since a moment.

    Attributes:
        stored: how many articles that are.
        until: when it is asked.
    """

    def __init__(
        self,
        search: SearchRows,
        condition: Expression,
        entities: Collection[Entity],
        *,
        since: datetime,
        until: datetime,
    ) -> None:
        self._search = search
        self._condition = condition
        self._since = since
        self._entities = {entity.name: entity for entity in entities}
        self._needs = needs(condition, self._entities)
        self._banned = banned(condition, self._entities)
        rule = Rule(name=RuleName("tried"), match="", condition=condition, send_to=())
        self._matcher = Matcher(Rulebook(digest="", entities=tuple(entities), rules=(rule,)))
        self.until = until
        self.stored = search.count(since)

    def flagged(self, watch: Watch[tuple[ArticleId, StoryId, Article]]) -> Iterator[Flagged]:
        """Yield the articles for which it holds, the newest first."""
        candidates = self._search.articles(self._needs, self._since, without=self._banned)
        for number, story, article in watch(candidates, self._candidates):
            for match in self._matcher.match(article):
                yield _flagged(number, story, article, match)

    def findings(
        self,
        most_stories: int,
        watch: Watch[tuple[ArticleId, StoryId, Article]],
        watch_hits: Watch[Hit] = _unwatched,
    ) -> tuple[list[Hit], list[Flagged]]:
        """Answer all articles for which it holds, and the newest one of the newest stories.

        Args:
            most_stories: how many.
            watch: of the articles that are read.
            watch_hits: of those that are counted only, as the words alone decide.
        """
        hits: list[Hit] = []
        if self._decided:
            counted = self._search.hits(self._needs, self._since, without=self._banned)
            hits.extend(watch_hits(counted, self._candidates))
        shown: dict[StoryId, Flagged] = {}
        for found in self.flagged(watch):
            if len(shown) < most_stories:
                shown.setdefault(found.story, found)
            elif self._decided:
                break
            if not self._decided:
                hits.append(_hit(found))
        return hits, list(shown.values())

    def nearest(self, most: int) -> list[NearMiss]:
        """Answer articles that lack one part only, the newest first."""
        found: dict[ArticleId, tuple[Article, Explanation]] = {}
        for number, _, article in self._nearly():
            if number in found:
                continue
            why = self._matcher.explain(self._condition, article)
            if len(why.missing) + len(why.left_out_by) == 1:
                found[number] = article, why
        return [
            NearMiss(
                id=number,
                article=found[number][0],
                why=found[number][1],
                nearly=self._matcher.nearly(self._condition, found[number][0]),
            )
            for number in sorted(found, reverse=True)[:most]
        ]

    def failing(self) -> Failing:
        """Answer why it holds for no article, which is so.

        Where too many have something that it looks for, only the newest of those are asked.
        """
        failing = Failing()
        sought = _words_of(self._condition, self._entities)
        touched = (sought,) if sought is not None else ()
        found = self._search.articles(touched, self._since, _MOST_EXPLAINED)
        for _, _, article in found:
            failing.add(self._matcher.explain(self._condition, article), 1)
        if failing.articles < min(_MOST_EXPLAINED, self.stored):
            # To the others, which have none of the words, one answer fits.
            blank = _blank(self._since)
            failing.add(
                self._matcher.explain(self._condition, blank), self.stored - failing.articles
            )
        return failing

    @cached_property
    def _decided(self) -> bool:
        return decides(self._condition, self._entities)

    @cached_property
    def _candidates(self) -> int:
        return self._search.count(self._since, self._needs, without=self._banned)

    def _nearly(self) -> Iterator[tuple[ArticleId, StoryId, Article]]:
        """Yield articles that may lack one part only: all words are there, or all but its own."""
        if self._needs and (self._banned or not self._decided):
            yield from self._search.articles(self._needs, self._since, _MOST_NEAR)
        parts = self._condition.parts if isinstance(self._condition, And) else ()
        needed = [need for part in parts if (need := needs(part, self._entities))]
        for left in islice(range(len(needed)), _MOST_PARTS):
            rest = tuple(chain.from_iterable(needed[:left] + needed[left + 1 :]))
            if rest:
                yield from self._search.articles(rest, self._since, _MOST_NEAR)


def _flagged(number: ArticleId, story: StoryId, article: Article, match: Match) -> Flagged:
    return Flagged(id=number, story=story, article=article, evidence=match.evidence)


def _hit(found: Flagged) -> Hit:
    article = found.article
    return Hit(article=found.id, story=found.story, outlet=article.outlet, seen_at=article.seen_at)


def _words_of(expression: Expression, entities: dict[str, Entity]) -> frozenset[str] | None:
    """Answer words without any of which no term of *expression* is found; None if it has none."""
    if isinstance(expression, Scoped) and expression.name in FACTS:
        return None
    inside = parts_of(expression)
    if not inside:
        needed = needs(expression, entities)
        return frozenset().union(*needed) if needed else None
    words: frozenset[str] = frozenset()
    for part in inside:
        more = _words_of(part, entities)
        if more is None:
            return None
        words |= more
    return words


def _blank(moment: datetime) -> Article:
    return Article(
        identity="", url=None, link=None, outlet="", title="", published_at=moment, seen_at=moment
    )
