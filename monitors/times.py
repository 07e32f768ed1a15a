"""Aware times in UTC, and durations as people write them."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_UNITS = {
    "s": timedelta(seconds=1),
    "m": timedelta(minutes=1),
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
}
_DURATION = re.compile(r"(\d{1,12})\s*([smhdw])", re.ASCII)
# Further than this from today there may be no date.
_LONGEST = timedelta(days=365_000)
_DAY_ONE = datetime(1970, 1, 1, tzinfo=UTC)
_MS = timedelta(milliseconds=1)


def parse_duration(text: str) -> timedelta | None:
    """Answer the duration that `10m`, `24h` or `7d` means, or None if it is none.

    Durations are positive; `0m` is none, and neither is more than a thousand years.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    number, unit = int(found[1]), _UNITS[found[2]]
    return number * unit if 0 < number <= _LONGEST / unit else None


def duration_text(duration: timedelta) -> str:
    """Answer *duration* in its largest whole unit, as `parse_duration` reads it."""
    seconds = max(1, round(duration.total_seconds()))
    for unit in ("w", "d", "h", "m"):
        size = round(_UNITS[unit].total_seconds())
        if seconds % size == 0:
            return f"{seconds // size}{unit}"
    return f"{seconds}s"


def about(duration: timedelta) -> str:
    """Answer *duration* roughly, for people: `40 s`, `3 min`, `5 h`, `12 days`."""
    seconds = max(0, round(duration.total_seconds()))
    for limit, size, name in ((90, 1, "s"), (5400, 60, "min"), (172_800, 3600, "h")):
        if seconds < limit:
            return f"{round(seconds / size)} {name}"
    return f"{round(seconds / 86_400)} days"


def to_ms(moment: datetime) -> int:
    """Answer *moment* as milliseconds since 1970, as the store keeps it."""
    return round((moment - _DAY_ONE) / _MS)


def from_ms(ms: int) -> datetime:
    """Answer the UTC time of *ms* milliseconds since 1970."""
    return _DAY_ONE + ms * _MS


def iso(moment: datetime) -> str:
    """Answer *moment* in UTC as ISO 8601 with a `Z`, to the second."""
    # Not strftime, which writes the year 1 as "1".
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="seconds") + "Z"


def parse_iso(text: str) -> datetime | None:
    """Answer the time that an ISO 8601 text means, in UTC, or None if it is none."""
    try:
        return _utc(datetime.fromisoformat(text.strip()))
    except (ValueError, OverflowError):
        return None


def parse_http_date(text: str) -> datetime | None:
    """Answer the time in an HTTP header (RFC 9110), in UTC, or None if it is none."""
    try:
        return _utc(parsedate_to_datetime(text))
    except (ValueError, OverflowError):
        return None


def _utc(moment: datetime) -> datetime:
    """Answer *moment* in UTC, which it is taken to be where it names no zone.

    Raises:
        OverflowError: it is in the year 1 or 9999 there, and outside in UTC.
    """
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
