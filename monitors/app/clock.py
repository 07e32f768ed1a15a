"""The clock and the timezone of this machine, which everything else is given."""

from datetime import UTC, datetime, tzinfo

import tzlocal


def now() -> datetime:
    """Answer the time, aware, in UTC."""
    return datetime.now(UTC)  # noqa: TID251 -- here and nowhere else


def machine_zone() -> tzinfo:
    """Answer the timezone that this machine is set to."""
    return tzlocal.get_localzone()
