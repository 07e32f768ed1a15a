"""All that is known of one feed, as facts with their labels."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitors.feeds.entry import Pace
from monitors.gathering.checkup import Checkup, in_zone, rate_text
from monitors.pipeline.records import FeedYield
from monitors.polling.memory import Memory
from monitors.polling.subscription import Subscription
from monitors.times import about, duration_text

_HOURS = 24
_BUSY = 1.5  # times the mean hour
_MOST_RULES = 20
_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """All that is known of a feed.

    Attributes:
        one: the feed and its health.
        brought: in the last seven days; None if it was never polled.
        rules: names of those that watch it.
        push: its subscription at a hub, if it names one.
    """

    one: Checkup
    brought: FeedYield | None
    rules: Sequence[str]
    push: Subscription | None = None


def facts(dossier: Dossier, zone: tzinfo) -> Iterator[tuple[str, str | None]]:
    """Yield what is known, each with its label; what is None is left out."""
    one, brought = dossier.one, dossier.brought
    memory = one.memory
    yield "address", one.feed.address
    yield "asked at", memory.asked_at if memory else None
    yield "tags", ", ".join(sorted(one.feed.tags))
    yield "state", f"{one.state}: {one.trouble}" if one.trouble else one.state
    if memory:
        yield "last poll", in_zone(memory.last_poll_at, zone, one.now)
        yield "last ok", in_zone(memory.last_ok_at, zone, one.now)
        yield "last new", in_zone(memory.last_new_at, zone, one.now)
    why = f", {one.why}" if one.why else ""
    yield "next poll", f"{in_zone(one.next_poll_at, zone, one.now)}{why}" if one.health else None
    if memory:
        yield "posts", _posts(one, memory, zone)
        yield "hints", _hints(memory)
        yield "asks with", _validators(memory) if memory.last_ok_at else None
        yield "moving", _moving(one, memory)
    yield "push", _push(dossier.push, one.now, zone) if dossier.push else None
    yield "rules", _listed(dossier.rules)
    yield "full text", _pages(one, brought)
    if brought:
        lately = f"{brought.articles} in 7 days, {brought.matched} of them matched a rule"
        yield "articles", f"{lately}; {one.health.articles if one.health else 0} in all"


def _posts(one: Checkup, memory: Memory, zone: tzinfo) -> str | None:
    if one.posts_a_day is None:
        return None
    busy = busiest_hours(memory.habit.hours, _shift(one, zone))
    return f"about {rate_text(one.posts_a_day)}{f', mostly at {busy}' if busy else ''}"


def _shift(one: Checkup, zone: tzinfo) -> int:
    """Answer how many hours the clock of *zone* is before UTC now, rounded down."""
    offset = one.now.astimezone(zone).utcoffset()
    return int(offset.total_seconds() // 3_600) if offset else 0


def busiest_hours(hours: Sequence[float], shift: int) -> str:
    """Answer the hours in which clearly more is posted, as `08-10, 17`; empty if there are none.

    Args:
        hours: how much was posted in each hour of the day, UTC.
        shift: hours that the clock of the reader is ahead.
    """
    if len(hours) != _HOURS or not sum(hours):
        return ""
    mean = sum(hours) / _HOURS
    local = [hours[(hour - shift) % _HOURS] for hour in range(_HOURS)]
    runs: list[list[int]] = []
    for hour in (hour for hour, weight in enumerate(local) if weight >= _BUSY * mean):
        if runs and runs[-1][-1] == hour - 1:
            runs[-1].append(hour)
        else:
            runs.append([hour])
    return ", ".join(f"{run[0]:02}-{run[-1]:02}" if run[1:] else f"{run[0]:02}" for run in runs)


def _hints(memory: Memory) -> str | None:
    """Answer how often the feed and its server say that it is worth asking."""
    own, fresh = pace_text(memory.pace), memory.max_age
    hints = [f"the feed says {own}"] if own else []
    hints += [f"its server calls it fresh for {duration_text(fresh)}"] if fresh else []
    return "; ".join(hints) or None


def pace_text(pace: Pace) -> str:
    """Answer how often a feed itself says that it is worth asking, for people; else nothing."""
    hints = [
        f"every {duration_text(pace.gap)}" if pace.gap else "",
        f"not at {_numbers(pace.skip_hours)} UTC" if pace.skip_hours else "",
        f"not on {', '.join(_DAYS[day] for day in sorted(pace.skip_days))}"
        if pace.skip_days
        else "",
    ]
    return ", ".join(filter(None, hints))


def _numbers(hours: Iterable[int]) -> str:
    return ", ".join(f"{hour:02}" for hour in sorted(hours))


def _validators(memory: Memory) -> str:
    has = [
        name
        for name, value in (
            ("ETag", memory.validators.etag),
            ("Last-Modified", memory.validators.last_modified),
        )
        if value
    ]
    return " and ".join(has) if has else "nothing: its server cannot say whether it has changed"


def _push(push: Subscription, now: datetime, zone: tzinfo) -> str:
    """Answer how its hub does."""
    told = f"{push.hub}: {push.standing(now).value}"
    if push.lease_until:
        told += f" until {in_zone(push.lease_until, zone, now)}"
    if push.pushed_at:
        told += f", last push {about(now - push.pushed_at)} ago"
    if push.misses:
        told += f", {push.misses} missed"
    return f"{told}; {push.problem}" if push.problem else told


def _moving(one: Checkup, memory: Memory) -> str | None:
    if not memory.moved_to or memory.moved_to == memory.asked_at:
        return None
    since = f" for {about(one.now - memory.moved_since)}" if memory.moved_since else ""
    return f"its server has pointed to {memory.moved_to}{since}"


def _pages(one: Checkup, brought: FeedYield | None) -> str:
    setting = one.feed.full_text.value
    if not brought or not brought.pages:
        return setting
    return f"{setting}; {brought.pages_read} of {brought.pages} pages could be read in 7 days"


def _listed(rules: Sequence[str]) -> str:
    if not rules:
        return "none watches it"
    more = f" and {len(rules) - _MOST_RULES} more" if len(rules) > _MOST_RULES else ""
    return ", ".join(rules[:_MOST_RULES]) + more
