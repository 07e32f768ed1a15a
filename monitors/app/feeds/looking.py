"""Looks for the feeds that people name on the command line, with the real web behind it."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from monitors.adapters.files.local_feeds import FeedFiles
from monitors.adapters.http.fetch import WebFetcher
from monitors.adapters.workers.reading import Workers
from monitors.alerts.showing.legible import clean
from monitors.app.clock import now
from monitors.app.routing import Sources
from monitors.app.settings import Settings, folder_of
from monitors.finding.clue import Clue
from monitors.finding.shortcuts import clue_of
from monitors.gathering.find_feeds import Choice, Finding, entries_text, find_feeds
from monitors.polling.manners import host_of
from monitors.times import about, iso

_HOSTS_AT_ONCE = 8
# Somebody waits for it.
_TOTAL_S, _CONNECT_S = 20.0, 8.0


async def look_for(addresses: Iterable[str], settings: Settings) -> dict[str, Finding]:
    """Answer what each of *addresses* leads to; a host is asked for one thing after the other."""
    web = WebFetcher(settings.networks, clock=now, total_s=_TOTAL_S, connect_s=_CONNECT_S)
    sources, workers = Sources(web, FeedFiles(folder_of(settings.rules))), Workers()
    by_host: dict[str | None, list[str]] = {}
    for address in dict.fromkeys(addresses):
        by_host.setdefault(_first_host(address), []).append(address)
    turns = asyncio.Semaphore(_HOSTS_AT_ONCE)
    probed: set[str] = set()
    found: dict[str, Finding] = {}

    async def look_at_all(some: list[str]) -> None:
        for address in some:
            async with turns:
                found[address] = await find_feeds(address, sources, workers, probed)

    try:
        async with asyncio.TaskGroup() as group:
            for some in by_host.values():
                group.create_task(look_at_all(some))
    finally:
        workers.close()
        await web.close()
    return found


def _first_host(written: str) -> str | None:
    clue = clue_of(written)
    if not isinstance(clue, Clue):
        return None
    return host_of([*clue.feeds, clue.page or clue.address][0])


def choice_text(choice: Choice, at: datetime) -> str:
    """Answer what a feed holds, for people."""
    told = [clean(choice.title).text] if choice.title else []
    told.append(entries_text(choice))
    if choice.newest and choice.newest <= at:
        told.append(f"newest {about(at - choice.newest)} ago")
    if choice.of_comments:
        told.append("comments of readers")
    return ", ".join(told)


def choice_as_json(choice: Choice) -> dict[str, object]:
    """Answer a feed that was found, for scripts."""
    return {
        "address": choice.address,
        "title": choice.title,
        "entries": choice.entries,
        "newest": iso(choice.newest) if choice.newest else None,
        "comments": choice.of_comments,
    }
