"""The HTTP side of the fake Telegram: requests, envelopes, polls, and broken connections."""

import asyncio
import json
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from threading import Condition
from typing import Any, Final

from aiohttp import web
from aiohttp.web_request import FileField

from tests.fakes.telegram_account import Account, RefusalError, too_many
from tests.fakes.telegram_faults import CARRIED_OUT, Call, Fault, Order, Traffic
from tests.fakes.telegram_hook import Hook, Teller
from tests.fakes.telegram_methods import MAX_UPLOAD, Methods
from tests.fakes.telegram_params import Params, Upload

MAX_POLL_SECONDS: Final = 50
_SLOW_SECONDS: Final = 1.0
_PACED: Final = {"sendMessage", "sendDocument", "editMessageText", "editMessageReplyMarkup"}
_PAGES: Final = {
    Fault.BAD_GATEWAY: (502, "Bad Gateway"),
    Fault.GATEWAY_401: (401, "Authorization Required"),
    Fault.GATEWAY_404: (404, "Not Found"),
    Fault.GATEWAY_504: (504, "Gateway Time-out"),
    Fault.HTML_BODY: (200, "Please wait"),
}
_SECOND_POLLER: Final = (
    "Conflict: terminated by other getUpdates request; "
    "make sure that only one bot instance is running"
)
_BY_WEBHOOK: Final = "Conflict: terminated by setWebhook request"
_WEBHOOK: Final = (
    "Conflict: can't use getUpdates method while webhook is active; "
    "use deleteWebhook to delete the webhook first"
)


@dataclass(eq=False, slots=True)
class _Poll:
    """One getUpdates that waits."""

    woken: asyncio.Event = field(default_factory=asyncio.Event)
    ended_by: str = ""


class Server:
    """Serves one account on one loopback socket inside a running loop."""

    def __init__(self, account: Account, traffic: Traffic, changed: Condition) -> None:
        self._account = account
        self._traffic = traffic
        self._changed = changed
        self.hook = Hook()
        self._methods = Methods(account, self.hook)
        self._teller = Teller(account, self.hook, changed)
        self._telling: asyncio.Task[None] | None = None
        self._poll: _Poll | None = None
        self._closing = asyncio.Event()
        self._site: web.SockSite | None = None
        self.broken: list[Exception] = []
        app = web.Application(client_max_size=MAX_UPLOAD + (1 << 20))
        app.router.add_get("/file/bot{token}/{path:.*}", self._download)
        app.router.add_route("*", "/{rest:.*}", self._handle)
        # A call goes on when its client has gone: Telegram delivers what a killed bot had sent.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)

    async def listen(self, listener: socket.socket) -> None:
        """Begin, or begin again, to take connections."""
        if self._site is None:
            if self._runner.server is None:
                await self._runner.setup()
            self._site = web.SockSite(self._runner, listener)
            await self._site.start()
        if self._telling is None:
            self._telling = asyncio.create_task(self._teller.run())

    async def stop_listening(self) -> None:
        """Refuse new connections."""
        if self._site is not None:
            await self._site.stop()
            self._site = None

    async def cut_connections(self) -> None:
        """Close every open connection in the middle of whatever it does."""
        assert self._runner.server is not None
        for connection in list(self._runner.server.connections):
            connection.force_close()

    async def close(self) -> None:
        """End every call and every connection."""
        self._closing.set()
        self.wake()
        if self._telling is not None:
            self._telling.cancel()
            await asyncio.wait([self._telling])
        await self._runner.cleanup()

    def wake(self) -> None:
        """Let a waiting poll, and who tells, look again."""
        self._teller.wake()
        if self._poll is not None:
            self._poll.woken.set()

    async def _download(self, request: web.Request) -> web.Response:
        path = request.match_info["path"]
        if request.match_info["token"] == self._account.token:
            for document in self._account.files.values():
                if document.path == path:
                    return web.Response(
                        body=document.content, content_type="application/octet-stream"
                    )
        return _envelope(404, _refused(RefusalError(404, "Not Found")))

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if not request.path.startswith("/bot"):
            return _envelope(404, _refused(RefusalError(404, "Not Found")))
        try:
            return await self._answer(request)
        except web.HTTPRequestEntityTooLarge:
            return _envelope(413, _refused(RefusalError(413, "Request Entity Too Large")))
        except ConnectionError:
            raise  # the client went away in the middle of its request
        except Exception as problem:
            self.broken.append(problem)
            raise

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        token, _, method = request.path.removeprefix("/bot").partition("/")
        params = await _read(request)
        with self._changed:
            call = self._begin(method, params)
            order = self._order(call)
        if call.fault is Fault.DOWN:
            return _hang_up(request)
        if order is not None and order.fault not in CARRIED_OUT:
            return await self._break_before(request, call, order)
        try:
            result = await self._carry_out(token, call, params)
            status, body = 200, {"ok": True, "result": result}
        except RefusalError as refusal:
            status, body = refusal.status, _refused(refusal)
        if call.method == "getUpdates" and _gone(request):
            return _hang_up(request)  # a poll of a bot that has ended was never answered
        if order is not None:
            return await self._break_after(request, call, order, status, body)
        return self._finish(call, status, body)

    def _begin(self, method: str, params: Params) -> Call:
        chat_id = params.chat_id()
        if isinstance(chat_id, str):
            with suppress(RefusalError):
                chat_id = self._account.chat(chat_id).id
        known = chat_id if isinstance(chat_id, int) else None
        uploads = {name: upload.name for name, upload in params.uploads.items()}
        call = self._traffic.begin(
            self._methods.written(method), params.values | uploads, known, self._account.clock.now()
        )
        self._changed.notify_all()
        return call

    def _order(self, call: Call) -> Order | None:
        """The fault for this call; a call during a hold is refused as such and meets none."""
        if self._traffic.down:
            call.fault = Fault.DOWN
            return None
        return None if self._account.limits.held(_hold_key(call)) else self._traffic.order_for(call)

    async def _carry_out(self, token: str, call: Call, params: Params) -> Any:
        if token != self._account.token:
            raise RefusalError(401, "Unauthorized")
        with self._changed:
            if wait := self._account.limits.held(_hold_key(call)):
                call.early = True
                raise too_many(wait)
            if call.method != "getUpdates":
                return self._call(call, params)
        return await self._get_updates(params)

    def _call(self, call: Call, params: Params) -> Any:
        try:
            return self._methods.call(call.method, params)
        except RefusalError as refusal:
            if seconds := refusal.parameters.get("retry_after"):
                self._account.limits.hold(_hold_key(call), seconds)
            raise
        finally:
            if call.method == "setWebhook":
                self._end_poll(_BY_WEBHOOK)
                self._teller.wake()

    async def _get_updates(self, params: Params) -> list[dict[str, Any]]:
        poll = _Poll()
        with self._changed:
            self._take_over(poll, params)
        limit = params.integer("limit")
        limit = limit if 1 <= limit <= 100 else 100
        seconds = min(max(params.integer("timeout"), 0), MAX_POLL_SECONDS)
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    while not (self._account.pending() or poll.ended_by or self._closing.is_set()):
                        await poll.woken.wait()
                        poll.woken.clear()
            if poll.ended_by:
                raise RefusalError(409, poll.ended_by)
            with self._changed:
                return list(self._account.pending(limit))
        finally:
            if self._poll is poll:
                self._poll = None

    def _end_poll(self, why: str) -> None:
        if self._poll is not None:
            self._poll.ended_by = why
            self._poll.woken.set()

    def _take_over(self, poll: _Poll, params: Params) -> None:
        """The newest poll is the one that waits; Telegram ends the one before."""
        if self.hook.url:
            raise RefusalError(409, _WEBHOOK)
        self._end_poll(_SECOND_POLLER)
        self._poll = poll
        self._account.acknowledge(params.integer("offset"))
        kinds = params.structure("allowed_updates", "allowed updates")
        if isinstance(kinds, list):
            self._account.allow(kinds)

    async def _break_before(
        self, request: web.Request, call: Call, order: Order
    ) -> web.StreamResponse:
        if order.fault is Fault.RATE_LIMIT:
            with self._changed:
                self._account.limits.hold(_hold_key(call), order.retry_after)
            refusal = too_many(order.retry_after)
            return self._finish(call, refusal.status, _refused(refusal))
        if order.fault is Fault.SERVER_ERROR:
            return self._finish(call, 500, _refused(RefusalError(500, "Internal Server Error")))
        if order.fault in _PAGES:
            return self._page(call, order.fault)
        if order.fault is Fault.HANG_BEFORE:
            await self._pause(order.seconds)
        return _hang_up(request)

    async def _break_after(
        self, request: web.Request, call: Call, order: Order, status: int, body: dict[str, Any]
    ) -> web.StreamResponse:
        with self._changed:
            self._changed.notify_all()
        if order.fault is Fault.SLOW:
            await self._pause(_SLOW_SECONDS if order.seconds is None else order.seconds)
            return self._finish(call, status, body)
        if order.fault in _PAGES:
            return self._page(call, order.fault)
        if order.fault is Fault.TRUNCATED_JSON:
            whole = self._finish(call, status, body).body
            assert isinstance(whole, bytes)
            return web.Response(
                body=whole[: len(whole) // 2], status=status, content_type="application/json"
            )
        if order.fault is Fault.HANG_AFTER:
            await self._pause(order.seconds)
        return _hang_up(request)

    def _finish(self, call: Call, status: int, body: dict[str, Any]) -> web.Response:
        """Record the answer and give it."""
        with self._changed:
            call.status, call.description = status, body.get("description", "")
            call.retry_after = body.get("parameters", {}).get("retry_after")
            self._changed.notify_all()
        return _envelope(status, body)

    def _page(self, call: Call, fault: Fault) -> web.Response:
        """What a gateway in between answers."""
        status, title = _PAGES[fault]
        with self._changed:
            call.status, call.description = status, f"(page) {title}"
            self._changed.notify_all()
        page = f"<html><head><title>{status} {title}</title></head><body>{title}</body></html>"
        return web.Response(text=page, status=status, content_type="text/html")

    async def _pause(self, seconds: float | None) -> None:
        """Wait so long, or until the server is closed."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._closing.wait()


def _hold_key(call: Call) -> int | str:
    """What a 429 holds: the chat for sends and edits together, else this method for this chat."""
    if call.method in _PACED and call.chat_id is not None:
        return call.chat_id
    return f"{call.method}:{call.chat_id}"


def _refused(refusal: RefusalError) -> dict[str, Any]:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refusal.status,
        "description": refusal.description,
    }
    if refusal.parameters:
        body["parameters"] = refusal.parameters
    return body


def _envelope(status: int, body: dict[str, Any]) -> web.Response:
    return web.Response(
        body=json.dumps(body).encode(), status=status, content_type="application/json"
    )


def _gone(request: web.Request) -> bool:
    """Whether the client has closed the connection."""
    return request.transport is None or request.transport.is_closing()


def _hang_up(request: web.Request) -> web.Response:
    """Close the connection; the answer that aiohttp wants goes nowhere."""
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _read(request: web.Request) -> Params:
    """The parameters of a request: of its address and of a body in any of the three forms."""
    values: dict[str, Any] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        try:
            body = json.loads(await request.text() or "{}")
        except ValueError:
            body = {}
        values |= {key: value for key, value in body.items() if value is not None}
    elif request.method == "POST":
        for key, value in (await request.post()).items():
            if isinstance(value, FileField):
                with value.file as content:
                    uploads[key] = Upload(value.filename, value.content_type, content.read())
            else:
                values[key] = value
    return Params(values, uploads)
