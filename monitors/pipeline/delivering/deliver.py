"""Delivers what is due in the outbox: one letter at a time to each chat."""

from dataclasses import dataclass, replace
from datetime import timedelta

import structlog

from monitors.alerts.delivery import (
    DeliveryOutcome,
    InDoubt,
    Refused,
    TargetGone,
)
from monitors.alerts.destinations import destination_key
from monitors.pipeline.book import InForce
from monitors.pipeline.delivering.settle import MOST_DOUBTS, settle
from monitors.pipeline.ports import Chance, Clock, Messenger, Store
from monitors.pipeline.records import Kind, Letter, Settled, State
from monitors.pipeline.slots import Slots
from monitors.rules.rulebook import Destination, Telegram, Terminal

AT_ONCE = 16
ADMIN = "admin:"
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class DeliveryPorts:
    """What delivering needs."""

    store: Store
    messenger: Messenger
    clock: Clock
    chance: Chance


class Deliverer:
    """Sends due letters, a bounded number at once, one at a time to each chat."""

    def __init__(self, ports: DeliveryPorts, in_force: InForce) -> None:
        self._ports = ports
        self._in_force = in_force
        self.slots = Slots(AT_ONCE)
        self._stopping = False

    async def stop(self, *, grace: float) -> None:
        """Begin no more; let what is on its way arrive within *grace* seconds."""
        self._stopping = True
        await self.slots.stop(grace=grace)

    async def recover(self) -> None:
        """Take up the outbox after a start: what was on its way is in doubt."""
        now = self._ports.clock()
        doubtful = await self._ports.store.write(lambda ledger: ledger.outbox.recover(now))
        await self._ports.store.write(lambda ledger: ledger.outbox.unpark(None))
        if doubtful:
            say = f"{doubtful} messages were on their way when Newsbell stopped: sent again, marked"
            _log.warning("outbox.recovered", in_doubt=doubtful, say=say)

    async def unpark(self) -> None:
        """Try again what chats would not take, but not what may have arrived often enough."""
        await self._ports.store.write(lambda ledger: ledger.outbox.unpark(MOST_DOUBTS))

    async def tick(self) -> int:
        """Begin the deliveries that are due; answer how many."""
        if self._stopping:
            return 0
        return await self.slots.fill(self._claim, self._deliver)

    async def _claim(self, limit: int) -> tuple[Letter, ...]:
        now = self._ports.clock()
        return await self._ports.store.write(lambda ledger: ledger.outbox.claim(now, limit))

    async def _deliver(self, letter: Letter) -> None:
        destination = self._destination(letter.chat)
        started = self._ports.clock()
        outcome = await self._outcome(letter, destination)
        now = self._ports.clock()
        settled = settle(
            letter, outcome, destination or Terminal(), now=now, chance=self._ports.chance()
        )
        took_ms = round((now - started) / timedelta(milliseconds=1))
        await self._ports.store.write(
            lambda ledger: ledger.outbox.settle(letter, settled, now, took_ms)
        )
        log = _log.info if settled.state is State.SENT else _log.warning
        log(
            f"{letter.kind.value}.delivered",
            chat=letter.chat,
            outbox=letter.id,
            outcome=settled.outcome,
            why=settled.why,
            took_ms=took_ms,
            say=_sentence(letter, settled),
        )
        await self.tick()  # the next one to this chat need not wait for its tick

    async def _outcome(self, letter: Letter, destination: Destination | None) -> DeliveryOutcome:
        if destination is None:
            return Refused(f"there is no chat {letter.chat} in rules.yaml")
        if letter.destination != destination_key(destination):
            if letter.message_id:
                return TargetGone("the chat has another address now")
            letter = without_earlier(letter)
        book = self._in_force.book
        chat = book.chats.get(letter.chat)
        zone = (chat.timezone if chat else None) or book.zone
        if chat:
            letter = replace(letter, preview=chat.preview, silent=chat.silent)
        try:
            return await self._ports.messenger.deliver(letter, destination, zone)
        except Exception:  # noqa: BLE001 -- the outermost frame of a delivery
            # The letter would be on its way for ever, and the chat's others behind it.
            _log.exception("delivery.failed", chat=letter.chat, outbox=letter.id)
            return InDoubt("sending it failed in a way that Newsbell does not know")

    def _destination(self, name: str) -> Destination | None:
        if name.startswith(ADMIN):
            chat_id, _, topic = name.removeprefix(ADMIN).partition(":")
            return Telegram(chat_id=chat_id, topic=int(topic) if topic else None)
        chat = self._in_force.book.chats.get(name)
        return chat.destination if chat else None


def without_earlier(letter: Letter) -> Letter:
    """Answer *letter* for a chat that does not show what it replies to."""
    content = letter.content and replace(letter.content, earlier=None)
    return replace(letter, reply_to=None, content=content)


def _sentence(letter: Letter, settled: Settled) -> str | None:
    """Answer what the terminal says of an attempt, if anything."""
    if settled.state is State.PARKED:
        refuses, kept = (
            ("does not take messages", "They are kept, and")
            if settled.whole_chat
            else ("did not take a message", "It is kept, and is")
        )
        return (
            f"{letter.chat} {refuses}: {settled.why}. {kept} tried again when rules.yaml changes "
            "or Newsbell starts."
        )
    if settled.why and letter.attempt == 1 and letter.kind is not Kind.REVISION:
        return f"{letter.chat}: {settled.why}; trying again"
    return None
