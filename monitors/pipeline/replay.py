"""Runs recorded articles through stories, rules and alert decisions; sends nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import assert_never

from monitors.alerts.decision import Alert, Held, Reply, Revision, Suppressed
from monitors.feeds.entry import Document, Entry
from monitors.feeds.feed import Feed
from monitors.pipeline.accept import Carrier, Verdict, accept_entries
from monitors.pipeline.alert import ChatDecision
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import FeedId
from monitors.stories.article import ArticleId, StoryId
from monitors.stories.identity import identify

# When articles are seen before any that says when.
_START = datetime(2024, 1, 1, 12, tzinfo=UTC)
# Without a name: an article whose outlet nobody gives is of no outlet that others are of.
_FEED = Feed(address="", catch_up=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An article as it was recorded.

    Attributes:
        published_at: when it was seen, too; None where nobody knows.
    """

    id: str
    title: str
    summary: str
    text: str
    lang: str | None
    source: str | None
    url: str | None
    published_at: datetime | None
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What Newsbell would have done.

    Attributes:
        id: as it was recorded.
        article: which the store has now; the earlier one, if it is the same. None where there
            is nothing to tell, neither words nor a link.
        story: of that article.
        related: the earlier story that the article's own one, which it opened, is related to.
        rules: names of those that hold for the article.
        alerts: a chat and `new`, `revise`, `reply` or `hold`, each.
    """

    id: str
    article: ArticleId | None
    story: StoryId | None
    related: StoryId | None
    rules: tuple[str, ...]
    alerts: tuple[tuple[str, str], ...]


class Replay:
    """Takes in recorded articles, one by one, in the order in which they are given.

    Args:
        book: the rules that are asked.
    """

    def __init__(self, book: Book) -> None:
        self._book = book
        self._feeds: dict[str | None, Feed] = {}
        for feed in reversed(book.rulebook.feeds):
            self._feeds |= {feed.address: feed, feed.name or feed.address: feed}
        self._now = _START
        self._id: FeedId | None = None

    def take(self, ledger: Ledger, record: Recorded) -> Replayed:
        """Answer what becomes of *record*, after those that *ledger* was given before.

        It is seen when it was published; where nobody knows when that was, when the one before
        it was seen.
        """
        now = self._now = record.published_at or self._now
        if self._id is None:
            self._id = ledger.feeds.sync([_FEED], now)[_FEED.address]
        feed = self._feeds.get(record.source)
        document = Document(format="replay", entries=(_entry(record),))
        found = identify(document.entries)
        if not found:
            return Replayed(
                id=record.id, article=None, story=None, related=None, rules=(), alerts=()
            )
        acceptance = accept_entries(
            ledger,
            book=self._book,
            carrier=Carrier(
                id=self._id,
                feed=feed or _FEED,
                watched=frozenset({feed.address}) if feed else None,
                has_pages=False,
            ),
            document=document,
            verdicts=tuple(Verdict(found=one) for one in found),
            now=now,
        )
        if acceptance.accepted:
            taken = acceptance.accepted[-1]
            article, story, holding = taken.article, taken.story, taken.holding
        else:  # the very same line once more
            article = ledger.articles.sightings(self._id, [found[-1].identity])[
                found[-1].identity
            ].article
            story, holding = ledger.articles.newest(article)[0], ()
        return Replayed(
            id=record.id,
            article=article,
            story=story,
            related=_related(ledger, article, story),
            rules=holding,
            alerts=tuple(_actions(acceptance.decisions)),
        )


def _entry(record: Recorded) -> Entry:
    return Entry(
        id=f"{record.source or ''}\n{record.id}",
        title=record.title,
        url=record.url,
        published_at=record.published_at,
        summary=record.summary,
        content=record.text,
        lang=record.lang,
        outlet=record.source,
        tags=record.tags,
    )


def _related(ledger: Ledger, article: ArticleId, story: StoryId) -> StoryId | None:
    """Answer which earlier story *story* is related to, if *article* has opened it."""
    related = ledger.stories.related(story)
    if related is None or ledger.stories.placed(story)[0].id != article:
        return None
    return related[0]


def _actions(decisions: list[ChatDecision]) -> Iterator[tuple[str, str]]:
    for one in decisions:
        match one.decision:
            case Alert():
                yield one.chat, "new"
            case Held() | Revision(waiting=True):
                yield one.chat, "hold"
            case Revision():
                yield one.chat, "revise"
            case Reply():
                yield one.chat, "reply"
            case Suppressed():
                continue
            case _:
                assert_never(one.decision)
