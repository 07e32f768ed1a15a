"""Full-text search over the stored articles, by the very words that rules are cut into.

SQLite's FTS5 keeps of each article which folded words its newest revision has, and nothing
else: not the text, which `revision` has, nor where a word stands, which the engine finds.
Words are parted by line ends, and every other sign belongs to them, as in `3.5`.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.pipeline.records import Hit
from monitors.stories import words
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.times import from_ms, to_ms

WITH_TEXT = """
    SELECT article.*, revision.title, summary, text, from_page, link, outlet, author, lang,
        tags
    FROM article JOIN revision ON article_id = article.id AND number = article.revision
"""
_WITHOUT_TEXT = """
    SELECT article.id, story_id, article.seen_at, outlet
    FROM article JOIN revision ON article_id = article.id AND number = article.revision
"""
_NUMBER = "SELECT count(*) AS number FROM article"
_HAVING = "SELECT rowid FROM article_words WHERE article_words MATCH ?"
_BORDER = "\n"
_AFTER_LAST = "\U0010ffff"  # no word of a text begins with it


class SqliteSearch:
    """Implements `pipeline.rows.SearchRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database
        self._first: dict[int, int] = {}

    def articles(
        self,
        needs: Iterable[Collection[str]],
        since: datetime,
        limit: int | None = None,
        *,
        without: Collection[str] = (),
    ) -> Iterator[tuple[ArticleId, StoryId, Article]]:
        """Yield the articles that have a word of each of *needs*, and none of *without*."""
        for row in self._rows(_Wanted(WITH_TEXT, needs, without), since, limit):
            yield ArticleId(row["id"]), StoryId(row["story_id"]), as_article(row)

    def hits(
        self,
        needs: Iterable[Collection[str]],
        since: datetime,
        *,
        without: Collection[str] = (),
    ) -> Iterator[Hit]:
        """Yield what `articles` yields, without their texts."""
        for row in self._rows(_Wanted(_WITHOUT_TEXT, needs, without), since, None):
            yield Hit(
                article=ArticleId(row["id"]),
                story=StoryId(row["story_id"]),
                outlet=row["outlet"],
                seen_at=from_ms(row["seen_at"]),
            )

    def count(
        self,
        since: datetime | None = None,
        needs: Iterable[Collection[str]] = (),
        *,
        without: Collection[str] = (),
    ) -> int:
        """Answer how many articles are stored, or how many `articles` yields."""
        rows = self._rows(_Wanted(_NUMBER, needs, without), since, None)
        return sum(row["number"] for row in rows)

    def word_counts(self, wanted: Iterable[str]) -> Mapping[str, int]:
        """Answer in how many articles each of the *wanted* words stands; none where in none."""
        query = "SELECT doc FROM article_vocabulary WHERE term = ?"
        found = ((word, self._db.execute(query, [word]).fetchone()) for word in wanted)
        return {word: row[0] for word, row in found if row}

    def common_words(self, share: float) -> Mapping[str, float]:
        """Answer the words that at least *share* of the articles have, each with its share."""
        total = self.count()
        rows = self._db.execute(
            "SELECT term, doc FROM article_vocabulary WHERE doc >= ?", [max(1, share * total)]
        )
        return {term: documents / total for term, documents in rows}

    def words_beginning(self, beginning: str) -> Mapping[str, int]:
        """Answer the words that begin so, and in how many articles each of them stands."""
        rows = self._db.execute(
            "SELECT term, doc FROM article_vocabulary WHERE term >= ? AND term < ?",
            [beginning, beginning + _AFTER_LAST],
        )
        return dict(rows.fetchall())

    def _rows(
        self, wanted: "_Wanted", since: datetime | None, limit: int | None
    ) -> Iterator[dict[str, Any]]:
        moment = to_ms(since) if since else 0
        first = self._first_since(moment)
        needs = [sorted(need) for need in wanted.needs]
        if first is None or not all(needs):
            return iter(())
        join, words_too = "", ""
        values: list[str | int] = [first, moment]
        if needs:
            join = "JOIN article_words ON article_words.rowid = article.id"
            words_too = "AND article_words MATCH ? AND article_words.rowid >= ?"
            values += [_query(needs), first]
        if wanted.without:
            words_too += f" AND article.id NOT IN ({_HAVING})"
            values.append(_query([sorted(wanted.without)]))
        rows = self._db.query(
            f"{wanted.select} {join} WHERE article.id >= ? AND article.seen_at >= ? {words_too} "
            f"ORDER BY {'article_words.rowid' if needs else 'article.id'} DESC LIMIT ?",
            [*values, -1 if limit is None else limit],
        )
        return iter(rows)

    def _first_since(self, moment: int) -> int | None:
        """Answer the lowest number of an article seen since *moment*: a search is by numbers."""
        known = self._first.get(moment)
        if known is None:
            known = self._db.execute(
                "SELECT min(id) FROM article WHERE seen_at >= ?", [moment]
            ).fetchone()[0]
            if known is not None:  # what is stored later has a higher one
                self._first[moment] = known
        return known


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is asked of which articles; *select* names the columns."""

    select: str
    needs: Iterable[Collection[str]]
    without: Collection[str]


def index(database: Database, identity: ArticleId, article: Article) -> None:
    """Have the article number *identity* found by the words of *article*, its newest revision."""
    database.execute(
        "INSERT INTO article_words (rowid, words) VALUES (?, ?)", [identity, _words(article)]
    )


def unindex(database: Database, identity: ArticleId, article: Article) -> None:
    """Undo what `index` did: FTS5 keeps no words of its own, and has to be told which go."""
    database.execute(
        "INSERT INTO article_words (article_words, rowid, words) VALUES ('delete', ?, ?)",
        [identity, _words(article)],
    )


def as_article(row: Mapping[str, Any]) -> Article:
    """Answer the article that a row of `WITH_TEXT` is."""
    return Article(
        identity=row["identity"],
        url=row["url"],
        link=row["link"],
        outlet=row["outlet"],
        title=row["title"],
        summary=row["summary"],
        text=row["text"],
        author=row["author"],
        lang=row["lang"],
        published_at=from_ms(row["published_at"]),
        seen_at=from_ms(row["seen_at"]),
        from_page=bool(row["from_page"]),
        tags=tuple(row["tags"].split("\n")) if row["tags"] else (),
    )


def _words(article: Article) -> str:
    parts = (article.title, article.summary, article.text)
    return _BORDER.join(dict.fromkeys(word for part in parts for word in words.folded(part)))


def _query(needs: Iterable[Collection[str]]) -> str:
    return " AND ".join(f"({' OR '.join(map(_term, need))})" for need in needs)


def _term(word: str) -> str:
    beginning = word.removesuffix("*")
    quoted = beginning.replace('"', '""')
    return f'"{quoted}"*' if beginning != word else f'"{quoted}"'
