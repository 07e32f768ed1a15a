"""The server: connections that are few, short and small, and answers that tell nothing."""

import asyncio
import errno
import os
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any, Protocol

from aiohttp import web

from monitors.errors import SettingsError

_MAX_HEADER = 8_190
_MAX_HEADERS = 64
_REMEDIES = {
    errno.EADDRINUSE: "Name another port, or end what uses this one.",
    errno.EADDRNOTAVAIL: "Name an address of this machine, or 0.0.0.0 for all that it has.",
    errno.EACCES: "Name a port above 1023.",
}
# Nothing that is told back may be taken for a page, and nothing tells what runs here.
_HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'",
    "Server": "-",
    "X-Content-Type-Options": "nosniff",
}


class Door(Protocol):
    """Takes some of the calls."""

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """Answer a call; None if it is for another door. Nothing of its body was read."""


class WebServer:
    """Listens at one address; what no door takes is not found.

    Args:
        host: the address to listen at.
        port: 0 takes any that is free.
        doors: asked one after the other.
        longest_s: seconds for which a connection lives, whatever it does.
        most: connections at once.
    """

    def __init__(
        self,
        host: str,
        port: int,
        doors: Sequence[Door],
        *,
        longest_s: float = 20,
        most: int = 256,
    ) -> None:
        self.host, self.port = host, port
        self._doors = doors
        self._longest_s, self._most = longest_s, most
        self._web: web.Server | None = None
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        """Listen.

        Raises:
            SettingsError: nobody can listen there.
        """
        loop = asyncio.get_running_loop()
        self._web = web.Server(self._answer)
        try:
            self._server = await loop.create_server(self._connected, self.host, self.port)
        except OSError as error:
            number = error.errno or 0
            why = os.strerror(number)
            remedy = _REMEDIES.get(number, "Name another address and port.")
            raise SettingsError(
                f"LISTEN is {self.host}:{self.port}, where Newsbell cannot listen: {why}. {remedy}"
            ) from None
        self.port = self._server.sockets[0].getsockname()[1]

    async def close(self) -> None:
        """Listen no more; calls under way are cut off, and who called may call again."""
        if self._server:
            self._server.close()
        if self._web:
            await self._web.shutdown(0)
        if self._server:
            await self._server.wait_closed()
        self._web = self._server = None

    def _connected(self) -> asyncio.Protocol:
        if self._web is None or len(self._web.connections) >= self._most:
            return _Refusal()
        return _Connection(
            self._web,
            self._longest_s,
            loop=asyncio.get_running_loop(),
            auto_decompress=False,
            lingering_time=0,
            max_field_size=_MAX_HEADER,
            max_headers=_MAX_HEADERS,
            max_line_size=_MAX_HEADER,
        )

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        for door in self._doors:
            answer = await door.answer(request)
            if answer is not None:
                return _sealed(answer)
        return _sealed(web.Response(status=HTTPStatus.NOT_FOUND))


class _Connection(web.RequestHandler):
    """A connection of one request, which lives for *longest_s* seconds at most."""

    __slots__ = ("_end", "_longest_s")

    def __init__(self, manager: web.Server, longest_s: float, **bounds: Any) -> None:  # noqa: ANN401
        super().__init__(manager, **bounds)
        self._longest_s = longest_s
        self._end: asyncio.Handle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to count its time."""
        super().connection_made(transport)
        assert isinstance(transport, asyncio.WriteTransport), "a connection can be cut"
        self._end = asyncio.get_running_loop().call_later(self._longest_s, transport.abort)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Forget it."""
        if self._end:
            self._end.cancel()
        super().connection_lost(exc)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer an error without a word of what it is."""
        del request, message
        if exc and status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self.log_exception("A call from outside failed", exc_info=exc)
        return _sealed(web.Response(status=status))


class _Refusal(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """End it."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.abort()


def _sealed(response: web.StreamResponse) -> web.StreamResponse:
    response.headers.update(_HEADERS)
    response.force_close()
    return response
