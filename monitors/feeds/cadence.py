"""When a feed is polled next."""

from datetime import datetime, timedelta

from monitors.feeds.feed import FailureReason, Feed, FetchFailed

FIRST_GAP = timedelta(minutes=10)
SHORTEST_GAP = timedelta(minutes=5)
LONGEST_GAP = timedelta(hours=1)
_FIRST_RETRY = timedelta(minutes=1)
# A network that is back should be noticed soon; a server that says no should be left alone.
_LONGEST_RETRY = timedelta(hours=1)
_LONGEST_REFUSAL = timedelta(hours=24)
_REFUSALS = frozenset({FailureReason.HTTP, FailureReason.NOT_A_FEED, FailureReason.TOO_LARGE})


def next_gap(feed: Feed, last_gap: timedelta | None, *, news: bool) -> timedelta:
    """Answer the time until the next poll after one that worked.

    `every: auto` halves it when the poll brought *news* and lets it grow by a third when not.
    """
    if feed.every is not None:
        return feed.every
    if last_gap is None:
        return FIRST_GAP
    gap = last_gap / 2 if news else last_gap * 4 / 3
    return min(max(gap, SHORTEST_GAP), LONGEST_GAP)


def retry_gap(feed: Feed, failed: FetchFailed, failures: int) -> timedelta:
    """Answer the time until the next try after *failures* (at least 1) failed in a row.

    It doubles each time, and is never shorter than the server asked for, up to a day.
    """
    refused = failed.reason in _REFUSALS
    usual = feed.every or FIRST_GAP
    first = usual if refused else min(usual, _FIRST_RETRY)
    longest = max(_LONGEST_REFUSAL if refused else _LONGEST_RETRY, usual)
    gap = longest if first >= longest else min(first * (1 << min(failures - 1, 16)), longest)
    return max(gap, min(failed.retry_after or gap, _LONGEST_REFUSAL))


def due_after(now: datetime, gap: timedelta, chance: float) -> datetime:
    """Answer when a feed that was polled at *now* is due again.

    Args:
        now: aware UTC.
        gap: the time between two polls; it becomes up to a twentieth longer, so that feeds
            do not march in step.
        chance: from 0 to 1.
    """
    return now + gap * (1 + chance / 20)
