"""What is decided and not yet confirmed as delivered."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, moment
from monitors.adapters.sqlite.talking.opinions import keyboard_of
from monitors.alerts.alert import AlertContent, Report
from monitors.alerts.destinations import GONE, PRINTED, message_link
from monitors.alerts.showing.alert_keyboard import Rows, alert_buttons, reply_buttons
from monitors.alerts.showing.buttons import Button
from monitors.pipeline.records import AlertId, Kind, Letter, OutboxId, Settled, State
from monitors.times import to_ms

_A_ROW = 3  # buttons of a notice, so that a phone shows their labels
_BRINGS_THE_NEWEST = (Kind.ALERT, Kind.REVISION)
_INTERRUPTED = "Newsbell was stopped while it was being sent"


class SqliteOutbox:
    """Implements `pipeline.telling.rows.OutboxRows`."""

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
        letters = tuple(self._letter(row) for row in rows)
        for letter in letters:
            self._db.execute(
                "UPDATE outbox SET state = 'sending', attempts = ?, version = ? WHERE id = ?",
                [letter.attempt, letter.version, letter.id],
            )
            if letter.kind in _BRINGS_THE_NEWEST:
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
        if letter.kind in _BRINGS_THE_NEWEST:
            self._place(letter, settled, now)
        elif letter.kind is Kind.REPLY:
            self._db.execute(
                "UPDATE outbox SET shown_as = ? WHERE id = ?", [settled.message_id, letter.id]
            )
        if sent:
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

    def _place(self, letter: Letter, settled: Settled, now: datetime) -> None:
        """Remember which message shows an alert, and have those of related stories name it."""
        message_id, destination = settled.message_id, settled.destination
        if settled.state is State.DROPPED:
            # The message is gone: further revisions need not ask Telegram to find that out.
            message_id, destination = letter.message_id, GONE
        elif settled.state is not State.SENT:
            return
        self._db.execute(
            """
            UPDATE alert SET message_id = ?, destination = ?
            WHERE id = (SELECT alert_id FROM outbox WHERE id = ?)
            """,
            [message_id, destination, letter.id],
        )
        if letter.kind is Kind.ALERT:
            rows = self._db.execute(_RELATED_MESSAGES, {"id": letter.id, "printed": PRINTED})
            for row in rows.fetchall():
                queue_revision(self._db, AlertId(row[0]), now)

    def _letter(self, row: dict[str, Any]) -> Letter:
        kind = Kind(row["kind"])
        if kind is Kind.REPLY:
            content = from_json(row["reply"])
        elif row["content"] is None:
            content = None
        else:
            content = replace(
                from_json(row["content"]), earlier=_earlier(row), related=self._related(row)
            )
        doubts = row["doubts"] if kind is Kind.REPLY else row["told_doubts"] or 0
        message_id, reply_to, destination = _target(kind, row)
        return Letter(
            id=OutboxId(row["id"]),
            chat=row["chat"],
            kind=kind,
            content=content,
            notice=row["notice"],
            version=row["version"] if kind is Kind.REPLY else row["newest"] or row["version"],
            message_id=message_id,
            reply_to=reply_to,
            destination=destination,
            attempt=row["attempts"] + 1,
            doubts=row["doubts"],
            marked=doubts > 0,
            chat_free_at=moment(row["free_at"]),
            buttons=self._buttons(kind, row, content),
        )

    def _buttons(self, kind: Kind, row: dict[str, Any], content: AlertContent | None) -> Rows:
        """Answer what can be pressed under a letter."""
        if content is None:
            buttons = [Button(*each) for each in json.loads(row["buttons"] or "[]")]
            return tuple(
                tuple(buttons[start : start + _A_ROW]) for start in range(0, len(buttons), _A_ROW)
            )
        if kind is Kind.REPLY:
            return reply_buttons(row["alert_id"], row["id"])
        keyboard = keyboard_of(self._db, row["alert_id"], related=bool(row["related"]))
        return alert_buttons(row["alert_id"], content, keyboard)

    def _related(self, row: dict[str, Any]) -> tuple[Report, ...]:
        """Answer what the chat shows of the stories that are related to that of an alert."""
        rows = self._db.execute(
            _RELATED_REPORTS,
            {"id": row["alert_id"], "destination": row["destination"], "gone": GONE},
        )
        return tuple(_report(*each) for each in rows)

    def _move(self, chat: str, states: str, to: State, why: str | None) -> None:
        self._db.execute(
            f"UPDATE outbox SET state = ?, why = ? WHERE chat = ? AND state IN ({states})",  # noqa: S608 -- constants
            [to.value, why, chat],
        )


def queue_revision(database: Database, alert: AlertId, now: datetime) -> None:
    """Have the message of *alert* changed, unless a letter waits that brings its newest version."""
    waiting = database.execute(
        """
        SELECT 1 FROM outbox WHERE alert_id = ? AND kind IN ('alert', 'revision')
            AND state IN ('pending', 'in doubt', 'parked')
        """,
        [alert],
    ).fetchone()
    if waiting is None:
        at = to_ms(now)
        database.execute(
            """
            INSERT INTO outbox (chat, alert_id, kind, version, high, state, due_at, created_at)
            SELECT chat, id, 'revision', version, 0, 'pending', ?, ? FROM alert WHERE id = ?
            """,
            [at, at, alert],
        )


# A reply waits for the letter of its alert, unless the chat does not take that.
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
        AND NOT (kind = 'reply' AND EXISTS (
            SELECT 1 FROM outbox AS first
            WHERE first.alert_id = outbox.alert_id AND first.kind = 'alert'
                AND first.state IN ('pending', 'in doubt')))
)
SELECT due.*, alert.content, alert.message_id, alert.destination, alert.version AS newest,
    (SELECT 1 FROM story JOIN alert AS sooner ON sooner.story_id = story.related_to
        WHERE story.id = alert.story_id AND sooner.chat = alert.chat) AS related,
    (SELECT first.doubts FROM outbox AS first
        WHERE first.alert_id = alert.id AND first.kind = 'alert') AS told_doubts,
    json_extract(earlier.content, '$.outlet') AS earlier_outlet,
    json_extract(earlier.content, '$.headline.text') AS earlier_title,
    json_extract(earlier.content, '$.link') AS earlier_link,
    earlier.message_id AS earlier_message, earlier.destination AS earlier_destination
FROM due LEFT JOIN alert ON alert.id = alert_id
    LEFT JOIN alert AS earlier ON earlier.id = alert.reply_to AND earlier.message_id IS NOT NULL
        AND earlier.destination <> 'gone'
        AND earlier.destination = coalesce(alert.destination, earlier.destination)
        AND NOT EXISTS (
            SELECT 1 FROM joined WHERE (joined.story_id, into_id) IN (VALUES
                (alert.story_id, earlier.story_id), (earlier.story_id, alert.story_id)))
WHERE place = 1 ORDER BY due.id LIMIT :limit
"""

# What was joined to a story is of it, and no more related to it.
_RELATED_REPORTS = """
SELECT json_extract(alert.content, '$.outlet'), json_extract(alert.content, '$.headline.text'),
    json_extract(alert.content, '$.link'), alert.message_id, alert.destination
FROM alert JOIN alert AS mine ON mine.id = alert.reply_to
WHERE mine.id = :id AND alert.message_id IS NOT NULL AND alert.destination <> :gone
    AND alert.destination = coalesce(:destination, alert.destination)
    AND NOT EXISTS (
        SELECT 1 FROM joined WHERE (joined.story_id, into_id) IN (VALUES
            (alert.story_id, mine.story_id), (mine.story_id, alert.story_id)))
ORDER BY alert.id
"""

# A terminal leaves what it has printed.
_RELATED_MESSAGES = """
WITH told AS (
    SELECT alert.id, reply_to, destination FROM alert JOIN outbox ON alert.id = alert_id
    WHERE outbox.id = :id
)
SELECT alert.id FROM told JOIN alert ON alert.id = told.reply_to
WHERE alert.message_id <> :printed AND alert.destination = told.destination
UNION ALL
SELECT alert.id FROM told JOIN alert ON alert.reply_to = told.id
WHERE alert.message_id <> :printed AND alert.destination = told.destination
"""


def _target(kind: Kind, row: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Answer what a letter edits, or else what it replies to, and where that is."""
    message_id, destination = row["message_id"], row["destination"]
    if kind is Kind.REVISION:
        return message_id, None, destination
    if kind is Kind.ALERT:
        message_id, destination = row["earlier_message"], row["earlier_destination"]
    if message_id is None or destination == GONE:
        return None, None, None
    # Nothing can stand below what was printed, but it can be named.
    return None, None if message_id == PRINTED else message_id, destination


def _earlier(row: dict[str, Any]) -> Report | None:
    if row["earlier_message"] is None:
        return None
    return _report(
        row["earlier_outlet"],
        row["earlier_title"],
        row["earlier_link"],
        row["earlier_message"],
        row["earlier_destination"],
    )


def _report(outlet: str, title: str, link: str | None, message_id: str, destination: str) -> Report:
    return Report(outlet=outlet, title=title, link=message_link(destination, message_id) or link)
