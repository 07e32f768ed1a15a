"""What becomes of a letter after an attempt to deliver it, or to find it."""

from datetime import datetime
from typing import assert_never

from monitors.alerts.delivery import (
    Delivered,
    DeliveryOutcome,
    InDoubt,
    Mistaken,
    Moved,
    NotThere,
    ProbeOutcome,
    Refused,
    RetryLater,
    TargetGone,
)
from monitors.alerts.destinations import destination_key
from monitors.alerts.retry import GIVEN_UP_AFTER, wait_before_retry
from monitors.pipeline.records import Letter, Settled, State
from monitors.rules.rulebook import Destination

# A letter that failed so often is passed by the letters behind it.
_BLOCKS_CHAT = 5
# Where answers are lost again and again, sending once more would only repeat the message.
MOST_DOUBTS = 3


def settle(
    letter: Letter,
    outcome: DeliveryOutcome,
    destination: Destination,
    *,
    now: datetime,
    chance: float,
) -> Settled:
    """Answer what becomes of *letter* after *outcome*.

    Args:
        letter: what was tried.
        outcome: how that ended.
        destination: where it was tried.
        now: aware UTC.
        chance: from 0 to 1; spreads chats that failed together.
    """
    match outcome:
        case Delivered(message_id, calls):
            return Settled(
                state=State.SENT,
                outcome="sent again" if letter.doubts else "delivered",
                message_id=message_id,
                destination=destination_key(destination),
                calls=calls,
            )
        case RetryLater():
            return _tried_again(letter, outcome, now=now, chance=chance)
        case InDoubt():
            return _doubted(letter, outcome, now=now, chance=chance)
        case Refused(why, whole_chat):
            state = State.PARKED if whole_chat else State.DEAD
            return Settled(state=state, outcome="refused", why=why, whole_chat=whole_chat)
        case Moved():
            return _moved(letter, outcome, now)
        case TargetGone(why):
            return Settled(state=State.DROPPED, outcome="message gone", why=why)
        case _:
            assert_never(outcome)


def settle_probe(  # noqa: PLR0911 -- one a kind
    letter: Letter,
    outcome: ProbeOutcome,
    destination: Destination,
    *,
    now: datetime,
    chance: float,
) -> Settled:
    """Answer what becomes of *letter* after it was looked for; arguments as for `settle`."""
    match outcome:
        case Delivered(message_id):
            return Settled(
                state=State.SENT,
                outcome="found",
                cleared=True,
                message_id=message_id,
                destination=destination_key(destination),
            )
        case NotThere(taken):
            seen = str(letter.probe) if taken else None
            return Settled(
                state=State.DOUBT, outcome="not there", answered=True, seen=seen, due_at=now
            )
        case Mistaken():
            return Settled(
                state=State.DOUBT,
                outcome="another message",
                answered=True,
                seen=str(letter.probe),
                due_at=now,
                calls=2,
            )
        case RetryLater() | InDoubt():
            return _tried_again(letter, outcome, now=now, chance=chance)
        case Refused(why, True):
            return Settled(state=State.PARKED, outcome="refused", why=why, whole_chat=True)
        case Refused(why):
            # Nothing can be found out like that.
            return Settled(state=State.DOUBT, outcome="not known", why=why, due_at=now, blind=True)
        case Moved():
            return _moved(letter, outcome, now)
        case _:
            assert_never(outcome)


def skipped() -> Settled:
    """Answer what becomes of a letter in doubt that is not sent again."""
    why = "Telegram's answer was lost: it may have arrived"
    return Settled(state=State.DEAD, outcome="skipped", why=why, calls=0)


def _tried_again(
    letter: Letter, outcome: RetryLater | InDoubt, *, now: datetime, chance: float
) -> Settled:
    """Answer when *letter* is tried again; what was ever in doubt stays so.

    Until then it holds its peer; unless Telegram asked for that, not for ever.
    """
    asked, server_error = None, False
    if isinstance(outcome, RetryLater):
        asked, server_error = outcome.wait, outcome.server_error
    failures = letter.failures + (asked is None)
    may_be_its_fault = server_error or isinstance(outcome, InDoubt)
    since = letter.failing_since
    if may_be_its_fault and since is not None and now - since > GIVEN_UP_AFTER:
        why = f"{outcome.why}, for a day"
        return Settled(state=State.DEAD, outcome="given up", why=why, failed=True)
    wait = wait_before_retry(max(1, failures), asked, chance, server_error=server_error)
    holds = asked is not None or failures < _BLOCKS_CHAT
    return Settled(
        state=State.DOUBT if letter.doubts and not letter.insisted else State.PENDING,
        outcome="not delivered",
        why=outcome.why,
        failed=asked is None,
        due_at=now + wait,
        hold_until=now + wait if holds else None,
    )


def _doubted(letter: Letter, outcome: InDoubt, *, now: datetime, chance: float) -> Settled:
    """Answer what becomes of *letter* whose answer was lost."""
    if letter.message_id is not None:
        # A change of a message is the same when it is made twice.
        return _tried_again(letter, outcome, now=now, chance=chance)
    if letter.doubts + 1 >= MOST_DOUBTS:
        why = f"{outcome.why}, {MOST_DOUBTS} times: it may have arrived each time"
        return Settled(state=State.DEAD, outcome="in doubt", why=why, doubtful=True, failed=True)
    again = now + wait_before_retry(letter.failures + 1, None, chance)
    return Settled(
        state=State.DOUBT,
        outcome="in doubt",
        why=outcome.why,
        doubtful=True,
        failed=True,
        due_at=again,
        hold_until=again,
    )


def _moved(letter: Letter, outcome: Moved, now: datetime) -> Settled:
    """Answer that *letter* goes to the chat as which the group lives on, at once."""
    return Settled(
        state=State.DOUBT if letter.doubts and not letter.insisted else State.PENDING,
        outcome="moved",
        why=f"the group has become {outcome.chat_id}",
        due_at=now,
        moved_to=outcome.chat_id,
    )
