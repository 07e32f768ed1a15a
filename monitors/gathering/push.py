"""Asks hubs to push, answers them, and has the feeds polled of which they push news."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from monitors.pipeline.ports import Chance, Clock, Ledger, Store
from monitors.pipeline.records import DueSubscription, HostLeft
from monitors.pipeline.slots import Slots
from monitors.polling.retrying import LONGEST_REST
from monitors.polling.subscription import (
    HubAnswer,
    Subscription,
    answered,
    asked,
    confirmed,
    denied,
    lapsed,
    lease_of,
)
from monitors.polling.trust import pushed

AT_ONCE = 4
_LEASE = timedelta(minutes=1)
# A hub that serves many feeds is asked for one after the other.
_BETWEEN = timedelta(seconds=1)
_TOGETHER = timedelta(seconds=1)
_log = structlog.get_logger()


class Hubs(Protocol):
    """Reaches hubs."""

    async def ask(self, known: Subscription) -> HubAnswer:
        """Ask a hub to begin to push, or to end it if the subscription is no longer wanted."""


@dataclass(frozen=True, slots=True)
class PushPorts:
    """What pushes need."""

    store: Store
    hubs: Hubs
    clock: Clock
    chance: Chance


class Pushes:
    """Keeps the subscriptions, and answers the hubs.

    Args:
        ports: what it needs.
        public_url: address under which hubs reach us; None if they cannot.
    """

    def __init__(self, ports: PushPorts, public_url: str | None) -> None:
        self._ports = ports
        self._public_url = public_url
        # Of all that may be called, so that a call of anything else costs nothing.
        self._secrets: dict[str, str] = {}
        self._busy_until: dict[str, datetime] = {}
        self._waiting: set[str] = set()
        self._ignored: Counter[str] = Counter()
        self.slots = Slots(AT_ONCE)

    async def open(self) -> None:
        """Go on where Newsbell was stopped; what hubs were told to call may no longer be ours."""
        now = self._ports.clock()

        def work(ledger: Ledger) -> dict[str, str]:
            every = tuple(ledger.subscriptions.all())
            for known in every:
                if known.public_url and known.public_url != self._public_url:
                    ledger.subscriptions.keep(lapsed(known, now))
            return {one.callback: one.secret for one in every}

        self._secrets = await self._ports.store.write(work)

    async def tick(self) -> int:
        """Write what waits, and begin to ask the hubs that are due; answer how many."""
        await self._catch_up()
        return await self.slots.fill(self._claim, self._ask)

    def secret_of(self, callback: str) -> str | None:
        """Answer what pushes to *callback* are signed with; None if nobody may call it."""
        return self._secrets.get(callback)

    async def agrees(self, callback: str, mode: str, topic: str, lease: str) -> bool:
        """Answer whether a hub that asks back may do what it says; if so, it counts as done."""
        now, chance, promised = self._ports.clock(), self._ports.chance(), lease_of(lease)

        def work(ledger: Ledger) -> bool:
            known = ledger.subscriptions.at(callback)
            if known is None or known.topic != topic or known.public_url is None:
                return False
            if mode == "subscribe" and known.wanted:
                ledger.subscriptions.keep(confirmed(known, promised, now, chance))
                return True
            if mode == "unsubscribe" and not known.wanted:
                ledger.subscriptions.end(callback)
                return True
            return False

        agreed = await self._ports.store.write(work)
        if agreed:
            if mode == "unsubscribe":
                self._secrets.pop(callback, None)
            _log.info("hub.confirmed", topic=topic, mode=mode, lease=promised)
        return agreed

    async def hears_no(self, callback: str, topic: str) -> bool:
        """Remember that a hub will not push; answer whether it was asked to."""
        now = self._ports.clock()

        def work(ledger: Ledger) -> bool:
            known = ledger.subscriptions.at(callback)
            if known is None or known.topic != topic:
                return False
            ledger.subscriptions.keep(denied(known, now))
            return True

        heard = await self._ports.store.write(work)
        if heard:
            _log.info("hub.denied", topic=topic)
        return heard

    async def take(self, callback: str) -> None:
        """Have the feed polled of which a hub has pushed something; a flood costs one write."""
        now = self._ports.clock()
        if now < self._busy_until.get(callback, now):
            self._waiting.add(callback)
            return
        self._busy_until[callback] = now + _TOGETHER
        _say(await self._ports.store.write(lambda ledger: _hasten(ledger, [callback], now)))

    def ignore(self, callback: str) -> None:
        """Count a push that is not signed as it should be."""
        self._ignored[callback] += 1

    async def _catch_up(self) -> None:
        """Write what came in quick succession."""
        now = self._ports.clock()
        self._busy_until = {one: until for one, until in self._busy_until.items() if now < until}
        waiting, self._waiting = self._waiting, set()
        ignored, self._ignored = self._ignored, Counter()
        if not waiting and not ignored:
            return

        def work(ledger: Ledger) -> tuple[str, ...]:
            for callback, times in ignored.items():
                if known := ledger.subscriptions.at(callback):
                    ledger.subscriptions.keep(replace(known, ignored=known.ignored + times))
            return _hasten(ledger, waiting, now)

        _say(await self._ports.store.write(work))
        if ignored:
            _log.warning("hub.ignored", pushes=ignored.total(), message="they are not signed right")

    async def _claim(self, limit: int) -> tuple[DueSubscription, ...]:
        """Claim what is due, remembered as asked before it is; forget what has ended."""
        now, url = self._ports.clock(), self._public_url
        assert url, "hubs are asked only where they can reach us"

        def work(ledger: Ledger) -> tuple[DueSubscription, ...]:
            claimed = []
            for one in ledger.subscriptions.claim(now, now + _LEASE, limit):
                known = one.subscription
                if known.is_over(now):
                    ledger.subscriptions.end(known.callback)
                    ledger.subscriptions.leave(one, HostLeft(free_at=now, strikes=one.strikes))
                    continue
                known = asked(known, url, now, self._ports.chance())
                ledger.subscriptions.keep(known)
                claimed.append(replace(one, subscription=known))
            return tuple(claimed)

        return await self._ports.store.write(work)

    async def _ask(self, due: DueSubscription) -> None:
        known = due.subscription
        self._secrets[known.callback] = known.secret
        answer = await self._ports.hubs.ask(known)
        now = self._ports.clock()
        free_at = now + min(max(_BETWEEN, answer.wait or _BETWEEN), LONGEST_REST)

        def work(ledger: Ledger) -> None:
            current = ledger.subscriptions.at(known.callback)
            if current:  # it may have confirmed, or have been ended, meanwhile
                ledger.subscriptions.keep(answered(current, answer, now))
            ledger.subscriptions.leave(due, HostLeft(free_at=free_at, strikes=due.strikes))

        await self._ports.store.write(work)
        _log.info("hub.asked", feed=due.feed, wanted=known.wanted, message=answer.problem)


def _hasten(ledger: Ledger, callbacks: Iterable[str], now: datetime) -> tuple[str, ...]:
    """Have the feeds of *callbacks* polled, soon; answer their topics."""
    topics = []
    for callback in callbacks:
        known = ledger.subscriptions.at(callback)
        if known is None or not known.wanted:
            continue
        known = pushed(known, now)
        ledger.subscriptions.keep(known)
        ledger.subscriptions.hasten(callback, known.asks_at or now)
        topics.append(known.topic)
    return tuple(topics)


def _say(topics: Iterable[str]) -> None:
    for topic in topics:
        _log.info("hub.pushed", topic=topic)
