"""Which message shows what a letter brings."""

from datetime import datetime

from sqlite_utils import Database

from monitors.adapters.sqlite.sending.folding import members, place_digest
from monitors.adapters.sqlite.sending.queue import drop_orphans, queue_revision
from monitors.alerts.destinations import GONE, PRINTED
from monitors.pipeline.records import AlertId, Kind, Letter, Settled, State
from monitors.times import to_ms

BRINGS_THE_NEWEST = (Kind.ALERT, Kind.REVISION)


def place(database: Database, letter: Letter, settled: Settled, now: datetime) -> None:
    """Remember which message shows *letter*, and have those of related stories name it."""
    message_id, destination = settled.message_id, settled.destination
    sent = settled.state is State.SENT
    if letter.digest is not None:
        _place_digest(database, letter, settled, now)
        return
    if letter.kind not in BRINGS_THE_NEWEST:
        database.execute("UPDATE outbox SET shown_as = ? WHERE id = ?", [message_id, letter.id])
        return
    if settled.state is State.DROPPED:
        # The message is gone: further revisions need not ask Telegram to find that out.
        message_id, destination = letter.message_id, GONE
    elif not sent:
        if settled.state is State.DEAD:
            drop_orphans(database, letter.id)
        return
    row = database.execute(
        """
        UPDATE alert SET message_id = :message, destination = :destination,
            edited_at = CASE WHEN :edited THEN :now ELSE edited_at END
        WHERE id = (SELECT alert_id FROM outbox WHERE id = :id) RETURNING id
        """,
        {
            "message": message_id,
            "destination": destination,
            "edited": sent and letter.kind is Kind.REVISION,
            "now": to_ms(now),
            "id": letter.id,
        },
    ).fetchone()
    if letter.kind is Kind.ALERT:
        _name(database, row[0], now)


def _place_digest(database: Database, letter: Letter, settled: Settled, now: datetime) -> None:
    """Remember which message shows a digest, or that it is gone."""
    row = database.execute(
        "SELECT coalesce(revises, id) FROM outbox WHERE id = ?", [letter.id]
    ).fetchone()
    digest: int = row[0]
    if settled.state is State.DROPPED and letter.kind is Kind.REVISION:
        place_digest(database, digest, letter.message_id, GONE)
    elif settled.state is State.SENT and letter.kind is Kind.REVISION:
        database.execute("UPDATE digest SET edited_at = ? WHERE id = ?", [to_ms(now), digest])
    elif settled.state is State.SENT:
        database.execute(
            "UPDATE outbox SET shown_as = ? WHERE id = ?", [settled.message_id, letter.id]
        )
        place_digest(database, digest, settled.message_id, settled.destination or GONE)
        for alert in members(database, digest):
            _name(database, alert, now)


def _name(database: Database, alert: int, now: datetime) -> None:
    """Have the messages of stories that are related to that of *alert* name its message."""
    rows = database.execute(_RELATED_MESSAGES, {"alert": alert, "printed": PRINTED})
    for row in rows.fetchall():
        queue_revision(database, AlertId(row[0]), now)


# A terminal leaves what it has printed, and a digest names no related stories.
_RELATED_MESSAGES = """
WITH one AS (
    SELECT id, reply_to, destination FROM alert WHERE id = :alert
), related AS (
    SELECT alert.* FROM one JOIN alert ON alert.id = one.reply_to
    WHERE alert.message_id <> :printed AND alert.destination = one.destination
    UNION ALL
    SELECT alert.* FROM one JOIN alert ON alert.reply_to = one.id
    WHERE alert.message_id <> :printed AND alert.destination = one.destination
)
SELECT id FROM related JOIN told ON told.alert_id = related.id WHERE folded_into IS NULL
"""
