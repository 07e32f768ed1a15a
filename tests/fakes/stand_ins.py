"""In-process stand-ins for the ports: what a test says, they answer."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, tzinfo

from monitors.alerts.delivery import Delivered, DeliveryOutcome, NotThere, ProbeOutcome
from monitors.alerts.pacing import LOCAL_PACE
from monitors.feeds.entry import Document, Entry, NotAFeed
from monitors.feeds.feed import (
    FailureReason,
    Feed,
    Fetched,
    FetchFailed,
    FetchOutcome,
    Validators,
)
from monitors.language.expression import Expression
from monitors.language.grammar import parse
from monitors.pipeline.book import Book, open_book
from monitors.pipeline.records import Letter, OutboxId
from monitors.polling.manners import Manners
from monitors.rules.rulebook import (
    Chat,
    ChatName,
    Destination,
    Rule,
    Rulebook,
    RuleName,
    Telegram,
    Terminal,
)
from monitors.stories.page import NoText, Page

START = datetime(2026, 11, 5, 9, 0, tzinfo=UTC)
FEED = "https://wire.example/feed"
_USUAL = Manners()


class Clock:
    """A clock that stands still until it is told otherwise."""

    def __init__(self, at: datetime = START) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def passes(self, **time: float) -> datetime:
        """Let *time* pass, as `timedelta` takes it."""
        self.at += timedelta(**time)
        return self.at


class Web:
    """Answers with what was put at each address."""

    def __init__(self) -> None:
        self.feeds: dict[str, FetchOutcome] = {}
        self.pages: dict[str, Fetched | FetchFailed] = {}
        self.files: dict[str, Fetched | FetchFailed] = {}
        self.robots: dict[str, Fetched | FetchFailed] = {}
        self.asked: list[tuple[str, Validators]] = []
        self.asked_pages: list[str] = []
        self.asked_robots: list[str] = []

    async def fetch(self, address: str, validators: Validators) -> FetchOutcome:
        self.asked.append((address, validators))
        return self.feeds.get(address, unreachable())

    async def local_page(self, feed: str, link: str) -> Fetched | FetchFailed | None:
        del feed
        return self.files.get(link)

    async def fetch_page(self, link: str) -> Fetched | FetchFailed:
        self.asked_pages.append(link)
        return self.pages.get(link, unreachable())

    async def fetch_robots(self, address: str) -> Fetched | FetchFailed:
        self.asked_robots.append(address)
        return self.robots.get(address, refusal(404))


class Bodies:
    """Reads bodies that name the document or page they stand for."""

    def __init__(self) -> None:
        self.documents: dict[bytes, Document | NotAFeed] = {}
        self.pages: dict[bytes, Page | NoText] = {}

    async def read_feed(
        self, body: bytes, address: str, content_type: str | None
    ) -> Document | NotAFeed:
        del address, content_type
        return self.documents[body]

    async def read_page(self, body: bytes, address: str, content_type: str | None) -> Page | NoText:
        del address, content_type
        return self.pages[body]


UNHURRIED = replace(LOCAL_PACE, edit_every=timedelta(0))
"""The pace of a chat that takes everything at once."""


class Chats:
    """Takes letters, and answers what it was told to, else that they arrived."""

    def __init__(self) -> None:
        self.letters: list[tuple[Letter, Destination]] = []
        self.answers: list[DeliveryOutcome] = []
        self.asked: list[Destination] = []
        self.reached: list[DeliveryOutcome | None] = []
        self.probed: list[tuple[Letter, Destination]] = []
        self.found: list[ProbeOutcome] = []

    async def ask(self, destination: Destination) -> DeliveryOutcome | None:
        self.asked.append(destination)
        return self.reached.pop(0) if self.reached else None

    async def probe(self, letter: Letter, destination: Telegram) -> ProbeOutcome:
        self.probed.append((letter, destination))
        return self.found.pop(0) if self.found else NotThere(taken=False)

    async def give_back(
        self,
        message_id: str,
        text: str,
        letters: Sequence[Letter],
        destination: Telegram,
        zone: tzinfo,
    ) -> OutboxId | None:
        del message_id, text, destination, zone
        return letters[0].id if letters else None

    async def deliver(
        self, letter: Letter, destination: Destination, zone: tzinfo
    ) -> DeliveryOutcome:
        del zone
        self.letters.append((letter, destination))
        return self.answers.pop(0) if self.answers else Delivered(str(len(self.letters)))


def unreachable() -> FetchFailed:
    """Answer the failure of a host that nobody knows."""
    return FetchFailed(reason=FailureReason.UNREACHABLE, message="no such host")


def refusal(status: int, **more: object) -> FetchFailed:
    """Answer the failure that an HTTP status means."""
    return FetchFailed(
        reason=FailureReason.HTTP, message=f"the server answered {status}", status=status, **more
    )


def condition(text: str) -> Expression:
    """Answer the tree of *text*, which must be right."""
    parsed = parse(text)
    assert not hasattr(parsed, "message"), parsed
    return parsed


def rule(match: str, *send_to: str, **more: object) -> Rule:
    """Answer a rule called like its condition."""
    values = {"name": RuleName(match), "match": match, "condition": condition(match)} | more
    return Rule(send_to=tuple(ChatName(name) for name in send_to or ("screen",)), **values)


def screen(name: str = "screen", **manners: object) -> Chat:
    """Answer a chat that is a terminal."""
    return Chat(name=ChatName(name), destination=Terminal(), **manners)


def telegram(name: str, chat_id: str = "42", **manners: object) -> Chat:
    """Answer a chat on Telegram."""
    return Chat(name=ChatName(name), destination=Telegram(chat_id=chat_id), **manners)


def book(
    *rules: Rule,
    chats: tuple[Chat, ...] = (),
    feeds: tuple[Feed, ...] = (),
    manners: Manners = _USUAL,
) -> Book:
    """Answer a book of *rules*, with one feed and a screen where nothing else is said."""
    rulebook = Rulebook(
        digest="digest",
        manners=manners,
        feeds=feeds or (Feed(address=FEED, catch_up=None),),
        rules=rules,
        chats=chats or (screen(),),
    )
    return open_book(rulebook, UTC)


def entry(number: int, title: str, **more: object) -> Entry:
    """Answer an entry with a link and an identifier of its own."""
    values = {"id": f"id-{number}", "url": f"https://wire.example/{number}", "title": title} | more
    return Entry(**values)


def document(*entries: Entry) -> Document:
    """Answer a feed of the site `wire.example` that carries *entries*."""
    return Document(format="atom10", title="Wire", home="https://wire.example/", entries=entries)
