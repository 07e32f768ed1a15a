"""Sends alerts to Telegram, and edits them while their story grows."""

import re
import warnings
from collections.abc import Sequence
from dataclasses import replace
from datetime import tzinfo
from html import unescape
from typing import Any

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputFile,
    LinkPreviewOptions,
    Message,
    ReplyParameters,
)
from telegram.constants import ParseMode
from telegram.error import BadRequest, InvalidToken, TelegramError
from telegram.request import HTTPXRequest
from telegram.warnings import PTBDeprecationWarning

from monitors.adapters.telegram.outcomes import outcome_of
from monitors.alerts.delivery import (
    Delivered,
    DeliveryOutcome,
    Mistaken,
    NotThere,
    ProbeOutcome,
    TargetGone,
)
from monitors.alerts.showing.digest import digest_html, digest_text
from monitors.alerts.showing.markup import MAX_UNITS, Run, cut, html
from monitors.alerts.showing.message import plain_text, telegram_html
from monitors.alerts.showing.presentable import DOUBT, web_link
from monitors.errors import SettingsError
from monitors.pipeline.records import Keyboard, Letter, Notice, OutboxId
from monitors.rules.rulebook import Preview, Telegram

TELEGRAM = "https://api.telegram.org"
_CONNECT_SECONDS = 10.0
# A late answer settles what would otherwise be in doubt.
_ANSWER_SECONDS = 30.0
_CONNECTIONS = 24
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_LONGEST_CAPTION = 1024
_TAG = re.compile(r"<[^>]*>")
_SAME = "message is not modified"
_MARKUP = ("can't parse entities", "message is too long", "message_too_long", "entity")
_FOREIGN = "message can't be edited"
_NO_MESSAGE = ("message to edit not found", "message_id_invalid")
_TOPIC_GONE = (
    "its topic is closed or was deleted, so messages go to the general topic. Open the topic, or "
    "change topic: in rules.yaml"
)
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
        try:
            return await self._send(letter, destination, _html(letter, zone), ParseMode.HTML)
        except TelegramError as error:
            if not _refuses_markup(error):
                return _outcome(letter, error)
            _log.warning("markup.refused", outbox=letter.id, why=error.message)
        try:
            return replace(
                await self._send(letter, destination, _plain(letter, zone), None), calls=2
            )
        except TelegramError as error:
            return _outcome(letter, error)

    async def probe(self, letter: Letter, destination: Telegram) -> ProbeOutcome:
        """Answer whether the message that *letter* names shows it, by its buttons.

        Giving a message the buttons that it has changes nothing, and Telegram says so: then it
        is ours and this very letter, for the buttons name it.
        """
        try:
            changed = await self._bot.edit_message_reply_markup(
                chat_id=destination.chat_id,
                message_id=letter.probe,
                reply_markup=_keyboard(letter.buttons),
            )
        except BadRequest as error:
            said = error.message.lower()
            if _SAME in said:
                return Delivered(str(letter.probe))
            if _FOREIGN in said:
                return NotThere(taken=True)
            if any(text in said for text in _NO_MESSAGE):
                return NotThere(taken=False)
            return _of_probe(error)
        except TelegramError as error:
            return _of_probe(error)
        return Mistaken(_said(changed))

    async def give_back(
        self,
        message_id: str,
        text: str,
        letters: Sequence[Letter],
        destination: Telegram,
        zone: tzinfo,
    ) -> OutboxId | None:
        """Give the message that says *text* the buttons of the one of *letters* that it shows.

        Answer which one that is; where it is none, the message has no buttons after that.
        """
        owner = next((one for one in letters if _words(_html(one, zone)) == text.strip()), None)
        try:
            await self._bot.edit_message_reply_markup(
                chat_id=destination.chat_id,
                message_id=int(message_id),
                reply_markup=_keyboard(owner.buttons) if owner else None,
            )
        except TelegramError as error:
            _log.warning("buttons.lost", message=message_id, why=error.message)
        return owner.id if owner else None

    async def _send(
        self, letter: Letter, destination: Telegram, text: str, parse_mode: str | None
    ) -> Delivered:
        content: dict[str, Any] = {
            "parse_mode": parse_mode,
            "reply_markup": _keyboard(letter.buttons),
        }
        if letter.message_id:
            await self._bot.edit_message_text(
                text,
                chat_id=destination.chat_id,
                message_id=int(letter.message_id),
                link_preview_options=_preview(letter),
                **content,
            )
            return Delivered(letter.message_id)
        content["disable_notification"] = letter.silent
        where: dict[str, Any] = {"message_thread_id": destination.topic}
        if letter.reply_to:
            # A person may have deleted what it replies to: it arrives all the same.
            where["reply_parameters"] = ReplyParameters(
                int(letter.reply_to), allow_sending_without_reply=True
            )
        try:
            message = await self._new(letter, destination, text, content | where)
        except BadRequest as error:
            if not destination.topic or not any(text in error.message.lower() for text in _TOPIC):
                raise
            # The topic was closed or deleted, and what it replies to with it: better in the
            # group's general topic than nowhere.
            message = await self._new(letter, destination, text, content)
            return Delivered(str(message.message_id), calls=2, note=_TOPIC_GONE)
        return Delivered(str(message.message_id))

    async def _new(
        self, letter: Letter, destination: Telegram, text: str, content: dict[str, Any]
    ) -> Message:
        document = letter.notice.document if letter.notice else None
        if document is not None:
            name, body = document
            return await self._bot.send_document(
                destination.chat_id,
                InputFile(body.encode(), filename=name),
                caption=text,
                **content,
            )
        return await self._bot.send_message(
            destination.chat_id, text, link_preview_options=_preview(letter), **content
        )


def _html(letter: Letter, zone: tzinfo) -> str:
    if letter.content is not None:
        return telegram_html(letter.content, zone=zone, doubtful=letter.marked)
    if letter.digest is not None:
        return digest_html(letter.digest, zone=zone, doubtful=letter.marked)
    return html(_runs(letter))


def _plain(letter: Letter, zone: tzinfo) -> str:
    if letter.content is not None:
        return plain_text(letter.content, zone=zone, doubtful=letter.marked)
    if letter.digest is not None:
        return digest_text(letter.digest, zone=zone, doubtful=letter.marked)
    return "".join(run.text for run in _runs(letter))


def _runs(letter: Letter) -> tuple[Run, ...]:
    """Answer the text of a notice, short enough for a message or the line of a file."""
    notice = letter.notice or Notice.plain("")
    limit = MAX_UNITS if notice.document is None else _LONGEST_CAPTION
    return cut(notice.text, limit, DOUBT if letter.marked else None)


def _words(text: str) -> str:
    """Answer Telegram's HTML without its tags."""
    return unescape(_TAG.sub("", text)).strip()


def _said(changed: Message | bool) -> str:
    return (changed.text or changed.caption or "") if isinstance(changed, Message) else ""


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


def _keyboard(rows: Keyboard) -> InlineKeyboardMarkup | None:
    shown = [
        [InlineKeyboardButton(one.label, callback_data=one.data) for one in row[start : start + 8]]
        for row in rows
        for start in range(0, len(row), 8)
    ]
    return InlineKeyboardMarkup(shown) if shown else None


def _refuses_markup(error: TelegramError) -> bool:
    return isinstance(error, BadRequest) and any(text in error.message.lower() for text in _MARKUP)


def _outcome(letter: Letter, error: TelegramError) -> DeliveryOutcome:
    if letter.message_id and isinstance(error, BadRequest) and _SAME in error.message.lower():
        return Delivered(letter.message_id)
    return outcome_of(error)


def _of_probe(error: TelegramError) -> ProbeOutcome:
    outcome = outcome_of(error)
    # The message that was asked about is no target of this letter.
    return NotThere(taken=False) if isinstance(outcome, TargetGone) else outcome
