"""A subscription at a WebSub hub, and its lease: what is remembered after each step of it."""

import re
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import Enum

from monitors.feeds.entry import Document
from monitors.feeds.feed import Fetched
from monitors.polling.manners import host_of

LEASE = timedelta(days=10)  # that hubs are asked for
_LONGEST_LEASE = timedelta(days=14)
_UNSAID_LEASE = timedelta(days=1)
_SOONEST_RENEWAL = timedelta(minutes=10)
_RENEWED_AFTER = 2 / 3
_FIRST_RETRY, _LONGEST_RETRY = timedelta(minutes=5), timedelta(days=1)
_AFTER_REFUSAL = timedelta(days=7)
_MOST_FAREWELLS = 5
_LONGEST_ADDRESS = 2_000
# A feed that names another hub each time must not make us write to all of them.
_STEADY = timedelta(hours=1)


class Standing(Enum):
    """Where a subscription stands."""

    WANTED = "wanted"  # the hub was not asked yet
    PENDING = "pending"  # it was asked, and has not confirmed
    ACTIVE = "active"
    REFUSED = "refused"
    LEAVING = "leaving"  # to be ended


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """What a feed says of its hub.

    Attributes:
        hub: address of the hub.
        topic: what the hub calls the feed.
    """

    hub: str
    topic: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HubAnswer:
    """What a hub said to a request.

    Attributes:
        problem: why it did not take it, for people; None if it did.
        refused: whether it will not take it the next time either.
        wait: how long it asked to be left alone.
    """

    problem: str | None = None
    refused: bool = False
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """What is known of a subscription; times are aware UTC.

    Attributes:
        callback: end of the address that the hub calls; whoever knows it is believed to be it.
        secret: what the hub signs with.
        since: when the feed first named this hub.
        wanted: whether it is to be had; else it is to be ended.
        due_at: when the hub is asked next; None if never.
        public_url: what the hub was told to call; None before it is asked.
        attempts: requests since the hub last confirmed.
        active_since, lease_until: from when, and until when, the hub has promised to push.
        refused: whether the hub does not want to.
        problem: what went wrong at the last request, for people.
        pushed_at: when it last pushed.
        ignored: how many pushes were not signed as they should be.
        announced_at: of a push that no poll has followed up yet.
        looks: how often it was looked for in vain.
        asks_at: when the feed is asked for it.
        in_vain: polls in a row that a push set off and that found nothing new.
        missing_since: when a poll found what no push had announced, if none does in time.
        misses: how often that was so since a push last brought something.
        proven: whether pushes have brought something, and few were missed since.
    """

    hub: str
    topic: str
    callback: str = field(repr=False)
    secret: str = field(repr=False)
    since: datetime
    wanted: bool = True
    due_at: datetime | None = None
    public_url: str | None = None
    attempts: int = 0
    active_since: datetime | None = None
    lease_until: datetime | None = None
    refused: bool = False
    problem: str | None = None
    pushed_at: datetime | None = None
    ignored: int = 0
    announced_at: datetime | None = None
    looks: int = 0
    asks_at: datetime | None = None
    in_vain: int = 0
    missing_since: datetime | None = None
    misses: int = 0
    proven: bool = False

    @property
    def callback_url(self) -> str:
        """The address that the hub is told to call."""
        return f"{self.public_url}/websub/{self.callback}"

    def standing(self, now: datetime) -> Standing:
        """Answer where it stands."""
        if not self.wanted:
            return Standing.LEAVING
        if self.lease_until and self.lease_until > now:
            return Standing.ACTIVE
        if self.refused:
            return Standing.REFUSED
        return Standing.PENDING if self.public_url else Standing.WANTED

    def is_over(self, now: datetime) -> bool:
        """Answer whether nothing is left to be ended at the hub."""
        if self.wanted:
            return False
        leased = self.lease_until is not None and self.lease_until > now
        return self.public_url is None or self.attempts >= _MOST_FAREWELLS or not leased

    def trusted_until(self, now: datetime) -> datetime | None:
        """Answer until when pushes may be relied on to tell of what is new, if they may."""
        if self.standing(now) is Standing.ACTIVE and self.proven and not self.missing_since:
            return self.lease_until
        return None


def offer_of(fetched: Fetched, document: Document) -> Offer | None:
    """Answer which hub a feed names; headers go before what the document says."""
    hub = fetched.hub or document.hub
    topic = (fetched.topic if fetched.hub else None) or document.topic or fetched.address
    if not hub or not all(host_of(one) and len(one) <= _LONGEST_ADDRESS for one in (hub, topic)):
        return None
    return Offer(hub=hub, topic=topic)


def may_change(known: Subscription, offer: Offer | None, now: datetime) -> bool:
    """Answer whether a feed that makes *offer* now has left the hub of *known*."""
    same = offer is not None and (offer.hub, offer.topic) == (known.hub, known.topic)
    return not same and now - known.since >= _STEADY


def asked(known: Subscription, public_url: str, now: datetime, chance: float) -> Subscription:
    """Answer what is remembered before the hub is asked, as if nothing came of it.

    Args:
        known: what is known before.
        public_url: what the hub is told to call.
        now: aware UTC.
        chance: from 0 to 1; it spreads the tries.
    """
    wait = min(_FIRST_RETRY * (1 << (2 * min(known.attempts, 10))), _LONGEST_RETRY)
    return replace(
        known,
        public_url=public_url,
        attempts=known.attempts + 1,
        due_at=now + wait * (1 + chance / 5),
        problem="the hub has not confirmed it",
    )


def answered(known: Subscription, answer: HubAnswer, now: datetime) -> Subscription:
    """Answer what is remembered once the hub has answered; it confirms by another way."""
    if answer.problem is None:
        return known
    wait = _AFTER_REFUSAL if answer.refused else min(answer.wait or timedelta(), _LONGEST_RETRY)
    due_at = max(known.due_at or now, now + wait)
    return replace(known, refused=answer.refused, problem=answer.problem, due_at=due_at)


def confirmed(
    known: Subscription, lease: timedelta | None, now: datetime, chance: float
) -> Subscription:
    """Answer what is remembered once the hub has confirmed that it pushes for *lease*."""
    lease = min(lease or _UNSAID_LEASE, _LONGEST_LEASE)
    renewal = max(lease * (_RENEWED_AFTER - chance / 20), _SOONEST_RENEWAL)
    was_active = known.lease_until is not None and known.lease_until >= now
    return replace(
        known,
        active_since=known.active_since if was_active else now,
        lease_until=now + lease,
        due_at=now + renewal,
        attempts=0,
        refused=False,
        problem=None,
    )


def lease_of(text: str) -> timedelta | None:
    """Answer the lease that a hub's `hub.lease_seconds` says, if it says one."""
    seconds = int(text) if re.fullmatch(r"[0-9]{1,9}", text) else 0
    return timedelta(seconds=seconds) if seconds else None


def denied(known: Subscription, now: datetime) -> Subscription:
    """Answer what is remembered once the hub has said that it will not push."""
    due_at, problem = now + _AFTER_REFUSAL, "the hub refuses it"
    return replace(known, refused=True, lease_until=None, due_at=due_at, problem=problem)


def left(known: Subscription, now: datetime) -> Subscription:
    """Answer what is remembered of a subscription that is to be ended."""
    return replace(known, wanted=False, attempts=0, due_at=now)


def lapsed(known: Subscription, now: datetime) -> Subscription:
    """Answer what is remembered once the hub can no longer reach us where it was told to."""
    return replace(
        known,
        public_url=None,
        attempts=0,
        lease_until=None,
        active_since=None,
        due_at=now,
        problem=None,
    )
