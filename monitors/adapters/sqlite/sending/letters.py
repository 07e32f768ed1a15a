"""Letters as they leave the outbox."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, marks, moment, read_notice
from monitors.adapters.sqlite.sending.folding import read_digest
from monitors.adapters.sqlite.talking.opinions import keyboard_of
from monitors.alerts.alert import AlertContent, Report
from monitors.alerts.destinations import GONE, PRINTED, message_link
from monitors.alerts.showing.alert_keyboard import alert_buttons, reply_buttons
from monitors.alerts.showing.buttons import digest_buttons
from monitors.pipeline.records import Keyboard, Kind, Letter, Notice, OutboxId, State


def rows_of(database: Database, letters: Sequence[int]) -> list[dict[str, Any]]:
    """Answer the rows of *letters* with what has to be known to write them, by their rank."""
    return [*database.query(_ROWS.format(marks(letters)), [*letters])]


def letter_of(database: Database, row: dict[str, Any]) -> Letter:
    """Answer the letter of a row of `rows_of`, as it was before it was claimed."""
    kind = Kind(row["kind"])
    content = _content(database, kind, row)
    notice = read_notice(row["notice"]) if row["notice"] else None
    digest = None if row["digest_id"] is None else read_digest(database, row["digest_id"])
    doubts = row["doubts"] if kind is Kind.REPLY else row["told_doubts"] or row["doubts"]
    message_id, reply_to, destination = _target(kind, row)
    return Letter(
        id=OutboxId(row["id"]),
        chat=row["chat"],
        peer=row["peer"],
        kind=kind,
        content=content,
        notice=notice,
        digest=digest,
        version=row["version"] if kind is Kind.REPLY else row["newest"] or row["version"],
        message_id=notice.edits if notice else message_id,
        reply_to=reply_to,
        destination=destination,
        attempt=row["attempts"] + 1,
        failures=row["failures"],
        failing_since=moment(row["failing_since"]),
        doubts=row["doubts"],
        marked=doubts > 0,
        insisted=row["doubts"] > 0 and row["state"] == State.PENDING.value,
        buttons=_buttons(database, row, content, notice),
    )


def _content(database: Database, kind: Kind, row: dict[str, Any]) -> AlertContent | None:
    if kind is Kind.REPLY:
        return from_json(row["reply"])
    if row["content"] is None:
        return None
    rows = database.execute(
        _RELATED_REPORTS,
        {"id": row["alert_id"], "destination": row["destination"], "gone": GONE},
    )
    related = tuple(_report(*each) for each in rows)
    return replace(from_json(row["content"]), earlier=_earlier(row), related=related)


_ROWS = """
SELECT outbox.*, alert.content, alert.message_id, alert.destination, alert.version AS newest,
    coalesce(alert.edited_at, digest.edited_at) AS edited_at, digest.id AS digest_id,
    digest.message_id AS digest_message, digest.destination AS digest_destination,
    (SELECT 1 FROM story JOIN alert AS sooner ON sooner.story_id = story.related_to
        WHERE story.id = alert.story_id AND sooner.chat = alert.chat) AS related,
    CASE WHEN revises IS NULL THEN (
        SELECT first.doubts FROM outbox AS first
        WHERE first.alert_id = alert.id AND first.kind = 'alert')
    ELSE (SELECT doubts FROM outbox AS first WHERE first.id = digest.id) END AS told_doubts,
    json_extract(earlier.content, '$.outlet') AS earlier_outlet,
    json_extract(earlier.content, '$.headline.text') AS earlier_title,
    json_extract(earlier.content, '$.link') AS earlier_link,
    earlier.message_id AS earlier_message, earlier.destination AS earlier_destination
FROM outbox LEFT JOIN alert ON alert.id = alert_id
    LEFT JOIN digest ON digest.id = coalesce(outbox.revises, outbox.id)
    LEFT JOIN alert AS earlier ON earlier.id = alert.reply_to AND earlier.message_id IS NOT NULL
        AND earlier.destination <> 'gone'
        AND earlier.destination = coalesce(alert.destination, earlier.destination)
        AND NOT EXISTS (
            SELECT 1 FROM joined WHERE (joined.story_id, into_id) IN (VALUES
                (alert.story_id, earlier.story_id), (earlier.story_id, alert.story_id)))
WHERE outbox.id IN ({}) ORDER BY outbox.rank, outbox.id
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


def _target(kind: Kind, row: dict[str, Any]) -> tuple[str | None, str | None, str | None]:
    """Answer what a letter edits, or else what it replies to, and where that is."""
    message_id, destination = row["message_id"], row["destination"]
    if row["digest_id"] is not None:
        message_id, destination = row["digest_message"], row["digest_destination"]
        return (message_id, None, destination) if kind is Kind.REVISION else (None, None, None)
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


def _buttons(
    database: Database, row: dict[str, Any], content: AlertContent | None, notice: Notice | None
) -> Keyboard:
    """Answer what can be pressed under a letter."""
    if notice is not None:
        return notice.buttons
    if row["digest_id"] is not None:
        return digest_buttons(row["digest_id"])
    if content is None:
        return ()
    if row["kind"] == Kind.REPLY.value:
        return reply_buttons(row["alert_id"], row["id"])
    state = keyboard_of(database, row["alert_id"], related=bool(row["related"]))
    return alert_buttons(row["alert_id"], content, state)
