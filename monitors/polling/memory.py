"""What is remembered of a feed between two polls, and how it does."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from monitors.feeds.entry import Pace
from monitors.feeds.feed import Validators
from monitors.polling.habit import Habit


class State(Enum):
    """How a feed does, in a word that scripts can rely on."""

    NEW = "new"  # not polled yet
    OK = "ok"
    WARNING = "warning"  # it can be read, but something is wrong with it
    FAILING = "failing"
    WEEKLY = "weekly"  # failing for so long that it is asked once a week
    GONE = "gone"  # its server says so; asked once a month
    MOVED = "moved"  # for good; it is asked at its new address


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """What the polls of a feed have shown; times are aware UTC.

    Attributes:
        next_poll_at: when it is asked next.
        why: why then, in a few words for people.
        title: the feed's own.
        validators: of the last answer, to be sent back.
        unconditional_at: when it was last asked without validators.
        body_hash: of the last body.
        habit: how it publishes.
        pace, max_age: how often it, and its server, say that it is worth asking.
        shared_ids: whether it has given one identifier to several entries.
        moved_to: where a permanent redirect has led since *moved_since*.
        asked_at: the address that is asked instead of the one in rules.yaml, because the feed
            has moved there for good.
        first_ok_at, last_ok_at, last_new_at, last_poll_at: first and last poll that worked,
            last one that brought something new, and last one.
        failures: failed polls in a row, since *failing_since*.
        reason, message, status: of the last failure, or the flaw of a feed that can be read.
        told: the state that its people were told of last; None if nothing is wrong that they
            know of.
        gone_at: when its server first said that it is gone for good (410).
        empty_since: since when it has had no entries, although it has had some.
        pushed_until: until when a hub is trusted to tell of what is new, if one is.
    """

    next_poll_at: datetime
    why: str = ""
    title: str | None = None
    validators: Validators = Validators()
    unconditional_at: datetime | None = None
    body_hash: str | None = None
    habit: Habit = Habit()
    pace: Pace = Pace()
    max_age: timedelta | None = None
    shared_ids: bool = False
    moved_to: str | None = None
    moved_since: datetime | None = None
    asked_at: str | None = None
    first_ok_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_new_at: datetime | None = None
    last_poll_at: datetime | None = None
    failures: int = 0
    failing_since: datetime | None = None
    reason: str | None = None
    message: str | None = None
    status: int | None = None
    told: State | None = None
    gone_at: datetime | None = None
    empty_since: datetime | None = None
    pushed_until: datetime | None = None
