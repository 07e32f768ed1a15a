"""The parameters of a call: how they come, and what Telegram checks in texts, buttons, commands."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

from tests.fakes.telegram_account import bad_request
from tests.fakes.telegram_entities import Entity, finish, normal_link, utf16_length
from tests.fakes.telegram_html import HtmlError, parse_html

MAX_SOURCE_BYTES: Final = 1 << 15
MAX_BUTTONS: Final = 100
MAX_DATA_BYTES: Final = 64
_BUTTON_KINDS: Final = {
    "url",
    "callback_data",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
}


@dataclass(frozen=True, slots=True)
class Upload:
    """A file inside a multipart request."""

    name: str
    mime_type: str
    content: bytes


class Params:
    """The parameters of a call, however they came: texts, or values of a JSON body."""

    def __init__(self, values: dict[str, Any], uploads: dict[str, Upload]) -> None:
        self.values = values
        self.uploads = uploads

    def text(self, name: str) -> str:
        """The parameter as text, "" when it is missing."""
        value = self.values.get(name, "")
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int:
        """The parameter as a number, 0 when it is missing or none."""
        text = self.text(name).strip()
        return int(text) if re.fullmatch(r"-?\d{1,20}", text) else 0

    def flag(self, name: str) -> bool:
        """The parameter as yes or no."""
        return self.text(name).strip().lower() in {"true", "yes", "1", "t", "y"}

    def structure(self, name: str, called: str) -> Any:
        """The parameter as a JSON value, None when it is missing."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value.strip():
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad_request(f"can't parse {called} JSON object") from None

    def chat_id(self) -> int | str | None:
        """The id or @name of the chat, None when it is missing."""
        text = self.text("chat_id").strip()
        return int(text) if re.fullmatch(r"-?\d{1,20}", text) else text or None


def content_of(params: Params, text_key: str, entities_key: str) -> tuple[str, tuple[Entity, ...]]:
    """The text of a message and its entities, read by the parse mode or as given."""
    text, mode = params.text(text_key), params.text("parse_mode").lower()
    if len(text.encode("utf-8", "replace")) > MAX_SOURCE_BYTES:
        raise bad_request("text is too long")
    if mode not in {"", "html"}:
        raise bad_request("unsupported parse_mode")
    entities: tuple[Entity, ...] = ()
    if mode == "html":
        try:
            text, entities = parse_html(text)
        except HtmlError as problem:
            raise bad_request(f"can't parse entities: {problem}") from None
    elif given := params.structure(entities_key, "message entities"):
        entities = tuple(_entity(entity, utf16_length(text)) for entity in given)
    return finish(text, entities)


def _entity(given: dict[str, Any], length: int) -> Entity:
    known = {key: given.get(key) for key in ("url", "language")}
    entity = Entity(given["type"], given["offset"], given["length"], **known)
    if entity.offset < 0 or entity.length <= 0 or entity.end > length:
        raise bad_request(
            f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
        )
    return entity


def preview_of(params: Params) -> dict[str, Any] | None:
    """What the bot says about the preview of links, None when it says nothing."""
    options = params.structure("link_preview_options", "link preview options")
    if options is not None and not isinstance(options, dict):
        raise bad_request("object expected as link preview options")
    if options is None and params.flag("disable_web_page_preview"):
        return {"is_disabled": True}
    return options or None


def markup_of(params: Params) -> dict[str, Any] | None:
    """The markup under a new message: buttons, or something for the person's keyboard."""
    markup = params.structure("reply_markup", "reply keyboard markup")
    if markup is None:
        return None
    if not isinstance(markup, dict):
        raise bad_request("object expected as reply markup")
    if "inline_keyboard" in markup:
        return _checked_keyboard(markup["inline_keyboard"])
    return markup or None


def inline_markup_of(params: Params) -> dict[str, Any] | None:
    """The markup of an edit, where only buttons under the message are possible."""
    markup = markup_of(params)
    if markup is not None and "inline_keyboard" not in markup:
        raise bad_request("inline keyboard expected")
    return markup


def _checked_keyboard(rows: Any) -> dict[str, Any] | None:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(
            'field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays'
        )
    kept = [[_checked_button(button) for button in row] for row in rows if row]
    if sum(map(len, kept)) > MAX_BUTTONS:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": kept} if kept else None


def _checked_button(button: Any) -> dict[str, Any]:
    where = "can't parse inline keyboard button"
    if not isinstance(button, dict):
        raise bad_request(f"{where}: InlineKeyboardButton must be an Object")
    if not isinstance(button.get("text"), str):
        raise bad_request(f'{where}: Field "text" must be of type String')
    if not button["text"].strip():
        raise bad_request("inline keyboard button text must be non-empty")
    if not _BUTTON_KINDS & set(button):
        raise bad_request(f"{where}: Text buttons are unallowed in the inline keyboard")
    if "callback_data" in button:
        data = button["callback_data"]
        if not isinstance(data, str):
            raise bad_request(f'{where}: Field "callback_data" must be of type String')
        if not 1 <= len(data.encode()) <= MAX_DATA_BYTES:
            raise bad_request("BUTTON_DATA_INVALID")
    if "url" in button:
        try:
            return button | {"url": normal_link(button["url"])}
        except ValueError as problem:
            url = button["url"]
            raise bad_request(f"inline keyboard button URL '{url}' is invalid: {problem}") from None
    return button


def command_of(given: dict[str, Any]) -> dict[str, str]:
    """One entry of a menu, checked."""
    command, description = (
        given.get("command", "").strip().removeprefix("/"),
        given.get("description", "").strip(),
    )
    if not command:
        raise bad_request("command must be non-empty")
    if len(command) > 32:
        raise bad_request("command length must not exceed 32")
    if not description:
        raise bad_request("command description must be non-empty")
    if len(description) > 256:
        raise bad_request("command description length must not exceed 256")
    if not re.fullmatch(r"[a-z0-9_]+", command):
        raise bad_request("BOT_COMMAND_INVALID")
    return {"command": command, "description": description}
