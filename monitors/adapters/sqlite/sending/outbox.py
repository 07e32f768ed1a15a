"""What is decided and not yet confirmed as delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitors.adapters.sqlite.columns import keyboard_json, read_keyboard
from monitors.adapters.sqlite.sending.folding import fold_due, members, place_digest
from monitors.adapters.sqlite.sending.held import SqliteHeld
from monitors.adapters.sqlite.sending.letters import letter_of, rows_of
from monitors.adapters.sqlite.sending.queue import AGEING_MS, enqueue, queue_revision
from monitors.alerts.destinations import EVERYWHERE, GONE, PRINTED, counter_of
from monitors.alerts.pacing import TELEGRAM_PACE, Pace
from monitors.pipeline.records import (
    AlertId,
    Kind,
    Letter,
    Notice,
    Priority,
    Settled,
    State,
)
from monitors.times import from_ms, to_ms

_BRINGS_THE_NEWEST = (Kind.ALERT, Kind.REVISION)
_INTERRUPTED = "Newsbell was stopped while it was being sent"
# Past the last known number there may be the letter, and messages of people not heard of yet.
_BEYOND = 3
_MOST_PROBES = 20


class SqliteOutbox(SqliteHeld):
    """Implements `pipeline.telling.rows.OutboxRows`."""

    def recover(self, now: datetime) -> int:
        """Put in doubt what was on its way when Newsbell was stopped; answer how many."""
        at = to_ms(now)
        self._db.execute(
            """
            INSERT INTO delivery_attempt (outbox_id, number, at, outcome, why)
            SELECT id, attempts, ?,
                CASE WHEN editing OR kind = 'revision' OR probing THEN 'stopped'
                    ELSE 'in doubt' END, ?
            FROM outbox WHERE state = 'sending'
            """,
            [at, _INTERRUPTED],
        )
        # A change of a message is the same when it is made twice, and a question is no letter.
        doubtful = self._db.execute(
            """
            UPDATE outbox SET state = 'in doubt', doubts = doubts + NOT probing, why = ?,
                due_at = ?, guess = guess - probing, probing = 0
            WHERE state = 'sending' AND NOT (editing OR kind = 'revision')
            """,
            [_INTERRUPTED, at],
        ).rowcount
        self._db.execute("UPDATE outbox SET state = 'pending' WHERE state = 'sending'")
        self.forget_messages(now)
        return doubtful

    def claim(
        self, now: datetime, limit: int, pace: Pace = TELEGRAM_PACE, *, probing: bool = True
    ) -> tuple[Letter, ...]:
        """Take the first due letter of each peer that may be written to, marked as on its way.

        Nothing passes a letter in doubt. Where that can be looked for, the letter says which
        message is to be asked about.

        Args:
            now: aware UTC.
            limit: most letters.
            pace: how fast a peer may be written to.
            probing: whether letters in doubt are looked for.
        """
        rows = self._claimable(now, limit, pace)
        return tuple(self._take(row, now, pace, probing=probing) for row in rows)

    def settle(
        self,
        letter: Letter,
        settled: Settled,
        now: datetime,
        took_ms: int,
        pace: Pace = TELEGRAM_PACE,
    ) -> None:
        """Remember how an attempt ended, unless it was taken from us meanwhile."""
        sent = settled.state is State.SENT
        at = to_ms(now)
        changed = self._db.execute(
            """
            UPDATE outbox SET state = :state, why = :why, probing = 0,
                guess = CASE WHEN :answered THEN guess ELSE guess - probing END,
                doubts = CASE WHEN :cleared THEN 0 ELSE doubts + :doubtful END,
                failures = CASE WHEN :sent THEN 0 ELSE failures + :failed END,
                failing_since = CASE WHEN :sent THEN NULL
                    WHEN :failed THEN coalesce(failing_since, :now) ELSE failing_since END,
                floor = CASE WHEN NOT :blind THEN floor END,
                due_at = coalesce(:due, due_at), sent_at = CASE WHEN :sent THEN :now END
            WHERE id = :id AND state = 'sending' AND attempts = :attempt
            """,
            {
                "state": settled.state.value,
                "why": settled.why,
                "answered": settled.answered,
                "cleared": settled.cleared,
                "doubtful": settled.doubtful,
                "failed": settled.failed,
                "blind": settled.blind,
                "sent": sent,
                "now": at,
                "due": None if settled.due_at is None else to_ms(settled.due_at),
                "id": letter.id,
                "attempt": letter.attempt,
            },
        )
        if changed.rowcount == 0:
            return
        self._db.execute(
            "INSERT INTO delivery_attempt VALUES (?, ?, ?, ?, ?, ?)",
            [letter.id, letter.attempt, at, took_ms, settled.outcome, settled.why],
        )
        self._count_calls(letter, settled, now, pace)
        self._place(letter, settled, now)
        if sent:
            self._takes(letter.peer)
        elif settled.whole_chat:
            self._park(letter.peer, settled.why, now)
        if settled.moved_to is not None:
            self.move(letter.peer, settled.moved_to, now)

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
        """Put a notice to each of *chats* into the outbox, unless it is still waiting there."""
        rich = Notice.plain(notice) if isinstance(notice, str) else notice
        for chat in chats:
            if not self._waits(chat, rich):
                enqueue(self._db, chat, kind, priority, now=now, due_at=due_at or now, notice=rich)

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

    def _claimable(self, now: datetime, limit: int, pace: Pace) -> list[dict[str, Any]]:
        """Answer the heads of the peers; a message that was changed just now waits its time."""
        while True:
            values = {"now": to_ms(now), "limit": limit, "ageing": 5 * AGEING_MS}
            heads = [row[0] for row in self._db.execute(HEADS, values | {"all": EVERYWHERE})]
            rows = rows_of(self._db, heads) if heads else []
            if self._folds(rows, now, pace):
                continue
            early = [row for row in rows if self._is_early(row, now, pace)]
            if not early:
                return rows
            for row in early:
                again = to_ms(from_ms(row["edited_at"]) + pace.edit_every)
                self._db.execute("UPDATE outbox SET due_at = ? WHERE id = ?", [again, row["id"]])

    def _folds(self, rows: Sequence[dict[str, Any]], now: datetime, pace: Pace) -> bool:
        """Answer whether something is told in digests from now on that would be sent now."""
        peers = {row["peer"] for row in rows if _may_be_folded(row)}
        return any(fold_due(self._db, peer, now, pace) for peer in peers)

    def _is_early(self, row: dict[str, Any], now: datetime, pace: Pace) -> bool:
        if row["kind"] != Kind.REVISION.value or not row["editing"] or row["edited_at"] is None:
            return False
        return from_ms(row["edited_at"]) + pace.edit_every > now

    def _take(self, row: dict[str, Any], now: datetime, pace: Pace, *, probing: bool) -> Letter:
        letter = letter_of(self._db, row)
        counter = counter_of(letter.peer)
        if row["doubts"] and probing and counter:
            letter = self._looked_for(letter, row, counter)
        floor = row["floor"] if letter.probe else self._latest(counter)
        self._db.execute(
            """
            UPDATE outbox SET state = 'sending', attempts = :attempt, version = :version,
                doubts = :doubts, floor = :floor, keyboard = :keyboard, probing = :probing,
                guess = CASE WHEN :probing THEN :probe END,
                probes = CASE WHEN :probing THEN probes + 1 ELSE 0 END
            WHERE id = :id
            """,
            {
                "attempt": letter.attempt,
                "version": letter.version,
                "doubts": letter.doubts,
                "floor": floor,
                "keyboard": keyboard_json(letter.buttons),
                "probing": letter.probe is not None,
                "probe": letter.probe,
                "id": letter.id,
            },
        )
        self._spend(letter.peer, [(now, bool(row["editing"]))], now, pace, known_last=False)
        if letter.kind in _BRINGS_THE_NEWEST and letter.probe is None:
            # What else waits to revise the message is not needed.
            self._db.execute(
                """
                UPDATE outbox SET state = 'dropped', why = 'a newer revision brings it'
                WHERE kind = 'revision' AND id <> :id
                    AND alert_id = (SELECT alert_id FROM outbox WHERE id = :id)
                    AND state IN ('pending', 'in doubt', 'parked')
                """,
                {"id": letter.id},
            )
        return letter

    def _looked_for(self, letter: Letter, row: dict[str, Any], counter: str) -> Letter:
        """Answer *letter* with the message to ask about.

        Where all have been asked about, it certainly did not arrive. Where it cannot be looked
        for, it stays in doubt, and names no message.
        """
        sent_with = read_keyboard(row["keyboard"])
        if row["floor"] is None or not sent_with or row["probes"] >= _MOST_PROBES:
            return letter
        others = self._db.execute(_SHARING, [letter.id]).fetchone()[0]
        top = max(row["floor"], self._latest(counter) or 0) + _BEYOND
        top += others if counter == "bot" else 0
        known = {
            found[0]
            for found in self._db.execute(
                """
                SELECT message_id FROM seen_message
                WHERE counter = ? AND message_id > ? ORDER BY message_id LIMIT 2000
                """,
                [counter, row["floor"]],
            )
        }
        first = max(row["floor"], row["guess"] or 0) + 1
        unowned = next((number for number in range(first, top + 1) if number not in known), None)
        if unowned is None:
            return replace(letter, doubts=0, marked=False)
        return replace(letter, probe=unowned, buttons=sent_with)

    def _latest(self, counter: str | None) -> int | None:
        row = self._db.execute(
            "SELECT max(message_id) FROM seen_message WHERE counter = ?", [counter]
        ).fetchone()
        number: int | None = row[0]
        return number

    def _count_calls(self, letter: Letter, settled: Settled, now: datetime, pace: Pace) -> None:
        row = self._db.execute("SELECT editing FROM outbox WHERE id = ?", [letter.id]).fetchone()
        calls = [(now, bool(row[0]))] * settled.calls
        self._spend(letter.peer, calls, now, pace, known_last=True)
        if settled.hold_until is not None:
            self.hold(letter.peer, settled.hold_until, settled.why)
        for number in (settled.message_id, settled.seen):
            if number is not None and number.isdecimal():
                self.saw(letter.peer, int(number))

    def _place(self, letter: Letter, settled: Settled, now: datetime) -> None:
        """Remember which message shows a letter, and have those of related stories name it."""
        message_id, destination = settled.message_id, settled.destination
        sent = settled.state is State.SENT
        if letter.digest is not None:
            self._place_digest(letter, settled, now)
            return
        if letter.kind not in _BRINGS_THE_NEWEST:
            self._db.execute("UPDATE outbox SET shown_as = ? WHERE id = ?", [message_id, letter.id])
            return
        if settled.state is State.DROPPED:
            # The message is gone: further revisions need not ask Telegram to find that out.
            message_id, destination = letter.message_id, GONE
        elif not sent:
            return
        self._db.execute(
            """
            UPDATE alert SET message_id = :message, destination = :destination,
                edited_at = CASE WHEN :edited THEN :now ELSE edited_at END
            WHERE id = (SELECT alert_id FROM outbox WHERE id = :id)
            """,
            {
                "message": message_id,
                "destination": destination,
                "edited": sent and letter.kind is Kind.REVISION,
                "now": to_ms(now),
                "id": letter.id,
            },
        )
        if letter.kind is Kind.ALERT:
            row = self._db.execute(
                "SELECT alert_id FROM outbox WHERE id = ?", [letter.id]
            ).fetchone()
            self._name(row[0], now)

    def _place_digest(self, letter: Letter, settled: Settled, now: datetime) -> None:
        """Remember which message shows a digest, or that it is gone."""
        row = self._db.execute(
            "SELECT coalesce(revises, id) FROM outbox WHERE id = ?", [letter.id]
        ).fetchone()
        digest: int = row[0]
        if settled.state is State.DROPPED and letter.kind is Kind.REVISION:
            place_digest(self._db, digest, letter.message_id, GONE)
        elif settled.state is State.SENT and letter.kind is Kind.REVISION:
            self._db.execute("UPDATE digest SET edited_at = ? WHERE id = ?", [to_ms(now), digest])
        elif settled.state is State.SENT:
            self._db.execute(
                "UPDATE outbox SET shown_as = ? WHERE id = ?", [settled.message_id, letter.id]
            )
            place_digest(self._db, digest, settled.message_id, settled.destination or GONE)
            for alert in members(self._db, digest):
                self._name(alert, now)

    def _name(self, alert: int, now: datetime) -> None:
        """Have the messages of stories that are related to that of *alert* name its message."""
        rows = self._db.execute(_RELATED_MESSAGES, {"alert": alert, "printed": PRINTED})
        for row in rows.fetchall():
            queue_revision(self._db, AlertId(row[0]), now)


def _may_be_folded(row: dict[str, Any]) -> bool:
    return (
        row["state"] == State.PENDING.value
        and row["kind"] in {Kind.ALERT.value, Kind.REPLY.value, Kind.DIGEST.value}
        and row["priority"] >= Priority.ALERT
        and row["doubts"] == 0
    )


# Others whose messages may have the numbers that private chats and basic groups share.
_SHARING = """
SELECT count(*) FROM outbox WHERE state IN ('in doubt', 'sending') AND id <> ?
    AND peer GLOB '[-0-9]*' AND CAST(peer AS INTEGER) > -1000000000000
"""

# A reply waits for what tells of its alert, unless the chat does not take that. One of high
# priority waits for no digest. No letter is due
# whose rank is further ahead than the least urgent is put back.
_HEAD_OF = """
SELECT id, rank FROM outbox
WHERE peer = one.peer AND state = 'pending' AND editing = {editing}
    AND rank <= :now + :ageing AND due_at <= :now AND one.{free_at} <= :now
    AND NOT (kind = 'reply' AND EXISTS (
        SELECT 1 FROM told
        WHERE told.alert_id = outbox.alert_id AND told.state IN ('pending', 'in doubt')
            AND (told.folded_into IS NULL OR outbox.priority > 1)))
ORDER BY rank, id LIMIT 1
"""

HEADS = f"""
WITH heads AS (
    SELECT CASE WHEN EXISTS (
        SELECT 1 FROM outbox WHERE peer = one.peer AND state = 'in doubt')
    THEN (
        SELECT id FROM outbox WHERE peer = one.peer AND state = 'in doubt' AND due_at <= :now
            AND one.free_at <= :now ORDER BY rank, id LIMIT 1)
    ELSE (
        SELECT id FROM (
            SELECT * FROM ({_HEAD_OF.format(editing=0, free_at="free_at")})
            UNION ALL
            SELECT * FROM ({_HEAD_OF.format(editing=1, free_at="edit_at")}))
        ORDER BY rank, id LIMIT 1)
    END AS id
    FROM peer AS one
    WHERE parked_why IS NULL AND hold_until <= :now
        AND NOT (one.peer GLOB '[-@0-9]*' AND EXISTS (
            SELECT 1 FROM peer WHERE peer = :all AND hold_until > :now))
        AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE peer = one.peer AND state = 'sending')
)
SELECT outbox.id FROM heads JOIN outbox USING (id) ORDER BY rank, outbox.id LIMIT :limit
"""  # noqa: S608 -- constants

# A terminal leaves what it has printed.
_RELATED_MESSAGES = """
WITH told AS (
    SELECT id, reply_to, destination FROM alert WHERE id = :alert
)
SELECT alert.id FROM told JOIN alert ON alert.id = told.reply_to
WHERE alert.message_id <> :printed AND alert.destination = told.destination
UNION ALL
SELECT alert.id FROM told JOIN alert ON alert.reply_to = told.id
WHERE alert.message_id <> :printed AND alert.destination = told.destination
"""
