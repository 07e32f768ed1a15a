"""What became of one attempt to deliver."""

from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class Delivered:
    """The chat shows the message.

    Attributes:
        message_id: names it there.
        calls: how many were needed.
        note: what those who look after the chat should know, in one line; once is enough.
    """

    message_id: str
    calls: int = 1
    note: str | None = None


@dataclass(frozen=True, slots=True)
class RetryLater:
    """The chat certainly got nothing; try again.

    Attributes:
        why: one short line for people.
        wait: how long Telegram asked to be left alone (429), or None for the usual backoff.
        server_error: whether Telegram had a problem of its own (5xx), maybe with this message.
    """

    why: str
    wait: timedelta | None = None
    server_error: bool = False


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


@dataclass(frozen=True, slots=True)
class NotThere:
    """The message that was asked about is not the letter in doubt.

    Attributes:
        taken: whether there is a message of somebody else.
    """

    taken: bool


@dataclass(frozen=True, slots=True)
class Mistaken:
    """The message that was asked about is another one of ours, and its buttons were changed.

    Attributes:
        text: what it says.
    """

    text: str


ProbeOutcome: TypeAlias = Delivered | NotThere | Mistaken | RetryLater | Refused | Moved | InDoubt
"""What is known of a message that may be a letter in doubt."""


class DoubtPolicy(Enum):
    """What is done with a message of which nobody knows whether it arrived."""

    PROBE = "probe"  # look for it; where that cannot be done, send it again, marked
    RESEND = "resend"  # send it again, marked
    SKIP = "skip"  # give it up, and list it
