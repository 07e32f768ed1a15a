"""The articles and stories of the store: revisions, sightings, and which rules hold."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import marks, read_hold
from monitors.adapters.sqlite.search import WITH_TEXT, as_article, index, unindex
from monitors.alerts.compose import PartialHold, StoryArticle
from monitors.pipeline.records import FeedId, Sighting
from monitors.rules.matcher import Match
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.grouping import Candidate, Signs
from monitors.terms.evidence import Evidence
from monitors.times import from_ms, to_ms

# SQLite takes some ten thousand values in a statement; a feed may have more entries.
_VALUES_AT_ONCE = 500


class SqliteArticles:
    """Implements `pipeline.ports.ArticleRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def sightings(self, feed: FeedId, identities: Collection[str]) -> Mapping[str, Sighting]:
        """Answer which of *identities* the feed has shown before."""
        wanted = list(identities)
        found: dict[str, Sighting] = {}
        for start in range(0, len(wanted), _VALUES_AT_ONCE):
            some = wanted[start : start + _VALUES_AT_ONCE]
            rows = self._db.execute(
                "SELECT identity, article_id, content_hash FROM sighting "  # noqa: S608 -- marks
                f"WHERE feed_id = ? AND identity IN ({marks(some)})",
                [feed, *some],
            )
            found.update({row[0]: Sighting(ArticleId(row[1]), row[2]) for row in rows})
        return found

    def see(self, feed: FeedId, identity: str, sighting: Sighting, now: datetime) -> None:
        """Remember that the feed shows an entry."""
        self._db.execute(
            """
            INSERT INTO sighting (feed_id, identity, article_id, content_hash, first_at, last_at)
            VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (feed_id, identity) DO UPDATE SET
                article_id = excluded.article_id, content_hash = excluded.content_hash,
                last_at = excluded.last_at
            """,
            [feed, identity, sighting.article, sighting.content_hash, to_ms(now), to_ms(now)],
        )

    def candidates(self, signs: Signs, since: datetime) -> tuple[Candidate, ...]:
        """Answer the articles with the same link, or another same sign since *since*."""
        rows = self._db.query(
            """
            SELECT * FROM article WHERE url = :url
            UNION SELECT * FROM article WHERE identifier = :identifier AND seen_at >= :since
            UNION SELECT * FROM article WHERE title_key = :title_key AND seen_at >= :since
            ORDER BY id
            """,
            {
                "url": signs.url,
                "identifier": signs.identifier,
                "title_key": signs.title_key,
                "since": to_ms(since),
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
        self, article: Article, signs: Signs, story: StoryId | None, reason: str
    ) -> tuple[ArticleId, StoryId]:
        """Store a new article in *story*, or in a new one."""
        seen = to_ms(article.seen_at)
        if story is None:
            row = self._db.execute(
                "INSERT INTO story (opened_at) VALUES (?) RETURNING id", [seen]
            ).fetchone()
            story = StoryId(row[0])
        row = self._db.execute(
            """
            INSERT INTO article (story_id, joined_by, identity, url, identifier, title_key,
                published_at, seen_at, revision)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, 1) RETURNING id
            """,
            [
                story,
                reason,
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


class SqliteStories:
    """Implements `pipeline.ports.StoryRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(
        self,
        article: ArticleId,
        matches: Sequence[Match],
        *,
        rulebook: str,
        replace: bool,
        now: datetime,
    ) -> frozenset[str]:
        """Remember what holds for the newest revision; answer which rules did not before."""
        rows = self._db.execute("SELECT rule FROM match WHERE article_id = ?", [article])
        before = {row[0] for row in rows}
        for match in matches:
            evidence = json.dumps([[one.field, one.start, one.end] for one in match.evidence])
            if match.rule.name in before and not replace:
                continue
            self._db.execute(
                """
                INSERT OR REPLACE INTO match
                SELECT id, ?, revision, ?, ?, ? FROM article WHERE id = ?
                """,
                [match.rule.name, evidence, rulebook, to_ms(now), article],
            )
        return frozenset(match.rule.name for match in matches) - before

    def articles(self, story: StoryId) -> tuple[StoryArticle, ...]:
        """Answer the articles of a story, oldest first."""
        evidence: dict[int, dict[int, dict[str, tuple[Evidence, ...]]]] = {}
        for row in self._db.query(
            """
            SELECT match.* FROM match JOIN article ON article.id = article_id
            WHERE story_id = ?
            """,
            [story],
        ):
            spans = tuple(Evidence(*span) for span in json.loads(row["evidence"]))
            by_revision = evidence.setdefault(row["article_id"], {})
            by_revision.setdefault(row["revision"], {})[row["rule"]] = spans
        rows = self._db.query(
            """
            SELECT article.*, number, revision.title, summary, text, from_page, link, outlet,
                author, lang, tags
            FROM article JOIN revision ON revision.article_id = article.id AND number = coalesce(
                (SELECT max(match.revision) FROM match WHERE match.article_id = article.id),
                article.revision)
            WHERE story_id = ? ORDER BY article.id
            """,
            [story],
        )
        partly = self._partly(story)
        return tuple(
            StoryArticle(
                article=as_article(row),
                evidence=_all_rules(evidence.get(row["id"], {})),
                partly=tuple(
                    hold if revision == row["number"] else replace(hold, evidence=())
                    for revision, hold in partly.get(row["id"], ())
                ),
            )
            for row in rows
        )

    def _partly(self, story: StoryId) -> dict[int, list[tuple[int, PartialHold]]]:
        """Answer what holds in part for each article of a story, and for which revision of it."""
        holds: dict[int, list[tuple[int, PartialHold]]] = {}
        for row in self._db.query(
            """
            SELECT partial_hold.* FROM partial_hold JOIN article ON article.id = article_id
            WHERE story_id = ?
            """,
            [story],
        ):
            kept = row["revision"], read_hold(row["hold"])
            holds.setdefault(row["article_id"], []).append(kept)
        return holds


def _all_rules(
    by_revision: dict[int, dict[str, tuple[Evidence, ...]]],
) -> dict[str, tuple[Evidence, ...]]:
    """Answer every rule that holds; those of an older revision show no evidence."""
    newest = max(by_revision, default=0)
    return {
        rule: spans if revision == newest else ()
        for revision, rules in by_revision.items()
        for rule, spans in rules.items()
    }
