"""From a feed's entries to articles, stories, matches and alerts, within one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from monitors.feeds.entry import Document
from monitors.feeds.feed import Feed
from monitors.pipeline.alert import ChatDecision, tell_chats
from monitors.pipeline.book import Book
from monitors.pipeline.partial import Shown, seek_page
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import FeedId, Sighting
from monitors.stories.accept import accept, counts, with_page, with_tags
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.grouping import WINDOW, Joins, SameArticle, group, signs_of
from monitors.stories.identity import Identified
from monitors.stories.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """The feed that carries the entries.

    Attributes:
        first_ok_at: when it was first read before; None at the first poll.
        watched: addresses by which rules choose their feeds; None means every rule looks.
        has_pages: whether the pages of its articles can be read.
    """

    id: FeedId
    feed: Feed
    first_ok_at: datetime | None
    watched: frozenset[str] | None
    has_pages: bool = True


@dataclass(frozen=True, slots=True)
class Accepted:
    """What became of an entry: its article and story, and the rules that hold for it."""

    article: ArticleId
    story: StoryId
    holding: tuple[str, ...]


@dataclass(slots=True)
class Acceptance:
    """What became of all the entries that were new or edited."""

    accepted: list[Accepted] = field(default_factory=list)
    decisions: list[ChatDecision] = field(default_factory=list)


def accept_entries(  # noqa: PLR0913 -- the transaction, and what the entries are judged by
    ledger: Ledger,
    *,
    book: Book,
    carrier: Carrier,
    document: Document,
    found: Sequence[Identified],
    now: datetime,
) -> Acceptance:
    """Take in those of the entries *found* in *document* that are new or edited; tell chats.

    All are taken in before any chat is told, so that what belongs together is told together.
    """
    newest = {one.identity: one.content_hash for one in found}
    seen = ledger.articles.sightings(carrier.id, newest.keys())
    desk = _Desk(ledger, book, carrier, document, now)
    for one in found:
        before = seen.get(one.identity)
        if before is None or one.content_hash == newest[one.identity] != before.content_hash:
            desk.take(one, before)
    for story, rings in desk.ringing.items():
        desk.result.decisions += tell_chats(ledger, book, story, rings, now)
    return desk.result


def accept_page(
    ledger: Ledger, book: Book, article: ArticleId, page: Page, now: datetime
) -> tuple[ChatDecision, ...]:
    """Take in the page of an article that was accepted before, and tell chats of it."""
    story, before = ledger.articles.newest(article)
    revised = with_page(before, page)
    ledger.articles.revise(article, revised)
    ledger.holds.keep(article, (), now)
    matches = book.matcher.match(revised, ledger.articles.carriers(article))
    rings = ledger.stories.record(
        article, matches, rulebook=book.rulebook.digest, replace=True, now=now
    )
    return tell_chats(ledger, book, story, rings, now)


class _Desk:
    """Takes in the entries of one document, one by one."""

    def __init__(
        self, ledger: Ledger, book: Book, carrier: Carrier, document: Document, now: datetime
    ) -> None:
        self.result = Acceptance()
        self.ringing: dict[StoryId, set[str]] = {}
        self._ledger = ledger
        self._book = book
        self._carrier = carrier
        self._document = document
        self._now = now
        self._taken: dict[str, ArticleId] = {}

    def take(self, one: Identified, before: Sighting | None) -> None:
        """Store *one*, which the feed showed *before* in other words, or never."""
        carrier, now = self._carrier, self._now
        article = accept(one, carrier.feed, self._document, now=now)
        # An older version of the same entry may stand in this very document.
        known = before.article if before else self._taken.get(one.identity)
        if known is not None:
            identity, story, article = self._revised(known, article)
            own = True
        else:
            identity, story, article, own = self._placed(one, article)
        self._taken[one.identity] = identity
        sighting = Sighting(identity, one.content_hash)
        self._ledger.articles.see(carrier.id, one.identity, sighting, now)
        matches = self._book.matcher.match(article, carrier.watched)
        rings = self._ledger.stories.record(
            identity, matches, rulebook=self._book.rulebook.digest, replace=own, now=now
        )
        if before or counts(one.entry, carrier.feed, first_poll_at=carrier.first_ok_at, now=now):
            rings |= self._seek_page(identity, article)
        else:
            rings = frozenset()
        self.ringing.setdefault(story, set()).update(rings)
        holding = tuple(str(match.rule.name) for match in matches)
        self.result.accepted.append(Accepted(identity, story, holding))

    def _placed(
        self, one: Identified, article: Article
    ) -> tuple[ArticleId, StoryId, Article, bool]:
        """Store an entry that this feed shows for the first time.

        The last answer is whether the article is new; else another feed carries it, too.
        """
        signs = signs_of(article, one.entry.id)
        candidates = self._ledger.articles.candidates(signs, self._now - WINDOW)
        grouping = group(signs, candidates, now=self._now)
        if isinstance(grouping, SameArticle):
            return *self._revised(grouping.article, article), False
        story = grouping.story if isinstance(grouping, Joins) else None
        identity, in_story = self._ledger.articles.add(article, signs, story, grouping.reason)
        return identity, in_story, article, True

    def _revised(self, known: ArticleId, article: Article) -> tuple[ArticleId, StoryId, Article]:
        """Store another version; what its page said still counts where the feed is short.

        So do its tags, for another feed may have given them.
        """
        story, old = self._ledger.articles.newest(known)
        article = with_tags(article, old.tags)
        if old.text and not article.text:
            article = replace(article, text=old.text, from_page=old.from_page)
        self._ledger.articles.revise(known, article)
        return known, story, article

    def _seek_page(self, identity: ArticleId, article: Article) -> frozenset[str]:
        carrier = self._carrier
        if not carrier.has_pages:
            return frozenset()
        return seek_page(
            self._ledger,
            self._book,
            Shown(id=identity, article=article, watched=carrier.watched),
            feed=carrier.feed,
            feed_id=carrier.id,
            now=self._now,
        )
