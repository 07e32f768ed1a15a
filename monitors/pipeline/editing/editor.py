"""Changes rules.yaml for people: shows first, applies what was shown, and goes back."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field

import structlog

from monitors.language.problems import Problem
from monitors.pipeline.editing.outcomes import Applied, Conflict, Proposed
from monitors.pipeline.editing.remembering import foreign, remember
from monitors.pipeline.editing.rules_text import RulesText
from monitors.pipeline.history.records import (
    MOST_CHANGES,
    Asked,
    Author,
    Change,
    ChangeId,
    GoBack,
    Origin,
    Proposal,
    ProposalId,
    Step,
)
from monitors.pipeline.history.steps import next_back
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.rules.document import read
from monitors.rules.editing.carrying_out import edited_and_checked
from monitors.rules.editing.difference import difference
from monitors.rules.editing.edits import Edit, MoveChat, digest_of
from monitors.rules.editing.splicing import MARK
from monitors.rules.editing.wording import words_of
from monitors.rules.entities import Packs
from monitors.rules.values import Network

_MOST_WARNINGS = 10
_ATTEMPTS = 5
_TELEGRAM = Author(origin=Origin.TELEGRAM)
_GONE = Problem(message="this was settled already, or is too old", hint="Ask for it again.")
_OVERTAKEN = Problem(message="the file changes all the time", hint="Try again later.")
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Planned:
    """A text that is to replace another, and how that is remembered."""

    step: Step
    diff: tuple[str, ...]
    warnings: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Editor:
    """Edits rules.yaml, and remembers how it came to say what it says.

    Attributes:
        file: rules.yaml; not the object that watches for changes, which remembers its reads.
        networks, packs: as for `read_rulebook`.
        reload: puts what the file says in force.
        pause_s: seconds between two looks that have to agree on what somebody else has saved.
        quietly: is entered for work that makes very many objects, in another thread.
    """

    file: RulesText
    store: Store
    clock: Clock
    networks: Sequence[Network]
    packs: Packs
    reload: Callable[[], Awaitable[object]]
    pause_s: float = 0.5
    quietly: Callable[[], AbstractContextManager[None]] = nullcontext
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def propose(self, edit: Edit, who: Author) -> Proposed | Problem:
        """Answer what *edit* would change, and remember it until it is applied."""
        if refusal := await asyncio.to_thread(self.file.refusal):
            return refusal
        text = await asyncio.to_thread(self.file.read)
        if isinstance(text, Problem):
            return text
        return await self._proposed(text, edit, who)

    async def undo(self, who: Author, change: ChangeId | None = None) -> Proposed | Problem:
        """Answer what going back one step would change, and remember it until it is applied.

        Args:
            who: asks for it.
            change: that is undone, if it is the last one; None means the last one that counts.
                To undo what undid something is to do that again.
        """
        if refusal := await asyncio.to_thread(self.file.refusal):
            return refusal
        await self.noticed()
        text = await asyncio.to_thread(self.file.read)
        if isinstance(text, Problem):
            return text
        found = await self.store.write(lambda ledger: _to_undo(ledger, change))
        if found is None:
            return Problem(message="there is nothing to undo")
        return await self._proposed(text, GoBack(found.id), who)

    async def proposal(self, proposal: ProposalId) -> Proposal | None:
        """Answer a proposal that can be applied: who asked, for what, and where."""
        now = self.clock()
        return await self.store.write(lambda ledger: ledger.history.proposal(proposal, now))

    async def withdraw(self, proposal: ProposalId) -> None:
        """Give a proposal up."""
        await self.store.write(lambda ledger: ledger.history.settle(proposal))

    async def apply(self, proposal: ProposalId, who: Author) -> Applied | Conflict | Problem:
        """Carry out a proposal of the place where *who* is, if the file is still the same.

        Whoever calls this has made sure that *who* may do what was asked for.
        """
        async with self._turn:
            known = await self.proposal(proposal)
            if known is None or known.author.place != who.place:
                return _GONE
            return await self._applied(known, who)

    async def at_once(self, edit: Edit, who: Author) -> Applied | Problem:
        """Carry out *edit* without asking, on whatever the file says."""
        async with self._turn:
            for _ in range(_ATTEMPTS):
                text = await asyncio.to_thread(self.file.read)
                if isinstance(text, Problem):
                    return text
                planned = await self._planned(text, edit)
                if isinstance(planned, Problem):
                    return planned
                done = await self._written(planned, who)
                if isinstance(done, Applied) or await asyncio.to_thread(self.file.read) == text:
                    return done
            return _OVERTAKEN

    async def moved(self, old: str, new: str) -> Applied | Problem:
        """Write the *new* number of a group that Telegram has moved instead of the *old* one."""
        return await self.at_once(MoveChat(old=old, new=new), _TELEGRAM)

    async def noticed(self) -> Change | None:
        """Remember it if the file was edited by somebody else; answer that change, if any.

        A file that is just being saved is left for the next look.
        """
        async with self._turn:
            text = await asyncio.to_thread(self.file.read)
            if isinstance(text, Problem):
                return None
            newest = await self.store.write(lambda ledger: ledger.history.changes(1))
            if newest and newest[0].after != digest_of(text):
                await asyncio.sleep(self.pause_s)
                if await asyncio.to_thread(self.file.read) != text:
                    return None
            now = self.clock()
            found = await self.store.write(lambda ledger: foreign(ledger, text, now))
        if found is None:
            return None
        change = await self.store.write(lambda ledger: ledger.history.change(found))
        if change and change.before:
            say = "rules.yaml was edited by hand"
            _log.info("rules.edited", change=found, by=change.author.origin.value, say=say)
        return change

    async def _applied(self, known: Proposal, who: Author) -> Applied | Conflict | Problem:
        text = await asyncio.to_thread(self.file.read)
        if isinstance(text, str) and digest_of(text) == known.digest:
            planned = await self._planned(text, known.asked)
            if isinstance(planned, Problem):
                return planned
            done = await self._written(planned, who, known.id)
            text = await asyncio.to_thread(self.file.read)
            unchanged = isinstance(text, str) and digest_of(text) == known.digest
            if isinstance(done, Applied) or unchanged:
                return done
        return text if isinstance(text, Problem) else await self._conflict(known, text)

    async def _written(
        self, planned: _Planned, who: Author, proposal: ProposalId | None = None
    ) -> Applied | Problem:
        """Put what is *planned* into the file and in force, or answer why that cannot be."""
        step = planned.step
        assert step.before is not None, "it was read from the file"
        problem = await asyncio.to_thread(self.file.replace, step.after, digest_of(step.before))
        if problem:
            return problem
        applied = await self._remember(planned, who, proposal)
        await self.reload()
        return applied

    async def _proposed(self, text: str, asked: Asked, who: Author) -> Proposed | Problem:
        planned = await self._planned(text, asked, advise=True)
        if isinstance(planned, Problem):
            return await asyncio.to_thread(self._mistake, text) or planned
        now = self.clock()
        number = await self.store.write(
            lambda ledger: ledger.history.propose(asked, who, text, now)
        )
        what = planned.step.what
        return Proposed(id=number, what=what, diff=planned.diff, warnings=planned.warnings)

    def _mistake(self, text: str) -> Problem | None:
        """Answer what is wrong with the file itself, which nobody shall take for their own."""
        with self.quietly():
            found = read(text.removeprefix(MARK), networks=self.networks, packs=self.packs)
        if found.rulebook is not None or not found.problems:
            return None
        first = found.problems[0]
        where = f"{first.file or 'the file'} has a mistake in line {first.line:,}"
        return Problem(message=f"{where}: {first.message}", hint=first.hint)

    async def _planned(
        self, text: str, asked: Asked, *, advise: bool = False
    ) -> _Planned | Problem:
        """Answer what is to become of *text*, or why that cannot be."""
        if isinstance(asked, GoBack):
            return await self._planned_back(text, asked, advise=advise)

        def work() -> _Planned | Problem:
            with self.quietly():
                return self._edited(text, asked, advise=advise)

        return await asyncio.to_thread(work)

    def _edited(self, text: str, edit: Edit, *, advise: bool) -> _Planned | Problem:
        done = edited_and_checked(
            text, edit, networks=self.networks, packs=self.packs, advise=advise
        )
        if isinstance(done, Problem):
            return done
        step = Step(what=words_of(edit), before=text, after=done.text, renamed=done.renamed)
        return _planned(step, done.warnings)

    async def _planned_back(self, text: str, asked: GoBack, *, advise: bool) -> _Planned | Problem:
        def work(ledger: Ledger) -> tuple[Change | None, str | None]:
            change = ledger.history.change(asked.change)
            before = change.before if change else None
            return change, ledger.history.text(before) if before else None

        change, before = await self.store.write(work)
        if change is None or before is None:
            return Problem(message="how the file was before is not kept any more")
        if digest_of(text) != change.after:
            hint = "Undo the later changes first."
            return Problem(message="the file has changed since", hint=hint)
        renamed = (change.renamed[1], change.renamed[0]) if change.renamed else None
        what = f"undid: {change.what}" if change.undoes is None else _again(change.what)
        step = Step(what=what, before=text, after=before, undoes=change.id, renamed=renamed)

        def look() -> _Planned:
            with self.quietly():
                found = read(before, networks=self.networks, packs=self.packs) if advise else None
                return _planned(step, found.problems if found else ())

        return await asyncio.to_thread(look)

    async def _conflict(self, known: Proposal, text: str) -> Conflict | Problem:
        base = await self.store.write(lambda ledger: ledger.history.text(known.digest))
        await self.withdraw(known.id)
        if base is None:
            return _GONE
        planned = await self._planned(base, known.asked)
        ours = () if isinstance(planned, Problem) else planned.diff
        theirs = await asyncio.to_thread(difference, base, text)
        return Conflict(theirs=theirs, ours=ours, asked=known.asked)

    async def _remember(
        self, planned: _Planned, who: Author, proposal: ProposalId | None
    ) -> Applied:
        now = self.clock()

        def work(ledger: Ledger) -> ChangeId:
            if proposal is not None:
                ledger.history.settle(proposal)
            return remember(ledger, planned.step, who, now)

        change = await self.store.write(work)
        what = planned.step.what
        _log.info(
            "rules.edited", change=change, user=who.user, what=what, say=f"rules.yaml: {what}"
        )
        return Applied(change=change, what=what, diff=planned.diff)


def _planned(step: Step, warnings: Sequence[Problem]) -> _Planned:
    assert step.before is not None, "it was read from the file"
    diff = difference(step.before, step.after)
    return _Planned(step, diff, tuple(warnings[:_MOST_WARNINGS]))


def _again(what: str) -> str:
    """Answer what is done again where *what* undid it."""
    return f"did again: {what.removeprefix('undid: ')}"


def _to_undo(ledger: Ledger, change: ChangeId | None) -> Change | None:
    """Answer the change that is to be undone; one is nothing without what was before."""
    if change is not None:
        return ledger.history.change(change)
    found = next_back(ledger.history.changes(MOST_CHANGES))
    return found if found and found.before else None
