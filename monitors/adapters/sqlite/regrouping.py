"""What people split and join, and the alerts that tell of it."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import from_json, marks
from monitors.adapters.sqlite.sending.folding import members, read_digest
from monitors.alerts.digest import Digest
from monitors.pipeline.records import AlertId, OutboxId, ToldAlert
from monitors.stories.article import ArticleId, StoryId
from monitors.times import to_ms


class SqliteRegrouping:
    """Implements `pipeline.ports.RegroupingRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def story_of(self, article: ArticleId) -> StoryId | None:
        """Answer the story of an article; None if there is no such article."""
        row = self._db.execute("SELECT story_id FROM article WHERE id = ?", [article]).fetchone()
        return StoryId(row[0]) if row else None

    def current(self, story: StoryId) -> StoryId:
        """Answer the story that *story* was joined to; itself, if it was not."""
        row = self._db.execute("SELECT into_id FROM joined WHERE story_id = ?", [story]).fetchone()
        return StoryId(row[0]) if row else story

    def may_move(self, article: ArticleId, story: StoryId) -> bool:
        """Answer whether nobody has split *article* off from an article of *story*."""
        apart = self._db.execute(
            """
            SELECT 1 FROM apart JOIN article ON article.id = other_id
            WHERE article_id = :article AND story_id = :story
            UNION ALL SELECT 1 FROM apart JOIN article ON article.id = article_id
            WHERE other_id = :article AND story_id = :story
            """,
            {"article": article, "story": story},
        )
        return apart.fetchone() is None

    def close(self, story: StoryId, into: StoryId, who: str, now: datetime) -> None:
        """Remember that *who* joins *story* to *into*, before its articles are moved."""
        both = {"story": story, "into": into, "who": who, "at": to_ms(now)}
        for statement in _CLOSING:
            self._db.execute(statement, both)

    def reopen(self, article: ArticleId, story: StoryId) -> StoryId | None:
        """Answer the story that was joined to *story* and began with *article*, if any."""
        row = self._db.execute(
            """
            DELETE FROM joined WHERE story_id = (
                SELECT max(story_id) FROM joined WHERE into_id = ? AND article_id = ?)
            RETURNING story_id
            """,
            [story, article],
        ).fetchone()
        return StoryId(row[0]) if row else None

    def told(self, story: StoryId) -> tuple[ToldAlert, ...]:
        """Answer the alerts of a story, the oldest first."""
        return self._alerts("story_id = ? ORDER BY alert.id", [story])

    def closed(self, story: StoryId) -> tuple[ToldAlert, ...]:
        """Answer the alerts of what was joined to *story*, which others tell, the oldest first."""
        joined = "SELECT joined.story_id FROM joined WHERE into_id = ?"
        return self._alerts(f"story_id IN ({joined}) ORDER BY alert.id", [story])

    def alert(self, alert: AlertId) -> ToldAlert | None:
        """Answer an alert."""
        return next(iter(self._alerts("alert.id = ?", [alert])), None)

    def shown(self, message: str, chats: Collection[str]) -> ToldAlert | None:
        """Answer whose *message* it is in one of *chats*, whatever the topic; or whose reply."""
        replies = "SELECT alert_id FROM outbox WHERE shown_as = ?"
        found = (
            *self._alerts("message_id = ?", [message]),
            *self._alerts(f"alert.id IN ({replies})", [message]),
        )
        return next((one for one in found if _chat_of(one.destination) in chats), None)

    def listed(self, message: str, chats: Collection[str]) -> Mapping[int, ToldAlert]:
        """Answer the alerts of which a digest tells, by number; none if it is another message.

        Args:
            message: its number.
            chats: in one of these, whatever the topic.
        """
        rows = self._db.execute(
            "SELECT id, first, destination FROM digest WHERE message_id = ?", [message]
        ).fetchall()
        for digest, first, destination in rows:
            if _chat_of(destination) in chats:
                alerts = members(self._db, digest)
                told = (
                    (number, self.alert(AlertId(one))) for number, one in enumerate(alerts, first)
                )
                return {number: one for number, one in told if one}
        return {}

    def digest(self, number: OutboxId) -> tuple[Digest, str] | None:
        """Answer the digest of that number and where it was sent to; None if it is not shown."""
        row = self._db.execute(
            "SELECT destination FROM digest WHERE id = ? AND destination IS NOT NULL", [number]
        ).fetchone()
        return None if row is None else (read_digest(self._db, number), row[0])

    def newest(self, destinations: Collection[str]) -> ToldAlert | None:
        """Answer the last alert that arrived at one of *destinations*."""
        where = f"destination IN ({marks([*destinations])}) ORDER BY alert.id DESC LIMIT 1"
        return next(iter(self._alerts(where, [*destinations])), None)

    def give(self, alert: AlertId, story: StoryId) -> None:
        """Have *alert* tell of *story*; one of the same chat that did takes its place."""
        other = self._db.execute(
            """
            SELECT other.id, mine.story_id, mine.chat FROM alert AS mine JOIN alert AS other
                ON other.chat = mine.chat AND other.story_id = ? AND other.id <> mine.id
            WHERE mine.id = ?
            """,
            [story, alert],
        ).fetchone()
        if other is None:
            self._put(alert, story)
            return
        # Two alerts of a chat may never be of one story, not even for a moment.
        row = self._db.execute(
            "INSERT INTO story (opened_at) VALUES (0) RETURNING id",
        ).fetchone()
        self._put(other[0], StoryId(row[0]))
        self._put(alert, story)
        self._put(other[0], StoryId(other[1]))
        self._db.execute("DELETE FROM story WHERE id = ?", [row[0]])

    def withdraw(self, alert: AlertId) -> bool:
        """Forget *alert*, if nobody has tried to send it; answer whether that was so."""
        dropped = self._db.execute(
            f"DELETE FROM outbox WHERE alert_id = ? AND kind = 'alert' AND {_UNSENT}",  # noqa: S608 -- a constant
            [alert],
        )
        if dropped.rowcount == 0:
            return False
        self._db.execute("UPDATE alert SET reply_to = NULL WHERE reply_to = ?", [alert])
        self._db.execute("DELETE FROM alert WHERE id = ?", [alert])
        return True

    def _put(self, alert: AlertId, story: StoryId) -> None:
        self._db.execute("UPDATE alert SET story_id = ? WHERE id = ?", [story, alert])

    def _alerts(self, where: str, values: list[Any]) -> tuple[ToldAlert, ...]:
        rows = self._db.query(
            f"""
            SELECT alert.id, alert.chat, story_id, content, destination, {_UNSENT} AS unsent
            FROM alert JOIN outbox ON alert_id = alert.id AND kind = 'alert' WHERE {where}
            """,  # noqa: S608 -- constants
            values,
        )
        return tuple(
            ToldAlert(
                id=AlertId(row["id"]),
                chat=row["chat"],
                story=StoryId(row["story_id"]),
                content=from_json(row["content"]),
                destination=row["destination"],
                unsent=bool(row["unsent"]),
            )
            for row in rows
        )


def _chat_of(destination: str | None) -> str | None:
    """Answer the chat of what `destination_key` wrote."""
    return destination.split(":")[1].lower() if destination and ":" in destination else None


_UNSENT = "(state = 'pending' AND attempts = 0)"
_CLOSING = (
    """
    DELETE FROM apart WHERE
        article_id IN (SELECT id FROM article WHERE story_id = :story)
            AND other_id IN (SELECT id FROM article WHERE story_id = :into)
        OR article_id IN (SELECT id FROM article WHERE story_id = :into)
            AND other_id IN (SELECT id FROM article WHERE story_id = :story)
    """,
    "UPDATE joined SET into_id = :into WHERE into_id = :story",
    """
    INSERT INTO joined SELECT :story, :into, min(id), :who, :at FROM article
    WHERE story_id = :story
    """,
    """
    UPDATE story SET related_to = NULL, related_by = NULL
    WHERE id = :story OR (id = :into AND related_to = :story)
    """,
    "UPDATE story SET related_to = :into WHERE related_to = :story",
)
