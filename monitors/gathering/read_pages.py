"""Reads the pages of articles for which a rule holds in part."""

from dataclasses import dataclass, replace
from datetime import timedelta
from http import HTTPStatus

import structlog

from monitors.feeds.feed import FailureReason, Fetched, FetchFailed
from monitors.gathering.poll import PollPorts, left_by
from monitors.gathering.robots import RobotsReader
from monitors.pipeline.accept import accept_page
from monitors.pipeline.alert import give_page_up, wait_no_longer
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import HostLeft, WantedPage
from monitors.pipeline.slots import Slots
from monitors.polling.retrying import PASSING, asks_for_rest, rest_after
from monitors.stories.page import NoText, Page
from monitors.stories.walls import MESSAGES, led_away

AT_ONCE = 4
MOST_ATTEMPTS = 6
PATIENCE = timedelta(hours=24)
_LEASE = timedelta(minutes=3)
_FIRST_RETRY = timedelta(seconds=30)
_NO_TIME = timedelta(0)
_GIVEN_UP_AT_ONCE = 20  # articles, in one transaction
_PASSING = PASSING | {FailureReason.HTTP}
# A page that is not there may only be late; these are an answer.
_FINAL = frozenset(
    {
        HTTPStatus.UNAUTHORIZED,
        HTTPStatus.PAYMENT_REQUIRED,
        HTTPStatus.FORBIDDEN,
        HTTPStatus.GONE,
        HTTPStatus.UNAVAILABLE_FOR_LEGAL_REASONS,
    }
)
_ATTEMPTS_IF_MISSING = 3
_DOWN = frozenset({FailureReason.UNREACHABLE, FailureReason.TIMEOUT})
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class _Reading:
    """What came of asking for a page.

    Attributes:
        left: how its host was left; None if it was not asked.
        pause: how long it is asked for no other page.
    """

    answer: Page | NoText | FetchFailed
    left: HostLeft | None = None
    pause: timedelta = _NO_TIME


class PageReader:
    """Fetches and reads wanted pages, a bounded number at once."""

    def __init__(self, ports: PollPorts, in_force: InForce) -> None:
        self._ports = ports
        self._in_force = in_force
        self._robots = RobotsReader(ports)
        self.slots = Slots(AT_ONCE)

    async def tick(self) -> int:
        """Begin to read the pages that are wanted; answer how many."""
        return await self.slots.fill(self._claim, self._read)

    async def _claim(self, limit: int) -> tuple[WantedPage, ...]:
        book, now = self._in_force.book, self._ports.clock()

        def work(ledger: Ledger) -> tuple[WantedPage, ...]:
            for article, why in ledger.pages.overdue(now - PATIENCE, _GIVEN_UP_AT_ONCE, now):
                give_page_up(ledger, book, article, NoText(message=why), now)
            a_day = book.rulebook.manners.pages_a_day
            return ledger.pages.claim(now, now + _LEASE, limit, a_day)

        return await self._ports.store.write(work)

    async def _read(self, wanted: WantedPage) -> None:
        reading = await self._reading(wanted)
        answer = reading.answer
        if isinstance(answer, FetchFailed):
            await self._failed(wanted, answer, reading)
        elif isinstance(answer, NoText):
            await self._give_up(wanted, answer, reading)
        else:
            await self._take_in(wanted, answer, reading)

    async def _reading(self, wanted: WantedPage) -> _Reading:
        """Answer the page: one that was read today, a file, or what its host answers."""
        since = self._ports.clock() - PATIENCE
        known = await self._ports.store.write(lambda ledger: ledger.pages.known(wanted.link, since))
        if known:
            return _Reading(known)
        fetched = await self._ports.fetcher.local_page(wanted.feed, wanted.link)
        if fetched is not None:
            return _Reading(await self._judged(wanted, fetched))
        allowed = await self._robots.ask(wanted.link)
        if isinstance(allowed, FetchFailed):
            return _Reading(allowed, self._left(wanted, allowed))
        fetched = await self._ports.fetcher.fetch_page(wanted.link)
        left = self._left(wanted, fetched)
        if isinstance(fetched, Fetched) and fetched.address != wanted.link:
            elsewhere = await self._robots.ask(fetched.address)
            fetched = elsewhere if isinstance(elsewhere, FetchFailed) else fetched
        return _Reading(await self._judged(wanted, fetched), left, allowed.pause)

    def _left(self, wanted: WantedPage, answer: Fetched | FetchFailed) -> HostLeft:
        spacing, now = self._in_force.book.spacing, self._ports.clock()
        if isinstance(answer, FetchFailed):
            return left_by(answer, spacing, wanted.host, wanted.strikes, now)
        return HostLeft(free_at=now + spacing.gap(wanted.host))

    async def _judged(
        self, wanted: WantedPage, fetched: Fetched | FetchFailed
    ) -> Page | NoText | FetchFailed:
        if isinstance(fetched, FetchFailed):
            return fetched
        if kind := led_away(wanted.link, fetched.address):
            return NoText(message=MESSAGES[kind], kind=kind)
        return await self._ports.reader.read_page(
            fetched.body, fetched.address, fetched.content_type
        )

    async def _take_in(self, wanted: WantedPage, page: Page, reading: _Reading) -> None:
        book = self._in_force.book

        def work(ledger: Ledger) -> int:
            now = self._ports.clock()
            if not self._finish(ledger, wanted, "read", reading):
                return 0
            return len(accept_page(ledger, book, wanted.article, page, now))

        decisions = await self._ports.store.write(work)
        self._ports.poke()
        _log.info("page.read", link=wanted.link, outcome="read", decisions=decisions)

    async def _failed(self, wanted: WantedPage, failed: FetchFailed, reading: _Reading) -> None:
        """Try again what may pass: a page must not be lost to a moment without network."""
        missing = failed.status == HTTPStatus.NOT_FOUND
        attempts = _ATTEMPTS_IF_MISSING if missing else MOST_ATTEMPTS
        passes = failed.reason in _PASSING and failed.status not in _FINAL
        if not passes or wanted.attempts >= attempts:
            await self._give_up(wanted, NoText(message=failed.message), reading)
            return
        wait = _FIRST_RETRY * (1 << (2 * wanted.attempts - 2))
        if asks_for_rest(failed):
            wait = max(wait, rest_after(failed, wanted.strikes))
        if failed.reason in _DOWN and not wanted.near:
            # What holds for one page of the host holds for the others.
            reading = replace(reading, pause=max(reading.pause, wait))

        def work(ledger: Ledger) -> None:
            if self._finish(ledger, wanted, failed.message, reading, wait):
                wait_no_longer(ledger, wanted.article, self._ports.clock())

        await self._ports.store.write(work)
        _log.info("page.read", link=wanted.link, outcome="retried", message=failed.message)

    async def _give_up(self, wanted: WantedPage, unread: NoText, reading: _Reading) -> None:
        book = self._in_force.book

        def work(ledger: Ledger) -> int:
            if not self._finish(ledger, wanted, unread.message, reading):
                return 0
            now = self._ports.clock()
            return len(give_page_up(ledger, book, wanted.article, unread, now))

        decisions = await self._ports.store.write(work)
        self._ports.poke()
        _log.info(
            "page.read",
            link=wanted.link,
            outcome="given up",
            message=unread.message,
            decisions=decisions,
        )

    def _finish(
        self,
        ledger: Ledger,
        wanted: WantedPage,
        outcome: str,
        reading: _Reading,
        wait: timedelta | None = None,
    ) -> bool:
        """Leave the page and its host; False if somebody else has claimed them meanwhile."""
        now = self._ports.clock()
        retry_at = None if wait is None else now + wait
        if wanted.host is not None:
            ledger.pages.rest(wanted.host, now + reading.pause)
        left = reading.left or HostLeft(free_at=now, strikes=wanted.strikes)
        return ledger.pages.finish(wanted, outcome, retry_at, left, now)
