"""Fetches feeds and pages over HTTP, within bounds of time, size, redirects and addresses."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import datetime
from http import HTTPStatus

import aiohttp
from yarl import URL

from monitors.adapters.http.addresses import is_downgrade, parse, shown, target_of
from monitors.adapters.http.failures import (
    NO_ADDRESS,
    astray,
    broken,
    failure_of,
    refusal,
    too_large,
    too_slow,
)
from monitors.adapters.http.guard import Network, guarded
from monitors.adapters.http.unpacking import PIECE, UnpackingError, unpacker
from monitors.feeds.feed import Fetched, FetchFailed, FetchOutcome, NotModified, Validators

VERSION = "0.1.0"
USER_AGENT = f"Newsbell/{VERSION} (+https://newsbell.example/)"
FEED_TYPES = (
    "application/rss+xml, application/atom+xml, application/rdf+xml, application/feed+json, "
    "application/xml;q=0.9, text/xml;q=0.9, application/json;q=0.8, */*;q=0.1"
)
PAGE_TYPES = "text/html, application/xhtml+xml, */*;q=0.1"

_AT_ONCE = 32
_AT_ONCE_PER_HOST = 6
_MAX_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_WITH_BODY = (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION)
_MAX_HEADER = 16_384
_MAX_VALIDATOR = 1_024
_NONE = Validators()


class WebFetcher:
    """Fetches what is at http(s) addresses, a bounded number at once.

    Args:
        networks: private networks that may be connected to; public addresses always may.
        clock: the time now, aware; a Retry-After that is a date is measured against it.
        total_s: seconds until a fetch is given up, redirects and body included.
        connect_s: seconds until an attempt to connect is given up.
    """

    def __init__(
        self,
        networks: Sequence[Network] = (),
        *,
        clock: Callable[[], datetime],
        total_s: float = 30,
        connect_s: float = 10,
    ) -> None:
        self._networks = tuple(networks)
        self._clock = clock
        self._total_s, self._connect_s = total_s, connect_s
        self._session: aiohttp.ClientSession | None = None
        # Beside the connector's own limit, so that waiting for a turn costs no time of one's own.
        self._turns = asyncio.Semaphore(_AT_ONCE)

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
        headers = {"Accept": accept, **_conditions(validators)}
        async with self._turns:
            try:
                async with asyncio.timeout(self._total_s):
                    return await self._follow(url, headers, validators, max_bytes)
            except TimeoutError as error:
                if isinstance(error, aiohttp.ConnectionTimeoutError):
                    return failure_of(error, self._connect_s)
                return too_slow(self._total_s)
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
            connector = aiohttp.TCPConnector(
                limit=_AT_ONCE,
                limit_per_host=_AT_ONCE_PER_HOST,
                force_close=True,
                ttl_dns_cache=300,
                socket_factory=guarded(self._networks),
            )
            self._session = aiohttp.ClientSession(
                connector=connector,
                cookie_jar=aiohttp.DummyCookieJar(),
                headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip, deflate, br"},
                timeout=aiohttp.ClientTimeout(total=None, sock_connect=self._connect_s),
                auto_decompress=False,
                read_bufsize=PIECE,
                max_line_size=_MAX_HEADER,
                max_field_size=_MAX_HEADER,
            )
        return self._session

    async def _follow(
        self, url: URL, headers: dict[str, str], sent: Validators, max_bytes: int
    ) -> FetchOutcome:
        """Answer what is at *url*, or where it leads to in at most `_MAX_REDIRECTS` steps."""
        visited: set[URL] = set()
        while len(visited) <= _MAX_REDIRECTS:
            if url in visited:
                return astray("the server redirects in a circle")
            visited.add(url)
            async with self._opened().get(url, headers=headers, allow_redirects=False) as response:
                if response.status not in _REDIRECTS:
                    return await self._judge(response, url, sent, max_bytes)
                target = _next(url, response.headers.get("Location", ""))
            if isinstance(target, FetchFailed):
                return target
            url = target
        return astray(f"the server redirects more than {_MAX_REDIRECTS} times")

    async def _judge(
        self, response: aiohttp.ClientResponse, url: URL, sent: Validators, max_bytes: int
    ) -> FetchOutcome:
        given = _validators(response)
        if response.status == HTTPStatus.NOT_MODIFIED and sent != _NONE:
            return NotModified(
                validators=Validators(
                    etag=given.etag or sent.etag,
                    last_modified=given.last_modified or sent.last_modified,
                )
            )
        if response.status not in _WITH_BODY:
            waiting = response.headers.get("Retry-After")
            return refusal(response.status, waiting, self._clock())
        body = await _body(response, max_bytes)
        if isinstance(body, FetchFailed):
            return body
        return Fetched(
            body=body,
            address=shown(url),
            content_type=response.headers.get("Content-Type"),
            validators=given,
        )


def _conditions(validators: Validators) -> dict[str, str]:
    pairs = (
        ("If-None-Match", validators.etag),
        ("If-Modified-Since", validators.last_modified),
    )
    return {name: value for name, value in pairs if value}


def _validators(response: aiohttp.ClientResponse) -> Validators:
    """Answer the validators of *response*, without those that could not be sent back."""

    def kept(name: str) -> str | None:
        value = response.headers.get(name, "")
        return value if value and value.isascii() and len(value) <= _MAX_VALIDATOR else None

    return Validators(etag=kept("ETag"), last_modified=kept("Last-Modified"))


def _next(url: URL, location: str) -> URL | FetchFailed:
    if not location:
        return astray("the server redirects without saying where to")
    target = target_of(url, location)
    if target is None:
        return astray("the server redirects to something that is no web address")
    if is_downgrade(url, target):
        return astray("the server redirects from an encrypted address to one that is not")
    return target


async def _body(response: aiohttp.ClientResponse, max_bytes: int) -> bytes | FetchFailed:
    """Answer the whole body of *response*, unpacked."""
    coding = ", ".join(response.headers.getall("Content-Encoding", []))
    unpacking = unpacker(coding)
    if unpacking is None:
        return broken("the answer is packed in a way that was not asked for")
    if (response.content_length or 0) > max_bytes:
        return too_large(max_bytes)
    body, received = bytearray(), 0
    try:
        async for packed in response.content.iter_any():
            received += len(packed)
            for piece in unpacking.feed(packed):
                body += piece
                if len(body) > max_bytes:
                    return too_large(max_bytes)
            # What unpacks to nothing must end, too.
            if received > max_bytes:
                return too_large(max_bytes)
    except UnpackingError:
        return broken("the answer cannot be unpacked")
    return bytes(body) if unpacking.is_whole() else broken("the answer breaks off")
