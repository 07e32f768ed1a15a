"""When a feed that could not be read is tried again, and how long its host is left alone."""

from datetime import datetime, timedelta

from monitors.feeds.feed import FailureReason, Feed, FetchFailed
from monitors.polling.cadence import Plan
from monitors.polling.health import CONFIRMED_AFTER, WEEKLY_AFTER
from monitors.polling.memory import Memory
from monitors.times import about

_TOO_MANY, _OVERLOADED = 429, 503
_USUAL = timedelta(minutes=10)
_FIRST_RETRY = timedelta(minutes=1)
# A network that is back should be noticed soon; a server that says no should be left alone.
_LONGEST_SOON = timedelta(hours=1)
_LONGEST = timedelta(hours=24)
LONGEST_REST = timedelta(hours=24)  # of a host
_DAY = timedelta(hours=24)
_WEEK = timedelta(days=7)
_MONTH = timedelta(days=30)
_MOST_DOUBLINGS = 16
PASSING = frozenset({FailureReason.UNREACHABLE, FailureReason.TIMEOUT, FailureReason.BROKEN})


def asks_for_rest(failed: FetchFailed) -> bool:
    """Answer whether a server asks to be left alone, and not only by this feed."""
    return failed.status == _TOO_MANY or (
        # "After no time" asks for nothing.
        failed.status == _OVERLOADED and bool(failed.retry_after)
    )


def rest_after(failed: FetchFailed, strikes: int) -> timedelta:
    """Answer how long a server that `asks_for_rest` is left alone: as it says, up to a day.

    Where it does not say it, for an hour, and twice as long after each of *strikes* before.
    """
    asked = failed.retry_after or _LONGEST_SOON * (1 << min(strikes, _MOST_DOUBLINGS))
    return min(asked, LONGEST_REST)


def retry_plan(  # noqa: PLR0913 -- what failed, and what is known beside it
    feed: Feed,
    memory: Memory,
    failed: FetchFailed,
    now: datetime,
    chance: float,
    *,
    strikes: int = 0,
    offline: bool = False,
) -> Plan:
    """Answer when *feed* is tried again.

    The wait doubles with each failure in a row, up to a day, and differs by a fifth from feed
    to feed, so that those that failed together do not come back together. It is never shorter
    than the server asked for.

    Args:
        feed: as rules.yaml says.
        memory: what is known of it, with this failure.
        failed: this failure.
        now: aware UTC.
        chance: from 0 to 1.
        strikes: how often in a row the host has asked for rest before, or the feed has failed
            where only itself is to rest.
        offline: whether nothing could be read since this feed began to fail: then it is
            rather our own network, and is looked at every hour.
    """
    if asks_for_rest(failed):
        rest = rest_after(failed, strikes)
        why = (
            "its server asks to be left alone" if failed.retry_after else "its server asks for less"
        )
        return Plan(at=now + rest * (1 + chance / 20), why=f"{why}: {about(rest)}")
    if memory.gone_at:
        confirmed = now - memory.gone_at >= CONFIRMED_AFTER
        why = "its server says that it is gone for good"
        return Plan(at=now + (_MONTH if confirmed else _DAY) * (1 + chance / 20), why=why)
    why = f"failed {memory.failures} times in a row" if memory.failures > 1 else "it failed"
    if memory.failing_since and now - memory.failing_since >= WEEKLY_AFTER and not offline:
        return Plan(at=now + _WEEK * (1 + chance / 20), why="it has failed for a month")
    usual = feed.every or _USUAL
    soon = failed.reason in PASSING
    first = min(usual, _FIRST_RETRY) if soon else usual
    gap = first * (1 << min(memory.failures - 1, _MOST_DOUBLINGS))
    patient = soon and (feed.near or offline or _is_fresh(memory, now))
    longest = max(_LONGEST_SOON if patient else _LONGEST, usual)
    gap = min(gap, longest) * (0.8 + 0.4 * chance)
    return Plan(at=now + max(min(gap, longest), min(failed.retry_after or gap, _LONGEST)), why=why)


def _is_fresh(memory: Memory, now: datetime) -> bool:
    return memory.failing_since is None or now - memory.failing_since < _DAY
