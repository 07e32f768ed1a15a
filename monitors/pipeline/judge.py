"""Judges a document as a whole: which entries are news, and how many of them may ring."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from monitors.alerts.quiet_hours import quiet_until
from monitors.alerts.showing.legible import clean, shorten
from monitors.feeds.entry import Document
from monitors.pipeline.accept import Carrier, Verdict
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.stories.accept import accept, counts
from monitors.stories.article import Article
from monitors.stories.identity import Identified, identify
from monitors.stories.recognition import (
    Dates,
    Sighting,
    Stranger,
    are_days,
    is_alike,
    is_another,
    is_flood,
    is_news,
    may_be_old,
    recognise,
    traits_of,
)

# Entries of one poll that may ring in a chat: more than anybody reads.
_MOST_AT_ONCE = 100
_MOST_AFTER_SILENCE = 20
_SILENCE = timedelta(days=7)
_MOST_NAMED = 5
_TITLE_LIMIT, _NAME_LIMIT = 160, 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """What is to be taken in.

    Attributes:
        verdicts: on each entry that is new or edited, in the order of the document.
        posts: when each of the news was posted: its date, else now; aware UTC. At the first
            poll, that is every entry.
        renamed: how many look new, but were shown before.
        archived: how many were never shown before, but are no news.
    """

    verdicts: tuple[Verdict, ...]
    posts: tuple[datetime, ...]
    renamed: int
    archived: int


@dataclass(frozen=True, slots=True)
class Notice:
    """What a chat is told of entries that match and do not ring; sent at *due_at*."""

    chat: str
    text: str
    due_at: datetime


def judge(
    ledger: Ledger, *, carrier: Carrier, found: Sequence[Identified], now: datetime
) -> Judgement:
    """Answer which of the entries *found* in a whole document have to be taken in, and how.

    Names are trusted, unless most of them are new: then entries are known by their links and
    titles. At the first poll `catch_up` says what may ring.
    """
    seen = ledger.articles.sightings(carrier.id, _names(found))
    found, reused = _apart(found, seen, now)
    if reused:
        seen = {**seen, **ledger.articles.sightings(carrier.id, reused)}
    known = {one.identity: before for one in found if (before := _before(one, seen, now))}
    newest = {one.identity: one for one in found}
    strangers = tuple(
        Stranger(one, traits_of(one, now)) for name, one in newest.items() if name not in known
    )
    by_day = are_days(date for one in found if (date := one.entry.published_at))
    if carrier.first_ok_at is None:
        renamed: Mapping[str, Sighting] = {}
        news = {
            one.name
            for one in strangers
            if counts(one.traits.published_at, carrier.feed, by_day=by_day, now=now)
        }
        posts = strangers
    else:
        past = _Past(ledger, carrier, carrier.first_ok_at)
        flood = past.is_flood(strangers, known.values())
        doubted = strangers if flood else tuple(one for one in strangers if one.name in reused)
        renamed = past.renamed(doubted, known.values())
        rest = tuple(one for one in strangers if one.name not in renamed)
        posts = past.news(rest, flood=flood, by_day=by_day)
        news = {one.name for one in posts}
    verdicts = (
        Verdict(
            found=one,
            before=known.get(one.identity) or renamed.get(one.identity),
            renamed=one.identity in renamed,
            rings=one.identity in news or one.identity in known or one.identity in renamed,
        )
        for one in found
        if one.identity not in known or _is_edit(one, known[one.identity], newest)
    )
    return Judgement(
        verdicts=tuple(verdicts),
        posts=tuple(one.traits.published_at or now for one in posts),
        renamed=len(renamed),
        archived=0 if posts is strangers else len(strangers) - len(renamed) - len(news),
    )


def _names(found: Iterable[Identified]) -> set[str]:
    return {name for one in found for name in (one.identity, one.alias) if name}


def _apart(
    found: Sequence[Identified], seen: Mapping[str, Sighting], now: datetime
) -> tuple[Sequence[Identified], Collection[str]]:
    """Answer *found*, and the new names of those that bear the identifier of another article.

    Some feeds number the places in their list, or have one place only.
    """
    apart: dict[str, tuple[Identified, ...]] = {}
    for one in found:
        before = seen.get(one.identity)
        if before and one.entry.id and is_another(traits_of(one, now), before.traits):
            apart[one.identity] = identify([one.entry], shared_ids=True)
    if not apart:
        return found, ()
    told = tuple(each for one in found for each in apart.get(one.identity, (one,)))
    return told, {each.identity for them in apart.values() for each in them}


def _before(one: Identified, seen: Mapping[str, Sighting], now: datetime) -> Sighting | None:
    """Answer what the feed has shown as *one*."""
    if one.identity in seen:
        return seen[one.identity]
    other = seen.get(one.alias) if one.alias else None
    return other if other and is_alike(traits_of(one, now), other.traits) else None


def _is_edit(one: Identified, before: Sighting, newest: Mapping[str, Identified]) -> bool:
    return one is newest[one.identity] and one.content_hash != before.content_hash


class _Past:
    """What the store knows of a feed that was read before."""

    def __init__(self, ledger: Ledger, carrier: Carrier, first_ok_at: datetime) -> None:
        self._rows = ledger.articles
        self._feed = carrier.id
        self._dates = Dates(subscribed_at=first_ok_at, read_at=carrier.last_ok_at or first_ok_at)

    def is_flood(self, strangers: Sequence[Stranger], known: Collection[Sighting]) -> bool:
        """Answer whether most looks new, with what a poll that did not end has taken in."""
        unfinished = sum(before.first_at > self._dates.read_at for before in known)
        return is_flood(len(strangers) + unfinished, len(strangers) + len(known))

    def renamed(
        self, strangers: Sequence[Stranger], known: Iterable[Sighting]
    ) -> Mapping[str, Sighting]:
        """Answer which *strangers* the feed has shown under other names."""
        alike = {one.name: self._rows.alike(self._feed, one.traits) for one in strangers}
        return recognise(strangers, alike, {before.article for before in known})

    def news(
        self, strangers: Sequence[Stranger], *, flood: bool, by_day: bool
    ) -> tuple[Stranger, ...]:
        """Answer which *strangers* are news."""
        dates = self._dates
        if any(may_be_old(one, dates) for one in strangers):
            dates = self._rows.dates(self._feed, dates.subscribed_at, dates.read_at)
        return tuple(one for one in strangers if is_news(one, dates, flood=flood, by_day=by_day))


def spare(
    book: Book, carrier: Carrier, document: Document, judgement: Judgement, now: datetime
) -> tuple[tuple[Verdict, ...], tuple[Notice, ...]]:
    """Answer the verdicts, with the chats that too many would ring in, and what those are told.

    The newest ring, and are taken in first. Not at the first poll: `catch_up` has decided.
    """
    since = carrier.last_ok_at or carrier.first_ok_at
    if since is None:
        return judgement.verdicts, ()
    silence = max(_SILENCE, 2 * (carrier.feed.every or timedelta()))
    most = _MOST_AFTER_SILENCE if now - since > silence else _MOST_AT_ONCE
    ringing = {
        one.found.identity: one for one in judgement.verdicts if one.rings and not one.before
    }
    if len(ringing) <= most:
        return judgement.verdicts, ()
    matching: dict[str, list[Article]] = defaultdict(list)
    for one in ringing.values():
        article = accept(one.found, carrier.feed, document, now=now)
        names = [match.rule.name for match in book.matcher.match(article, carrier.watched)]
        for chat in book.chats_for(names):
            matching[chat.name].append(article)
    spared: dict[str, set[str]] = defaultdict(set)
    notices: list[Notice] = []
    for name, articles in matching.items():
        # Undated ones count as of now; most feeds put the newest first.
        rest = sorted(articles, key=lambda one: one.published_at, reverse=True)[most:]
        for article in rest:
            spared[article.identity].add(name)
        if rest:
            due_at = quiet_until(book.chats[name], now, book.zone) or now
            notices.append(Notice(name, _text(_name(carrier, document), rest), due_at))
    verdicts = (
        replace(one, spared=frozenset(spared.get(one.found.identity, ())))
        for one in judgement.verdicts
    )
    return tuple(sorted(verdicts, key=lambda one: len(one.spared))), tuple(notices)


def notify(ledger: Ledger, notices: Sequence[Notice]) -> None:
    """Put *notices* into the outbox."""
    for one in notices:
        ledger.outbox.notify([one.chat], one.text, one.due_at)


def _text(feed: str, rest: Sequence[Article]) -> str:
    """Answer the notice of articles that match and do not ring, newest first."""
    count = "1 more article matches" if len(rest) == 1 else f"{len(rest)} more articles match"
    titles = [_short(article.title, _TITLE_LIMIT) or article.link for article in rest]
    lines = [
        f"{feed}: {count}, but so many came in at once that you are told of the newest only.",
        *(f"- {title}" for title in titles[:_MOST_NAMED]),
        *([f"and {len(rest) - _MOST_NAMED} more"] if len(rest) > _MOST_NAMED else []),
        "They are stored: python bot.py try EXPRESSION --since 1d finds them.",
    ]
    return "\n".join(lines)


def _name(carrier: Carrier, document: Document) -> str:
    feed = carrier.feed
    return _short(feed.name or document.title or "", _NAME_LIMIT) or feed.address


def _short(text: str, limit: int) -> str:
    return shorten(clean(text), limit).text
