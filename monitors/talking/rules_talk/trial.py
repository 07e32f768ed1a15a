"""What a condition would have found in the stored articles, within the patience of a chat."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Protocol, TypeVar

from monitors.language.expression import EntityName, Expression, terms
from monitors.language.grammar import parse
from monitors.language.printing import to_text
from monitors.language.problems import Problem, problem_at
from monitors.pipeline.backtest import Backtest, Flagged, NearMiss
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Clock, Ledger
from monitors.rules.lint import Linter
from monitors.rules.values import nearest
from monitors.terms.entity import Entity

T = TypeVar("T")
WINDOW = timedelta(days=7)
PATIENCE = timedelta(seconds=2)
AT_A_PRESS = timedelta(milliseconds=700)
"""Who presses a button is answered within a second."""
_TO_COUNT = 0.7  # of the patience; the rest is for reading what is shown
_MOST_SHOWN, _MOST_NEAR, _MOST_ADVICE = 5, 3, 3
_MOST_READ = 30  # pieces of advice, of which several may be the same


class Archive(Protocol):
    """The store, as one who only reads looks into it, beside the writer and the event loop."""

    def look(self, work: Callable[[Ledger], T]) -> Awaitable[T]:
        """Answer what *work* answers; it changes nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understood:
    """A condition, with the entities that are known for it."""

    text: str
    condition: Expression
    entities: tuple[Entity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """What a condition would have flagged.

    Attributes:
        stories: how many, in which something holds.
        outlets: how many report of them.
        stored: how many articles were seen within the window.
        looked: how many of them were read, where there was no time for all.
        shown: of the newest stories one article each.
        near: articles that lack one part only.
        advice: what there is to say of the condition, with how to mend it.
    """

    stories: int
    outlets: int
    stored: int
    looked: int | None
    shown: tuple[Flagged, ...]
    near: tuple[NearMiss, ...]
    advice: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Understands conditions and tries them.

    Attributes:
        archive: the stored articles.
        in_force: the rulebook.
        entities: answers entities of packs that no rule names yet, by name; slow.
    """

    archive: Archive
    in_force: InForce
    entities: Callable[[Sequence[str]], Sequence[Entity]]
    clock: Clock

    async def understand(self, text: str) -> Understood | Problem:
        """Answer the condition that *text*, in one line, is; or what is wrong with it."""
        condition = parse(text)
        if isinstance(condition, Problem):
            return condition
        known = {entity.name: entity for entity in self.in_force.book.rulebook.entities}
        wanted = [term for term in terms(condition) if isinstance(term, EntityName)]
        if strange := [term.name for term in wanted if term.name not in known]:
            more = await asyncio.to_thread(self.entities, strange)
            known |= {entity.name: entity for entity in more}
        for term in wanted:
            if term.name not in known:
                meant = nearest(term.name, known)
                hint = f"Did you mean {to_text(EntityName(meant))}?" if meant else None
                hint = hint or "Write its names instead, in quotation marks, with OR between them."
                return problem_at(text, term.at, f"there is no entity @{term.name}", hint)
        return Understood(text=text, condition=condition, entities=tuple(known.values()))

    async def of(self, asked: Understood, patience: timedelta = PATIENCE) -> Tried:
        """Answer what *asked* would have flagged in the last days, as far as there is time."""
        now = self.clock()
        tags = {tag for feed in self.in_force.book.rulebook.feeds for tag in feed.tags}

        def work(ledger: Ledger) -> Tried:
            test = Backtest(
                ledger.search, asked.condition, asked.entities, since=now - WINDOW, until=now
            )
            remarks = Linter(asked.entities, tags).remarks(asked.text, asked.condition)
            told = dict.fromkeys(
                f"{one.message}. {one.hint}" for one in islice(remarks, _MOST_READ)
            )
            advice = islice(told, _MOST_ADVICE)
            return _tried(test, lambda part: self.clock() - now < patience * part, tuple(advice))

        return await self.archive.look(work)


def _tried(test: Backtest, is_time: Callable[[float], bool], advice: tuple[str, ...]) -> Tried:
    """Answer what *test* finds; *is_time* says whether that part of the patience is not over."""
    count = _Watch(lambda: is_time(_TO_COUNT))
    read = _Watch(lambda: is_time(1))
    hits, shown = test.findings(_MOST_SHOWN, read, count)
    cut = next((watch.looked for watch in (count, read) if watch.is_cut), None)
    return Tried(
        stories=len({hit.story for hit in hits}),
        outlets=len({hit.outlet for hit in hits}),
        stored=test.stored,
        looked=cut,
        shown=tuple(shown),
        near=tuple(test.nearest(_MOST_NEAR)) if is_time(1) else (),
        advice=advice,
    )


@dataclass(slots=True)
class _Watch:
    """Lets through what there is time for, and knows whether that was all."""

    is_time: Callable[[], bool]
    looked: int = 0
    is_cut: bool = False

    def __call__(self, items: Iterable[T], _: int) -> Iterator[T]:
        """Yield *items* as long as there is time."""
        for item in items:
            if not self.is_time():
                self.is_cut = True
                return
            self.looked += 1
            yield item
