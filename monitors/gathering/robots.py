"""Asks a site's robots.txt before its pages are asked for."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from monitors.feeds.feed import FailureReason, Fetched, FetchFailed
from monitors.gathering.poll import PollPorts
from monitors.polling.manners import host_of
from monitors.polling.robots import allows, lines_for_us, pause, robots_address

_BELIEVED = timedelta(hours=24)
_BELIEVED_ON = timedelta(hours=1)
_REFUSED = FetchFailed(
    reason=FailureReason.ROBOTS, message="the site's robots.txt asks programs to leave it alone"
)


@dataclass(frozen=True, slots=True)
class Allowed:
    """A page may be read; its host is left alone for *pause* before the next one."""

    pause: timedelta


class RobotsReader:
    """Asks about pages; what a site says is kept for a day."""

    def __init__(self, ports: PollPorts) -> None:
        self._ports = ports

    async def ask(self, address: str) -> Allowed | FetchFailed:
        """Answer whether the page at *address*, on the web, may be read."""
        lines = await self._lines(address)
        if isinstance(lines, FetchFailed):
            return lines
        # In a thread: long ones take a tenth of a second.
        if not await asyncio.to_thread(allows, lines, address):
            return _REFUSED
        return Allowed(pause(lines))

    async def _lines(self, address: str) -> str | FetchFailed:
        """Answer what the site says to us; what it says today, if it can be asked."""
        host, now = host_of(address), self._ports.clock()
        if host is None:
            return ""
        known = await self._ports.store.write(lambda ledger: ledger.pages.robots(host))
        if known and known[1] > now:
            return known[0]
        answer = await self._ports.fetcher.fetch_robots(robots_address(address))
        if isinstance(answer, Fetched):
            lines = await asyncio.to_thread(lines_for_us, answer.body)
            until = now + _BELIEVED
        elif _says_nothing(answer):
            lines, until = "", now + _BELIEVED
        elif known:
            lines, until = known[0], now + _BELIEVED_ON
        else:
            return _unreachable(answer)
        await self._ports.store.write(lambda ledger: ledger.pages.keep_robots(host, lines, until))
        return lines


def _says_nothing(answer: FetchFailed) -> bool:
    """Answer whether there is no robots.txt, as against one that cannot be had now."""
    if answer.reason is not FailureReason.HTTP or answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return False
    return answer.status is None or answer.status < HTTPStatus.INTERNAL_SERVER_ERROR


def _unreachable(answer: FetchFailed) -> FetchFailed:
    return FetchFailed(
        reason=FailureReason.UNREACHABLE,
        message=f"the site's robots.txt cannot be read: {answer.message}",
        retry_after=answer.retry_after,
        status=answer.status,
    )
