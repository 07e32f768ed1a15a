"""The stories of the last days, in memory, as the store has them."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlite_utils import Database

from monitors.grouping.sketch import Sketch, packed, unpacked
from monitors.grouping.window import WINDOW, Window
from monitors.stories.article import ArticleId, StoryId

_HOUR = 3600
_ALWAYS = (1 << 63) - 1


@dataclass(slots=True)
class Shelf:
    """Where the window is kept between two transactions.

    Attributes:
        window: None where it has to be read from the store.
        horizon: since when something was reported of the stories in it, in seconds since 1970.
        changed: whether the work that is being done has changed the window.
    """

    window: Window | None = None
    horizon: int = 0
    changed: bool = False

    def clear(self) -> None:
        """Have it read again: what is in memory may not be what is stored."""
        self.window = None


class SqliteWindow:
    """Implements `pipeline.rows.WindowRows`."""

    def __init__(self, database: Database, shelf: Shelf) -> None:
        self._db = database
        self._shelf = shelf

    def at(self, now: datetime) -> Window:
        """Answer the stories of which something was reported within the window before *now*.

        That is rounded to hours, so that stories end by the dozen and not one by one. Nothing
        else counts than *now* and what is stored, so a restart or a wrong clock leaves no trace.
        """
        shelf, horizon = self._shelf, _whole_hour(now - WINDOW)
        if shelf.window is None:
            shelf.window = Window()
            self._fill(_REPORTED, [horizon, _ALWAYS])
        elif horizon < shelf.horizon:  # a clock was set back
            self._fill(_REPORTED, [horizon, shelf.horizon])
        shelf.horizon = horizon
        shelf.window.expire(datetime.fromtimestamp(horizon, UTC))
        return shelf.window

    def put(self, article: ArticleId, story: StoryId, sketch: Sketch) -> None:
        """Keep the sketch of *article*, which belongs to *story*."""
        self._db.execute(
            "INSERT OR REPLACE INTO sketch VALUES (?, ?, ?)", [article, sketch.at, packed(sketch)]
        )
        window = self._shelf.window
        if window is not None and window.has(story):
            self._shelf.changed = True
            window.put(article, story, sketch)
        else:
            self._fill("story_id = ?", [story])

    def move(self, article: ArticleId, story: StoryId) -> None:
        """Have *article* in *story*."""
        window = self._shelf.window
        if window is not None and window.has(story):
            self._fill("article.id = ?", [article])
        else:
            self._fill("story_id = ?", [story])  # it was over, and is no longer

    def _fill(self, which: str, values: Sequence[int]) -> None:
        """Have the articles in memory that are stored."""
        window = self._shelf.window
        if window is None:
            return
        self._shelf.changed = True
        rows = self._db.execute(
            f"""
            SELECT article.id, story_id, body FROM article JOIN sketch ON article_id = article.id
            WHERE {which} ORDER BY article.id
            """,  # noqa: S608 -- constants
            values,
        )
        for article, story, body in rows:
            # What cannot be read is compared with nothing, and hinders nothing.
            with suppress(ValueError):
                window.put(ArticleId(article), StoryId(story), unpacked(body))


_REPORTED = """
story_id IN (
    SELECT story_id FROM sketch JOIN article ON article.id = article_id
    WHERE at >= ? AND at < ?)
"""


def _whole_hour(moment: datetime) -> int:
    return int(moment.timestamp()) // _HOUR * _HOUR
