"""How a feed publishes: how much, at which hours, and when last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

HOURS = 24
_HALF_LIFE = timedelta(days=7)
# How many days count, decayed, of a feed that has been watched for ever: 7 / ln 2.
_MOST_DAYS = 10.0989
# Before anything is seen, a feed is taken for one that posts 0.2 times in a day of watching.
_PRIOR_POSTS = 0.2
_PRIOR_DAYS = 1.0
# Posts a day of a feed of which nothing is known, and of one that has long posted nothing.
NOTHING_KNOWN = _PRIOR_POSTS / _PRIOR_DAYS
QUIET_RATE = 1.05 * _PRIOR_POSTS / (_MOST_DAYS + _PRIOR_DAYS)
# More than this at once, such as a moved archive, says nothing about the days to come.
_MOST_AT_ONCE = 100
_MIDNIGHT = time()


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """What was seen of a feed's posting times; older ones count less and less.

    Attributes:
        posts: how many there were, decayed: one counts half after seven days.
        days: in how many days, decayed alike.
        hours: how the posts lie over the hours of the day, UTC, decayed alike, in proportion
            to one another; empty before the first.
        as_of: up to when it is counted; aware UTC.
        last_post_at: when the newest was posted.
    """

    posts: float = 0.0
    days: float = 0.0
    hours: tuple[float, ...] = ()
    as_of: datetime | None = None
    last_post_at: datetime | None = None

    def after(self, now: datetime, posts: Sequence[datetime]) -> "Habit":
        """Answer the habit once it is *now*, and the feed has shown *posts* since.

        A post whose date does not lie in between, or is a midnight, was posted when it was seen.
        """
        if self.as_of is None:
            return first_habit(posts, now)
        seen = [post if _tells_time(post, self.as_of, now) else now for post in posts]
        return self._counted(self.as_of, now, sorted(seen)[-_MOST_AT_ONCE:])

    def posts_a_day(self, now: datetime) -> float:
        """Answer the expected number of posts a day; above 0.

        What is not looked at for long is known less and less.
        """
        left = _left(now - self.as_of) if self.as_of else 1.0
        return (self.posts * left + _PRIOR_POSTS) / (self.days * left + _PRIOR_DAYS)

    def _counted(self, since: datetime, now: datetime, seen: Sequence[datetime]) -> "Habit":
        """Answer the habit with the posts *seen* between *since* and *now*, oldest first."""
        left = _left(now - since)
        posts = self.posts * left
        days = self.days * left + (1 - left) * _MOST_DAYS
        if not seen:
            return Habit(
                posts=posts,
                days=days,
                hours=self.hours,
                as_of=now,
                last_post_at=self.last_post_at,
            )
        scale = posts / (sum(self.hours) or 1.0)
        hours = [hour * scale for hour in self.hours or (0.0,) * HOURS]
        for post in seen:
            counts = _left(now - post)
            posts += counts
            hours[post.hour] += counts
        return Habit(
            posts=posts,
            days=days,
            hours=tuple(round(hour, 3) for hour in hours),
            as_of=now,
            last_post_at=max(seen[-1], self.last_post_at or seen[-1]),
        )


def first_habit(dates: Sequence[datetime], now: datetime) -> Habit:
    """Answer the habit that the dates of a feed's entries show when it is first read.

    Dates that are all at midnight, or all the same, tell no times, and only what is posted from
    now on counts. A feed shows its last entries only, so the days are counted from one of the
    oldest on, which is itself not counted: there is no telling how long it was the newest. It
    is not the very oldest, which may be pinned there for years.
    """
    shown = sorted(date for date in dates if date <= now)[-_MOST_AT_ONCE:]
    newest = shown[-1] if shown else None
    if all(date.time() == _MIDNIGHT for date in shown) or (len(shown) > 1 and shown[0] == newest):
        return Habit(as_of=now, last_post_at=newest)
    first = len(shown) // 10
    return Habit(last_post_at=newest)._counted(shown[first], now, shown[first + 1 :])  # noqa: SLF001 -- its own


def _left(passed: timedelta) -> float:
    """Answer what is left of 1 after some time; a clock that was set back takes nothing."""
    return float(0.5 ** max(0.0, passed / _HALF_LIFE))


def _tells_time(post: datetime, since: datetime, now: datetime) -> bool:
    return since < post <= now and post.time() != _MIDNIGHT
