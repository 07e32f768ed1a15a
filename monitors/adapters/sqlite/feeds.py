"""The feeds of the store."""

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import moment
from monitors.feeds.feed import Validators
from monitors.pipeline.records import DueFeed, FeedHealth, FeedId, PollResult
from monitors.times import from_ms, to_ms

_MS = timedelta(milliseconds=1)


class SqliteFeeds:
    """Implements `pipeline.ports.FeedRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def hurry(self, now: datetime) -> None:
        """Have every feed polled now."""
        self._db.execute("UPDATE feed SET next_poll_at = min(next_poll_at, ?)", [to_ms(now)])

    def sync(self, feeds: Mapping[str, timedelta | None], now: datetime) -> Mapping[str, FeedId]:
        """Poll exactly *feeds* from now on, each at the latest after its time."""
        self._db.execute("UPDATE feed SET place = NULL WHERE place IS NOT NULL")
        at = to_ms(now)
        ids: dict[str, FeedId] = {}
        for place, (address, latest) in enumerate(feeds.items()):
            due = at if latest is None else at + latest // _MS
            row = self._db.execute(
                """
                INSERT INTO feed (address, place, next_poll_at) VALUES (?, ?, ?)
                ON CONFLICT (address) DO UPDATE SET place = excluded.place, next_poll_at =
                    CASE WHEN ? THEN min(next_poll_at, ?) ELSE next_poll_at END
                RETURNING id
                """,
                [address, place, at, latest is not None, due],
            ).fetchone()
            ids[address] = FeedId(row[0])
        return ids

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[DueFeed, ...]:
        """Take up to *limit* due feeds; nobody else gets them before *until*."""
        token = secrets.token_hex(8)
        rows = self._db.query(
            """
            UPDATE feed SET token = :token, leased_until = :until WHERE id IN (
                SELECT id FROM feed
                WHERE place IS NOT NULL AND next_poll_at <= :now
                    AND (leased_until IS NULL OR leased_until <= :now)
                ORDER BY next_poll_at, place LIMIT :limit
            ) RETURNING *
            """,
            {"token": token, "until": to_ms(until), "now": to_ms(now), "limit": limit},
        )
        return tuple(_due(row) for row in sorted(rows, key=lambda row: row["place"]))

    def finish(self, feed: DueFeed, result: PollResult, now: datetime) -> bool:
        """Remember a poll; False if the claim was lost."""
        failed = result.reason is not None
        validators = result.validators or feed.validators
        values = {
            "id": feed.id,
            "token": feed.token,
            "now": to_ms(now),
            "next": to_ms(result.next_poll_at),
            "gap": None if result.gap is None else result.gap // _MS,
            "etag": validators.etag,
            "modified": validators.last_modified,
            "hash": result.body_hash,
            "title": result.title,
            "news": result.news > 0,
            "failed": failed,
            "reason": result.reason,
            "message": result.message,
        }
        return self._db.execute(_FINISH, values).rowcount == 1

    def release(self) -> None:
        """Give back what was claimed before a stop: nobody works on it any more."""
        self._db.execute("UPDATE feed SET token = NULL, leased_until = NULL")

    def health(self) -> tuple[FeedHealth, ...]:
        """Answer what is known of every feed that is polled, in the order of rules.yaml."""
        rows = self._db.query(
            """
            SELECT feed.*, (SELECT count(*) FROM sighting WHERE feed_id = feed.id) AS articles
            FROM feed WHERE place IS NOT NULL ORDER BY place
            """
        )
        return tuple(_health(row) for row in rows)


_FINISH = """
UPDATE feed SET
    token = NULL, leased_until = NULL, next_poll_at = :next, last_poll_at = :now,
    gap_ms = coalesce(:gap, gap_ms), etag = :etag, last_modified = :modified,
    body_hash = coalesce(:hash, body_hash), title = coalesce(:title, title),
    first_ok_at = CASE WHEN :failed THEN first_ok_at ELSE coalesce(first_ok_at, :now) END,
    last_ok_at = CASE WHEN :failed THEN last_ok_at ELSE :now END,
    last_new_at = CASE WHEN :news THEN :now ELSE last_new_at END,
    failures = CASE WHEN :failed THEN failures + 1 ELSE 0 END,
    failing_since = CASE WHEN :failed THEN coalesce(failing_since, :now) END,
    reason = :reason, message = :message
WHERE id = :id AND token = :token
"""


def _due(row: dict[str, Any]) -> DueFeed:
    return DueFeed(
        id=FeedId(row["id"]),
        address=row["address"],
        token=row["token"],
        validators=Validators(etag=row["etag"], last_modified=row["last_modified"]),
        body_hash=row["body_hash"],
        first_ok_at=moment(row["first_ok_at"]),
        gap=None if row["gap_ms"] is None else row["gap_ms"] * _MS,
        failures=row["failures"],
    )


def _health(row: dict[str, Any]) -> FeedHealth:
    return FeedHealth(
        address=row["address"],
        title=row["title"],
        last_poll_at=moment(row["last_poll_at"]),
        last_ok_at=moment(row["last_ok_at"]),
        last_new_at=moment(row["last_new_at"]),
        next_poll_at=from_ms(row["next_poll_at"]),
        failures=row["failures"],
        failing_since=moment(row["failing_since"]),
        reason=row["reason"],
        message=row["message"],
        articles=row["articles"],
    )
