"""Takes note of what happens to chats, and whether people are heard."""

from collections.abc import Sequence

import structlog

from monitors.alerts.destinations import ADMIN, peer_of
from monitors.pipeline.ports import Ledger
from monitors.talking.answer import Answer, tell
from monitors.talking.command import Commands, Greets
from monitors.talking.heard import Admitted, Deaf, Expelled, Hears, Migrated, Passed, Place
from monitors.talking.ports import TalkPorts
from monitors.talking.roles import Doorkeeper, Role, chats_at

Event = Passed | Admitted | Expelled | Migrated | Deaf | Hears
_log = structlog.get_logger()


class Events:
    """Tells those whom it concerns of what nobody has said.

    Args:
        ports: what a conversation needs.
        doorkeeper: knows who may what.
        groups: some of them greet.
    """

    def __init__(
        self, ports: TalkPorts, doorkeeper: Doorkeeper, groups: Sequence[Commands]
    ) -> None:
        self._store, self._clock = ports.store, ports.clock
        self._poke, self._moved = ports.poke, ports.moved
        self._doorkeeper = doorkeeper
        self._greeters = tuple(group for group in groups if isinstance(group, Greets))

    async def take(self, event: Event) -> None:
        """Do what an event asks for."""
        match event:
            case Passed():
                if chats_at(self._doorkeeper.in_force.book, event.place):
                    await self._store.write(lambda ledger: self.note(ledger, event))
            case Admitted():
                await self._admitted(event)
            case Expelled():
                say = f"The bot may not write to {_named(event)} now: {event.why}"
                _log.warning("chat.expelled", chat=event.place.chat, why=event.why, say=say)
            case Migrated():
                await self._migrated(event)
            case Deaf():
                await self._deaf(event)
            case Hears():
                now = self._clock()
                await self._store.write(lambda ledger: ledger.talks.troubled(None, now))
                _log.info("telegram.heard", say="What people write to the bot is heard again")

    def note(self, ledger: Ledger, passed: Passed) -> None:
        """Take note of the number of a message."""
        if passed.message.isdecimal():
            ledger.outbox.saw(passed.place.chat, int(passed.message))

    async def say_interrupted(self) -> None:
        """Begin anew: tell people what was begun for them and not ended."""
        now = self._clock()

        def work(ledger: Ledger) -> int:
            ledger.talks.troubled(None, now)
            rows = ledger.talks.interrupted()
            for row in rows:
                text = (
                    f"Newsbell was stopped while it worked on {row.what}. Look whether that was "
                    "done, and ask again if not."
                )
                ledger.outbox.notify([ADMIN + row.place], text, now)
            return len(rows)

        if await self._store.write(work):
            await self._poke()

    async def _admitted(self, event: Admitted) -> None:
        chat = event.place.chat
        _log.info("chat.admitted", chat=chat, user=event.user)
        await self._store.write(lambda ledger: ledger.outbox.let_in(chat))
        if event.is_new and not chats_at(self._doorkeeper.in_force.book, event.place):
            await self._greet(event)
        await self._poke()

    async def _greet(self, event: Admitted) -> None:
        """Say what to do next, if it was an administrator who has let the bot in."""
        if event.place.is_private or await self._doorkeeper.role(event) is not Role.ADMIN:
            return
        for group in self._greeters:
            answer = await group.admitted(event)
            if answer:
                await self._tell(event.place, answer)
                return

    async def _tell(self, place: Place, answer: Answer) -> None:
        now = self._clock()
        await self._store.write(lambda ledger: tell(ledger, place, answer, now))

    async def _migrated(self, event: Migrated) -> None:
        now = self._clock()
        say = f"The group {event.old} is {event.new} now"
        _log.info("chat.migrated", old=event.old, new=event.new, say=say)
        await self._store.write(lambda ledger: ledger.outbox.move(event.old, event.new, now))
        chats = self._doorkeeper.in_force.book.chats.values()
        if event.old in {peer_of(chat.destination) for chat in chats}:
            # At once: until then, those who write there are strangers.
            await self._moved(event.old, event.new)

    async def _deaf(self, event: Deaf) -> None:
        """Remember it for those who look; tell administrators what only they can mend."""
        now, why = self._clock(), event.why
        admins = [ADMIN + admin for admin in self._doorkeeper.admins]
        _log.warning("telegram.deaf", why=why, say=why)

        def work(ledger: Ledger) -> None:
            ledger.talks.troubled(why, now)
            if event.for_admins:
                ledger.outbox.notify(admins, why, now)

        await self._store.write(work)
        if event.for_admins:
            await self._poke()


def _named(event: Expelled) -> str:
    return event.place.name or event.place.chat
