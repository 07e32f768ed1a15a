"""What the bot hears: texts and files that people send, buttons that they press."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was said.

    Attributes:
        chat: the number that Telegram gave it, as a text.
        name: the chat's `@name`, if it has one.
        topic: the number of the forum's topic, if it is in one.
        is_channel: whether most people there only read.
    """

    chat: str
    name: str | None = None
    topic: int | None = None
    is_channel: bool = False

    @property
    def is_private(self) -> bool:
        """Whether it is the chat of one person with the bot."""
        return not self.is_channel and not self.chat.startswith("-")

    @property
    def key(self) -> str:
        """The number of the chat, and of the topic if there is one."""
        return self.chat if self.topic is None else f"{self.chat}:{self.topic}"

    @property
    def ids(self) -> tuple[str, ...]:
        """What rules.yaml may call the chat."""
        return (self.chat, self.name.lower()) if self.name else (self.chat,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text that a person has written.

    Attributes:
        user: the number that Telegram gave the person, as a text.
        text: as written.
        name: what the person is called there.
        reply_to: number of the message of the same chat that it answers, if it does.
        buttons: label and data of the buttons under that message.
    """

    user: str
    place: Place
    text: str
    name: str = ""
    reply_to: str | None = None
    buttons: tuple[tuple[str, str], ...] = ()

    @property
    def chat(self) -> str:
        """The number of the chat."""
        return self.place.chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A button that a person has pressed, and who waits for an answer.

    Attributes:
        query: what Telegram calls it.
        user: the number that Telegram gave the person, as a text.
        data: of the button; whoever pressed it may have made that up.
        name: what the person is called there.
        message: number of the message that has the button.
    """

    query: str
    user: str
    place: Place
    data: str
    name: str = ""
    message: str | None = None


Heard: TypeAlias = Said | Pressed
