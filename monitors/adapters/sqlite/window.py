"""The stories of the last days, in memory, as the store has them."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlite_utils import Database

from monitors.grouping.sketch import Sketch, packed, unpacked
from monitors.grouping.window import WINDOW, Window
from monitors.stories.article import ArticleId, StoryId
from monitors.times import to_ms

_SLACK = timedelta(hours=6)


@dataclass(slots=True)
class Shelf:
    """Where the window is kept between two transactions.

    Attributes:
        window: None where it has to be read from the store.
        horizon: since when something was reported of the stories in it.
    """

    window: Window | None = None
    horizon: datetime | None = None

    def clear(self) -> None:
        """Have it read again: what is in memory may not be what is stored."""
        self.window = self.horizon = None


class SqliteWindow:
    """Implements `pipeline.rows.WindowRows`."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._db = database
        self._shelf = shelf

    def at(self, now: datetime) -> Window:
        """Answer the stories of which something was reported within the window before *now*.

        Those of a few hours before are there, too, so that a clock may go back as far.
        """
        shelf, needed = self._shelf, now - WINDOW
        if shelf.window is None or shelf.horizon is None or needed < shelf.horizon:
            shelf.horizon = needed - _SLACK
            shelf.window = self._read(shelf.horizon)
        elif needed - 2 * _SLACK > shelf.horizon:
            shelf.horizon = needed - _SLACK
        shelf.window.expire(shelf.horizon)
        return shelf.window

    def put(self, article: ArticleId, story: StoryId, sketch: Sketch) -> None:
        """Keep the sketch of *article*, which belongs to *story*."""
        self._db.execute("INSERT OR REPLACE INTO sketch VALUES (?, ?)", [article, packed(sketch)])
        if self._shelf.window is not None:
            self._shelf.window.put(article, story, sketch)

    def move(self, article: ArticleId, story: StoryId) -> None:
        """Have *article* in *story*."""
        row = self._db.execute("SELECT body FROM sketch WHERE article_id = ?", [article]).fetchone()
        if row and self._shelf.window is not None:
            self._shelf.window.put(article, story, unpacked(row[0]))

    def _read(self, since: datetime) -> Window:
        window = Window()
        rows = self._db.execute(
            """
            SELECT article.id, story_id, body FROM article JOIN sketch ON article_id = article.id
            WHERE story_id IN (SELECT story_id FROM article WHERE seen_at >= ?)
            ORDER BY article.id
            """,
            [to_ms(since)],
        )
        for article, story, body in rows:
            window.put(ArticleId(article), StoryId(story), unpacked(body))
        return window
