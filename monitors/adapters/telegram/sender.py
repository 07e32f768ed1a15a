"""Sends alerts to Telegram, and edits them while their story grows."""

import warnings
from collections.abc import Sequence
from datetime import tzinfo
from typing import Any

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from monitors.adapters.telegram.outcomes import outcome_of
from monitors.alerts.alert import Snippet
from monitors.alerts.delivery import Delivered, DeliveryOutcome
from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.legible import shorten
from monitors.alerts.showing.markup import MAX_UNITS
from monitors.alerts.showing.message import plain_text, telegram_html
from monitors.alerts.showing.presentable import web_link
from monitors.errors import SettingsError
from monitors.pipeline.records import Letter
from monitors.rules.rulebook import Preview, Telegram

TELEGRAM = "https://api.telegram.org"
_CONNECT_SECONDS = 10.0
# A late answer settles what would otherwise be in doubt.
_ANSWER_SECONDS = 30.0
_CONNECTIONS = 24
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_SAME = "message is not modified"
_MARKUP = ("can't parse entities", "message is too long", "message_too_long", "entity")
_TOPIC = ("message thread not found", "topic_closed", "topic_deleted", "topic_id_invalid")
_log = structlog.get_logger()


class TelegramSender:
    """A bot's outgoing side."""

    def __init__(
        self, token: str, api_url: str | None = None, *, answer_s: float = _ANSWER_SECONDS
    ) -> None:
        """Prepare the client; nothing is sent yet.

        Args:
            token: the bot's token, as @BotFather gave it.
            api_url: root address of another Bot API server than Telegram's own.
            answer_s: how long to wait for an answer, in seconds.
        """
        # Its notice about the type of retry_after, of which both are read here, is no user's.
        warnings.filterwarnings("ignore", category=PTBDeprecationWarning)
        self._api_url = (api_url or TELEGRAM).rstrip("/")
        self._bot = Bot(
            token,
            base_url=f"{self._api_url}/bot",
            base_file_url=f"{self._api_url}/file/bot",
            request=HTTPXRequest(
                connection_pool_size=_CONNECTIONS,
                connect_timeout=_CONNECT_SECONDS,
                pool_timeout=_CONNECT_SECONDS,
                read_timeout=answer_s,
                write_timeout=answer_s,
            ),
        )

    async def open(self) -> str | None:
        """Check the token; answer why Telegram cannot be asked now, or None if all is well.

        Raises:
            SettingsError: Telegram refuses the token.
        """
        try:
            await self._bot.initialize()
        except InvalidToken as error:
            if isinstance(error.__cause__, InvalidToken) and error.__cause__.__cause__:
                return "something else than Telegram answers"
            where = "Telegram" if self._api_url == TELEGRAM else self._api_url
            raise SettingsError(
                f"{where} refuses the token. Check TELEGRAM_TOKEN (or the file that "
                "TELEGRAM_TOKEN_FILE names): it must be what @BotFather gave you."
            ) from None
        except TelegramError as error:
            outcome = outcome_of(error)
            return getattr(outcome, "why", str(outcome))
        except (KeyError, TypeError):  # it answered something, but not as Telegram does
            return f"{self._api_url} does not answer as Telegram does"
        return None

    async def ask(self, destination: Telegram) -> DeliveryOutcome | None:
        """Answer why a message for *destination* would not arrive, if Telegram says so."""
        try:
            await self._bot.get_chat(destination.chat_id)
        except InvalidToken:  # a Bot API server that does not know the method
            return None
        except TelegramError as error:
            return outcome_of(error)
        return None

    async def close(self) -> None:
        """Close the connections."""
        await self._bot.shutdown()
        await self._bot.request.shutdown()  # which the line before leaves open after a failed start

    async def deliver(self, letter: Letter, destination: Telegram, zone: tzinfo) -> DeliveryOutcome:
        """Send *letter*, or edit the message that it revises; a refused markup goes as plain text.

        Args:
            letter: what to send.
            destination: where to.
            zone: in which times are told.
        """
        if letter.content is None:
            notice = shorten(Snippet(text=letter.notice or ""), MAX_UNITS).text
            return await self._plain(letter, destination, notice)
        try:
            html = telegram_html(letter.content, zone=zone, doubtful=letter.marked)
            return await self._send(letter, destination, html, ParseMode.HTML)
        except TelegramError as error:
            if not _refuses_markup(error):
                return _outcome(letter, error)
            _log.warning("markup.refused", outbox=letter.id, why=error.message)
        text = plain_text(letter.content, zone=zone, doubtful=letter.marked)
        return await self._plain(letter, destination, text)

    async def _plain(self, letter: Letter, destination: Telegram, text: str) -> DeliveryOutcome:
        try:
            return await self._send(letter, destination, text, None)
        except TelegramError as error:
            return _outcome(letter, error)

    async def _send(
        self, letter: Letter, destination: Telegram, text: str, parse_mode: str | None
    ) -> Delivered:
        content: dict[str, Any] = {
            "text": text,
            "parse_mode": parse_mode,
            "link_preview_options": _preview(letter),
            "reply_markup": _keyboard(letter.buttons),
        }
        if letter.message_id:
            await self._bot.edit_message_text(
                chat_id=destination.chat_id, message_id=int(letter.message_id), **content
            )
            return Delivered(letter.message_id)
        reply = None
        if letter.reply_to:
            # A person may have deleted what it replies to: it arrives all the same.
            reply = ReplyParameters(int(letter.reply_to), allow_sending_without_reply=True)
        try:
            message = await self._bot.send_message(
                destination.chat_id,
                message_thread_id=destination.topic,
                reply_parameters=reply,
                disable_notification=letter.silent,
                **content,
            )
        except BadRequest as error:
            if not destination.topic or not any(text in error.message.lower() for text in _TOPIC):
                raise
            # The topic was closed or deleted, and what it replies to with it: better in the
            # group's general topic than nowhere.
            message = await self._bot.send_message(
                destination.chat_id, disable_notification=letter.silent, **content
            )
        return Delivered(str(message.message_id))


def _preview(letter: Letter) -> LinkPreviewOptions:
    """Answer whether the page of the headline is shown, whichever other links there are."""
    link = web_link(letter.content.link) if letter.content else None
    if link is None or letter.preview is Preview.OFF:
        return _NO_PREVIEW
    return LinkPreviewOptions(
        url=link,
        prefer_small_media=letter.preview is Preview.SMALL,
        prefer_large_media=letter.preview is Preview.LARGE,
    )


def _keyboard(rows: Sequence[Sequence[Button]]) -> InlineKeyboardMarkup | None:
    buttons = [
        [InlineKeyboardButton(one.label, callback_data=one.data) for one in row] for row in rows
    ]
    return InlineKeyboardMarkup(buttons) if buttons else None


def _refuses_markup(error: TelegramError) -> bool:
    return isinstance(error, BadRequest) and any(text in error.message.lower() for text in _MARKUP)


def _outcome(letter: Letter, error: TelegramError) -> DeliveryOutcome:
    if letter.message_id and isinstance(error, BadRequest) and _SAME in error.message.lower():
        return Delivered(letter.message_id)
    return outcome_of(error)
