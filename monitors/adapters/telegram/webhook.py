"""Has Telegram tell us updates, at an address of ours (webhook)."""

import asyncio
import hmac
import json
from collections.abc import AsyncIterator
from http import HTTPStatus
from urllib.parse import urlsplit

import structlog
from aiohttp import web
from telegram import Bot, Update
from telegram.error import TelegramError

from monitors.adapters.telegram.hearing import WANTED
from monitors.adapters.telegram.polling import asked_pause, cannot_hear
from monitors.talking.heard import Deaf, Hears

MOST_BYTES = 1_000_000
_SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- the name, not the secret
_CONNECTIONS = 8
_MOST_WAITING = 100
_TAKEN_SECONDS = 10.0
_CLOSE_SECONDS = 3.0
_LONGEST_PAUSE = 60.0
_SAY_AGAIN_SECONDS = 60.0
_RIVAL = (
    "Another program had taken over what people write to this bot. Newsbell has set its webhook "
    "again. Stop the other program, or give it a bot of its own."
)
_log = structlog.get_logger()


class Webhook:
    """A bot that is told.

    Args:
        bot: the bot.
        url: the address that Telegram calls.
        check_s: seconds between two looks whether that still works.
        pause_s: seconds to wait after a first failure; longer after more of them.
    """

    def __init__(self, bot: Bot, url: str, *, check_s: float = 300.0, pause_s: float = 1.0) -> None:
        self._bot, self._url = bot, url
        self._folder, _, self._last = urlsplit(url).path.rpartition("/")
        self._check_s, self._pause_s = check_s, pause_s
        # Whoever does not know the token cannot know it, and nothing has to be kept.
        self._secret = hmac.new(bot.token.encode(), f"webhook {url}".encode(), "sha256").hexdigest()
        self._waiting: asyncio.Queue[tuple[Update, asyncio.Future[None]]] = asyncio.Queue(
            _MOST_WAITING
        )
        self._taken_s, self._asked_s = _TAKEN_SECONDS, 0.0
        self._is_set = self._may_be_set = False
        self._last_error: object = None
        self._refused, self._refused_at = 0, 0.0

    async def updates(self) -> AsyncIterator[Update | Deaf | Hears]:
        """Yield updates; Telegram is told that one was taken when the next is asked for."""
        clock = asyncio.get_running_loop().time
        due, pause, said = 0.0, self._pause_s, ""
        while True:
            if clock() >= due:
                deaf = await self._check()
                if deaf and deaf.why != said:
                    yield deaf
                elif said and not deaf:
                    yield Hears()
                said = deaf.why if deaf else ""
                due = clock() + (max(pause, self._asked_s) if deaf else self._check_s)
                pause = min(2 * pause, _LONGEST_PAUSE) if deaf else self._pause_s
            try:
                async with asyncio.timeout_at(due):
                    update, taken = await self._waiting.get()
            except TimeoutError:
                continue
            yield update
            if not taken.done():
                taken.set_result(None)

    async def close(self) -> None:
        """Have Telegram tell us no more; it keeps what people write, for a day."""
        if not self._may_be_set:
            return
        try:
            async with asyncio.timeout(_CLOSE_SECONDS):
                await self._bot.delete_webhook(drop_pending_updates=False)
        except (TelegramError, TimeoutError) as error:
            _log.info("webhook.stays", why=str(error))

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse | None:
        """Answer a call from Telegram; None if it is not for this address.

        A proxy may have taken a part of the path away, or have put one before it.
        """
        folder, _, last = request.path.rpartition("/")
        same_end = self._folder.endswith(folder) or folder.endswith(self._folder)
        if last != self._last or not same_end:
            return None
        if request.method != "POST":
            return web.Response(status=HTTPStatus.METHOD_NOT_ALLOWED)
        given = request.headers.get(_SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), self._secret.encode()):
            self._say_refused()
            return web.Response(status=HTTPStatus.FORBIDDEN)
        if request.content_type != "application/json":
            return web.Response(status=HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
        body = await _read(request)
        return web.Response(status=body if isinstance(body, HTTPStatus) else await self._tell(body))

    async def _tell(self, body: bytes) -> HTTPStatus:
        """Hand an update over; the answer says whether Telegram shall tell it again."""
        try:
            told = json.loads(body)
        except (ValueError, RecursionError):
            return HTTPStatus.BAD_REQUEST
        try:
            update = Update.de_json(told, self._bot)
        except (AttributeError, KeyError, TypeError, ValueError, RecursionError) as error:
            # It would come again and again, and hold up what comes after it.
            _log.warning("webhook.unreadable", why=type(error).__name__)
            return HTTPStatus.OK
        taken = asyncio.get_running_loop().create_future()
        try:
            self._waiting.put_nowait((update, taken))
            async with asyncio.timeout(self._taken_s):
                await taken
        except (asyncio.QueueFull, TimeoutError):
            return HTTPStatus.SERVICE_UNAVAILABLE
        return HTTPStatus.OK

    async def _check(self) -> Deaf | None:
        """Make sure that Telegram calls us; answer why it does not."""
        self._asked_s = 0.0
        try:
            info = await self._bot.get_webhook_info()
            was_set, error = self._is_set, info.last_error_date
            is_new, self._last_error = error != self._last_error, error
            if not was_set or info.url != self._url:
                await self._set()
                return Deaf(_RIVAL, for_admins=True) if was_set else None
        except (TelegramError, KeyError, TypeError) as problem:
            self._asked_s = asked_pause(problem)
            return Deaf(cannot_hear(problem))
        if is_new and info.pending_update_count:
            return Deaf(
                f"Telegram cannot reach TELEGRAM_WEBHOOK_URL: {info.last_error_message}. Check "
                "that the web server in front of Newsbell answers there, and passes the path on.",
                for_admins=True,
            )
        return None

    async def _set(self) -> None:
        self._may_be_set = True
        await self._bot.set_webhook(
            self._url,
            secret_token=self._secret,
            allowed_updates=WANTED,
            max_connections=_CONNECTIONS,
            drop_pending_updates=False,
        )
        self._is_set = True
        _log.info("webhook.set", host=urlsplit(self._url).hostname)

    def _say_refused(self) -> None:
        """Count who calls without the secret, and say so at most once a minute."""
        self._refused += 1
        now = asyncio.get_running_loop().time()
        if now - self._refused_at >= _SAY_AGAIN_SECONDS:
            _log.warning("webhook.refused", calls=self._refused)
            self._refused, self._refused_at = 0, now


async def _read(request: web.BaseRequest) -> bytes | HTTPStatus:
    """Answer the body of a call, if it is not too large and arrives whole."""
    if (request.content_length or 0) > MOST_BYTES:
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    body = bytearray()
    try:
        async for piece in request.content.iter_any():
            body += piece
            if len(body) > MOST_BYTES:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    except (ConnectionError, web.RequestPayloadError):
        return HTTPStatus.BAD_REQUEST
    return bytes(body)
