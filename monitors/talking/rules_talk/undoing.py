"""`/undo` goes back one edit of rules.yaml, and `/cancel` ends a talk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from monitors.pipeline.history.records import ChangeId
from monitors.pipeline.ports import Store
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import asking, pressing
from monitors.talking.rules_talk.proposing import Proposals

_VERB = "undo"
_DATA = re.compile(rf"{_VERB}:([0-9]{{1,18}})", re.ASCII)
_NOT_YOURS = (
    "The last edit of rules.yaml is not yours, so only those who look after this Newsbell can go "
    "back. Change your rule instead: /rules"
)
_NOTHING = (
    "There is nothing to cancel: no question of mine waits for your words. A change that is shown "
    "with buttons is made only if you press."
)
_OFFERED = (
    Command(
        name="undo",
        does="Go back one edit of the rules",
        example="/undo",
        needs=Role.OWNER,
    ),
    Command(
        name="cancel",
        does="End what I am asking you",
        example="/cancel",
        needs=Role.READER,
        ends_dialog=False,
    ),
)


@dataclass(slots=True)
class Undoer(Commands):
    """Answers `/undo` and `/cancel`.

    Attributes:
        proposals: shows what going back changes.
        store: the dialogs.
    """

    proposals: Proposals
    store: Store

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_VERB: Role.OWNER}

    async def answer(self, asked: Asked) -> Answer | None:
        """Show what going back changes, or end a talk."""
        if asked.command == "cancel":
            place, user = asked.said.place.key, asked.said.user
            had = await self.store.write(lambda ledger: ledger.dialogs.close(place, user))
            if had:
                return plain("Cancelled: nothing was changed.")
            return plain(_NOTHING)
        return await self.proposals.back(asking(asked)) or plain(_NOT_YOURS)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Show what undoing a change changes."""
        found = _DATA.fullmatch(pressed.data)
        if found is None:
            return Reaction(toast=OLD_BUTTON)
        answer = await self.proposals.back(pressing(pressed, role), ChangeId(int(found[1])))
        return Reaction(answer=answer) if answer else Reaction(toast=_NOT_YOURS)
