"""Runs recorded articles through stories, rules and alert decisions; sends nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from monitors.alerts.decision import Alert, Held, Reply, Revision, Suppressed
from monitors.feeds.entry import Document, Entry
from monitors.feeds.feed import Feed
from monitors.pipeline.accept import Carrier, Verdict, accept_entries
from monitors.pipeline.alert import ChatDecision
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.stories.identity import identify


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """An article as it was recorded; it was seen when it was published."""

    id: str
    title: str
    summary: str
    text: str
    lang: str | None
    source: str | None
    url: str | None
    published_at: datetime
    tags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """What Newsbell would have done.

    Attributes:
        rules: names of those that hold for the article.
        alerts: a chat and `new`, `revise`, `reply` or `hold`, each.
    """

    id: str
    story: int
    rules: tuple[str, ...]
    alerts: tuple[tuple[str, str], ...]


def replay(ledger: Ledger, book: Book, record: Recorded) -> Replayed:
    """Answer what becomes of *record*, after those that *ledger* was given before."""
    feed = _feed(book, record)
    now = record.published_at
    entry = Entry(
        id=f"{record.source or ''}\n{record.id}",
        title=record.title,
        url=record.url,
        published_at=record.published_at,
        summary=record.summary,
        content=record.text,
        lang=record.lang,
        outlet=record.source,
        tags=record.tags,
    )
    carrier = Carrier(
        id=ledger.feeds.sync([_REPLAY], now)[_REPLAY.address],
        feed=feed or _REPLAY,
        watched=frozenset({feed.address}) if feed else None,
        has_pages=False,
    )
    document = Document(format="replay", entries=(entry,))
    acceptance = accept_entries(
        ledger,
        book=book,
        carrier=carrier,
        document=document,
        verdicts=tuple(Verdict(found=one) for one in identify(document.entries)),
        now=now,
    )
    taken = acceptance.accepted
    return Replayed(
        id=record.id,
        story=taken[-1].story if taken else 0,
        rules=taken[-1].holding if taken else (),
        alerts=tuple(_actions(acceptance.decisions)),
    )


_REPLAY = Feed(address="replay", catch_up=None)


def _feed(book: Book, record: Recorded) -> Feed | None:
    """Answer the feed that the record names as its source, if rules.yaml has it."""
    named = (feed for feed in book.rulebook.feeds if record.source in (feed.name, feed.address))
    return next(named, None)


def _actions(decisions: list[ChatDecision]) -> Iterator[tuple[str, str]]:
    for one in decisions:
        match one.decision:
            case Alert():
                yield one.chat, "new"
            case Held() | Revision(waiting=True):
                yield one.chat, "hold"
            case Revision():
                yield one.chat, "revise"
            case Reply():
                yield one.chat, "reply"
            case Suppressed():
                continue
            case _:
                assert_never(one.decision)
