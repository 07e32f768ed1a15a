"""`bot.py feed`: how is a feed understood?"""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from monitors.adapters.files.local_feeds import FeedFiles
from monitors.adapters.http.fetch import WebFetcher
from monitors.adapters.workers.reading import Workers
from monitors.alerts.showing.legible import clean
from monitors.app.clock import now
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import add_row, out, print_json, table
from monitors.app.settings import from_environment
from monitors.feeds.entry import Document, Entry
from monitors.feeds.feed import (
    FailureReason,
    Fetched,
    NotModified,
    Validators,
    is_web,
)
from monitors.finding.clue import Clue
from monitors.finding.shortcuts import clue_of
from monitors.gathering.dossier import pace_text
from monitors.times import iso


def feed(
    addresses: Annotated[list[str], typer.Argument(help="Addresses or files.", metavar="ADDRESS…")],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Fetch or read feeds, and show how each is understood.

    A page that is no feed is refused, and the feeds that it names are told. Exits 1 if any
    could not be read.
    """
    settings = from_environment(rules, data)
    if not asyncio.run(_show_all(addresses, WebFetcher(settings.networks, clock=now), as_json)):
        raise typer.Exit(1)


async def _show_all(addresses: list[str], web: WebFetcher, as_json: bool) -> bool:
    workers = Workers()
    good = True
    try:
        for address in addresses:
            answer = await _read(address, web, workers)
            good = good and isinstance(answer, Document)
            (_print_json if as_json else _print)(address, answer)
    finally:
        workers.close()
        await web.close()
    return good


@dataclass(frozen=True, slots=True)
class _Refused:
    """Why there is no feed to show, and the addresses of feeds that are likely meant."""

    reason: FailureReason
    message: str
    offers: tuple[str, ...] = ()


async def _read(address: str, web: WebFetcher, workers: Workers) -> Document | _Refused:
    if is_web(address):
        outcome = await web.fetch(address)
    else:
        folder, name = _place(address)
        outcome = await FeedFiles(folder).fetch(name, Validators())
    assert not isinstance(outcome, NotModified), "no validators were sent"
    clue = clue_of(address)
    meant = clue.feeds if isinstance(clue, Clue) else ()
    if not isinstance(outcome, Fetched):
        return _Refused(outcome.reason, outcome.message, meant)
    # Links of a file that names no address of its own have nothing to be relative to.
    base = outcome.address if is_web(address) else ""
    document = await workers.read_feed(outcome.body, base, outcome.content_type)
    if isinstance(document, Document):
        return document
    offers = tuple(dict.fromkeys([*meant, *document.offers]))
    return _Refused(FailureReason.NOT_A_FEED, document.message, offers)


def _place(path: str) -> tuple[Path, str]:
    absolute = Path(path).absolute()
    return absolute.parent, absolute.name


def _print_json(address: str, answer: Document | _Refused) -> None:
    if isinstance(answer, _Refused):
        error = {
            "kind": answer.reason.value,
            "message": answer.message,
            "offers": list(answer.offers),
        }
        print_json({"address": address, "error": error})
        return
    about = {
        "title": answer.title,
        "format": answer.format,
        "home": answer.home,
        "lang": answer.lang,
        "problems": list(answer.problems),
        "pace": {
            "gap": answer.pace.gap.total_seconds() if answer.pace.gap else None,
            "skip_hours": sorted(answer.pace.skip_hours),
            "skip_days": sorted(answer.pace.skip_days),
        },
        "hub": answer.hub,
    }
    entries = [_entry(entry) for entry in answer.entries]
    print_json({"address": address, "feed": about, "entries": entries})


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": entry.title or None,
        "url": entry.url,
        "published": iso(entry.published_at) if entry.published_at else None,
        "summary": entry.summary,
        "author": entry.author,
        "lang": entry.lang,
        "tags": list(entry.tags),
    }


def _print(address: str, answer: Document | _Refused) -> None:
    console = out()
    if isinstance(answer, _Refused):
        console.print(clean(f"{address}: {answer.message}").text, soft_wrap=True)
        is_page = answer.reason is FailureReason.NOT_A_FEED
        if answer.offers:
            console.print("It names these feeds:" if is_page else "Its feed is most likely:")
        for offer in answer.offers:
            console.print(f"  {clean(offer).text}", soft_wrap=True)
        return
    shown = table("published", "title", "address")
    for entry in answer.entries:
        published = iso(entry.published_at) if entry.published_at else "no date"
        add_row(shown, published, entry.title or "(no title)", entry.url or "")
    count = len(answer.entries)
    told = f"{answer.title or address} ({answer.format}, {count} entries)"
    console.print(clean(told).text, soft_wrap=True)
    console.print(shown)
    hints = pace_text(answer.pace)
    more = [f"it asks to be asked {hints}"] if hints else []
    more += [f"its hub is {answer.hub}"] if answer.hub else []
    for line in (*more, *answer.problems):
        console.print(f"  {clean(line).text}", soft_wrap=True)
