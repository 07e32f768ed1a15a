"""What a feed calls each of its entries, so that the next poll knows them again."""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from monitors.feeds.entry import Entry
from monitors.stories.links import canonical, is_front_page
from monitors.times import iso

# One page may be listed twice, under an old and a new headline; not under three.
_TOO_MANY_TITLES = 3
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WORLDWIDE = re.compile(
    r"tag:.+|urn:.+|[a-z][a-z0-9+.-]*://\S{4,}"
    r"|[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Identified:
    """An entry and what its feed calls it; two versions of one entry have one identity.

    Attributes:
        content_hash: of all that a reader sees; it changes when the entry is edited.
        link_tells: whether the link leads to this entry alone; a feed may link all of its
            entries to its front page.
    """

    entry: Entry
    identity: str
    content_hash: str
    link_tells: bool


def identify(entries: Iterable[Entry]) -> tuple[Identified, ...]:
    """Answer each entry with its identity: oldest version first, otherwise in their order.

    The ladder: identifier, canonical link, title and date, title and text. Where a feed gives
    one identifier to entries with different links, the link belongs to the identity.
    Entries without title, link and text are left out: there is nothing to tell.
    """
    told = [entry for entry in entries if entry.title or entry.url or entry.summary]
    links: dict[str, set[str]] = defaultdict(set)
    for entry in told:
        if entry.id:
            links[entry.id].add(canonical(entry.url) or entry.title)
    titles = _titles_by_link(told)
    found: dict[str, list[Identified]] = {}
    for entry in told:
        clashes = entry.id is not None and len(links[entry.id]) > 1
        identity = _identity(entry, clashes=clashes)
        tells = len(titles[canonical(entry.url)]) < _TOO_MANY_TITLES
        one = Identified(entry, identity, _content_hash(entry), tells)
        versions = found.setdefault(one.identity, [])
        if all(one.content_hash != each.content_hash for each in versions):
            versions.append(one)
    return tuple(one for versions in found.values() for one in _by_age(versions))


def worldwide(identifier: str | None) -> str | None:
    """Answer *identifier* if no two publishers would choose it by chance, else None."""
    return identifier if identifier and _WORLDWIDE.fullmatch(identifier) else None


def _identity(entry: Entry, *, clashes: bool) -> str:
    link = canonical(entry.url)
    if entry.id and not clashes:
        return _hash("id", entry.id)
    if entry.id:
        return _hash("id+", entry.id, link or entry.title)
    if link and not is_front_page(link):
        return _hash("link", link)
    if entry.title and entry.published_at:
        return _hash("title+date", entry.title, iso(entry.published_at))
    return _hash("text", entry.title, entry.summary or "", entry.content or "")


def _titles_by_link(entries: Iterable[Entry]) -> dict[str | None, set[str]]:
    titles: dict[str | None, set[str]] = defaultdict(set)
    for entry in entries:
        titles[canonical(entry.url)].add(entry.title)
    return titles


def _content_hash(entry: Entry) -> str:
    return _hash(entry.title, entry.summary or "", entry.content or "", canonical(entry.url) or "")


def _by_age(versions: list[Identified]) -> list[Identified]:
    """Order the versions of one entry; feeds put the newest first where they give no time."""
    oldest_first = versions[::-1]
    return sorted(oldest_first, key=lambda one: one.entry.updated_at or _EPOCH)


def _hash(*parts: str) -> str:
    joined = "\0".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.blake2b(joined, digest_size=16).hexdigest()
