"""Hears what people write to the bot and which buttons they press, by long polling."""

import asyncio
import re
from collections.abc import AsyncIterator

import structlog
from telegram import Bot, CallbackQuery, ChatMember, MaybeInaccessibleMessage, Message, Update
from telegram.constants import ChatType
from telegram.error import Conflict, TelegramError
from telegram.request import HTTPXRequest

from monitors.adapters.telegram.sender import TELEGRAM
from monitors.talking.heard import Heard, Place, Pressed, Said

_POLL_SECONDS = 25
_PATIENT_SECONDS = 1.0
_ANSWER_SECONDS = 40.0
_CONNECT_SECONDS = 10.0
_LONGEST_PAUSE = 60.0  # seconds
_REMEMBERED_SECONDS, _MOST_REMEMBERED = 60.0, 10_000  # who looks after a group
_LONGEST_ANSWER = 200  # characters, of the answer to a pressed button
_WANTED = (Update.MESSAGE, Update.CALLBACK_QUERY)
_ADDRESSED = re.compile(r"\s*/\w+@(\w+)", re.ASCII)
_log = structlog.get_logger()


class TelegramListener:
    """A bot's incoming side; implements `talking.ports.Ears` and `Directory`.

    Args:
        token: the bot's token.
        api_url: root address of another Bot API server than Telegram's own.
    """

    def __init__(self, token: str, api_url: str | None = None) -> None:
        root = (api_url or TELEGRAM).rstrip("/")
        self._administrators: dict[tuple[str, str], tuple[float, bool]] = {}
        self._bot = Bot(
            token,
            base_url=f"{root}/bot",
            base_file_url=f"{root}/file/bot",
            get_updates_request=HTTPXRequest(
                connect_timeout=_CONNECT_SECONDS, read_timeout=_ANSWER_SECONDS
            ),
        )

    async def heard(self) -> AsyncIterator[Heard]:
        """Yield what people write and press, once it is there; never ends.

        It counts as heard when the next is asked for: after a crash it comes again.
        Commands to another bot of a group (`/addfeed@other`) are left to that one.
        """
        after, pause, name = None, 1.0, None
        clock = asyncio.get_running_loop().time
        while True:
            began = clock()
            try:
                name = name or (await self._bot.get_me()).username
                updates = await self._bot.get_updates(
                    offset=after, timeout=_POLL_SECONDS, allowed_updates=_WANTED
                )
            except (TelegramError, KeyError, TypeError) as error:
                if pause == 1:
                    _log.warning("telegram.deaf", why=_why(error), say=_say(error))
                await asyncio.sleep(pause)
                pause = min(2 * pause, _LONGEST_PAUSE)
                continue
            pause = 1.0
            for update in updates:
                heard = _pressed(update.callback_query) or _said(update.message)
                if heard and not _is_for_another(heard, name):
                    yield heard
                after = update.update_id + 1
            # A server that does not hold the call open must not be asked without end.
            if not updates and clock() - began < _PATIENT_SECONDS:
                await asyncio.sleep(_PATIENT_SECONDS)

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
        """Close the connections."""
        await self._bot.shutdown()
        for request in self._bot._request:  # noqa: SLF001 -- an uninitialized bot leaves them open
            await request.shutdown()


def _said(message: Message | None) -> Said | None:
    if message is None or message.from_user is None or message.from_user.is_bot:
        return None
    if not message.text:
        return None
    replied = message.reply_to_message
    markup = replied.reply_markup if replied else None
    return Said(
        user=str(message.from_user.id),
        place=_place(message),
        text=message.text,
        name=message.from_user.full_name,
        reply_to=str(replied.message_id) if replied else None,
        buttons=tuple(
            (button.text, button.callback_data)
            for row in (markup.inline_keyboard if markup else ())
            for button in row
            if isinstance(button.callback_data, str)
        ),
    )


def _pressed(query: CallbackQuery | None) -> Pressed | None:
    if query is None or query.message is None:
        return None
    message = query.message
    return Pressed(
        query=query.id,
        user=str(query.from_user.id),
        place=_place(message),
        data=query.data or "",
        name=query.from_user.full_name,
        message=str(message.message_id),
    )


def _place(message: MaybeInaccessibleMessage) -> Place:
    chat, topic = message.chat, None
    if isinstance(message, Message) and message.is_topic_message:
        topic = message.message_thread_id  # elsewhere it names a thread of answers
    return Place(
        chat=str(chat.id),
        name=f"@{chat.username}" if chat.username else None,
        topic=topic,
        is_channel=chat.type == ChatType.CHANNEL,
    )


def _is_for_another(heard: Heard, name: str | None) -> bool:
    """Answer whether it is a command to a bot that is not called *name*."""
    if isinstance(heard, Pressed):
        return False
    addressed = _ADDRESSED.match(heard.text)
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
