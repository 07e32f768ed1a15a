"""Polls the feeds that are due."""

import asyncio
import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

import structlog

from monitors.feeds.entry import Document, NotAFeed
from monitors.feeds.feed import (
    FailureReason,
    Feed,
    Fetched,
    FetchFailed,
    NotModified,
    Validators,
)
from monitors.pipeline.accept import Carrier, accept_entries
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Chance, Clock, Fetcher, Ledger, Reader, Store
from monitors.pipeline.records import DueFeed, HostLeft
from monitors.pipeline.slots import Slots
from monitors.polling.cadence import Terms, next_plan
from monitors.polling.course import after_failure, after_success, to_ask_with
from monitors.polling.memory import Memory
from monitors.polling.retrying import retry_plan
from monitors.stories.accept import storable
from monitors.stories.identity import identify

AT_ONCE = 16
# Longer than a fetch and a parse may take together.
# Entries that are taken in at once: a tenth of a second or so.
_SLICE = 200
_LEASE = timedelta(minutes=3)
_log = structlog.get_logger()


class ClaimLostError(Exception):
    """Somebody else has claimed the feed meanwhile: nothing of this poll may be kept."""


@dataclass(frozen=True, slots=True)
class PollPorts:
    """What polling needs."""

    store: Store
    fetcher: Fetcher
    reader: Reader
    clock: Clock
    chance: Chance


class Poller:
    """Polls due feeds, a bounded number at once."""

    def __init__(self, ports: PollPorts, in_force: InForce) -> None:
        self._ports = ports
        self._in_force = in_force
        self._newly_failing: dict[str, str] = {}
        self.slots = Slots(AT_ONCE)

    async def tick(self) -> int:
        """Begin the polls that are due; answer how many."""
        self.say_failing()
        return await self.slots.fill(self._claim, self._poll)

    async def _claim(self, limit: int) -> tuple[DueFeed, ...]:
        now = self._ports.clock()
        return await self._ports.store.write(
            lambda ledger: ledger.feeds.claim(now, now + _LEASE, limit)
        )

    async def _poll(self, due: DueFeed) -> None:
        """Poll one claimed feed; its next poll is committed after its articles and alerts."""
        feed = self._in_force.book.feeds.get(due.address)
        if feed is None:  # taken out of rules.yaml since it was claimed
            return
        now = self._ports.clock()
        outcome = await self._ports.fetcher.fetch(
            due.memory.asked_at or due.address, to_ask_with(due.memory, now)
        )
        if isinstance(outcome, Fetched):
            body_hash = hashlib.blake2b(outcome.body, digest_size=16).hexdigest()
            if body_hash == due.memory.body_hash:
                outcome = NotModified(
                    validators=outcome.validators,
                    max_age=outcome.max_age,
                    moved_to=outcome.moved_to,
                )
            else:
                document = await self._ports.reader.read_feed(
                    outcome.body, outcome.address, outcome.content_type
                )
                if isinstance(document, Document):
                    await self._take_in(due, feed, outcome, document, body_hash)
                    return
                outcome = _not_a_feed(document)
        if isinstance(outcome, NotModified):
            await self._unchanged(due, feed, outcome)
        else:
            await self._failed(due, feed, outcome, now)

    async def _take_in(
        self, due: DueFeed, feed: Feed, fetched: Fetched, document: Document, body_hash: str
    ) -> None:
        """Take in a document in slices, between which the store is free for others.

        The poll is remembered after the last one: what a crash leaves out is found again.
        """
        found = await asyncio.to_thread(identify, document.entries)
        carrier = Carrier(
            id=due.id,
            feed=feed,
            first_ok_at=due.memory.first_ok_at,
            watched=frozenset({feed.address}),
        )
        news = decisions = 0
        for at in range(0, len(found), _SLICE):
            work = partial(
                accept_entries,
                book=self._in_force.book,
                carrier=carrier,
                document=document,
                found=found[at : at + _SLICE],
                now=self._ports.clock(),
            )
            acceptance = await self._ports.store.write(work)
            news += len(acceptance.accepted)
            decisions += len(acceptance.decisions)
        now = self._ports.clock()
        known = after_success(due.memory, fetched, now)
        known = replace(
            known,
            # What was cut off must be asked for again, whatever the server thinks has changed.
            validators=fetched.validators if document.whole else Validators(),
            body_hash=body_hash if document.whole else known.body_hash,
            title=storable(document.title) if document.title else known.title,
            last_new_at=now if news else known.last_new_at,
            message=_flaw(document),
        )
        await self._finish(due, feed, known, now)
        self._say_back(due)
        _log.info(
            "feed.polled", feed=due.address, outcome="changed", news=news, decisions=decisions
        )

    async def _unchanged(self, due: DueFeed, feed: Feed, answer: NotModified) -> None:
        now = self._ports.clock()
        await self._finish(due, feed, after_success(due.memory, answer, now), now)
        self._say_back(due)
        _log.info("feed.polled", feed=due.address, outcome="unchanged")

    async def _finish(self, due: DueFeed, feed: Feed, memory: Memory, now: datetime) -> None:
        """Remember a poll that worked."""
        plan = next_plan(feed, memory, Terms(), now, self._ports.chance())
        known = replace(memory, next_poll_at=plan.at, why=plan.why)
        left = HostLeft(free_at=now)
        await self._ports.store.write(lambda ledger: _finish(ledger, due, known, left, now))

    async def _failed(
        self, due: DueFeed, feed: Feed, failed: FetchFailed, started: datetime
    ) -> None:
        now = self._ports.clock()
        known = after_failure(due.memory, feed, failed, now)
        plan = retry_plan(feed, failed, known.failures, now, self._ports.chance())
        known = replace(known, next_poll_at=plan.at, why=plan.why)
        left = HostLeft(free_at=now)
        await self._ports.store.write(lambda ledger: _finish(ledger, due, known, left, now))
        if known.failures == 1:
            self._newly_failing[feed.name or due.address] = failed.message
        _log.info(
            "feed.polled",
            feed=due.address,
            outcome="failed",
            reason=failed.reason.value,
            message=failed.message,
            failures=known.failures,
            took_ms=round((now - started) / timedelta(milliseconds=1)),
        )

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

    def _say_back(self, due: DueFeed) -> None:
        if due.memory.failures:
            _log.info("feed.back", feed=due.address, say=f"{due.address} can be read again")


def _finish(ledger: Ledger, due: DueFeed, memory: Memory, left: HostLeft, now: datetime) -> None:
    if not ledger.feeds.finish(due, memory, left, now):
        raise ClaimLostError(due.address)


def _flaw(document: Document) -> str | None:
    """Answer what is wrong with a feed that can be read all the same."""
    if document.problems:
        return "; ".join(document.problems)
    return None if document.entries else "it has no entries"


def _not_a_feed(answer: NotAFeed) -> FetchFailed:
    return FetchFailed(reason=FailureReason.NOT_A_FEED, message=answer.message)
