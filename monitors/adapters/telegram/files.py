"""Fetches what people drop into chats."""

import asyncio

import httpx
import structlog
from telegram import Bot
from telegram.error import TelegramError

from monitors.talking.heard import Dropped
from monitors.talking.ports import MOST_FILE_BYTES, NotFetched

_SECONDS = 60.0
_log = structlog.get_logger()
_TOO_LARGE = NotFetched(f"it is larger than {MOST_FILE_BYTES // 1_000_000} MB")
_FAILED = NotFetched("Telegram does not give it out now; try again later")
_NO_ADDRESS = NotFetched("the Bot API server names no address for it")


class TelegramFiles:
    """Implements `talking.ports.Files`.

    Args:
        bot: the bot.
        root: address below which files are given out, without the token.
        within_s: seconds that a file may take.
    """

    def __init__(self, bot: Bot, root: str, *, within_s: float = _SECONDS) -> None:
        self._bot, self._root = bot, f"{root}{bot.token}/"
        self._within_s = within_s

    async def fetch(self, dropped: Dropped) -> bytes | NotFetched:
        """Answer what is in a file; its size is not believed."""
        if dropped.size > MOST_FILE_BYTES:
            return _TOO_LARGE
        try:
            async with asyncio.timeout(self._within_s):
                # A local Bot API server may name a path of its machine, which is never opened.
                address = (await self._bot.get_file(dropped.file)).file_path or ""
                if not address.startswith(self._root):
                    return _NO_ADDRESS
                return await self._read(address)
        except (TelegramError, httpx.HTTPError, httpx.InvalidURL, TimeoutError) as error:
            _log.warning("file.failed", why=str(error) or type(error).__name__)
            return _FAILED

    async def _read(self, address: str) -> bytes | NotFetched:
        body = bytearray()
        async with (
            httpx.AsyncClient(timeout=self._within_s, follow_redirects=False) as client,
            client.stream("GET", address, headers={"Accept-Encoding": "identity"}) as answer,
        ):
            if answer.status_code != httpx.codes.OK:
                return _FAILED
            async for piece in answer.aiter_raw():
                body += piece
                if len(body) > MOST_FILE_BYTES:
                    return _TOO_LARGE
        return bytes(body)
