"""When a feed that can be read is polled next.

With a rate of r posts a day and T days between two polls, the posts wait r T^2 / 2 in all, and
one request a poll is what it costs. So the next poll is due when what the posts expected since
this one have waited, in posts x days, reaches the price of a request: T is as the square root of
1 / r. The rate is that of the hour, which makes nights cheap and mornings prompt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import sqrt

from monitors.feeds.entry import Pace
from monitors.feeds.feed import Feed
from monitors.polling.habit import HOURS, Habit
from monitors.polling.manners import Manners
from monitors.polling.memory import Memory
from monitors.times import about, duration_text

# 10 minutes for 40 posts a day, 40 for 2.5, nearly 3 hours for one a week.
USUAL_PRICE = 0.001
SPREAD = 1 / 20
QUIET_AT_MOST = timedelta(hours=24)
_QUIET_AFTER = timedelta(days=90)
# No server is granted more than this, nor a feed that asks for it.
_MOST_GRANTED = timedelta(hours=4)
# A feed that has been seen for less than six hours is looked at once an hour to begin with.
_KNOWN_DAYS = 0.25
_UNKNOWN_AT_MOST = timedelta(hours=1)
# A poll is moved out of hours and days that a feed skips, unless these last longer: a weekend.
_MOST_SKIPPED = 72
_PSEUDO_POSTS = 12.0
# A post is often not alone: for half an hour more are expected, as many again but at most 0.3 an
# hour. More would make more requests than the price allows for.
_BURST = timedelta(minutes=30)
_BURST_MOST = 0.3
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """When a feed is asked next, and why then, in a few words for people."""

    at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a request is worth.

    Attributes:
        manners: bounds for all feeds.
        price: how much expected delay makes up for one request: posts x days.
        weight: how much a minute's delay of this feed counts; 1 for most, more for urgent ones.
    """

    manners: Manners = Manners()
    price: float = USUAL_PRICE
    weight: float = 1.0


def next_plan(feed: Feed, memory: Memory, terms: Terms, now: datetime, chance: float) -> Plan:
    """Answer when *feed* is polled next after a poll at *now* that worked.

    Args:
        feed: as rules.yaml says.
        memory: what is known of it, with this poll.
        terms: what a request is worth.
        now: aware UTC.
        chance: from 0 to 1; it spreads feeds, so that they do not march in step.
    """
    if feed.every:
        why = f"every: {duration_text(feed.every)} in rules.yaml"
        return Plan(at=now + feed.every * (1 + SPREAD * chance), why=why)
    rate = memory.habit.posts_a_day(now)
    silence = _silence(memory, now)
    usual = f"nothing new for {about(silence)}" if silence else posting(rate)
    floor, why_floor = _floor(feed, memory, terms.manners)
    _, ceiling = bounds(feed, terms.manners, quiet=silence is not None)
    known = memory.habit.days >= _KNOWN_DAYS
    ceiling = ceiling if known else min(ceiling, _UNKNOWN_AT_MOST)
    gap = _worth_it(memory.habit, rate, terms, now)
    if memory.pushed_until and memory.pushed_until - now > ceiling:
        gap, usual = max(gap, ceiling), "its hub tells of what is new"
    if gap <= floor or ceiling <= floor:
        gap, why = floor, why_floor or f"{usual}; no sooner than every {about(floor)}"
    elif gap < ceiling:
        why = usual
    else:
        late = f"{usual}; no later than every {about(ceiling)}"
        gap, why = ceiling, late if known else "it is not known yet how it publishes"
    earliest, latest = spread(gap, floor, ceiling)
    return _unskipped(Plan(at=now + earliest + (latest - earliest) * chance, why=why), memory.pace)


def latest(feed: Feed, memory: Memory, now: datetime) -> datetime | None:
    """Answer the latest time of the next poll where rules.yaml may have a shorter time now.

    None where there is none: rules.yaml says nothing of this feed, or it fails, and waits for
    what its server has asked for.

    Args:
        feed: as rules.yaml says.
        memory: what is known of it.
        now: aware UTC.
    """
    if memory.failures:
        return None
    if feed.every:
        return now + feed.every
    if not feed.at_most:
        return None
    asked = max(memory.max_age or timedelta(), memory.pace.gap or timedelta())
    longest = max(feed.at_most, min(asked, _MOST_GRANTED))
    return _unskipped(Plan(at=now + longest, why=""), memory.pace).at


def bounds(feed: Feed, manners: Manners, *, quiet: bool) -> tuple[timedelta, timedelta]:
    """Answer how soon and how late a feed that adapts is polled, whatever its server says.

    Args:
        feed: as rules.yaml says.
        manners: for feeds that say nothing of their own.
        quiet: whether it has had no post for 90 days.
    """
    floor, ceiling = feed.at_least or manners.at_least, feed.at_most or manners.at_most
    return floor, max(ceiling, QUIET_AT_MOST) if quiet and not feed.at_most else ceiling


def spread(gap: timedelta, floor: timedelta, ceiling: timedelta) -> tuple[timedelta, timedelta]:
    """Answer the first and the last moment of a poll that is due after *gap*."""
    return max(gap * (1 - SPREAD), floor), min(gap * (1 + SPREAD), max(floor, ceiling))


def posting(rate: float) -> str:
    """Answer how much a feed posts, for people, by its number of posts a day."""
    for days, unit in ((1, "day"), (7, "week"), (30, "month")):
        if (number := round(rate * days)) >= 1:
            return f"about {number} post{'s' if number > 1 else ''} a {unit}"
    return "less than a post a month"


def _floor(feed: Feed, memory: Memory, manners: Manners) -> tuple[timedelta, str | None]:
    """Answer how soon it may be, and why if that is not the user's word."""
    floor, _ = bounds(feed, manners, quiet=False)
    fresh, gap = memory.max_age or timedelta(), memory.pace.gap or timedelta()
    asked = max(fresh, gap)
    if min(asked, _MOST_GRANTED) <= floor:
        return floor, None
    why = f"it asks for {about(asked)} between polls"
    if fresh >= gap:
        why = f"its server calls an answer fresh for {about(asked)}"
    if asked > _MOST_GRANTED:
        why = f"{why}, and gets {about(_MOST_GRANTED)}"
    return min(asked, _MOST_GRANTED), why


def _silence(memory: Memory, now: datetime) -> timedelta | None:
    """Answer how long there has been no post, if that is more than 90 days."""
    since = memory.habit.last_post_at or memory.first_ok_at or now
    return now - since if now - since > _QUIET_AFTER else None


def _worth_it(habit: Habit, rate: float, terms: Terms, now: datetime) -> timedelta:
    """Answer after what time the expected delay of posts is worth a request."""
    profile = _profile(habit)
    # So many requests a day as if posts came evenly: else who has an eventful hour would pay
    # for it with less requests in all.
    even = (sum(map(sqrt, profile)) / HOURS) ** 2
    due = terms.price * HOURS / terms.weight * even  # posts x hours
    passed = posted = waited = 0.0
    for hours, posts in _pieces(habit, rate / HOURS, profile, now):
        missing = due - waited
        after = posted * hours + posts * hours * hours / 2
        if after >= missing:
            passed += 2 * missing / (posted + sqrt(posted * posted + 2 * posts * missing))
            break
        passed, posted, waited = passed + hours, posted + posts * hours, waited + after
    return passed * _HOUR


def _pieces(
    habit: Habit, rate: float, profile: Sequence[float], now: datetime
) -> Iterator[tuple[float, float]]:
    """Yield pieces of the time to come: hours, and expected posts an hour; the last is long."""
    hour, into = now.hour, now.minute / 60 + now.second / 3600
    burst = (habit.last_post_at + _BURST - now) / _HOUR if habit.last_post_at else 0.0
    if burst > 0:
        yield burst, rate * profile[hour] + min(rate, _BURST_MOST)
        into += burst
    if into >= 1:
        hour, into = hour + 1, into - 1
    yield 1 - into, rate * profile[hour % HOURS]
    for later in range(hour + 1, hour + HOURS):
        yield 1.0, rate * profile[later % HOURS]
    yield 1e6, rate


def _profile(habit: Habit) -> list[float]:
    """Answer how much more than the mean is posted in each hour of the day, smoothed."""
    if not habit.hours:
        return [1.0] * HOURS
    hours = habit.hours
    scale = habit.posts / (sum(hours) or 1.0)
    even = _PSEUDO_POSTS / HOURS
    mean = (habit.posts + _PSEUDO_POSTS) / HOURS
    return [
        ((hours[at - 1] / 4 + hours[at] / 2 + hours[at + 1 - HOURS] / 4) * scale + even) / mean
        for at in range(HOURS)
    ]


def _unskipped(plan: Plan, pace: Pace) -> Plan:
    """Answer *plan*, moved to the end of the hours and days that the feed skips."""
    if not pace.skip_hours and not pace.skip_days:
        return plan
    at, why = plan.at, plan.why
    for _ in range(_MOST_SKIPPED + 1):
        if at.weekday() in pace.skip_days:
            why = "it does not change on this day (skipDays)"
        elif at.hour in pace.skip_hours:
            why = "it does not change at this hour (skipHours)"
        else:
            return Plan(at=at, why=why)
        at = at.replace(minute=0, second=0, microsecond=0) + _HOUR
    return plan
