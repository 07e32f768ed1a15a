"""Takes in what a poll has brought, as a whole where it is judged, and else in slices."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

import structlog

from monitors.feeds.entry import Document
from monitors.pipeline.accept import Acceptance, Carrier, Verdict, accept_entries
from monitors.pipeline.book import Book, InForce
from monitors.pipeline.judge import Notice, judge, notify, spare
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.stories.identity import identify

# Entries that are taken in at once: a tenth of a second or so.
_SLICE = 200
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenIn:
    """What a document has brought.

    Attributes:
        posts: when each of its news was posted: its date, else now; aware UTC. At the first
            poll, that is every entry.
        decisions: how many were made about chats.
        shared_ids: whether the feed has ever given one identifier to several entries.
    """

    posts: tuple[datetime, ...]
    decisions: int
    shared_ids: bool


async def take_in(
    store: Store, in_force: InForce, carrier: Carrier, document: Document, clock: Clock
) -> TakenIn:
    """Take in *document* for the feed *carrier*, and tell chats of it.

    Between two slices the store is free for others. What a crash leaves out is judged and taken
    in at the next poll: until a poll is remembered as one that worked, what it has taken in
    counts as new when the whole is judged.
    """
    found = await asyncio.to_thread(identify, document.entries, shared_ids=carrier.shared_ids)
    judged = await store.write(partial(judge, carrier=carrier, found=found, now=clock()))
    verdicts, notices = await asyncio.to_thread(
        spare, in_force.book, carrier, document, judged, clock()
    )
    decisions = 0
    for at in range(0, len(verdicts), _SLICE):
        work = partial(
            _take_slice,
            book=in_force.book,
            carrier=carrier,
            document=document,
            verdicts=verdicts[at : at + _SLICE],
            notices=() if at else notices,
            now=clock(),
        )
        decisions += len((await store.write(work)).decisions)
    if judged.renamed or judged.archived or notices:
        _log.info(
            "feed.judged",
            feed=carrier.feed.address,
            renamed=judged.renamed,
            archived=judged.archived,
            notices=len(notices),
        )
    return TakenIn(
        posts=judged.posts,
        decisions=decisions,
        shared_ids=carrier.shared_ids or any(one.alias for one in found),
    )


def _take_slice(  # noqa: PLR0913 -- the transaction, and what the entries are judged by
    ledger: Ledger,
    *,
    book: Book,
    carrier: Carrier,
    document: Document,
    verdicts: Sequence[Verdict],
    notices: Sequence[Notice],
    now: datetime,
) -> Acceptance:
    notify(ledger, notices)
    return accept_entries(
        ledger, book=book, carrier=carrier, document=document, verdicts=verdicts, now=now
    )
