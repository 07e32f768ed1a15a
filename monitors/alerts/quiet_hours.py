"""Until when a chat wants to be left alone."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta, tzinfo

from monitors.rules.rulebook import Chat

_HOUR = timedelta(hours=1)


def quiet_until(chat: Chat, now: datetime, zone: tzinfo) -> datetime | None:
    """Answer when the quiet hours that *now* falls in are over, in UTC; None outside of them.

    Args:
        chat: whose quiet hours and timezone count.
        now: aware.
        zone: the timezone where the chat names none.
    """
    if chat.quiet_hours is None:
        return None
    start, end = chat.quiet_hours
    local = now.astimezone(chat.timezone or zone)
    at = local.time()
    inside = start <= at < end if start < end else at >= start or at < end
    return _next(end, now, chat.timezone or zone) if inside else None


def over_limit_until(chat: Chat, recent: Sequence[datetime], now: datetime) -> datetime | None:
    """Answer when the chat may get another alert, if `max_per_hour` is used up; else None.

    Args:
        chat: whose limit counts.
        recent: when the chat's alerts of the last hour rang or will ring, in any order.
        now: aware.
    """
    if chat.max_per_hour is None:
        return None
    counted = sorted(moment for moment in recent if moment > now - _HOUR)
    if len(counted) < chat.max_per_hour:
        return None
    return counted[len(counted) - chat.max_per_hour] + _HOUR


def digest_at(chat: Chat, earliest: datetime, zone: tzinfo) -> datetime:
    """Answer when what was held back until *earliest* is told: then, or at the next digest."""
    if chat.digest is None:
        return earliest
    return _next(chat.digest, earliest - timedelta(microseconds=1), chat.timezone or zone)


def _next(at: time, after: datetime, zone: tzinfo) -> datetime:
    """Answer the next moment after *after* at which clocks in *zone* show *at*, in UTC."""
    day = after.astimezone(zone).date()
    while True:
        moment = datetime.combine(day, at, zone).astimezone(UTC)
        if moment > after:
            return moment
        day += timedelta(days=1)
