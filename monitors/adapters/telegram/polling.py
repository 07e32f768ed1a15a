"""Asks Telegram for updates, again and again (long polling)."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from telegram import Bot, Update
from telegram.error import Conflict, RetryAfter, TelegramError

from monitors.adapters.telegram.hearing import WANTED
from monitors.talking.heard import Deaf, Hears

_POLL_SECONDS = 25
_PATIENT_SECONDS = 1.0
_LONGEST_PAUSE = 60.0  # seconds
_CALM_SECONDS = 2.5 * _LONGEST_PAUSE  # without another program, until it counts as gone
_HOUR = 3_600.0
_TWO_COPIES = (
    "Another program asks Telegram what people write to this bot, so that each of the two hears "
    "only some of it. Alerts are sent all the same. Stop the other program, or give it a bot of "
    "its own."
)
_log = structlog.get_logger()


class Polling:
    """A bot that asks.

    Args:
        bot: the bot.
        pause_s: seconds to wait after a first failure; longer after more of them.
    """

    def __init__(self, bot: Bot, *, pause_s: float = 1.0) -> None:
        self._bot = bot
        self._pause_s = pause_s
        self._deleted_at: float | None = None

    async def updates(self) -> AsyncIterator[Update | Deaf | Hears]:
        """Yield updates; one is acknowledged when the next is asked for. Never ends."""
        clock = asyncio.get_running_loop().time
        after, pause, said, rival_at = None, self._pause_s, "", 0.0
        while True:
            began = clock()
            updates, deaf, asked_s = await self._ask(after)
            if deaf:
                rival_at = clock() if deaf.for_admins else rival_at
                if deaf.why != said:
                    said = deaf.why
                    yield deaf
                await asyncio.sleep(max(pause, asked_s))
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            if clock() - rival_at > _CALM_SECONDS or not rival_at:
                pause, rival_at = self._pause_s, 0.0
                if said:
                    said = ""
                    yield Hears()
            for update in updates:
                yield update
                after = update.update_id + 1
            # A server that does not hold the call open must not be asked without end.
            if not updates and clock() - began < _PATIENT_SECONDS:
                await asyncio.sleep(_PATIENT_SECONDS)

    async def close(self) -> None:
        """Do nothing: what was not heard waits at Telegram."""

    async def _ask(self, after: int | None) -> tuple[tuple[Update, ...], Deaf | None, float]:
        """Answer the updates, or why there are none and for how many seconds not to ask."""
        try:
            try:
                updates = await self._bot.get_updates(
                    offset=after, timeout=_POLL_SECONDS, allowed_updates=WANTED
                )
            except Conflict:
                return (), await self._rival(), 0
        except (TelegramError, KeyError, TypeError) as error:
            return (), Deaf(cannot_hear(error)), asked_pause(error)
        return updates, None, 0

    async def _rival(self) -> Deaf | None:
        """Answer who else listens for this bot; the address of a webhook is taken away, once."""
        url = (await self._bot.get_webhook_info()).url
        if not url:
            return Deaf(_TWO_COPIES, for_admins=True)
        now, host = asyncio.get_running_loop().time(), urlsplit(url).hostname
        if self._deleted_at is not None and now - self._deleted_at < _HOUR:
            return Deaf(
                f"Another program has Telegram tell {host} what people write to this bot (a "
                "webhook), again and again. Stop it, or give it a bot of its own.",
                for_admins=True,
            )
        await self._bot.delete_webhook(drop_pending_updates=False)
        self._deleted_at = now
        say = (
            f"Telegram was told to send what people write to {host} (a webhook). Newsbell has "
            "ended that, and asks for it itself, since TELEGRAM_WEBHOOK_URL is not set"
        )
        _log.warning("webhook.deleted", host=host, say=say)
        return None


def cannot_hear(error: Exception) -> str:
    """Answer for people why a call that listens has failed."""
    why = (
        error.message if isinstance(error, TelegramError) else "it does not answer as Telegram does"
    )
    return f"What people write to the bot cannot be heard now: {why}"


def asked_pause(error: Exception) -> float:
    """Answer for how many seconds Telegram asks not to be called."""
    if not isinstance(error, RetryAfter):
        return 0.0
    asked = error.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
