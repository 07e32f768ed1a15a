"""Hears what people write to the bot, by long polling."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, TelegramError
from telegram.request import HTTPXRequest

from monitors.adapters.telegram.sender import TELEGRAM

_POLL_SECONDS = 25
_PATIENT_SECONDS = 1.0
_ANSWER_SECONDS = 40.0
_CONNECT_SECONDS = 10.0
_LONGEST_PAUSE = 60.0  # seconds
_ADDRESSED = re.compile(r"\s*/\w+@(\w+)", re.ASCII)
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text that a person has written.

    Attributes:
        user, chat: numbers that Telegram gave them, as texts.
        text: as written.
    """

    user: str
    chat: str
    text: str


class TelegramListener:
    """A bot's incoming side.

    Args:
        token: the bot's token.
        api_url: root address of another Bot API server than Telegram's own.
    """

    def __init__(self, token: str, api_url: str | None = None) -> None:
        root = (api_url or TELEGRAM).rstrip("/")
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            get_updates_request=HTTPXRequest(
                connect_timeout=_CONNECT_SECONDS, read_timeout=_ANSWER_SECONDS
            ),
        )

    async def heard(self) -> AsyncIterator[Said]:
        """Yield what people write, each text once it is there; never ends.

        A text counts as heard when the next one is asked for: after a crash it comes again.
        Commands to another bot of a group (`/addfeed@other`) are left to that one.
        """
        after, pause, name = None, 1.0, None
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                name = name or (await self._bot.get_me()).username
                updates = await self._bot.get_updates(
                    offset=after, timeout=_POLL_SECONDS, allowed_updates=[Update.MESSAGE]
                )
            except (TelegramError, KeyError, TypeError) as error:
                if pause == 1:
                    _log.warning("telegram.deaf", why=_why(error), say=_say(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = 1.0
            for update in updates:
                said = _said(update)
                if said and not _is_for_another(said.text, name):
                    yield said
                after = update.update_id + 1
            # A server that does not hold the call open must not be asked without end.
            if not updates and clock() - began < _PATIENT_SECONDS:
                await asyncio.sleep(_PATIENT_SECONDS)

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.shutdown()
        for request in self._bot._request:  # noqa: SLF001 -- an uninitialized bot leaves them open
            await request.shutdown()


def _said(update: Update) -> Said | None:
    message = update.message
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    if not message.text:
        return None
    return Said(user=str(message.from_user.id), chat=str(message.chat_id), text=message.text)


def _is_for_another(text: str, name: str | None) -> bool:
    """Answer whether *text* is a command to a bot that is not called *name*."""
    addressed = _ADDRESSED.match(text)
    return bool(addressed and name and addressed[1].lower() != name.lower())


def _why(error: Exception) -> str:
    if isinstance(error, TelegramError):
        return error.message
    return "it does not answer as Telegram does"


def _say(error: Exception) -> str:
    if isinstance(error, Conflict):
        return (
            "Another program asks Telegram what people write to this bot; commands go to that "
            "one. Alerts are sent all the same. Stop the other, or give it a bot of its own."
        )
    return f"What people write to the bot cannot be heard now: {_why(error)}"
