"""When a feed that can be read is polled next."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from monitors.feeds.feed import Feed
from monitors.polling.manners import Manners
from monitors.polling.memory import Memory


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
    price: float = 1.0
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
    del memory
    gap = feed.every or max(terms.manners.at_least, timedelta(minutes=10))
    return Plan(at=now + gap * (1 + chance / 20), why="as rules.yaml says")
