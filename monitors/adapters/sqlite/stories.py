"""The stories of the store: why articles belong to them, and which rules hold."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from sqlite_utils import Database

from monitors.adapters.sqlite.columns import read_hold, read_reason, reason_json
from monitors.adapters.sqlite.search import as_article
from monitors.alerts.compose import PartialHold, StoryArticle
from monitors.grouping.placement import Joins, NewStory, Placement, Related, reason_of
from monitors.grouping.reason import Reason
from monitors.pipeline.records import Held, PlacedArticle
from monitors.rules.matcher import Match
from monitors.stories.article import ArticleId, StoryId
from monitors.terms.evidence import Evidence
from monitors.times import from_ms, to_ms

# A rule that has more of them holds all day, and a month of it says no more.
_MATCHES_LOOKED_AT, _STORIES_NAMED = 300, 20


class SqliteStories:
    """Implements `pipeline.rows.StoryRows`."""

    def __init__(self, database: Database) -> None:
        self._db = database

    def record(  # noqa: PLR0913 -- a row has these columns
        self,
        article: ArticleId,
        matches: Sequence[Match],
        *,
        rulebook: str,
        replace: bool,
        edited: bool = False,
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
                INSERT INTO match SELECT id, ?, revision, ?, ?, ?, ? FROM article WHERE id = ?
                ON CONFLICT (article_id, rule) DO UPDATE SET
                    revision = excluded.revision, evidence = excluded.evidence,
                    rulebook = excluded.rulebook, matched_at = excluded.matched_at
                """,
                [match.rule.name, evidence, rulebook, edited, to_ms(now), article],
            )
        return frozenset(match.rule.name for match in matches) - before

    def holding(self, article: ArticleId) -> tuple[str, ...]:
        """Answer the names of the rules that held for *article*."""
        rows = self._db.execute(
            "SELECT rule FROM match WHERE article_id = ? ORDER BY rule", [article]
        )
        return tuple(row[0] for row in rows)

    def articles(self, story: StoryId) -> tuple[StoryArticle, ...]:
        """Answer the articles of a story, oldest first."""
        evidence: dict[int, dict[int, dict[str, tuple[Evidence, ...]]]] = {}
        edited: dict[int, set[str]] = {}
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
            if row["edited"]:
                edited.setdefault(row["article_id"], set()).add(row["rule"])
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
                id=ArticleId(row["id"]),
                article=as_article(row),
                evidence=_all_rules(evidence.get(row["id"], {})),
                partly=tuple(
                    hold if revision == row["number"] else replace(hold, evidence=())
                    for revision, hold in partly.get(row["id"], ())
                ),
                edited=frozenset(edited.get(row["id"], ())),
                strength=read_reason(row["joined_by"]).strength,
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

    def move(self, article: ArticleId, placement: Placement, now: datetime) -> StoryId:
        """Have *article* in another story, or in a new one; answer which."""
        if isinstance(placement, Joins):
            story = placement.story
        else:
            story = open_story(self._db, placement, to_ms(now))
        self._db.execute(
            "UPDATE article SET story_id = ?, joined_by = ? WHERE id = ?",
            [story, reason_json(reason_of(placement)), article],
        )
        return story

    def relate(self, story: StoryId, to: Related | None) -> None:
        """Have *story* related to the story that *to* says, or to none."""
        self._db.execute(
            "UPDATE story SET related_to = ?, related_by = ? WHERE id = ?",
            [to and to.to, to and reason_json(to.reason), story],
        )

    def held(
        self, rule: str, *, since: datetime, lately: datetime, besides: ArticleId | None = None
    ) -> Held:
        """Answer for which stories *rule* held since *since*: by its last matches, so many."""
        rows = self._db.execute(
            """
            SELECT story_id, matched_at FROM (
                SELECT article_id, matched_at FROM match WHERE rule = ? AND matched_at >= ?
                ORDER BY matched_at DESC, article_id DESC LIMIT ?)
            JOIN article ON article.id = article_id WHERE article.id IS NOT ?
            ORDER BY matched_at DESC, article.id DESC
            """,
            [rule, to_ms(since), _MATCHES_LOOKED_AT, besides],
        ).fetchall()
        latest = dict.fromkeys(StoryId(row[0]) for row in rows if row[1] >= to_ms(lately))
        return Held(
            stories=len({row[0] for row in rows}),
            latest=tuple(latest)[:_STORIES_NAMED],
            since=from_ms(rows[-1][1]) if rows else None,
        )

    def related(self, story: StoryId) -> tuple[StoryId, Reason] | None:
        """Answer to which earlier story *story* is related, and why."""
        row = self._db.execute(
            "SELECT related_to, related_by FROM story WHERE id = ? AND related_to NOT NULL",
            [story],
        ).fetchone()
        return (StoryId(row[0]), read_reason(row[1])) if row else None

    def relatives(self, story: StoryId) -> tuple[tuple[StoryId, Reason], ...]:
        """Answer the later stories that are related to *story*, oldest first."""
        rows = self._db.execute(
            "SELECT id, related_by FROM story WHERE related_to = ? ORDER BY id", [story]
        )
        return tuple((StoryId(row[0]), read_reason(row[1])) for row in rows)

    def placed(self, story: StoryId) -> tuple[PlacedArticle, ...]:
        """Answer the articles of a story and why each belongs to it, oldest first."""
        rows = self._db.query(
            """
            SELECT article.id, outlet, title, link, article.seen_at, joined_by
            FROM article JOIN revision ON article_id = article.id AND number = article.revision
            WHERE story_id = ? ORDER BY article.id
            """,
            [story],
        )
        return tuple(
            PlacedArticle(
                id=ArticleId(row["id"]),
                outlet=row["outlet"],
                title=row["title"],
                link=row["link"],
                seen_at=from_ms(row["seen_at"]),
                reason=read_reason(row["joined_by"]),
            )
            for row in rows
        )

    def keep_apart(
        self, article: ArticleId, others: Sequence[ArticleId], who: str, now: datetime
    ) -> None:
        """Remember that *who* has said that *article* and *others* report two events."""
        for other in others:
            self._db.execute(
                "INSERT OR REPLACE INTO apart VALUES (?, ?, ?, ?)",
                [min(article, other), max(article, other), who, to_ms(now)],
            )

    def apart_from(self, article: ArticleId) -> frozenset[ArticleId]:
        """Answer the articles that a person has said report another event than *article*."""
        rows = self._db.execute(
            """
            SELECT other_id FROM apart WHERE article_id = :one
            UNION SELECT article_id FROM apart WHERE other_id = :one
            """,
            {"one": article},
        )
        return frozenset(ArticleId(row[0]) for row in rows)


def open_story(database: Database, placement: Related | NewStory, at: int) -> StoryId:
    """Open a story at *at*, in milliseconds since 1970; answer its number."""
    related = placement if isinstance(placement, Related) else None
    row = database.execute(
        "INSERT INTO story (opened_at, related_to, related_by) VALUES (?, ?, ?) RETURNING id",
        [at, related and related.to, related and reason_json(related.reason)],
    ).fetchone()
    return StoryId(row[0])


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
