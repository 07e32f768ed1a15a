"""Changes of rules.yaml that are shown first, and made when somebody presses the button."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.language.problems import Problem
from monitors.pipeline.book import InForce
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.editing.outcomes import Applied, Conflict
from monitors.pipeline.history.records import Asked as AskedFor
from monitors.pipeline.history.records import Author, Change, ChangeId, GoBack, Proposal, ProposalId
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.rules.editing.edits import AddChat, AddRule, Edit, ReplaceMatch
from monitors.rules.editing.wording import words_of
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction
from monitors.talking.command import Commands
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role, refusal
from monitors.talking.rules_talk.belonging import Person, may_ask_for, pressing, sees_all
from monitors.talking.showing.wording import changed_lines, line, mistake, told

_QUICKER = "Somebody was quicker: that is done, or given up."
ADDING, EDITING = "addrule", "editrule"
_VERB = "edit"
_DATA = re.compile(rf"{_VERB}:(yes|no):([0-9]{{1,18}})", re.ASCII)
_WHOLE = 1_300  # units, of a difference
_HALF = 700  # of each of two in one message
_LONGEST_WHAT = 200


@dataclass(slots=True)
class Proposals(Commands):
    """Shows what an edit changes, and makes it when its button is pressed.

    Attributes:
        editor: of rules.yaml.
        in_force: the rulebook, which says who may what.
        store: the dialogs.
        file: what rules.yaml is called.
    """

    editor: Editor
    in_force: InForce
    store: Store
    clock: Clock
    file: str

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_VERB: Role.OWNER}

    async def ask(
        self, edit: Edit, person: Person, *, edits: str | None = None, head: str = ""
    ) -> Answer:
        """Answer what *edit* would change, with the buttons that make it or give it up.

        Args:
            edit: what is asked for; *person* may ask for it.
            person: who asks.
            edits: number of the message that becomes this.
            head: what stands above the change.
        """
        done = await self.editor.propose(edit, person.author)
        if isinstance(done, Problem):
            return Answer(runs=self._not_done(done, edit), edits=edits)
        what = line(words_of(edit), _LONGEST_WHAT, "b")
        above = (
            (Run(head),) if head else (Run("Not written yet: "), *what, Run(f". In {self.file}:"))
        )
        return Answer(
            runs=(*above, Run("\n"), *_seen_by(person, done.diff)),
            rows=_rows(done.id),
            edits=edits,
        )

    async def back(
        self, person: Person, change: ChangeId | None = None, *, edits: str | None = None
    ) -> Answer | None:
        """Answer what going back one step would change; None if *person* may not do that."""
        done = await self.editor.undo(person.author, change)
        if isinstance(done, Problem):
            return Answer(runs=self._not_done(done, None), edits=edits)
        proposal = await self.editor.proposal(done.id)
        found = await self._change(proposal.asked if proposal else None)
        if found is None or not may_ask_for(self.in_force.book, person, GoBack(found.id), found):
            await self.editor.withdraw(done.id)
            return None
        head = (
            Run("The last step was: "),
            *line(found.what, _LONGEST_WHAT, "b"),
            Run(f"\nBy {_who(found.author)}, "),
            Run(f"{found.at.astimezone(self.in_force.book.zone):%Y-%m-%d %H:%M}"),
            Run(".\nGoing back changes:\n"),
        )
        return Answer(
            runs=(*head, *_seen_by(person, done.diff)),
            rows=_rows(done.id, "Go back"),
            edits=edits,
        )

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Make a change, or give it up."""
        person, found = pressing(pressed, role), _DATA.fullmatch(pressed.data)
        known = await self.editor.proposal(ProposalId(int(found[2]))) if found else None
        if found is None or known is None or known.author.place != person.place.key:
            return Reaction(toast=OLD_BUTTON)
        change = await self._change(known.asked)
        if not may_ask_for(self.in_force.book, person, known.asked, change):
            return Reaction(toast=refusal(Role.ADMIN, person.user))
        if found[1] == "no":
            await self.editor.withdraw(known.id)
            await self._settle(person, known.asked)
            runs = (Run("Given up: nothing was changed."),)
            return Reaction(toast="Given up.", answer=Answer(runs=runs, edits=pressed.message))
        return await self._apply(known, person, pressed.message)

    async def _apply(self, known: Proposal, person: Person, message: str | None) -> Reaction:
        done = await self.editor.apply(known.id, person.author)
        if isinstance(done, Applied):
            await self._settle(person, known.asked)
            return Reaction(toast="Done.", answer=_done(done, person, message))
        if isinstance(done, Problem) and await self.editor.proposal(known.id) is None:
            return Reaction(toast=_QUICKER)
        if isinstance(done, Conflict):
            answer = await self._overtaken(done, person, message)
        else:
            answer = Answer(runs=self._not_done(done, known.asked), edits=message)
        return Reaction(toast="Nothing was changed.", answer=answer)

    async def _overtaken(self, found: Conflict, person: Person, edits: str | None) -> Answer:
        """Answer both versions, and what would change in the file as it is now."""
        asked = found.asked
        if isinstance(asked, GoBack):
            again = await self.editor.undo(person.author, asked.change)
        else:
            again = await self.editor.propose(asked, person.author)
        runs = [
            Run(f"Nothing was changed: {self.file} was edited meanwhile. That edit:\n"),
            *_seen_by(person, found.theirs, _HALF),
        ]
        if isinstance(again, Problem):
            runs += (
                Run("\nYours was:\n"),
                *_seen_by(person, found.ours, _HALF),
                Run("\n"),
            )
            return Answer(runs=(*runs, *told(again)), edits=edits)
        runs += (
            Run("\nYours, in the file as it is now:\n"),
            *_seen_by(person, again.diff, _HALF),
        )
        return Answer(runs=tuple(runs), rows=_rows(again.id), edits=edits)

    def _not_done(self, problem: Problem, asked: AskedFor | None) -> tuple[Run, ...]:
        head = Run("Nothing was changed. ")
        if isinstance(asked, AddRule | ReplaceMatch) and (problem.line, problem.column) != (1, 1):
            return (head, Run("\n"), *mistake(problem, asked.match))
        at = "" if (problem.line, problem.column) == (1, 1) else f"{problem.line}: "
        return (head, Run(f"{self.file}: {at}"), *told(problem))

    async def _change(self, asked: AskedFor | None) -> Change | None:
        if not isinstance(asked, GoBack):
            return None
        return await self.store.write(lambda ledger: ledger.history.change(asked.change))

    async def _settle(self, person: Person, asked: AskedFor) -> None:
        """End the talk about a rule, if *person* is asked about one, and it is not still needed."""
        if isinstance(asked, AddChat):
            return
        now, place = self.clock(), person.place.key

        def work(ledger: Ledger) -> None:
            dialog = ledger.dialogs.at(place, person.user, now)
            if dialog and dialog.command in (ADDING, EDITING):
                ledger.dialogs.close(place, person.user)

        await self.store.write(work)


def undo_button(change: ChangeId) -> Button:
    """Answer the button that goes back to before *change*."""
    return Button("Undo", f"undo:{change}")


def _seen_by(person: Person, diff: Sequence[str], most: int = _WHOLE) -> tuple[Run, ...]:
    """Answer what goes and comes; what stands around it may be others' and is for few."""
    if not sees_all(person):
        diff = [each for each in diff if not each.startswith("  ")]
    return changed_lines(diff, most)


def _rows(proposal: ProposalId, label: str = "Write it") -> tuple[tuple[Button, ...], ...]:
    yes = Button(label, f"{_VERB}:yes:{proposal}")
    return ((yes, Button("Cancel", f"{_VERB}:no:{proposal}")),)


def _done(done: Applied, person: Person, edits: str | None) -> Answer:
    what = line(done.what, _LONGEST_WHAT, "b")
    return Answer(
        runs=(
            Run("Done, and in force: "),
            *what,
            Run(".\n"),
            *_seen_by(person, done.diff),
        ),
        rows=((undo_button(done.change),),),
        edits=edits,
    )


def _who(author: Author) -> str:
    said = "".join(run.text for run in line(author.name, 80))
    if author.user:
        return said or f"user {author.user}"
    return {"file": "somebody who edited the file", "telegram": "Telegram"}.get(
        author.origin.value, f"the {author.origin.value}"
    )
