"""What the store answers, and what it is told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, IntEnum
from typing import NewType, TypeAlias

from monitors.alerts.alert import AlertContent
from monitors.alerts.compose import PartialHold
from monitors.alerts.digest import Digest
from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.grouping.reason import Reason
from monitors.polling.memory import Memory
from monitors.polling.subscription import Subscription
from monitors.rules.rulebook import Preview
from monitors.stories.article import ArticleId, StoryId

FeedId = NewType("FeedId", int)
AlertId = NewType("AlertId", int)
OutboxId = NewType("OutboxId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFeed:
    """A feed that was claimed for a poll, and its host with it.

    Attributes:
        host: whom nobody else asks meanwhile; None for a file.
        token: proves at the end that the claim is still ours.
        memory: what is known of the feed.
        strikes: how often in a row its host has asked to be left alone.
    """

    id: FeedId
    address: str
    host: str | None
    token: str
    memory: Memory
    strikes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class HostLeft:
    """How a request leaves its host.

    Attributes:
        free_at: from when on it may be asked again, by any feed or page.
        strikes: how often in a row it has asked to be left alone.
        why: why it is left alone for longer than usual, for people; else None.
    """

    free_at: datetime
    strikes: int = 0
    why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """What is known of a feed, for people and for those who look after it.

    Attributes:
        articles: how many of them it has carried.
        host_free_at: from when on its host may be asked.
        host_why: why that is later than usual, if it is.
    """

    id: FeedId
    address: str
    host: str | None
    memory: Memory
    articles: int
    host_free_at: datetime | None = None
    host_why: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedArticle:
    """An article that a feed has carried, for people."""

    title: str
    seen_at: datetime
    matched: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedYield:
    """What a feed has brought since some time.

    Attributes:
        articles: how many were first seen in it.
        matched: for how many of them a rule holds.
        pages: of how many the page was read or given up.
        pages_read: how many of those could be read.
        newest: the last ones that it has shown, of any time.
    """

    articles: int
    matched: int
    pages: int
    pages_read: int
    newest: tuple[FeedArticle, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A stored article that a search has found."""

    article: ArticleId
    story: StoryId
    outlet: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedArticle:
    """An article of a story, and why it belongs there, for people."""

    id: ArticleId
    outlet: str
    title: str
    link: str | None
    seen_at: datetime
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """For which stories a rule held lately.

    Attributes:
        stories: how many.
        latest: those of them for which it held within the window, the newest first.
        since: when it held for the first of them; None if it held for none.
    """

    stories: int
    latest: tuple[StoryId, ...]
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPage:
    """An article whose page was claimed for reading.

    Attributes:
        feed: address of the feed that carried the article.
        host: whom nobody else asks meanwhile; None for a file.
        attempts: how often it was tried, this time included.
        strikes: how often in a row the host has asked to be left alone.
        near: whether the host is the user's own.
    """

    article: ArticleId
    feed: str
    link: str
    host: str | None
    token: str
    attempts: int
    strikes: int = 0
    near: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialRow:
    """A rule that holds in part for an article, for people."""

    article: ArticleId
    outlet: str
    title: str
    link: str | None
    kept_at: datetime
    hold: PartialHold


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSubscription:
    """A subscription whose hub is to be asked now, and was claimed for that.

    Attributes:
        feed: address of the feed.
        host: of the hub, whom nobody else asks meanwhile.
        token: proves at the end that the claim of the host is still ours.
        strikes: how often in a row the host has asked to be left alone.
    """

    subscription: Subscription
    feed: str
    host: str | None
    token: str
    strikes: int = 0


class State(Enum):
    """Where a row of the outbox stands."""

    PENDING = "pending"  # to be sent when it is due
    SENDING = "sending"  # on its way; committed before the call
    SENT = "sent"
    DOUBT = "in doubt"  # the answer was lost: it is looked for, and nothing passes it
    PARKED = "parked"  # the chat does not take it; kept until the chat lets the bot in again
    DROPPED = "dropped"  # not needed: its message is gone, or another letter brings it
    DEAD = "dead"  # given up, and kept with the reason until a person says what to do


class Kind(Enum):
    """What a row of the outbox is."""

    ALERT = "alert"
    REVISION = "revision"
    REPLY = "reply"  # to the message of an alert; not edited later
    DIGEST = "digest"  # of alerts that were not sent one by one
    NOTICE = "notice"  # a text for people, of no story


class Priority(IntEnum):
    """How many minutes a letter gives way to others: who has waited longer goes first.

    After an outage, what is urgent goes before an hour of all the rest.
    """

    ANSWER = 0  # to a person who waits for it
    HIGH = 1
    ALERT = 61  # alerts and replies
    REVISION = 62
    DIGEST = 63
    NEWS = 64  # about feeds and rules


Keyboard: TypeAlias = tuple[tuple[Button, ...], ...]
"""Buttons under a message, in rows."""
_A_ROW = 3  # buttons, so that a phone shows their labels


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """A text for people, of no single story.

    Attributes:
        text: in styles; what is too long for a message is cut.
        buttons: in rows.
        edits: the message of the same chat that it takes the place of; None sends a new one.
        document: name and text of a file that is sent with it.
    """

    text: tuple[Run, ...]
    buttons: Keyboard = ()
    edits: str | None = None
    document: tuple[str, str] | None = None

    @classmethod
    def plain(cls, text: str, buttons: Sequence[Button] = ()) -> "Notice":
        """Answer *text* without styles, with *buttons* in as many rows as they need."""
        starts = range(0, len(buttons), _A_ROW)
        rows = tuple(tuple(buttons[start : start + _A_ROW]) for start in starts)
        return cls(text=(Run(text),), buttons=rows)

    @property
    def words(self) -> str:
        """The text without styles."""
        return "".join(run.text for run in self.text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A row of the outbox that was claimed for sending.

    Attributes:
        peer: what Telegram counts limits by.
        content: of an alert, a revision or a reply.
        notice: what a notice says.
        digest: what a digest tells, or what it tells now, for a revision of one.
        version: which version of the alert *content* is.
        message_id: what is edited; None where something new is sent.
        destination: where *message_id* or *reply_to* was sent to, as `destination_key` wrote it.
        reply_to: to which message it replies, if to any; it is sent also where that one is gone.
        attempt: how often it was claimed, this time included; names this claim.
        failures: how often in a row it could not be sent.
        failing_since: when that began.
        doubts: how many attempts may have arrived without anybody knowing.
        marked: whether the message has to say that the chat may show it already.
        insisted: whether a person asked for it although it may have arrived.
        probe: the number of the message to ask about, whether it is this letter; nothing is sent.
        buttons: under the message, in rows.
        preview: how the page that the headline opens is shown.
        silent: whether it arrives without a sound.
    """

    id: OutboxId
    chat: str
    peer: str = ""
    kind: Kind
    content: AlertContent | None
    notice: Notice | None
    digest: Digest | None = None
    version: int
    message_id: str | None
    destination: str | None
    attempt: int
    failures: int = 0
    failing_since: datetime | None = None
    doubts: int
    marked: bool
    insisted: bool = False
    probe: int | None = None
    reply_to: str | None = None
    buttons: Keyboard = ()
    preview: Preview = Preview.OFF
    silent: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What becomes of a letter after an attempt.

    Attributes:
        outcome: in a few words, for the list of attempts.
        why: for people, where it did not work.
        doubtful: whether the attempt may have arrived without anybody knowing.
        cleared: whether it is known now of every attempt whether it arrived.
        failed: whether it counts as a failure.
        answered: whether it is known of the message that was asked about what it is.
        blind: whether it cannot be looked for.
        whole_chat: whether the chat takes no other message either.
        calls: how many calls Telegram counts.
        seen: the number of a message that is known to be somebody else's.
        due_at: when it is tried again.
        hold_until: until when the peer is left alone.
        moved_to: the chat in which the group lives on.
    """

    state: State
    outcome: str
    why: str | None = None
    doubtful: bool = False
    cleared: bool = False
    failed: bool = False
    answered: bool = False
    blind: bool = False
    whole_chat: bool = False
    calls: int = 1
    seen: str | None = None
    message_id: str | None = None
    destination: str | None = None
    due_at: datetime | None = None
    hold_until: datetime | None = None
    moved_to: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ToldAlert:
    """An alert as its chat has it.

    Attributes:
        content: its newest version.
        destination: where its message was sent to, as `destination_key` wrote it; else None.
        unsent: whether nobody has tried to send it yet.
    """

    id: AlertId
    chat: str
    story: StoryId
    content: AlertContent
    destination: str | None
    unsent: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldReply:
    """A reply that is sent later, at *due_at*; *why* in a few words for people."""

    id: OutboxId
    content: AlertContent
    due_at: datetime
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert or a reply and what became of it, for people.

    Attributes:
        id: of the alert, also for a reply below its message.
        digest: number of the digest that tells of it, if it has no message of its own; then the
            rest is of that one's.
    """

    id: AlertId
    kind: Kind
    chat: str
    state: State
    content: AlertContent
    version: int
    decided_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    why: str | None
    digest: OutboxId | None = None
