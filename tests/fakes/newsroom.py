"""A Newsbell without its command line: real servers, a real store in memory, and a fake clock.

with FeedSite() as site, newsroom("feeds: [...]") as room:
    room.runs(hours=2)  # every tick of two hours, in no time
    assert len(site.requests("/feed.xml")) == 2
"""

import asyncio
import random
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from ipaddress import ip_network

from monitors.adapters.http.fetch import WebFetcher
from monitors.adapters.sqlite.columns import read_notice
from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.alert import AlertContent
from monitors.feeds.document import read_document
from monitors.feeds.entry import Document, NotAFeed
from monitors.feeds.feed import Fetched, FetchFailed, FetchOutcome, Validators
from monitors.gathering.budget import Budget
from monitors.gathering.look_after import FeedDoctor
from monitors.gathering.poll import Poller, PollPorts
from monitors.gathering.read_pages import PageReader
from monitors.pipeline.book import Book, InForce, open_book
from monitors.pipeline.records import FeedHealth
from monitors.pipeline.reload import sync_feeds
from monitors.rules.document import read_rulebook
from monitors.rules.rulebook import Rulebook
from monitors.stories.page import NoText, Page, read_page
from tests.fakes.stand_ins import START, Clock

LOOPBACK = ip_network("127.0.0.0/8")


class _Web:
    """The web, with pages fetched as `app.routing.Sources` does it, and what was asked when."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._web = WebFetcher((LOOPBACK,), clock=clock)
        self.asked: list[tuple[datetime, str]] = []

    async def fetch(self, address: str, validators: Validators) -> FetchOutcome:
        self.asked.append((self._clock(), address))
        return await self._web.fetch(address, validators)

    async def fetch_page(self, feed: str, link: str) -> Fetched | FetchFailed:
        del feed
        self.asked.append((self._clock(), link))
        answer = await self._web.fetch(link)
        assert isinstance(answer, Fetched | FetchFailed)
        return answer

    async def close(self) -> None:
        await self._web.close()


class _Reader:
    """Reads in this process: what is read here is the tests' own."""

    async def read_feed(
        self, body: bytes, address: str, content_type: str | None
    ) -> Document | NotAFeed:
        return read_document(body, address, content_type)

    async def read_page(self, body: bytes, address: str, content_type: str | None) -> Page | NoText:
        return read_page(body, address, content_type)


class Newsroom:
    """The bot's ticks, one after the other, at the times that a fake clock says.

    Args:
        rules: text of rules.yaml.
        near: whether loopback hosts count as the user's own, as ALLOW_NETWORKS would have it;
            else they are treated as any host of the web is.
    """

    def __init__(self, rules: str, *, near: bool = False) -> None:
        self.clock = Clock()
        self._near = near
        self.store = SqliteStore(None)
        self.in_force = InForce(self.book(rules))
        self._loop = asyncio.new_event_loop()
        self._known_notices: dict[str, int] = {}
        self._starts()

    def _starts(self) -> None:
        self.web = _Web(self.clock)
        ports = PollPorts(
            store=self.store,
            fetcher=self.web,
            reader=_Reader(),
            clock=self.clock,
            chance=random.Random(7).random,
        )
        self.budget = Budget(self.store, self.in_force)
        self.poller = Poller(ports, self.in_force, self.budget.terms)
        self.pages = PageReader(ports, self.in_force)
        self.doctor = FeedDoctor(self.store, self.in_force, self.clock, admins=("1",))
        self._run(self._sync())

    def book(self, rules: str) -> Book:
        """Answer the book that *rules* say."""
        rulebook = read_rulebook(rules, networks=(LOOPBACK,) if self._near else ())
        assert isinstance(rulebook, Rulebook), rulebook
        return open_book(rulebook, START.tzinfo)

    def reloads(self, rules: str) -> None:
        """Put other rules in force."""
        self.in_force.book = self.book(rules)
        self._run(self._sync())

    def restarts(self) -> None:
        """Do what a stop and a start do, on the same store."""
        self._run(self.web.close())
        self.store.write_now(lambda ledger: ledger.feeds.release())
        self._starts()

    def runs(self, *, step: timedelta = timedelta(seconds=1), **time: float) -> None:
        """Let *time* pass, as `timedelta` takes it, and do what is due at each *step*.

        Times in which nothing is due are jumped over.
        """
        until = self.clock() + timedelta(**time)
        while self.clock() < until:
            self.ticks()
            self.clock.at = min(until, max(self.clock() + step, self._next_due()))

    def ticks(self) -> None:
        """Do everything that is due now."""
        self._run(self._ticks())

    def _next_due(self) -> datetime:
        """Answer when something is due next; a host may make it later."""
        return min((feed.memory.next_poll_at for feed in self.feeds()), default=self.clock())

    def feeds(self) -> Sequence[FeedHealth]:
        """Answer what is known of each feed."""
        return self.store.write_now(lambda ledger: ledger.feeds.health())

    def feed(self) -> FeedHealth:
        """Answer what is known of the only feed."""
        (only,) = self.feeds()
        return only

    def alerts(self) -> list[AlertContent]:
        """Answer what chats were told, the oldest first."""
        rows = self.store.write_now(lambda ledger: ledger.alerts.latest(10_000, failed=False))
        return [row.content for row in reversed(rows)]

    def headlines(self) -> list[str]:
        """Answer the headlines of the alerts."""
        return [content.headline.text for content in self.alerts()]

    def notices(self, chat: str = "admin:1") -> list[str]:
        """Answer the notices to *chat* since the last time that this was asked."""

        def rows(ledger: object) -> list[tuple[str]]:
            return ledger.outbox._db.execute(  # type: ignore[attr-defined]
                "SELECT notice FROM outbox WHERE chat = ? AND kind = 'notice' ORDER BY id", [chat]
            ).fetchall()

        found = [read_notice(text).words for (text,) in self.store.write_now(rows)]
        known = self._known_notices.get(chat, 0)
        self._known_notices[chat] = len(found)
        return found[known:]

    def closes(self) -> None:
        """End everything."""
        self._run(self.web.close())
        self._loop.close()
        self.store.close()

    def _run(self, work: object) -> None:
        self._loop.run_until_complete(work)

    async def _sync(self) -> None:
        await sync_feeds(self.in_force.book, self.store, self.clock)
        await self.budget.renew()

    async def _ticks(self) -> None:
        await self.poller.tick()
        await self.poller.slots.idle()
        await self.pages.tick()
        await self.pages.slots.idle()
        await self.doctor.tick()


@contextmanager
def newsroom(rules: str, *, near: bool = False) -> Iterator[Newsroom]:
    """Answer a newsroom for as long as a test goes on."""
    opened = Newsroom(rules, near=near)
    try:
        yield opened
    finally:
        opened.closes()
