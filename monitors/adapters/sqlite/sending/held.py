"""What is held back for chats."""

from datetime import datetime

from monitors.adapters.sqlite.sending.failed import SqliteFailed
from monitors.adapters.sqlite.sending.queue import AGEING_MS
from monitors.alerts.decision import PAGE_FIRST, QUIET_HOURS
from monitors.pipeline.telling.failed import Folded, HeldBack
from monitors.pipeline.telling.rows import Waits
from monitors.times import from_ms, to_ms


class SqliteHeld(SqliteFailed):
    """The part of `pipeline.telling.rows.OutboxRows` that is about what is held back."""

    def held_back(self) -> tuple[HeldBack, ...]:
        """Answer for which chats something is held back, and until when."""
        rows = self._db.execute(
            f"SELECT DISTINCT outbox.chat, due_at FROM {_HELD} ORDER BY outbox.chat, due_at",  # noqa: S608 -- a constant
            {"page": PAGE_FIRST, "quiet": QUIET_HOURS},
        )
        return tuple(HeldBack(chat, from_ms(due)) for chat, due in rows)

    def put_off(self, held: HeldBack, due_at: datetime) -> int:
        """Have what is *held* back sent at *due_at*; answer how many letters that are."""
        values = {
            "chat": held.chat,
            "held": to_ms(held.due_at),
            "due": to_ms(due_at),
            "ageing": AGEING_MS,
            "page": PAGE_FIRST,
            "quiet": QUIET_HOURS,
        }
        letters = f"SELECT outbox.id FROM {_HELD} AND outbox.chat = :chat AND due_at = :held"  # noqa: S608 -- a constant
        rows = self._db.execute(
            f"""
            UPDATE outbox SET due_at = :due, rank = :due + priority * :ageing
            WHERE id IN ({letters}) RETURNING kind, alert_id
            """,  # noqa: S608 -- a constant
            values,
        ).fetchall()
        for kind, alert in rows:
            if kind == "alert":
                self._db.execute(
                    "UPDATE alert SET rings_at = ? WHERE id = ?", [to_ms(due_at), alert]
                )
        return len(rows)

    def put_off_late(self, peer: str, now: datetime, waits: Waits) -> int:
        """Hold back what is due for *peer* and *waits*; answer how many letters that are."""
        values = {
            "peer": peer,
            "now": to_ms(now),
            "page": PAGE_FIRST,
            "quiet": QUIET_HOURS,
            "ageing": AGEING_MS,
        }
        late = [
            values | {"id": letter, "alert": alert, "due": to_ms(until)}
            for letter, alert, chat, planned in self._db.execute(_LATE, values).fetchall()
            if (until := waits(chat, from_ms(planned))) is not None
        ]
        # What failed before then says nothing about how long it has failed after.
        self._db.conn.executemany(
            """
            UPDATE outbox SET due_at = :due, rank = :due + priority * :ageing, why = :quiet,
                failures = 0, failing_since = NULL
            WHERE id = :id
            """,
            late,
        )
        self._db.conn.executemany(
            "UPDATE alert SET held_why = :quiet, rings_at = :due WHERE id = :alert", late
        )
        return len(late)

    def folded(self) -> Folded:
        """Answer how many digests there are, and of how many alerts they tell."""
        row = self._db.execute(
            """
            SELECT count(DISTINCT folded_into), count(*) FROM outbox WHERE folded_into IS NOT NULL
            """
        ).fetchone()
        return Folded(*row)


# Of a reply, `why` says until its first attempt what holds it back; of what was put off, always.
_HELD = """
outbox JOIN alert ON alert.id = alert_id
WHERE state IN ('pending', 'parked') AND (attempts = 0 OR why = :quiet) AND folded_into IS NULL
    AND ((kind = 'alert' AND held_why <> :page)
        OR (kind = 'reply' AND state = 'pending' AND why IS NOT NULL))
"""

# When it was to ring: a person may have asked for it since. What high priority stands below goes.
_LATE = """
SELECT outbox.id, CASE kind WHEN 'alert' THEN alert_id END, outbox.chat, CASE
    WHEN why = :quiet OR returned OR (attempts > 0 AND why IS NULL) THEN due_at
    WHEN kind = 'alert' AND held_why <> :page THEN rings_at
    WHEN kind = 'alert' THEN decided_at
    WHEN kind = 'reply' AND attempts = 0 THEN due_at
    ELSE created_at END
FROM outbox LEFT JOIN alert ON alert.id = alert_id
WHERE peer = :peer AND due_at <= :now AND state = 'pending' AND priority >= 2
    AND kind IN ('alert', 'reply', 'digest') AND notice IS NULL AND doubts = 0
    AND NOT (kind = 'alert' AND EXISTS (
        SELECT 1 FROM outbox AS high WHERE high.alert_id = alert.id AND high.kind = 'reply'
            AND high.state = 'pending' AND high.priority < 2))
"""
