"""Delivers letters through Apprise: once to each address of a chat, however often it is tried."""

import asyncio
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from hashlib import sha256

from monitors.adapters.apprise.aside import Aside
from monitors.alerts.delivery import Delivered, DeliveryOutcome, InDoubt, Refused, RetryLater
from monitors.alerts.destinations import destination_key
from monitors.pipeline.records import Kind, Letter
from monitors.rules.places.addressing import veiled
from monitors.rules.rulebook import Apprise

_ANSWER_SECONDS = 30.0
_MOST_REMEMBERED = 1_000


@dataclass(slots=True)
class _Course:
    """How far a letter for several addresses has come since this process has known it.

    Attributes:
        first: whether nobody can have got it before that.
        had: the addresses that have it for certain.
        maybe: those that may have it.
    """

    first: bool
    had: set[str] = field(default_factory=set)
    maybe: set[str] = field(default_factory=set)

    def take(self, address: str, outcome: DeliveryOutcome) -> None:
        """Remember how an attempt ended; where that is told late, it is no more in doubt."""
        if isinstance(outcome, Delivered):
            self.had.add(address)
        elif isinstance(outcome, InDoubt):
            self.maybe.add(address)


class Notifier:
    """Sends to whatever Apprise reaches.

    Args:
        answer_s: how long a call may take, in seconds; after that, it is in doubt.
    """

    def __init__(self, *, answer_s: float = _ANSWER_SECONDS) -> None:
        self._aside = Aside(answer_s)
        self._courses: OrderedDict[int, _Course] = OrderedDict()

    async def deliver(self, letter: Letter, to: Apprise, zone: tzinfo) -> DeliveryOutcome:
        """Send *letter* to each address that does not have it yet, one after the other.

        Nothing is edited there: a revision counts as delivered, and nothing is sent.

        Args:
            letter: what to send.
            to: where to.
            zone: in which times are told.
        """
        if letter.kind is Kind.REVISION:
            return Delivered(letter.message_id or _name(letter, to), calls=0)
        course = self._course(letter)
        left = [address for address in to.addresses if address not in course.had]
        outcomes = await asyncio.gather(
            *(self._send(letter, to, zone, address, course) for address in left)
        )
        failures = {
            address: outcome
            for address, outcome in zip(left, outcomes, strict=True)
            if not isinstance(outcome, Delivered)
        }
        return self._settled(letter, to, failures, len(left) - len(failures))

    async def _send(
        self, letter: Letter, to: Apprise, zone: tzinfo, address: str, course: _Course
    ) -> DeliveryOutcome:
        if address in course.had:  # by an answer that came late
            return Delivered(_name(letter, to))
        doubtful = address in course.maybe or (letter.marked and not course.first)
        name = _name(letter, to)

        def call() -> DeliveryOutcome:
            # Only here: Apprise takes a third of a second to load, and most chats are Telegram's.
            from monitors.adapters.apprise.call import Message, send

            message = Message(
                letter=letter, zone=zone, doubtful=doubtful, name=name, follows=letter.reply_to
            )
            return send(message, address)

        outcome = await self._aside.run(address, call, lambda late: course.take(address, late))
        course.take(address, outcome)
        return outcome

    def _settled(
        self, letter: Letter, to: Apprise, failures: Mapping[str, DeliveryOutcome], newly: int
    ) -> DeliveryOutcome:
        """Answer what became of the letter as a whole, the worst first."""
        if not failures:
            self._courses.pop(letter.id, None)
            return Delivered(_name(letter, to), calls=min(newly, 1))
        worst = min(failures, key=lambda address: _RANKS[type(failures[address])])
        outcome = failures[worst]
        if len(to.addresses) == 1:
            return outcome
        why = f"{veiled(worst)}: {getattr(outcome, 'why', '')}"
        if newly and not letter.doubts:
            # The store shall know that some have it, should this process end before the rest do.
            return InDoubt(f"{why} ({newly} of {len(to.addresses)} addresses have it)")
        match outcome:
            case Refused(whole_chat=whole_chat):
                # The other addresses take messages.
                return Refused(why, whole_chat=whole_chat and len(failures) == len(to.addresses))
            case RetryLater(wait=wait):
                return RetryLater(why, wait)
            case _:
                return InDoubt(why)

    def _course(self, letter: Letter) -> _Course:
        course = self._courses.setdefault(letter.id, _Course(first=not letter.marked))
        self._courses.move_to_end(letter.id)
        while len(self._courses) > _MOST_REMEMBERED:
            self._courses.popitem(last=False)
        return course


_RANKS: Mapping[type, int] = {InDoubt: 0, RetryLater: 1, Refused: 2}


def _name(letter: Letter, to: Apprise) -> str:
    """Answer what a message is called, for replies to it: equal whenever it is sent again."""
    content = letter.content
    said = f"{content.published_at} {content.headline.text}" if content else letter.notice
    known = f"{destination_key(to)} {letter.id} {said}"
    return f"{sha256(known.encode('utf-8', 'surrogatepass')).hexdigest()[:24]}@newsbell"
