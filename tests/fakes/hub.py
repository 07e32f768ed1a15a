"""A WebSub hub on the loopback interface, which verifies, pushes, and fails on demand.

    with Hub() as hub:
        ...  # a process that polls a feed which names hub.url
        hub.wait_for(lambda: hub.subscriptions)
        hub.push("https://wire.example/feed", body)

It runs in a thread with its own event loop, so that synchronous tests can use it. The calls
of subscribers are made with a plain client, which believes nothing that it is told.
"""

import asyncio
import hmac
import io
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Self

import aiohttp
from aiohttp import web

HUNG_UP = 0


class Fault(Enum):
    """How a hub may fail."""

    SILENT = auto()  # takes the request and never verifies it
    REFUSE = auto()  # answers 403
    BUSY = auto()  # answers 503 and asks for an hour
    DENY = auto()  # takes the request, then says that it will not push
    MOVED = auto()  # sends on to /other
    ASTRAY = auto()  # sends on in a circle
    HANG = auto()  # never answers
    WRONG_TOPIC = auto()  # verifies another topic
    NO_CHALLENGE = auto()  # verifies without one


@dataclass(frozen=True, slots=True)
class Answer:
    """What a subscriber answered to a call; the status is `HUNG_UP` if it broke off."""

    status: int
    text: str
    headers: Mapping[str, str]


@dataclass(slots=True)
class Held:
    """A subscription that the hub holds."""

    topic: str
    callback: str
    secret: str | None
    lease: int


class Hub:
    """A hub that tests steer.

    Args:
        lease: seconds that it grants; None grants what is asked for.
    """

    def __init__(self, *, lease: int | None = None) -> None:
        self.lease = lease
        self.fault: Fault | None = None
        self.requests: list[dict[str, str]] = []
        self.subscriptions: dict[str, Held] = {}
        self.answers: list[Answer] = []
        self.port = 0
        self._changed = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="hub", daemon=True)
        self._ending = asyncio.Event()
        self._runner: web.ServerRunner | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    def __enter__(self) -> Self:
        self._thread.start()
        self._run(self._start())
        return self

    def __exit__(self, *_: object) -> None:
        self._run(self._stop())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def url(self) -> str:
        """Where it is asked."""
        return f"http://127.0.0.1:{self.port}/hub"

    def wait_for(self, condition: Callable[[], object], timeout: float = 30) -> None:
        """Wait until *condition* holds; it is asked again after each request and answer.

        Raises:
            AssertionError: it did not hold within *timeout* seconds.
        """
        with self._changed:
            if not self._changed.wait_for(condition, timeout):
                raise AssertionError(f"not within {timeout} s: {self.requests} {self.answers}")

    def push(  # noqa: PLR0913 - what a push consists of, each with its default
        self,
        topic: str,
        body: bytes,
        *,
        method: str = "sha256",
        signature: str | None = None,
        secret: str | None = None,
        copies: int = 1,
    ) -> list[Answer]:
        """Push *body* to all who hold *topic*; answer what they said.

        Args:
            topic: as it was subscribed to.
            body: what is pushed.
            method: that it is signed with; "" does not sign.
            signature: sent instead of the right one.
            secret: signed with instead of the right one.
            copies: how often it is pushed, all at once.
        """
        calls = []
        for held in tuple(self.subscriptions.values()):
            if held.topic != topic:
                continue
            headers = {
                "Content-Type": "application/rss+xml",
                "Link": f'<{self.url}>; rel="hub", <{topic}>; rel="self"',
            }
            key = secret or held.secret
            if method and key:
                digest = hmac.new(key.encode(), body, method).hexdigest()
                headers["X-Hub-Signature"] = signature or f"{method}={digest}"
            calls += [self._call("POST", held.callback, body, headers)] * copies
        return [self._run(call()) for call in calls] if copies == 1 else self._run(_all(calls))

    def verifies(self, callback: str, **said: str) -> Answer:
        """Call *callback* as if to verify; names have `_` in place of the dot."""
        parameters = {name.replace("_", ".", 1): value for name, value in said.items()}
        return self._run(self._call("GET", callback, None, {}, parameters)())

    async def _start(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._serve), shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self.port)
        await site.start()
        self.port = self._runner.addresses[0][1]

    async def _stop(self) -> None:
        self._ending.set()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._runner:
            await self._runner.cleanup()

    def _run(self, work):
        return asyncio.run_coroutine_threadsafe(work, self._loop).result()

    async def _serve(self, request: web.BaseRequest) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        with self._changed:
            self.requests.append(form | {"path": request.path})
            self._changed.notify_all()
        match self.fault:
            case Fault.REFUSE:
                return web.Response(status=403, text="not from you")
            case Fault.BUSY:
                return web.Response(status=503, headers={"Retry-After": "3600"})
            case Fault.MOVED if request.path != "/other":
                return web.Response(status=307, headers={"Location": "/other"})
            case Fault.ASTRAY:
                return web.Response(status=308, headers={"Location": request.path})
            case Fault.HANG:
                await self._ending.wait()
                return web.Response(status=503)
        if self.fault is not Fault.SILENT:
            task = self._loop.create_task(self._verify(form))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return web.Response(status=202)

    async def _verify(self, form: dict[str, str]) -> None:
        challenge = "" if self.fault is Fault.NO_CHALLENGE else secrets.token_hex(16)
        lease = self.lease or int(form.get("hub.lease_seconds", "0"))
        said = {
            "hub.mode": "denied" if self.fault is Fault.DENY else form["hub.mode"],
            "hub.topic": form["hub.topic"] + ("x" if self.fault is Fault.WRONG_TOPIC else ""),
            "hub.challenge": challenge,
            "hub.lease_seconds": str(lease),
        }
        callback = form["hub.callback"]
        answer = await self._call("GET", callback, None, {}, said)()
        agreed = answer.status // 100 == 2 and answer.text == challenge
        with self._changed:
            if agreed and form["hub.mode"] == "subscribe" and self.fault is not Fault.DENY:
                self.subscriptions[callback] = Held(
                    form["hub.topic"], callback, form.get("hub.secret"), lease
                )
            elif agreed:
                self.subscriptions.pop(callback, None)
            self._changed.notify_all()

    def _call(self, method, address, body, headers, parameters=None):
        async def call() -> Answer:
            data = None if body is None else io.BytesIO(body)
            try:
                async with (
                    aiohttp.ClientSession() as session,
                    session.request(
                        method, address, data=data, headers=headers, params=parameters
                    ) as response,
                ):
                    text = await response.text()
                    answer = Answer(response.status, text, dict(response.headers))
            except aiohttp.ClientError as error:
                answer = Answer(HUNG_UP, str(error), {})
            with self._changed:
                self.answers.append(answer)
                self._changed.notify_all()
            return answer

        return call


async def _all(calls) -> list[Answer]:
    return await asyncio.gather(*(call() for call in calls))
