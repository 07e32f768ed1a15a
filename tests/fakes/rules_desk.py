"""A desk whose people talk with the bot about rules: a real store, and rules.yaml in memory.

Ann has a chat of her own; Bob looks after the group `desk`, where Eve only reads; Mia looks after
this Newsbell. What they say and press goes where the conversation would take it.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from monitors.adapters.sqlite.database import SqliteStore
from monitors.language.problems import Problem
from monitors.pipeline.book import InForce, open_book
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.history.records import Author, Origin
from monitors.pipeline.ports import Ledger
from monitors.rules.document import read_rulebook
from monitors.rules.editing.edits import Edit, digest_of
from monitors.rules.entities import NoPacks
from monitors.rules.rulebook import Rulebook
from monitors.talking.answer import Answer, Reaction
from monitors.talking.command import Asked, Commands, command_in
from monitors.talking.heard import Place, Pressed, Said
from monitors.talking.roles import Doorkeeper, Role
from monitors.talking.rules_talk.adding_rules import RuleAdder
from monitors.talking.rules_talk.drafting import Drafts
from monitors.talking.rules_talk.editing_rules import RuleChanger
from monitors.talking.rules_talk.hushing import Hush
from monitors.talking.rules_talk.proposing import Proposals
from monitors.talking.rules_talk.rules_list import RulesList
from monitors.talking.rules_talk.trial import Trial
from monitors.talking.rules_talk.trying import Tryer
from monitors.talking.rules_talk.undoing import Undoer
from tests.fakes.editors_desk import EditorsDesk
from tests.fakes.stand_ins import START

T = TypeVar("T")
ANN, BOB, EVE, MIA, STRANGER = "42", "43", "45", "44", "99"
GROUP = "-1001"
TO_ANN, TO_MIA, TO_DESK = Place(chat=ANN), Place(chat=MIA), Place(chat=GROUP)
RULES = """\
# Ours
entities:
  pillar-2: [Pillar 2, Pillar II]
rules:
  - match: AUKUS AND @pillar-2  # mind the pact
    name: AUKUS Pillar 2
    send_to: [desk]
  - match: ship
    send_to: [ann]
  - match: ferry
    send_to: [ann, desk]
chats:
  ann: {telegram: 42}
  desk: {telegram: -1001}
"""


class RulesText:
    """rules.yaml in memory, which somebody else may edit and which may be read-only."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.refused: Problem | None = None

    def read(self) -> str | Problem:
        return self.text

    def replace(self, text: str, expected: str) -> Problem | None:
        if digest_of(self.text) != expected:
            return Problem(message="the file was changed meanwhile")
        self.text = text
        return None

    def refusal(self) -> Problem | None:
        return self.refused


class _Group:
    """Bob looks after the desk."""

    async def administers(self, chat: str, user: str) -> bool:
        return (chat, user) == (GROUP, BOB)


class _Archive:
    """The store, which is looked into by its writer: it is in memory."""

    def __init__(self, store: SqliteStore) -> None:
        self._store = store

    async def look(self, work: Callable[[Ledger], T]) -> T:
        return await self._store.write(work)


class RulesDesk:
    """Who answers people about rules, and what they say."""

    def __init__(self, text: str = RULES) -> None:
        self.file = RulesText(text)
        self.newsroom = EditorsDesk(self._book())
        self.store: SqliteStore = self.newsroom.store
        self.clock = self.newsroom.clock
        self.in_force = InForce(self.newsroom.book)
        self.editor = Editor(
            file=self.file,
            store=self.store,
            clock=self.clock,
            networks=(),
            packs=NoPacks(),
            reload=self._reload,
            pause_s=0,
        )
        self._messages = 1_000
        self.restarts()
        asyncio.run(self.editor.noticed())

    def restarts(self) -> None:
        """Make everybody who answers anew, on the same store."""
        self.door = Doorkeeper(self.in_force, (MIA,), _Group())
        self.groups = self._groups()
        offered = [(command, group) for group in self.groups for command in group.offered]
        self._commands = {command.name: (command, group) for command, group in offered}
        self._verbs = {
            verb: (role, group) for group in self.groups for verb, role in group.verbs.items()
        }

    def _groups(self) -> tuple[Commands, ...]:
        trial = Trial(
            archive=_Archive(self.store),
            in_force=self.in_force,
            entities=lambda _: (),
            clock=self.clock,
        )
        proposals = Proposals(
            editor=self.editor,
            in_force=self.in_force,
            store=self.store,
            clock=self.clock,
            file="rules.yaml",
        )
        drafts = Drafts(
            trial=trial,
            proposals=proposals,
            in_force=self.in_force,
            store=self.store,
            clock=self.clock,
        )
        hush = Hush(self.in_force, self.store, self.clock)
        changer = RuleChanger(drafts=drafts, hush=hush)
        listed = RulesList(
            in_force=self.in_force,
            store=self.store,
            clock=self.clock,
            trial=trial,
            proposals=proposals,
            changer=changer,
        )
        undoer = Undoer(proposals=proposals, store=self.store)
        adder, tryer = RuleAdder(drafts=drafts), Tryer(trial=trial, store=self.store)
        return (listed, adder, drafts, changer, tryer, undoer, proposals)

    def says(self, user: str, place: Place, text: str, **more: Any) -> Answer | None:
        """Answer what the bot answers; None if it keeps silent or refuses."""
        said = Said(user=user, place=place, text=text, name=f"Person {user}", **more)
        return asyncio.run(self._hear(said))

    async def _hear(self, said: Said) -> Answer | None:
        role = await self.door.role(said)
        found = command_in(said.text)
        if found:
            name, rest = found
            command, group = self._commands[name]
            if command.ends_dialog:
                await self.store.write(lambda each: each.dialogs.close(said.place.key, said.user))
            asked = Asked(said=said, role=role, command=name, rest=rest)
            return await group.answer(asked) if role >= command.needs else None
        now = self.clock()
        dialog = await self.store.write(
            lambda ledger: ledger.dialogs.at(said.place.key, said.user, now)
        )
        if dialog is None:
            return None
        command, group = self._commands[dialog.command]
        asked = Asked(said=said, role=role, command=command.name, rest=said.text.strip())
        return await group.go_on(asked, dialog) if role >= command.needs else None

    def presses(self, user: str, place: Place, data: str, message: str = "7") -> Reaction:
        """Answer what happens when *user* presses a button with *data*."""
        return asyncio.run(self._press(_pressed(user, place, data, message)))

    def press_at_once(
        self, users: Sequence[str], place: Place, data: str, message: str = "7"
    ) -> list[Reaction]:
        """Answer what happens when several *users* press the same button in the same moment."""

        async def press() -> list[Reaction]:
            pressed = [_pressed(user, place, data, message) for user in users]
            return await asyncio.gather(*map(self._press, pressed))

        return asyncio.run(press())

    async def _press(self, pressed: Pressed) -> Reaction:
        role = await self.door.role(pressed)
        needed, group = self._verbs[pressed.data.partition(":")[0]]
        if role < needed:
            return Reaction(toast=f"needs {needed.name}")
        return await group.press(pressed, role)

    def role(self, user: str, place: Place) -> Role:
        """Answer what *user* is at *place*."""
        return asyncio.run(self.door.role(Said(user=user, place=place, text="")))

    def edits(self, edit: Edit) -> None:
        """Have somebody else change rules.yaml through Newsbell."""
        who = Author(origin=Origin.COMMAND_LINE)
        done = asyncio.run(self.editor.at_once(edit, who))
        assert not isinstance(done, Problem), done

    def by_hand(self, text: str) -> None:
        """Have somebody edit the file by hand, and Newsbell notice it."""
        self.file.text = text
        asyncio.run(self._reload())

    def publishes(self, title: str, **more: Any) -> None:
        """Take in an article of another outlet."""
        self.newsroom.book = self.in_force.book
        self.newsroom.publishes(title, **more)

    async def _reload(self) -> None:
        self.in_force.book = self._book()

    def _book(self) -> Any:
        rulebook = read_rulebook(self.file.text)
        assert isinstance(rulebook, Rulebook), rulebook
        return open_book(rulebook, START.tzinfo)

    def closes(self) -> None:
        """End everything."""
        self.store.close()


def _pressed(user: str, place: Place, data: str, message: str) -> Pressed:
    name = f"Person {user}"
    return Pressed(query="q", user=user, place=place, data=data, name=name, message=message)


def data_of(answer: Answer | None, label: str) -> str:
    """Answer the data of the button called *label*."""
    assert answer is not None, "the bot kept silent"
    found = {button.label: button.data for row in answer.rows for button in row}
    assert label in found, found
    return found[label]
