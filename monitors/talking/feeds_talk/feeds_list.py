"""`/feeds`: the feeds page by page, a card for each, and what can be done with it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from monitors.alerts.showing.buttons import Button
from monitors.alerts.showing.markup import Run
from monitors.gathering.checkup import TROUBLED, Checkup
from monitors.gathering.dossier import Dossier
from monitors.pipeline.book import InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.records import FeedHealth, FeedId
from monitors.rules.editing.edits import RemoveFeeds
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, Rows
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.feeds_talk.card import card, row
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import pressing
from monitors.talking.rules_talk.proposing import Proposals
from monitors.talking.rules_talk.trial import Archive
from monitors.talking.showing.paging import Page, page_number, page_of, turning
from monitors.talking.showing.wording import line, said

DOWN = "down"
_PAGES, _CARD, _POLL, _REMOVE = "feeds", "feed", "pollfeed", "cutfeed"
_SIZE, _IN_ROW = 8, 4
_MOST_FILTER_BYTES = 30  # the data of a button has 64
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
_WEEK = timedelta(days=7)
_NEWEST = 3
_NONE = "There are no feeds yet. Add one: /addfeed example.org"
_OFFERED = (
    Command(
        name="feeds",
        does="The feeds, and how they do",
        example="/feeds, /feeds down or /feeds example.org",
        needs=Role.READER,
    ),
)


@dataclass(slots=True)
class FeedsList(Commands):
    """Answers `/feeds`.

    Attributes:
        archive: the store, looked into beside the event loop.
        proposals: shows what a button would write into rules.yaml.
    """

    in_force: InForce
    archive: Archive
    store: Store
    clock: Clock
    proposals: Proposals

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {_PAGES: Role.READER, _CARD: Role.READER, _POLL: Role.ADMIN, _REMOVE: Role.ADMIN}

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer the first page."""
        only = said(asked.rest).casefold().replace(":", " ").strip()
        return await self._page(0, _within(only))

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Turn to a page, open a card, poll or remove a feed."""
        verb, first, second, only = f"{pressed.data}:::".split(":")[:4]
        if verb == _PAGES:
            number = page_number(first)
            if number is None:
                return Reaction(toast=OLD_BUTTON)
            return Reaction(answer=await self._page(number, second, edits=pressed.message))
        known = await self._known(first)
        page = page_number(second)
        if known is None or page is None:
            return Reaction(toast="That feed is not in rules.yaml any more.")
        match verb:
            case "feed":
                shown = await self._card(known, role, (page, only), pressed.message)
                return Reaction(answer=shown)
            case "pollfeed":
                return await self._poll(known)
            case _:
                head = "Remove this feed? What was stored of it is kept. This changes:"
                edit = RemoveFeeds(addresses=(known.address,))
                asks = await self.proposals.ask(edit, pressing(pressed, role), head=head)
                return Reaction(answer=asks)

    async def _page(self, number: int, only: str, *, edits: str | None = None) -> Answer:
        feeds = self.in_force.book.rulebook.feeds
        if not feeds:
            return Answer(runs=(Run(_NONE),), edits=edits)
        page = await self._filtered(number, only) if only else await self._plain(number)
        runs = [Run("Feeds", ("b",)), Run(page.range)]
        if only:
            runs += (Run(", down" if only == DOWN else ", only "), *_quoted(only))
        for one, _ in page.rows:
            runs += (Run("\n\n"), *row(one))
        if not page.rows:
            runs.append(Run("\n\nNone." if only != DOWN else "\n\nNone: all can be read."))
        return Answer(runs=tuple(runs), rows=self._buttons(page, only), edits=edits)

    async def _plain(self, number: int) -> "Page[tuple[Checkup, FeedId | None]]":
        """Answer a page of all feeds; the others are not looked at."""
        feeds, now = self.in_force.book.rulebook.feeds, self.clock()
        page = page_of(feeds, number, _SIZE)
        addresses = [feed.address for feed in page.rows]
        found = await self.archive.look(lambda ledger: ledger.feeds.some(addresses))
        known = {one.address: one for one in found}
        rows = [
            (Checkup(feed=feed, health=health, now=now), health.id if health else None)
            for feed in page.rows
            for health in (known.get(feed.address),)
        ]
        return Page(
            rows=rows,
            first=page.first,
            number=page.number,
            is_last=page.is_last,
            total=page.total,
        )

    async def _filtered(self, number: int, only: str) -> "Page[tuple[Checkup, FeedId | None]]":
        feeds, now = self.in_force.book.feeds, self.clock()

        def work(ledger: Ledger) -> "Page[tuple[Checkup, FeedId | None]]":
            known = ledger.feeds.troubled() if only == DOWN else ledger.feeds.health()
            checkups = (
                (Checkup(feed=feeds[one.address], health=one, now=now), one.id)
                for one in known
                if one.address in feeds
            )
            rows: list[tuple[Checkup, FeedId | None]] = [
                each for each in checkups if _is_meant(each[0], only)
            ]
            return page_of(rows, number, _SIZE)

        return await self.archive.look(work)

    def _buttons(self, page: "Page[tuple[Checkup, FeedId | None]]", only: str) -> Rows:
        cards = [
            Button(str(page.first + place), f"{_CARD}:{feed}:{page.number}:{only}")
            for place, (_, feed) in enumerate(page.rows, 1)
            if feed is not None
        ]
        rows = [tuple(cards[start : start + _IN_ROW]) for start in range(0, len(cards), _IN_ROW)]
        turns = turning(page, _PAGES, f":{only}")
        return tuple(each for each in (*rows, turns) if each)

    async def _card(
        self, known: FeedHealth, role: Role, back: tuple[int, str], edits: str | None
    ) -> Answer:
        book, now = self.in_force.book, self.clock()
        one = Checkup(feed=book.feeds[known.address], health=known, now=now)

        def work(ledger: Ledger) -> Dossier:
            return Dossier(
                one=one,
                brought=ledger.articles.of_feed(known.id, now - _WEEK, _NEWEST),
                rules=[rule.name for rule in book.rulebook.rules if rule.watches(known.address)],
                push=ledger.subscriptions.of(known.id),
            )

        dossier = await self.archive.look(work)
        at = f"{known.id}:{back[0]}:{back[1]}"
        changes = (Button("Poll now", f"{_POLL}:{at}"), Button("Remove", f"{_REMOVE}:{at}"))
        turns = (Button("Back", f"{_PAGES}:{back[0]}:{back[1]}"),)
        rows = (changes, turns) if role is Role.ADMIN else (turns,)
        return Answer(runs=card(dossier, book.zone), rows=rows, edits=edits)

    async def _poll(self, known: FeedHealth) -> Reaction:
        now = self.clock()
        await self.store.write(lambda ledger: ledger.feeds.hurry(now, known.id))
        rests = Checkup(feed=self.in_force.book.feeds[known.address], health=known, now=now)
        if rests.rests_until:
            return Reaction(toast=f"It is polled when its host may be asked: it {known.host_why}.")
        return Reaction(toast="It is polled now.")

    async def _known(self, number: str) -> FeedHealth | None:
        """Answer what is known of the feed that a button means, if rules.yaml still has it."""
        if not _NUMBER.fullmatch(number):
            return None
        feed = FeedId(int(number))
        known = await self.archive.look(lambda ledger: ledger.feeds.one(feed))
        return known if known and known.address in self.in_force.book.feeds else None


def _within(text: str) -> str:
    """Answer as much of *text* as the data of a button holds."""
    return text.encode()[:_MOST_FILTER_BYTES].decode(errors="ignore").strip()


def _is_meant(one: Checkup, only: str) -> bool:
    if only == DOWN:
        return one.state in TROUBLED
    names: Sequence[str] = (one.feed.address, one.name or "", *one.feed.tags)
    return any(only in name.casefold().replace(":", " ") for name in names)


def _quoted(only: str) -> tuple[Run, ...]:
    return () if only == DOWN else line(only, _MOST_FILTER_BYTES, "i")
