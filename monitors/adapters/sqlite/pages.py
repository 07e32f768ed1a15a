"""The pages to be read."""

import secrets
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitors.pipeline.records import FeedId, WantedPage
from monitors.stories.article import ArticleId
from monitors.times import to_ms

_AGAIN_AFTER = timedelta(hours=1)
# A page that stops the process each time must not do so for ever.
_MOST_CLAIMS = 10


class SqlitePages:
    """Implements `pipeline.ports.PageRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def want(self, article: ArticleId, feed: FeedId, link: str, now: datetime) -> None:
        """Have a page read, unless it was read or given up within the last hour."""
        self._db.execute(
            """
            INSERT INTO page (article_id, feed_id, link, due_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (article_id) DO UPDATE SET
                due_at = excluded.due_at, link = excluded.link, attempts = 0
            WHERE page.due_at IS NULL AND page.ended_at <= ?
            """,
            [article, feed, link, to_ms(now), to_ms(now - _AGAIN_AFTER)],
        )

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[WantedPage, ...]:
        """Take up to *limit* pages; nobody else gets them before *until*."""
        rows = self._db.query(
            """
            UPDATE page SET token = :token, leased_until = :until, attempts = attempts + 1
            WHERE article_id IN (
                SELECT article_id FROM page
                WHERE due_at <= :now AND (leased_until IS NULL OR leased_until <= :now)
                    AND attempts < :most
                ORDER BY due_at LIMIT :limit
            )
            RETURNING *, (SELECT address FROM feed WHERE feed.id = feed_id) AS address
            """,
            {
                "token": secrets.token_hex(8),
                "until": to_ms(until),
                "now": to_ms(now),
                "most": _MOST_CLAIMS,
                "limit": limit,
            },
        )
        return tuple(
            WantedPage(
                article=ArticleId(row["article_id"]),
                feed=row["address"],
                link=row["link"],
                token=row["token"],
                attempts=row["attempts"],
            )
            for row in rows
        )

    def finish(
        self, page: WantedPage, outcome: str, retry_at: datetime | None, now: datetime
    ) -> bool:
        """Remember how it ended; False if the claim was lost."""
        values = [
            outcome,
            None if retry_at is None else to_ms(retry_at),
            to_ms(now),
            page.article,
            page.token,
        ]
        changed = self._db.execute(
            """
            UPDATE page SET token = NULL, leased_until = NULL, outcome = ?, due_at = ?, ended_at = ?
            WHERE article_id = ? AND token = ?
            """,
            values,
        )
        return changed.rowcount == 1

    def release(self) -> None:
        """Give back what was claimed before a stop: nobody works on it any more."""
        self._db.execute("UPDATE page SET token = NULL, leased_until = NULL")
