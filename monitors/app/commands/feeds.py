"""`bot.py feeds`: the feeds and their health; add, remove, import and export them."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.sqlite.database import look_into
from monitors.app.clock import now
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import add_row, out, print_json, say, table
from monitors.app.reading import FilePacks, rules_of
from monitors.app.settings import Settings, folder_of, from_environment
from monitors.errors import MonitorsError, RulebookError
from monitors.feeds.entry import NotAFeed
from monitors.feeds.feed import Feed, is_web
from monitors.finding.opml import read_opml, write_opml
from monitors.language.problems import Problem
from monitors.pipeline.records import FeedHealth
from monitors.rules.editing import add_feed, remove_feed
from monitors.times import about, iso

Addresses: TypeAlias = Annotated[list[str], typer.Argument(metavar="ADDRESS…")]
_MOST_OPML_BYTES = 10_000_000

app = typer.Typer(
    help="List feeds with their health; edit them in rules.yaml.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def feeds(
    context: typer.Context, rules: Rules = RULES, data: Data = DATA, *, as_json: Json = False
) -> None:
    """List the feeds with their health; edit them in rules.yaml."""
    if context.invoked_subcommand is not None:
        # `feeds --rules other.yaml add …` means the same as with the option at the end.
        given = {"rules": str(rules), "data": str(data), "as_json": as_json}
        context.default_map = {context.invoked_subcommand: given}
        return
    settings = from_environment(rules, data)
    known = {health.address: health for health in _health(settings)}
    feeds_in_file = rules_of(settings).feeds
    if as_json:
        for feed in feeds_in_file:
            print_json(_as_json(feed, known.get(feed.address)))
        return
    shown = table("feed", "health", "articles", "last new", "next poll")
    for feed in feeds_in_file:
        add_row(shown, *_cells(feed, known.get(feed.address), now()))
    out().print(shown)


@app.command("add", epilog="Example: python bot.py feeds add https://example.org/rss.xml")
def add(
    addresses: Addresses,
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Add feeds to rules.yaml; the rest of the file stays as it is."""
    networks = from_environment(rules, data).networks
    for address in addresses:
        if not is_web(address) and not (folder_of(rules) / address).exists():
            raise MonitorsError(
                f"There is no file {address} beside {rules}. An address begins with https://."
            )

    def add_one(text: str, address: str, packs: FilePacks) -> str | Problem:
        return add_feed(text, address, networks=networks, packs=packs)

    _edit(rules, addresses, add_one, "added", as_json=as_json)


@app.command("remove", epilog="Example: python bot.py feeds remove https://example.org/rss.xml")
def remove(
    addresses: Addresses,
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Remove feeds from rules.yaml; what was stored of them is kept."""
    networks = from_environment(rules, data).networks

    def remove_one(text: str, address: str, packs: FilePacks) -> str | Problem:
        return remove_feed(text, address, networks=networks, packs=packs)

    _edit(rules, addresses, remove_one, "removed", as_json=as_json)


@app.command("import", epilog="Example: python bot.py feeds import subscriptions.opml")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Add the feeds of an OPML file that rules.yaml does not have yet."""
    settings = from_environment(rules, data)
    try:
        with file.open("rb") as opened:
            body = opened.read(_MOST_OPML_BYTES)
    except OSError as error:
        raise MonitorsError(f"{file} cannot be read: {error.strerror}.") from None
    found = read_opml(body)
    if isinstance(found, NotAFeed):
        raise MonitorsError(f"{file}: {found.message}.")
    have = {feed.address for feed in rules_of(settings).feeds}
    new = {one.address: one for one in found if one.address not in have and is_web(one.address)}

    def add_one(text: str, address: str, packs: FilePacks) -> str | Problem:
        one = new[address]
        return add_feed(
            text,
            address,
            name=one.name,
            tags=sorted(one.tags),
            networks=settings.networks,
            packs=packs,
        )

    _edit(rules, new, add_one, "added", as_json=as_json)
    say(f"{len(new)} of {len(found)} feeds are new.")


@app.command("export", epilog="Example: python bot.py feeds export > subscriptions.opml")
def export(rules: Rules = RULES, data: Data = DATA, *, as_json: Json = False) -> None:
    """Print the feeds as OPML."""
    settings = from_environment(rules, data)
    feeds_in_file = rules_of(settings).feeds
    if as_json:
        for feed in feeds_in_file:
            print_json({"address": feed.address, "name": feed.name, "tags": sorted(feed.tags)})
        return
    out().print(write_opml(feeds_in_file, "Newsbell"), soft_wrap=True)


def _edit(
    rules: Path,
    addresses: Iterable[str],
    change: Callable[[str, str, FilePacks], str | Problem],
    done: str,
    *,
    as_json: bool,
) -> None:
    """Change the file for all *addresses* at once, or not at all."""
    file = RulebookFile(rules)
    text, packs = file.read(), FilePacks(file)
    for address in addresses:
        if not isinstance(text, Problem):
            text = change(text, address, packs)
        if isinstance(text, Problem):
            raise RulebookError(text.told(str(rules)))
    if isinstance(text, str) and (problem := file.replace(text)):
        raise RulebookError(f"{rules}: {problem.message}. {problem.hint or ''}".rstrip())
    for address in addresses:
        if as_json:
            print_json({"address": address, "done": done})
        else:
            out().print(f"{done} {address}", soft_wrap=True)


def _health(settings: Settings) -> tuple[FeedHealth, ...]:
    if not settings.store.exists():
        return ()
    with look_into(settings.store) as ledger:
        return ledger.feeds.health()


def _state(health: FeedHealth | None) -> str:
    if health is None or health.memory.last_poll_at is None:
        return "new"
    return "failing" if health.memory.failures else "ok"


def _cells(feed: Feed, health: FeedHealth | None, at: datetime) -> tuple[str, ...]:
    name = feed.name or (health and health.memory.title) or feed.address
    state = _state(health)
    if health is None:
        return name, "not polled yet", "", "", ""
    if state == "failing":
        since = about(at - health.memory.failing_since) if health.memory.failing_since else "now"
        state = f"failing for {since}: {health.memory.message}"
    if state == "ok" and health.memory.message:
        state = f"ok, but {health.memory.message}"
    return (
        f"{name}\n{feed.address}" if name != feed.address else name,
        state,
        str(health.articles),
        f"{about(at - health.memory.last_new_at)} ago" if health.memory.last_new_at else "",
        f"in {about(health.memory.next_poll_at - at)}",
    )


def _as_json(feed: Feed, health: FeedHealth | None) -> dict[str, object]:
    def moment(value: datetime | None) -> str | None:
        return iso(value) if value else None

    return {
        "address": feed.address,
        "name": feed.name or (health.memory.title if health else None),
        "tags": sorted(feed.tags),
        "state": _state(health),
        "reason": health.memory.reason if health else None,
        "message": health.memory.message if health else None,
        "failures": health.memory.failures if health else 0,
        "failing_since": moment(health.memory.failing_since) if health else None,
        "last_poll": moment(health.memory.last_poll_at) if health else None,
        "last_ok": moment(health.memory.last_ok_at) if health else None,
        "last_new": moment(health.memory.last_new_at) if health else None,
        "next_poll": moment(health.memory.next_poll_at) if health else None,
        "articles": health.articles if health else 0,
    }
