"""Gives what people write, press and drop to whoever answers it."""

import asyncio
from collections.abc import Coroutine, Sequence
from difflib import get_close_matches
from functools import partial

import structlog

from monitors.alerts.destinations import EVERYWHERE
from monitors.errors import MonitorsError
from monitors.pipeline.ports import Ledger
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, plain, tell
from monitors.talking.command import (
    Asked,
    Command,
    Commands,
    Lingers,
    Overhears,
    Unpacks,
    command_in,
)
from monitors.talking.events import Events
from monitors.talking.flood import Flood, Verdict
from monitors.talking.heard import Dropped, Heard, Passed, Pressed, Said, Spoken
from monitors.talking.lanes import Lanes
from monitors.talking.ports import TalkPorts
from monitors.talking.roles import Doorkeeper, Refusals, Role, refusal

_MOST_WAITING = 20
_A_MOMENT = 2.0
_STRANGERS = "strangers"  # no number of a user
_FAILED = "That did not work. Press it again."
_BROKEN = "That did not work, because of an error in Newsbell; its log says more."
_HINT = (
    "I take commands. /search and your words looks in what is stored, /addrule and your words from "
    "now on, and /help lists the rest."
)
_FLOOD = (
    "One moment, please: that was too much at once. What you ask next is answered when you have "
    "let a minute pass."
)
_log = structlog.get_logger()


class Conversation:
    """Answers people, as each of them may ask: one by one each person, and all at the same time.

    Args:
        ports: how it hears and answers.
        doorkeeper: knows who may what.
        groups: answer the commands.
        moment: seconds after which somebody who waits is told what is under way.
    """

    def __init__(
        self,
        ports: TalkPorts,
        doorkeeper: Doorkeeper,
        groups: Sequence[Commands],
        moment: float = _A_MOMENT,
    ) -> None:
        self._moment = moment
        self._ears, self._store, self._clock = ports.ears, ports.store, ports.clock
        self._poke = ports.poke
        self._doorkeeper = doorkeeper
        self._refusals, self._hints = Refusals(), Refusals()
        # What is said where the bot has no business takes nothing from what one may ask.
        self._flood, self._chatter = Flood(), Flood()
        self._commands: dict[str, tuple[Command, Commands]] = {
            command.name: (command, group) for group in groups for command in group.offered
        }
        self._verbs = {
            verb: (role, group) for group in groups for verb, role in group.verbs.items()
        }
        self._overhearers = tuple(group for group in groups if isinstance(group, Overhears))
        self._unpackers = tuple(group for group in groups if isinstance(group, Unpacks))
        self._events = Events(ports, doorkeeper, groups)

    @property
    def offered(self) -> tuple[Command, ...]:
        """Every command."""
        return tuple(command for command, _ in self._commands.values())

    async def run(self) -> None:
        """Answer for as long as this is awaited.

        What is asked for is remembered before the next is heard, so that a crash loses nothing,
        and nothing is done twice that Telegram tells twice.
        """
        lanes = Lanes(_MOST_WAITING)
        try:
            await self._events.say_interrupted()
            async for heard in self._ears.heard():
                await self._take(heard, lanes)
            await lanes.idle()
        finally:
            await lanes.stop()

    async def _take(self, heard: Heard, lanes: Lanes) -> None:
        if not isinstance(heard, Said | Pressed | Dropped):
            await self._events.take(heard)
            return
        lane = self._lane(heard)
        if isinstance(heard, Said) and not self._is_for_us(heard):
            if lane == _STRANGERS:
                await self._part(heard, lanes)
                return
            is_answer = await self._is_answer(heard)
            if command_in(heard.text) or not (is_answer or lanes.is_busy(lane)):
                await self._hint(heard, lanes)
                return
        now = self._clock()
        verdict = self._flood.takes(heard, now)
        if verdict is Verdict.TAKE and not lanes.has_room(lane):
            verdict = self._flood.refuses(heard, now)
        if verdict is not Verdict.TAKE:
            if verdict is Verdict.WARN and lane != _STRANGERS:
                await lanes.add(f"warn {lane}", partial(self._warn, heard))
        elif lane == _STRANGERS:
            await lanes.add(lane, partial(self._turn_away, heard))
        elif await self._store.write(lambda ledger: self._begin(ledger, heard)):
            await lanes.add(lane, partial(self._carry_out, heard))

    async def _part(self, said: Said, lanes: Lanes) -> None:
        """Turn away who was asked something before their chat was taken out of rules.yaml."""
        now, place, user = self._clock(), said.place.key, said.user
        if self._chatter.takes(said, now) is not Verdict.TAKE:
            return

        def work(ledger: Ledger) -> bool:
            is_open = ledger.dialogs.at(place, user, now) is not None
            return is_open and ledger.dialogs.close(place, user)

        if await self._store.write(work):
            await lanes.add(_STRANGERS, partial(self._turn_away, said))

    async def _hint(self, said: Said, lanes: Lanes) -> None:
        """Tell a person alone with the bot what there is, but not again and again."""
        if not said.place.is_private or said.text.lstrip().startswith("/"):
            return
        if self._hints.are_due(said.user, self._clock()):
            await lanes.add(f"hint {said.user}", partial(self._say, said, "hint", plain(_HINT)))

    def _lane(self, spoken: Spoken) -> str:
        """Answer behind what it waits: a person's slow commands hold up no quick ones."""
        if not self._doorkeeper.knows(spoken):
            return _STRANGERS
        found = self._wish(spoken) if isinstance(spoken, Said) else None
        is_slow = found and found[0] in self._commands and self._commands[found[0]][0].is_slow
        return f"{spoken.user} slow" if is_slow else spoken.user

    def _is_for_us(self, said: Said) -> bool:
        """Answer whether it is a command; in groups, an unknown one is for another bot."""
        found = self._wish(said)
        return bool(found and (said.place.is_private or found[0] in self._commands))

    def _wish(self, said: Said) -> tuple[str, str] | None:
        """Answer the command that is given or, by a person alone with the bot, meant."""
        found = command_in(said.text)
        if found or not said.place.is_private:
            return found
        meant = (group.meant(said.text) for group in self._overhearers)
        return next(((name, said.text.strip()) for name in meant if name), None)

    async def _is_answer(self, said: Said) -> bool:
        """Answer whether a text belongs to a dialog; its number is noted."""
        now = self._clock()

        def work(ledger: Ledger) -> bool:
            if said.message:
                self._events.note(ledger, Passed(place=said.place, message=said.message))
            return ledger.dialogs.at(said.place.key, said.user, now) is not None

        return await self._store.write(work)

    def _begin(self, ledger: Ledger, spoken: Spoken) -> bool:
        """Remember that something is worked on; answer whether it was not before."""
        place, what = spoken.place.key, "a button that was pressed"
        found = self._wish(spoken) if isinstance(spoken, Said) else None
        if found:
            what = f"/{found[0][:32]}"
        elif not isinstance(spoken, Pressed):
            what = "a file" if isinstance(spoken, Dropped) else "an answer to a question"
        if spoken.message and (found or isinstance(spoken, Dropped)):
            self._events.note(ledger, Passed(place=spoken.place, message=spoken.message))
        return ledger.talks.begin(spoken.key, place, what, self._clock())

    async def _carry_out(self, spoken: Spoken) -> None:
        """Answer somebody who is known; whatever goes wrong, they are told."""
        try:
            match spoken:
                case Pressed():
                    await self._press(spoken)
                case Dropped():
                    await self._unpack(spoken)
                case Said():
                    await self._hear(spoken)
        except MonitorsError:
            await self._has_failed(spoken)
            raise
        except Exception as error:  # noqa: BLE001 -- the outermost frame of an answer
            _log.error("chat.failed", exc_info=error)
            await self._has_failed(spoken)

    async def _has_failed(self, spoken: Spoken) -> None:
        if isinstance(spoken, Pressed):
            await self._say(spoken, "failed", None)
            await self._show(spoken, _FAILED)
        else:
            await self._say(spoken, "failed", plain(_BROKEN))

    async def _hear(self, said: Said) -> None:
        """Answer a command, or what somebody says who was asked for it."""
        found = command_in(said.text)
        if found is None:
            await self._go_on(said)
            return
        name, rest = found
        known = self._commands.get(name)
        if known is None or known[0].ends_dialog:
            await self._store.write(lambda ledger: ledger.dialogs.close(said.place.key, said.user))
        if name not in self._commands:
            await self._say(said, name, await self._unknown(said, name))
            return
        command, group = self._commands[name]
        role = await self._doorkeeper.role(said)
        if role < command.needs:
            await self._say(said, name, self._refused(said, role, command.needs))
            return
        asked = Asked(said=said, role=role, command=name, rest=rest)
        await self._say(said, name, await self._patiently(group, asked, group.answer(asked)))

    async def _go_on(self, said: Said) -> None:
        """Answer what somebody says who was asked something, if they were."""
        now, place, answer = self._clock(), said.place.key, None
        dialog = await self._store.write(lambda ledger: ledger.dialogs.at(place, said.user, now))
        if dialog and dialog.command in self._commands:
            command, group = self._commands[dialog.command]
            role = await self._doorkeeper.role(said)
            if role >= command.needs:
                asked = Asked(said=said, role=role, command=command.name, rest=said.text.strip())
                answer = await self._patiently(group, asked, group.go_on(asked, dialog))
            else:
                await self._store.write(lambda ledger: ledger.dialogs.close(place, said.user))
                answer = self._refused(said, role, command.needs)
        elif dialog is None and (wish := self._wish(said)):
            answer = await self._carry_out_unnamed(said, *wish)
        await self._say(said, "dialog", answer)

    async def _carry_out_unnamed(self, said: Said, name: str, rest: str) -> Answer | None:
        """Answer a command that is meant; nothing to those who may not give it."""
        command, group = self._commands[name]
        role = await self._doorkeeper.role(said)
        if role < command.needs:
            return None
        asked = Asked(said=said, role=role, command=name, rest=rest)
        return await self._patiently(group, asked, group.answer(asked))

    async def _patiently(
        self, group: Commands, asked: Asked, work: Coroutine[object, object, Answer | None]
    ) -> Answer | None:
        """Answer what *work* does; who waits for long is told meanwhile that it goes on."""
        if not isinstance(group, Lingers):
            return await work
        task = asyncio.create_task(work)
        try:
            done, _ = await asyncio.wait({task}, timeout=self._moment)
            if not done:
                await self._say(asked.said, asked.command, group.under_way(asked), done=False)
            return await task
        finally:
            task.cancel()

    async def _unpack(self, dropped: Dropped) -> None:
        """Give a file to who takes it."""
        role = await self._doorkeeper.role(dropped)
        for group in self._unpackers:
            answer = await group.dropped(dropped, role)
            if answer:
                await self._say(dropped, "file", answer)
                return
        await self._say(dropped, "file", None)

    async def _turn_away(self, spoken: Spoken) -> None:
        """Tell a stranger once that they are one."""
        if isinstance(spoken, Pressed):
            await self._ears.answer(spoken, refusal(Role.READER, spoken.user))
        elif isinstance(spoken, Said) or spoken.place.is_private:
            found = command_in(spoken.text)
            is_known = found is None or found[0] in self._commands
            if is_known and self._refusals.are_due(spoken.user, self._clock()):
                await self._say(spoken, "refused", plain(refusal(Role.READER, spoken.user)))

    def _refused(self, said: Said, role: Role, needed: Role) -> Answer | None:
        """Answer somebody who may not, but not again and again."""
        because = needed if role > Role.STRANGER else Role.READER
        # Who was told so somewhere else has not been told so here.
        who = f"{said.user} {said.place.chat}" if role > Role.STRANGER else said.user
        due = self._refusals.are_due(who, self._clock())
        return plain(refusal(because, said.user)) if due else None

    async def _unknown(self, said: Said, name: str) -> Answer | None:
        """Answer a command that there is not."""
        if await self._doorkeeper.role(said) is Role.STRANGER:
            return None
        near = get_close_matches(name, self._commands, n=1)
        hint = f" Did you mean /{near[0]}?" if near else ""
        return plain(f"There is no command /{name[:32]}.{hint}")

    async def _warn(self, spoken: Spoken) -> None:
        """Say once that it is too much."""
        _log.warning("chat.flood", user=spoken.user, chat=spoken.place.chat)
        if isinstance(spoken, Pressed):
            await self._show(spoken, _FLOOD)
        else:
            await self._say(spoken, "flood", plain(_FLOOD))

    async def _press(self, pressed: Pressed) -> None:
        """Do what a button is for."""
        reaction = await self._react(pressed)
        await self._say(pressed, "button", reaction.answer, done=reaction.later is None)
        if reaction.answer is None:
            await self._poke()  # it may have changed the buttons
        await self._show(pressed, reaction.toast)
        if reaction.later is None:
            return
        try:
            answer = await reaction.later()
        except Exception:
            await self._say(pressed, "failed", plain(_BROKEN))
            raise
        await self._say(pressed, "button", answer)

    async def _show(self, pressed: Pressed, toast: str) -> None:
        """Answer whoever pressed a button, unless Telegram is to be left alone."""
        now = self._clock()
        if EVERYWHERE not in await self._store.write(lambda ledger: ledger.outbox.holds(now)):
            await self._ears.answer(pressed, toast)

    async def _react(self, pressed: Pressed) -> Reaction:
        verb = pressed.data.partition(":")[0]
        if verb not in self._verbs:
            return Reaction(toast=OLD_BUTTON)
        needed, group = self._verbs[verb]
        role = await self._doorkeeper.role(pressed)
        if role < needed:
            # Who reads a channel of rules.yaml may only read it.
            because = max(needed, Role.OWNER) if self._doorkeeper.knows(pressed) else needed
            return Reaction(toast=refusal(because, pressed.user))
        return await group.press(pressed, role)

    async def _say(
        self, spoken: Spoken, command: str, answer: Answer | None, *, done: bool = True
    ) -> None:
        """Put an answer into the outbox; what was asked counts as *done* in the same moment."""
        now = self._clock()

        def work(ledger: Ledger) -> None:
            if done:
                ledger.talks.finish(spoken.key)
            if answer:
                tell(ledger, spoken.place, answer, now)

        await self._store.write(work)
        if answer:
            _log.info("chat.answered", command=command, user=spoken.user)
            await self._poke()
