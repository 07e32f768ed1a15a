"""Delivers what is due in the outbox: one letter at a time to each peer."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

import structlog

from monitors.alerts.delivery import (
    DeliveryOutcome,
    DoubtPolicy,
    InDoubt,
    Mistaken,
    ProbeOutcome,
    Refused,
    RetryLater,
    TargetGone,
)
from monitors.alerts.destinations import (
    EVERYWHERE,
    destination_key,
    is_telegram,
    peer_of,
    unlisted,
)
from monitors.alerts.pacing import TELEGRAM_PACE, Budget, Pace
from monitors.pipeline.book import Book, InForce
from monitors.pipeline.delivering.replanning import late_ones, plan_anew
from monitors.pipeline.delivering.settle import settle, settle_probe, skipped
from monitors.pipeline.delivering.telling import sentence, tell_admins
from monitors.pipeline.ports import Chance, Clock, Ledger, Messenger, Store
from monitors.pipeline.records import Letter, Settled, State
from monitors.pipeline.slots import Slots
from monitors.rules.rulebook import Destination, Telegram, Terminal

AT_ONCE = 16
# Two peers that are refused within this time mean that all of it is too much.
_TOGETHER = timedelta(seconds=5)
_CHECKS_EVERY = timedelta(seconds=10)
_log = structlog.get_logger()

OnMoved = Callable[[str, str], Awaitable[object]]
"""Told the old and the new number of a group that has become a supergroup."""


@dataclass(frozen=True, slots=True)
class DeliveryPorts:
    """What delivering needs."""

    store: Store
    messenger: Messenger
    clock: Clock
    chance: Chance


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How is delivered.

    Attributes:
        admins: Telegram ids of those who are told of chats that are lost.
        pace: how fast.
        doubt: what is done with a letter in doubt.
        on_moved: writes the number of a group that has moved into rules.yaml.
    """

    admins: tuple[str, ...] = ()
    pace: Pace = TELEGRAM_PACE
    doubt: DoubtPolicy = DoubtPolicy.PROBE
    on_moved: OnMoved | None = None


class Deliverer:
    """Sends due letters, a bounded number at once, one at a time to each peer."""

    def __init__(
        self, ports: DeliveryPorts, in_force: InForce, manners: Manners | None = None
    ) -> None:
        self._ports = ports
        self._in_force = in_force
        self._manners = manners or Manners()
        self.slots = Slots(AT_ONCE)
        self._budget = Budget(self._manners.pace, ports.clock())
        self._stopping = False
        self._placed: Book | None = None
        self._refused: dict[str, datetime] = {}
        self._checked_at = ports.clock()
        self._written: set[str] = set()

    async def stop(self, *, grace: float) -> None:
        """Begin no more; let what is on its way arrive within *grace* seconds."""
        self._stopping = True
        await self.slots.stop(grace=grace)

    async def recover(self) -> None:
        """Take up the outbox after a start: what was on its way is in doubt."""
        now = self._ports.clock()

        def work(ledger: Ledger) -> int:
            doubtful = ledger.outbox.recover(now)
            ledger.outbox.unpark()
            return doubtful

        doubtful = await self._ports.store.write(work)
        if doubtful:
            say = f"{doubtful} messages were on their way when Newsbell stopped: it looks for them"
            _log.warning("outbox.recovered", in_doubt=doubtful, say=say)

    async def unpark(self) -> None:
        """Try again what chats would not take."""
        await self._ports.store.write(lambda ledger: ledger.outbox.unpark())

    async def tick(self) -> int:
        """Begin the deliveries that are due; answer how many."""
        if self._stopping:
            return 0
        await self._know_chats()
        return await self.slots.fill(self._claim, self._deliver)

    def poke(self) -> None:
        """Have what was just put into the outbox sent without waiting for the next tick."""
        if not self._stopping:
            self.slots.start(self._poked(), "poke")

    async def _poked(self) -> None:
        await self.tick()

    async def _know_chats(self) -> None:
        """Have the store know which peers the chats of the rules in force are, and plan by them."""
        book = self._in_force.book
        if book is self._placed:
            return
        chats = {str(name): peer_of(chat.destination) for name, chat in book.chats.items()}
        now = self._ports.clock()

        def work(ledger: Ledger) -> None:
            ledger.outbox.place(chats)
            plan_anew(ledger, book, now)

        await self._ports.store.write(work)
        self._placed = book

    async def _write_moves(self) -> None:
        """Have rules.yaml say under which numbers groups live on; each is tried once."""
        if self._manners.on_moved is None:
            return
        moves = await self._ports.store.write(lambda ledger: ledger.outbox.moves())
        chats = self._in_force.book.chats.values()
        named = {peer_of(chat.destination) for chat in chats}
        for old, new in moves.items():
            if old in named and old not in self._written:
                self._written.add(old)
                await self._manners.on_moved(old, new)

    async def _claim(self, limit: int) -> tuple[Letter, ...]:
        now = self._ports.clock()
        allowed = min(limit, self._budget.room(now))
        if allowed == 0:
            return ()
        checking = now - self._checked_at >= _CHECKS_EVERY
        if checking:
            self._checked_at = now
            # Somebody else may have heard of a move.
            self.slots.start(self._write_moves(), "write moves")
        # Another tick that runs meanwhile must not spend the same.
        self._budget.spend(allowed)
        probing, book = self._manners.doubt is DoubtPolicy.PROBE, self._in_force.book

        def work(ledger: Ledger) -> tuple[Letter, ...]:
            if checking:
                ledger.outbox.check_parked(now)
            waits = late_ones(ledger, book, now)
            return ledger.outbox.claim(
                now, allowed, self._manners.pace, probing=probing, waits=waits
            )

        letters = await self._ports.store.write(work)
        self._budget.spend(sum(is_telegram(letter.peer) for letter in letters) - allowed)
        return letters

    async def _deliver(self, letter: Letter) -> None:
        destination = self._destination(letter)
        started = self._ports.clock()
        outcome, settled = await self._attempt(letter, destination)
        now = self._ports.clock()
        took_ms = round((now - started) / timedelta(milliseconds=1))
        everywhere = self._everywhere(letter, outcome, settled, now)
        admins, pace = self._manners.admins, self._manners.pace

        def work(ledger: Ledger) -> None:
            ledger.outbox.settle(letter, settled, now, took_ms, pace)
            if everywhere is not None:
                ledger.outbox.hold(EVERYWHERE, everywhere, settled.why)
            tell_admins(ledger, letter, outcome, settled, admins=admins, now=now)

        await self._ports.store.write(work)
        log = _log.info if settled.state is State.SENT else _log.warning
        log(
            f"{letter.kind.value}.delivered",
            chat=letter.chat,
            outbox=letter.id,
            outcome=settled.outcome,
            why=settled.why,
            took_ms=took_ms,
            say=sentence(letter, settled),
        )
        if settled.moved_to is not None:
            self.slots.start(self._write_moves(), "write moves")
        await self.tick()  # the next one to this peer need not wait for its tick

    async def _attempt(
        self, letter: Letter, destination: Destination | None
    ) -> tuple[DeliveryOutcome | ProbeOutcome, Settled]:
        """Send *letter*, or look for it; answer how that ended and what becomes of it."""
        skips = self._manners.doubt is DoubtPolicy.SKIP
        if skips and letter.doubts and not letter.insisted:
            return InDoubt("it is not sent again"), skipped()
        chance, lost = (
            self._ports.chance(),
            InDoubt("it failed in a way that Newsbell does not know"),
        )
        found: ProbeOutcome = lost
        sent: DeliveryOutcome = lost
        try:
            if letter.probe is not None and isinstance(destination, Telegram):
                found = await self._look_for(letter, destination)
            else:
                sent = await self._send(letter, destination)
        except Exception:  # noqa: BLE001 -- the outermost frame of a delivery
            # The letter would be on its way for ever, and the chat's others behind it.
            _log.exception("delivery.failed", chat=letter.chat, outbox=letter.id)
        now, where = self._ports.clock(), destination or Terminal()
        if letter.probe is not None:
            return found, settle_probe(letter, found, where, now=now, chance=chance)
        return sent, settle(letter, sent, where, now=now, chance=chance)

    async def _send(self, letter: Letter, destination: Destination | None) -> DeliveryOutcome:
        if destination is None:
            return Refused(f"there is no chat {letter.chat} in rules.yaml")
        if letter.notice is None and letter.destination != destination_key(destination):
            if letter.message_id:
                return TargetGone("the chat has another address now")
            letter = without_earlier(letter)
        if letter.doubts:
            # Sent while Telegram is down, it would only be in doubt once more.
            lost = await self._ports.messenger.ask(destination)
            if lost is not None:
                return _certain(lost)
        chat = self._in_force.book.chats.get(letter.chat)
        if chat:
            further = letter.digest is not None and letter.digest.first > 1
            letter = replace(letter, preview=chat.preview, silent=chat.silent or further)
        return await self._ports.messenger.deliver(letter, destination, self._zone(letter))

    async def _look_for(self, letter: Letter, destination: Telegram) -> ProbeOutcome:
        outcome = await self._ports.messenger.probe(letter, destination)
        if isinstance(outcome, Mistaken):
            await self._give_back(letter, outcome, destination)
        return outcome

    async def _give_back(self, letter: Letter, found: Mistaken, destination: Telegram) -> None:
        """Give a message of ours its own buttons back, and know it from now on."""
        store, now, zone = self._ports.store, self._ports.clock(), self._zone(letter)
        lost = await store.write(lambda ledger: ledger.outbox.unplaced(letter))
        message = str(letter.probe)
        owner = await self._ports.messenger.give_back(message, found.text, lost, destination, zone)
        if owner is not None:
            where = destination_key(destination)
            await store.write(lambda ledger: ledger.outbox.adopt(owner, message, where, now))

    def _everywhere(
        self,
        letter: Letter,
        outcome: DeliveryOutcome | ProbeOutcome,
        settled: Settled,
        now: datetime,
    ) -> datetime | None:
        """Answer until when nothing may be sent at all, if two peers were refused together."""
        if not isinstance(outcome, RetryLater) or outcome.wait is None:
            return None
        lately = {peer: at for peer, at in self._refused.items() if now - at <= _TOGETHER}
        self._refused = lately | {letter.peer: now}
        if not lately.keys() - {letter.peer}:
            return None
        self._budget.halve()
        _log.warning("telegram.too_fast", rate=round(self._budget.rate, 1))
        return settled.hold_until

    def _zone(self, letter: Letter) -> tzinfo:
        book = self._in_force.book
        chat = book.chats.get(letter.chat)
        return (chat.timezone if chat else None) or book.zone

    def _destination(self, letter: Letter) -> Destination | None:
        """Answer where *letter* goes: the store knows under which number a group lives on."""
        chat = self._in_force.book.chats.get(letter.chat)
        destination = unlisted(letter.chat) or (chat.destination if chat else None)
        if isinstance(destination, Telegram) and is_telegram(letter.peer):
            return replace(destination, chat_id=letter.peer)
        return destination


def _certain(outcome: DeliveryOutcome) -> DeliveryOutcome:
    """Answer *outcome* of a call that sends nothing: it leaves no doubt."""
    return RetryLater(outcome.why) if isinstance(outcome, InDoubt) else outcome


def without_earlier(letter: Letter) -> Letter:
    """Answer *letter* for a chat that does not show what it replies to."""
    content = letter.content and replace(letter.content, earlier=None)
    return replace(letter, reply_to=None, content=content)
