"""A desk whose people talk with the bot about feeds, and about what was reported.

Who they are: see `rules_desk`. The web is what a test puts there; files are what it drops.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

from monitors.feeds.entry import Document, Entry, NotAFeed
from monitors.feeds.feed import Fetched
from monitors.language.problems import Problem
from monitors.rules.editing.feeds import Addition, NewFeed, add_feeds
from monitors.talking.answer import Answer, Reaction
from monitors.talking.command import Commands, Unpacks
from monitors.talking.feeds_talk.adding import FeedAdder
from monitors.talking.feeds_talk.dropped_lists import ListTaker
from monitors.talking.feeds_talk.exporting import Exporter
from monitors.talking.feeds_talk.feeds_list import FeedsList
from monitors.talking.heard import Dropped, Place, Pressed
from monitors.talking.looking_back.latest import Recaller
from monitors.talking.looking_back.searching import Searcher
from monitors.talking.ports import NotFetched
from monitors.talking.rules_talk.proposing import Proposals
from monitors.talking.rules_talk.trial import Trial
from monitors.talking.rules_talk.undoing import Undoer
from monitors.terms.entity import Entity
from tests.fakes.rules_desk import RulesDesk, _Archive
from tests.fakes.stand_ins import Bodies, Web

RULES = """\
# Ours
feeds:
  - https://wire.example/feed
rules:
  - match: ship
    send_to: [ann, desk]
  - match: ferry
    send_to: [desk]
chats:
  ann: {telegram: 42}
  desk: {telegram: -1001}
"""


def _none(_: Sequence[str]) -> tuple[Entity, ...]:
    return ()


class ReadingDesk(RulesDesk):
    """Who answers people about feeds and reports, and what they say."""

    def __init__(self, text: str = RULES) -> None:
        self.web, self.bodies = Web(), Bodies()
        self.drops: dict[str, bytes | NotFetched] = {}
        super().__init__(text)
        self.polls_what_the_file_says()

    def polls_what_the_file_says(self) -> None:
        """Have the store know the feeds of rules.yaml."""
        feeds = self.in_force.book.rulebook.feeds
        self.store.write_now(lambda ledger: ledger.feeds.sync(feeds, self.clock()))

    async def _reload(self) -> None:
        await super()._reload()
        self.polls_what_the_file_says()

    async def fetch(self, dropped: Dropped) -> bytes | NotFetched:
        """Answer what is in a file that was dropped."""
        return self.drops[dropped.file]

    async def _check(self, feeds: Sequence[NewFeed]) -> Addition | Problem:
        return add_feeds(self.file.text, feeds)

    def _groups(self) -> tuple[Commands, ...]:
        archive = _Archive(self.store)
        ways: dict[str, Any] = {"in_force": self.in_force, "clock": self.clock}
        trial = Trial(archive=archive, entities=_none, **ways)
        proposals = Proposals(editor=self.editor, store=self.store, file="rules.yaml", **ways)
        self.adder = FeedAdder(
            fetcher=self.web,
            reader=self.bodies,
            editor=self.editor,
            store=self.store,
            file="rules.yaml",
            **ways,
        )
        return (
            FeedsList(archive=archive, store=self.store, proposals=proposals, **ways),
            self.adder,
            ListTaker(
                files=self,
                check=self._check,
                editor=self.editor,
                store=self.store,
                clock=self.clock,
            ),
            Searcher(trial=trial, store=self.store),
            Recaller(archive=archive, **ways),
            Exporter(in_force=self.in_force, read=self.file.read, name="rules.yaml"),
            Undoer(proposals=proposals, store=self.store),
            proposals,
        )

    def has_feed(self, address: str, title: str, *entries: str) -> None:
        """Have the web serve a feed with *entries*."""
        made = tuple(
            Entry(id=entry, title=entry, url=f"{address}/{number}")
            for number, entry in enumerate(entries)
        )
        self._serves(address, Document(format="rss20", title=title, entries=made))

    def has_page(self, address: str, *offers: str) -> None:
        """Have the web serve a page that names feeds."""
        self._serves(address, NotAFeed(message="a web page", offers=offers))

    def _serves(self, address: str, document: Document | NotAFeed) -> None:
        body = address.encode()
        self.bodies.documents[body] = document
        self.web.feeds[address] = Fetched(body=body, address=address, content_type=None)

    def drops_in(
        self,
        user: str,
        place: Place,
        body: bytes | NotFetched,
        name: str = "feeds.opml",
        **more: Any,
    ) -> Answer | None:
        """Answer what the bot says to a file."""
        self.drops["file"] = body
        size = more.pop("size", len(body) if isinstance(body, bytes) else 0)
        dropped = Dropped(
            user=user, place=place, file="file", file_name=name, size=size, message="9", **more
        )

        async def takes() -> Answer | None:
            role = await self.door.role(dropped)
            takers = [group for group in self.groups if isinstance(group, Unpacks)]
            return await takers[0].dropped(dropped, role)

        return asyncio.run(takes())

    def presses(self, user: str, place: Place, data: str, message: str = "7") -> Reaction:
        """Answer what happens at once, or what stays in the chat when all is done."""
        pressed = Pressed(
            query="q", user=user, place=place, data=data, name=f"Person {user}", message=message
        )

        async def does() -> Reaction:
            reaction = await self._press(pressed)
            if reaction.later is None:
                return reaction
            return Reaction(toast=reaction.toast, answer=await reaction.later())

        return asyncio.run(does())
