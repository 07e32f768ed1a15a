"""What did not arrive, for people."""

from dataclasses import dataclass
from datetime import datetime

from monitors.pipeline.records import Kind, OutboxId, State


@dataclass(frozen=True, slots=True, kw_only=True)
class Lost:
    """A chat that takes no messages any more, of which nobody was told yet.

    Attributes:
        kept: how many alerts wait for it.
    """

    peer: str
    chat: str
    why: str
    kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRow:
    """A letter that did not arrive and will not by itself, for people.

    Attributes:
        title: its headline, or the beginning of its text.
        failed_at: when it was last tried.
    """

    id: OutboxId
    kind: Kind
    chat: str
    state: State
    title: str
    why: str | None
    created_at: datetime
    failed_at: datetime | None


@dataclass(frozen=True, slots=True)
class HeldBack:
    """That something is held back for a chat, until one moment; nobody has tried to send it."""

    chat: str
    due_at: datetime


@dataclass(frozen=True, slots=True)
class Folded:
    """How many digests were made, and of how many alerts and replies they tell."""

    digests: int
    alerts: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """How often answers were lost, and what became of that."""

    doubts: int
    found: int
    sent_again: int
