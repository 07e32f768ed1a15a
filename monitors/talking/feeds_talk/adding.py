"""`/addfeed`, or a bare address: feeds are found and added to rules.yaml from a chat."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial

from monitors.alerts.showing.markup import Run
from monitors.gathering.find_feeds import Choice, Finding, Found, NothingFound, find_feeds
from monitors.language.problems import Problem
from monitors.pipeline.book import InForce
from monitors.pipeline.dialogs import Dialog
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.editing.outcomes import Applied
from monitors.pipeline.ports import Clock, Fetcher, Reader, Store
from monitors.rules.editing.edits import AddFeeds
from monitors.rules.editing.feeds import NewFeed, one_feed
from monitors.talking.answer import OLD_BUTTON, Answer, Reaction, Rows, plain
from monitors.talking.command import Asked, Command, Commands
from monitors.talking.commands.awaiting import await_words, stop_waiting
from monitors.talking.feeds_talk.choosing import (
    MOST_CHOICES,
    VERB,
    Option,
    address_of,
    buttons,
    from_state,
    holds,
    marked,
    name_of,
    option_lines,
    to_state,
    unread_lines,
)
from monitors.talking.feeds_talk.offers import Offers, wish_in
from monitors.talking.heard import Pressed
from monitors.talking.roles import Role
from monitors.talking.rules_talk.belonging import Person, asking, pressing
from monitors.talking.rules_talk.proposing import undo_button
from monitors.talking.showing.wording import changed_lines, line

_DIFF_UNITS = 600
_REASON_UNITS = 600
_BARE = re.compile(
    r"(?:https?://|feed:)\S{1,2000}|(?:[\w-]{1,63}\.){1,8}[^\W\d_]{2,24}(?:[/:]\S{0,2000})?",
    re.IGNORECASE,
)
_HERE = "This feed is here already: "
_USAGE = (
    "Write /addfeed and what you know, or answer this message with it: the address of a feed or of "
    "a site, of a YouTube channel, a subreddit, a Mastodon profile or a GitHub repository.\n"
    "For example: /addfeed example.org"
)
_OFFERED = (
    Command(
        name="addfeed",
        does="Read a site, a channel or a feed from now on",
        example="/addfeed example.org",
        needs=Role.ADMIN,
        is_slow=True,
    ),
)


@dataclass(frozen=True, slots=True)
class _Offer:
    """Feeds that a person may take.

    Attributes:
        number: by which the offer is known.
        unread: addresses of feeds that the page names, too, and of which nothing is known.
        message: number of the message that shows it; None where there is none yet.
    """

    person: Person
    number: str
    options: tuple[Option, ...]
    unread: tuple[str, ...] = ()
    message: str | None = None


@dataclass(slots=True)
class FeedAdder(Commands):
    """Answers `/addfeed`.

    Attributes:
        fetcher, reader: how a feed is looked for.
        editor: of rules.yaml.
        file: what that is called.
    """

    fetcher: Fetcher
    reader: Reader
    editor: Editor
    in_force: InForce
    store: Store
    clock: Clock
    file: str

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return _OFFERED

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with."""
        return {VERB: Role.ADMIN}

    @property
    def _offers(self) -> Offers:
        return Offers(VERB, self.store, self.clock)

    def meant(self, text: str) -> str | None:
        """Answer that an address is meant to be added."""
        return _OFFERED[0].name if _BARE.fullmatch(text.strip()) else None

    def under_way(self, asked: Asked) -> Answer:
        """Answer what is being looked at."""
        return Answer(runs=(Run("Looking at "), *address_of(asked.rest), Run(" …")))

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer what became of the address that somebody wants added."""
        if not asked.rest:
            await await_words(self.store, asked.said, _OFFERED[0].name, self.clock())
            return plain(_USAGE)
        return await self._look(asked)

    async def go_on(self, asked: Asked, dialog: Dialog) -> Answer | None:
        """Look for what somebody writes who was asked for it."""
        del dialog
        await stop_waiting(self.store, asked.said)
        return await self._look(asked)

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Add what was offered, or close the offer."""
        wish = wish_in(pressed.data)
        state = await self._offers.at(pressed.place, wish.number) if wish else None
        if wish is None or state is None:
            return Reaction(toast=OLD_BUTTON)
        listed, unread = from_state(state)
        person, options = pressing(pressed, role), await self._marked(listed)
        offer = _Offer(person, wish.number, options, unread, pressed.message)
        if wish.what == "no":
            await self._offers.settle(pressed.place, wish.number)
            runs = (Run("Closed."), *option_lines(options, self.clock()))
            return Reaction(toast="Closed.", answer=Answer(runs=runs, edits=pressed.message))
        wanted = _wanted(options, wish.what)
        if wanted is None:
            return Reaction(toast=OLD_BUTTON)
        if not wanted:
            return Reaction(toast="That is here already.")
        return Reaction(toast="One moment…", later=partial(self._take, offer, wanted))

    async def _look(self, asked: Asked) -> Answer:
        """Answer the feeds that are meant; one that is sure is added."""
        if known := await self._known(asked.rest):
            return Answer(runs=(Run(_HERE), *address_of(known)))
        finding = await find_feeds(asked.rest, self.fetcher, self.reader)
        options = await self._marked(_options(finding))
        offer = _Offer(asking(asked), asked.said.message or "0", options, _unread(finding))
        if isinstance(finding, NothingFound):
            why = f"{finding.message[:1].upper()}{finding.message[1:]}. {finding.hint}"
            runs = line(why, _REASON_UNITS)
            return await self._offered(offer, runs) if options else Answer(runs=runs)
        if not finding.sure:
            return await self._offered(offer, (Run("There are several feeds. Which are added?"),))
        if options[0].is_known:
            return await self._offered(offer, (Run(_HERE), *address_of(options[0].choice.address)))
        return await self._take(offer, options[:1])

    async def _offered(self, offer: _Offer, head: Sequence[Run], undo: Rows = ()) -> Answer:
        """Answer an offer below *head*, with a button for each feed that is not taken."""
        options, edits = offer.options, offer.message
        if len(options) == 1 and options[0].is_known and not offer.unread:
            return Answer(runs=tuple(head), rows=undo, edits=edits)
        await self._offers.keep(offer.person.place, offer.number, to_state(options, offer.unread))
        runs = (*head, *option_lines(options, self.clock()), *unread_lines(offer.unread))
        return Answer(runs=runs, rows=(*buttons(options, offer.number), *undo), edits=edits)

    async def _take(self, offer: _Offer, wanted: Sequence[Option]) -> Answer:
        """Add *wanted*, and answer what that has changed and what is left to be taken."""
        feeds = tuple(NewFeed(address=one.choice.address) for one in wanted)
        done = await self.editor.at_once(AddFeeds(feeds=feeds), offer.person.author)
        left = replace(offer, options=await self._marked(offer.options))
        if isinstance(done, Problem):
            runs = (Run("Nothing was added. "), *line(self._told(done), _REASON_UNITS))
            return await self._offered(left, runs)
        undo = ((undo_button(done.change),),)
        return await self._offered(left, self._added(wanted, done), undo)

    def _added(self, wanted: Sequence[Option], done: Applied) -> tuple[Run, ...]:
        runs = [Run("Added: ")]
        if len(wanted) == 1:
            one, now = wanted[0], self.clock()
            has = f"It has {holds(one, now)}." if one.is_read else "It could not be read yet."
            runs += (*name_of(one.choice), Run("\n"), *address_of(one.choice.address))
            runs.append(Run(f"\n{has} It is polled within a minute.\n"))
        else:
            runs.append(Run(f"{len(wanted)} feeds. They are polled within a minute.\n"))
        return (*runs, *changed_lines(done.diff, _DIFF_UNITS))

    def _told(self, problem: Problem) -> str:
        if (problem.line, problem.column) != (1, 1):
            return f"{problem.told(self.file).rstrip('. ')}."
        return f"{self.file}: {problem.message}. {problem.hint or ''}".rstrip()

    async def _marked(self, options: tuple[Option, ...]) -> tuple[Option, ...]:
        """Answer *options*, marked where rules.yaml has them by now; it may have thousands."""
        feeds = self.in_force.book.rulebook.feeds
        wanted = {one_feed(one.choice.address): one.choice.address for one in options}

        def work() -> frozenset[str]:
            same = (one_feed(feed.address) for feed in feeds)
            return frozenset(wanted[each] for each in same if each in wanted)

        return marked(options, await asyncio.to_thread(work))

    async def _known(self, written: str) -> str | None:
        """Answer the feed of rules.yaml that somebody has written the address of."""
        wanted, feeds = one_feed(written), self.in_force.book.rulebook.feeds

        def work() -> str | None:
            return next((feed.address for feed in feeds if one_feed(feed.address) == wanted), None)

        return await asyncio.to_thread(work)


def _options(finding: Finding) -> tuple[Option, ...]:
    if isinstance(finding, Found):
        return tuple(Option(choice=choice) for choice in finding.choices[:MOST_CHOICES])
    if finding.likely is None:
        return ()
    choice = Choice(address=finding.likely, title=None, entries=0)
    return (Option(choice=choice, is_read=False),)


def _unread(finding: Finding) -> tuple[str, ...]:
    """Answer the feeds that are there, too, and for which there is no button."""
    if not isinstance(finding, Found):
        return ()
    return (*(choice.address for choice in finding.choices[MOST_CHOICES:]), *finding.unread)


def _wanted(options: Sequence[Option], what: str) -> tuple[Option, ...] | None:
    """Answer those of *options* that are meant and not taken; None if there are no such."""
    if what == "all":
        return tuple(one for one in options if not one.is_known)
    if not what.isdecimal() or int(what) >= len(options):
        return None
    one = options[int(what)]
    return () if one.is_known else (one,)
