"""Puts alerts and replies together in digests, and reads those."""

from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, marks
from monitors.adapters.sqlite.sending.queue import enqueue
from monitors.alerts.again import folded as told_once
from monitors.alerts.alert import AlertContent
from monitors.alerts.decision import PAGE_FIRST, QUIET_HOURS
from monitors.alerts.digest import (
    BETWEEN_FLOODS,
    FOLDED,
    MOST_LISTED,
    Digest,
    Fold,
    Part,
    Together,
    Waiting,
    flood_size,
    fold,
)
from monitors.alerts.pacing import Pace
from monitors.pipeline.records import Kind, OutboxId, Priority
from monitors.times import from_ms, to_ms

_BROUGHT = "another digest brings it"


def fold_due(database: Database, peer: str, now: datetime, pace: Pace) -> bool:
    """Have what is due for *peer* come in digests, where it shall; answer whether that is so.

    A flood is everything that is due for the peer, for its chats share its pace; each chat gets
    digests of its own.
    """
    size = flood_size(peer, pace)
    waiting = _waiting(database, peer, now)
    flood = size is not None and sum(map(len, waiting.values())) > size
    folded = False
    for chat, letters in waiting.items():
        found = fold(
            letters,
            _still_to_go(database, chat),
            flood=flood and not _flooded_lately(database, chat, now),
        )
        if found is not None:
            _put_together(database, chat, found, now)
            folded = True
    return folded


def read_digest(database: Database, digest: int) -> Digest:
    """Answer a digest as it is to be told now: with the newest of each of its alerts."""
    row = next(database.query("SELECT * FROM digest WHERE id = ?", [digest]))
    alerts = members(database, digest)
    listed = alerts[:MOST_LISTED]
    return Digest(
        together=Together(row["together"]),
        held=row["held"],
        since=from_ms(row["since"]),
        folded_at=from_ms(row["folded_at"]),
        total=row["total"],
        first=row["first"],
        stories=_contents(database, digest, listed),
        hidden=len(alerts) - len(listed),
    )


def members(database: Database, digest: int) -> tuple[int, ...]:
    """Answer the alerts of which *digest* tells, in its order."""
    rows = database.execute(
        "SELECT alert_id FROM outbox WHERE folded_into = ? GROUP BY alert_id ORDER BY min(id)",
        [digest],
    )
    return tuple(row[0] for row in rows)


def place_digest(database: Database, digest: int, message_id: str | None, destination: str) -> None:
    """Remember which message is *digest*: it is that of its alerts, too."""
    values = {"message": message_id, "destination": destination, "digest": digest}
    database.execute(
        "UPDATE digest SET message_id = :message, destination = :destination WHERE id = :digest",
        values,
    )
    database.execute(
        """
        UPDATE alert SET message_id = :message, destination = :destination
        WHERE id IN (SELECT alert_id FROM outbox WHERE folded_into = :digest AND kind = 'alert')
        """,
        values,
    )


def _waiting(database: Database, peer: str, now: datetime) -> dict[str, list[Waiting]]:
    """Answer what is due for *peer* and may be folded, by chat, the oldest first.

    What a muted chat gets waits until that is over.
    """
    rows = database.execute(
        f"""
        SELECT outbox.chat, {_WAITING} FROM outbox JOIN alert ON alert.id = alert_id
        WHERE peer = :peer AND due_at <= :now AND state = 'pending'
            AND kind IN ('alert', 'reply') AND priority >= 2 AND doubts = 0
            AND NOT EXISTS (
                SELECT 1 FROM mute WHERE mute.chat = outbox.chat AND what = 'chat'
                    AND ended_at IS NULL AND (until IS NULL OR until > :now))
        ORDER BY outbox.id
        """,  # noqa: S608 -- a constant
        {"peer": peer, "now": to_ms(now), "page": PAGE_FIRST, "quiet": QUIET_HOURS},
    )
    found: dict[str, list[Waiting]] = {}
    for chat, *columns in rows:
        found.setdefault(chat, []).append(_read(*columns))
    return found


def _still_to_go(database: Database, chat: str) -> list[Waiting]:
    """Answer what digests tell *chat* that wait and certainly did not arrive."""
    rows = database.execute(
        f"""
        SELECT {_WAITING} FROM outbox JOIN alert ON alert.id = alert_id
        WHERE folded_into IN (
            SELECT id FROM outbox WHERE chat = :chat AND kind = 'digest' AND state = 'pending'
                AND doubts = 0 AND failures = 0)
        ORDER BY outbox.id
        """,  # noqa: S608 -- a constant
        {"chat": chat, "page": PAGE_FIRST, "quiet": QUIET_HOURS},
    )
    return [_read(*columns) for columns in rows]


# Of a reply, `why` says until its first attempt what holds it back; of what was put off, always.
_WAITING = """
outbox.id, alert_id, CASE kind WHEN 'reply' THEN created_at ELSE decided_at END,
CASE WHEN kind = 'alert' THEN nullif(held_why, :page)
    WHEN folded_into IS NULL AND (attempts = 0 OR outbox.why = :quiet) THEN outbox.why END,
returned
"""


def _read(letter: int, alert: int, since: int, held: str | None, returned: int) -> Waiting:
    return Waiting(
        letter=letter, alert=alert, since=from_ms(since), held=held, returned=bool(returned)
    )


def _flooded_lately(database: Database, chat: str, now: datetime) -> bool:
    row = database.execute(
        """
        SELECT folded_at FROM outbox JOIN digest USING (id)
        WHERE chat = ? AND kind = 'digest' AND together = ? ORDER BY outbox.id DESC LIMIT 1
        """,
        [chat, Together.FLOOD.value],
    ).fetchone()
    return row is not None and from_ms(row[0]) > now - BETWEEN_FLOODS


def _put_together(database: Database, chat: str, found: Fold, now: datetime) -> None:
    letters = [letter for part in found.parts for letter in part.letters]
    _take_back(database, letters)
    for part in found.parts:
        _enqueue(database, chat, found, part, now)


def _take_back(database: Database, letters: Sequence[int]) -> None:
    """Send no digest that tells of *letters*: another one does."""
    for start in range(0, len(letters), 500):
        some = letters[start : start + 500]
        database.execute(
            f"""
            UPDATE outbox SET state = 'dropped', why = ? WHERE id IN (
                SELECT folded_into FROM outbox WHERE id IN ({marks(some)}))
            """,  # noqa: S608 -- question marks
            [_BROUGHT, *some],
        )


def _enqueue(database: Database, chat: str, found: Fold, part: Part, now: datetime) -> None:
    # What nothing held back is late already.
    held = found.together is Together.HELD
    digest = enqueue(
        database,
        chat,
        Kind.DIGEST,
        Priority.DIGEST if held else Priority.ALERT,
        now=now,
        due_at=now,
    )
    database.execute(
        """
        INSERT INTO digest (id, together, held, since, folded_at, total, first)
        VALUES (?, ?, ?, ?, ?, ?, ?)
        """,
        [
            digest,
            found.together.value,
            found.held,
            to_ms(found.since),
            to_ms(now),
            found.total,
            part.first,
        ],
    )
    database.conn.executemany(
        "UPDATE outbox SET state = 'dropped', why = ?, folded_into = ? WHERE id = ?",
        [(FOLDED, digest, letter) for letter in part.letters],
    )


def _contents(
    database: Database, digest: OutboxId | int, alerts: Sequence[int]
) -> tuple[AlertContent, ...]:
    """Answer what is told of *alerts*; of one that was told before, what its replies say."""
    rows = database.execute(
        f"""
        SELECT alert_id, kind, coalesce(reply, content) FROM outbox JOIN alert ON alert.id = alert_id
        WHERE folded_into = ? AND alert_id IN ({marks(alerts)})
        ORDER BY kind = 'alert', outbox.id
        """,  # noqa: S608, E501 -- question marks
        [digest, *alerts],
    )
    told: dict[int, AlertContent] = {}
    for alert, kind, content in rows:
        newer = from_json(content)
        is_further = kind == Kind.REPLY.value and alert in told
        told[alert] = told_once(told[alert], newer) if is_further else newer
    return tuple(told[alert] for alert in alerts)
