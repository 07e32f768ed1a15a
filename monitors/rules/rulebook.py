"""Everything that a user decides, as values."""

from dataclasses import dataclass, field
from datetime import time
from enum import Enum
from typing import NewType, TypeAlias
from zoneinfo import ZoneInfo

from monitors.feeds.feed import Feed
from monitors.language.expression import Expression
from monitors.polling.manners import Manners
from monitors.terms.entity import Entity

RuleName = NewType("RuleName", str)
ChatName = NewType("ChatName", str)

FAST = "fast"
"""How `break_out:` asks for stories that grow unusually fast."""


class Priority(Enum):
    """Whether an alert may ring in quiet hours."""

    NORMAL = "normal"
    HIGH = "high"


class Partial(Enum):
    """What becomes of a rule that holds in part where the article's page cannot be read."""

    KEEP = "keep"  # it is kept, and `alerts --partial` lists it
    ALERT = "alert"  # it is told as well, and says so


class Stories(Enum):
    """How sure it must be that reports are of one event for a chat to get one message of them."""

    STRICT = "strict"  # certain
    NORMAL = "normal"  # sure
    LOOSE = "loose"  # likely


class Preview(Enum):
    """How Telegram shows what the link of a headline leads to."""

    OFF = "off"
    SMALL = "small"  # a picture beside its text
    LARGE = "large"  # a picture above its text


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakOut:
    """When a story that a chat was told of rings again.

    Attributes:
        outlets: as soon as so many report it, each once.
        fast: as soon as it gathers outlets unusually fast.
    """

    outlets: tuple[int, ...] = ()
    fast: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A named condition, and where its alerts go.

    Attributes:
        match: the condition as written.
        condition: the condition as understood.
        feeds: addresses of the feeds that it watches; None means every feed.
        send_to: chats, at least one.
        partial: what becomes of it where it holds in part and the page cannot be read.
        break_out: when a story for which it holds rings again.
        paused: nothing is looked for, and nobody is told.
        matching, ignoring: example texts that must, and must not, match.
    """

    name: RuleName
    match: str
    condition: Expression
    feeds: frozenset[str] | None = None
    send_to: tuple[ChatName, ...]
    priority: Priority = Priority.NORMAL
    partial: Partial = Partial.KEEP
    break_out: BreakOut = BreakOut()
    paused: bool = False
    matching: tuple[str, ...] = ()
    ignoring: tuple[str, ...] = ()

    def watches(self, address: str) -> bool:
        """Answer whether the rule looks at what the feed at *address* carries."""
        return not self.paused and (self.feeds is None or address in self.feeds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terminal:
    """The terminal that Newsbell runs in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telegram:
    """A Telegram user, group, channel or forum topic.

    Attributes:
        chat_id: the number, or `@name` of a channel.
        topic: the forum topic's number, if any.
    """

    chat_id: str
    topic: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Apprise:
    """Whatever Apprise reaches: a mailbox, a room, a webhook; or several of them as one chat.

    Attributes:
        addresses: at least one; they hold passwords, so none of them is ever shown.
    """

    addresses: tuple[str, ...] = field(repr=False)


Destination: TypeAlias = Terminal | Telegram | Apprise


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """A destination and its manners.

    Attributes:
        quiet_hours: local start and end between which nothing rings; may pass midnight.
        timezone: None means the machine's.
        digest: local times at which what was held back is sent, in the order of the day.
        max_per_hour: alerts; more are held back.
        stories: how sure it must be that reports are of one event to share a message.
        preview: how Telegram shows what the link of a headline leads to.
        silent: messages arrive without a sound.
        owners: Telegram ids of those who may change the rules that send here only.
    """

    name: ChatName
    destination: Destination
    quiet_hours: tuple[time, time] | None = None
    timezone: ZoneInfo | None = None
    digest: tuple[time, ...] = ()
    max_per_hour: int | None = None
    stories: Stories = Stories.NORMAL
    preview: Preview = Preview.OFF
    silent: bool = False
    owners: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Rulebook:
    """What one text of rules.yaml says.

    Attributes:
        digest: hash of the text; matches say under which one they held.
        manners: how all feeds are polled.
    """

    digest: str
    manners: Manners = Manners()
    feeds: tuple[Feed, ...] = ()
    entities: tuple[Entity, ...] = ()
    rules: tuple[Rule, ...] = ()
    chats: tuple[Chat, ...] = ()
