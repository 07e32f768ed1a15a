"""From a feed's entries to articles, stories, matches and alerts, within one transaction."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from monitors.alerts.decision import PAGE_FIRST
from monitors.feeds.entry import Document
from monitors.feeds.feed import Feed, FullText
from monitors.grouping.placement import (
    Newcomer,
    SameArticle,
    group,
    signs_of,
)
from monitors.grouping.window import WINDOW
from monitors.pipeline.alert import ChatDecision, Shown, seek_page, tell_chats
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import FeedId
from monitors.pipeline.regrouping.second_look import Ringing, SecondLook
from monitors.polling.manners import host_of
from monitors.rules.matcher import Match
from monitors.stories.accept import accept, with_page, with_tags
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.identity import Identified
from monitors.stories.page import Page
from monitors.stories.recognition import Sighting, traits_of

# So long does an alert wait for the page that may say that the chat was told already.
_PAGE_WAIT = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Carrier:
    """The feed that carries the entries.

    Attributes:
        watched: addresses by which rules choose their feeds; None means every rule looks.
        first_ok_at: when it was first read before; None at the first poll.
        last_ok_at: when it was last read before; None means at *first_ok_at*.
        shared_ids: whether it has ever given one identifier to several entries.
        has_pages: whether the pages of its articles can be read.
    """

    id: FeedId
    feed: Feed
    watched: frozenset[str] | None
    first_ok_at: datetime | None = None
    last_ok_at: datetime | None = None
    shared_ids: bool = False
    has_pages: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """How an entry is taken in.

    Attributes:
        before: as what its feed has shown it; None if it never did.
        renamed: whether that was under another name, and so is no edit that concerns anybody.
        rings: whether rules that begin to hold for it may ring.
        spared: names of the chats in which they do not ring, because too many would.
    """

    found: Identified
    before: Sighting | None = None
    renamed: bool = False
    rings: bool = True
    spared: frozenset[str] = frozenset()


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
    verdicts: Sequence[Verdict],
    now: datetime,
) -> Acceptance:
    """Take in those entries of *document* that are still new or edited; tell chats.

    All are taken in before any chat is told, so that what belongs together is told together.
    """
    newest = {each.found.identity: each.found.content_hash for each in verdicts}
    seen = ledger.articles.sightings(carrier.id, newest.keys())
    desk = _Desk(ledger, book, carrier, document, now)
    for each in verdicts:
        one = each.found
        before = seen.get(one.identity)
        stands = before is not None and before.content_hash == one.content_hash
        is_newest = one.content_hash == newest[one.identity]
        if not stands and (is_newest or not (before or each.before)):
            desk.take(each, before or each.before)
    for story, ringing in desk.ringing.items():
        desk.result.decisions += tell_chats(
            ledger,
            book,
            story,
            ringing.articles,
            now,
            spared=ringing.spared,
            page_by=ringing.page_by,
        )
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
    holding = frozenset(str(match.rule.name) for match in matches)
    now_in = SecondLook(ledger, book, now).at_page(article, revised, rings=rings, holding=holding)
    if now_in != story:
        rings = holding
    decisions = tell_chats(ledger, book, now_in, {article: rings}, now)
    # Only now, so that what waited takes in what its page makes hold.
    ledger.alerts.hasten(story, PAGE_FIRST, now)
    return decisions


@dataclass(slots=True)
class _Ringing:
    """What may ring of a story, and which chats all entries with rules that begin to hold spare.

    Attributes:
        page_by: until when its alerts wait for a page; None if they do not.
    """

    articles: dict[ArticleId, frozenset[str]] = field(default_factory=dict)
    spared: frozenset[str] = frozenset()
    page_by: datetime | None = None

    def add(self, article: ArticleId, rules: frozenset[str], spared: frozenset[str]) -> None:
        if rules:
            self.spared = self.spared & spared if any(self.articles.values()) else spared
        self.articles[article] = self.articles.get(article, frozenset()) | rules


class _Desk:
    """Takes in the entries of one document, one by one."""

    def __init__(
        self, ledger: Ledger, book: Book, carrier: Carrier, document: Document, now: datetime
    ) -> None:
        self.result = Acceptance()
        self.ringing: dict[StoryId, _Ringing] = defaultdict(_Ringing)
        self._ledger = ledger
        self._book = book
        self._carrier = carrier
        self._document = document
        self._now = now
        self._taken: dict[str, ArticleId] = {}

    def take(self, verdict: Verdict, before: Sighting | None) -> None:
        """Store an entry that the feed showed *before* in other words, or never."""
        one, carrier, now = verdict.found, self._carrier, self._now
        article = accept(one, carrier.feed, self._document, now=now)
        # An older version of the same entry may stand in this very document.
        known = before.article if before else self._taken.get(one.identity)
        if known is not None:
            identity, story, article = self._revised(known, article)
            own = True
            matches = self._matches(article)
        else:
            matches = self._matches(article)
            identity, story, stored, own = self._placed(verdict, article, matches)
            if stored is not article:
                article, matches = stored, self._matches(stored)
        self._taken[one.identity] = identity
        self._see(verdict, identity)
        rings = self._ledger.stories.record(
            identity,
            matches,
            rulebook=self._book.rulebook.digest,
            replace=own,
            edited=before is not None,
            now=now,
        )
        if not verdict.rings:
            rings = frozenset()
        elif not verdict.renamed:
            rings |= self._seek_page(identity, article)
        if rings or not verdict.renamed:
            story_rings = self.ringing[story]
            if verdict.rings:
                story_rings.add(identity, rings, verdict.spared)
        holding = tuple(str(match.rule.name) for match in matches)
        self.result.accepted.append(Accepted(identity, story, holding))

    def _see(self, verdict: Verdict, article: ArticleId) -> None:
        """Remember what the feed calls an article, and what it called it first."""
        one, feed, rows = verdict.found, self._carrier.id, self._ledger.articles
        sighting = Sighting(
            article=article,
            content_hash=one.content_hash,
            traits=traits_of(one, self._now),
            first_at=self._now,
        )
        rows.see(feed, one.identity, sighting)
        if one.alias and not rows.sightings(feed, [one.alias]):
            rows.see(feed, one.alias, sighting)
        if verdict.renamed:
            rows.forget_names(feed, article)

    def _matches(self, article: Article) -> Sequence[Match]:
        return self._book.matcher.match(article, self._carrier.watched)

    def _placed(
        self, verdict: Verdict, article: Article, matches: Sequence[Match]
    ) -> tuple[ArticleId, StoryId, Article, bool]:
        """Store an entry that this feed shows for the first time.

        The last answer is whether the article is new; else another feed carries it, too.
        """
        ledger, now, one = self._ledger, self._now, verdict.found
        window = ledger.window.at(now)
        signs, draft = signs_of(article, one.entry.id), window.read(article)
        grouping = group(
            Newcomer(article=article, signs=signs, draft=draft),
            twins=ledger.articles.candidates(signs, now - WINDOW),
            newest=lambda stored: ledger.articles.newest(stored)[1],
            window=window,
            late=ledger.window.late(draft.sketch, now),
            now=now,
        )
        if isinstance(grouping, SameArticle):
            return *self._revised(grouping.article, article), False
        rules = tuple(str(match.rule.name) for match in matches) if verdict.rings else ()
        ringing = Ringing(article=article, draft=draft, rules=rules)
        seen = SecondLook(ledger, self._book, now).at(ringing, grouping)
        identity, story = ledger.articles.add(article, signs, seen.placement)
        ledger.window.put(identity, story, draft.sketch)
        if seen.page_may_tell and self._has_page_read(identity, article):
            self.ringing[story].page_by = now + _PAGE_WAIT
        return identity, story, article, True

    def _has_page_read(self, identity: ArticleId, article: Article) -> bool:
        """Have the page of an article read before chats ring; answer whether that is possible."""
        carrier = self._carrier
        if not (carrier.has_pages and article.link) or carrier.feed.full_text is FullText.NEVER:
            return False
        why_not = self._ledger.pages.want(
            identity,
            carrier.id,
            article.link,
            near=host_of(article.link) in self._book.spacing.near,
            urgent=True,
            now=self._now,
        )
        return why_not is None

    def _revised(self, known: ArticleId, article: Article) -> tuple[ArticleId, StoryId, Article]:
        """Store another version; what its page said still counts where the feed is short.

        So do its tags, for another feed may have given them.
        """
        story, old = self._ledger.articles.newest(known)
        article = with_tags(article, old.tags)
        if old.text and not article.text:
            article = replace(article, text=old.text, from_page=old.from_page)
        self._ledger.articles.revise(known, article)
        window = self._ledger.window.at(self._now)
        self._ledger.window.put(known, story, window.read(article).sketch)
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
