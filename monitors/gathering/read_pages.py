"""Reads the pages of articles for which a rule holds in part."""

from datetime import timedelta

import structlog

from monitors.feeds.feed import FailureReason, FetchFailed
from monitors.gathering.poll import PollPorts
from monitors.pipeline.accept import accept_page
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import HostLeft, WantedPage
from monitors.pipeline.slots import Slots
from monitors.stories.page import Page

AT_ONCE = 4
MOST_ATTEMPTS = 6
_LEASE = timedelta(minutes=3)
_FIRST_RETRY = timedelta(seconds=30)
_PASSING = frozenset(
    {FailureReason.UNREACHABLE, FailureReason.TIMEOUT, FailureReason.BROKEN, FailureReason.HTTP}
)
_log = structlog.get_logger()


class PageReader:
    """Fetches and reads wanted pages, a bounded number at once."""

    def __init__(self, ports: PollPorts, in_force: InForce) -> None:
        self._ports = ports
        self._in_force = in_force
        self.slots = Slots(AT_ONCE)

    async def tick(self) -> int:
        """Begin to read the pages that are wanted; answer how many."""
        return await self.slots.fill(self._claim, self._read)

    async def _claim(self, limit: int) -> tuple[WantedPage, ...]:
        now = self._ports.clock()
        return await self._ports.store.write(
            lambda ledger: ledger.pages.claim(now, now + _LEASE, limit)
        )

    async def _read(self, wanted: WantedPage) -> None:
        fetched = await self._ports.fetcher.fetch_page(wanted.feed, wanted.link)
        if isinstance(fetched, FetchFailed):
            await self._failed(wanted, fetched)
            return
        page = await self._ports.reader.read_page(
            fetched.body, fetched.address, fetched.content_type
        )
        if isinstance(page, Page):
            await self._take_in(wanted, page)
        else:
            await self._end(wanted, page.message)

    async def _take_in(self, wanted: WantedPage, page: Page) -> None:
        book, now = self._in_force.book, self._ports.clock()

        def work(ledger: Ledger) -> int:
            if not ledger.pages.finish(wanted, "read", None, HostLeft(free_at=now), now):
                return 0
            return len(accept_page(ledger, book, wanted.article, page, now))

        decisions = await self._ports.store.write(work)
        _log.info("page.read", link=wanted.link, outcome="read", decisions=decisions)

    async def _failed(self, wanted: WantedPage, failed: FetchFailed) -> None:
        """Try again what may pass: a page must not be lost to a moment without network."""
        if failed.reason not in _PASSING or wanted.attempts >= MOST_ATTEMPTS:
            await self._end(wanted, failed.message)
            return
        wait = max(
            _FIRST_RETRY * (1 << (2 * wanted.attempts - 2)), failed.retry_after or _FIRST_RETRY
        )
        now = self._ports.clock()
        await self._ports.store.write(
            lambda ledger: ledger.pages.finish(
                wanted, failed.message, now + wait, HostLeft(free_at=now), now
            )
        )
        _log.info("page.read", link=wanted.link, outcome="retried", message=failed.message)

    async def _end(self, wanted: WantedPage, message: str) -> None:
        now = self._ports.clock()
        await self._ports.store.write(
            lambda ledger: ledger.pages.finish(wanted, message, None, HostLeft(free_at=now), now)
        )
        _log.info("page.read", link=wanted.link, outcome="given up", message=message)
