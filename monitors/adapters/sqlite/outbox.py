"""What is decided and not yet confirmed as delivered."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, moment
from monitors.alerts.buttons import Button, alert_buttons
from monitors.pipeline.records import Kind, Letter, OutboxId, Settled, State
from monitors.times import to_ms

_INTERRUPTED = "Newsbell was stopped while it was being sent"


class SqliteOutbox:
    """Implements `pipeline.rows.OutboxRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def recover(self, now: datetime) -> int:
        """Put in doubt what was on its way when Newsbell was stopped; answer how many."""
        self._db.execute(
            """
            INSERT INTO delivery_attempt (outbox_id, number, at, outcome, why)
            SELECT id, attempts, ?, 'in doubt', ? FROM outbox WHERE state = 'sending'
            """,
            [to_ms(now), _INTERRUPTED],
        )
        return self._db.execute(
            """
            UPDATE outbox SET state = 'in doubt', doubts = doubts + 1, why = ?, due_at = ?
            WHERE state = 'sending'
            """,
            [_INTERRUPTED, to_ms(now)],
        ).rowcount

    def unpark(self, most_doubts: int | None) -> None:
        """Try again what chats would not take, each letter when it is due.

        Leave alone what was in doubt *most_doubts* times; None means that nothing is.
        """
        self._db.execute(
            """
            UPDATE outbox SET state = 'pending'
            WHERE state = 'parked' AND (:most IS NULL OR doubts < :most)
            """,
            {"most": most_doubts},
        )

    def hold(self, chat: str, until: datetime) -> None:
        """Write nothing to *chat* before *until*."""
        self._db.execute(
            """
            INSERT INTO chat_pace VALUES (?, ?) ON CONFLICT (chat) DO UPDATE
            SET free_at = max(free_at, excluded.free_at)
            """,
            [chat, to_ms(until)],
        )

    def claim(self, now: datetime, limit: int) -> tuple[Letter, ...]:
        """Take the first due letter of each free chat, marked as on its way.

        High priority goes first, then alerts before revisions of older ones, then age.
        """
        rows = list(self._db.query(_FIRST_DUE, {"now": to_ms(now), "limit": limit}))
        letters = tuple(_letter(row) for row in rows)
        for letter in letters:
            self._db.execute(
                "UPDATE outbox SET state = 'sending', attempts = ?, version = ? WHERE id = ?",
                [letter.attempt, letter.version, letter.id],
            )
            # It brings the newest version: what else waits to revise the message is not needed.
            self._db.execute(
                """
                UPDATE outbox SET state = 'dropped', why = 'a newer revision brings it'
                WHERE kind = 'revision' AND alert_id = (SELECT alert_id FROM outbox WHERE id = ?)
                    AND id <> ? AND state IN ('pending', 'in doubt', 'parked')
                """,
                [letter.id, letter.id],
            )
        return letters

    def settle(self, letter: Letter, settled: Settled, now: datetime, took_ms: int) -> None:
        """Remember how an attempt ended, unless it was taken from us meanwhile."""
        sent = settled.state is State.SENT
        changed = self._db.execute(
            """
            UPDATE outbox SET state = ?, doubts = doubts + ?, why = ?,
                due_at = coalesce(?, due_at), sent_at = ?
            WHERE id = ? AND state = 'sending' AND attempts = ?
            """,
            [
                settled.state.value,
                settled.doubtful,
                settled.why,
                None if settled.due_at is None else to_ms(settled.due_at),
                to_ms(now) if sent else None,
                letter.id,
                letter.attempt,
            ],
        )
        if changed.rowcount == 0:
            return
        self._db.execute(
            "INSERT INTO delivery_attempt VALUES (?, ?, ?, ?, ?, ?)",
            [letter.id, letter.attempt, to_ms(now), took_ms, settled.outcome, settled.why],
        )
        if settled.chat_free_at is not None:
            self._db.execute(
                "INSERT OR REPLACE INTO chat_pace VALUES (?, ?)",
                [letter.chat, to_ms(settled.chat_free_at)],
            )
        if settled.state is State.DROPPED:
            # The message is gone: further revisions need not ask Telegram to find that out.
            self._db.execute(
                """
                UPDATE alert SET destination = 'gone'
                WHERE id = (SELECT alert_id FROM outbox WHERE id = ?)
                """,
                [letter.id],
            )
        if sent:
            self._db.execute(
                """
                UPDATE alert SET message_id = ?, destination = ?
                WHERE id = (SELECT alert_id FROM outbox WHERE id = ?)
                """,
                [settled.message_id, settled.destination, letter.id],
            )
            self._move(letter.chat, "'parked'", State.PENDING, None)
        elif settled.whole_chat:
            self._move(letter.chat, "'pending', 'in doubt'", State.PARKED, settled.why)

    def notify(
        self,
        chats: Sequence[str],
        text: str,
        now: datetime,
        due_at: datetime | None = None,
        buttons: Sequence[Button] = (),
    ) -> None:
        """Put a notice to each of *chats* into the outbox, unless it is still waiting there."""
        for chat in chats:
            self._db.execute(
                """
                INSERT INTO outbox (chat, kind, version, notice, buttons, high, state, due_at,
                    created_at)
                SELECT :chat, 'notice', 1, :text, :buttons, 1, 'pending', :due, :now
                WHERE NOT EXISTS (
                    SELECT 1 FROM outbox WHERE chat = :chat AND notice = :text
                        AND state NOT IN ('sent', 'dropped'))
                """,
                {
                    "chat": chat,
                    "text": text,
                    "buttons": json.dumps([[one.label, one.data] for one in buttons]),
                    "now": to_ms(now),
                    "due": to_ms(due_at or now),
                },
            )

    def waiting(self, now: datetime) -> int:
        """Answer how many letters are due, whether or not their chat may be written to yet."""
        row = self._db.execute(
            """
            SELECT count(*) FROM outbox
            WHERE state = 'sending' OR (state IN ('pending', 'in doubt') AND due_at <= ?)
            """,
            [to_ms(now)],
        ).fetchone()
        return int(row[0])

    def counts(self) -> Mapping[str, int]:
        """Answer how many rows are in each state."""
        rows = self._db.execute("SELECT state, count(*) FROM outbox GROUP BY state")
        return {row[0]: row[1] for row in rows}

    def _move(self, chat: str, states: str, to: State, why: str | None) -> None:
        self._db.execute(
            f"UPDATE outbox SET state = ?, why = ? WHERE chat = ? AND state IN ({states})",  # noqa: S608 -- constants
            [to.value, why, chat],
        )


_FIRST_DUE = """
WITH due AS (
    SELECT outbox.*, free_at, row_number() OVER (
        PARTITION BY outbox.chat ORDER BY high DESC, kind = 'revision', outbox.id
    ) AS place
    FROM outbox LEFT JOIN chat_pace USING (chat)
    WHERE state IN ('pending', 'in doubt') AND due_at <= :now AND coalesce(free_at, 0) <= :now
        AND NOT EXISTS (
            -- The second condition lets SQLite use the index of what is open.
            SELECT 1 FROM outbox AS other WHERE other.chat = outbox.chat
                AND other.state = 'sending' AND other.state NOT IN ('sent', 'dropped'))
)
SELECT due.*, content, message_id, destination, alert.version AS newest,
    (SELECT 1 FROM story JOIN alert AS earlier ON earlier.story_id = story.related_to
        WHERE story.id = alert.story_id AND earlier.chat = alert.chat) AS related,
    (SELECT first.doubts FROM outbox AS first
        WHERE first.alert_id = alert.id AND first.kind = 'alert') AS told_doubts
FROM due LEFT JOIN alert ON alert.id = alert_id WHERE place = 1 ORDER BY due.id LIMIT :limit
"""


def _letter(row: dict[str, Any]) -> Letter:
    kind = Kind(row["kind"])
    content = row["content"]
    return Letter(
        id=OutboxId(row["id"]),
        chat=row["chat"],
        kind=kind,
        content=None if content is None else from_json(content),
        notice=row["notice"],
        version=row["newest"] or row["version"],
        message_id=row["message_id"] if kind is Kind.REVISION else None,
        destination=row["destination"] if kind is Kind.REVISION else None,
        attempt=row["attempts"] + 1,
        doubts=row["doubts"],
        marked=(row["told_doubts"] or 0) > 0,
        chat_free_at=moment(row["free_at"]),
        buttons=_buttons(row),
    )


def _buttons(row: dict[str, Any]) -> tuple[Button, ...]:
    if row["content"] is None:
        return tuple(Button(label, data) for label, data in json.loads(row["buttons"] or "[]"))
    return alert_buttons(row["alert_id"], from_json(row["content"]), related=bool(row["related"]))
