"""Which technology an address or a chat is for."""

from collections.abc import Sequence
from datetime import tzinfo
from typing import Protocol, assert_never

from monitors.adapters.apprise.notifier import Notifier
from monitors.adapters.files.local_feeds import FeedFiles
from monitors.adapters.http.fetch import PAGE_TYPES, WebFetcher
from monitors.adapters.telegram.sender import TelegramSender
from monitors.alerts.alert import AlertContent
from monitors.alerts.delivery import (
    Delivered,
    DeliveryOutcome,
    NotThere,
    ProbeOutcome,
    RetryLater,
)
from monitors.alerts.destinations import PRINTED
from monitors.alerts.digest import Digest
from monitors.feeds.feed import (
    FailureReason,
    Fetched,
    FetchFailed,
    FetchOutcome,
    NotModified,
    Validators,
    is_web,
)
from monitors.pipeline.records import Kind, Letter, OutboxId
from monitors.rules.rulebook import Apprise, Destination, Telegram, Terminal

_MOST_PAGE_BYTES = 2_000_000
_ROBOTS_TYPES = "text/plain, */*;q=0.1"


class Sources:
    """Gets feeds and pages from the web, or from files beside rules.yaml.

    Implements `pipeline.ports.Fetcher`.
    """

    def __init__(self, web: WebFetcher, files: FeedFiles) -> None:
        self._web = web
        self._files = files

    async def fetch(self, address: str, validators: Validators) -> FetchOutcome:
        """Answer what a feed's address holds."""
        source = self._web if is_web(address) else self._files
        return await source.fetch(address, validators)

    async def local_page(self, feed: str, link: str) -> Fetched | FetchFailed | None:
        """Answer the page at *link* if the feed at *feed* is a file that brings it along."""
        return None if is_web(feed) else await self._files.fetch_page(feed, link)

    async def fetch_page(self, link: str) -> Fetched | FetchFailed:
        """Answer the page at *link*."""
        return await self._unconditional(link, PAGE_TYPES)

    async def fetch_robots(self, address: str) -> Fetched | FetchFailed:
        """Answer the robots.txt at *address*."""
        return await self._unconditional(address, _ROBOTS_TYPES)

    async def _unconditional(self, address: str, types: str) -> Fetched | FetchFailed:
        outcome = await self._web.fetch(address, max_bytes=_MOST_PAGE_BYTES, accept=types)
        if isinstance(outcome, NotModified):
            return FetchFailed(
                reason=FailureReason.BROKEN, message="the server answered what was not asked"
            )
        return outcome


class Board(Protocol):
    """Where the terminal's alerts are shown."""

    def show(
        self, chat: str, content: AlertContent, *, reply: bool, doubtful: bool, zone: tzinfo
    ) -> None:
        """Show a new alert, or a *reply* to one that was shown."""

    def grow(self, chat: str, content: AlertContent, *, zone: tzinfo) -> None:
        """Show that a story has grown."""

    def list(self, chat: str, digest: Digest, *, doubtful: bool, zone: tzinfo) -> None:
        """Show a digest."""

    def say(self, chat: str, notice: str) -> None:
        """Show a notice."""


class Switchboard:
    """Delivers to Telegram, or to the terminal where there is no token, or through Apprise.

    Implements `pipeline.ports.Messenger`.
    """

    def __init__(
        self, board: Board, telegram: TelegramSender | None, notifier: Notifier | None = None
    ) -> None:
        self._board = board
        self._telegram = telegram
        self._notifier = notifier or Notifier()

    async def deliver(
        self, letter: Letter, destination: Destination, zone: tzinfo
    ) -> DeliveryOutcome:
        """Send *letter*, or edit the message that it revises."""
        match destination:
            case Telegram() if self._telegram:
                return await self._telegram.deliver(letter, destination, zone)
            case Apprise():
                return await self._notifier.deliver(letter, destination, zone)
            case Telegram() | Terminal():
                return self._print(letter, zone)
            case _:
                assert_never(destination)

    async def ask(self, destination: Destination) -> DeliveryOutcome | None:
        """Answer why a message for *destination* would not arrive, if that can be known."""
        if self._telegram is None or not isinstance(destination, Telegram):
            return None
        return await self._telegram.ask(destination)

    async def probe(self, letter: Letter, destination: Telegram) -> ProbeOutcome:
        """Answer whether the message that *letter* names shows it, by its buttons."""
        if self._telegram is None:
            return NotThere(taken=False)
        return await self._telegram.probe(letter, destination)

    async def give_back(
        self,
        message_id: str,
        text: str,
        letters: Sequence[Letter],
        destination: Telegram,
        zone: tzinfo,
    ) -> OutboxId | None:
        """Give a message of ours its own buttons back; answer which of *letters* it shows."""
        if self._telegram is None:
            return None
        return await self._telegram.give_back(message_id, text, letters, destination, zone)

    def _print(self, letter: Letter, zone: tzinfo) -> DeliveryOutcome:
        try:
            if letter.digest is not None:
                self._board.list(letter.chat, letter.digest, doubtful=letter.marked, zone=zone)
            elif letter.content is None:
                self._board.say(letter.chat, letter.notice.words if letter.notice else "")
            elif letter.kind is Kind.REVISION:
                self._board.grow(letter.chat, letter.content, zone=zone)
            else:
                self._board.show(
                    letter.chat,
                    letter.content,
                    reply=letter.kind is Kind.REPLY,
                    doubtful=letter.marked,
                    zone=zone,
                )
        except OSError as error:
            return RetryLater(f"the terminal cannot be written to: {error.strerror}")
        return Delivered(PRINTED)
