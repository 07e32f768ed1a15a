"""The pages to be read, what is known of their hosts, and what could not be read in full."""

import secrets
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import hold_json, read_hold
from monitors.adapters.sqlite.gathering.feeds import HOST_IS_FREE, claim_hosts, leave_host
from monitors.alerts.compose import PartialHold
from monitors.pipeline.records import FeedId, HostLeft, PartialRow, WantedPage
from monitors.polling.manners import host_of
from monitors.stories.article import ArticleId
from monitors.stories.links import canonical
from monitors.stories.page import Page
from monitors.times import from_ms, to_ms

MOST_OF_A_HOST = 200
MOST_HOLDS = 10_000
_DAY = timedelta(days=1)
_AGAIN_AFTER = timedelta(hours=1)
# A page that stops the process each time must not do so for ever.
_MOST_CLAIMS = 10
# Of those that wait, at each tick: a bound for when no host can be asked.
_MOST_LOOKED_AT = 5_000
_TOO_MANY = "too many pages were wanted that day"


class SqlitePages:
    """Implements `pipeline.rows.PageRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def want(  # noqa: PLR0913 -- a row has these columns
        self,
        article: ArticleId,
        feed: FeedId,
        link: str,
        *,
        near: bool,
        urgent: bool,
        now: datetime,
    ) -> str | None:
        """Have a page read; answer why not if it was given up within the last hour."""
        host = host_of(link)
        self._db.execute(
            """
            INSERT INTO page (article_id, feed_id, link, url, host, near, urgent, wanted_at, due_at)
            VALUES (:article, :feed, :link, :url, :host, :near, :urgent, :now, :now)
            ON CONFLICT (article_id) DO UPDATE SET link = excluded.link, url = excluded.url,
                host = excluded.host, near = excluded.near, urgent = excluded.urgent,
                wanted_at = excluded.wanted_at, due_at = excluded.due_at, attempts = 0
            WHERE page.due_at IS NULL AND (page.outcome = 'read' OR page.ended_at <= :long_ago)
            """,
            {
                "article": article,
                "feed": feed,
                "link": link,
                "url": canonical(link),
                "host": host,
                "near": near,
                "urgent": urgent,
                "now": to_ms(now),
                "long_ago": to_ms(now - _AGAIN_AFTER),
            },
        )
        row = self._db.execute(
            "SELECT outcome FROM page WHERE article_id = ? AND due_at IS NULL", [article]
        ).fetchone()
        if row is None and host and not near:
            self._shorten_row(host)
        return None if row is None else str(row[0])

    def _shorten_row(self, host: str) -> None:
        """Let those that wait behind a day's worth of pages of *host* be overdue."""
        self._db.execute(
            """
            UPDATE page SET wanted_at = 0 WHERE article_id IN (
                SELECT article_id FROM page WHERE host = ? AND due_at IS NOT NULL
                ORDER BY urgent DESC, wanted_at DESC LIMIT 1 OFFSET ?)
            """,
            [host, MOST_OF_A_HOST],
        )

    def claim(
        self, now: datetime, until: datetime, limit: int, a_day: int
    ) -> tuple[WantedPage, ...]:
        """Take up to *limit* pages, one a host; nobody else asks those before *until*."""
        asked = self._db.execute(
            "SELECT count(*) FROM (SELECT 1 FROM page WHERE asked_at > ? LIMIT ?)",
            [to_ms(now - _DAY), a_day],
        ).fetchone()[0]
        rows = list(self._first(now, min(limit, a_day - asked)))
        token = secrets.token_hex(8)
        for row in rows:
            self._db.execute(
                """
                UPDATE page SET token = ?, leased_until = ?, attempts = attempts + 1, asked_at = ?
                WHERE article_id = ?
                """,
                [token, to_ms(until), to_ms(now), row["article_id"]],
            )
        claim_hosts(self._db, (row["host"] for row in rows), token, now, until)
        return tuple(_wanted(row, token) for row in rows)

    def _first(self, now: datetime, limit: int) -> Iterator[dict[str, Any]]:
        """Yield what is first in turn, of each host that may be asked, up to *limit*."""
        if limit <= 0:
            return
        hosts: set[str] = set()
        for row in self._db.query(
            f"""
            SELECT page.*, feed.address, coalesce(strikes, 0) AS strikes {_FREE}
                AND wanted_at >= coalesce((SELECT wanted_at FROM page WHERE due_at IS NOT NULL
                    ORDER BY wanted_at DESC LIMIT 1 OFFSET :looked_at), 0)
            ORDER BY urgent DESC, wanted_at DESC
            """,  # noqa: S608 -- a constant
            {
                "now": to_ms(now),
                "until": to_ms(now),
                "most": _MOST_CLAIMS,
                "looked_at": _MOST_LOOKED_AT,
            },
        ):
            host = row["host"] or f"none {row['article_id']}"
            if host in hosts or (
                row["host"] and not row["near"] and self._is_asked_much(host, now)
            ):
                continue
            hosts.add(host)
            yield row
            if len(hosts) == limit:
                return

    def _is_asked_much(self, host: str, now: datetime) -> bool:
        """Answer whether *host* was asked for enough today, and let it rest if it was."""
        row = self._db.execute(
            """
            SELECT asked_at FROM page WHERE host = ? AND asked_at > ?
            ORDER BY asked_at DESC LIMIT 1 OFFSET ?
            """,
            [host, to_ms(now - _DAY), MOST_OF_A_HOST - 1],
        ).fetchone()
        if row is not None:
            self.rest(host, from_ms(row[0]) + _DAY)
        return row is not None

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

    def overdue(
        self, since: datetime, limit: int, now: datetime
    ) -> tuple[tuple[ArticleId, str], ...]:
        """Give up to *limit* pages up that have been wanted since *since*; answer why."""
        rows = self._db.execute(
            """
            SELECT article_id, coalesce(iif(attempts, outcome, NULL), ?) FROM page
            WHERE due_at IS NOT NULL AND wanted_at <= ?
                AND (leased_until IS NULL OR leased_until <= ?)
            ORDER BY wanted_at LIMIT ?
            """,
            [_TOO_MANY, to_ms(since), to_ms(now), limit],
        ).fetchall()
        for article, why in rows:
            self._db.execute(
                """
                UPDATE page SET token = NULL, leased_until = NULL, due_at = NULL, outcome = ?,
                    ended_at = ? WHERE article_id = ?
                """,
                [why, to_ms(now), article],
            )
        return tuple((ArticleId(article), why) for article, why in rows)

    def known(self, link: str, since: datetime) -> Page | None:
        """Answer the page at *link*, for whichever article it was read since *since*."""
        row = self._db.execute(
            """
            SELECT text FROM page JOIN revision ON revision.article_id = page.article_id
            WHERE url = ? AND outcome = 'read' AND page.ended_at > ? AND from_page
            ORDER BY page.ended_at DESC, number DESC LIMIT 1
            """,
            [canonical(link), to_ms(since)],
        ).fetchone()
        return None if row is None else Page(text=row[0])

    def waiting(self, until: datetime, a_day: int) -> int:
        """Answer how many pages could be asked for until *until*, as far as is known now."""
        at = to_ms(until)
        asked = self._db.execute(
            "SELECT count(*) FROM page WHERE asked_at > ?", [to_ms(until - _DAY)]
        ).fetchone()[0]
        row = self._db.execute(
            f"SELECT count(*) {_FREE}",
            {"now": at, "until": at, "most": _MOST_CLAIMS},
        ).fetchone()
        return max(0, min(int(row[0]), a_day - int(asked)))

    def rest(self, host: str, until: datetime) -> None:
        """Ask *host* for no page before *until*."""
        self._db.execute(
            """
            INSERT INTO page_host (name, free_at) VALUES (?, ?)
            ON CONFLICT (name) DO UPDATE SET free_at = max(free_at, excluded.free_at)
            """,
            [host, to_ms(until)],
        )

    def robots(self, host: str) -> tuple[str, datetime] | None:
        """Answer the lines of the robots.txt of *host*, and until when they are believed."""
        row = self._db.execute(
            "SELECT robots, robots_until FROM page_host WHERE name = ? AND robots IS NOT NULL",
            [host],
        ).fetchone()
        return None if row is None else (row[0], from_ms(row[1]))

    def keep_robots(self, host: str, lines: str, until: datetime) -> None:
        """Believe *lines* of the robots.txt of *host* until *until*."""
        self._db.execute(
            """
            INSERT INTO page_host (name, free_at, robots, robots_until) VALUES (?, 0, ?, ?)
            ON CONFLICT (name) DO UPDATE SET
                robots = excluded.robots, robots_until = excluded.robots_until
            """,
            [host, lines, to_ms(until)],
        )

    def release(self) -> None:
        """Give back what was claimed before a stop: nobody works on it any more."""
        self._db.execute("UPDATE page SET token = NULL, leased_until = NULL")


# At *until*, as far as is known at *now*.
_FREE = f"""
FROM page JOIN feed ON feed.id = feed_id LEFT JOIN host ON host.name = page.host
    LEFT JOIN page_host ON page_host.name = page.host
WHERE due_at IS NOT NULL AND due_at <= :until AND attempts < :most
    AND (page.leased_until IS NULL OR page.leased_until <= :now)
    AND {HOST_IS_FREE}
    AND (page_host.name IS NULL OR page_host.free_at <= :until)
"""


def _wanted(row: dict[str, Any], token: str) -> WantedPage:
    return WantedPage(
        article=ArticleId(row["article_id"]),
        feed=row["address"],
        link=row["link"],
        host=row["host"],
        token=token,
        attempts=row["attempts"] + 1,
        strikes=row["strikes"],
        near=bool(row["near"]),
    )


class SqliteHolds:
    """Implements `pipeline.rows.HoldRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(
        self, article: ArticleId, holds: Sequence[PartialHold], now: datetime
    ) -> frozenset[str]:
        """Keep exactly *holds* for the newest revision of *article*.

        Answer the names of the rules of which holds were kept before. The oldest of all go
        when there are too many.
        """
        rows = self._db.execute(
            "DELETE FROM partial_hold WHERE article_id = ? RETURNING rule", [article]
        ).fetchall()
        for hold in holds:
            self._db.execute(
                "INSERT INTO partial_hold SELECT id, ?, revision, ?, ? FROM article WHERE id = ?",
                [hold.rule, hold_json(hold), to_ms(now), article],
            )
        if holds:
            self._db.execute(
                """
                DELETE FROM partial_hold WHERE kept_at <= (
                    SELECT kept_at FROM partial_hold ORDER BY kept_at DESC LIMIT 1 OFFSET ?)
                """,
                [MOST_HOLDS],
            )
        return frozenset(row[0] for row in rows)

    def latest(self, limit: int) -> tuple[PartialRow, ...]:
        """Answer the newest holds of rules that hold for no article of the same story."""
        rows = self._db.query(
            """
            SELECT partial_hold.*, revision.title, outlet, link
            FROM partial_hold JOIN article ON article.id = partial_hold.article_id
            JOIN revision ON revision.article_id = article.id AND number = article.revision
            WHERE NOT EXISTS (
                SELECT 1 FROM article AS other JOIN match ON match.article_id = other.id
                WHERE other.story_id = article.story_id AND match.rule = partial_hold.rule)
            ORDER BY kept_at DESC, partial_hold.article_id DESC, partial_hold.rule LIMIT ?
            """,
            [limit],
        )
        return tuple(
            PartialRow(
                article=ArticleId(row["article_id"]),
                outlet=row["outlet"],
                title=row["title"],
                link=row["link"],
                kept_at=from_ms(row["kept_at"]),
                hold=read_hold(row["hold"]),
            )
            for row in rows
        )
