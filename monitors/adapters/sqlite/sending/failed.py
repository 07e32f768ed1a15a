"""What did not arrive and will not by itself, and what people say shall become of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitors.adapters.sqlite.columns import (
    from_json,
    marks,
    moment,
    notice_json,
    read_keyboard,
    read_notice,
)
from monitors.adapters.sqlite.sending.folding import place_digest
from monitors.adapters.sqlite.sending.letters import letter_of, rows_of
from monitors.adapters.sqlite.sending.peers import SqlitePeers
from monitors.adapters.sqlite.sending.queue import drop_orphans
from monitors.pipeline.records import Kind, Letter, Notice, OutboxId, State
from monitors.pipeline.telling.failed import Doubts, FailedRow
from monitors.times import from_ms, to_ms

_TITLE_LIMIT = 120
_MOST_UNPLACED = 8
_DROPPED = "dropped by a person"
_FAILED = "('parked', 'in doubt', 'dead')"


class SqliteFailed(SqlitePeers):
    """The part of `pipeline.telling.rows.OutboxRows` that is about what failed."""

    def failed(self, limit: int) -> tuple[FailedRow, ...]:
        """Answer what is dead, parked or in doubt, the newest first."""
        rows = self._db.query(
            f"""
            SELECT outbox.*, alert.content, digest.total, (
                SELECT max(at) FROM delivery_attempt WHERE outbox_id = outbox.id) AS failed_at
            FROM outbox LEFT JOIN alert ON alert.id = alert_id
                LEFT JOIN digest ON digest.id = outbox.id
            WHERE state IN {_FAILED} ORDER BY outbox.id DESC LIMIT ?
            """,  # noqa: S608 -- a constant
            [limit],
        )
        return tuple(_failed(row) for row in rows)

    def retry(self, letters: Sequence[OutboxId] | None, now: datetime) -> int:
        """Send *letters* that failed, or all of them; answer how many there were.

        A chat that takes nothing is asked again.
        """
        rows = self._those(letters)
        for number, _, peer in rows:
            self._db.execute(
                """
                UPDATE outbox SET failures = 0, failing_since = NULL, why = NULL, due_at = :now,
                    state = CASE WHEN state = 'in doubt' THEN state ELSE 'pending' END,
                    doubts = CASE WHEN state = 'dead' THEN min(doubts, 1) ELSE doubts END
                WHERE id = :id
                """,
                {"id": number, "now": to_ms(now)},
            )
            self.let_in(peer)
        return len(rows)

    def drop(self, letters: Sequence[OutboxId] | None) -> int:
        """Never send *letters* that failed, or any of them; answer how many there were."""
        rows = self._those(letters)
        for number, _, _ in rows:
            self._db.execute(
                "UPDATE outbox SET state = 'dropped', why = ? WHERE id = ?", [_DROPPED, number]
            )
            drop_orphans(self._db, OutboxId(number))
        return len(rows)

    def pick_up(self, letter: OutboxId) -> bool:
        """Keep a letter among those that failed that a person has dropped; False if none has."""
        picked_up = self._db.execute(
            """
            UPDATE outbox SET state = 'dead', why = 'was dropped by a person, who took that back'
            WHERE id = ? AND state = 'dropped' AND why = ?
            """,
            [letter, _DROPPED],
        )
        return picked_up.rowcount > 0

    def doubts(self) -> Doubts:
        """Answer how often answers were lost, and what became of that."""
        rows = self._db.execute(
            """
            SELECT outcome, count(*) FROM delivery_attempt
            WHERE outcome IN ('in doubt', 'found', 'sent again') GROUP BY outcome
            """
        )
        counts = {row[0]: row[1] for row in rows}
        return Doubts(
            doubts=counts.get("in doubt", 0),
            found=counts.get("found", 0),
            sent_again=counts.get("sent again", 0),
        )

    def unplaced(self, letter: Letter) -> tuple[Letter, ...]:
        """Answer the newest letters to the peer of *letter* that may be messages unknown to us."""
        rows = self._db.execute(
            """
            SELECT id FROM outbox WHERE peer = ? AND id <> ? AND doubts > 0
                AND state NOT IN ('pending', 'sending') AND keyboard IS NOT NULL
            ORDER BY id DESC LIMIT ?
            """,
            [letter.peer, letter.id, _MOST_UNPLACED],
        )
        found = rows_of(self._db, [row[0] for row in rows])
        return tuple(
            replace(letter_of(self._db, row), marked=False, buttons=read_keyboard(row["keyboard"]))
            for row in found
        )

    def adopt(self, letter: OutboxId, message_id: str, destination: str, now: datetime) -> None:
        """Remember that *letter*, which was given up, has arrived as *message_id*."""
        row = self._db.execute(
            """
            UPDATE outbox SET state = 'sent', sent_at = ?, doubts = 0, why = NULL, shown_as = ?
            WHERE id = ? AND state IN ('dead', 'in doubt', 'parked') RETURNING alert_id, kind
            """,
            [to_ms(now), message_id, letter],
        ).fetchone()
        if row is not None and row[1] == Kind.ALERT.value:
            self._db.execute(
                "UPDATE alert SET message_id = ?, destination = ? WHERE id = ?",
                [message_id, destination, row[0]],
            )
        elif row is not None and row[1] == Kind.DIGEST.value:
            place_digest(self._db, letter, message_id, destination)

    def _those(self, letters: Sequence[OutboxId] | None) -> list[tuple[int, str, str]]:
        chosen = "" if letters is None else f"AND id IN ({marks(letters)})"
        return self._db.execute(
            f"SELECT id, state, peer FROM outbox WHERE state IN {_FAILED} {chosen}",  # noqa: S608 -- question marks
            [*(letters or ())],
        ).fetchall()

    def _waits(self, chat: str, notice: Notice) -> bool:
        """Answer whether *notice* is still to be sent to *chat*."""
        row = self._db.execute(
            """
            SELECT 1 FROM outbox WHERE chat = ? AND state NOT IN ('sent', 'dropped')
                AND state <> 'dead' AND notice = ?
            """,
            [chat, notice_json(notice)],
        ).fetchone()
        return row is not None


def _failed(row: dict[str, Any]) -> FailedRow:
    content = row["reply"] or row["content"]
    if content:
        title = from_json(content).headline.text
    elif row["total"] is not None:
        title = f"{row['total']} stories in digests"
    else:
        title = read_notice(row["notice"]).words if row["notice"] else ""
    return FailedRow(
        id=OutboxId(row["id"]),
        kind=Kind(row["kind"]),
        chat=row["chat"],
        state=State(row["state"]),
        title=title[:_TITLE_LIMIT],
        why=row["why"],
        created_at=from_ms(row["created_at"]),
        failed_at=moment(row["failed_at"]),
    )
