"""What is decided and not yet confirmed as delivered."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from monitors.adapters.sqlite.columns import keyboard_json, read_keyboard
from monitors.adapters.sqlite.sending.folding import fold_due
from monitors.adapters.sqlite.sending.held import SqliteHeld
from monitors.adapters.sqlite.sending.letters import letter_of, rows_of
from monitors.adapters.sqlite.sending.placing import BRINGS_THE_NEWEST, place
from monitors.adapters.sqlite.sending.queue import AGEING_MS, enqueue
from monitors.alerts.destinations import EVERYWHERE, counter_of
from monitors.alerts.pacing import TELEGRAM_PACE, Pace
from monitors.pipeline.records import (
    Kind,
    Letter,
    Notice,
    Priority,
    Settled,
    State,
)
from monitors.pipeline.telling.rows import Waits
from monitors.times import from_ms, to_ms

_INTERRUPTED = "Newsbell was stopped while it was being sent"
# Past the last known number there may be the letter, and messages of people not heard of yet.
_BEYOND = 3
_MOST_PROBES = 24


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
        self,
        now: datetime,
        limit: int,
        pace: Pace = TELEGRAM_PACE,
        *,
        probing: bool = True,
        waits: Waits | None = None,
    ) -> tuple[Letter, ...]:
        """Take the first due letter of each peer that may be written to, marked as on its way.

        Nothing passes a letter in doubt. Where that can be looked for, the letter says which
        message is to be asked about.

        Args:
            now: aware UTC.
            limit: most letters.
            pace: how fast a peer may be written to.
            probing: whether letters in doubt are looked for.
            waits: what may not ring now, and until when.
        """
        rows = self._claimable(now, limit, pace, waits)
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
        if not self._remember(letter, settled, now):
            return
        self._db.execute(
            "INSERT INTO delivery_attempt VALUES (?, ?, ?, ?, ?, ?)",
            [letter.id, letter.attempt, to_ms(now), took_ms, settled.outcome, settled.why],
        )
        self._count_calls(letter, settled, now, pace)
        place(self._db, letter, settled, now)
        if settled.state is State.SENT:
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

    def _claimable(
        self, now: datetime, limit: int, pace: Pace, waits: Waits | None
    ) -> list[dict[str, Any]]:
        """Answer the heads of the peers; a message that was changed just now waits its time."""
        while True:
            values = {"now": to_ms(now), "limit": limit, "ageing": max(Priority) * AGEING_MS}
            heads = [row[0] for row in self._db.execute(HEADS, values | {"all": EVERYWHERE})]
            rows = rows_of(self._db, heads) if heads else []
            peers = {row["peer"] for row in rows if _may_be_folded(row)}
            if waits and sum(self.put_off_late(peer, now, waits) for peer in peers):
                continue
            # Something is told in digests from now on that would be sent now.
            if any(fold_due(self._db, peer, now, pace) for peer in peers):
                continue
            early = [row for row in rows if self._is_early(row, now, pace)]
            if not early:
                return rows
            for row in early:
                again = to_ms(from_ms(row["edited_at"]) + pace.edit_every)
                self._db.execute("UPDATE outbox SET due_at = ? WHERE id = ?", [again, row["id"]])

    def _is_early(self, row: dict[str, Any], now: datetime, pace: Pace) -> bool:
        if row["kind"] != Kind.REVISION.value or not row["editing"] or row["edited_at"] is None:
            return False
        return from_ms(row["edited_at"]) + pace.edit_every > now

    def _take(self, row: dict[str, Any], now: datetime, pace: Pace, *, probing: bool) -> Letter:
        letter = letter_of(self._db, row)
        counter = counter_of(letter.peer)
        if row["doubts"] and probing and counter:
            letter = self._looked_for(letter, row, counter)
        ceiling = self._ceiling(row, counter) if letter.probe else None
        floor = row["floor"] if letter.probe else self._latest(counter)
        self._db.execute(
            """
            UPDATE outbox SET state = 'sending', attempts = :attempt,
                version = CASE WHEN :probing THEN version ELSE :version END,
                doubts = :doubts, floor = :floor, ceiling = :ceiling,
                keyboard = :keyboard, probing = :probing,
                guess = CASE WHEN :probing THEN :probe END,
                unsought = CASE WHEN :probing THEN unsought ELSE :doubts END,
                probes = CASE WHEN :probing THEN probes + 1 ELSE 0 END
            WHERE id = :id
            """,
            {
                "attempt": letter.attempt,
                "version": letter.version,
                "doubts": letter.doubts,
                "floor": floor,
                "ceiling": ceiling,
                "keyboard": keyboard_json(letter.buttons),
                "probing": letter.probe is not None,
                "probe": letter.probe,
                "id": letter.id,
            },
        )
        self._spend(letter.peer, [(now, bool(row["editing"]))], now, pace, known_last=False)
        if letter.kind in BRINGS_THE_NEWEST and letter.probe is None:
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

        Where all have been asked about, what was looked for certainly did not arrive. Where that
        cannot be looked for, it stays in doubt, and the letter names no message.
        """
        sent_with = read_keyboard(row["keyboard"])
        sought = row["doubts"] - row["unsought"]
        if not sought or row["floor"] is None or not sent_with or row["probes"] >= _MOST_PROBES:
            return letter
        top = self._ceiling(row, counter)
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
            return replace(letter, doubts=row["unsought"], marked=row["unsought"] > 0)
        return replace(letter, probe=unowned, buttons=sent_with)

    def _ceiling(self, row: dict[str, Any], counter: str | None) -> int:
        """Answer the last number that the letter of *row* may have, as it was when first asked.

        Besides what is known by then, there may be other letters in doubt, each attempt with a
        number of its own, and a few messages of people. What comes later is not this letter.
        """
        if row["ceiling"] is not None:
            return int(row["ceiling"])
        latest: int = max(row["floor"], self._latest(counter) or 0)
        if counter != "bot":
            return latest + _BEYOND
        values = {"id": row["id"], "latest": latest}
        others: int = self._db.execute(_SHARING, values).fetchone()[0]
        return latest + others + _BEYOND

    def _latest(self, counter: str | None) -> int | None:
        row = self._db.execute(
            "SELECT max(message_id) FROM seen_message WHERE counter = ?", [counter]
        ).fetchone()
        number: int | None = row[0]
        return number

    def _remember(self, letter: Letter, settled: Settled, now: datetime) -> bool:
        """Write down what becomes of *letter*; answer False if it was taken from us."""
        changed = self._db.execute(
            _SETTLING,
            {
                "state": settled.state.value,
                "why": settled.why,
                # Where people write, the letter may stand further on.
                "seen": None if settled.seen is None else int(settled.seen) + _BEYOND,
                "answered": settled.answered,
                "cleared": settled.cleared,
                "doubtful": settled.doubtful,
                "failed": settled.failed,
                "blind": settled.blind,
                "sent": settled.state is State.SENT,
                "now": to_ms(now),
                "due": None if settled.due_at is None else to_ms(settled.due_at),
                "id": letter.id,
                "attempt": letter.attempt,
            },
        )
        return changed.rowcount > 0

    def _count_calls(self, letter: Letter, settled: Settled, now: datetime, pace: Pace) -> None:
        row = self._db.execute("SELECT editing FROM outbox WHERE id = ?", [letter.id]).fetchone()
        calls = [(now, bool(row[0]))] * settled.calls
        self._spend(letter.peer, calls, now, pace, known_last=True)
        if settled.hold_until is not None:
            self.hold(letter.peer, settled.hold_until, settled.why)
        for number in (settled.message_id, settled.seen):
            if number is not None and number.isdecimal():
                self.saw(letter.peer, int(number))


def _may_be_folded(row: dict[str, Any]) -> bool:
    return (
        row["state"] == State.PENDING.value
        and row["kind"] in {Kind.ALERT.value, Kind.REPLY.value, Kind.DIGEST.value}
        and row["priority"] >= Priority.ALERT
        and row["doubts"] == 0
    )


_SETTLING = """
UPDATE outbox SET state = :state, why = :why, probing = 0,
    ceiling = CASE WHEN :seen IS NULL THEN ceiling ELSE max(ceiling, :seen) END,
    guess = CASE WHEN :answered THEN guess ELSE guess - probing END,
    doubts = CASE WHEN :cleared THEN unsought ELSE doubts + :doubtful END,
    failures = CASE WHEN :sent THEN 0 ELSE failures + :failed END,
    failing_since = CASE WHEN :sent THEN NULL
        WHEN :failed THEN coalesce(failing_since, :now) ELSE failing_since END,
    floor = CASE WHEN NOT :blind THEN floor END,
    due_at = coalesce(:due, due_at), sent_at = CASE WHEN :sent THEN :now END
WHERE id = :id AND state = 'sending' AND attempts = :attempt
"""

# Others whose messages may have the numbers that private chats and basic groups share.
_SHARING = """
SELECT coalesce(sum(max(1, doubts)), 0) FROM outbox
WHERE id <> :id AND (state IN ('in doubt', 'sending') OR (state = 'dead' AND floor >= :latest))
    AND peer GLOB '[-0-9]*' AND CAST(peer AS INTEGER) > -1000000000000
"""

# A reply waits for what tells of its alert, unless the chat does not take that; one of high
# priority waits for no digest. What was decided before somebody muted the chat waits until that
# is over. No letter is due whose rank is further ahead than the least urgent is put back.
_HEAD_OF = """
SELECT id, rank FROM outbox
WHERE peer = one.peer AND state = 'pending' AND editing = {editing}
    AND rank <= :now + :ageing AND due_at <= :now AND one.{free_at} <= :now
    AND NOT (kind = 'reply' AND EXISTS (
        SELECT 1 FROM told
        WHERE told.alert_id = outbox.alert_id AND told.state IN ('pending', 'in doubt')
            AND (told.folded_into IS NULL OR outbox.priority > 1)))
    AND NOT (kind IN ('alert', 'reply', 'digest') AND EXISTS (
        SELECT 1 FROM mute WHERE mute.chat = outbox.chat AND what = 'chat'
            AND ended_at IS NULL AND (until IS NULL OR until > :now)))
ORDER BY rank, id LIMIT 1
"""

# Each step looks up the next peer in the index, so peers without letters cost nothing.
_OPEN_PEERS = """
SELECT min(peer) AS peer FROM outbox WHERE state = '{state}'
UNION ALL
SELECT (SELECT min(outbox.peer) FROM outbox WHERE state = '{state}' AND outbox.peer > {name}.peer)
FROM {name} WHERE {name}.peer IS NOT NULL
"""

HEADS = f"""
WITH RECURSIVE waiting AS ({_OPEN_PEERS.format(state="pending", name="waiting")}),
doubtful AS ({_OPEN_PEERS.format(state="in doubt", name="doubtful")}),
heads AS (
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
    FROM (SELECT peer FROM waiting UNION SELECT peer FROM doubtful) AS open
        JOIN peer AS one ON one.peer = open.peer
    WHERE parked_why IS NULL AND hold_until <= :now
        AND NOT (one.peer GLOB '[-@0-9]*' AND EXISTS (
            SELECT 1 FROM peer WHERE peer = :all AND hold_until > :now))
        AND NOT EXISTS (
            SELECT 1 FROM outbox WHERE peer = one.peer AND state = 'sending')
)
SELECT outbox.id FROM heads JOIN outbox USING (id) ORDER BY rank, outbox.id LIMIT :limit
"""  # noqa: S608 -- constants
