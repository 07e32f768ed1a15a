"""What people mute, and what that has kept from them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, marks, moment, to_json
from monitors.alerts.alert import AlertContent
from monitors.alerts.muting import (
    Mute,
    Muted,
    MutedChat,
    MutedOutlet,
    MutedRule,
    MutedStory,
    Mutes,
    key_of,
)
from monitors.pipeline.records import AlertId
from monitors.pipeline.telling.muting import Silenced
from monitors.stories.article import StoryId
from monitors.times import from_ms, to_ms


class SqliteMutes:
    """Implements `pipeline.telling.muting.MuteRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def put(self, chat: str, mute: Mute, now: datetime) -> int:
        """Mute something in *chat*, in place of a mute of the same; answer its number."""
        kind, alert, _, rule = key = key_of(mute.what)
        outlet = mute.what.outlet if isinstance(mute.what, MutedOutlet) else ""
        text = "\n".join(map(str, key))
        self._db.execute(
            """
            UPDATE mute SET ended_at = ?, ended_by = ?
            WHERE chat = ? AND key = ? AND ended_at IS NULL
            """,
            [to_ms(now), mute.who, chat, text],
        )
        row = self._db.execute(
            """
            INSERT INTO mute (chat, what, alert_id, outlet, rule, key, about, under, since, until,
                who)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING id
            """,
            [
                chat,
                kind,
                alert,
                outlet,
                rule,
                text,
                mute.about,
                mute.under,
                to_ms(now),
                None if mute.until is None else to_ms(mute.until),
                mute.who,
            ],
        ).fetchone()
        return int(row[0])

    def lift(self, chat: str, number: int, who: str, now: datetime) -> bool:
        """End a mute of *chat*; False if it has none of that number, or no more."""
        ended = self._db.execute(
            """
            UPDATE mute SET ended_at = :now, ended_by = :who WHERE chat = :chat AND id = :number
                AND ended_at IS NULL AND (until IS NULL OR until > :now)
            """,
            {"now": to_ms(now), "who": who, "chat": chat, "number": number},
        )
        return ended.rowcount > 0

    def of(self, chat: str, now: datetime) -> Mutes:
        """Answer what is muted in *chat* now, the oldest first."""
        rows = self._db.query(
            """
            SELECT * FROM mute WHERE chat = ? AND ended_at IS NULL
                AND (until IS NULL OR until > ?) ORDER BY id
            """,
            [chat, to_ms(now)],
        )
        return Mutes(tuple(map(_mute, rows)))

    def silence(
        self, chat: str, story: StoryId, content: AlertContent, why: str, now: datetime
    ) -> None:
        """Remember that *chat* was not told of *content*."""
        self._db.execute(
            """
            INSERT INTO silenced VALUES (?, ?, ?, ?, ?, 1)
            ON CONFLICT (chat, story_id) DO UPDATE SET content = excluded.content,
                why = excluded.why, at = excluded.at, times = times + 1
            """,
            [chat, story, to_json(content), why, to_ms(now)],
        )

    def silenced(
        self, limit: int, *, chats: Sequence[str] | None = None, story: StoryId | None = None
    ) -> tuple[Silenced, ...]:
        """Answer what was not told, the newest first: in some of *chats*, or of one story."""
        conditions, values = ["1"], list[Any]()
        if chats is not None:
            conditions.append(f"chat IN ({marks(chats)})")
            values += chats
        if story is not None:
            conditions.append("story_id = ?")
            values.append(story)
        rows = self._db.query(
            f"SELECT * FROM silenced WHERE {' AND '.join(conditions)} ORDER BY at DESC LIMIT ?",  # noqa: S608 -- constants
            [*values, limit],
        )
        return tuple(
            Silenced(
                chat=row["chat"],
                story=StoryId(row["story_id"]),
                content=from_json(row["content"]),
                why=row["why"],
                at=from_ms(row["at"]),
                times=row["times"],
            )
            for row in rows
        )

    def drop_replies(self, alert: AlertId, why: str) -> int:
        """Send none of the replies that wait below *alert*; answer how many."""
        return self._db.execute(
            """
            UPDATE outbox SET state = 'dropped', why = ?
            WHERE alert_id = ? AND kind = 'reply' AND state IN ('pending', 'parked')
            """,
            [why, alert],
        ).rowcount

    def waiting_below(self, alert: AlertId) -> tuple[AlertId, ...]:
        """Answer the alerts that are to reply to *alert* and that nobody has tried to send."""
        rows = self._db.execute(
            """
            SELECT alert.id FROM alert JOIN outbox ON alert_id = alert.id AND kind = 'alert'
            WHERE reply_to = ? AND state = 'pending' AND attempts = 0
            """,
            [alert],
        )
        return tuple(AlertId(row[0]) for row in rows)


def _mute(row: dict[str, Any]) -> Mute:
    return Mute(
        what=_what(row),
        number=row["id"],
        until=moment(row["until"]),
        who=row["who"],
        about=row["about"],
        under=row["under"],
    )


def _what(row: dict[str, Any]) -> Muted:
    match row["what"]:
        case "story":
            return MutedStory(row["alert_id"])
        case "outlet":
            return MutedOutlet(row["outlet"], row["rule"])
        case "rule":
            return MutedRule(row["rule"])
        case _:
            return MutedChat()
