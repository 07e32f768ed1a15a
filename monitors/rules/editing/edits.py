"""What people ask to be changed in rules.yaml, as values."""

from dataclasses import dataclass
from enum import Enum
from hashlib import sha256
from typing import TypeAlias

from monitors.rules.editing.feeds import NewFeed
from monitors.rules.rulebook import Priority

Value: TypeAlias = str | int | bool | tuple[str | int, ...]
"""What may stand behind a key, as YAML reads it."""


class Option(Enum):
    """A key of a rule that says where, how loudly and how often it is told."""

    SEND_TO = "send_to"
    FEEDS = "feeds"
    PRIORITY = "priority"
    PARTIAL = "partial"
    BREAK_OUT = "break_out"


class Manner(Enum):
    """A key of a chat that says how it is written to."""

    QUIET_HOURS = "quiet_hours"
    TIMEZONE = "timezone"
    DIGEST = "digest"
    MAX_PER_HOUR = "max_per_hour"
    STORIES = "stories"
    PREVIEW = "preview"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class AddRule:
    """A rule more, the last one.

    Attributes:
        match: the condition, in one line.
        name: None means the condition.
        send_to: names of chats; None means every chat.
        feeds: what the rule watches; None means every feed.
        break_out: numbers of outlets, or `fast`.
    """

    match: str
    name: str | None = None
    send_to: tuple[str, ...] | None = None
    feeds: tuple[str, ...] | None = None
    priority: Priority = Priority.NORMAL
    break_out: tuple[int | str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplaceMatch:
    """Another condition for a rule; one without a name is called by it from then on."""

    rule: str
    match: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameRule:
    """Another name for a rule."""

    rule: str
    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveRule:
    """A rule less."""

    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PauseRule:
    """A rule that finds nothing for a while, or goes on."""

    rule: str
    paused: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SetOption:
    """Where, how loudly or how often a rule is told; None means as usual."""

    rule: str
    key: Option
    value: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFeeds:
    """Feeds more; those that are there already, or cannot be polled, are left out."""

    feeds: tuple[NewFeed, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoveFeeds:
    """Feeds less, by their addresses."""

    addresses: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddEntity:
    """An entity more, usable in conditions as `@name`."""

    name: str
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AddChat:
    """A Telegram chat more.

    Attributes:
        name: what rules call it.
        chat_id: its number, or `@name` of a channel.
        topic: number of the topic in a forum.
    """

    name: str
    chat_id: str
    topic: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetManner:
    """How a chat is written to; None means as usual."""

    chat: str
    key: Manner
    value: Value | None


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveChat:
    """Another number for all chats of one number: Telegram has made another group of it."""

    old: str
    new: str


Edit: TypeAlias = (
    AddRule
    | ReplaceMatch
    | RenameRule
    | RemoveRule
    | PauseRule
    | SetOption
    | AddFeeds
    | RemoveFeeds
    | AddEntity
    | AddChat
    | SetManner
    | MoveChat
)


def digest_of(text: str) -> str:
    """Answer what tells one text of rules.yaml from every other, byte for byte."""
    return sha256(text.encode()).hexdigest()
