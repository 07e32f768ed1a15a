"""What the pipeline needs from the store of alerts, and of the letters that bring them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitors.alerts.alert import AlertContent
from monitors.alerts.decision import Told
from monitors.alerts.showing.buttons import Button
from monitors.pipeline.records import AlertId, AlertRow, Letter, Settled
from monitors.stories.article import StoryId


class AlertRows(Protocol):
    """What chats have been told."""

    def told(self, chat: str, story: StoryId) -> tuple[AlertId, Told] | None:
        """Answer what *chat* has been told of *story*, or will be."""

    def showing(
        self, chats: Collection[str], stories: Collection[StoryId]
    ) -> Mapping[StoryId, frozenset[str]]:
        """Answer which of *chats* were told of which of *stories*, or will be.

        Those that no message shows are left out: it was deleted, or the chat does not take it.
        """

    def recent(self, chat: str, since: datetime) -> Sequence[datetime]:
        """Answer when the chat's alerts and replies since *since* rang, or will ring."""

    def tell(  # noqa: PLR0913 -- a row has these columns
        self,
        chat: str,
        story: StoryId,
        content: AlertContent,
        *,
        high: bool,
        due_at: datetime,
        why: str | None,
        now: datetime,
        reply_to: AlertId | None = None,
    ) -> None:
        """Put an alert into the outbox; once a story and chat.

        It is sent as a reply to the message of *reply_to*, if the chat shows that one then, and
        each of the two messages names the other.
        """

    def release(self, alert: AlertId, content: AlertContent, now: datetime) -> None:
        """Have an alert that is held back sent now."""

    def hasten(self, story: StoryId, why: str, now: datetime) -> None:
        """Have the alerts of *story* sent now that are held back because of *why*."""

    def revise(self, alert: AlertId, content: AlertContent, now: datetime) -> None:
        """Change what the chat is told: before it is sent, or by a revision after."""

    def renew(self, alert: AlertId, now: datetime) -> None:
        """Have the message of *alert* shown again, with its buttons as they are now."""

    def reply(  # noqa: PLR0913 -- a row has these columns
        self,
        alert: AlertId,
        content: AlertContent,
        *,
        high: bool,
        now: datetime,
        due_at: datetime | None = None,
        why: str | None = None,
    ) -> None:
        """Put a message of its own below that of *alert* into the outbox; it is never edited.

        Args:
            alert: whose letter goes before it.
            content: what it says.
            high: whether it goes before others.
            now: aware UTC.
            due_at: when it is sent; by default at once.
            why: it is held back until then, for people.
        """

    def destinations(self) -> frozenset[str]:
        """Answer where alerts have arrived, as `destination_key` wrote it."""

    def latest(self, limit: int, *, failed: bool) -> tuple[AlertRow, ...]:
        """Answer the newest alerts and replies, or those that did not arrive."""


class OutboxRows(Protocol):
    """What is decided and not yet confirmed as delivered."""

    def recover(self, now: datetime) -> int:
        """Put in doubt what was on its way when Newsbell was stopped; answer how many."""

    def unpark(self, most_doubts: int | None) -> None:
        """Try again what chats would not take, each letter when it is due.

        Leave alone what was in doubt *most_doubts* times; None means that nothing is.
        """

    def hold(self, chat: str, until: datetime) -> None:
        """Write nothing to *chat* before *until*."""

    def claim(self, now: datetime, limit: int) -> tuple[Letter, ...]:
        """Take the first due letter of each free chat, marked as on its way."""

    def settle(self, letter: Letter, settled: Settled, now: datetime, took_ms: int) -> None:
        """Remember how an attempt ended."""

    def notify(
        self,
        chats: Sequence[str],
        text: str,
        now: datetime,
        due_at: datetime | None = None,
        buttons: Sequence[Button] = (),
    ) -> None:
        """Put a notice to each of *chats* into the outbox, unless it is still waiting there.

        It is due at *due_at*; by default at once.
        """

    def waiting(self, now: datetime) -> int:
        """Answer how many letters are due, whether or not their chat may be written to yet."""

    def counts(self) -> Mapping[str, int]:
        """Answer how many rows are in each state."""
