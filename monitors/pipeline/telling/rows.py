"""What the pipeline needs from the store of alerts, and of the letters that bring them."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import Protocol, TypeAlias

from monitors.alerts.alert import AlertContent
from monitors.alerts.decision import Told
from monitors.alerts.pacing import TELEGRAM_PACE, Pace
from monitors.pipeline.records import (
    AlertId,
    AlertRow,
    HeldReply,
    Kind,
    Letter,
    Notice,
    OutboxId,
    Priority,
    Settled,
)
from monitors.pipeline.telling.failed import Doubts, FailedRow, Folded, HeldBack, Lost
from monitors.stories.article import StoryId

Waits: TypeAlias = Callable[[str, datetime], datetime | None]
"""Answers until when waits what was to ring in a chat at a moment, if it may not ring now."""


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

    def urge(self, story: StoryId, now: datetime) -> None:
        """Have the messages of *story* changed at once, for a person waits for that."""

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

    def held_reply(self, alert: AlertId) -> HeldReply | None:
        """Answer the newest reply to *alert* that is held back and that nobody tried to send."""

    def renew_reply(
        self,
        reply: OutboxId,
        content: AlertContent,
        *,
        high: bool,
        due_at: datetime,
        why: str | None,
    ) -> None:
        """Have a reply that is held back say *content*, at *due_at*; *why* it waits until then."""

    def destinations(self) -> frozenset[str]:
        """Answer where alerts have arrived, as `destination_key` wrote it."""

    def of_chats(
        self, chats: Collection[str], limit: int, *, skip: int = 0, rule: str | None = None
    ) -> tuple[AlertRow, ...]:
        """Answer the newest alerts and replies of *chats*, after the first *skip* ones.

        If there is a *rule*, only those that it holds for.
        """

    def latest(self, limit: int, *, failed: bool) -> tuple[AlertRow, ...]:
        """Answer the newest alerts and replies, or those that did not arrive."""


class PeerRows(Protocol):
    """Who gets messages: their pace, holds, and whether they take any."""

    def place(self, chats: Mapping[str, str]) -> None:
        """Remember which peer each chat of rules.yaml is; what waits for it goes there."""

    def hold(self, peer: str, until: datetime, why: str | None = None) -> None:
        """Make no call for *peer* before *until*; `EVERYWHERE` is all of Telegram."""

    def holds(self, now: datetime) -> Mapping[str, datetime]:
        """Answer until when which peers are left alone."""

    def held_why(self, now: datetime) -> tuple[str, ...]:
        """Answer why peers are left alone, each reason once, the commonest first."""

    def let_in(self, peer: str) -> bool:
        """Go on writing to *peer*, which takes messages again; answer whether it was parked."""

    def unpark(self) -> None:
        """Try again every peer that took no messages, each letter when it is due."""

    def check_parked(self, now: datetime) -> int:
        """Try again the peers that were not tried for long; answer how many."""

    def lost(self) -> tuple[Lost, ...]:
        """Answer the peers that take no messages, each once until one has arrived again."""

    def move(self, old: str, new: str, now: datetime) -> None:
        """Have everything for the group *old* go to *new*, as which it lives on."""

    def moves(self) -> Mapping[str, str]:
        """Answer under which number groups live on, by the one that they had."""

    def saw(self, peer: str, message_id: int) -> None:
        """Remember that *message_id* of *peer* is known: it is no letter in doubt."""

    def first_time(self, told: str) -> bool:
        """Answer whether *told* was never asked about."""


class FailedRows(Protocol):
    """What did not arrive and will not by itself."""

    def failed(self, limit: int) -> tuple[FailedRow, ...]:
        """Answer what is dead, parked or in doubt, the newest first."""

    def retry(self, letters: Sequence[OutboxId] | None, now: datetime) -> int:
        """Send *letters* that failed, or all of them; answer how many there were."""

    def drop(self, letters: Sequence[OutboxId] | None) -> int:
        """Never send *letters* that failed, or any of them; answer how many there were."""

    def pick_up(self, letter: OutboxId) -> bool:
        """Keep a letter among those that failed that a person has dropped; False if none has."""

    def doubts(self) -> Doubts:
        """Answer how often answers were lost, and what became of that."""

    def unplaced(self, letter: Letter) -> tuple[Letter, ...]:
        """Answer the newest letters to the peer of *letter* that may be messages unknown to us."""

    def adopt(self, letter: OutboxId, message_id: str, destination: str, now: datetime) -> None:
        """Remember that *letter*, which was given up, has arrived as *message_id*."""


class OutboxRows(PeerRows, FailedRows, Protocol):
    """What is decided and not yet confirmed as delivered."""

    def recover(self, now: datetime) -> int:
        """Put in doubt what was on its way when Newsbell was stopped; answer how many."""

    def claim(
        self,
        now: datetime,
        limit: int,
        pace: Pace = TELEGRAM_PACE,
        *,
        probing: bool = True,
        waits: Waits | None = None,
    ) -> tuple[Letter, ...]:
        """Take the first due letter of each peer that may be written to, marked as on its way.

        Nothing passes a letter in doubt. Where that can be looked for, and *probing* says so, the
        letter says which message is to be asked about. What *waits* is put off, and is told with
        what is held back.
        """

    def settle(
        self,
        letter: Letter,
        settled: Settled,
        now: datetime,
        took_ms: int,
        pace: Pace = TELEGRAM_PACE,
    ) -> None:
        """Remember how an attempt ended."""

    def notify(  # noqa: PLR0913 -- a row has these columns
        self,
        chats: Sequence[str],
        notice: Notice | str,
        now: datetime,
        due_at: datetime | None = None,
        *,
        priority: Priority = Priority.NEWS,
        kind: Kind = Kind.NOTICE,
    ) -> None:
        """Put a notice to each of *chats* into the outbox, unless it is still waiting there.

        Args:
            chats: names in rules.yaml, or numbers behind `ADMIN`.
            notice: what it says; a plain text is told as it is.
            now: aware UTC.
            due_at: when it is sent; by default at once.
            priority: `ANSWER` where a person waits for it.
            kind: a notice or a digest.
        """

    def held_back(self) -> tuple[HeldBack, ...]:
        """Answer for which chats something is held back, and until when."""

    def put_off(self, held: HeldBack, due_at: datetime) -> int:
        """Have what is *held* back sent at *due_at*; answer how many letters that are."""

    def folded(self) -> Folded:
        """Answer how many digests there are, and of how many alerts they tell."""

    def waiting(self, now: datetime) -> int:
        """Answer how many letters are due, whether or not their chat may be written to yet."""

    def counts(self) -> Mapping[str, int]:
        """Answer how many rows are in each state."""
