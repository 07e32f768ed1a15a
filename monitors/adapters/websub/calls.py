"""Takes the calls of hubs: that they are about to push, that they will not, and pushes."""

from http import HTTPStatus
from typing import Protocol

from aiohttp import web

from monitors.polling.signature import Seal

MOST_BYTES = 10_000_000
_LONGEST_CHALLENGE = 2_048


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


class HubDoor:
    """Answers at the addresses that were given out to hubs, and at no other.

    Args:
        callbacks: told of each call.
    """

    def __init__(self, callbacks: Callbacks) -> None:
        self._callbacks = callbacks

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """Answer a hub; None for whoever calls another address."""
        folder, _, callback = request.path.rpartition("/")
        secret = self._callbacks.secret_of(callback) if folder.endswith("/websub") else None
        if secret is None:
            return None
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


def _reply(status: HTTPStatus, text: str = "") -> web.Response:
    return web.Response(status=status, text=text)
