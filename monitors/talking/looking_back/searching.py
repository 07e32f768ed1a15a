"""`/search`: the stored articles that hold what a person looks for, page by page."""

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from itertools import islice
from typing import TypeVar

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.alerts.showing.presentable import local_time
from monitors.language.problems import Problem
from monitors.pipeline.backtest import Backtest, Flagged
from monitors.pipeline.dialogs import Dialog
from monitors.pipeline.ports import Ledger, Store
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, Rows, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.commands.awaiting import await_words, stop_waiting
from monitors.talking.feeds_talk.offers import Offers, wish_in
from monitors.talking.heard import Pressed
from monitors.talking.looking_back.nearest_words import nearest_words
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import Person, asking, concerning, pressing
from monitors.talking.rules_talk.previews import report
from monitors.talking.rules_talk.trial import PATIENCE, Trial, Understood
from monitors.talking.showing.paging import Page, page_beyond, page_number, turning
from monitors.talking.showing.wording import CONDITION_UNITS, code, joined, line, mistake, said

T = TypeVar("T")
_VERB = "search"
_SIZE = 5
_LONGEST = 1_000  # characters of what is looked for
_MOST_PAGES = 100
_RULE_UNITS, _RULES_SHOWN = 60, 3
_WINDOWS = {"24h": timedelta(hours=24), "7d": timedelta(days=7), "30d": timedelta(days=30)}
_FIRST = "7d"
_USAGE = (
    "Write /search and what you look for in the stored articles, or answer this message with it: "
    'words, or a condition as rules have it.\nFor example: /search AUKUS AND "Pillar 2"'
)
_OFFERED = (
    Command(
        name="search",
        does="Look for something in the stored articles",
        example='/search AUKUS AND "Pillar 2"',
        needs=Role.READER,
        is_slow=True,
    ),
)


@dataclass(frozen=True, slots=True)
class _Found:
    """An article that was found; *rules* are the names of those that held for it."""

    flagged: Flagged
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Findings:
    """What was found in time.

    Attributes:
        page: of articles.
        stored: how many articles there are within the window.
        looked: how many of them were looked at, where there was no time for all.
        near: articles that lack one part only, if none was found.
        words: those that no article has, each with words that some have.
    """

    page: Page[_Found]
    stored: int
    looked: int | None
    near: tuple[tuple[Run, ...], ...] = ()
    words: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class _Query:
    """What is looked for, in which *window*; *number* is that of the message that asked."""

    text: str
    number: str
    window: str = _FIRST
    page: int = 0


@dataclass(slots=True)
class Searcher(Commands):
    """Answers `/search`.

    Attributes:
        trial: understands what is looked for, and has the stored articles.
    """

    trial: Trial
    store: Store

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_VERB: Role.READER}

    @property
    def _offers(self) -> Offers:
        return Offers(_VERB, self.store, self.trial.clock)

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer the first page of what is found."""
        text = said(asked.rest)[:_LONGEST]
        if not text:
            await await_words(self.store, asked.said, _OFFERED[0].name, self.trial.clock())
            return plain(_USAGE)
        query = _Query(text, asked.said.message or "0")
        await self._offers.keep(asked.said.place, query.number, json.dumps(text))
        return await self._answer(query, asking(asked), None)

    async def go_on(self, asked: Asked, dialog: Dialog) -> Answer | None:
        """Look for what somebody writes who was asked for it."""
        del dialog
        await stop_waiting(self.store, asked.said)
        return await self.answer(asked)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Turn to a page, or look further back."""
        wish = wish_in(pressed.data)
        state = await self._offers.at(pressed.place, wish.number) if wish else None
        page = page_number(wish.more) if wish else None
        if wish is None or state is None or page is None or wish.what not in _WINDOWS:
            return Reaction(toast=OLD_BUTTON)
        query = _Query(json.loads(state), wish.number, wish.what, min(page, _MOST_PAGES))
        person = pressing(pressed, role)
        return Reaction(later=partial(self._answer, query, person, pressed.message))

    async def _answer(self, query: _Query, person: Person, edits: str | None) -> Answer:
        understood = await self.trial.understand(query.text)
        if isinstance(understood, Problem):
            runs = (Run("That cannot be understood:\n"), *mistake(understood, query.text))
            return Answer(runs=runs, edits=edits)
        rules = concerning(self.trial.in_force.book, person)
        concerned = frozenset(str(rule.name) for rule in rules)
        findings = await self._search(understood, query, concerned)
        runs = self._shown(query, findings)
        return Answer(runs=runs, rows=_rows(query, findings.page), edits=edits)

    async def _search(
        self, understood: Understood, query: _Query, concerned: frozenset[str]
    ) -> _Findings:
        clock = self.trial.clock
        now = clock()

        def work(ledger: Ledger) -> _Findings:
            test = Backtest(
                ledger.search,
                understood.condition,
                understood.entities,
                since=now - _WINDOWS[query.window],
                until=now,
            )
            watch = _Watch(clock, now + PATIENCE)
            found = test.flagged(watch.over)
            first = query.page * _SIZE
            rows = list(islice(found, first, first + _SIZE + 1))
            if rows or query.page:
                shown = [_Found(row, _held(ledger, row, concerned)) for row in rows]
                page = page_beyond(shown, query.page, _SIZE)
                return _Findings(page, test.stored, watch.looked)
            near = test.nearest(_SIZE) if watch.is_time() else ()
            missed = tuple(
                (*report(one.article, one.why.evidence), *_lacking(one.why.missing)) for one in near
            )
            words = nearest_words(ledger.search, understood.condition) if watch.is_time() else ()
            page = page_beyond((), 0, _SIZE)
            return _Findings(page, test.stored, watch.looked, missed, words)

        return await self.trial.archive.look(work)

    def _shown(self, query: _Query, found: _Findings) -> tuple[Run, ...]:
        zone = self.trial.in_force.book.zone
        runs = [
            Run("Search: "),
            *code(query.text, CONDITION_UNITS),
            Run(f"\n{_over(query, found)}"),
        ]
        for row in found.page.rows:
            article = row.flagged.article
            at = local_time(article.seen_at, zone)
            runs += (Run("\n\n• "), *report(article, row.flagged.evidence), Run(f", {at}"))
            if row.rules:
                names = (line(name, _RULE_UNITS, "i") for name in row.rules[:_RULES_SHOWN])
                runs += (Run("\n  ✓ "), *joined(names, ", "))
        for word, others in found.words:
            runs += (Run("\nNo article has "), *line(word, _RULE_UNITS, "b"), Run("."))
            if others:
                runs += (Run(" Some have: "), *line(", ".join(others), 3 * _RULE_UNITS))
        if found.near:
            runs.append(Run("\n\nOnly just not:"))
        for each in found.near:
            runs += (Run("\n• "), *each)
        return tuple(runs)


class _Watch:
    """Looks at the clock between two articles."""

    def __init__(self, clock: Callable[[], datetime], until: datetime) -> None:
        self._clock, self._until = clock, until
        self._count, self._was_cut = 0, False

    @property
    def looked(self) -> int | None:
        """How many articles were looked at, where there was no time for all."""
        return self._count if self._was_cut else None

    def is_time(self) -> bool:
        """Answer whether there is time left."""
        return self._clock() < self._until

    def over(self, articles: Iterable[T], _: int) -> Iterator[T]:
        """Yield *articles* for as long as there is time."""
        for article in articles:
            if not self.is_time():
                self._was_cut = True
                return
            self._count += 1
            yield article


def _held(ledger: Ledger, found: Flagged, concerned: Collection[str]) -> tuple[str, ...]:
    """Answer those of the rules *concerned* that held for an article."""
    return tuple(name for name in ledger.stories.holding(found.id) if name in concerned)


def _lacking(missing: tuple[str, ...]) -> tuple[Run, ...]:
    if not missing:
        return ()
    return (Run(" — no "), *line(missing[0], _RULE_UNITS, "b"))


def _over(query: _Query, found: _Findings) -> str:
    span = {"24h": "24 hours", "7d": "7 days", "30d": "30 days"}[query.window]
    if found.page.rows:
        told = f"Last {span}{found.page.range}"
    else:
        told = f"Last {span}: {'no more' if query.page else 'nothing'}"
    if found.looked is not None:
        return f"{told}. There was time for the newest {found.looked:,} candidates only."
    stored = f"{found.stored:,} stored article{'' if found.stored == 1 else 's'}"
    return told if found.page.rows else f"{told} in {stored}."


def _rows(query: _Query, page: Page[_Found]) -> Rows:
    before = f"{_VERB}:{query.number}"
    windows = tuple(
        Button(f"• {_label(name)}" if name == query.window else _label(name), f"{before}:{name}:0")
        for name in _WINDOWS
    )
    turns = turning(page, f"{before}:{query.window}")
    return (turns, windows) if turns else (windows,)


def _label(window: str) -> str:
    return f"{window[:-1]} {window[-1]}"
