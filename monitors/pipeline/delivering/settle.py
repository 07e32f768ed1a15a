"""What becomes of a letter after an attempt to deliver it."""

from dataclasses import replace
from datetime import datetime
from typing import assert_never

from monitors.alerts.delivery import (
    Delivered,
    DeliveryOutcome,
    InDoubt,
    Moved,
    Refused,
    RetryLater,
    TargetGone,
)
from monitors.alerts.destinations import destination_key
from monitors.alerts.retry import next_free, wait_before_retry
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
    # Whatever Telegram answered, it counts the call.
    free = next_free(destination, letter.chat_free_at, now)
    match outcome:
        case Delivered(message_id):
            return Settled(
                state=State.SENT,
                outcome="delivered",
                message_id=message_id,
                destination=destination_key(destination),
                chat_free_at=free,
            )
        case RetryLater() | InDoubt():
            return _tried_again(letter, outcome, free, now=now, chance=chance)
        case Refused(why, whole_chat):
            return _ended(State.PARKED, "refused", why, free, whole_chat=whole_chat)
        case Moved(chat_id):
            why = f"the group has become {chat_id}: write that number into rules.yaml"
            return _ended(State.PARKED, "moved", why, free, whole_chat=True)
        case TargetGone(why):
            return _ended(State.DROPPED, "message gone", why, free)
        case _:
            assert_never(outcome)


def _tried_again(
    letter: Letter,
    outcome: RetryLater | InDoubt,
    free: datetime,
    *,
    now: datetime,
    chance: float,
) -> Settled:
    """Answer when *letter* is tried again; what was ever in doubt stays so.

    Until then it holds its chat; unless Telegram asked for that, not for ever.
    """
    doubtful = isinstance(outcome, InDoubt)
    if doubtful and letter.doubts + 1 >= MOST_DOUBTS:
        why = f"{outcome.why}, {MOST_DOUBTS} times: it may have arrived each time"
        return replace(_ended(State.PARKED, "in doubt", why, free), doubtful=True)
    asked = outcome.wait if isinstance(outcome, RetryLater) else None
    again = now + wait_before_retry(letter.attempt, asked, chance)
    holds = asked is not None or letter.attempt < _BLOCKS_CHAT
    return Settled(
        state=State.DOUBT if doubtful or letter.doubts else State.PENDING,
        outcome="in doubt" if doubtful else "not delivered",
        why=outcome.why,
        doubtful=doubtful,
        due_at=again,
        chat_free_at=again if holds else free,
    )


def _ended(
    state: State, outcome: str, why: str, free: datetime, *, whole_chat: bool = False
) -> Settled:
    return Settled(state=state, outcome=outcome, why=why, whole_chat=whole_chat, chat_free_at=free)
