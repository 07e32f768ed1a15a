"""What the bot hears: what people write, press and drop, and what happens to its chats."""

from dataclasses import dataclass, field
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was said.

    Attributes:
        chat: the number that Telegram gave it, as a text.
        name: the chat's `@name`, if it has one.
        topic: the number of the forum's topic, if it is in one.
        is_channel: whether most people there only read.
        title: what people call it; in a private chat, its person.
    """

    chat: str
    name: str | None = None
    topic: int | None = None
    is_channel: bool = False
    title: str = field(default="", compare=False)

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
        user: the number that Telegram gave the person, as a text; that of the chat for one of its
            administrators who stays anonymous.
        text: as written.
        name: what the person is called there.
        key: by which it is known when it comes again.
        message: its number.
        reply_to: number of the message of the same chat that it answers, if it does.
        buttons: label and data of the buttons under that message.
    """

    user: str
    place: Place
    text: str
    name: str = ""
    key: str = ""
    message: str | None = None
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

    @property
    def key(self) -> str:
        """By which it is known when it comes again."""
        return f"press {self.query}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dropped:
    """A file that a person has dropped into a chat.

    Attributes:
        user: as that of `Said`.
        file: what Telegram gives it out by.
        file_name: what its sender calls it; only to be shown, and never a path.
        size: in bytes, as Telegram says.
        text: what was written to it.
        name: what the person is called there.
        key: by which it is known when it comes again.
        message: number of its message.
    """

    user: str
    place: Place
    file: str
    file_name: str
    size: int
    text: str = ""
    name: str = ""
    key: str = ""
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A message that asks nothing of the bot; it has used up a number of its chat."""

    place: Place
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """The bot may write in a chat, where it could not before or has got more rights.

    Attributes:
        user: the number of who has let it in.
        is_new: whether it was not in there before.
    """

    place: Place
    user: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Expelled:
    """The bot may no longer write in a chat.

    Attributes:
        why: for people.
    """

    place: Place
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Migrated:
    """A group lives on under another number."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Deaf:
    """Nothing, or not all, can be heard; it is said once, until `Hears` ends it.

    Attributes:
        why: for people, with what to do where they can do something.
        for_admins: whether those who look after this Newsbell have to do something.
    """

    why: str
    for_admins: bool = False


@dataclass(frozen=True, slots=True)
class Hears:
    """All is heard again."""


Spoken: TypeAlias = Said | Pressed | Dropped
"""What comes from a person."""
Heard: TypeAlias = Spoken | Passed | Admitted | Expelled | Migrated | Deaf | Hears
