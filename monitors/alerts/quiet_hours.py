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
    at = now.astimezone(chat.timezone or zone).time()
    inside = start <= at < end if start <= end else at >= start or at < end
    return _next(end, now, chat.timezone or zone) if inside else None


def over_limit_until(
    chat: Chat, recent: Sequence[datetime], at: datetime, zone: tzinfo
) -> datetime | None:
    """Answer when the chat may get another alert, if `max_per_hour` is used up *at*; else None.

    A digest does not count: it would use up the limit of the hour after it, and what is held
    back then would wait for the next digest, a day later.

    Args:
        chat: whose limit counts.
        recent: when the chat's alerts of the last hour rang or will ring, in any order.
        at: aware; now or later.
        zone: the timezone where the chat names none.
    """
    if chat.max_per_hour is None:
        return None
    counted = sorted(
        moment
        for moment in recent
        if moment > at - _HOUR
        and moment.astimezone(chat.timezone or zone).time() not in chat.digest
    )
    if len(counted) < chat.max_per_hour:
        return None
    return counted[len(counted) - chat.max_per_hour] + _HOUR


def digest_at(chat: Chat, earliest: datetime, now: datetime, zone: tzinfo) -> datetime:
    """Answer when is told what is held back at *now*: at the next digest, or else at *earliest*.

    The digest rings when the chat wants it to, be it in quiet hours.
    """
    moments = (_next(at, now, chat.timezone or zone) for at in chat.digest)
    return min(moments, default=earliest)


def _next(at: time, after: datetime, zone: tzinfo) -> datetime:
    """Answer the next moment after *after* at which clocks in *zone* show *at*, in UTC.

    Where clocks are put back over it, both times count; where they are put forward over it,
    the moment comes as much later as they are.
    """
    day = after.astimezone(zone).date()
    while True:
        local = datetime.combine(day, at)
        for fold in (0, 1):
            moment = local.replace(tzinfo=zone, fold=fold).astimezone(UTC)
            # A time that is left out answers with one before it for the second fold.
            shown = moment.astimezone(zone).replace(tzinfo=None, fold=0)
            if moment > after and shown >= local:
                return moment
        day += timedelta(days=1)
