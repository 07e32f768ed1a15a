"""Puts letters into the outbox."""

from datetime import datetime

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import notice_json, to_json
from monitors.alerts.alert import AlertContent
from monitors.alerts.destinations import GONE, PRINTED, unlisted
from monitors.pipeline.records import AlertId, Kind, Notice, OutboxId, Priority
from monitors.times import to_ms

AGEING_MS = 60_000
"""How long a letter waits for each step that it gives way."""


def rank(priority: int, due_ms: int) -> int:
    """Answer what a peer's letters are ordered by: the smallest goes first.

    All of them grow more urgent at one pace, so their order never changes while they wait.
    """
    return due_ms + priority * AGEING_MS


def enqueue(  # noqa: PLR0913 -- a row has these columns
    database: Database,
    chat: str,
    kind: Kind,
    priority: Priority,
    *,
    now: datetime,
    due_at: datetime,
    alert: AlertId | None = None,
    version: int = 1,
    reply: AlertContent | None = None,
    notice: Notice | None = None,
    revises: int | None = None,
    why: str | None = None,
) -> OutboxId:
    """Put a letter for *chat* into the outbox; it is parked at once where the chat takes none."""
    peer = _peer(database, chat)
    database.execute("INSERT OR IGNORE INTO peer (peer) VALUES (?)", [peer])
    # What a person waits for takes no part in the share of changes.
    edits = kind is Kind.REVISION or (notice is not None and notice.edits is not None)
    row = database.execute(
        """
        INSERT INTO outbox (chat, peer, alert_id, kind, version, reply, notice, priority, rank,
            editing, state, due_at, why, created_at, revises)
        SELECT :chat, peer, :alert, :kind, :version, :reply, :notice, :priority, :rank, :editing,
            CASE WHEN parked_why IS NULL THEN 'pending' ELSE 'parked' END, :due,
            coalesce(parked_why, :why), :now, :revises
        FROM peer WHERE peer = :peer RETURNING id
        """,
        {
            "chat": chat,
            "peer": peer,
            "alert": alert,
            "kind": kind.value,
            "version": version,
            "reply": to_json(reply) if reply else None,
            "notice": notice_json(notice) if notice else None,
            "priority": priority,
            "rank": rank(priority, to_ms(due_at)),
            "editing": edits and priority is not Priority.ANSWER,
            "due": to_ms(due_at),
            "why": why,
            "revises": revises,
            "now": to_ms(now),
        },
    ).fetchone()
    return OutboxId(row[0])


def queue_revision(database: Database, alert: AlertId, now: datetime) -> None:
    """Have the message of *alert* changed, unless a letter waits that brings its newest version.

    What was given up or dropped has no message: people decide whether it comes.
    """
    digest = database.execute(_DIGEST_OF, {"alert": alert, "printed": PRINTED}).fetchone()
    if digest is not None:
        _revise_digest(database, digest[0], now)
        return
    waiting = database.execute(
        """
        SELECT 1 FROM outbox JOIN alert ON alert.id = alert_id
        WHERE alert_id = ? AND kind IN ('alert', 'revision') AND (
            state IN ('pending', 'in doubt', 'parked')
            OR (kind = 'alert' AND state IN ('dead', 'dropped') AND message_id IS NULL
                AND folded_into IS NULL))
        """,
        [alert],
    ).fetchone()
    if waiting is None:
        row = database.execute("SELECT chat, version FROM alert WHERE id = ?", [alert]).fetchone()
        enqueue(
            database,
            row[0],
            Kind.REVISION,
            Priority.REVISION,
            now=now,
            due_at=now,
            alert=alert,
            version=row[1],
        )


def drop_orphans(database: Database, letter: OutboxId) -> None:
    """Drop the changes that wait for the message of *letter*, which has none and will get none."""
    database.execute(
        """
        UPDATE outbox SET state = 'dropped', why = 'there is no message to change'
        WHERE kind = 'revision' AND state IN ('pending', 'in doubt', 'parked') AND alert_id = (
            SELECT alert.id FROM outbox AS first JOIN alert ON alert.id = first.alert_id
            WHERE first.id = ? AND first.kind = 'alert' AND message_id IS NULL
                AND first.state IN ('dead', 'dropped') AND first.folded_into IS NULL)
        """,
        [letter],
    )


# What was printed stays as it is: then what is new is printed for the alert alone.
_DIGEST_OF = """
SELECT digest.id FROM outbox JOIN digest ON digest.id = folded_into
WHERE alert_id = :alert AND kind = 'alert' AND message_id IS NOT :printed
"""


def _revise_digest(database: Database, digest: int, now: datetime) -> None:
    """Have the message of *digest* changed, if there is one and nothing waits that does it."""
    row = database.execute(
        """
        SELECT chat FROM outbox JOIN digest USING (id)
        WHERE outbox.id = :digest AND state IN ('sending', 'sent') AND destination IS NOT :gone
            AND NOT EXISTS (
                SELECT 1 FROM outbox WHERE revises = :digest
                    AND state IN ('pending', 'in doubt', 'parked'))
        """,
        {"digest": digest, "gone": GONE},
    ).fetchone()
    if row is not None:
        enqueue(
            database,
            row[0],
            Kind.REVISION,
            Priority.REVISION,
            now=now,
            due_at=now,
            revises=digest,
        )


def _peer(database: Database, chat: str) -> str:
    """Answer the peer that *chat* is, as far as is known: rules.yaml may not name it yet."""
    destination = unlisted(chat)
    if destination is not None:
        known = destination.chat_id
    else:
        row = database.execute("SELECT peer FROM chat_peer WHERE chat = ?", [chat]).fetchone()
        known = row[0] if row else f"?{chat}"
    moved = database.execute("SELECT new FROM moved WHERE old = ?", [known]).fetchone()
    return moved[0] if moved else known
