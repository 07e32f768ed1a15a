"""Finds the feeds that a person means: every one that is answered has been read."""

import asyncio
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import TypeAlias
from urllib.parse import urlsplit

from monitors.feeds.entry import Document, NotAFeed
from monitors.feeds.feed import FailureReason, Fetched, FetchFailed, Validators
from monitors.finding.autodiscovery import offers_to_try, probes, site_of
from monitors.finding.clue import Clue, Unclear
from monitors.finding.shortcuts import clue_of
from monitors.finding.sites import feed_named_by, is_consent
from monitors.pipeline.ports import Fetcher, Reader
from monitors.polling.retrying import PASSING

MOST_REQUESTS = 12
_SECONDS = 60.0
_LOCKED = (HTTPStatus.UNAUTHORIZED, HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN)
_TURNED_AWAY = (*_LOCKED, HTTPStatus.TOO_MANY_REQUESTS)
_ALIKE = 0.8
_COMMENTS = re.compile(r"\bcomments\b", re.IGNORECASE)
_HOST = re.compile(r".*\.[^\W\d]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A feed that was read.

    Attributes:
        address: to be added; where it has moved to for good, if it has.
        entries: how many it has now.
        newest: the date of the newest of them, if they have any.
        of_comments: whether it brings what readers say, as far as can be seen.
    """

    address: str
    title: str | None
    entries: int
    newest: datetime | None = None
    of_comments: bool = False


def entries_text(choice: Choice) -> str:
    """Answer how many entries a feed has, for people."""
    return f"{choice.entries} {'entry' if choice.entries == 1 else 'entries'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """There is a feed.

    Attributes:
        choices: the best first.
        sure: whether that is the one that was meant: the address itself, what its site is
            known to keep there, or the only one.
        unread: addresses of feeds that the page names, too, and that were not looked at.
    """

    choices: tuple[Choice, ...]
    sure: bool
    unread: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NothingFound:
    """There is none, as far as can be seen now.

    Attributes:
        message: why, without a full stop.
        hint: what to do.
        likely: the address that was meant, if only the network or a tired server is in the way.
    """

    message: str
    hint: str
    likely: str | None = None


Finding: TypeAlias = Found | NothingFound


@dataclass(frozen=True, slots=True)
class _Look:
    """What stands at an address.

    Attributes:
        at: where it was found in the end, if it was.
        choice: if it is a feed.
        links: of its entries, which tell it from other feeds.
        names: the feed that a page stands for on some sites.
    """

    answer: Document | NotAFeed | FetchFailed
    at: str | None = None
    choice: Choice | None = None
    links: tuple[str, ...] = ()
    names: str | None = None


async def find_feeds(
    written: str,
    fetcher: Fetcher,
    reader: Reader,
    probed: set[str] | None = None,
    seconds: float = _SECONDS,
) -> Finding:
    """Answer the feeds that somebody means who has *written* this, or why there are none.

    Asks for one address after the other, at most `MOST_REQUESTS`.

    Args:
        written: an address of a feed, a page or a profile, as people write it.
        fetcher: gets them.
        reader: reads them.
        probed: the sites on which feeds were looked for where most keep them; that is done
            once for each.
        seconds: how long it may take.
    """
    clue = clue_of(written)
    if isinstance(clue, Unclear):
        return NothingFound(message=clue.message, hint=clue.hint)
    search = _Search(fetcher, reader, set() if probed is None else probed)
    try:
        async with asyncio.timeout(seconds):
            return await search.follow(clue)
    except TimeoutError:
        return NothingFound(
            message="the site takes too long to answer",
            hint="Try again later, or write the address of the feed itself.",
            likely=_likely(clue),
        )


class _Search:
    """One search, and what it has asked for."""

    def __init__(self, fetcher: Fetcher, reader: Reader, probed: set[str]) -> None:
        self._fetcher = fetcher
        self._reader = reader
        self._probed = probed
        self._looks: dict[str, _Look] = {}

    async def follow(self, clue: Clue) -> Finding:
        """Answer what *clue* leads to."""
        known = await self._look_at_all(clue.feeds)
        if known:
            return Found(choices=_distinct(known), sure=True)
        if clue.feeds and is_passing(self._looks[clue.feeds[0]].answer):
            return _nothing(self._looks[clue.feeds[0]], clue)
        if clue.page:
            named = await self._named_by(clue.page)
            if named:
                return Found(choices=(named,), sure=True)
        look = await self._look(clue.address)
        if clue.is_guess and is_passing(look.answer):
            insecure = await self._look(clue.address.replace("https:", "http:", 1))
            look = look if is_passing(insecure.answer) else insecure
        if look.choice:
            return Found(choices=(look.choice,), sure=True)
        found = await self._around(look)
        if not found:
            return _nothing(look, clue)
        choices = _distinct(found)
        sure = sum(not one.of_comments for one in choices) == 1
        return Found(choices=choices, sure=sure, unread=self._unread(look))

    async def _named_by(self, page: str) -> Choice | None:
        """Answer the feed that a page stands for."""
        feed = (await self._look(page)).names
        return (await self._look(feed)).choice if feed else None

    async def _around(self, look: _Look) -> list[_Look]:
        """Answer the feeds that a page names, or else the first one where most sites keep it."""
        if look.at is None or not isinstance(look.answer, NotAFeed):
            return []
        found = await self._look_at_all(offers_to_try(look.answer.offers, self._looks))
        site = site_of(look.at)
        if found or site in self._probed:
            return found
        self._probed.add(site)
        for probe in probes(look.at):
            tried = await self._look(probe)
            if tried.choice:
                return [tried]
            if is_passing(tried.answer):
                break
        return []

    def _unread(self, look: _Look) -> tuple[str, ...]:
        """Answer the feeds that a page names and that were not looked at."""
        offers = look.answer.offers if isinstance(look.answer, NotAFeed) else ()
        return tuple(each for each in dict.fromkeys(offers) if each not in self._looks)

    async def _look_at_all(self, addresses: Iterable[str]) -> list[_Look]:
        """Answer those of *addresses* that are feeds; a server that does not answer is spared."""
        found: list[_Look] = []
        for address in addresses:
            look = await self._look(address)
            if look.choice:
                found.append(look)
            elif not found and is_passing(look.answer):
                break
        return found

    async def _look(self, address: str) -> _Look:
        """Answer what stands at *address*; nothing is asked for twice."""
        known = self._looks.get(address)
        if known is None:
            if len(self._looks) == MOST_REQUESTS:
                return _Look(NotAFeed(message="too many places to look at"))
            known = self._looks[address] = await self._asked(address)
        return known

    async def _asked(self, address: str) -> _Look:
        outcome = await self._fetcher.fetch(address, Validators())
        if isinstance(outcome, FetchFailed):
            return _Look(outcome)
        assert isinstance(outcome, Fetched), "no validators were sent"
        document = await self._reader.read_feed(outcome.body, outcome.address, outcome.content_type)
        if isinstance(document, NotAFeed):
            return _Look(document, at=outcome.address, names=feed_named_by(outcome.body))
        dates = [entry.published_at for entry in document.entries if entry.published_at]
        about = f"{urlsplit(outcome.address).path} {document.title or ''}"
        choice = Choice(
            address=outcome.moved_to or address,
            title=document.title,
            entries=len(document.entries),
            newest=max(dates, default=None),
            of_comments=_COMMENTS.search(about) is not None,
        )
        links = tuple(entry.url for entry in document.entries if entry.url)
        return _Look(document, at=outcome.address, choice=choice, links=links)


def is_passing(answer: Document | NotAFeed | FetchFailed) -> bool:
    """Answer whether it may be otherwise when it is tried again."""
    if not isinstance(answer, FetchFailed):
        return False
    status = answer.status or 0
    tired = status == HTTPStatus.TOO_MANY_REQUESTS or status >= HTTPStatus.INTERNAL_SERVER_ERROR
    return answer.reason in PASSING or tired


def _distinct(looks: Iterable[_Look]) -> tuple[Choice, ...]:
    """Answer the feeds of *looks* that bring something else each, those of comments last.

    Many sites offer the same articles as RSS and as Atom.
    """
    kept: list[_Look] = []
    for look in looks:
        if not any(_same_articles(look.links, other.links) for other in kept):
            kept.append(look)
    choices = [look.choice for look in kept if look.choice]
    return tuple(sorted(choices, key=lambda one: one.of_comments))


def _same_articles(some: tuple[str, ...], others: tuple[str, ...]) -> bool:
    """Answer whether the first entries of two feeds are the same; one may have more of them."""
    length = min(len(some), len(others))
    shared = {*some[:length]} & {*others[:length]}
    return length > 0 and len(shared) >= _ALIKE * length


def _likely(clue: Clue) -> str | None:
    """Answer the address that was meant, if it is a feed's most likely."""
    if clue.feeds:
        return clue.feeds[0]
    return None if clue.page or clue.is_guess else clue.address


def _nothing(look: _Look, clue: Clue) -> NothingFound:
    """Answer why nothing was found behind the last *look*."""
    if isinstance(look.answer, FetchFailed):
        failed = _refused(look.answer)
        hint = clue.advice if look.answer.status in _TURNED_AWAY else None
        likely = _likely(clue) if is_passing(look.answer) else None
        return replace(failed, hint=hint or failed.hint, likely=likely)
    at = look.at or clue.address
    if is_consent(at):
        return NothingFound(
            message="the site asks for consent or a login first",
            hint=clue.advice or "Write the address of its feed, if it has one that needs none.",
        )
    assert isinstance(look.answer, NotAFeed), "a feed would have been found"
    if "OPML" in look.answer.message:
        hint = "Save it as a file, and write: python bot.py feeds import FILE"
        return NothingFound(message=look.answer.message, hint=hint)
    host = urlsplit(at).hostname or ""
    news = f"https://news.google.com/search?q=site:{host}"
    instead = f" Or have Google News search it: {news}" if _HOST.fullmatch(host) else ""
    return NothingFound(
        message=f"{look.answer.message}; no feed was found on the site",
        hint=f"Look there for RSS, Atom or Feed, and write that address.{instead}",
    )


def _refused(failed: FetchFailed) -> NothingFound:
    """Answer what to do where a site does not answer as it should."""
    if failed.reason is FailureReason.FORBIDDEN_ADDRESS:
        hint = "As in ALLOW_NETWORKS=192.168.1.0/24, when Newsbell is started."
    elif failed.status in _LOCKED:
        hint = "It wants a login, or turns programs away. Write a feed's address that needs none."
    elif failed.reason is FailureReason.HTTP:
        hint = "See in a browser that the address is right."
    elif is_passing(failed):
        hint = "See that the address is right, or try again later."
    else:
        hint = "Write the address of another feed."
    return NothingFound(message=failed.message, hint=hint)
