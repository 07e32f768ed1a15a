"""The feeds of the store, and the hosts that they and pages are asked of."""

import secrets
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import marks, memory_json, moment, read_memory
from monitors.feeds.feed import Feed
from monitors.pipeline.records import DueFeed, FeedHealth, FeedId, HostLeft
from monitors.polling.cadence import latest_plan
from monitors.polling.health import is_troubled
from monitors.polling.manners import Manners, host_of
from monitors.polling.memory import Memory
from monitors.polling.retrying import LONGEST_REST
from monitors.times import from_ms, to_ms

_MS = timedelta(milliseconds=1)
# 10,000 feeds that begin at once take ten minutes; a handful begins within a second.
_BETWEEN_STARTS = 60  # ms
_USUAL = Manners()
# A feed that is gone is asked once a month; nothing waits for longer.
_FARTHEST = timedelta(days=40)

# At *until*, as far as is known at *now*; no host is a file's.
HOST_IS_FREE = """(host.name IS NULL OR host.free_at <= :until
    AND (host.leased_until IS NULL OR host.leased_until <= :now))"""


class SqliteFeeds:
    """Implements `pipeline.rows.FeedRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def hurry(self, now: datetime, feed: FeedId | None = None) -> None:
        """Have every feed, or one, polled now, as soon as its host takes requests."""
        self._db.execute(
            """
            UPDATE feed SET next_poll_at = min(next_poll_at, :now)
            WHERE place IS NOT NULL AND (:feed IS NULL OR id = :feed)
            """,
            {"now": to_ms(now), "feed": feed},
        )

    def sync(
        self, feeds: Sequence[Feed], now: datetime, manners: Manners = _USUAL
    ) -> Mapping[str, FeedId]:
        """Poll exactly *feeds* from now on; answer their ids by address.

        One that was taken out of rules.yaml and is back has a first poll again.
        """
        left = self._db.execute(
            "SELECT address FROM feed WHERE place IS NULL AND memory IS NOT NULL"
        )
        back = {row[0] for row in left} & {feed.address for feed in feeds}
        for address in back:
            self._db.execute(
                "UPDATE feed SET memory = json_remove(memory, '$.first_ok_at') WHERE address = ?",
                [address],
            )
        self._db.execute("UPDATE feed SET place = NULL WHERE place IS NOT NULL")
        start = to_ms(now)
        ids: dict[str, FeedId] = {}
        self._follow(feeds)
        for place, feed in enumerate(feeds):
            identity, planned, memory = self._db.execute(
                """
                INSERT INTO feed (address, place, host, next_poll_at) VALUES (?, ?, ?, ?)
                ON CONFLICT (address) DO UPDATE SET place = excluded.place
                RETURNING id, next_poll_at, memory
                """,
                [feed.address, place, host_of(feed.address), start],
            ).fetchone()
            ids[feed.address] = FeedId(identity)
            # Few plans are that late, and only their memories have to be read.
            longest = feed.every or feed.at_most or manners.at_most
            if memory and planned > start + longest // _MS:
                self._tighten(identity, feed, read_memory(memory), manners, now)
            if planned > start + (_FARTHEST + 2 * longest) // _MS:  # by a clock that was ahead
                self._db.execute("UPDATE feed SET next_poll_at = ? WHERE id = ?", [start, identity])
        self._spread(start)
        self._wake(now)
        return ids

    def _tighten(
        self, identity: int, feed: Feed, memory: Memory, manners: Manners, now: datetime
    ) -> None:
        """Have a feed polled no later than rules.yaml says now."""
        if latest := latest_plan(feed, memory, manners, now):
            self._db.execute(
                """
                UPDATE feed SET next_poll_at = ?, memory = json_set(memory, '$.why', ?)
                WHERE id = ? AND next_poll_at > ?
                """,
                [to_ms(latest.at), latest.why, identity, to_ms(latest.at)],
            )

    def _wake(self, now: datetime) -> None:
        """Ask hosts again that rest for longer than any may: the clock was set back meanwhile."""
        longest = to_ms(now + LONGEST_REST)
        self._db.execute("UPDATE host SET free_at = ? WHERE free_at > ?", [to_ms(now), longest])

    def _follow(self, feeds: Sequence[Feed]) -> None:
        """Let a feed that has moved for good keep its history under the address it has now."""
        addresses = {feed.address for feed in feeds}
        moved = self._db.execute(
            "SELECT id, address, asked_at FROM feed WHERE asked_at IS NOT NULL"
        ).fetchall()
        for identity, old, new in moved:
            if new in addresses and old not in addresses:
                self._db.execute(
                    """
                    UPDATE OR IGNORE feed SET address = ?, asked_at = NULL,
                        memory = json_remove(memory, '$.asked_at') WHERE id = ?
                    """,
                    [new, identity],
                )

    def _spread(self, start: int) -> None:
        """Let what is due begin one after the other, the longest due first."""
        due = self._db.execute(
            """
            SELECT id FROM feed WHERE place IS NOT NULL AND next_poll_at <= ?
            ORDER BY next_poll_at, place
            """,
            [start],
        ).fetchall()
        for number, (identity,) in enumerate(due):
            self._db.execute(
                "UPDATE feed SET next_poll_at = ? WHERE id = ?",
                [start + number * _BETWEEN_STARTS, identity],
            )

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[DueFeed, ...]:
        """Take up to *limit* due feeds, one a host; nobody else asks those before *until*."""
        at = to_ms(now)
        # min() makes SQLite take the other columns from the row that is due first.
        rows = list(
            self._db.query(
                f"""
                SELECT feed.id, address, feed.host, memory, next_poll_at,
                    coalesce(strikes, 0) AS strikes, min(next_poll_at) AS due
                FROM feed LEFT JOIN host ON host.name = feed.host
                WHERE place IS NOT NULL AND next_poll_at <= :now
                    AND (feed.leased_until IS NULL OR feed.leased_until <= :now) AND {HOST_IS_FREE}
                GROUP BY coalesce(feed.host, 'file ' || feed.id) ORDER BY due, place LIMIT :limit
                """,  # noqa: S608 -- a constant
                {"now": at, "until": at, "limit": limit},
            )
        )
        token = secrets.token_hex(8)
        for row in rows:
            self._db.execute(
                "UPDATE feed SET token = ?, leased_until = ? WHERE id = ?",
                [token, to_ms(until), row["id"]],
            )
        claim_hosts(self._db, (row["host"] for row in rows), token, now, until)
        return tuple(_due(row, token) for row in rows)

    def finish(self, feed: DueFeed, memory: Memory, left: HostLeft, now: datetime) -> bool:
        """Remember a poll; False if the claim was lost."""
        host = host_of(memory.asked_at or feed.address)
        changed = self._db.execute(
            f"""
            UPDATE feed SET token = NULL, leased_until = NULL, host = :host, {_REMEMBER}
                AND token = :token
            """,  # noqa: S608 -- a constant
            {**_columns(feed.id, memory, now), "host": host, "token": feed.token},
        )
        leave_host(self._db, feed.host, feed.token, left)
        return changed.rowcount == 1

    def remember(self, feed: FeedId, memory: Memory, now: datetime) -> bool:
        """Keep *memory* of a feed; False if it is being polled, and will be remembered then."""
        changed = self._db.execute(
            f"UPDATE feed SET {_REMEMBER} AND token IS NULL",  # noqa: S608 -- a constant
            _columns(feed, memory, now),
        )
        return changed.rowcount == 1

    def release(self) -> None:
        """Give back what was claimed before a stop: nobody works on it any more."""
        self._db.execute("UPDATE feed SET token = NULL, leased_until = NULL")
        self._db.execute("UPDATE host SET token = NULL, leased_until = NULL")

    def some(self, addresses: Collection[str]) -> tuple[FeedHealth, ...]:
        """Answer what is known of those at *addresses*; without their numbers of articles."""
        rows = self._db.query(
            f"{_HEALTH} AND address IN ({marks([*addresses])}) ORDER BY place", [*addresses]
        )
        return tuple(_health(row, 0) for row in rows)

    def one(self, feed: FeedId) -> FeedHealth | None:
        """Answer what is known of a feed that is polled."""
        for row in self._db.query(f"{_HEALTH} AND feed.id = ?", [feed]):
            articles = self._db.execute(
                "SELECT count(DISTINCT article_id) FROM sighting WHERE feed_id = ?", [feed]
            ).fetchone()[0]
            return _health(row, articles)
        return None

    def health(self) -> tuple[FeedHealth, ...]:
        """Answer what is known of every feed that is polled, in the order of rules.yaml."""
        rows = self._db.query(f"{_HEALTH} ORDER BY place")
        counts = dict(
            self._db.execute(
                "SELECT feed_id, count(DISTINCT article_id) FROM sighting GROUP BY feed_id"
            ).fetchall()
        )
        return tuple(_health(row, counts.get(row["id"], 0)) for row in rows)

    def troubled(self, host: str | None = None) -> tuple[FeedHealth, ...]:
        """Answer the feeds that are polled and of which people may have to be told."""
        only = "AND feed.host = ?" if host else ""
        rows = self._db.query(
            f"{_HEALTH} AND troubled {only} ORDER BY place", [host] if host else []
        )
        return tuple(_health(row, 0) for row in rows)

    def waiting(self, due: datetime, free: datetime) -> int:
        """Answer how many feeds due at *due* nobody polls, on hosts that are free at *free*."""
        row = self._db.execute(
            """
            SELECT count(*) FROM feed LEFT JOIN host ON host.name = feed.host
            WHERE place IS NOT NULL AND next_poll_at <= ? AND feed.token IS NULL
                AND (host.free_at IS NULL OR host.free_at <= ? OR host.token IS NOT NULL)
            """,
            [to_ms(due), to_ms(free)],
        ).fetchone()
        return int(row[0])

    def worked_at(self) -> datetime | None:
        """Answer when any feed could last be read, if ever."""
        row = self._db.execute(
            "SELECT max(json_extract(memory, '$.last_ok_at')) FROM feed WHERE place IS NOT NULL"
        ).fetchone()
        return datetime.fromisoformat(row[0]) if row[0] else None

    def rates(self) -> Sequence[tuple[str, float]]:
        """Answer the address of each feed that is polled, and how many posts a day it has."""
        return self._db.execute(
            "SELECT address, posts_a_day FROM feed WHERE place IS NOT NULL"
        ).fetchall()


def claim_hosts(
    database: Database, hosts: Iterable[str | None], token: str, now: datetime, until: datetime
) -> None:
    """Let nobody else ask *hosts* before *until*."""
    for host in filter(None, hosts):
        database.execute(
            """
            INSERT INTO host (name, free_at, token, leased_until) VALUES (?, ?, ?, ?)
            ON CONFLICT (name) DO UPDATE SET
                token = excluded.token, leased_until = excluded.leased_until
            """,
            [host, to_ms(now), token, to_ms(until)],
        )


def leave_host(database: Database, host: str | None, token: str, left: HostLeft) -> None:
    """Let others ask *host* again, if the claim of it is still ours."""
    database.execute(
        """
        UPDATE host SET token = NULL, leased_until = NULL, free_at = ?, strikes = ?, why = ?
        WHERE name = ? AND token = ?
        """,
        [to_ms(left.free_at), left.strikes, left.why, host, token],
    )


_HEALTH = """
    SELECT feed.*, host.free_at, host.why
    FROM feed LEFT JOIN host ON host.name = feed.host WHERE place IS NOT NULL
"""
_REMEMBER = """
    next_poll_at = :next, asked_at = :asked_at, posts_a_day = :rate, troubled = :troubled,
    memory = :memory
    WHERE id = :id
"""


def _columns(feed: FeedId, memory: Memory, now: datetime) -> dict[str, Any]:
    return {
        "id": feed,
        "next": to_ms(memory.next_poll_at),
        "asked_at": memory.asked_at,
        "rate": memory.habit.posts_a_day(now),
        "troubled": is_troubled(memory),
        "memory": memory_json(memory),
    }


def _memory(row: dict[str, Any]) -> Memory:
    at = from_ms(row["next_poll_at"])
    known = read_memory(row["memory"]) if row["memory"] else Memory(next_poll_at=at)
    return replace(known, next_poll_at=at)


def _due(row: dict[str, Any], token: str) -> DueFeed:
    return DueFeed(
        id=FeedId(row["id"]),
        address=row["address"],
        host=row["host"],
        token=token,
        memory=_memory(row),
        strikes=row["strikes"],
    )


def _health(row: dict[str, Any], articles: int) -> FeedHealth:
    return FeedHealth(
        id=FeedId(row["id"]),
        address=row["address"],
        host=row["host"],
        memory=_memory(row),
        articles=articles,
        host_free_at=moment(row["free_at"]),
        host_why=row["why"],
    )
