"""What waits to be sent and what has arrived, counted for people."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, marks, moment
from monitors.adapters.sqlite.sending.queue import AGEING_MS
from monitors.alerts.decision import PAGE_FIRST, QUIET_HOURS
from monitors.alerts.destinations import ADMIN
from monitors.pipeline.telling.backlog import Backlog, LastAlert
from monitors.times import from_ms, to_ms

# Of a reply, `why` says until its first attempt what holds it back; of what was put off, always.
_IS_HELD = """
state IN ('pending', 'parked') AND (attempts = 0 OR why = ?) AND folded_into IS NULL AND (
    (kind = 'alert' AND EXISTS (
        SELECT 1 FROM alert WHERE alert.id = alert_id AND held_why <> ?))
    OR (kind = 'reply' AND state = 'pending' AND why IS NOT NULL))
"""
_MESSAGES = "('alert', 'reply', 'digest')"


class SqliteOverview:
    """Implements `pipeline.telling.backlog.OverviewRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def backlog(
        self, now: datetime, since: datetime, chats: Sequence[str] | None = None
    ) -> Backlog:
        """Answer what waits *now*, and how many messages have arrived since *since*."""
        due, oldest = self._row(
            "count(*), min(due_at)",
            "state IN ('pending', 'sending') AND due_at <= ?",
            [to_ms(now)],
            chats,
        )
        held, until = self._row(
            "count(*), min(due_at)",
            f"due_at > ? AND {_IS_HELD}",
            [to_ms(now), QUIET_HOURS, PAGE_FIRST],
            chats,
        )
        (failed,) = self._row("count(*)", "state IN ('parked', 'in doubt', 'dead')", [], chats)
        sent, _ = self._row(
            "count(*), max(id)",
            f"state = 'sent' AND sent_at >= ? AND kind IN {_MESSAGES}",
            [to_ms(since)],
            chats,
        )
        return Backlog(
            due=due,
            oldest=moment(oldest),
            held=held,
            held_until=moment(until),
            failed=failed,
            sent=sent,
        )

    def last_alert(self, chats: Sequence[str] | None = None) -> LastAlert | None:
        """Answer the newest alert that has arrived."""
        where, names = _of(chats, "alert.chat")
        row = self._db.execute(
            f"""
            SELECT alert.chat, content, decided_at, outbox.sent_at
            FROM outbox AS letter JOIN alert ON alert.id = letter.alert_id
                JOIN outbox ON outbox.id = coalesce(letter.folded_into, letter.id)
            WHERE letter.kind = 'alert' AND outbox.state = 'sent' {where}
            ORDER BY letter.id DESC LIMIT 1
            """,  # noqa: S608 -- question marks
            names,
        ).fetchone()
        if row is None:
            return None
        content = from_json(row[1])
        return LastAlert(
            chat=row[0],
            title=content.headline.text,
            published_at=content.published_at,
            decided_at=from_ms(row[2]),
            sent_at=from_ms(row[3]),
        )

    def bring(self, chats: Sequence[str], now: datetime) -> int:
        """Have all that is held back for *chats* sent now; answer how many letters that are."""
        at = to_ms(now)
        rows = self._db.execute(
            f"""
            UPDATE outbox SET due_at = ?, rank = ? + priority * ?
            WHERE due_at > ? AND {_IS_HELD} AND chat IN ({marks(chats)})
            RETURNING kind, alert_id
            """,  # noqa: S608 -- question marks
            [at, at, AGEING_MS, at, QUIET_HOURS, PAGE_FIRST, *chats],
        ).fetchall()
        for kind, alert in rows:
            if kind == "alert":
                self._db.execute("UPDATE alert SET rings_at = ? WHERE id = ?", [at, alert])
        return len(rows)

    def _row(
        self, what: str, condition: str, values: Sequence[Any], chats: Sequence[str] | None
    ) -> tuple[Any, ...]:
        where, names = _of(chats, "chat")
        query = f"SELECT {what} FROM outbox WHERE {condition} {where}"  # noqa: S608 -- constants
        row: tuple[Any, ...] = self._db.execute(query, [*values, *names]).fetchone()
        return row


def _of(chats: Sequence[str] | None, column: str) -> tuple[str, Sequence[str]]:
    """Answer what limits rows to *chats*, and its values; all but what people are told else."""
    if chats is None:
        return f"AND {column} NOT LIKE '{ADMIN}%'", ()
    return f"AND {column} IN ({marks(chats)})", chats
