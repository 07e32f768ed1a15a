"""What the store answers, and what it is told."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NewType

from monitors.alerts.alert import AlertContent
from monitors.feeds.feed import Validators
from monitors.stories.article import ArticleId, StoryId

FeedId = NewType("FeedId", int)
AlertId = NewType("AlertId", int)
OutboxId = NewType("OutboxId", int)


@dataclass(frozen=True, slots=True, kw_only=True)
class DueFeed:
    """A feed that was claimed for a poll.

    Attributes:
        token: proves at the end that the claim is still ours.
        validators, body_hash: of the last answer, if any.
        first_ok_at: when it was first read; None before.
        gap: the time between its last two polls.
        failures: failed polls in a row.
    """

    id: FeedId
    address: str
    token: str
    validators: Validators
    body_hash: str | None
    first_ok_at: datetime | None
    gap: timedelta | None
    failures: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PollResult:
    """How a poll ended, as the feed's row remembers it.

    Attributes:
        validators, body_hash, title: None keeps what is known.
        gap: the time until the next poll, before it is spread.
        news: how many articles or revisions it brought.
        reason, message: why it failed; None when it worked.
    """

    next_poll_at: datetime
    gap: timedelta | None = None
    validators: Validators | None = None
    body_hash: str | None = None
    title: str | None = None
    news: int = 0
    reason: str | None = None
    message: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """What is known of a feed, for people."""

    address: str
    title: str | None
    last_poll_at: datetime | None
    last_ok_at: datetime | None
    last_new_at: datetime | None
    next_poll_at: datetime
    failures: int
    failing_since: datetime | None
    reason: str | None
    message: str | None
    articles: int


@dataclass(frozen=True, slots=True)
class Sighting:
    """That a feed has shown an entry before."""

    article: ArticleId
    content_hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A stored article that a search has found."""

    article: ArticleId
    story: StoryId
    outlet: str
    seen_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class WantedPage:
    """An article whose page was claimed for reading.

    Attributes:
        feed: address of the feed that carried the article.
        attempts: how often it was tried, this time included.
    """

    article: ArticleId
    feed: str
    link: str
    token: str
    attempts: int


class State(Enum):
    """Where a row of the outbox stands."""

    PENDING = "pending"  # to be sent when it is due
    SENDING = "sending"  # on its way; committed before the call
    SENT = "sent"
    DOUBT = "in doubt"  # the answer was lost; it is sent again, and says so
    PARKED = "parked"  # the chat does not take it; tried again after a change or a restart
    DROPPED = "dropped"  # a revision of a message that is gone


class Kind(Enum):
    """What a row of the outbox is."""

    ALERT = "alert"
    REVISION = "revision"
    NOTICE = "notice"  # to an administrator


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A row of the outbox that was claimed for sending.

    Attributes:
        content: of an alert or a revision.
        notice: the text of a notice.
        version: which version of the alert *content* is.
        message_id: what is edited; None where something new is sent.
        destination: where *message_id* was sent to, as `destination_key` wrote it.
        attempt: how often it was tried, this time included; names this claim.
        doubts: how many attempts may have arrived without anybody knowing.
        marked: whether the message has to say that the chat may show it already.
        chat_free_at: from when on the chat may be written to, as `Settled` last said.
    """

    id: OutboxId
    chat: str
    kind: Kind
    content: AlertContent | None
    notice: str | None
    version: int
    message_id: str | None
    destination: str | None
    attempt: int
    doubts: int
    marked: bool
    chat_free_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What becomes of a letter after an attempt.

    Attributes:
        outcome: in a few words, for the list of attempts.
        why: for people, where it did not work.
        doubtful: whether the attempt may have arrived without anybody knowing.
        whole_chat: whether the chat takes no other message either.
        due_at: when it is tried again.
        chat_free_at: from when on the chat may be written to again.
    """

    state: State
    outcome: str
    why: str | None = None
    doubtful: bool = False
    whole_chat: bool = False
    message_id: str | None = None
    destination: str | None = None
    due_at: datetime | None = None
    chat_free_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertRow:
    """An alert and what became of it, for people."""

    id: AlertId
    chat: str
    state: State
    content: AlertContent
    version: int
    decided_at: datetime
    due_at: datetime
    sent_at: datetime | None
    attempts: int
    why: str | None
