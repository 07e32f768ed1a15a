"""How Newsbell does at a glance, for people: what waits, what arrived, what cannot be read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo

from monitors.pipeline.dialogs import Trouble
from monitors.pipeline.history.records import Refusal
from monitors.pipeline.ports import Ledger
from monitors.pipeline.telling.backlog import Backlog, LastAlert
from monitors.pipeline.telling.failed import Doubts, Folded


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """How Newsbell does.

    Attributes:
        feeds: how many are polled.
        failing: how many of them cannot be read now.
        unpolled: how many of them have not been polled yet.
        counts: how many letters are in each state.
        doubts: how often answers were lost.
        folded: how many alerts came in digests.
        holds: until when which peers are left alone.
        held_why: why that is, each reason once.
        trouble: why people are not heard, if they are not.
        refusal: why rules.yaml is not in force as it stands, if it is not.
    """

    feeds: int
    failing: int
    unpolled: int
    counts: Mapping[str, int]
    doubts: Doubts
    folded: Folded
    holds: Mapping[str, datetime]
    held_why: tuple[str, ...]
    trouble: Trouble | None
    refusal: Refusal | None
    backlog: Backlog
    last: LastAlert | None


def overview(ledger: Ledger, now: datetime, since: datetime) -> Overview:
    """Answer how Newsbell does *now*; what has arrived is counted since *since*."""
    feeds = ledger.feeds.health()
    return Overview(
        feeds=len(feeds),
        failing=sum(feed.memory.failures > 0 for feed in feeds),
        unpolled=sum(feed.memory.last_poll_at is None for feed in feeds),
        counts=ledger.outbox.counts(),
        doubts=ledger.outbox.doubts(),
        folded=ledger.outbox.folded(),
        holds=ledger.outbox.holds(now),
        held_why=ledger.outbox.held_why(now),
        trouble=ledger.talks.trouble(),
        refusal=ledger.history.refusal(),
        backlog=ledger.overview.backlog(now, since),
        last=ledger.overview.last_alert(),
    )


def midnight(now: datetime, zone: tzinfo) -> datetime:
    """Answer when the day began in *zone*, in UTC."""
    local = now.astimezone(zone)
    return local.replace(hour=0, minute=0, second=0, microsecond=0).astimezone(UTC)
