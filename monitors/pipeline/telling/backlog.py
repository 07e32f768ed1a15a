"""What waits to be sent, what has arrived and what failed, counted for people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Backlog:
    """What is to be sent.

    Attributes:
        due: letters that are due and not yet sent.
        oldest: since when the first of them is.
        held: alerts and replies that are held back by quiet hours or limits.
        held_until: when the first of those is due.
        failed: letters that did not arrive and will not by themselves.
        sent: messages that arrived since some time: alerts, replies and digests.
    """

    due: int = 0
    oldest: datetime | None = None
    held: int = 0
    held_until: datetime | None = None
    failed: int = 0
    sent: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class LastAlert:
    """The alert that was sent last.

    Attributes:
        published_at: when its first article was, as the outlet says.
        decided_at: when Newsbell knew of it and that it is to be told.
    """

    chat: str
    title: str
    published_at: datetime
    decided_at: datetime
    sent_at: datetime


class OverviewRows(Protocol):
    """The letters, counted for people; *chats* are names in rules.yaml, None means all letters."""

    def backlog(
        self, now: datetime, since: datetime, chats: Sequence[str] | None = None
    ) -> Backlog:
        """Answer what waits *now*, and how many messages have arrived since *since*."""

    def last_alert(self, chats: Sequence[str] | None = None) -> LastAlert | None:
        """Answer the newest alert that has arrived, if only in a digest."""

    def bring(self, chats: Sequence[str], now: datetime) -> int:
        """Have all that is held back for *chats* sent now; answer how many letters that are."""
