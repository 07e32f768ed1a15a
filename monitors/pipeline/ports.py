"""What the pipeline needs from the technologies."""

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Protocol, TypeVar

from monitors.alerts.delivery import DeliveryOutcome, ProbeOutcome
from monitors.alerts.digest import Digest
from monitors.feeds.entry import Document, NotAFeed
from monitors.feeds.feed import Fetched, FetchFailed, FetchOutcome, Validators
from monitors.pipeline.dialogs import DialogRows, TalkRows
from monitors.pipeline.history.rows import HistoryRows
from monitors.pipeline.records import AlertId, Letter, OutboxId, ToldAlert
from monitors.pipeline.rows import (
    ArticleRows,
    FeedRows,
    HeartRows,
    HoldRows,
    PageRows,
    SearchRows,
    StoryRows,
    SubscriptionRows,
    WindowRows,
)
from monitors.pipeline.telling.backlog import OverviewRows
from monitors.pipeline.telling.muting import MuteRows
from monitors.pipeline.telling.opinions import KeyboardRows, OpinionRows
from monitors.pipeline.telling.rows import AlertRows, OutboxRows
from monitors.rules.rulebook import Destination, Telegram
from monitors.stories.article import ArticleId, StoryId
from monitors.stories.page import NoText, Page

T = TypeVar("T")
Clock = Callable[[], datetime]
Chance = Callable[[], float]


class Fetcher(Protocol):
    """Gets the bytes of feeds and pages."""

    async def fetch(self, address: str, validators: Validators) -> FetchOutcome:
        """Answer what a feed's address holds."""

    async def local_page(self, feed: str, link: str) -> Fetched | FetchFailed | None:
        """Answer the page at *link* if the feed at *feed* is a file that brings it along."""

    async def fetch_page(self, link: str) -> Fetched | FetchFailed:
        """Answer the page at *link*."""

    async def fetch_robots(self, address: str) -> Fetched | FetchFailed:
        """Answer the robots.txt at *address*."""


class Reader(Protocol):
    """Reads bytes, within bounds of time and memory."""

    async def read_feed(
        self, body: bytes, address: str, content_type: str | None
    ) -> Document | NotAFeed:
        """Answer the entries of a feed."""

    async def read_page(self, body: bytes, address: str, content_type: str | None) -> Page | NoText:
        """Answer the article on a page."""


class Messenger(Protocol):
    """Shows messages in chats."""

    async def deliver(
        self, letter: Letter, destination: Destination, zone: tzinfo
    ) -> DeliveryOutcome:
        """Send *letter*, or edit the message that it revises; *zone* is for its times."""

    async def ask(self, destination: Destination) -> DeliveryOutcome | None:
        """Answer why a message for *destination* would not arrive, if that can be known."""

    async def probe(self, letter: Letter, destination: Telegram) -> ProbeOutcome:
        """Answer whether the message that *letter* names shows it, by its buttons."""

    async def give_back(
        self,
        message_id: str,
        text: str,
        letters: Sequence[Letter],
        destination: Telegram,
        zone: tzinfo,
    ) -> OutboxId | None:
        """Give the message that says *text* the buttons of the one of *letters* that it shows.

        Answer which one that is; where it is none, the message has no buttons after that.
        """


class RegroupingRows(Protocol):
    """What people split and join, and the alerts that tell of it."""

    def story_of(self, article: ArticleId) -> StoryId | None:
        """Answer the story of an article; None if there is no such article."""

    def current(self, story: StoryId) -> StoryId:
        """Answer the story that *story* was joined to; itself, if it was not."""

    def may_move(self, article: ArticleId, story: StoryId) -> bool:
        """Answer whether nobody has split *article* off from an article of *story*."""

    def close(self, story: StoryId, into: StoryId, who: str, now: datetime) -> None:
        """Remember that *who* joins *story* to *into*; its articles are moved after that.

        What was said to keep articles of both apart is forgotten, and that they are related.
        """

    def reopen(self, article: ArticleId, story: StoryId) -> StoryId | None:
        """Answer the story that was joined to *story* and began with *article*, if any.

        It counts as joined no more.
        """

    def told(self, story: StoryId) -> tuple[ToldAlert, ...]:
        """Answer the alerts of a story, the oldest first."""

    def closed(self, story: StoryId) -> tuple[ToldAlert, ...]:
        """Answer the alerts of what was joined to *story*, which others tell, the oldest first."""

    def alert(self, alert: AlertId) -> ToldAlert | None:
        """Answer an alert."""

    def shown(self, message: str, chats: Collection[str]) -> ToldAlert | None:
        """Answer whose *message* it is in one of *chats*, whatever the topic; or whose reply."""

    def listed(self, message: str, chats: Collection[str]) -> Mapping[int, ToldAlert]:
        """Answer the alerts of which a digest tells, by number; none if it is another message.

        Args:
            message: its number.
            chats: in one of these, whatever the topic.
        """

    def digest(self, number: OutboxId) -> tuple[Digest, str] | None:
        """Answer the digest of that number and where it was sent to; None if it is not shown."""

    def newest(self, destinations: Collection[str]) -> ToldAlert | None:
        """Answer the last alert that arrived at one of *destinations*."""

    def give(self, alert: AlertId, story: StoryId) -> None:
        """Have *alert* tell of *story*; one of the same chat that did takes its place."""

    def withdraw(self, alert: AlertId) -> bool:
        """Forget *alert*, if nobody has tried to send it; answer whether that was so."""


class Ledger(Protocol):
    """The store within one transaction: all of it happens, or nothing."""

    @property
    def feeds(self) -> FeedRows:
        """The feeds."""

    @property
    def articles(self) -> ArticleRows:
        """The articles and their revisions."""

    @property
    def stories(self) -> StoryRows:
        """The stories and what holds for them."""

    @property
    def regrouping(self) -> RegroupingRows:
        """What people split and join."""

    @property
    def window(self) -> WindowRows:
        """The stories of the last days, in memory."""

    @property
    def search(self) -> SearchRows:
        """The words of the articles."""

    @property
    def pages(self) -> PageRows:
        """The pages to be read."""

    @property
    def holds(self) -> HoldRows:
        """What holds in part."""

    @property
    def subscriptions(self) -> SubscriptionRows:
        """The subscriptions at hubs."""

    @property
    def alerts(self) -> AlertRows:
        """What chats have been told."""

    @property
    def outbox(self) -> OutboxRows:
        """What is decided and not yet delivered."""

    @property
    def overview(self) -> OverviewRows:
        """What waits and what arrived, counted."""

    @property
    def mutes(self) -> MuteRows:
        """What people do not want to hear of."""

    @property
    def opinions(self) -> OpinionRows:
        """What people think of alerts."""

    @property
    def keyboards(self) -> KeyboardRows:
        """The buttons under alerts."""

    @property
    def history(self) -> HistoryRows:
        """The changes of rules.yaml."""

    @property
    def dialogs(self) -> DialogRows:
        """What people were asked."""

    @property
    def talks(self) -> TalkRows:
        """What people have asked, whether they are heard, and which menus they see."""

    @property
    def heart(self) -> HeartRows:
        """The sign of life."""


class Store(Protocol):
    """Runs functions in transactions, off the event loop."""

    def write(self, work: Callable[[Ledger], T]) -> Awaitable[T]:
        """Run *work* and answer what it answers, once that is safely committed."""
