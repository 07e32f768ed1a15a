"""The subscriptions at WebSub hubs."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import read_subscription, subscription_json
from monitors.adapters.sqlite.gathering.feeds import HOST_IS_FREE, claim_hosts, leave_host
from monitors.pipeline.records import DueSubscription, FeedId, HostLeft
from monitors.polling.manners import host_of
from monitors.polling.subscription import Offer, Subscription
from monitors.times import to_ms


class SqliteSubscriptions:
    """Implements `pipeline.rows.SubscriptionRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def want(self, feed: FeedId, offer: Offer, now: datetime) -> None:
        """Have the hub of *offer* asked; the feed has no other subscription that is wanted."""
        wanted = Subscription(
            hub=offer.hub,
            topic=offer.topic,
            callback=secrets.token_urlsafe(24),
            secret=secrets.token_urlsafe(32),
            since=now,
            due_at=now,
        )
        self._db.execute(
            """
            INSERT INTO subscription (callback, feed_id, host, wanted, due_at, state)
            VALUES (?, ?, ?, 1, ?, ?)
            """,
            [wanted.callback, feed, host_of(offer.hub), to_ms(now), subscription_json(wanted)],
        )

    def of(self, feed: FeedId) -> Subscription | None:
        """Answer the subscription of *feed* that is wanted."""
        return self._one("SELECT state FROM subscription WHERE feed_id = ? AND wanted", feed)

    def at(self, callback: str) -> Subscription | None:
        """Answer the subscription whose hub calls *callback*."""
        return self._one("SELECT state FROM subscription WHERE callback = ?", callback)

    def all(self) -> Iterable[Subscription]:
        """Answer every subscription."""
        rows = self._db.execute("SELECT state FROM subscription").fetchall()
        return [read_subscription(state) for (state,) in rows]

    def keep(self, subscription: Subscription) -> None:
        """Remember *subscription*, which is known by its callback."""
        due_at = None if subscription.due_at is None else to_ms(subscription.due_at)
        self._db.execute(
            "UPDATE subscription SET wanted = ?, due_at = ?, state = ? WHERE callback = ?",
            [subscription.wanted, due_at, subscription_json(subscription), subscription.callback],
        )

    def end(self, callback: str) -> None:
        """Forget a subscription."""
        self._db.execute("DELETE FROM subscription WHERE callback = ?", [callback])

    def unlisted(self) -> Iterable[Subscription]:
        """Answer those that are wanted for feeds that are no longer polled."""
        rows = self._db.execute(
            """
            SELECT state FROM subscription JOIN feed ON feed.id = feed_id
            WHERE wanted AND place IS NULL
            """
        ).fetchall()
        return [read_subscription(state) for (state,) in rows]

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[DueSubscription, ...]:
        """Take up to *limit* that are due, one a host; nobody else asks those before *until*."""
        # min() makes SQLite take the other columns from the row that is due first.
        rows = list(
            self._db.query(
                f"""
                SELECT state, address, subscription.host, coalesce(strikes, 0) AS strikes,
                    min(due_at) AS due
                FROM subscription JOIN feed ON feed.id = feed_id
                    LEFT JOIN host ON host.name = subscription.host
                WHERE due_at <= :now AND {HOST_IS_FREE}
                GROUP BY subscription.host ORDER BY due LIMIT :limit
                """,  # noqa: S608 -- a constant
                {"now": to_ms(now), "until": to_ms(now), "limit": limit},
            )
        )
        token = secrets.token_hex(8)
        claim_hosts(self._db, (row["host"] for row in rows), token, now, until)
        return tuple(
            DueSubscription(
                subscription=read_subscription(row["state"]),
                feed=row["address"],
                host=row["host"],
                token=token,
                strikes=row["strikes"],
            )
            for row in rows
        )

    def leave(self, due: DueSubscription, left: HostLeft) -> None:
        """Let others ask the host of a hub again."""
        leave_host(self._db, due.host, due.token, left)

    def hasten(self, callback: str, at: datetime) -> None:
        """Have the feed polled at *at*, if it is not polled sooner."""
        self._db.execute(
            """
            UPDATE feed SET next_poll_at = min(next_poll_at, ?)
            WHERE id = (SELECT feed_id FROM subscription WHERE callback = ?) AND place IS NOT NULL
            """,
            [to_ms(at), callback],
        )

    def _one(self, sql: str, key: str | int) -> Subscription | None:
        row = self._db.execute(sql, [key]).fetchone()
        return None if row is None else read_subscription(row[0])
