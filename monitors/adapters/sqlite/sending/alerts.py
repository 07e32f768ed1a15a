"""What chats have been told."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, marks, moment, to_json
from monitors.adapters.sqlite.sending.queue import AGEING_MS, enqueue, queue_revision, rank
from monitors.alerts.alert import AlertContent
from monitors.alerts.decision import PAGE_FIRST, Told
from monitors.alerts.destinations import GONE
from monitors.pipeline.records import (
    AlertId,
    AlertRow,
    HeldReply,
    Kind,
    OutboxId,
    Priority,
    State,
)
from monitors.stories.article import StoryId
from monitors.times import from_ms, to_ms

# What did not arrive, and will not by itself.
_FAILED = (
    "outbox.state IN ('parked', 'in doubt', 'dead') "
    "OR (outbox.attempts > 0 AND outbox.sent_at IS NULL AND outbox.state <> 'dropped')"
)

# What a digest tells has the digest's state, times and reasons.
_ROWS = """
SELECT alert.id, letter.kind, alert.chat, outbox.state, coalesce(letter.reply, content) AS content,
    CASE letter.kind WHEN 'reply' THEN letter.version ELSE alert.version END AS version,
    CASE letter.kind WHEN 'reply' THEN letter.created_at ELSE decided_at END AS decided_at,
    outbox.due_at, outbox.sent_at, outbox.attempts, letter.folded_into AS digest,
    CASE WHEN letter.folded_into IS NOT NULL
        THEN letter.why || coalesce(': ' || outbox.why, '')
        WHEN letter.kind = 'reply' THEN letter.why
        ELSE coalesce(letter.why, held_why) END AS why
FROM outbox AS letter JOIN alert ON alert.id = letter.alert_id
    JOIN outbox ON outbox.id = coalesce(letter.folded_into, letter.id)
WHERE letter.kind IN ('alert', 'reply') AND ({only})
ORDER BY letter.id DESC LIMIT ? OFFSET ?
"""


# The held ones first: UNION leaves one of equal moments.
_RINGS = """
SELECT rings_at FROM alert JOIN told ON alert_id = alert.id
WHERE chat = :chat AND rings_at > :since AND held_why IS NOT NULL AND held_why <> :page
UNION
SELECT due_at FROM outbox WHERE chat = :chat AND kind = 'reply' AND due_at > :since
    AND why IS NOT NULL AND folded_into IS NULL
UNION ALL
SELECT rings_at FROM alert JOIN told ON alert_id = alert.id
WHERE chat = :chat AND rings_at > :since AND coalesce(held_why, :page) = :page
    AND folded_into IS NULL
UNION ALL
SELECT due_at FROM outbox WHERE chat = :chat AND kind = 'reply' AND due_at > :since
    AND why IS NULL AND folded_into IS NULL
UNION ALL
SELECT due_at FROM outbox JOIN digest USING (id)
WHERE chat = :chat AND kind = 'digest' AND due_at > :since AND first = 1 AND together <> 'held'
    AND state <> 'dropped'
"""


class SqliteAlerts:
    """Implements `pipeline.telling.rows.AlertRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def told(self, chat: str, story: StoryId) -> tuple[AlertId, Told] | None:
        """Answer what *chat* has been told of *story*, or will be."""
        rows = self._db.query(
            """
            SELECT alert.id, content, held_why, state, destination,
                state = 'pending' AND folded_into IS NULL AS waits FROM alert
            JOIN told ON alert_id = alert.id
            WHERE alert.chat = ? AND story_id = ?
            """,
            [chat, story],
        )
        for row in rows:
            waiting = row["held_why"] is not None and bool(row["waits"])
            lost = row["destination"] == GONE or row["state"] == State.PARKED.value
            told = Told(content=from_json(row["content"]), waiting=waiting, lost=lost)
            return AlertId(row["id"]), told
        return None

    def showing(
        self, chats: Collection[str], stories: Collection[StoryId]
    ) -> Mapping[StoryId, frozenset[str]]:
        """Answer which of *chats* were told of which of *stories*, by a message that is there."""
        rows = self._db.execute(
            f"""
            SELECT story_id, alert.chat FROM alert JOIN told ON alert_id = alert.id
            WHERE state <> 'parked' AND destination IS NOT ?
                AND story_id IN ({marks([*stories])}) AND alert.chat IN ({marks([*chats])})
            """,  # noqa: S608 -- question marks
            [GONE, *stories, *chats],
        )
        found: dict[StoryId, set[str]] = {}
        for story, chat in rows:
            found.setdefault(StoryId(story), set()).add(chat)
        return {story: frozenset(names) for story, names in found.items()}

    def recent(self, chat: str, since: datetime) -> Sequence[datetime]:
        """Answer when the chat's alerts and replies since *since* rang, or will ring.

        What waits for one moment rings once, and so does what came in one digest.
        """
        values = {"chat": chat, "since": to_ms(since), "page": PAGE_FIRST}
        rows = self._db.execute(_RINGS, values)
        return [from_ms(row[0]) for row in rows]

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
        """Put an alert into the outbox; the store refuses a second one for a story and chat."""
        row = self._db.execute(
            """
            INSERT INTO alert (chat, story_id, content, version, high, decided_at, rings_at,
                held_why, reply_to)
            VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?) RETURNING id
            """,
            [chat, story, to_json(content), high, to_ms(now), to_ms(due_at), why, reply_to],
        ).fetchone()
        priority = _priority(high=high)
        alert = AlertId(row[0])
        enqueue(self._db, chat, Kind.ALERT, priority, now=now, due_at=due_at, alert=alert)

    def release(self, alert: AlertId, content: AlertContent, now: datetime) -> None:
        """Have an alert that is held back sent now."""
        self._renew(alert, content)
        at = to_ms(now)
        self._db.execute(
            "UPDATE alert SET high = 1, held_why = NULL, rings_at = ? WHERE id = ?", [at, alert]
        )
        self._db.execute(
            """
            UPDATE outbox SET priority = ?, due_at = ?, rank = ?
            WHERE alert_id = ? AND kind = 'alert'
            """,
            [Priority.HIGH, at, rank(Priority.HIGH, at), alert],
        )

    def hasten(self, story: StoryId, why: str, now: datetime) -> None:
        """Have the alerts of *story* sent now that are held back because of *why*."""
        at = to_ms(now)
        rows = self._db.execute(
            """
            UPDATE alert SET held_why = NULL, rings_at = :at
            WHERE story_id = :story AND held_why = :why AND EXISTS (
                SELECT 1 FROM outbox WHERE alert_id = alert.id AND kind = 'alert'
                    AND state = 'pending')
            RETURNING id
            """,
            {"at": at, "story": story, "why": why},
        ).fetchall()
        for row in rows:
            self._db.execute(
                """
                UPDATE outbox SET due_at = :at, rank = :at + priority * :ageing
                WHERE alert_id = :alert AND kind = 'alert'
                """,
                {"at": at, "ageing": AGEING_MS, "alert": row[0]},
            )

    def revise(self, alert: AlertId, content: AlertContent, now: datetime) -> None:
        """Change what the chat is told: before it is sent, or by a revision after.

        A letter brings the version that is the newest when it is claimed, so one that still
        waits needs no other behind it.
        """
        self._renew(alert, content)
        queue_revision(self._db, alert, now)

    def renew(self, alert: AlertId, now: datetime) -> None:
        """Have the message of *alert* shown again, with its buttons as they are now."""
        queue_revision(self._db, alert, now)
        self._urge("alert_id = :which", alert, now)

    def urge(self, story: StoryId, now: datetime) -> None:
        """Have the messages of *story* changed at once, for a person waits for that."""
        self._urge(
            """
            (alert_id IN (SELECT id FROM alert WHERE story_id = :which) OR revises IN (
                SELECT folded_into FROM alert JOIN told ON alert_id = alert.id
                WHERE story_id = :which))
            """,
            story,
            now,
        )

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
        """Put a message of its own below that of *alert* into the outbox; it is never edited."""
        row = self._db.execute("SELECT chat, version FROM alert WHERE id = ?", [alert]).fetchone()
        enqueue(
            self._db,
            row[0],
            Kind.REPLY,
            _priority(high=high),
            now=now,
            due_at=due_at or now,
            alert=alert,
            version=row[1],
            reply=content,
            why=why,
        )

    def held_reply(self, alert: AlertId) -> HeldReply | None:
        """Answer the newest reply to *alert* that is held back and that nobody tried to send."""
        row = self._db.execute(
            """
            SELECT id, reply, due_at, why FROM outbox
            WHERE alert_id = ? AND kind = 'reply' AND state = 'pending' AND attempts = 0
                AND why IS NOT NULL
            ORDER BY id DESC LIMIT 1
            """,
            [alert],
        ).fetchone()
        if row is None:
            return None
        return HeldReply(
            id=OutboxId(row[0]), content=from_json(row[1]), due_at=from_ms(row[2]), why=row[3]
        )

    def renew_reply(
        self,
        reply: OutboxId,
        content: AlertContent,
        *,
        high: bool,
        due_at: datetime,
        why: str | None,
    ) -> None:
        """Have a reply that is held back say *content*, at *due_at*."""
        self._db.execute(
            """
            UPDATE outbox SET reply = :reply, priority = min(priority, :priority),
                rank = :rank + min(priority, :priority) * :ageing, due_at = :due, why = :why
            WHERE id = :id
            """,
            {
                "reply": to_json(content),
                "priority": _priority(high=high),
                "rank": rank(0, to_ms(due_at)),
                "ageing": AGEING_MS,
                "due": to_ms(due_at),
                "why": why,
                "id": reply,
            },
        )

    def destinations(self) -> frozenset[str]:
        """Answer where alerts have arrived, as `destination_key` wrote it."""
        rows = self._db.execute(
            "SELECT DISTINCT destination FROM alert WHERE destination IS NOT NULL"
        )
        return frozenset(row[0] for row in rows)

    def of_chats(
        self, chats: Collection[str], limit: int, *, skip: int = 0, rule: str | None = None
    ) -> tuple[AlertRow, ...]:
        """Answer the newest alerts and replies of *chats*, after the first *skip* ones."""
        only = f"alert.chat IN ({marks([*chats])})"
        values: list[str | int] = [*chats]
        if rule is not None:
            only += (
                " AND EXISTS (SELECT 1 FROM json_each(coalesce(letter.reply, content), '$.rules')"
                " AS held WHERE held.value = ?)"
            )
            values.append(rule)
        rows = self._db.query(_ROWS.format(only=only), [*values, limit, skip])
        return tuple(_alert(row) for row in rows)

    def latest(self, limit: int, *, failed: bool) -> tuple[AlertRow, ...]:
        """Answer the newest alerts and replies, or those that did not arrive."""
        rows = self._db.query(_ROWS.format(only=_FAILED if failed else "1"), [limit, 0])
        return tuple(_alert(row) for row in rows)

    def _urge(self, where: str, which: int, now: datetime) -> None:
        at = to_ms(now)
        self._db.execute(
            f"""
            UPDATE outbox SET due_at = :now, rank = :rank, priority = :priority, editing = 0
            WHERE kind = 'revision' AND state = 'pending' AND {where}
            """,  # noqa: S608 -- one of two constants
            {
                "now": at,
                "rank": rank(Priority.ANSWER, at),
                "priority": Priority.ANSWER,
                "which": which,
            },
        )

    def _renew(self, alert: AlertId, content: AlertContent) -> None:
        self._db.execute(
            "UPDATE alert SET content = ?, version = version + 1 WHERE id = ?",
            [to_json(content), alert],
        )


def _priority(*, high: bool) -> Priority:
    return Priority.HIGH if high else Priority.ALERT


def _alert(row: dict[str, Any]) -> AlertRow:
    return AlertRow(
        id=AlertId(row["id"]),
        kind=Kind(row["kind"]),
        chat=row["chat"],
        state=State(row["state"]),
        content=from_json(row["content"]),
        version=row["version"],
        decided_at=from_ms(row["decided_at"]),
        due_at=from_ms(row["due_at"]),
        sent_at=moment(row["sent_at"]),
        attempts=row["attempts"],
        why=row["why"],
        digest=row["digest"],
    )
