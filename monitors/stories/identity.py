"""What a feed calls each of its entries, so that the next poll knows them again."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from monitors.feeds.entry import Entry
from monitors.stories.links import canonical, is_burned, is_front_page, is_public
from monitors.times import iso

# One page may be listed twice, under an old and a new headline; not under three.
_TOO_MANY_TITLES = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WEB = re.compile(r"https?:", re.IGNORECASE)
_MOVES = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_UUID = r"[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}"
# With the name of who chose it inside, or too long for chance: `tag:`, `urn:`, what Drupal and
# YouTube write, addresses.
_WORLDWIDE = re.compile(
    r"tag:[^\s:]*[.@,][^\s:]*:\S+|urn:[a-z0-9-]{2,31}:(?=\S*[^\d\s])\S{4,}|oai:\S+\.\S+:\S+"
    r"|doi:10\.\S+/\S+|yt:video:\S{8,}|\d+ at [a-z]+://\S{4,}|[a-z][a-z0-9+.-]*://\S{4,}",
    re.IGNORECASE,
)
_WORLDWIDE_NUMBER = re.compile(rf"(?:urn:uuid:)?\{{?({_UUID})\}}?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry and what its feed calls it; two versions of one entry have one identity.

    Attributes:
        entry: as the feed gave it, without an identifier that it gives to others as well.
        content_hash: of all that a reader sees; it changes when the entry is edited.
        link: the canonical link, wherever it leads.
        link_tells: whether the link leads to this entry alone; a feed may link all of its
            entries to its front page.
        alias: what it is called, too, where the feed gives one identifier to several entries:
            by the identifier alone, which tells something only of an entry that is alike.
    """

    entry: Entry
    identity: str
    content_hash: str
    link: str | None
    link_tells: bool
    alias: str | None = None


def identify(entries: Iterable[Entry], *, shared_ids: bool = False) -> tuple[Identified, ...]:
    """Answer each entry with its identity: oldest version first, otherwise in their order.

    The ladder: identifier, canonical link, title and date, title and text. Where a feed gives
    one identifier to several entries, what is next on the ladder belongs to the identity. A
    link counts only where it leads to one entry alone, and the place of an entry never.
    Entries without title, link and text are left out: there is nothing to tell.

    Args:
        entries: of one document.
        shared_ids: whether the feed is known to give one identifier to several entries. It may
            do so from poll to poll, with one of them in each document.
    """
    told = [
        (entry, canonical(address(entry)))
        for entry in entries
        if _headline(entry) or address(entry)
    ]
    headlines: dict[str | None, set[str]] = defaultdict(set)
    for entry, link in told:
        headlines[link].add(_headline(entry))
    shared = {link for link, under in headlines.items() if len(under) >= _TOO_MANY_TITLES}
    bearers: dict[str, set[str]] = defaultdict(set)
    for entry, link in told:
        if entry.id:
            own = link if _leads_to_one(link, shared) else None
            bearers[_plain(entry.id)].add(own or _headline(entry))
    clashes = shared_ids or any(len(each) > 1 for each in bearers.values())
    found: dict[str, list[Identified]] = {}
    for entry, link in told:
        one = _identified(entry, link, shared, clashes=clashes)
        versions = found.setdefault(one.identity, [])
        if all(one.content_hash != each.content_hash for each in versions):
            versions.append(one)
    return tuple(one for versions in found.values() for one in _by_age(versions))


def address(entry: Entry) -> str | None:
    """Answer the address of *entry* at its outlet, where its feed tells it.

    A feed service gives every entry a link of its own. It may say beside it what it stands for,
    or leave the outlet's address as the identifier.
    """
    if entry.original:
        return entry.original
    if entry.url and entry.id and is_burned(entry.url) and is_public(entry.id):
        link = canonical(entry.id)
        return entry.id if link and not is_front_page(link) else entry.url
    return entry.url


def worldwide(identifier: str | None) -> str | None:
    """Answer *identifier* if no two publishers would choose it by chance, else None.

    Two spellings of one are answered alike: an address as its canonical link, with the fragment
    that may tell entries apart; a UUID in lower case. The address of a whole site names no
    entry, and one that only its author can reach is everybody's.
    """
    if not identifier or not identifier.isprintable():
        return None
    if number := _WORLDWIDE_NUMBER.fullmatch(identifier):
        plain = number[1].replace("-", "").lower()
        return plain if plain.strip("0") else None
    if not _WORLDWIDE.fullmatch(identifier):
        return None
    if not _WEB.match(identifier):
        return identifier
    page, mark, fragment = identifier.partition("#")
    link = canonical(page)
    if link is None or not is_public(page) or (is_front_page(link) and not fragment):
        return None
    return f"{link}{mark}{fragment}"


def own_link(one: Identified) -> str | None:
    """Answer the canonical link of an entry if it leads to it alone."""
    return one.link if one.link and one.link_tells and not is_front_page(one.link) else None


def _identified(
    entry: Entry, leads_to: str | None, shared: Collection[str | None], *, clashes: bool
) -> Identified:
    link = leads_to if _leads_to_one(leads_to, shared) else None
    named = _hash("id", _plain(entry.id)) if entry.id else None
    if named and not clashes:
        identity = named
    elif link:
        identity = _hash("id+", named, link) if named else _hash("link", link)
    elif entry.title and entry.published_at:
        identity = _hash("title+date", entry.title, iso(entry.published_at))
    else:
        identity = _hash("text", entry.title, entry.summary or "", entry.content or "")
    return Identified(
        entry=replace(entry, id=None) if clashes else entry,
        identity=identity,
        content_hash=_content_hash(entry, leads_to),
        link=leads_to,
        link_tells=leads_to not in shared,
        alias=named if clashes else None,
    )


def _plain(identifier: str) -> str:
    """Answer *identifier* without what changes when its site moves to https."""
    return _MOVES.sub("//", identifier)


def _leads_to_one(link: str | None, shared: Collection[str | None]) -> bool:
    """Answer whether a canonical *link* leads to one entry alone."""
    return link is not None and link not in shared and not is_front_page(link)


def _headline(entry: Entry) -> str:
    return entry.title or entry.summary or entry.content or ""


def _content_hash(entry: Entry, link: str | None) -> str:
    return _hash(entry.title, entry.summary or "", entry.content or "", link or "")


def _by_age(versions: list[Identified]) -> list[Identified]:
    """Order the versions of one entry; feeds put the newest first where they give no time."""
    oldest_first = versions[::-1]
    return sorted(
        oldest_first, key=lambda one: one.entry.updated_at or one.entry.published_at or _EPOCH
    )


def _hash(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()
