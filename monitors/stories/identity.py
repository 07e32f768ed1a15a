"""What a feed calls each of its entries, so that the next poll knows them again."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from monitors.feeds.entry import Entry
from monitors.stories.links import canonical, is_front_page
from monitors.times import iso

# One page may be listed twice, under an old and a new headline; not under three.
_TOO_MANY_TITLES = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MOVES = re.compile(r"^https?://(?:www\.)?", re.IGNORECASE)
_WORLDWIDE = re.compile(
    r"tag:\S+|urn:\S{4,}|[a-z][a-z0-9+.-]*://\S{4,}"
    r"|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry and what its feed calls it; two versions of one entry have one identity.

    Attributes:
        entry: as the feed gave it, without an identifier that it gives to others as well.
        content_hash: of all that a reader sees; it changes when the entry is edited.
        link_tells: whether the link leads to this entry alone; a feed may link all of its
            entries to its front page.
        alias: what it is called, too, where the feed gives one identifier to several entries:
            by the identifier alone, which tells something only of an entry that is alike.
    """

    entry: Entry
    identity: str
    content_hash: str
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
    told = [entry for entry in entries if _headline(entry) or entry.url]
    headlines: dict[str | None, set[str]] = defaultdict(set)
    for entry in told:
        headlines[canonical(entry.url)].add(_headline(entry))
    shared = {link for link, under in headlines.items() if len(under) >= _TOO_MANY_TITLES}
    bearers: dict[str, set[str]] = defaultdict(set)
    for entry in told:
        if entry.id:
            bearers[_plain(entry.id)].add(_own_link(entry, shared) or _headline(entry))
    clashes = shared_ids or any(len(each) > 1 for each in bearers.values())
    found: dict[str, list[Identified]] = {}
    for entry in told:
        one = _identified(entry, shared, clashes=clashes)
        versions = found.setdefault(one.identity, [])
        if all(one.content_hash != each.content_hash for each in versions):
            versions.append(one)
    return tuple(one for versions in found.values() for one in _by_age(versions))


def worldwide(identifier: str | None) -> str | None:
    """Answer *identifier* if no two publishers would choose it by chance, else None.

    The address of a whole site names no entry.
    """
    if not identifier or not identifier.isprintable() or not _WORLDWIDE.fullmatch(identifier):
        return None
    link = canonical(identifier)
    return None if link and is_front_page(link) and "#" not in identifier else identifier


def own_link(one: Identified) -> str | None:
    """Answer the canonical link of an entry if it leads to it alone."""
    link = canonical(one.entry.url)
    return link if link and one.link_tells and not is_front_page(link) else None


def _identified(entry: Entry, shared: Collection[str | None], *, clashes: bool) -> Identified:
    link = _own_link(entry, shared)
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
        content_hash=_content_hash(entry),
        link_tells=canonical(entry.url) not in shared,
        alias=named if clashes else None,
    )


def _plain(identifier: str) -> str:
    """Answer *identifier* without what changes when its site moves to https."""
    return _MOVES.sub("//", identifier)


def _own_link(entry: Entry, shared: Collection[str | None]) -> str | None:
    """Answer the canonical link of *entry* if it leads to it alone."""
    link = canonical(entry.url)
    return None if not link or link in shared or is_front_page(link) else link


def _headline(entry: Entry) -> str:
    return entry.title or entry.summary or entry.content or ""


def _content_hash(entry: Entry) -> str:
    return _hash(entry.title, entry.summary or "", entry.content or "", canonical(entry.url) or "")


def _by_age(versions: list[Identified]) -> list[Identified]:
    """Order the versions of one entry; feeds put the newest first where they give no time."""
    oldest_first = versions[::-1]
    return sorted(
        oldest_first, key=lambda one: one.entry.updated_at or one.entry.published_at or _EPOCH
    )


def _hash(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()
