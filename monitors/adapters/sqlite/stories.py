"""Which rules hold for which articles of a story."""

import json
from collections.abc import Sequence
from datetime import datetime

from sqlite_utils import Database

from monitors.adapters.sqlite.articles import as_article
from monitors.alerts.compose import StoryArticle
from monitors.matching.evidence import Evidence
from monitors.rules.match import Match
from monitors.stories.article import ArticleId, StoryId
from monitors.times import to_ms


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
            SELECT article.*, revision.title, summary, text, from_page, link, outlet, author, lang,
                tags
            FROM article JOIN revision ON revision.article_id = article.id AND number = coalesce(
                (SELECT max(match.revision) FROM match WHERE match.article_id = article.id),
                article.revision)
            WHERE story_id = ? ORDER BY article.id
            """,
            [story],
        )
        return tuple(
            StoryArticle(article=as_article(row), evidence=_all_rules(evidence.get(row["id"], {})))
            for row in rows
        )


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
