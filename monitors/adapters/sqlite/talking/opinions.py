"""What people think of alerts, and the buttons that are shown under them."""

import json
from collections.abc import Collection
from datetime import datetime

from sqlite_utils import Database

from monitors.alerts.showing.alert_keyboard import KeyboardState, Page
from monitors.pipeline.records import AlertId
from monitors.pipeline.telling.opinions import LATELY, Verdict
from monitors.times import to_ms

# A rule that rings seldom is not looked for in all that was ever sent.
_MOST_LOOKED_AT = 2_000


class SqliteOpinions:
    """Implements `pipeline.telling.opinions.OpinionRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def keep(self, alert: AlertId, user: str, rules: Collection[str], now: datetime) -> bool:
        """Remember that *user* calls *alert* not relevant; False if that is known."""
        kept = self._db.execute(
            """
            INSERT OR IGNORE INTO opinion
            SELECT id, ?, chat, ?, ? FROM alert WHERE id = ?
            """,
            [user, json.dumps([*rules]), to_ms(now), alert],
        )
        return kept.rowcount > 0

    def withdraw(self, alert: AlertId, user: str) -> bool:
        """Forget that; False if there is nothing to forget."""
        gone = self._db.execute(
            "DELETE FROM opinion WHERE alert_id = ? AND user = ?", [alert, user]
        )
        return gone.rowcount > 0

    def verdict(self, chat: str, rule: str) -> Verdict:
        """Answer how well *rule* did for *chat* in its last alerts."""
        row = self._db.execute(
            """
            WITH newest AS (
                SELECT id, content, rings_at FROM alert WHERE chat = :chat
                ORDER BY rings_at DESC LIMIT :looked
            ), by_rule AS (
                SELECT newest.id FROM newest, json_each(newest.content, '$.rules') AS name
                WHERE name.value = :rule ORDER BY rings_at DESC LIMIT :lately
            )
            SELECT count(*), coalesce(sum(EXISTS (
                SELECT 1 FROM opinion WHERE alert_id = by_rule.id)), 0) FROM by_rule
            """,
            {"chat": chat, "rule": rule, "looked": _MOST_LOOKED_AT, "lately": LATELY},
        ).fetchone()
        return Verdict(rule=rule, off=row[1], of=row[0])


class SqliteKeyboards:
    """Implements `pipeline.telling.opinions.KeyboardRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def turn(self, alert: AlertId, page: Page) -> None:
        """Show *page* under *alert* from now on."""
        self._db.execute("INSERT OR REPLACE INTO keyboard VALUES (?, ?)", [alert, page.value])


def keyboard_of(database: Database, alert: int, *, related: bool) -> KeyboardState:
    """Answer what the buttons under *alert* show.

    What was muted for some time counts until somebody ends it or the message changes: a button
    that undoes what is over already says so.
    """
    row = database.execute(
        """
        SELECT (SELECT page FROM keyboard WHERE alert_id = :alert),
            EXISTS (SELECT 1 FROM mute WHERE under = :alert AND ended_at IS NULL
                AND what = 'story'),
            EXISTS (SELECT 1 FROM mute WHERE under = :alert AND ended_at IS NULL
                AND what = 'outlet'),
            EXISTS (SELECT 1 FROM opinion WHERE alert_id = :alert)
        """,
        {"alert": alert},
    ).fetchone()
    return KeyboardState(
        page=Page(row[0] or 0),
        related=related,
        muted=bool(row[1]),
        outlet_muted=bool(row[2]),
        off=bool(row[3]),
    )
