"""What is known of those who get messages: their pace, holds, and whether they take any."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import marks
from monitors.alerts.destinations import ADMIN, GONE, counter_of
from monitors.alerts.pacing import Call, Pace, allowed
from monitors.alerts.retry import next_check
from monitors.pipeline.telling.failed import Lost
from monitors.times import from_ms, to_ms

_REMEMBERED = timedelta(days=7)


class SqlitePeers:
    """The part of `pipeline.telling.rows.OutboxRows` that is about peers."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def place(self, chats: Mapping[str, str]) -> None:
        """Remember which peer each chat of rules.yaml is; what waits for it goes there."""
        moved = self.moves()
        self._db.execute("DELETE FROM chat_peer")
        for chat, peer in chats.items():
            self._db.execute(
                "INSERT INTO chat_peer (chat, peer) VALUES (?, ?)", [chat, moved.get(peer, peer)]
            )
        self._db.execute(
            """
            UPDATE outbox SET peer =
                coalesce((SELECT peer FROM chat_peer WHERE chat = outbox.chat), '?' || chat)
            WHERE state NOT IN ('sent', 'dropped') AND chat NOT LIKE ? || '%'
            """,
            [ADMIN],
        )
        self._db.execute(
            """
            INSERT OR IGNORE INTO peer (peer)
            SELECT DISTINCT peer FROM outbox WHERE state NOT IN ('sent', 'dropped')
            """
        )
        self._let_in(
            row[0]
            for row in self._db.execute(
                """
                SELECT DISTINCT peer FROM outbox JOIN peer USING (peer)
                WHERE state = 'parked' AND parked_why IS NULL
                """
            ).fetchall()
        )

    def hold(self, peer: str, until: datetime, why: str | None = None) -> None:
        """Make no call for *peer* before *until*; `EVERYWHERE` is all of Telegram."""
        self._db.execute(
            """
            INSERT INTO peer (peer, hold_until, hold_why) VALUES (?, ?, ?)
            ON CONFLICT (peer) DO UPDATE SET hold_until = excluded.hold_until,
                hold_why = excluded.hold_why WHERE excluded.hold_until > hold_until
            """,
            [peer, to_ms(until), why],
        )

    def holds(self, now: datetime) -> Mapping[str, datetime]:
        """Answer until when which peers are left alone."""
        rows = self._db.execute(
            "SELECT peer, hold_until FROM peer WHERE hold_until > ?", [to_ms(now)]
        )
        return {row[0]: from_ms(row[1]) for row in rows}

    def held_why(self, now: datetime) -> tuple[str, ...]:
        """Answer why peers are left alone, each reason once, the commonest first."""
        rows = self._db.execute(
            """
            SELECT hold_why FROM peer WHERE hold_until > ? AND hold_why NOT NULL
            GROUP BY hold_why ORDER BY count(*) DESC, hold_why
            """,
            [to_ms(now)],
        )
        return tuple(row[0] for row in rows)

    def let_in(self, peer: str) -> bool:
        """Go on writing to *peer*, which takes messages again; answer whether it was parked."""
        parked = self._db.execute(
            "SELECT 1 FROM peer WHERE peer = ? AND parked_why IS NOT NULL", [peer]
        ).fetchone()
        if parked:
            self._let_in([peer])
        return parked is not None

    def unpark(self) -> None:
        """Try again every peer that took no messages."""
        self._let_in(
            row[0] for row in self._db.execute("SELECT peer FROM peer WHERE parked_why NOT NULL")
        )

    def check_parked(self, now: datetime) -> int:
        """Try again the peers that were not tried for long; answer how many."""
        rows = self._db.execute(
            "SELECT peer FROM peer WHERE parked_why NOT NULL AND check_at <= ?", [to_ms(now)]
        ).fetchall()
        self._let_in(row[0] for row in rows)
        return len(rows)

    def lost(self) -> tuple[Lost, ...]:
        """Answer the peers that take no messages, each once until one has arrived again."""
        rows = self._db.execute(
            """
            UPDATE peer SET told = 1 WHERE parked_why NOT NULL AND NOT told
            RETURNING peer, parked_why
            """
        ).fetchall()
        return tuple(self._lost(*row) for row in rows)

    def move(self, old: str, new: str, now: datetime) -> None:
        """Have everything for the group *old* go to *new*, as which it lives on.

        The numbers of its messages mean nothing there: what they show can be changed no more.
        """
        self._db.execute(
            """
            INSERT INTO moved (old, new, at) VALUES (:old, :new, :at)
            ON CONFLICT (old) DO UPDATE SET new = excluded.new, at = excluded.at
            """,
            {"old": old, "new": new, "at": to_ms(now)},
        )
        for statement in _MOVING:
            self._db.execute(
                statement, {"old": old, "new": new, "gone": GONE, "admin": f"{ADMIN}{old}"}
            )

    def moves(self) -> Mapping[str, str]:
        """Answer under which number groups live on, by the one that they had."""
        pairs = {row[0]: row[1] for row in self._db.execute("SELECT old, new FROM moved")}
        return {old: pairs.get(new, new) for old, new in pairs.items()}

    def saw(self, peer: str, message_id: int) -> None:
        """Remember that *message_id* of *peer* is known: it is no letter in doubt."""
        counter = counter_of(peer)
        if counter is not None:
            self._db.execute(
                """
                INSERT OR IGNORE INTO seen_message (counter, message_id, at)
                VALUES (?, ?, unixepoch() * 1000)
                """,
                [counter, message_id],
            )

    def first_time(self, told: str) -> bool:
        """Answer whether *told* was never asked about."""
        added = self._db.execute(
            "INSERT OR IGNORE INTO peer (peer, told) VALUES (?, 1)", [f"told {told}"]
        )
        return added.rowcount > 0

    def forget_messages(self, now: datetime) -> None:
        """Forget old numbers of messages, but the last of each counter."""
        self._db.execute(
            """
            DELETE FROM seen_message WHERE at < ? AND message_id < (
                SELECT max(message_id) FROM seen_message AS last
                WHERE last.counter = seen_message.counter)
            """,
            [to_ms(now - _REMEMBERED)],
        )

    def _spend(
        self, peer: str, calls: Iterable[Call], now: datetime, pace: Pace, *, known_last: bool
    ) -> None:
        """Count *calls*; *known_last*: they take the place of the last that was counted."""
        row = self._db.execute("SELECT recent FROM peer WHERE peer = ?", [peer]).fetchone()
        known = [(from_ms(at), bool(edited)) for at, edited in json.loads(row[0] if row else "[]")]
        known = known[:-1] if known_last else known
        after = allowed(peer, [*known, *calls], now, pace)
        self._db.execute(
            "UPDATE peer SET recent = ?, free_at = ?, edit_at = ? WHERE peer = ?",
            [
                json.dumps([[to_ms(at), int(edited)] for at, edited in after.recent]),
                to_ms(after.send_at),
                to_ms(after.edit_at),
                peer,
            ],
        )

    def _park(self, peer: str, why: str | None, now: datetime) -> None:
        row = self._db.execute("SELECT parked_at FROM peer WHERE peer = ?", [peer]).fetchone()
        since = now if row[0] is None else from_ms(row[0])
        self._db.execute(
            "UPDATE peer SET parked_why = ?, parked_at = ?, check_at = ? WHERE peer = ?",
            [why or "", to_ms(since), to_ms(next_check(since, now)), peer],
        )
        self._db.execute(
            """
            UPDATE outbox SET state = 'parked', why = :why
            WHERE peer = :peer AND state IN ('pending', 'in doubt')
            """,
            {"why": why, "peer": peer},
        )

    def _takes(self, peer: str) -> None:
        """Remember that a message has arrived."""
        self._db.execute(
            """
            UPDATE peer SET parked_at = NULL, told = 0 WHERE peer = ? AND parked_at IS NOT NULL
            """,
            [peer],
        )

    def _let_in(self, peers: Iterable[str]) -> None:
        for peer in [*peers]:
            self._db.execute(
                "UPDATE peer SET parked_why = NULL, check_at = NULL WHERE peer = ?", [peer]
            )
            self._db.execute(
                """
                UPDATE outbox SET why = NULL, returned = 1,
                    state = CASE WHEN doubts AND kind <> 'revision' THEN 'in doubt'
                        ELSE 'pending' END
                WHERE peer = ? AND state = 'parked'
                """,
                [peer],
            )

    def _lost(self, peer: str, why: str) -> Lost:
        kinds = ("alert", "reply")
        row = self._db.execute(
            f"""
            SELECT coalesce(sum(CASE WHEN kind = 'digest'
                    THEN (SELECT count(*) FROM outbox AS one WHERE one.folded_into = outbox.id)
                    ELSE kind IN ({marks(kinds)}) END), 0), min(chat)
            FROM outbox WHERE peer = ? AND state = 'parked'
            """,  # noqa: S608 -- question marks
            [*kinds, peer],
        ).fetchone()
        return Lost(peer=peer, chat=row[1] or peer, why=why, kept=row[0])


_MOVING = (
    "UPDATE moved SET new = :new WHERE new = :old",
    "UPDATE chat_peer SET peer = :new WHERE peer = :old",
    "INSERT OR IGNORE INTO peer (peer) VALUES (:new)",
    """
    UPDATE peer SET hold_until = old.until, hold_why = old.why
    FROM (SELECT hold_until AS until, hold_why AS why FROM peer WHERE peer = :old) AS old
    WHERE peer = :new AND old.until > hold_until
    """,
    """
    UPDATE outbox SET peer = :new, floor = NULL, ceiling = NULL, guess = NULL
    WHERE peer = :old AND state NOT IN ('sent', 'dropped')
    """,
    """
    UPDATE outbox SET chat = 'admin:' || :new || substr(chat, length(:admin) + 1)
    WHERE chat = :admin OR chat LIKE :admin || ':%'
    """,
    """
    UPDATE alert SET destination = :gone
    WHERE destination = 'telegram:' || :old || ':'
        OR destination LIKE 'telegram:' || :old || ':%'
    """,
    """
    UPDATE digest SET destination = :gone
    WHERE destination = 'telegram:' || :old || ':'
        OR destination LIKE 'telegram:' || :old || ':%'
    """,
    "UPDATE outbox SET shown_as = NULL WHERE peer = :old AND shown_as IS NOT NULL",
)
