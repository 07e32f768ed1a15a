"""One visit to an address: redirects are followed, the answer is judged, its body read."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from io import BytesIO

import aiohttp
from yarl import URL

from monitors.adapters.http.addresses import is_downgrade, shown, target_of
from monitors.adapters.http.budget import ByteBudget, Room
from monitors.adapters.http.failures import astray, broken, refusal, too_large
from monitors.adapters.http.headers import hub_and_topic, max_age, validators
from monitors.adapters.http.turns import Deadline, Turns
from monitors.adapters.http.unpacking import Unpacker, UnpackingError, unpacker
from monitors.feeds.feed import Fetched, FetchFailed, FetchOutcome, NotModified, Validators

_MAX_REDIRECTS = 5
_PERMANENT = (HTTPStatus.MOVED_PERMANENTLY, HTTPStatus.PERMANENT_REDIRECT)
_REDIRECTS = (*_PERMANENT, HTTPStatus.FOUND, HTTPStatus.SEE_OTHER, HTTPStatus.TEMPORARY_REDIRECT)
_WITH_BODY = (HTTPStatus.OK, HTTPStatus.NON_AUTHORITATIVE_INFORMATION)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a visit needs.

    Attributes:
        turns, budget: shared with all other visits.
        deadline: the time of this one.
        sent: the validators in *headers*, which go to every address that redirects lead to.
        max_bytes: bound of the body, unpacked; the budget must be able to hold it.
        clock: the time now, aware.
    """

    session: aiohttp.ClientSession
    turns: Turns
    budget: ByteBudget
    deadline: Deadline
    headers: Mapping[str, str]
    sent: Validators
    max_bytes: int
    clock: Callable[[], datetime]

    async def follow(self, url: URL) -> FetchOutcome:
        """Answer what is at *url*, or where it leads to in at most `_MAX_REDIRECTS` steps."""
        visited: list[URL] = []
        # What is kept of a move names no password: an address that has one does not move.
        moved_to, permanent = None, url.user is None and url.password is None
        while True:
            async with (
                self.turns.of(url, self.deadline),
                self.session.get(url, headers=self.headers, allow_redirects=False) as response,
            ):
                if visited and permanent:
                    moved_to = shown(url)
                if response.status not in _REDIRECTS:
                    return await self._judge(response, url, moved_to)
            visited.append(url)
            target = _next(url, response.headers.get("Location", ""), visited)
            if isinstance(target, FetchFailed):
                return replace(target, status=response.status)
            url, permanent = target, permanent and response.status in _PERMANENT

    async def _judge(
        self, response: aiohttp.ClientResponse, url: URL, moved_to: str | None
    ) -> FetchOutcome:
        headers, now = response.headers, self.clock()
        given = validators(headers.get("ETag", ""), headers.get("Last-Modified", ""))
        fresh = max_age(
            ", ".join(headers.getall("Cache-Control", [])),
            headers.get("Expires", ""),
            headers.get("Date", ""),
            headers.get("Age", ""),
            now,
        )
        if response.status == HTTPStatus.NOT_MODIFIED and self.sent != Validators():
            kept = Validators(
                etag=given.etag or self.sent.etag,
                last_modified=given.last_modified or self.sent.last_modified,
            )
            return NotModified(validators=kept, max_age=fresh, moved_to=moved_to)
        if response.status not in _WITH_BODY:
            failed = refusal(response.status, headers.get("Retry-After"), now)
            return replace(failed, moved_to=moved_to)
        hub, topic = hub_and_topic(headers.getall("Link", []), url)

        def fetched(body: bytes) -> Fetched:
            return Fetched(
                body=body,
                address=shown(url),
                content_type=headers.get("Content-Type"),
                validators=given,
                max_age=fresh,
                moved_to=moved_to,
                hub=hub,
                topic=topic,
            )

        outcome = await self._read(response, fetched)
        if isinstance(outcome, FetchFailed):
            return replace(outcome, status=response.status, moved_to=moved_to)
        return outcome

    async def _read(
        self, response: aiohttp.ClientResponse, fetched: Callable[[bytes], Fetched]
    ) -> Fetched | FetchFailed:
        """Answer what *fetched* makes of the whole body of *response*, unpacked."""
        coding = ", ".join(response.headers.getall("Content-Encoding", []))
        unpacking = unpacker(coding)
        if unpacking is None:
            return broken("the answer is packed in a way that was not asked for")
        length = response.content_length
        if length is None or coding:
            length = max(length or 0, self.max_bytes)
        if length > self.max_bytes:
            return too_large(self.max_bytes)
        async with self.budget.room(length) as room:
            body = await self._body(response, unpacking, room)
            if isinstance(body, FetchFailed):
                return body
            answer = fetched(body)
            room.keep(len(body), answer)
            return answer

    async def _body(
        self, response: aiohttp.ClientResponse, unpacking: Unpacker, room: Room
    ) -> bytes | FetchFailed:
        body, received = BytesIO(), 0
        try:
            async for packed in response.content.iter_any():
                received += len(packed)
                for piece in unpacking.feed(packed):
                    if body.tell() + len(piece) > room.longest:
                        return too_large(self.max_bytes)
                    while body.tell() + len(piece) > room.size:
                        with self.deadline.paused():
                            await room.grow()
                    body.write(piece)
                # What unpacks to nothing must end, too.
                if received > self.max_bytes:
                    return too_large(self.max_bytes)
        except UnpackingError:
            return broken("the answer cannot be unpacked")
        # Of a buffer that nobody else looks into, this is no copy.
        return body.getvalue() if unpacking.is_whole() else broken("the answer breaks off")


def _next(url: URL, location: str, visited: Sequence[URL]) -> URL | FetchFailed:
    """Answer where *location* leads from *url*, the last one *visited*."""
    if not location:
        return astray("the server redirects without saying where to")
    target = target_of(url, location)
    if target is None:
        return astray("the server redirects to something that is no web address")
    if is_downgrade(url, target):
        return astray("the server redirects from an encrypted address to one that is not")
    if target in visited:
        return astray("the server redirects in a circle")
    if len(visited) > _MAX_REDIRECTS:
        return astray(f"the server redirects more than {_MAX_REDIRECTS} times")
    return target
