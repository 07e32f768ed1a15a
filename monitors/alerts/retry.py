"""When a delivery that did not work is tried again, and when it is given up."""

from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(minutes=5)
GIVEN_UP_AFTER = timedelta(hours=24)
"""How long a letter may fail while others arrive."""
_FIRST_WAIT = timedelta(seconds=2)
_AFTER_SERVER_ERROR = timedelta(seconds=3)
# Telegram counts in whole seconds; a call that comes a moment early is refused again.
_SPARE = timedelta(milliseconds=500)
# A peer that does not take messages is asked again once an hour, and after a day once a day.
_OFTEN, _SELDOM = timedelta(hours=1), timedelta(days=1)


def wait_before_retry(
    failures: int, asked: timedelta | None, chance: float, *, server_error: bool = False
) -> timedelta:
    """Answer how long a chat is left alone after *failures* in a row.

    Args:
        failures: at least 1.
        asked: how long Telegram asked for; obeyed, whatever it is.
        chance: from 0 to 1; spreads chats that failed together.
        server_error: whether Telegram answered, and had a problem of its own.
    """
    if asked is not None:
        return asked + _SPARE
    if server_error and failures == 1:
        return _AFTER_SERVER_ERROR
    doubled: timedelta = _FIRST_WAIT * (1 << min(failures - 1, 16))
    return min(doubled, LONGEST_WAIT) * (0.75 + chance / 2)


def next_check(parked_at: datetime, now: datetime) -> datetime:
    """Answer when a peer is tried again that has taken no messages since *parked_at*."""
    return now + (_OFTEN if now - parked_at < _SELDOM else _SELDOM)
