"""From an entry to an article."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from monitors.feeds.entry import Document, Entry
from monitors.feeds.feed import Feed
from monitors.stories.article import Article
from monitors.stories.furniture import without_furniture
from monitors.stories.identity import Identified, address, own_link
from monitors.stories.links import site, unwrapped
from monitors.stories.page import Page
from monitors.stories.words import key

# A date further ahead is a mistake; the article counts from when it was seen.
_AHEAD = timedelta(hours=24)
_DAY, _NO_TIME = timedelta(days=1), timedelta(0)
_BEFORE_OUTLET = re.compile(r"(?<=\S)\s+[-|\u2013\u2014:\u00b7]{1,2}\s+")
# SQLite ends a text at the one, and takes none with the others; nor does Telegram.
_UNSTORABLE = re.compile(r"[\0\ud800-\udfff]")


def accept(found: Identified, feed: Feed, document: Document, *, now: datetime) -> Article:
    """Answer the article that an entry of *feed* is, as first seen at *now* (aware UTC)."""
    entry = found.entry
    published = entry.published_at
    dated = published is not None and published <= now + _AHEAD
    content = "" if entry.content == entry.summary else entry.content or ""
    return Article(
        identity=found.identity,
        url=own_link(found),
        link=storable(unwrapped(link)) if (link := entry.original or entry.url) else None,
        outlet=storable(outlet(entry, feed, document)),
        title=storable(entry.title),
        summary=storable(entry.summary or ""),
        text=storable(_article_text(content)),
        author=storable(entry.author) if entry.author else None,
        lang=storable(lang) if (lang := entry.lang or document.lang) else None,
        published_at=published if published and dated else now,
        seen_at=now,
        dated=dated,
        tags=_tags((*sorted(feed.tags), *entry.tags)),
    )


def _tags(written: Iterable[str]) -> tuple[str, ...]:
    """Answer the tags that were *written*, each in one line and once."""
    lines = (" ".join(storable(tag).split()) for tag in written)
    return tuple(dict.fromkeys(filter(None, lines)))


def _article_text(content: str) -> str:
    """Answer the full text that a feed carries, without what its page hung on the end of it."""
    paragraphs = [line.strip() for line in content.splitlines() if line.strip()]
    return "\n\n".join(without_furniture(paragraphs))


def storable(text: str) -> str:
    """Answer *text* with a sign of replacement for each NUL and each half of a surrogate pair."""
    return _UNSTORABLE.sub("\ufffd", text)


def with_tags(article: Article, more: Iterable[str]) -> Article:
    """Answer *article* with *more* tags, as when another feed carries it, too."""
    return replace(article, tags=_tags((*article.tags, *more)))


def with_page(article: Article, page: Page) -> Article:
    """Answer *article* as its page tells it, with the page's headline where it is another."""
    text = page.text
    # Most say the same, with the name of the outlet behind it.
    if page.title and key(bare_title(article)) not in key(page.title):
        text = f"{page.title}\n\n{text}"
    return replace(article, text=storable(text), from_page=True)


def with_teaser(article: Article, page: Page) -> Article | None:
    """Answer *article* with what stands before a paywall; None if the feed gave as much.

    It goes on to count as text of the feed: more would have followed.
    """
    if len(page.text) <= len(article.text or article.summary):
        return None
    return replace(with_page(article, page), from_page=False)


def outlet(entry: Entry, feed: Feed, document: Document) -> str:
    """Answer who published *entry*: the site that it links to, not the feed that carries it."""
    host = site(address(entry))
    name = feed.name or document.title
    if entry.outlet:
        return entry.outlet
    if name and (host is None or host == (site(document.home) or host)):
        return name
    return host or name or feed.address


def counts(published: datetime | None, feed: Feed, *, by_day: bool, now: datetime) -> bool:
    """Answer whether an entry that is there at the first poll may ring.

    Those may that are as recent as `catch_up` says; one without a date is as old as it may be.

    Args:
        published: its date, if that can be true.
        feed: what it is carried by.
        by_day: whether dates are of days, and so may mean any time until a day later.
        now: aware UTC.
    """
    if feed.catch_up is None:
        return True
    if not feed.catch_up or published is None:
        return False
    return published > now - feed.catch_up - (_DAY if by_day else _NO_TIME)


def bare_title(article: Article) -> str:
    """Answer the title without the name of the outlet that some feeds hang on its end."""
    for sign in _BEFORE_OUTLET.finditer(article.title):
        name = article.title[sign.end() :].strip().casefold()
        if name in (article.outlet.casefold(), site(article.link)):
            return article.title[: sign.start()]
    return article.title
