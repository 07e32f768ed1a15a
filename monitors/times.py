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
_DURATION = re.compile(r"(\d{1,6})\s*([smhdw])", re.ASCII)


def parse_duration(text: str) -> timedelta | None:
    """Answer the duration that `10m`, `24h` or `7d` means, or None if it is none.

    Durations are positive; `0m` is none.
    """
    found = _DURATION.fullmatch(text.strip())
    if found is None:
        return None
    return int(found[1]) * _UNITS[found[2]] or None


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
    return round(moment.timestamp() * 1000)


def from_ms(ms: int) -> datetime:
    """Answer the UTC time of *ms* milliseconds since 1970."""
    return datetime.fromtimestamp(ms / 1000, UTC)


def iso(moment: datetime) -> str:
    """Answer *moment* in UTC as ISO 8601 with a `Z`, to the second."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def parse_iso(text: str) -> datetime | None:
    """Answer the time that an ISO 8601 text means, in UTC, or None if it is none."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)


def parse_http_date(text: str) -> datetime | None:
    """Answer the time in an HTTP header (RFC 9110), in UTC, or None if it is none."""
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
