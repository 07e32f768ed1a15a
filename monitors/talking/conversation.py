"""Gives what people write and press to whoever answers it."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import structlog

from monitors.pipeline.ports import Clock, Store
from monitors.pipeline.slots import Slots
from monitors.talking.answer import Answer, Reaction, plain, tell
from monitors.talking.command import Asked, Command, Commands, command_in
from monitors.talking.heard import Heard, Pressed, Said
from monitors.talking.ports import Ears
from monitors.talking.roles import Doorkeeper, Refusals, Role, refusal

_SLOW_AT_ONCE = 4
_FAILED = "That did not work. Press it again."
_OLD = "This button is too old, or not of this chat."
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TalkPorts:
    """What a conversation needs.

    Attributes:
        ears: hears people.
        store: where answers are put into the outbox.
        poke: has the outbox looked at now.
    """

    ears: Ears
    store: Store
    clock: Clock
    poke: Callable[[], Awaitable[object]]


class Conversation:
    """Answers people, as each of them may ask.

    Args:
        ports: how it hears and answers.
        doorkeeper: knows who may what.
        groups: answer the commands.
    """

    def __init__(
        self, ports: TalkPorts, doorkeeper: Doorkeeper, groups: Sequence[Commands]
    ) -> None:
        self._ears, self._store, self._clock = ports.ears, ports.store, ports.clock
        self._poke = ports.poke
        self._doorkeeper = doorkeeper
        self._refusals = Refusals()
        self._commands: dict[str, tuple[Command, Commands]] = {
            command.name: (command, group) for group in groups for command in group.offered
        }
        self._verbs = {
            verb: (role, group) for group in groups for verb, role in group.verbs.items()
        }
        self._slow = Slots(_SLOW_AT_ONCE)

    async def run(self) -> None:
        """Answer for as long as this is awaited."""
        try:
            async for heard in self._ears.heard():
                if isinstance(heard, Pressed):
                    await self._press(heard)
                else:
                    await self._hear(heard)
        finally:
            await self._slow.stop(grace=0)

    async def _hear(self, said: Said) -> None:
        """Answer a command, or what somebody says who was asked for it."""
        found = command_in(said.text)
        if found is None:
            await self._go_on(said)
            return
        name, rest = found
        await self._store.write(lambda ledger: ledger.dialogs.close(said.place.key, said.user))
        if name not in self._commands:
            await self._say(said, name, await self._unknown(said, name))
            return
        command, group = self._commands[name]
        role = await self._doorkeeper.role(said)
        if role < command.needs:
            await self._refuse(said, name, role, command.needs)
            return
        asked = Asked(said=said, role=role, command=name, rest=rest)
        if command.is_slow:
            if not self._slow.free:
                await self._slow.idle()
            self._slow.start(self._answer(asked, group), name)
        else:
            await self._answer(asked, group)

    async def _go_on(self, said: Said) -> None:
        """Answer what somebody says who was asked something, if they were."""
        now, place = self._clock(), said.place.key
        dialog = await self._store.write(lambda ledger: ledger.dialogs.at(place, said.user, now))
        if dialog is None or dialog.command not in self._commands:
            return
        command, group = self._commands[dialog.command]
        role = await self._doorkeeper.role(said)
        if role < command.needs:
            return
        asked = Asked(said=said, role=role, command=command.name, rest=said.text.strip())
        await self._say(said, command.name, await group.go_on(asked, dialog))

    async def _answer(self, asked: Asked, group: Commands) -> None:
        await self._say(asked.said, asked.command, await group.answer(asked))

    async def _refuse(self, said: Said, name: str, role: Role, needed: Role) -> None:
        """Say that they may not, but not again and again."""
        if self._refusals.are_due(said.user, self._clock()):
            because = needed if role > Role.STRANGER else Role.READER
            await self._say(said, name, plain(refusal(because, said.user)))

    async def _unknown(self, said: Said, name: str) -> Answer | None:
        """Answer a command that there is not; in groups it may be for somebody else."""
        if not said.place.is_private or await self._doorkeeper.role(said) is Role.STRANGER:
            return None
        near = get_close_matches(name, self._commands, n=1)
        hint = f" Did you mean /{near[0]}?" if near else ""
        return plain(f"There is no command /{name[:32]}.{hint}")

    async def _press(self, pressed: Pressed) -> None:
        """Do what a button is for; whoever pressed it is always answered."""
        reaction = Reaction(toast=_FAILED)
        try:
            reaction = await self._react(pressed)
            await self._say(pressed, "button", reaction.answer)
        finally:
            await self._ears.answer(pressed, reaction.toast)

    async def _react(self, pressed: Pressed) -> Reaction:
        verb = pressed.data.partition(":")[0]
        if verb not in self._verbs:
            return Reaction(toast=_OLD)
        needed, group = self._verbs[verb]
        role = await self._doorkeeper.role(pressed)
        if role < needed:
            return Reaction(toast=refusal(needed, pressed.user))
        return await group.press(pressed, role)

    async def _say(self, heard: Heard, command: str, answer: Answer | None) -> None:
        if answer is None:
            return
        now = self._clock()
        await self._store.write(lambda ledger: tell(ledger, heard.place, answer, now))
        _log.info("chat.answered", command=command, user=heard.user)
        await self._poke()
