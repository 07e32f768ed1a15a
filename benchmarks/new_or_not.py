"""Whether feeds that change are told from feeds with news: python -m benchmarks.new_or_not FOLDER.

Every feed in the folder with at least six entries is read twice. Between the two, first its
entries are changed in ways in which none of them is news, and then some of them are held back,
so that just those are. Prints how many look new, and how many would ring.
"""

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from math import ceil
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.document import read_document
from monitors.feeds.entry import Document, Entry
from monitors.feeds.feed import Feed
from monitors.pipeline.accept import Carrier, accept_entries
from monitors.pipeline.book import open_book
from monitors.pipeline.judge import judge
from monitors.pipeline.ports import Ledger
from monitors.rules.rulebook import Rulebook
from monitors.stories.identity import identify

FEWEST = 6
NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)
BOOK = open_book(Rulebook(digest="", feeds=(), rules=(), chats=()), UTC)
Change: TypeAlias = Callable[[int, Entry], Entry]


@dataclass(slots=True)
class Tally:
    """Of all feeds: how many entries there were, look new, and ring."""

    entries: int = 0
    looks_new: int = 0
    rings: int = 0


def other_scheme(_number: int, entry: Entry) -> Entry:
    """Answer *entry* after its site has moved to https, or back."""
    if not (entry.id or "").startswith("http"):
        return entry
    scheme, rest = entry.id.split(":", 1)
    return replace(entry, id=f"{'http' if scheme == 'https' else 'https'}:{rest}")


def other_id(number: int, entry: Entry) -> Entry:
    """Answer *entry* after its site has moved to other software."""
    return replace(entry, id=f"urn:moved:{random.Random(number).getrandbits(64):x}")  # noqa: S311


def other_host(number: int, entry: Entry) -> Entry:
    """Answer *entry* after its site has moved to another name, too."""
    moved = entry.url and urlsplit(entry.url)._replace(netloc="moved.example").geturl()
    return replace(other_id(number, entry), url=moved)


def other_link(number: int, entry: Entry) -> Entry:
    """Answer *entry* after its address has changed altogether."""
    return replace(other_id(number, entry), url=f"https://moved.example/posts/{number}")


def other_date(number: int, entry: Entry) -> Entry:
    """Answer *entry* after it was imported: published when that was done."""
    at = NOW + timedelta(seconds=number)
    return replace(other_link(number, entry), published_at=at, updated_at=at)


CHANGES: dict[str, Change] = {
    "identifiers http to https": other_scheme,
    "identifiers random": other_id,
    "identifiers random, links on a new host": other_host,
    "identifiers and links new, titles and dates kept": other_link,
    "all new but titles": other_date,
}
NEWS: dict[str, Callable[[int], int]] = {
    "1": lambda _: 1,
    "3": lambda _: 3,
    "60 % of the feed": lambda count: ceil(0.6 * count),
    "90 % of the feed": lambda count: ceil(0.9 * count),
}


def documents(folder: Path) -> Iterator[Document]:
    """Yield the feeds in *folder* that have enough entries."""
    for path in sorted(folder.iterdir()):
        document = read_document(path.read_bytes(), f"https://feed.example/{path.name}", None)
        if isinstance(document, Document) and len(identify(document.entries)) >= FEWEST:
            yield document


def newest_first(entries: Sequence[Entry]) -> list[Entry]:
    """Answer *entries* by date; those without one come first, in their order."""
    return sorted(entries, key=lambda one: one.published_at or NOW, reverse=True)


def tally(before: Sequence[Entry], after: Sequence[Entry]) -> tuple[int, int]:
    """Answer how many entries look new, and how many ring, if a feed shows *after* at last."""
    dates = [one.published_at for one in before if one.published_at and one.published_at <= NOW]
    store = SqliteStore(None)
    try:
        return store.write_now(
            partial(_polls, before=before, after=after, subscribed_at=max(dates, default=NOW))
        )
    finally:
        store.close()


def _polls(
    ledger: Ledger, *, before: Sequence[Entry], after: Sequence[Entry], subscribed_at: datetime
) -> tuple[int, int]:
    feed = Feed(address="https://feed.example/")
    first = Carrier(
        id=ledger.feeds.sync([feed], subscribed_at)[feed.address], feed=feed, watched=()
    )
    found = identify(before)
    shared = any(one.alias for one in found)
    judged = judge(ledger, carrier=first, found=found, now=subscribed_at)
    accept_entries(
        ledger,
        book=BOOK,
        carrier=first,
        document=Document(format="rss20", entries=tuple(before)),
        verdicts=judged.verdicts,
        now=subscribed_at,
    )
    second = replace(first, first_ok_at=subscribed_at, shared_ids=shared)
    judged = judge(
        ledger,
        carrier=second,
        found=identify(after, shared_ids=shared),
        now=NOW + timedelta(hours=1),
    )
    return len(judged.posts) + judged.renamed + judged.archived, len(judged.posts)


def changed(feeds: Sequence[Document], change: Change) -> Tally:
    """Answer what becomes of feeds whose entries *change* without being news."""
    sums = Tally()
    for feed in feeds:
        # Of the others nothing is left to be known by once their links have changed.
        entries = [one for one in feed.entries if one.title or one.summary or one.content]
        looks_new, rings = tally(entries, [change(*one) for one in enumerate(entries)])
        sums.entries += len({one.identity for one in identify(entries)})
        sums.looks_new += looks_new
        sums.rings += rings
    return sums


def held_back(feeds: Sequence[Document], count: Callable[[int], int]) -> Tally:
    """Answer what becomes of feeds of which the newest *count* entries come later."""
    sums = Tally()
    for feed in feeds:
        entries = newest_first(feed.entries)
        late = count(len(entries))
        old = {one.identity for one in identify(entries[late:])}
        looks_new, rings = tally(entries[late:], feed.entries)
        sums.entries += len({one.identity for one in identify(entries)} - old)
        sums.looks_new += looks_new
        sums.rings += rings
    return sums


def main() -> None:
    """Print both tables."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path)
    feeds = list(documents(options.parse_args().folder))
    print(f"{len(feeds)} feeds\n\nno news: entries, look new, ring")
    for name, change in CHANGES.items():
        sums = changed(feeds, change)
        share = 100 * sums.rings / max(1, sums.entries)
        print(f"{sums.entries:7}{sums.looks_new:7}{sums.rings:7} ({share:.2f} %)  {name}")
    print("\nnews: entries, look new, ring")
    for name, count in NEWS.items():
        sums = held_back(feeds, count)
        share = 100 * sums.rings / max(1, sums.entries)
        print(f"{sums.entries:7}{sums.looks_new:7}{sums.rings:7} ({share:.1f} %)  {name}")


if __name__ == "__main__":
    main()
