"""The stories of the last days, in memory, as the store has them."""

from bisect import bisect_left, insort
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlite_utils import Database

from monitors.grouping.sketch import Sketch, packed, unpacked
from monitors.grouping.window import WINDOW, Window
from monitors.stories.article import ArticleId, StoryId

MOST_LATE = 10_000
"""So many of what was read late are compared with, the newest of it: 6 MB, read in 0.4 s."""
_HOUR = 3600
_ALWAYS = (1 << 63) - 1


@dataclass(slots=True)
class Late:
    """Reports that were read within the window, but of what had happened before it.

    Attributes:
        horizon: when the window begins, in seconds since 1970.
        window: the reports, with what of their stories was read late as well.
        articles: the reports in it, in the order of their numbers.
    """

    horizon: int
    window: Window = field(default_factory=Window)
    articles: list[ArticleId] = field(default_factory=list)

    def put(self, article: ArticleId, story: StoryId, sketch: Sketch) -> None:
        """Have *article* in *story*; where they are too many, the oldest number leaves."""
        if not self.has(article):
            insort(self.articles, article)
        self.window.put(article, story, sketch)
        if len(self.articles) > MOST_LATE:
            self.window.drop(self.articles.pop(0))

    def has(self, article: ArticleId) -> bool:
        """Answer whether *article* is in it."""
        place = bisect_left(self.articles, article)
        return self.articles[place : place + 1] == [article]


@dataclass(slots=True)
class Shelf:
    """Where the window is kept between two transactions.

    Attributes:
        window: None where it has to be read from the store.
        late: what was read late; None where it has to be read, or nobody has asked for it.
        horizon: since when something was reported of the stories in it, in seconds since 1970.
        changed: whether the work that is being done has changed the window.
    """

    window: Window | None = None
    late: Late | None = None
    horizon: int = 0
    changed: bool = False

    def clear(self) -> None:
        """Have it read again: what is in memory may not be what is stored."""
        self.window = self.late = None


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

    def late(self, sketch: Sketch, now: datetime) -> Window | None:
        """Answer what was read late as well, if *sketch* is of what happened before the window.

        It is read anew whenever the window moves on, once an hour at most, and only if asked for.
        """
        self.at(now)
        shelf = self._shelf
        if sketch.at >= shelf.horizon:
            return None
        if shelf.late is None or shelf.late.horizon != shelf.horizon:
            shelf.late = Late(shelf.horizon)
            self._fill_late("1", [])
        return shelf.late.window

    def put(self, article: ArticleId, story: StoryId, sketch: Sketch) -> None:
        """Keep the sketch of *article*, which belongs to *story*."""
        self._db.execute(
            "INSERT OR REPLACE INTO sketch VALUES (?, ?, ?)", [article, sketch.at, packed(sketch)]
        )
        window = self._shelf.window
        if window is not None and window.has(story):
            self._shelf.changed = True
            window.put(article, story, sketch)
        elif sketch.at >= self._shelf.horizon:  # else the story is over as it was before
            self._fill("story_id = ?", [story])
        self._renew_late(article)

    def move(self, article: ArticleId, story: StoryId) -> None:
        """Have *article* in *story*."""
        window = self._shelf.window
        if window is not None and window.has(story):
            self._fill("article.id = ?", [article])
        else:
            self._fill("story_id = ?", [story])  # it was over, and is no longer
        self._renew_late(article)

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

    def _renew_late(self, article: ArticleId) -> None:
        """Have *article* among what was read late as it is stored, if it belongs there."""
        late = self._shelf.late
        if late is None or self._fill_late("article.id = ?", [article]) or not late.has(article):
            return
        self._shelf.changed = True
        self._shelf.late = None

    def _fill_late(self, which: str, values: Sequence[int]) -> bool:
        """Have in memory what was read late; answer whether anything was."""
        late = self._shelf.late
        if late is None:
            return False
        rows = self._db.execute(
            f"""
            SELECT article.id, story_id, body FROM article JOIN sketch ON article_id = article.id
            WHERE seen_at >= ? AND at < ? AND {which} ORDER BY +article.id DESC LIMIT ?
            """,  # noqa: S608 -- constants; the plus has SQLite use the index of seen_at
            [late.horizon * 1000, late.horizon, *values, MOST_LATE + 1],
        ).fetchall()
        for article, story, body in reversed(rows):
            self._shelf.changed = True
            with suppress(ValueError):
                late.put(ArticleId(article), StoryId(story), unpacked(body))
        return bool(rows)


_REPORTED = """
story_id IN (
    SELECT story_id FROM sketch JOIN article ON article.id = article_id
    WHERE at >= ? AND at < ?)
"""


def _whole_hour(moment: datetime) -> int:
    return int(moment.timestamp()) // _HOUR * _HOUR
