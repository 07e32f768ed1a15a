"""Polls the feeds that are due, and remembers how it went."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from monitors.feeds.entry import Document, NotAFeed
from monitors.feeds.feed import FailureReason, Feed, Fetched, FetchFailed, NotModified, Validators
from monitors.gathering.offers import Polled, note_poll
from monitors.gathering.take_in import take_in
from monitors.pipeline.accept import Carrier
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Chance, Clock, Fetcher, Ledger, Reader, Store
from monitors.pipeline.records import DueFeed, HostLeft
from monitors.pipeline.slots import Slots
from monitors.polling.cadence import Plan, Terms, next_plan
from monitors.polling.course import (
    after_answer,
    after_document,
    after_failure,
    settled_move,
    to_ask_with,
)
from monitors.polling.manners import Spacing
from monitors.polling.memory import Memory
from monitors.polling.retrying import PASSING, asks_for_rest, rest_after, retry_plan
from monitors.polling.subscription import offer_of
from monitors.stories.accept import storable
from monitors.times import about

AT_ONCE = 64
# Longer than a fetch and a parse may take together.
_LEASE = timedelta(minutes=3)
# Shorter silences are no outage: feeds are polled now and then only.
_OUTAGE = timedelta(minutes=15)
_BETWEEN_RETRIES = timedelta(milliseconds=60)
_PASSING = frozenset(reason.value for reason in PASSING)
_log = structlog.get_logger()


class ClaimLostError(Exception):
    """Somebody else has claimed the feed meanwhile: nothing of this poll may be kept."""


@dataclass(frozen=True, slots=True)
class PollPorts:
    """What polling needs; *poke* has the outbox looked at now, and not only at the next tick."""

    store: Store
    fetcher: Fetcher
    reader: Reader
    clock: Clock
    chance: Chance
    poke: Callable[[], object] = lambda: None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Poll:
    """One poll under way: what was claimed, as rules.yaml has it, and what was asked with."""

    due: DueFeed
    feed: Feed
    sent: Validators
    started: datetime


class Poller:
    """Polls due feeds, a bounded number at once, one at a time on each host.

    Args:
        ports: what it needs.
        in_force: the rules.
        terms: what a request for a feed is worth.
    """

    def __init__(self, ports: PollPorts, in_force: InForce, terms: Callable[[Feed], Terms]) -> None:
        self._ports = ports
        self._in_force = in_force
        self._terms = terms
        self._newly_failing: dict[str, str] = {}
        # When any feed could last be read: if none can, it is rather our own network.
        self._worked_at: datetime | None = None
        self.slots = Slots(AT_ONCE)

    async def tick(self) -> int:
        """Begin the polls that are due; answer how many."""
        self.say_failing()
        if self._worked_at is None:
            now = self._ports.clock()
            worked_at = await self._ports.store.write(lambda ledger: ledger.feeds.worked_at())
            self._worked_at = min(worked_at or now, now)
        return await self.slots.fill(self._claim, self._poll)

    async def _claim(self, limit: int) -> tuple[DueFeed, ...]:
        now = self._ports.clock()
        return await self._ports.store.write(
            lambda ledger: ledger.feeds.claim(now, now + _LEASE, limit)
        )

    async def _poll(self, due: DueFeed) -> None:
        """Poll one claimed feed, and go on at once where its host needs no pause."""
        await self._poll_one(due)
        if due.host and not self._in_force.book.spacing.gap(due.host):
            await self.slots.fill(lambda _: self._claim(1), self._poll)

    async def _poll_one(self, due: DueFeed) -> None:
        """Poll one claimed feed; its next poll is committed after its articles and alerts."""
        feed, now = self._in_force.book.feeds.get(due.address), self._ports.clock()
        if feed is None:  # taken out of rules.yaml since it was claimed
            left = HostLeft(free_at=now, strikes=due.strikes)
            await self._ports.store.write(
                lambda ledger: ledger.feeds.finish(due, due.memory, left, now)
            )
            return
        poll = _Poll(due=due, feed=feed, sent=to_ask_with(due.memory, now), started=now)
        outcome = await self._ports.fetcher.fetch(due.memory.asked_at or due.address, poll.sent)
        if isinstance(outcome, Fetched):
            body_hash = hashlib.blake2b(outcome.body, digest_size=16).hexdigest()
            if body_hash == due.memory.body_hash:
                await self._unchanged(poll, outcome)
                return
            document = await self._ports.reader.read_feed(
                outcome.body, outcome.address, outcome.content_type
            )
            if isinstance(document, Document):
                await self._take_in(poll, outcome, document, body_hash)
                return
            outcome = _not_a_feed(document)
        if isinstance(outcome, NotModified):
            await self._unchanged(poll, outcome)
        else:
            await self._failed(poll, outcome)

    async def _take_in(
        self, poll: _Poll, fetched: Fetched, document: Document, body_hash: str
    ) -> None:
        """Take in a document.

        The poll is remembered after that: what a crash leaves out is found again.
        """
        due, feed = poll.due, poll.feed
        carrier = Carrier(
            id=due.id,
            feed=feed,
            watched=frozenset({feed.address}),
            first_ok_at=due.memory.first_ok_at,
            last_ok_at=due.memory.last_ok_at,
            shared_ids=due.memory.shared_ids,
        )
        ports = self._ports
        taken = await take_in(ports.store, self._in_force, carrier, document, ports.clock)
        if taken.decisions:
            ports.poke()
        now = ports.clock()
        memory = after_document(
            after_answer(due.memory, fetched, poll.sent, now),
            document,
            taken.posts,
            shared_ids=taken.shared_ids,
            title=storable(document.title) if document.title else None,
            body_hash=body_hash,
            now=now,
        )
        offer = offer_of(fetched, document)
        seen = Polled(started=poll.started, news=len(taken.posts), read=document.whole, offer=offer)
        await self._finish(poll, memory, seen, now)
        _log.info(
            "feed.polled",
            feed=due.address,
            outcome="changed",
            news=len(taken.posts),
            decisions=taken.decisions,
        )

    async def _unchanged(self, poll: _Poll, answer: Fetched | NotModified) -> None:
        now = self._ports.clock()
        memory = after_answer(poll.due.memory, answer, poll.sent, now)
        await self._finish(poll, memory, Polled(started=poll.started), now)
        _log.info("feed.polled", feed=poll.due.address, outcome="unchanged")

    async def _finish(self, poll: _Poll, memory: Memory, seen: Polled, now: datetime) -> None:
        """Remember a poll that worked; what failed with it is tried again."""
        due, book = poll.due, self._in_force.book
        memory = settled_move(memory, due.address, book.feeds.keys(), now)
        # rules.yaml may have been read again since the feed was claimed.
        feed = book.feeds.get(due.address, poll.feed)
        terms, chance = self._terms(feed), self._ports.chance()
        left = HostLeft(free_at=now + book.spacing.gap(due.host))
        worked_at, self._worked_at = self._worked_at or now, now

        def work(ledger: Ledger) -> None:
            noted = note_poll(ledger, due, seen, now)
            known = replace(memory, pushed_until=noted.pushed_until)
            plan = next_plan(feed, known, terms, now, chance)
            if noted.again_at and noted.again_at < plan.at:
                plan = Plan(at=noted.again_at, why="its hub says that it has news")
            _finish(ledger, due, replace(known, next_poll_at=plan.at, why=plan.why), left, now)

        await self._ports.store.write(work)
        outage = now - worked_at > _OUTAGE
        if outage or (due.memory.failures and due.host):
            host = None if outage else due.host
            await self._ports.store.write(lambda ledger: _retry(ledger, now, host, worked_at))
        if due.memory.failures:
            _log.info("feed.back", feed=due.address, say=f"{due.address} can be read again")

    async def _failed(self, poll: _Poll, failed: FetchFailed) -> None:
        due, feed, now = poll.due, poll.feed, self._ports.clock()
        memory = after_failure(due.memory, failed, now)
        spacing = self._in_force.book.spacing
        plan = retry_plan(
            feed,
            memory,
            failed,
            now,
            self._ports.chance(),
            # Behind a host of the user's own are many sites: what others did does not count.
            strikes=due.memory.failures if due.host in spacing.near else due.strikes,
            offline=self._is_offline(memory),
        )
        memory = replace(memory, next_poll_at=plan.at, why=plan.why)
        left = left_by(failed, spacing, due.host, due.strikes, now)
        await self._ports.store.write(lambda ledger: _finish(ledger, due, memory, left, now))
        if memory.failures == 1:
            self._newly_failing[feed.name or due.address] = failed.message
        _log.info(
            "feed.polled",
            feed=due.address,
            outcome="failed",
            reason=failed.reason.value,
            message=failed.message,
            failures=memory.failures,
            took_ms=round((now - poll.started) / timedelta(milliseconds=1)),
        )

    def _is_offline(self, memory: Memory) -> bool:
        since = memory.failing_since
        return since is None or self._worked_at is None or self._worked_at < since

    def say_failing(self) -> None:
        """Say once of each feed that it cannot be read, in one sentence for all."""
        if not self._newly_failing:
            return
        feeds, self._newly_failing = self._newly_failing, {}
        by_message: dict[str, list[str]] = {}
        for name, message in feeds.items():
            by_message.setdefault(message, []).append(name)
        told = "; ".join(f"{', '.join(names)} ({why})" for why, names in by_message.items())
        say = f"Cannot be read now, and will be tried again: {told}"
        _log.warning("feeds.failing", feeds=feeds, say=say)


def left_by(
    failed: FetchFailed, spacing: Spacing, host: str | None, strikes: int, now: datetime
) -> HostLeft:
    """Answer how a failed request leaves its *host*, which asked for rest *strikes* times before.

    A host of the user's own is not left alone as a whole: behind it may be many sites.
    """
    if not asks_for_rest(failed):
        return HostLeft(free_at=now + spacing.gap(host))
    if host in spacing.near:
        return HostLeft(free_at=now + spacing.gap(host), strikes=strikes + 1)
    rest = rest_after(failed, strikes)
    why = f"it answered {failed.status} and is left alone for {about(rest)}"
    return HostLeft(free_at=now + rest, strikes=strikes + 1, why=why)


def _finish(ledger: Ledger, due: DueFeed, memory: Memory, left: HostLeft, now: datetime) -> None:
    if not ledger.feeds.finish(due, memory, left, now):
        raise ClaimLostError(due.address)


def _retry(ledger: Ledger, now: datetime, host: str | None, failed_after: datetime) -> None:
    """Try again soon what failed with a feed that can be read again.

    That is what is on its *host*; or, where that is None, whatever began to fail after
    *failed_after*, when a feed could last be read: then it was our own network.
    """
    again = now
    for health in ledger.feeds.troubled(host):
        memory = health.memory
        since = memory.failing_since
        together = bool(since and (host or failed_after < since))
        if memory.reason in _PASSING and together and again < memory.next_poll_at:
            soon = replace(memory, next_poll_at=again, why="others can be read again")
            ledger.feeds.remember(health.id, soon, now)
            again += _BETWEEN_RETRIES


def _not_a_feed(answer: NotAFeed) -> FetchFailed:
    return FetchFailed(reason=FailureReason.NOT_A_FEED, message=answer.message)
