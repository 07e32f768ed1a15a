"""Puts an edited rules.yaml in force, or says what is wrong with it."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import structlog

from monitors.alerts.destinations import ADMIN
from monitors.alerts.showing.legible import clean, shorten
from monitors.language.problems import Problem
from monitors.pipeline.book import Book, InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.polling.subscription import Subscription, left

_SHOWN = 5
_LONGEST = 300  # of the problem that is remembered
_log = structlog.get_logger()

Reading = Callable[[], Book | Sequence[Problem]]
"""Reads and compiles rules.yaml; slow, so it runs in a thread."""


@dataclass(frozen=True, slots=True)
class Reloader:
    """Reads rules.yaml anew when told to.

    Attributes:
        read: answers the book that the file says, or its problems.
        name: what the file is called in messages.
        admins: Telegram ids of those who are told when the file is broken.
        follow: what else has to happen when a book was swapped.
    """

    read: Reading
    name: str
    admins: Sequence[str]
    in_force: InForce
    store: Store
    clock: Clock
    follow: Sequence[Callable[[], Awaitable[object]]] = ()
    # Two at once would both go on from the same book.
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def reload(self) -> bool:
        """Put what the file says in force; while it is broken, keep the last good one.

        Answer whether another book is in force now.
        """
        async with self._turn:
            if not await self._swap():
                return False
            for step in self.follow:
                await step()
            return True

    async def _swap(self) -> bool:
        answer = await asyncio.to_thread(self.read)
        if not isinstance(answer, Book):
            await self._say_broken(answer)
            return False
        now = self.clock()
        await self.store.write(lambda ledger: ledger.history.refuse(None, now))
        if answer.rulebook.digest == self.in_force.book.rulebook.digest:
            return False
        await sync_feeds(answer, self.store, self.clock)
        self.in_force.book = answer
        rules, feeds = len(answer.rulebook.rules), len(answer.rulebook.feeds)
        say = f"{self.name} read again: {_number(rules, 'rule')}, {_number(feeds, 'feed')}"
        _log.info("rules.reloaded", rules=rules, feeds=feeds, say=say)
        return True

    async def _say_broken(self, problems: Sequence[Problem]) -> None:
        now = self.clock()
        told = [problem.told(self.name) for problem in problems[:_SHOWN]]
        if len(problems) > _SHOWN:
            told.append(f"… and {len(problems) - _SHOWN} more: `bot.py check` lists them all")
        told.append("The last good rules stay in force.")
        text = "\n".join(told)
        _log.error("rules.broken", problems=told, say=text)
        chats = [ADMIN + admin for admin in self.admins]
        first = shorten(clean(told[0]), _LONGEST).text

        def work(ledger: Ledger) -> None:
            ledger.history.refuse(first, now)
            ledger.outbox.notify(chats, text, now)

        await self.store.write(work)


async def sync_feeds(book: Book, store: Store, clock: Clock) -> None:
    """Have the store poll exactly the feeds of *book*, and leave the hubs of all others."""
    now = clock()

    def work(ledger: Ledger) -> None:
        ledger.feeds.sync(book.rulebook.feeds, now, book.rulebook.manners)
        for known in ledger.subscriptions.unlisted():
            leave_hub(ledger, known, now)

    await store.write(work)


def leave_hub(ledger: Ledger, known: Subscription, now: datetime) -> None:
    """Have the hub of *known* asked to end it, or forget it where there is nothing to end."""
    leaving = left(known, now)
    if leaving.is_over(now):
        ledger.subscriptions.end(known.callback)
    else:
        ledger.subscriptions.keep(leaving)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
