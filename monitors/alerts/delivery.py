"""What became of one attempt to deliver."""

from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Delivered:
    """The chat shows the message; *message_id* names it there."""

    message_id: str


@dataclass(frozen=True, slots=True)
class RetryLater:
    """The chat certainly got nothing; try again.

    Attributes:
        why: one short line for people.
        wait: how long Telegram asked to be left alone (429), or None for the usual backoff.
    """

    why: str
    wait: timedelta | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """The chat will not take it however often it is tried.

    Attributes:
        why: one short line for people, with what to do.
        whole_chat: whether it would take no other message either.
    """

    why: str
    whole_chat: bool = True


@dataclass(frozen=True, slots=True)
class Moved:
    """The group lives on as the supergroup *chat_id*."""

    chat_id: str


@dataclass(frozen=True, slots=True)
class TargetGone:
    """The message to edit was deleted, or can no longer be edited."""

    why: str


@dataclass(frozen=True, slots=True)
class InDoubt:
    """The answer was lost: the chat may show the message or not."""

    why: str


DeliveryOutcome: TypeAlias = Delivered | RetryLater | Refused | Moved | TargetGone | InDoubt
