"""`/failed`: what did not arrive, and what shall become of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitors.alerts.destinations import ADMIN
from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.alerts.showing.presentable import local_time
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.records import OutboxId
from monitors.pipeline.telling.failed import FailedRow
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import asking, pressing, sees_all
from monitors.talking.showing.wording import line

_VERB = "failed"
_DATA = re.compile(
    rf"{_VERB}:(retry|drop|keep|page):([0-9]{{1,18}}|all)(?::([0-9]{{1,4}}))?", re.ASCII
)
_PAGE = 5
_MOST = 200
_TITLE, _CHAT, _WHY = 120, 40, 160
_NONE = "Everything has arrived, or is on its way."
_ELSEWHERE = "I tell that in our own chat only, where nobody else reads along."
_OVER = "That one did not fail, or not any more."
_OFFERED = (
    Command(
        name=_VERB,
        does="What did not arrive, to send it again or drop it",
        example="/failed",
        needs=Role.ADMIN,
        in_groups=False,
    ),
)


@dataclass(slots=True)
class Failures(Commands):
    """Answers `/failed`."""

    store: Store
    in_force: InForce
    clock: Clock

    @property
    def offered(self) -> tuple[Command, ...]:
        """The command."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_VERB: Role.ADMIN}

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer the first page, where nobody else reads it."""
        if not sees_all(asking(asked)):
            return plain(_ELSEWHERE)
        return await self.store.write(lambda ledger: self._listed(ledger, 0))

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Send letters again, drop one, take that back, or turn to a page."""
        found = _DATA.fullmatch(pressed.data)
        if not sees_all(pressing(pressed, role)):
            return Reaction(toast=_ELSEWHERE)
        if found is None:
            return Reaction(toast=OLD_BUTTON)
        act, which, page = found[1], found[2], int(found[3] or 0)
        if which == "all" and act != "retry":
            return Reaction(toast=OLD_BUTTON)
        letters = None if which == "all" else (OutboxId(int(which)),)
        return await self.store.write(
            lambda ledger: self._done(ledger, act, letters, page, pressed.message)
        )

    def _done(
        self,
        ledger: Ledger,
        act: str,
        letters: tuple[OutboxId, ...] | None,
        page: int,
        message: str | None,
    ) -> Reaction:
        dropped = None
        match act:
            case "retry":
                count = ledger.outbox.retry(letters, self.clock())
                toast = f"Trying again: {count:,}." if count else _OVER
            case "drop":
                count = ledger.outbox.drop(letters)
                toast = "Dropped." if count else _OVER
                dropped = letters[0] if letters and count else None
            case "keep":
                kept = letters is not None and ledger.outbox.pick_up(letters[0])
                toast = "It is kept again." if kept else _OVER
            case _:
                toast, page = "", letters[0] if letters else 0
        return Reaction(toast=toast, answer=self._listed(ledger, page, message, dropped))

    def _listed(
        self,
        ledger: Ledger,
        page: int,
        edits: str | None = None,
        dropped: OutboxId | None = None,
    ) -> Answer:
        """Answer a page of what failed; *dropped* was, just now."""
        rows = ledger.outbox.failed(_MOST)
        undo = Button("Undo the drop", f"{_VERB}:keep:{dropped}:{page}")
        if not rows:
            return Answer(runs=(Run(_NONE),), rows=((undo,),) if dropped else (), edits=edits)
        page = min(page, (len(rows) - 1) // _PAGE)
        first = page * _PAGE
        shown = list(enumerate(rows[first : first + _PAGE], first + 1))
        many = f"{len(rows)}{'+' if len(rows) == _MOST else ''} undelivered"
        runs: list[Run] = [Run(many, ("b",))]
        for place, row in shown:
            runs += (Run(f"\n{place}. "), *self._line(row))
        buttons = [
            (
                Button(f"Retry {place}", f"{_VERB}:retry:{row.id}:{page}"),
                Button(f"Drop {place}", f"{_VERB}:drop:{row.id}:{page}"),
            )
            for place, row in shown
        ]
        turning = [Button("Retry all", f"{_VERB}:retry:all")]
        if page:
            turning.insert(0, Button("◂", f"{_VERB}:page:{page - 1}"))
        if first + _PAGE < len(rows):
            turning.append(Button("▸", f"{_VERB}:page:{page + 1}"))
        last = (undo,) if dropped else ()
        below = [row for row in (*buttons, tuple(turning), last) if row]
        return Answer(runs=tuple(runs), rows=tuple(below), edits=edits)

    def _line(self, row: FailedRow) -> list[Run]:
        at = local_time(row.failed_at or row.created_at, self.in_force.book.zone)
        title = line(row.title, _TITLE) or (Run(f"a {row.kind.value}"),)
        runs = [*title, Run(" → "), *line(row.chat.removeprefix(ADMIN), _CHAT, "b")]
        why = row.why or row.state.value
        return [*runs, Run(f": {row.state.value}, "), *line(why, _WHY), Run(f", {at}")]
