"""From what holds for an article, in full or in part, to what chats are told.

All of it is within one transaction.
"""

import heapq
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice
from typing import assert_never

from monitors.alerts.again import folded
from monitors.alerts.alert import AlertContent, Snippet
from monitors.alerts.break_out import asks_how_fast, grown
from monitors.alerts.compose import PartialHold, Ringing, StoryArticle, compose
from monitors.alerts.decision import (
    PAGE_FIRST,
    Alert,
    Decision,
    Held,
    Reply,
    Revision,
    Suppressed,
    Told,
    decide,
)
from monitors.alerts.showing.legible import shorten
from monitors.feeds.feed import Feed, FullText
from monitors.grouping.growth import Growth
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import AlertId, FeedId
from monitors.pipeline.telling.ringing import what_rings, why_muted
from monitors.pipeline.telling.thread import Thread, Threads
from monitors.polling.manners import host_of
from monitors.rules.rulebook import Chat, Partial, Priority, Rule, Stories
from monitors.stories.accept import with_teaser
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.page import NoText

_HOUR = timedelta(hours=1)
_MS = timedelta(milliseconds=1)
# Of one article. Most rules say so little alike that few hold in part at once.
MOST_KEPT = 50
_PARTS, _LONGEST_PART = 20, 200
_NEVER = "its feed has full_text: never"
_NO_LINK = "its feed gives no link"


@dataclass(frozen=True, slots=True)
class ChatDecision:
    """What was decided for one chat about one story."""

    chat: str
    decision: Decision


def tell_chats(  # noqa: PLR0913 -- what a chat is told depends on them
    ledger: Ledger,
    book: Book,
    story: StoryId,
    ringing: Ringing,
    now: datetime,
    *,
    spared: Collection[str] = (),
    page_by: datetime | None = None,
) -> tuple[ChatDecision, ...]:
    """Decide for every chat what it is told of *story*, and put that into the outbox.

    Args:
        ledger: the transaction.
        book: the rulebook in force.
        story: a story of which an article is new, or was revised.
        ringing: its articles that may ring, and which rules began to hold for them; a chat that
            was told nothing yet is told only for one of these.
        now: aware UTC.
        spared: names of chats that are told by a notice for many stories, if at all.
        page_by: until when an alert waits for a page that may say that it is needless.
    """
    if not any(ringing.values()) and not _is_told(ledger, story):
        return ()  # as of most stories, and the longest may be among them
    threads = Threads(ledger.stories, ledger.alerts, story)
    teller = _Teller(ledger, book, story, now, page_by)
    decided: list[ChatDecision | None] = []
    for chat in _concerned(book, threads):
        thread, may_ring = threads.of(chat), {} if chat.name in spared else ringing
        decided.append(teller.tell(chat, thread, threads.articles_of(thread), may_ring))
    return tuple(one for one in decided if one)


def _is_told(ledger: Ledger, story: StoryId) -> bool:
    """Answer whether some chat was told of a story, or of one whose message it may share."""
    return bool(ledger.regrouping.told(story)) or ledger.stories.related(story) is not None


def _concerned(book: Book, threads: Threads) -> tuple[Chat, ...]:
    """Answer the chats that may be told of a story, in the order of rules.yaml."""
    concerned = book.chats_for(_holding(book, threads.articles))
    if not threads.earlier:
        return concerned
    # Its articles may share the message of an earlier story, for which other rules hold.
    return tuple(
        chat for chat in book.chats.values() if chat.stories is Stories.LOOSE or chat in concerned
    )


class _Teller:
    """Decides what chats are told of one story, and puts that into the outbox."""

    def __init__(
        self, ledger: Ledger, book: Book, story: StoryId, now: datetime, page_by: datetime | None
    ) -> None:
        self._ledger = ledger
        self._book = book
        self._story = story
        self._now = now
        self._page_by = page_by

    def tell(
        self, chat: Chat, thread: Thread, articles: Sequence[StoryArticle], ringing: Ringing
    ) -> ChatDecision | None:
        """Tell *chat* by *thread*; None if it has not heard of the story, and does not now."""
        rules = self._book.rules_for(chat, _holding(self._book, articles))
        names = [str(rule.name) for rule in rules]
        mutes = self._ledger.mutes.of(chat.name, self._now)
        behind = mutes.unheard(articles, names)
        content = compose(articles, names, behind=behind)
        if content is None:
            return None
        told = thread.told and thread.told[1]
        urgent = any(rule.priority is Priority.HIGH for rule in rules)
        content = replace(content, urgent=urgent)
        growth = self._growth() if asks_how_fast(rules) else None
        content, broken_out = grown(content, told.content if told else None, rules, growth)
        rings = what_rings(chat, thread, articles, ringing, content, broken_out, mutes)
        muted = why_muted(chat, thread, articles, ringing, content, broken_out, mutes)
        if muted:
            self._ledger.mutes.silence(chat.name, self._story, content, muted.why, self._now)
            if muted.whole:
                return ChatDecision(chat.name, Suppressed(muted.why))
        high = any(rule.priority is Priority.HIGH for rule in rules if rule.name in rings.rules)
        decision = decide(
            content,
            told,
            rings=bool(rings.rules),
            chat=chat,
            high=high,
            recent=self._recent(chat),
            now=self._now,
            zone=self._book.zone,
        )
        if self._page_by and told is None and not high and isinstance(decision, Alert):
            decision = Held(self._page_by, PAGE_FIRST)
        if thread.told:
            news = replace(rings.news.content, urgent=high) if rings.news else None
            self._go_on(decision, thread.told, content, news, high=high)
        elif isinstance(decision, Suppressed):
            return None
        else:
            self._begin(decision, chat, content, under=thread.under, high=high)
        return ChatDecision(chat.name, decision)

    def _begin(
        self,
        decision: Decision,
        chat: Chat,
        content: AlertContent,
        *,
        under: AlertId | None,
        high: bool,
    ) -> None:
        """Tell the story to a chat that has no message of it."""
        due_at, why = _when(decision, self._now)
        self._ledger.alerts.tell(
            chat.name,
            self._story,
            content,
            high=high,
            due_at=due_at,
            why=why,
            now=self._now,
            reply_to=under,
        )

    def _go_on(
        self,
        decision: Decision,
        known: tuple[AlertId, Told],
        content: AlertContent,
        news: AlertContent | None,
        *,
        high: bool,
    ) -> None:
        """Tell more to a chat that has an alert; *news* are for a message of their own."""
        alerts, now = self._ledger.alerts, self._now
        alert, told = known
        match decision:
            case Alert():
                alerts.release(alert, content, now)
            case Revision() | Reply() | Held():
                if content != told.content:
                    alerts.revise(alert, content, now)
                if news:
                    self._reply(decision, alert, news, high=high)
            case Suppressed():
                pass
            case _:
                assert_never(decision)

    def _reply(
        self, decision: Decision, alert: AlertId, content: AlertContent, *, high: bool
    ) -> None:
        """Tell *content* below the message of *alert*, with what is held back below it, if any."""
        alerts, now = self._ledger.alerts, self._now
        due_at, why = _when(decision, now)
        held = alerts.held_reply(alert)
        if held is None:
            alerts.reply(alert, content, high=high, now=now, due_at=due_at, why=why)
            return
        if held.due_at <= due_at:
            # It keeps its place: of what waits since then, no more rings than before.
            due_at, why = held.due_at, held.why
        both = folded(held.content, content)
        alerts.renew_reply(held.id, both, high=high, due_at=due_at, why=why)

    def _growth(self) -> Growth | None:
        return self._ledger.window.at(self._now).growth(self._story)

    def _recent(self, chat: Chat) -> Sequence[datetime]:
        if chat.max_per_hour is None:
            return ()
        moments = self._ledger.alerts.recent(chat.name, self._now - _HOUR)
        # The store keeps whole milliseconds: what rings now must not seem to ring a little later.
        return [self._now if self._now < at < self._now + _MS else at for at in moments]


def _when(decision: Decision, now: datetime) -> tuple[datetime, str | None]:
    """Answer when a letter is due, and why it is held back if it is."""
    return (decision.until, decision.why) if isinstance(decision, Held) else (now, None)


def _holding(book: Book, articles: Sequence[StoryArticle]) -> set[str]:
    """Answer the names of the rules that are told for *articles*."""
    return {name for one in articles for name in one.evidence} | _told_in_part(book, articles)


def _told_in_part(book: Book, articles: Sequence[StoryArticle]) -> set[str]:
    """Answer the names of the rules that hold in part and are told all the same."""
    names = {hold.rule for one in articles for hold in one.partly if hold.rule in book.places}
    rules = book.rulebook.rules
    return {name for name in names if rules[book.places[name]].partial is Partial.ALERT}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """An article as far as it was read.

    Attributes:
        watched: addresses by which rules choose their feeds; None means every rule looks.
    """

    id: ArticleId
    article: Article
    watched: frozenset[str] | None


def seek_page(  # noqa: PLR0913 -- the transaction, and who shows the article
    ledger: Ledger, book: Book, shown: Shown, *, feed: Feed, feed_id: FeedId, now: datetime
) -> frozenset[str]:
    """Have the page of an article read if a rule may then hold, or its feed always wants it.

    Answer the names of the rules that are told as they are, because no more can be read.

    Args:
        ledger: the transaction.
        book: the rulebook in force.
        shown: the article as its feed shows it.
        feed: which that is.
        feed_id: what the store calls it.
        now: aware UTC.
    """
    article = shown.article
    if article.from_page:
        return frozenset()
    if feed.full_text is FullText.NEVER:
        return _keep(ledger, book, shown, _NEVER, only=Partial.ALERT, now=now)
    first = next(book.matcher.partial(article, shown.watched), None)
    why = None
    if article.link and (first or feed.full_text is FullText.ALWAYS):
        urgent = first is not None and first.priority is Priority.HIGH
        why = ledger.pages.want(
            shown.id,
            feed_id,
            article.link,
            near=host_of(article.link) in book.spacing.near,
            urgent=urgent,
            now=now,
        )
    elif first:
        why = _NO_LINK
    if why is None or first is None:
        ledger.holds.keep(shown.id, (), now)
        return frozenset()
    return _keep(ledger, book, shown, why, now=now)


def give_page_up(
    ledger: Ledger, book: Book, identity: ArticleId, unread: NoText, now: datetime
) -> tuple[ChatDecision, ...]:
    """Keep the rules that hold in part for an article, for its page is *unread*; tell chats.

    What the page shows in front of a paywall is taken in before.
    """
    story, article = ledger.articles.newest(identity)
    carriers = ledger.articles.carriers(identity)
    rings: frozenset[str] = frozenset()
    longer = with_teaser(article, unread.teaser) if unread.teaser else None
    if longer:
        article = longer
        ledger.articles.revise(identity, article)
        matches = book.matcher.match(article, carriers)
        rings = ledger.stories.record(
            identity, matches, rulebook=book.rulebook.digest, replace=True, now=now
        )
    shown = Shown(id=identity, article=article, watched=carriers)
    rings |= _keep(ledger, book, shown, unread.message, now=now)
    decisions = tell_chats(ledger, book, story, {identity: rings}, now) if rings or longer else ()
    wait_no_longer(ledger, identity, now)
    return decisions


def wait_no_longer(ledger: Ledger, article: ArticleId, now: datetime) -> None:
    """Have what waits for the page of *article* sent, for that will not be read in time."""
    story, _ = ledger.articles.newest(article)
    ledger.alerts.hasten(story, PAGE_FIRST, now)


def _keep(  # noqa: PLR0913 -- the transaction, and what is kept why
    ledger: Ledger,
    book: Book,
    shown: Shown,
    why: str,
    *,
    only: Partial | None = None,
    now: datetime,
) -> frozenset[str]:
    """Keep what holds in part; answer the rules that are told of it and were not before."""
    rules = book.matcher.partial(shown.article, shown.watched, only=only)
    kept = heapq.nsmallest(MOST_KEPT, rules, key=lambda rule: rule.partial is not Partial.ALERT)
    holds = [_hold(book, rule, shown.article, why) for rule in kept]
    before = ledger.holds.keep(shown.id, holds, now)
    told = {str(rule.name) for rule in kept if rule.partial is Partial.ALERT}
    return frozenset(told - before)


def _hold(book: Book, rule: Rule, article: Article, why: str) -> PartialHold:
    explained = book.matcher.explain(rule.condition, article)
    return PartialHold(
        rule=str(rule.name),
        evidence=explained.evidence,
        found=_bounded(clause.text for clause in explained.found),
        missing=_bounded(explained.missing),
        why=why,
    )


def _bounded(parts: Iterable[str]) -> tuple[str, ...]:
    return tuple(shorten(Snippet(text=part), _LONGEST_PART).text for part in islice(parts, _PARTS))
