"""When a delivery that did not work is tried again, and how fast a chat may be written to."""

from datetime import datetime, timedelta

from monitors.rules.rulebook import Destination, Telegram

LONGEST_WAIT = timedelta(minutes=5)
_FIRST_WAIT = timedelta(seconds=2)
# Telegram counts in whole seconds; a call that comes a moment early is refused again.
_SPARE = timedelta(milliseconds=500)
# Telegram's limits for a bot: one message a second in a private chat, 20 a minute in a group.
_PRIVATE = timedelta(seconds=1)
# A burst and a minute at this pace make 19: one is left for an answer that came late.
_SHARED = timedelta(milliseconds=3_600)
_BURST = 3


def wait_before_retry(attempts: int, asked: timedelta | None, chance: float) -> timedelta:
    """Answer how long a chat is left alone after *attempts* failures in a row.

    Args:
        attempts: at least 1.
        asked: how long Telegram asked for; obeyed, whatever it is.
        chance: from 0 to 1; spreads chats that failed together.
    """
    if asked is not None:
        return asked + _SPARE
    doubled: timedelta = _FIRST_WAIT * (1 << min(attempts - 1, 16))
    return min(doubled, LONGEST_WAIT) * (0.75 + chance / 2)


def next_free(destination: Destination, free_at: datetime | None, now: datetime) -> datetime:
    """Answer from when on a chat may be written to once more, after a message at *now*.

    The generic cell rate algorithm: each message pushes on a moment by its share of time,
    and as much as a short burst needs may be used in advance.

    Args:
        destination: a terminal takes all at once.
        free_at: what this function answered last, or None for a chat that rested.
        now: aware UTC.
    """
    if not isinstance(destination, Telegram):
        return now
    pace = _SHARED if destination.chat_id.startswith(("-", "@")) else _PRIVATE
    advance = pace * (_BURST - 1)
    begun = now if free_at is None else max(free_at + advance, now)
    return begun + pace - advance
