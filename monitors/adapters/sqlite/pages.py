"""The pages to be read."""

import secrets
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitors.adapters.sqlite.feeds import claim_hosts, leave_host
from monitors.pipeline.records import FeedId, HostLeft, WantedPage
from monitors.polling.manners import host_of
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
            INSERT INTO page (article_id, feed_id, link, host, due_at) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT (article_id) DO UPDATE SET due_at = excluded.due_at,
                link = excluded.link, host = excluded.host, attempts = 0
            WHERE page.due_at IS NULL AND page.ended_at <= ?
            """,
            [article, feed, link, host_of(link), to_ms(now), to_ms(now - _AGAIN_AFTER)],
        )

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[WantedPage, ...]:
        """Take up to *limit* pages, one a host; nobody else asks those before *until*."""
        # min() makes SQLite take the other columns from the row that is due first.
        rows = list(
            self._db.query(
                """
                SELECT page.*, feed.address, coalesce(strikes, 0) AS strikes, min(due_at) AS due
                FROM page JOIN feed ON feed.id = feed_id LEFT JOIN host ON host.name = page.host
                WHERE due_at <= :now AND attempts < :most
                    AND (page.leased_until IS NULL OR page.leased_until <= :now)
                    AND (host.name IS NULL OR host.free_at <= :now
                        AND (host.leased_until IS NULL OR host.leased_until <= :now))
                GROUP BY coalesce(page.host, 'file ' || article_id) ORDER BY due LIMIT :limit
                """,
                {"now": to_ms(now), "most": _MOST_CLAIMS, "limit": limit},
            )
        )
        token = secrets.token_hex(8)
        for row in rows:
            self._db.execute(
                """
                UPDATE page SET token = ?, leased_until = ?, attempts = attempts + 1
                WHERE article_id = ?
                """,
                [token, to_ms(until), row["article_id"]],
            )
        claim_hosts(self._db, (row["host"] for row in rows), token, now, until)
        return tuple(
            WantedPage(
                article=ArticleId(row["article_id"]),
                feed=row["address"],
                link=row["link"],
                host=row["host"],
                token=token,
                attempts=row["attempts"] + 1,
                strikes=row["strikes"],
            )
            for row in rows
        )

    def finish(
        self,
        page: WantedPage,
        outcome: str,
        retry_at: datetime | None,
        left: HostLeft,
        now: datetime,
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
        leave_host(self._db, page.host, page.token, left)
        return changed.rowcount == 1

    def release(self) -> None:
        """Give back what was claimed before a stop: nobody works on it any more."""
        self._db.execute("UPDATE page SET token = NULL, leased_until = NULL")
