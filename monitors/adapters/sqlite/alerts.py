"""What chats have been told."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, moment, to_json
from monitors.alerts.alert import AlertContent
from monitors.alerts.decision import Told
from monitors.pipeline.records import AlertId, AlertRow, State
from monitors.stories.article import StoryId
from monitors.times import from_ms, to_ms

# What did not arrive, and will not by itself.
_FAILED = "outbox.state IN ('parked', 'in doubt') OR (outbox.attempts > 0 AND sent_at IS NULL)"


class SqliteAlerts:
    """Implements `pipeline.rows.AlertRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def told(self, chat: str, story: StoryId) -> tuple[AlertId, Told] | None:
        """Answer what *chat* has been told of *story*, or will be."""
        rows = self._db.query(
            """
            SELECT alert.id, content, held_why, state FROM alert
            JOIN outbox ON alert_id = alert.id AND kind = 'alert'
            WHERE alert.chat = ? AND story_id = ?
            """,
            [chat, story],
        )
        for row in rows:
            waiting = row["held_why"] is not None and row["state"] == State.PENDING.value
            told = Told(content=from_json(row["content"]), waiting=waiting)
            return AlertId(row["id"]), told
        return None

    def recent(self, chat: str, since: datetime) -> Sequence[datetime]:
        """Answer when the chat's alerts since *since* rang, or will ring."""
        rows = self._db.execute(
            "SELECT rings_at FROM alert WHERE chat = ? AND rings_at > ?", [chat, to_ms(since)]
        )
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
    ) -> None:
        """Put an alert into the outbox; the store refuses a second one for a story and chat."""
        row = self._db.execute(
            """
            INSERT INTO alert (chat, story_id, content, version, high, decided_at, rings_at,
                held_why)
            VALUES (?, ?, ?, 1, ?, ?, ?, ?) RETURNING id
            """,
            [chat, story, to_json(content), high, to_ms(now), to_ms(due_at), why],
        ).fetchone()
        self._db.execute(
            """
            INSERT INTO outbox (chat, alert_id, kind, version, high, state, due_at, created_at)
            VALUES (?, ?, 'alert', 1, ?, 'pending', ?, ?)
            """,
            [chat, row[0], high, to_ms(due_at), to_ms(now)],
        )

    def release(self, alert: AlertId, content: AlertContent, now: datetime) -> None:
        """Have an alert that is held back sent now."""
        self._renew(alert, content)
        at = to_ms(now)
        self._db.execute(
            "UPDATE alert SET high = 1, held_why = NULL, rings_at = ? WHERE id = ?", [at, alert]
        )
        self._db.execute(
            "UPDATE outbox SET high = 1, due_at = ? WHERE alert_id = ? AND kind = 'alert'",
            [at, alert],
        )

    def revise(self, alert: AlertId, content: AlertContent, now: datetime) -> None:
        """Change what the chat is told: before it is sent, or by a revision after.

        A letter brings the version that is the newest when it is claimed, so one that still
        waits needs no other behind it.
        """
        version = self._renew(alert, content)
        waiting = self._db.execute(
            """
            SELECT 1 FROM outbox WHERE alert_id = ? AND state IN ('pending', 'in doubt', 'parked')
            """,
            [alert],
        ).fetchone()
        if waiting is None:
            self._db.execute(
                """
                INSERT INTO outbox (chat, alert_id, kind, version, high, state, due_at, created_at)
                SELECT chat, id, 'revision', ?, 0, 'pending', ?, ? FROM alert WHERE id = ?
                """,
                [version, to_ms(now), to_ms(now), alert],
            )

    def destinations(self) -> frozenset[str]:
        """Answer where alerts have arrived, as `destination_key` wrote it."""
        rows = self._db.execute(
            "SELECT DISTINCT destination FROM alert WHERE destination IS NOT NULL"
        )
        return frozenset(row[0] for row in rows)

    def latest(self, limit: int, *, failed: bool) -> tuple[AlertRow, ...]:
        """Answer the newest alerts, or those that did not arrive."""
        rows = self._db.query(
            f"""
            SELECT alert.id, alert.chat, state, content, alert.version, decided_at, due_at,
                sent_at, attempts, coalesce(why, held_why) AS why
            FROM alert JOIN outbox ON alert_id = alert.id AND kind = 'alert'
            WHERE {_FAILED if failed else "1"} ORDER BY alert.id DESC LIMIT ?
            """,  # noqa: S608 -- one of two constants
            [limit],
        )
        return tuple(_alert(row) for row in rows)

    def _renew(self, alert: AlertId, content: AlertContent) -> int:
        row = self._db.execute(
            "UPDATE alert SET content = ?, version = version + 1 WHERE id = ? RETURNING version",
            [to_json(content), alert],
        ).fetchone()
        return int(row[0])


def _alert(row: dict[str, Any]) -> AlertRow:
    return AlertRow(
        id=AlertId(row["id"]),
        chat=row["chat"],
        state=State(row["state"]),
        content=from_json(row["content"]),
        version=row["version"],
        decided_at=from_ms(row["decided_at"]),
        due_at=from_ms(row["due_at"]),
        sent_at=moment(row["sent_at"]),
        attempts=row["attempts"],
        why=row["why"],
    )
