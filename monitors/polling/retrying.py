"""When a feed that could not be read is tried again."""

from datetime import datetime, timedelta

from monitors.feeds.feed import FailureReason, Feed, FetchFailed
from monitors.polling.cadence import Plan

_USUAL = timedelta(minutes=10)
_FIRST_RETRY = timedelta(minutes=1)
# A network that is back should be noticed soon; a server that says no should be left alone.
_LONGEST_RETRY = timedelta(hours=1)
_LONGEST_REFUSAL = timedelta(hours=24)
_REFUSALS = frozenset({FailureReason.HTTP, FailureReason.NOT_A_FEED, FailureReason.TOO_LARGE})


def retry_plan(
    feed: Feed, failed: FetchFailed, failures: int, now: datetime, chance: float
) -> Plan:
    """Answer when *feed* is tried again after *failures* (at least 1) failed in a row.

    The wait doubles each time, and is never shorter than the server asked for, up to a day.
    """
    refused = failed.reason in _REFUSALS
    usual = feed.every or _USUAL
    first = usual if refused else min(usual, _FIRST_RETRY)
    longest = max(_LONGEST_REFUSAL if refused else _LONGEST_RETRY, usual)
    gap = longest if first >= longest else min(first * (1 << min(failures - 1, 16)), longest)
    gap = max(gap, min(failed.retry_after or gap, _LONGEST_REFUSAL))
    return Plan(at=now + gap * (1 + chance / 20), why=f"it failed {failures} times in a row")
