"""`bot.py feeds`: the feeds and their health; add, remove, import and export them."""

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any, TypeAlias, TypeVar

import typer
from typer.core import TyperGroup

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.sqlite.database import SqliteStore, look_into
from monitors.adapters.sqlite.ledger import SqliteLedger
from monitors.app.clock import machine_zone, now
from monitors.app.feeds.health import as_json as health_as_json
from monitors.app.feeds.importing import tell_import
from monitors.app.feeds.listing import listing
from monitors.app.feeds.page import page, page_as_json
from monitors.app.options import DATA, RULES, Data, Json, Rules
from monitors.app.output import out, print_json, say
from monitors.app.reading import FilePacks, collecting_later, rules_of
from monitors.app.settings import Settings, from_environment
from monitors.errors import MonitorsError, RulebookError, StoreError
from monitors.feeds.entry import NotAFeed
from monitors.finding.opml import read_opml, write_opml
from monitors.gathering.checkup import Checkup
from monitors.gathering.dossier import Dossier
from monitors.language.problems import Problem
from monitors.pipeline.editing.remembering import remember
from monitors.pipeline.history.records import Author, Origin, Step
from monitors.rules.document import read_rulebook
from monitors.rules.editing.edits import AddFeeds, RemoveFeeds, digest_of
from monitors.rules.editing.feeds import Addition, NewFeed, add_feeds, one_feed, remove_feed
from monitors.rules.editing.wording import words_of
from monitors.rules.rulebook import Rulebook

T = TypeVar("T")
Addresses: TypeAlias = Annotated[list[str], typer.Argument(metavar="ADDRESS…")]
_MOST_OPML_BYTES = 10_000_000
_WEEK = timedelta(days=7)
_NEWEST = 3
_ATTEMPTS = 5
_COMMAND_LINE = Author(origin=Origin.COMMAND_LINE)


class _Feeds(TyperGroup):
    """Takes addresses after --verbose, although commands stand there otherwise."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:  # noqa: ANN401 -- typer's own types
        """Answer the command that *args* begin with, or the one that shows feeds."""
        wants_pages = ctx.params.get("verbose") or _VERBOSE in args
        if wants_pages and self.get_command(ctx, args[0]) is None:
            args = ["show", *(each for each in args if each != _VERBOSE)]
        return super().resolve_command(ctx, args)


_VERBOSE = "--verbose"
app = typer.Typer(
    cls=_Feeds,
    help="List feeds with their health; edit them in rules.yaml.",
    invoke_without_command=True,
    rich_markup_mode=None,
)


@app.callback()
def feeds(
    context: typer.Context,
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    verbose: Annotated[
        bool,
        typer.Option(
            _VERBOSE, help="All that is known of each feed, or of the addresses that follow."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """List the feeds with their health; edit them in rules.yaml."""
    if context.invoked_subcommand is not None:
        # `feeds --rules other.yaml add …` means the same as with the option at the end.
        given = {"rules": str(rules), "data": str(data), "as_json": as_json}
        context.default_map = {context.invoked_subcommand: given}
        return
    settings = from_environment(rules, data)
    if verbose:
        _print_pages(settings, (), as_json=as_json)
    else:
        _print_list(settings, as_json=as_json)


@app.command(
    "show", hidden=True, epilog="Example: python bot.py feeds show https://example.org/rss.xml"
)
def show(
    addresses: Addresses, rules: Rules = RULES, data: Data = DATA, *, as_json: Json = False
) -> None:
    """Show all that is known of feeds."""
    _print_pages(from_environment(rules, data), addresses, as_json=as_json)


def _print_list(settings: Settings, *, as_json: bool) -> None:
    with collecting_later():
        checkups = _checkups(settings, rules_of(settings))
        if as_json:
            for one in checkups:
                print_json(health_as_json(one))
        elif checkups:
            sys.stdout.writelines(f"{line}\n" for line in listing(checkups, out().width))
    if not checkups and not as_json:
        say("There are no feeds yet. Add one: python bot.py feeds add https://example.org")


def _print_pages(settings: Settings, addresses: Iterable[str], *, as_json: bool) -> None:
    """Print a page for each of *addresses*, or for every feed if there are none."""
    book = rules_of(settings)
    checkups = _checkups(settings, book)
    wanted = {one_feed(address): address for address in addresses}
    missing = wanted.keys() - {one_feed(one.feed.address) for one in checkups}
    if missing:
        first = next(address for same, address in wanted.items() if same in missing)
        raise MonitorsError(
            f"{settings.rules} has no feed {first}. The addresses: python bot.py feeds"
        )
    zone, since = machine_zone(), now() - _WEEK
    with _stored(settings) as ledger:
        for one in checkups:
            if wanted and one_feed(one.feed.address) not in wanted:
                continue
            brought = push = None
            if ledger and one.health:
                brought = ledger.articles.of_feed(one.health.id, since, _NEWEST)
                push = ledger.subscriptions.of(one.health.id)
            watching = [rule.name for rule in book.rules if rule.watches(one.feed.address)]
            known = Dossier(one=one, brought=brought, rules=watching, push=push)
            if as_json:
                print_json(page_as_json(known))
            else:
                sys.stdout.writelines(f"{line}\n" for line in (*page(known, zone), ""))


@app.command("add", epilog="Example: python bot.py feeds add https://example.org --tag asia")
def add(  # noqa: PLR0913 -- its options
    addresses: Annotated[
        list[str],
        typer.Argument(
            metavar="ADDRESS…",
            help="A feed, a site, a channel or profile (YouTube, Mastodon, Bluesky), r/NAME of "
            "Reddit, a GitHub repository, a Google News search, or a file beside rules.yaml.",
        ),
    ],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    name: Annotated[str | None, typer.Option(help="What to call it.")] = None,
    tag: Annotated[
        list[str] | None, typer.Option(help="What rules select it by; may be repeated.")
    ] = None,
    choose: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Which feed of a site that has several.")
    ] = None,
    take_all: Annotated[bool, typer.Option("--all", help="All feeds of such a site.")] = False,
    no_look: Annotated[
        bool, typer.Option("--no-look", help="Add the addresses as they are, without a look.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Find feeds and add them to rules.yaml; the rest of the file stays as it is."""
    from monitors.app.feeds import adding  # with the web, which the others need not load

    settings = from_environment(rules, data)
    wishes = adding.Wishes(
        name=name, tags=tuple(tag or ()), choose=choose, take_all=take_all, look=not no_look
    )
    have = _addresses_in(settings)
    steps = adding.plan(addresses, wishes, settings, have.values())
    planned = adding.tell_open(steps, as_json=as_json)
    if len(planned) < len(steps):
        raise typer.Exit(1)
    addition = _add(settings, adding.new_feeds(planned, wishes))
    for address in addition.known:
        known = have.get(one_feed(address), address)
        also = f" as {known}" if known != address else ""
        say(f"{rules} has {address} already{also}.")
        if as_json:
            print_json({"address": address, "done": "known"})
    done = {*addition.added}
    for one in planned:
        if one.address in done:
            adding.tell_added(one, as_json=as_json)
    if not done:
        raise typer.Exit(1)


@app.command("remove", epilog="Example: python bot.py feeds remove https://example.org/rss.xml")
def remove(
    addresses: Addresses,
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Remove feeds from rules.yaml; what was stored of them is kept."""
    settings = from_environment(rules, data)
    networks = settings.networks

    def edit(text: str, packs: FilePacks) -> str | Problem:
        edited: str | Problem = text
        for address in addresses:
            if isinstance(edited, str):
                edited = remove_feed(edited, address, networks=networks, packs=packs)
        return edited

    words = words_of(RemoveFeeds(addresses=tuple(addresses)))
    _edited(settings, edit, str, lambda _: words)
    for address in addresses:
        if as_json:
            print_json({"address": address, "done": "removed"})
        else:
            out().print(f"removed {address}", soft_wrap=True)


@app.command("import", epilog="Example: python bot.py feeds import subscriptions.opml")
def import_(
    file: Annotated[Path, typer.Argument(help="An OPML file.")],
    rules: Rules = RULES,
    data: Data = DATA,
    *,
    as_json: Json = False,
) -> None:
    """Add the feeds of an OPML file that rules.yaml does not have yet; folders become tags."""
    settings = from_environment(rules, data)
    try:
        with file.open("rb") as opened:
            body = opened.read(_MOST_OPML_BYTES + 1)
    except OSError as error:
        raise MonitorsError(f"{file} cannot be read: {error.strerror}.") from None
    found = read_opml(body)
    if isinstance(found, NotAFeed):
        raise MonitorsError(f"{file}: {found.message}.")
    if not found.feeds and not found.left_out:
        raise MonitorsError(f"{file}: no feed can be found in this list. Export it anew.")
    new = (
        NewFeed(address=one.address, name=one.name, tags=tuple(sorted(one.tags)))
        for one in found.feeds
    )
    tell_import(_add(settings, new), found.left_out, as_json=as_json)


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


def _checkups(settings: Settings, book: Rulebook) -> list[Checkup]:
    at = now()
    with _stored(settings) as ledger:
        known = {health.address: health for health in ledger.feeds.health()} if ledger else {}
    return [Checkup(feed=feed, health=known.get(feed.address), now=at) for feed in book.feeds]


@contextmanager
def _stored(settings: Settings) -> Iterator[SqliteLedger | None]:
    """Answer the store, or None where there is none yet."""
    if not settings.store.exists():
        yield None
        return
    with look_into(settings.store) as ledger:
        yield ledger


def _addresses_in(settings: Settings) -> dict[str, str]:
    """Answer the feeds of rules.yaml, each by what `one_feed` says of it.

    Raises:
        RulebookError: nothing can be added to the file.
    """
    file = RulebookFile(settings.rules)
    text, packs = file.read(), FilePacks(file)
    if isinstance(text, Problem):
        raise RulebookError(text.told(str(settings.rules)))
    with collecting_later():
        book = read_rulebook(text, networks=settings.networks, packs=packs)
        if isinstance(book, Rulebook):
            return {one_feed(feed.address): feed.address for feed in book.feeds}
        # Feeds can be added to an empty file, too.
        checked = add_feeds(text, (), networks=settings.networks, packs=packs)
    if isinstance(checked, Problem):
        raise RulebookError(checked.told(str(settings.rules)))
    return {}


def _add(settings: Settings, new: Iterable[NewFeed]) -> Addition:
    """Add feeds to rules.yaml in one edit.

    Raises:
        RulebookError: it cannot be edited.
    """
    wanted = tuple(new)

    def edit(text: str, packs: FilePacks) -> Addition | Problem:
        with collecting_later():
            return add_feeds(text, wanted, networks=settings.networks, packs=packs)

    def what(addition: Addition) -> str:
        return words_of(AddFeeds(feeds=tuple(NewFeed(address=each) for each in addition.added)))

    return _edited(settings, edit, lambda addition: addition.text, what)


def _edited(
    settings: Settings,
    edit: Callable[[str, FilePacks], T | Problem],
    text_of: Callable[[T], str],
    what: Callable[[T], str],
) -> T:
    """Answer what *edit* made of rules.yaml, once that is written; *what* says what it was.

    If somebody else changes the file meanwhile, the edit is made again on what it says then.

    Raises:
        RulebookError: it cannot be edited.
    """
    file, rules = RulebookFile(settings.rules), settings.rules
    problem: Problem | None = None
    for _ in range(_ATTEMPTS):
        text = file.read()
        edited = text if isinstance(text, Problem) else edit(text, FilePacks(file))
        if isinstance(text, Problem) or isinstance(edited, Problem):
            wrong = edited if isinstance(edited, Problem) else text
            assert isinstance(wrong, Problem), "one of the two is"
            raise RulebookError(wrong.told(str(rules)))
        new = text_of(edited)
        if new == text:
            return edited
        problem = file.replace(new, digest_of(text))
        if problem is None:
            _remember(settings, Step(what=what(edited), before=text, after=new))
            return edited
        if file.read() == text:
            break
    assert problem, "it could not be replaced"
    raise RulebookError(f"{rules}: {problem.message}. {problem.hint or ''}".rstrip())


def _remember(settings: Settings, step: Step) -> None:
    """Put a change into the history, if there is a store; the file is changed in any case."""
    if not settings.store.exists():
        return
    with suppress(StoreError):
        store = SqliteStore(settings.store)
        try:
            store.write_now(lambda ledger: remember(ledger, step, _COMMAND_LINE, now()))
        finally:
            store.close()
