"""How a feed does, in the words that people are told."""

from dataclasses import dataclass
from datetime import datetime, tzinfo

from monitors.feeds.feed import Feed
from monitors.pipeline.records import FeedHealth
from monitors.polling.health import state_of
from monitors.polling.memory import Memory, State
from monitors.times import about

RESTING = "resting"  # its host has asked to be left alone
TROUBLED = (State.FAILING.value, State.WEEKLY.value, State.GONE.value, RESTING)
_MOST_POSTS = 10  # a day; more need no digit behind the point


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """A feed of rules.yaml, and what is known of it *now*.

    Attributes:
        health: None if it was never polled.
    """

    feed: Feed
    health: FeedHealth | None
    now: datetime

    @property
    def memory(self) -> Memory | None:
        """What its polls have shown; None before the first."""
        known = self.health.memory if self.health else None
        return known if known and known.last_poll_at else None

    @property
    def name(self) -> str | None:
        """What to call it, if not by its address."""
        return self.feed.name or (self.memory.title if self.memory else None)

    @property
    def state(self) -> str:
        """How it does, in a word."""
        if self.memory is None:
            return State.NEW.value
        state = state_of(self.memory, self.now)
        if self.rests_until and state in (State.OK, State.WARNING, State.MOVED, State.FAILING):
            return RESTING
        return state.value

    @property
    def rests_until(self) -> datetime | None:
        """Until when its host is left alone, if it is for longer than usual."""
        free = self.health.host_free_at if self.health and self.health.host_why else None
        return free if free and free > self.now else None

    @property
    def next_poll_at(self) -> datetime | None:
        """When it is asked next; later than planned if its host rests until then."""
        if self.health is None:
            return None
        planned = self.health.memory.next_poll_at
        return max(planned, self.rests_until) if self.rests_until else planned

    @property
    def why(self) -> str | None:
        """Why it is asked then."""
        if self.health is None or self.next_poll_at is None:
            return None
        if self.rests_until == self.next_poll_at:
            return f"its host {self.health.host_why}"
        return self.health.memory.why or None

    @property
    def since(self) -> datetime | None:
        """Since when it has been in its state, where that is known."""
        memory = self.memory
        if memory is None:
            return None
        known = {
            State.GONE.value: memory.gone_at,
            State.MOVED.value: memory.moved_since,
            State.OK.value: None,
            State.WARNING.value: None,
        }
        return known.get(self.state, memory.failing_since)

    @property
    def posts_a_day(self) -> float | None:
        """About how many posts it has a day; None before it was read."""
        if self.memory is None or self.memory.last_ok_at is None:
            return None
        return self.memory.habit.posts_a_day(self.now)

    @property
    def trouble(self) -> str | None:
        """What is wrong with it, in one line; None if nothing is."""
        memory, state = self.memory, self.state
        if memory is None or self.health is None or state == State.OK.value:
            return None
        since = f" for {about(self.now - self.since)}" if self.since else ""
        message = memory.message or "it has no entries any more"
        if state == RESTING:
            told = f"{message}; " if memory.failures else ""
            return f"{told}its host {self.health.host_why}"
        texts = {
            State.MOVED.value: f"has moved to {memory.asked_at}{since}",
            State.WARNING.value: f"can be read, but {message}",
            State.GONE.value: f"gone for good, says its server{since}: {message}",
            State.WEEKLY.value: f"cannot be read{since}, and is tried once a week: {message}",
        }
        return texts.get(state, f"failing{since}: {message}")


def rate_text(posts_a_day: float) -> str:
    """Answer a number of posts a day, for people."""
    if posts_a_day >= _MOST_POSTS:
        return f"{posts_a_day:.0f} a day"
    if posts_a_day >= 1:
        return f"{posts_a_day:.1f} a day"
    return f"{posts_a_day * 7:.1f} a week"


def in_zone(moment: datetime | None, zone: tzinfo, now: datetime) -> str:
    """Answer a time, on the clock of *zone* and from now, for people."""
    if moment is None:
        return "never"
    away = f"in {about(moment - now)}" if moment > now else f"{about(now - moment)} ago"
    return f"{moment.astimezone(zone).strftime('%a %d %b %H:%M')} ({away})"
