"""Runs Newsbell on feeds that are due at known times: python -m benchmarks.watched_bot.

    python -m benchmarks.watched_bot rules.yaml data < DUE

DUE is a list (JSON) that has, for each feed in rules.yaml, how many seconds after the start it is
due. Prints when that start is, in seconds since 1970; and after SIGTERM, how far the event loop
lagged behind, in milliseconds.
"""

import asyncio
import json
import sys
from dataclasses import replace
from datetime import datetime, timedelta, tzinfo
from pathlib import Path

from benchmarks.wire_site import etag
from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.alert import AlertContent
from monitors.app import logs
from monitors.app.assemble import read_book
from monitors.app.clock import now
from monitors.app.running import run_until_stopped
from monitors.app.settings import Settings, from_environment
from monitors.feeds.feed import Validators
from monitors.pipeline.book import Book
from monitors.pipeline.ports import Ledger
from monitors.polling.memory import Memory

# Time to get ready in: some, and some for every feed.
_READY, _READY_A_FEED = timedelta(seconds=3), timedelta(milliseconds=0.7)
_STEP = 0.02


class NoBoard:
    """Shows no alert: what that costs is another benchmark's matter."""

    def show(self, chat: str, content: AlertContent, *, doubtful: bool, zone: tzinfo) -> None:
        """Show nothing."""

    def grow(self, chat: str, content: AlertContent, *, zone: tzinfo) -> None:
        """Show nothing."""


def schedule(ledger: Ledger, book: Book, due: list[datetime]) -> None:
    """Have each feed asked when it is *due*, as if it had been polled all the time."""
    at, feeds = now(), book.rulebook.feeds
    ids = ledger.feeds.sync(feeds, at)
    known = {one.address: one.memory for one in ledger.feeds.health()}
    for number, feed in enumerate(feeds):
        memory = known[feed.address]
        if memory.first_ok_at is None:
            memory = Memory(
                next_poll_at=at,
                validators=Validators(etag=etag(number, 0)),
                unconditional_at=at,
                first_ok_at=at - timedelta(days=1),
                last_ok_at=at,
                last_poll_at=at,
            )
        ledger.feeds.remember(ids[feed.address], replace(memory, next_poll_at=due[number]), at)


async def watch(lags: list[float], begin: datetime) -> None:
    """Note for every fiftieth of a second from *begin* on how late the loop came to it.

    Moments that passed during one stall count each: whoever came then had to wait, too.
    """
    loop = asyncio.get_running_loop()
    await asyncio.sleep((begin - now()).total_seconds())
    moment = loop.time()
    while True:
        moment += _STEP
        await asyncio.sleep(moment - loop.time())
        while moment < (woken := loop.time()):
            lags.append(woken - moment)
            moment += _STEP
        moment -= _STEP


async def run(settings: Settings, file: RulebookFile, book: Book, begin: datetime) -> list[float]:
    """Run Newsbell until it is told to stop; answer the lags."""
    lags: list[float] = []
    watching = asyncio.create_task(watch(lags, begin))
    await run_until_stopped(settings, file, book, NoBoard())
    watching.cancel()
    await asyncio.gather(watching, return_exceptions=True)
    return lags


def main() -> None:
    """Schedule the feeds, run, print."""
    rules, data = map(Path, sys.argv[1:])
    settings, file = from_environment(rules, data), RulebookFile(rules)
    logs.configure()
    book = read_book(file, settings)
    if not isinstance(book, Book):
        raise SystemExit(book[0].message)
    seconds = json.load(sys.stdin)
    begin = now() + _READY + len(seconds) * _READY_A_FEED
    due = [begin + timedelta(seconds=one) for one in seconds]
    store = SqliteStore(settings.store)
    store.write_now(lambda ledger: schedule(ledger, book, due))
    store.close()
    print(begin.timestamp(), flush=True)
    lags = sorted(asyncio.run(run(settings, file, book, begin)))
    p99, worst = lags[len(lags) * 99 // 100], lags[-1]
    print(json.dumps({"loop_lag_p99_ms": p99 * 1000, "loop_lag_worst_ms": worst * 1000}))


if __name__ == "__main__":
    main()
