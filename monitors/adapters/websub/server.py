"""Takes the calls of hubs: that they are about to push, that they will not, and pushes."""

import asyncio
import errno
import os
from http import HTTPStatus
from typing import Any, Protocol

from aiohttp import web

from monitors.errors import SettingsError
from monitors.polling.signature import Seal

MOST_BYTES = 10_000_000
_LONGEST_CHALLENGE = 2_048
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


class Callbacks(Protocol):
    """What is done with the calls of hubs."""

    def secret_of(self, callback: str) -> str | None:
        """Answer what pushes to *callback* are signed with; None if nobody may call it."""

    async def agrees(self, callback: str, mode: str, topic: str, lease: str) -> bool:
        """Answer whether a hub may do what it says."""

    async def hears_no(self, callback: str, topic: str) -> bool:
        """Take note that a hub will not push; answer whether it was asked to."""

    async def take(self, callback: str) -> None:
        """Take note of a push."""

    def ignore(self, callback: str) -> None:
        """Take note of a push that is not signed as it should be."""


class CallbackServer:
    """Listens at one address; anything but a callback that was given out is not found.

    Args:
        host: the address to listen at.
        port: 0 takes any that is free.
        callbacks: told of each call.
        longest_s: seconds for which a connection lives, whatever it does.
        most: connections at once.
    """

    def __init__(
        self,
        host: str,
        port: int,
        callbacks: Callbacks,
        *,
        longest_s: float = 20,
        most: int = 256,
    ) -> None:
        self.host, self.port = host, port
        self._callbacks = callbacks
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
        """Listen no more; calls under way are cut off, and hubs call again."""
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
        folder, _, callback = request.path.rpartition("/")
        secret = self._callbacks.secret_of(callback) if folder.endswith("/websub") else None
        if secret is None:
            return _reply(HTTPStatus.NOT_FOUND)
        match request.method:
            case "GET":
                return await self._asked_back(request, callback)
            case "POST":
                return await self._pushed(request, callback, secret)
            case _:
                return _reply(HTTPStatus.METHOD_NOT_ALLOWED)

    async def _asked_back(self, request: web.BaseRequest, callback: str) -> web.Response:
        said = request.query
        mode, topic = said.get("hub.mode", ""), said.get("hub.topic", "")
        if mode == "denied":
            known = await self._callbacks.hears_no(callback, topic)
            return _reply(HTTPStatus.OK if known else HTTPStatus.NOT_FOUND)
        challenge = said.get("hub.challenge", "")
        if not 0 < len(challenge) <= _LONGEST_CHALLENGE:
            return _reply(HTTPStatus.BAD_REQUEST)
        lease = said.get("hub.lease_seconds", "")
        if await self._callbacks.agrees(callback, mode, topic, lease):
            return _reply(HTTPStatus.OK, challenge)
        return _reply(HTTPStatus.NOT_FOUND)

    async def _pushed(self, request: web.BaseRequest, callback: str, secret: str) -> web.Response:
        """Take a push; the answer says that it has come, not whether it was believed."""
        if (request.content_length or 0) > MOST_BYTES:
            return _reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        seal, size = Seal(request.headers.get("X-Hub-Signature"), secret), 0
        try:
            async for piece in request.content.iter_any():
                size += len(piece)
                if size > MOST_BYTES:
                    return _reply(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
                seal.takes(piece)
        except (ConnectionError, web.RequestPayloadError):
            return _reply(HTTPStatus.BAD_REQUEST)
        if seal.fits():
            await self._callbacks.take(callback)
        else:
            self._callbacks.ignore(callback)
        return _reply(HTTPStatus.ACCEPTED)


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
            self.log_exception("A call of a hub failed", exc_info=exc)
        return _reply(HTTPStatus(status))


class _Refusal(asyncio.Protocol):
    """A connection too many."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """End it."""
        assert isinstance(transport, asyncio.WriteTransport)
        transport.abort()


def _reply(status: HTTPStatus, text: str = "") -> web.Response:
    response = web.Response(status=status, text=text, headers=_HEADERS)
    response.force_close()
    return response
