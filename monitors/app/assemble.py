"""Puts the parts together: the only place where technologies meet the pipeline."""

import gc
import random
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from monitors.adapters.files.local_feeds import FeedFiles
from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.http.fetch import WebFetcher
from monitors.adapters.http.hubs import WebHubs
from monitors.adapters.sqlite.database import SqliteStore, look_into
from monitors.adapters.telegram.sender import TelegramSender
from monitors.adapters.web.server import Door, WebServer
from monitors.adapters.websub.calls import HubDoor
from monitors.adapters.workers.reading import Workers
from monitors.app.chat.wiring import Talk, open_talk
from monitors.app.clock import machine_zone, now
from monitors.app.reading import FilePacks, collecting_later, read_rules
from monitors.app.routing import Board, Sources, Switchboard
from monitors.app.settings import Settings, folder_of
from monitors.errors import StoreError
from monitors.gathering.budget import Budget
from monitors.gathering.look_after import FeedDoctor
from monitors.gathering.poll import Poller, PollPorts
from monitors.gathering.push import Pushes, PushPorts
from monitors.gathering.read_pages import PageReader
from monitors.language.problems import Problem
from monitors.pipeline.book import Book, InForce, open_book
from monitors.pipeline.delivering.deliver import Deliverer, DeliveryPorts, Manners, OnMoved
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.reload import Reloader
from monitors.rules.matcher import Matcher
from monitors.rules.rulebook import Rulebook

# Fewer rules are matched so fast that it does not matter how common their words are.
_MANY_RULES = 2_000
_COMMON = 0.002


@dataclass(frozen=True, slots=True, kw_only=True)
class Newsbell:
    """A Newsbell, ready to run.

    Attributes:
        hears_hubs: whether they can reach us.
        server: takes calls from outside; None where nobody has to call.
    """

    in_force: InForce
    store: SqliteStore
    web: WebFetcher
    workers: Workers
    telegram: TelegramSender | None
    budget: Budget
    poller: Poller
    doctor: FeedDoctor
    pages: PageReader
    pushes: Pushes
    hears_hubs: bool
    server: WebServer | None
    deliverer: Deliverer
    reloader: Reloader
    editor: Editor
    talk: Talk | None
    rules_file: RulebookFile

    async def close(self) -> None:
        """Close every connection; the store comes last."""
        if self.server:
            await self.server.close()
        self.workers.close()
        await self.web.close()
        if self.telegram:
            await self.telegram.close()
        if self.talk:
            await self.talk.listener.close()
        self.store.close()


def read_book(
    file: RulebookFile, settings: Settings, before: Book | None = None
) -> Book | Sequence[Problem]:
    """Answer what rules.yaml says, compiled, or its problems; slow for many rules.

    What is in force *before* goes on to match meanwhile, and what has not changed is kept of it.
    """
    rulebook = read_rules(file, settings.networks)
    if isinstance(rulebook, tuple):
        return rulebook
    if before is None:
        return open_book(rulebook, machine_zone(), Matcher(rulebook, _shares(rulebook, settings)))
    if rulebook.digest == before.rulebook.digest:
        return before
    return open_book(rulebook, machine_zone(), before.matcher.updated(rulebook))


def _shares(rulebook: Rulebook, settings: Settings) -> Mapping[str, float]:
    """Answer in what share of the stored articles the common words stand, for many rules."""
    if len(rulebook.rules) < _MANY_RULES or not settings.store.exists():
        return {}
    try:
        with look_into(settings.store) as ledger:
            return ledger.search.common_words(_COMMON)
    except StoreError:  # the start that follows says so
        return {}


def _reloader(
    rules_file: RulebookFile,
    settings: Settings,
    in_force: InForce,
    store: SqliteStore,
    follow: Sequence[Callable[[], Awaitable[object]]],
) -> Reloader:
    """Answer who puts an edited rules.yaml in force, and what follows."""
    return Reloader(
        read=lambda: read_book(rules_file, settings, in_force.book),
        name=settings.rules.name,
        admins=settings.admins if settings.token else (),
        in_force=in_force,
        store=store,
        clock=now,
        follow=(_keep_all, *follow),
    )


def _editor(settings: Settings, store: SqliteStore, reloader: Reloader) -> Editor:
    """Answer who edits rules.yaml for people in chats."""
    # Its own file, because it remembers what was read last: the other one watches for changes.
    file = RulebookFile(settings.rules)
    return Editor(
        file=file,
        store=store,
        clock=now,
        networks=settings.networks,
        packs=FilePacks(file),
        reload=reloader.reload,
        quietly=collecting_later,
    )


async def _keep_all() -> None:
    """Look through what is there now for no garbage: most of it stays until the next reload."""
    gc.freeze()


def assemble(settings: Settings, rules_file: RulebookFile, book: Book, board: Board) -> Newsbell:
    """Answer a Newsbell that runs on *settings* with *book*, read from *rules_file*, in force.

    Raises:
        StoreError: the store cannot be used.
    """
    in_force = InForce(book)
    web, workers = WebFetcher(settings.networks, clock=now), Workers()
    store = SqliteStore(settings.store)
    telegram = TelegramSender(settings.token, settings.api_url) if settings.token else None
    budget = Budget(store, in_force)
    sending = DeliveryPorts(
        store=store,
        messenger=Switchboard(board, telegram),
        clock=now,
        chance=random.random,
    )
    admins = settings.admins if telegram else ()
    on_moved: OnMoved = lambda old, new: editor.moved(old, new)  # noqa: E731, PLW0108 -- made below
    deliverer = Deliverer(sending, in_force, _manners(settings, on_moved))
    reading = PollPorts(
        store=store,
        fetcher=Sources(web, FeedFiles(folder_of(settings.rules))),
        reader=workers,
        clock=now,
        chance=random.random,
        poke=deliverer.poke,
    )
    hubs = WebHubs(settings.networks, clock=now)
    pushes = Pushes(
        PushPorts(store=store, hubs=hubs, clock=now, chance=random.random), settings.public_url
    )
    reloader = _reloader(rules_file, settings, in_force, store, (budget.renew, deliverer.unpark))
    editor = _editor(settings, store, reloader)
    talk = open_talk(settings, reading, in_force, editor, deliverer.tick)
    return Newsbell(
        in_force=in_force,
        store=store,
        web=web,
        workers=workers,
        telegram=telegram,
        budget=budget,
        poller=Poller(reading, in_force, budget.terms),
        doctor=FeedDoctor(store, in_force, now, admins),
        pages=PageReader(reading, in_force),
        pushes=pushes,
        hears_hubs=settings.public_url is not None,
        server=_server(settings, pushes, talk),
        deliverer=deliverer,
        reloader=reloader,
        editor=editor,
        rules_file=rules_file,
        talk=talk,
    )


def _manners(settings: Settings, on_moved: OnMoved) -> Manners:
    """Answer how is delivered; without a bot nobody can be told of what goes wrong."""
    admins = settings.admins if settings.token else ()
    return Manners(admins=admins, pace=settings.pace, doubt=settings.doubt, on_moved=on_moved)


def _server(settings: Settings, pushes: Pushes, talk: Talk | None) -> WebServer | None:
    """Answer what listens for those who call from outside, if any do: one port, many paths."""
    doors: list[Door] = [HubDoor(pushes)] if settings.public_url else []
    if talk and talk.listener.webhook:
        doors.append(talk.listener.webhook)
    return WebServer(*settings.listen, doors) if doors else None
