"""A site on the loopback interface that serves feeds and pages, and fails on demand.

    with FeedSite() as site:
        site.put("/feed.xml", body)
        ...  # a process that polls site.at("/feed.xml")
        site.wait_for(lambda: len(site.requests("/feed.xml")) == 2)

It runs in a thread with its own event loop, so that synchronous tests can use it, and
speaks HTTP by hand, because most of its faults are things that a server library prevents.
"""

import asyncio
import gzip
import hashlib
import ssl
import threading
import time
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import Self, TypeAlias

import brotli

FEED_TYPE = "application/rss+xml; charset=utf-8"
_OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/rss+xml\r\n"
_PIECE = 65_536
_ZSTD_BLOCK = 1 << 17

Fault: TypeAlias = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in.

    Attributes:
        target: path and query, as sent.
        headers: lower-case names; values as sent, one character a byte.
        at: seconds on the monotonic clock.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    body: bytes
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer_to(self, request: Request) -> bytes:
        if self._is_known_to(request):
            kept = ("etag", "last-modified", "cache-control")
            headers = {k: v for k, v in self.headers.items() if k.lower() in kept}
            return _head(304, headers) + b"\r\n"
        length = {"Content-Length": str(len(self.body))}
        body = b"" if request.method == "HEAD" else self.body
        return _head(self.status, {**length, **self.headers}) + b"\r\n" + body

    def _is_known_to(self, request: Request) -> bool:
        """Answer as RFC 9110 says: an If-Modified-Since counts only without If-None-Match."""
        if self.status != HTTPStatus.OK:
            return False
        for asked, given in (("if-none-match", "ETag"), ("if-modified-since", "Last-Modified")):
            if asked in request.headers:
                return request.headers[asked] == self.headers.get(given)
        return False


def _head(status: int, headers: Mapping[str, str]) -> bytes:
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}", "Connection: close"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    return "".join(f"{line}\r\n" for line in lines).encode()


def raw(data: bytes) -> Fault:
    """Send these very bytes and close; with none, close without an answer."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return answer


def cut(body: bytes, *, missing: int = 100) -> Fault:
    """Promise *missing* bytes more than are sent."""
    return raw(_OK + b"Content-Length: %d\r\n\r\n" % (len(body) + missing) + body)


def packed(body: bytes, coding: str) -> Fault:
    """Send *body* under a Content-Encoding, whatever it really holds."""
    head = b"Content-Encoding: %s\r\nContent-Length: %d\r\n\r\n" % (coding.encode(), len(body))
    return raw(_OK + head + body)


def bomb(coding: str, *, size: int = 200_000_000) -> Fault:
    """Send *size* zeros behind `gzip`, `deflate`, `br`, `zstd`, or several: `gzip, gzip`."""
    return packed(_packed_zeros(coding, size), coding)


@cache
def _packed_zeros(coding: str, size: int) -> bytes:
    first, _, again = coding.partition(", ")
    if again:
        return gzip.compress(_packed_zeros(first, size))
    if coding == "zstd":
        return _zstd_zeros(size)
    zeros = bytes(size)
    if coding == "br":
        return brotli.compress(zeros, quality=1)
    return gzip.compress(zeros, 1) if coding == "gzip" else zlib.compress(zeros, 1)


def _zstd_zeros(size: int) -> bytes:
    """Answer a frame of blocks that each say "a zero, 128 KiB times" (RFC 8878)."""
    block = (2 << 1 | _ZSTD_BLOCK << 3).to_bytes(3, "little") + b"\0"
    last = (1 | 2 << 1 | _ZSTD_BLOCK << 3).to_bytes(3, "little") + b"\0"
    return b"\x28\xb5\x2f\xfd\0\x38" + block * (size // _ZSTD_BLOCK) + last


def hang() -> Fault:
    """Take the request and never answer."""

    async def answer(_writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    return answer


def drip(body: bytes, *, every: float = 0.1) -> Fault:
    """Send *body* a byte at a time, *every* so many seconds."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(_OK + b"Content-Length: %d\r\n\r\n" % len(body))
        for position in range(len(body)):
            writer.write(body[position : position + 1])
            await writer.drain()
            await asyncio.sleep(every)

    return answer


def endless(start: bytes = _OK + b"\r\n", piece: bytes = b"x" * _PIECE) -> Fault:
    """Send *piece* after *piece* until the reader goes away."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        while True:
            writer.write(piece)
            await writer.drain()

    return answer


class Gate:
    """Answers with *body* once it is opened, whoever has asked before."""

    def __init__(self, body: bytes) -> None:
        self._answer = raw(_OK + b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self._opened = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def open(self) -> None:
        """Answer all; somebody must have asked."""
        assert self._loop is not None
        self._loop.call_soon_threadsafe(self._opened.set)

    async def __call__(self, writer: asyncio.StreamWriter) -> None:
        """Wait, and answer."""
        self._loop = asyncio.get_running_loop()
        await self._opened.wait()
        await self._answer(writer)


class FeedSite:
    """A real site that can be told what to serve, how to fail, and what it was asked.

    Args:
        host: the loopback address to listen on; may be `::1`.
        port: 0 takes any that is free; it stays the same through `down` and `up`.
        tls: speak HTTPS with this.
    """

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.host, self.port, self._tls = host, port, tls
        self._pages: dict[str, _Page | Fault] = {}
        self._requests: list[Request] = []
        self._connections = 0
        self._answering = self._most_at_once = 0
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._thread = threading.Thread(target=self._loop.run_forever, name="feed-site")

    def __enter__(self) -> Self:
        self._thread.start()
        self.up()
        return self

    def __exit__(self, *_: object) -> None:
        self.down()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """The address of the site, without a slash at its end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{'https' if self._tls else 'http'}://{host}:{self.port}"

    def at(self, path: str) -> str:
        """Answer the address of *path*."""
        return self.url + path

    def put(  # noqa: PLR0913 - what an answer consists of, each with its default
        self,
        path: str,
        body: bytes | str,
        *,
        content_type: str | None = FEED_TYPE,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        etag: bool | str = True,
    ) -> None:
        """Serve *body* at *path*; with an ETag, requests that know it get a 304.

        Args:
            path: with its query, or without to serve every query.
            body: what is sent.
            content_type: the header; None sends none.
            status: what is answered; only 200 may become a 304.
            etag: True makes one from the body; a text is sent as it is; False sends none.
            headers: win over those that are made; with `Last-Modified`, it works too.
        """
        data = body.encode() if isinstance(body, str) else body
        made = {"Content-Type": content_type} if content_type else {}
        if etag:
            digest = hashlib.sha256(data).hexdigest()[:16]
            made["ETag"] = etag if isinstance(etag, str) else f'"{digest}"'
        self._set(path, _Page(body=data, status=status, headers={**made, **(headers or {})}))

    def refuse(self, path: str, status: int, *, retry_after: str | None = None) -> None:
        """Answer *status* at *path*: 404, 410, 429, 503."""
        headers = {} if retry_after is None else {"Retry-After": retry_after}
        self._set(path, _Page(body=b"no", status=status, headers=headers))

    def redirect(self, path: str, to: str, *, status: int = 302) -> None:
        """Send whoever asks for *path* on to *to*, written into Location as it is."""
        self._set(path, _Page(body=b"", status=status, headers={"Location": to}))

    def fail(self, path: str, fault: Fault) -> None:
        """Let *path* behave as *fault* says: `hang()`, `drip(...)`, `bomb("gzip")`, …."""
        self._set(path, fault)

    def remove(self, path: str) -> None:
        """Answer 404 at *path* from now on."""
        with self._changed:
            self._pages.pop(path, None)

    def requests(self, path: str | None = None) -> tuple[Request, ...]:
        """Answer the requests so far in their order: all, or those for *path*."""
        with self._changed:
            return tuple(
                one for one in self._requests if path in (None, one.target, _path(one.target))
            )

    @property
    def connections(self) -> int:
        """How many connections were ever made, with or without a request."""
        with self._changed:
            return self._connections

    @property
    def most_at_once(self) -> int:
        """How many requests were ever being answered at the same time."""
        with self._changed:
            return self._most_at_once

    def wait_for(self, condition: Callable[[], bool], timeout: float = 10) -> None:
        """Wait until *condition* holds; it is asked again after each request.

        Raises:
            AssertionError: it did not hold within *timeout* seconds.
        """
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                seen = ", ".join(one.target for one in self._requests) or "nothing"
                raise AssertionError(f"not within {timeout} s; asked for so far: {seen}")

    def down(self) -> None:
        """Refuse connections and break those that are open, until `up`."""
        asyncio.run_coroutine_threadsafe(self._stop(), self._loop).result()

    def up(self) -> None:
        """Listen, on the same port as before."""
        asyncio.run_coroutine_threadsafe(self._start(), self._loop).result()

    def _set(self, path: str, page: "_Page | Fault") -> None:
        with self._changed:
            self._pages[path] = page

    async def _start(self) -> None:
        self._server = await asyncio.start_server(
            self._serve, self.host, self.port, ssl=self._tls, reuse_address=True
        )
        self.port = self._server.sockets[0].getsockname()[1]

    async def _stop(self) -> None:
        if self._server:
            self._server.close()
            for task in self._open:
                task.cancel()
            await asyncio.gather(*self._open, return_exceptions=True)
            await self._server.wait_closed()
            self._server = None

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        with self._changed:
            self._connections += 1
            self._changed.notify_all()
        try:
            # Readers that hang up are what many tests are about.
            with suppress(ConnectionError, asyncio.IncompleteReadError, ssl.SSLError):
                await self._answer(await reader.readuntil(b"\r\n\r\n"), writer)
                writer.close()
                await writer.wait_closed()
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self._open.discard(task)
            writer.close()

    async def _answer(self, head: bytes, writer: asyncio.StreamWriter) -> None:
        request = _parse(head)
        with self._changed:
            pages = self._pages
            page = pages.get(request.target) or pages.get(_path(request.target))
            self._requests.append(request)
            self._answering += 1
            self._most_at_once = max(self._most_at_once, self._answering)
            self._changed.notify_all()
        page = page or _Page(body=b"not here", status=404)
        if isinstance(page, _Page):
            page = raw(page.answer_to(request))
        try:
            await page(writer)
        finally:
            with self._changed:
                self._answering -= 1


def _path(target: str) -> str:
    return target.partition("?")[0]


def _parse(head: bytes) -> Request:
    first, *lines = head.decode("latin-1").rstrip("\r\n").split("\r\n")
    method, target, _version = first.split(" ")
    pairs = (line.partition(":") for line in lines)
    headers = {name.lower(): value.strip(" ") for name, _, value in pairs}
    return Request(method, target, headers, time.monotonic())
