"""Fetches feeds and pages over HTTP, within bounds of time, size, redirects and addresses."""

from collections.abc import Callable, Sequence
from datetime import datetime

import aiohttp
from aiohttp.abc import AbstractResolver

from monitors.adapters.http.addresses import parse
from monitors.adapters.http.budget import ByteBudget
from monitors.adapters.http.failures import NO_ADDRESS, failure_of, too_busy, too_slow
from monitors.adapters.http.guard import Network
from monitors.adapters.http.headers import conditions
from monitors.adapters.http.names import Names
from monitors.adapters.http.sessions import open_session
from monitors.adapters.http.turns import Deadline, Turns
from monitors.adapters.http.visit import Visit
from monitors.feeds.feed import FetchOutcome, Validators

FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
PAGE_TYPES = "text/html, application/xhtml+xml, */*;q=0.1"

_AT_ONCE = 128
_NONE = Validators()


class WebFetcher:
    """Fetches what is at http(s) addresses: many at once, but one a host.

    Args:
        networks: private networks that may be connected to; public addresses always may.
        clock: the time now, aware; dates in headers are measured against it.
        total_s: seconds that servers have for a fetch, redirects and body included.
        connect_s: seconds until an attempt to connect is given up.
        patience_s: seconds that a fetch may have to wait for its turns and for room.
        max_held: bound of all bodies together, in bytes, from the first byte of each until
            its `Fetched` is dropped. Whoever keeps so many lets all other fetches wait.
        resolver: looks up names; None asks the machine.
    """

    def __init__(  # noqa: PLR0913 -- its bounds, each with its default
        self,
        networks: Sequence[Network] = (),
        *,
        clock: Callable[[], datetime],
        total_s: float = 30,
        connect_s: float = 10,
        patience_s: float = 90,
        max_held: int = 256_000_000,
        resolver: AbstractResolver | None = None,
    ) -> None:
        self._networks = tuple(networks)
        self._clock = clock
        self._total_s, self._connect_s, self._patience_s = total_s, connect_s, patience_s
        self._names = resolver or Names()
        self._session: aiohttp.ClientSession | None = None
        self._turns = Turns(_AT_ONCE)
        self._budget = ByteBudget(max_held)

    async def fetch(
        self,
        address: str,
        validators: Validators = _NONE,
        *,
        max_bytes: int = 10_000_000,
        accept: str = FEED_TYPES,
    ) -> FetchOutcome:
        """Answer what is at *address*; whatever the network does is an answer, not an error.

        Args:
            address: as the user or a feed wrote it.
            validators: from the last answer; sent back as they came.
            max_bytes: bound of the body, unpacked.
            accept: types that are asked for.
        """
        url = parse(address)
        if url is None:
            return NO_ADDRESS
        deadline = Deadline(self._total_s, self._patience_s)
        visit = Visit(
            session=self._opened(),
            turns=self._turns,
            budget=self._budget,
            deadline=deadline,
            headers={"Accept": accept, **conditions(validators)},
            sent=validators,
            max_bytes=min(max_bytes, self._budget.longest),
            clock=self._clock,
        )
        try:
            async with deadline:
                return await visit.follow(url)
        except TimeoutError as error:
            if isinstance(error, aiohttp.ConnectionTimeoutError):
                return failure_of(error, self._connect_s)
            return too_busy(self._patience_s) if deadline.is_paused else too_slow(self._total_s)
        # ValueError is what host names are refused with that no resolver can be asked for.
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return failure_of(error, self._connect_s)

    async def close(self) -> None:
        """Close what is open. A later fetch opens it again."""
        if self._session:
            await self._session.close()
            self._session = None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None:
            # Without a limit of its own: whoever has a turn has a connection.
            self._session = open_session(
                self._networks,
                self._names,
                self._connect_s,
                {"Accept-Encoding": "gzip, deflate, br"},
            )
        return self._session
