"""The articles of the store: revisions, and what feeds have shown."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import marks, moment, reason_json
from monitors.adapters.sqlite.search import WITH_TEXT, as_article, index, unindex
from monitors.adapters.sqlite.stories import open_story
from monitors.grouping.placement import Candidate, Joins, Placement, Signs, reason_of
from monitors.pipeline.records import FeedArticle, FeedId, FeedYield
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.recognition import Dates, Sighting, Traits
from monitors.times import from_ms, to_ms

# SQLite takes some ten thousand values in a statement; a feed may have more entries.
_VALUES_AT_ONCE = 500
# A feed may name all of its entries anew at every poll.
_NAMES_KEPT = 4
# A feed may give all of its entries one title; the newest ones say what the others would.
_TWINS_ASKED_FOR = 50
# Of fewer dates, the oldest says nothing about how far back a feed went.
_DATES_THAT_TELL = 5


class SqliteArticles:
    """Implements `pipeline.rows.ArticleRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sightings(self, feed: FeedId, identities: Collection[str]) -> Mapping[str, Sighting]:
        """Answer which of *identities* the feed has shown before."""
        wanted = list(identities)
        found: dict[str, Sighting] = {}
        for start in range(0, len(wanted), _VALUES_AT_ONCE):
            some = wanted[start : start + _VALUES_AT_ONCE]
            rows = self._db.query(
                f"SELECT * FROM sighting WHERE feed_id = ? AND identity IN ({marks(some)})",  # noqa: S608 -- marks
                [feed, *some],
            )
            found.update({row["identity"]: _sighting(row) for row in rows})
        return found

    def alike(self, feed: FeedId, traits: Traits) -> Sequence[Sighting]:
        """Answer a few entries that the feed has shown with the link or the title of *traits*."""
        rows = self._db.query(
            _ALIKE,
            {
                "feed": feed,
                "link": traits.link,
                "title": traits.title,
                "published_at": _ms(traits.published_at),
                "names": _NAMES_KEPT,
            },
        )
        return [_sighting(row) for row in rows]

    def dates(self, feed: FeedId, subscribed_at: datetime, until: datetime) -> Dates:
        """Answer the dates of what the feed had shown at *subscribed_at*, and *until* then."""
        row = self._db.execute(
            """
            SELECT count(*) FILTER (WHERE first_at <= :subscribed),
                min(published_at) FILTER (WHERE first_at <= :subscribed), max(published_at)
            FROM sighting WHERE feed_id = :feed AND first_at <= :until AND published_at NOT NULL
            """,
            {"feed": feed, "subscribed": to_ms(subscribed_at), "until": to_ms(until)},
        ).fetchone()
        enough = row[0] >= _DATES_THAT_TELL
        return Dates(
            subscribed_at=subscribed_at,
            read_at=until,
            oldest=moment(row[1]) if enough else None,
            newest=moment(row[2]),
        )

    def see(self, feed: FeedId, identity: str, sighting: Sighting) -> None:
        """Remember that the feed shows an entry, under this name since `first_at`."""
        traits = sighting.traits
        self._db.execute(
            """
            INSERT INTO sighting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (feed_id, identity) DO UPDATE SET
                article_id = excluded.article_id, content_hash = excluded.content_hash,
                link = excluded.link, title = excluded.title, text = excluded.text,
                published_at = excluded.published_at
            """,
            [
                feed,
                identity,
                sighting.article,
                sighting.content_hash,
                traits.link,
                traits.title,
                traits.text,
                _ms(traits.published_at),
                to_ms(sighting.first_at),
            ],
        )

    def forget_names(self, feed: FeedId, article: ArticleId) -> None:
        """Forget what the feed called an article long ago: the last names are kept."""
        self._db.execute(
            """
            DELETE FROM sighting WHERE feed_id = :feed AND identity IN (
                SELECT identity FROM sighting WHERE article_id = :article AND feed_id = :feed
                ORDER BY first_at DESC LIMIT -1 OFFSET :kept)
            """,
            {"feed": feed, "article": article, "kept": _NAMES_KEPT},
        )

    def candidates(self, signs: Signs, since: datetime) -> tuple[Candidate, ...]:
        """Answer the articles with the same link, or another same sign since *since*."""
        rows = self._db.query(
            """
            SELECT * FROM article WHERE url = :url
            UNION SELECT * FROM (
                SELECT * FROM article WHERE identifier = :identifier AND seen_at >= :since
                ORDER BY seen_at DESC, id DESC LIMIT :most)
            UNION SELECT * FROM (
                SELECT * FROM article WHERE title_key = :title_key AND seen_at >= :since
                ORDER BY seen_at DESC, id DESC LIMIT :most)
            ORDER BY id
            """,
            {
                "url": signs.url,
                "identifier": signs.identifier,
                "title_key": signs.title_key,
                "since": to_ms(since),
                "most": _TWINS_ASKED_FOR,
            },
        )
        return tuple(
            Candidate(
                article=ArticleId(row["id"]),
                story=StoryId(row["story_id"]),
                signs=Signs(
                    url=row["url"], identifier=row["identifier"], title_key=row["title_key"]
                ),
                seen_at=from_ms(row["seen_at"]),
            )
            for row in rows
        )

    def add(
        self, article: Article, signs: Signs, placement: Placement
    ) -> tuple[ArticleId, StoryId]:
        """Store a new article in its story, or in a new one."""
        seen = to_ms(article.seen_at)
        if isinstance(placement, Joins):
            story = placement.story
        else:
            story = open_story(self._db, placement, seen)
        row = self._db.execute(
            """
            INSERT INTO article (story_id, joined_by, identity, url, identifier, title_key,
                published_at, seen_at, revision)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) RETURNING id
            """,
            [
                story,
                reason_json(reason_of(placement)),
                article.identity,
                signs.url,
                signs.identifier,
                signs.title_key,
                to_ms(article.published_at),
                seen,
            ],
        ).fetchone()
        self._add_revision(ArticleId(row[0]), 1, article)
        return ArticleId(row[0]), story

    def revise(self, article: ArticleId, newest: Article) -> None:
        """Store a revision, unless its texts are those of the newest one: that has its tags."""
        _, old = self.newest(article)
        if (old.title, old.summary, old.text) == (newest.title, newest.summary, newest.text):
            if old.tags != newest.tags:
                self._db.execute(
                    "UPDATE revision SET tags = ? WHERE article_id = ? "
                    "AND number = (SELECT revision FROM article WHERE id = article_id)",
                    ["\n".join(newest.tags), article],
                )
            return
        unindex(self._db, article, old)
        row = self._db.execute(
            "UPDATE article SET revision = revision + 1 WHERE id = ? RETURNING revision", [article]
        ).fetchone()
        self._add_revision(article, row[0], newest)

    def newest(self, article: ArticleId) -> tuple[StoryId, Article]:
        """Answer an article as it reads now, and its story."""
        row = next(iter(self._db.query(f"{WITH_TEXT} WHERE article.id = ?", [article])))
        return StoryId(row["story_id"]), as_article(row)

    def carriers(self, article: ArticleId) -> frozenset[str]:
        """Answer the addresses of the feeds that have shown an article."""
        rows = self._db.execute(
            "SELECT address FROM sighting JOIN feed ON feed.id = feed_id WHERE article_id = ?",
            [article],
        )
        return frozenset(row[0] for row in rows)

    def of_feed(self, feed: FeedId, since: datetime, newest: int) -> FeedYield:
        """Answer what *feed* has brought since *since*, and its *newest* articles, so many."""
        counts = self._db.execute(
            """
            SELECT count(*), count(matched), count(CASE WHEN due_at IS NULL THEN outcome END),
                count(CASE WHEN due_at IS NULL AND outcome = 'read' THEN 1 END)
            FROM (
                SELECT article_id,
                    (SELECT 1 FROM match WHERE match.article_id = sighting.article_id) AS matched
                FROM sighting WHERE feed_id = ? GROUP BY article_id HAVING min(first_at) >= ?
            ) AS seen LEFT JOIN page ON page.article_id = seen.article_id
            """,
            [feed, to_ms(since)],
        ).fetchone()
        rows = self._db.execute(
            """
            SELECT revision.title, min(first_at),
                EXISTS (SELECT 1 FROM match WHERE match.article_id = article.id)
            FROM sighting JOIN article ON article.id = sighting.article_id
                JOIN revision ON revision.article_id = article.id AND number = article.revision
            WHERE feed_id = ? GROUP BY article.id ORDER BY 2 DESC, article.id DESC LIMIT ?
            """,
            [feed, newest],
        )
        articles, matched, pages, pages_read = counts
        return FeedYield(
            articles=articles,
            matched=matched,
            pages=pages,
            pages_read=pages_read,
            newest=tuple(
                FeedArticle(title=title, seen_at=from_ms(at), matched=bool(matched))
                for title, at, matched in rows
            ),
        )

    def _add_revision(self, identity: ArticleId, number: int, article: Article) -> None:
        self._db.execute(
            "INSERT INTO revision VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                identity,
                number,
                article.title,
                article.summary,
                article.text,
                article.from_page,
                article.link,
                article.outlet,
                article.author,
                article.lang,
                to_ms(article.seen_at),
                "\n".join(article.tags),
            ],
        )
        index(self._db, identity, article)


# Left alone, SQLite would go through all that the feed has shown. All names of one article may
# have the same title, so one more than is kept of them is asked for.
_ALIKE = """
SELECT * FROM (
    SELECT * FROM sighting INDEXED BY sighting_link
    WHERE feed_id = :feed AND link = :link LIMIT 1)
UNION SELECT * FROM (
    SELECT * FROM sighting INDEXED BY sighting_title
    WHERE feed_id = :feed AND title = :title AND published_at = :published_at LIMIT 1)
UNION SELECT * FROM (
    SELECT * FROM sighting INDEXED BY sighting_title
    WHERE feed_id = :feed AND title = :title LIMIT :names + 1)
"""


def _sighting(row: dict[str, Any]) -> Sighting:
    return Sighting(
        article=ArticleId(row["article_id"]),
        content_hash=row["content_hash"],
        traits=Traits(
            link=row["link"],
            title=row["title"],
            text=row["text"],
            published_at=moment(row["published_at"]),
        ),
        first_at=from_ms(row["first_at"]),
    )


def _ms(at: datetime | None) -> int | None:
    return None if at is None else to_ms(at)
