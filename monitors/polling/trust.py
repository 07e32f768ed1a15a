"""What pushes set off, and how far they are trusted to tell of everything that is new.

A push is taken as news that the feed has news: the feed is asked, and polls find what is new.
"""

from dataclasses import replace
from datetime import datetime, timedelta

from monitors.polling.subscription import Standing, Subscription

MOST_MISSES = 3
# A hub may be slower than a poll.
_LATE = timedelta(minutes=5)
_APART, _LONGEST_APART = timedelta(seconds=10), timedelta(hours=1)
# When to look again, as long as that helps: a cache may hide for a while what a hub knows.
_LOOKS = (timedelta(minutes=1), timedelta(minutes=5))


def pushed(known: Subscription, now: datetime) -> Subscription:
    """Answer what is remembered after a push; the feed is to be asked at its `asks_at`.

    That is at once, but for pushes in quick succession, and for those that never bring anything.
    """
    known = _settled(known, now)
    apart = min(_APART * (1 << min(known.in_vain, 9)), _LONGEST_APART)
    asks_at = max(now, known.pushed_at + apart) if known.pushed_at else now
    known = replace(known, announced_at=now, looks=0, asks_at=asks_at, pushed_at=now)
    return _brought(known) if known.missing_since else known


def polled(
    known: Subscription,
    *,
    news: int,
    started: datetime,
    before: datetime | None,
    now: datetime,
) -> Subscription:
    """Answer what is remembered after a poll that worked.

    If a push is not followed up by it, the feed is to be asked again at `asks_at`.

    Args:
        known: what is known before.
        news: how many entries were new.
        started: when the feed was asked.
        before: when it was last asked before that; None if never.
        now: aware UTC.
    """
    known = _settled(known, now)
    announced = known.announced_at
    if announced is None:
        covered = known.active_since if known.standing(now) is Standing.ACTIVE else None
        if news and covered and before and before >= covered:
            return replace(known, missing_since=known.missing_since or now)
        return known
    if news:
        known = _brought(known)
    if announced > started:  # the push came while the feed was being read
        return known
    if news:
        return replace(known, announced_at=None, looks=0)
    known = replace(known, in_vain=known.in_vain + 1)
    if known.looks < len(_LOOKS) and known.in_vain <= len(_LOOKS):
        return replace(known, looks=known.looks + 1, asks_at=now + _LOOKS[known.looks])
    return replace(known, announced_at=None, looks=0)


def _brought(known: Subscription) -> Subscription:
    return replace(known, proven=True, misses=0, missing_since=None, in_vain=0)


def _settled(known: Subscription, now: datetime) -> Subscription:
    """Count what no push has announced in time; renew once when that was so too often."""
    if known.missing_since is None or now - known.missing_since <= _LATE:
        return known
    known = replace(known, missing_since=None, misses=known.misses + 1)
    if known.misses < MOST_MISSES:
        return known
    first = known.misses == MOST_MISSES
    return replace(known, proven=False, due_at=now if first else known.due_at)
