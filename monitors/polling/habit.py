"""How a feed publishes: how much, at which hours, and when last."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What was seen of a feed's posting times; older ones count less and less.

    Attributes:
        posts: how many there were, decayed.
        days: in how many days, decayed alike.
        hours: how many fell into each hour of the day, UTC, decayed; empty before the first.
        as_of: up to when it is counted; aware UTC.
        last_post_at: when the newest was posted.
    """

    posts: float = 0.0
    days: float = 0.0
    hours: tuple[float, ...] = ()
    as_of: datetime | None = None
    last_post_at: datetime | None = None

    def after(self, now: datetime, posts: Sequence[datetime]) -> "Habit":
        """Answer the habit once it is *now*, and the feed has shown *posts* since."""
        newest = max([*posts, *filter(None, [self.last_post_at])], default=None)
        return replace(self, as_of=now, last_post_at=newest)

    def posts_a_day(self, now: datetime) -> float:
        """Answer the expected number of posts a day; above 0."""
        del now
        return (self.posts + 0.2) / (self.days + 1)


def first_habit(dates: Sequence[datetime], now: datetime) -> Habit:
    """Answer the habit that the dates of a feed's entries show when it is first read."""
    return Habit().after(now, dates)
