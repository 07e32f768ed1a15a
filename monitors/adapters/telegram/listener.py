"""Hears what people write to the bot, which buttons they press, and what happens to its chats."""

import asyncio
import warnings
from collections.abc import AsyncIterator

import structlog
from telegram import Bot, ChatMember
from telegram.error import TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from monitors.adapters.telegram.boards import TelegramBoards
from monitors.adapters.telegram.files import TelegramFiles
from monitors.adapters.telegram.hearing import heard_in
from monitors.adapters.telegram.polling import Polling, asked_pause, cannot_hear
from monitors.adapters.telegram.sender import TELEGRAM
from monitors.adapters.telegram.webhook import Webhook
from monitors.talking.heard import Deaf, Heard, Hears, Pressed

_ANSWER_SECONDS = 40.0
_CONNECT_SECONDS = 10.0
_LONGEST_PAUSE = 60.0
_REMEMBERED_SECONDS, _MOST_REMEMBERED = 60.0, 10_000  # who looks after a group
_LONGEST_ANSWER = 200  # characters, of the answer to a pressed button
_log = structlog.get_logger()


class TelegramListener:
    """A bot's incoming side; implements `talking.ports.Ears` and `Directory`.

    Attributes:
        webhook: takes the calls of Telegram; None where it is asked instead.
        files: fetches what people drop.
        boards: shows menus.
    """

    def __init__(
        self,
        token: str,
        api_url: str | None = None,
        webhook_url: str | None = None,
        *,
        pause_s: float = 1.0,
        check_s: float = 300.0,
    ) -> None:
        """Prepare the client; nobody is asked yet.

        Args:
            token: the bot's token.
            api_url: root address of another Bot API server than Telegram's own.
            webhook_url: the address at which Telegram tells us; by default, it is asked.
            pause_s: seconds to wait after a first failure; longer after more of them.
            check_s: seconds between two looks whether a webhook still works.
        """
        # Its notice about the type of retry_after, of which both are read here, is no user's.
        warnings.filterwarnings("ignore", category=PTBDeprecationWarning)
        root = (api_url or TELEGRAM).rstrip("/")
        files = f"{root}/file/bot"
        self._administrators: dict[tuple[str, str], tuple[float, bool]] = {}
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=files,
            get_updates_request=HTTPXRequest(
                connect_timeout=_CONNECT_SECONDS, read_timeout=_ANSWER_SECONDS
            ),
        )
        self._pause_s = pause_s
        self._name: str | None = None
        self.webhook = (
            Webhook(self._bot, webhook_url, check_s=check_s, pause_s=pause_s)
            if webhook_url
            else None
        )
        self._source = self.webhook or Polling(self._bot, pause_s=pause_s)
        self.files = TelegramFiles(self._bot, files)
        self.boards = TelegramBoards(self._bot)

    async def heard(self) -> AsyncIterator[Heard]:
        """Yield what people write and press, once it is there; never ends.

        It counts as heard when the next is asked for: after a crash it comes again.
        Commands to another bot of a group (`/addfeed@other`) are left to that one.
        """
        async for told in self._introduced():
            yield told
        async for update in self._source.updates():
            heard = update if isinstance(update, Deaf | Hears) else heard_in(update, self._name)
            if heard:
                yield heard

    async def _introduced(self) -> AsyncIterator[Deaf | Hears]:
        """Find out what the bot is called; yield why that cannot be."""
        pause, said = self._pause_s, ""
        while self._name is None:
            try:
                self._name = (await self._bot.get_me()).username or ""
            except (TelegramError, KeyError, TypeError) as error:
                if cannot_hear(error) != said:
                    said = cannot_hear(error)
                    yield Deaf(said)
                await asyncio.sleep(max(pause, asked_pause(error)))
                pause = min(2 * pause, _LONGEST_PAUSE)
        if said:
            yield Hears()

    async def answer(self, pressed: Pressed, text: str) -> None:
        """Show *text* for a moment to whoever pressed a button; it is lost if that was long ago."""
        try:
            await self._bot.answer_callback_query(pressed.query, text=text[:_LONGEST_ANSWER])
        except TelegramError as error:
            _log.info("telegram.unanswered", why=error.message)

    async def administers(self, chat: str, user: str) -> bool:
        """Answer whether *user* is an administrator of the group *chat*, by Telegram's list."""
        clock = asyncio.get_running_loop().time
        known = self._administrators.get((chat, user))
        if known and clock() - known[0] < _REMEMBERED_SECONDS:
            return known[1]
        try:
            member = await self._bot.get_chat_member(chat, int(user))
        except TelegramError as error:
            _log.info("telegram.unknown_member", chat=chat, why=error.message)
            return False
        if len(self._administrators) >= _MOST_REMEMBERED:
            self._administrators.clear()
        answer = member.status in (ChatMember.ADMINISTRATOR, ChatMember.OWNER)
        self._administrators[chat, user] = clock(), answer
        return answer

    async def close(self) -> None:
        """Have Telegram tell us no more, and close the connections."""
        await self._source.close()
        await self._bot.shutdown()
        for request in self._bot._request:  # noqa: SLF001 -- an uninitialized bot leaves them open
            await request.shutdown()
