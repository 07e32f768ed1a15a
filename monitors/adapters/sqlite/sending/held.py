"""What is held back for chats."""

from datetime import datetime

from monitors.adapters.sqlite.sending.failed import SqliteFailed
from monitors.adapters.sqlite.sending.queue import AGEING_MS
from monitors.alerts.decision import PAGE_FIRST
from monitors.pipeline.telling.failed import Folded, HeldBack
from monitors.times import from_ms, to_ms


class SqliteHeld(SqliteFailed):
    """The part of `pipeline.telling.rows.OutboxRows` that is about what is held back."""

    def held_back(self) -> tuple[HeldBack, ...]:
        """Answer for which chats something is held back, and until when."""
        rows = self._db.execute(
            f"SELECT DISTINCT outbox.chat, due_at FROM {_HELD} ORDER BY outbox.chat, due_at",  # noqa: S608 -- a constant
            {"page": PAGE_FIRST},
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

    def folded(self) -> Folded:
        """Answer how many digests there are, and of how many alerts they tell."""
        row = self._db.execute(
            """
            SELECT count(DISTINCT folded_into), count(*) FROM outbox WHERE folded_into IS NOT NULL
            """
        ).fetchone()
        return Folded(*row)


# Of a reply, `why` says until its first attempt what holds it back.
_HELD = """
outbox JOIN alert ON alert.id = alert_id
WHERE state IN ('pending', 'parked') AND attempts = 0 AND folded_into IS NULL AND (
    (kind = 'alert' AND held_why <> :page)
    OR (kind = 'reply' AND state = 'pending' AND why IS NOT NULL))
"""
