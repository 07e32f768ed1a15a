"""One chat of the fake Telegram as a person at a terminal sees it.

    window = ChatWindow(api, 42)
    for text in window.news():
        console.print(text)

What is new or has changed is told once: messages with their styles, links and numbered buttons,
edits, deletions, and the toasts that answer pressed buttons.
"""

from typing import Final

from rich.style import Style
from rich.text import Text

from tests.fakes.telegram_chats import Button, Message
from tests.fakes.telegram_entities import Entity
from tests.fakes.telegram_people import People

_STYLES: Final = {
    "bold": Style(bold=True),
    "italic": Style(italic=True),
    "underline": Style(underline=True),
    "strikethrough": Style(strike=True),
    "spoiler": Style(reverse=True),
    "code": Style(color="cyan"),
    "pre": Style(color="cyan"),
    "blockquote": Style(dim=True),
    "expandable_blockquote": Style(dim=True),
    "bot_command": Style(color="blue"),
}
# They would steer a terminal.
_CONTROLS: Final = dict.fromkeys({*range(32), *range(127, 160)} - {ord("\n")}, "\ufffd")
_DIM: Final = Style(dim=True)
_BUTTON: Final = Style(color="black", bgcolor="white")


class ChatWindow:
    """What a chat shows, and what of it is new. Call it where nothing changes meanwhile.

    Args:
        api: the server.
        chat_id: which of its chats.
        own: whether what people wrote is shown, too; a terminal shows already what is typed.
        addresses: whether the address of a link stands behind it, where none can be clicked.
    """

    def __init__(
        self, api: People, chat_id: int, *, own: bool = True, addresses: bool = True
    ) -> None:
        self._api = api
        self._chat_id = chat_id
        self._own = own
        self._addresses = addresses
        self._shown: dict[int, Message] = {}
        self._toasted: set[str] = set()

    def news(self) -> list[Text]:
        """What is new since this was asked the last time, oldest first."""
        told = []
        for message in self._api.history(self._chat_id):
            known = self._shown.get(message.message_id)
            if message == known:
                continue
            self._shown[message.message_id] = message
            if message.by_bot or self._own:
                told.append(self._told(message, known))
        return [*told, *self._toasts()]

    def button(self, number: int, message_id: int | None = None) -> tuple[Message, Button] | None:
        """The button with this number, of the last message that has any, or of a certain one."""
        for message in reversed(self._api.sent(self._chat_id)):
            wanted = message_id is None or message_id == message.message_id
            if wanted and message.buttons:
                found = message.buttons[number - 1 : number] if number else ()
                return (message, found[0]) if found else None
        return None

    def _told(self, message: Message, known: Message | None) -> Text:
        head = Text().append(f"#{message.message_id} ", _DIM)
        if message.deleted:
            return head.append("was deleted")
        head.append(message.sender.first_name if message.sender else "The chat", "bold green")
        if known is not None:
            head.append(" edited", "yellow")
        if message.reply_to is not None:
            head.append(f" in answer to #{message.reply_to}", _DIM)
        if message.silent:
            head.append(" silently", _DIM)
        parts = [head]
        if message.document is not None:
            size = len(message.document.content)
            parts.append(Text(_tame(f"(file {message.document.name}, {size:,} bytes)"), "cyan"))
        if message.text:
            parts.append(styled(message.text, message.entities, addresses=self._addresses))
        return Text("\n").join([*parts, *keyboard(message)]).append("\n")

    def _toasts(self) -> list[Text]:
        told = []
        for query in self._api.account.queries.values():
            if query.answer is not None and query.id not in self._toasted:
                self._toasted.add(query.id)
                said = Text(
                    _tame(query.answer) or "(the button is answered without a word)", "italic"
                )
                told.append(Text("pops up: ", "magenta").append(said).append("\n"))
        return told


def keyboard(message: Message) -> list[Text]:
    """A line for each row of buttons, each with the number by which it is pressed."""
    lines = []
    number = 0
    for row in (message.reply_markup or {}).get("inline_keyboard", ()):
        line = Text()
        for button in row:
            number += 1
            line.append(f"[{number} {_tame(button['text'])}]", _BUTTON).append(" ")
        lines.append(line)
    return lines


def styled(text: str, entities: tuple[Entity, ...], *, addresses: bool) -> Text:
    """The text as Telegram shows it; offsets of entities count UTF-16 code units."""
    shown = Text(_tame(text))
    ends = []
    for entity in entities:
        start, end = _place(text, entity.offset), _place(text, entity.end)
        if entity.type in {"text_link", "url"}:
            address = _tame(entity.url or text[start:end])
            shown.stylize(Style(underline=True, color="blue", link=address), start, end)
            if entity.url and entity.url != text[start:end]:
                ends.append((end, entity.url))
        elif entity.type in _STYLES:
            shown.stylize(_STYLES[entity.type], start, end)
    for end, address in sorted(ends, reverse=True) if addresses else ():
        shown = Text.assemble(shown[:end], (f" <{_tame(address)}>", _DIM), shown[end:])
    return shown


def _place(text: str, units: int) -> int:
    return len(text.encode("utf-16-le")[: 2 * units].decode("utf-16-le"))


def _tame(text: str) -> str:
    return text.translate(_CONTROLS)
