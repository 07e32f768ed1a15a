"""What the pipeline needs from the store: its rows, by what they are about."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from monitors.alerts.compose import PartialHold, StoryArticle
from monitors.feeds.feed import Feed
from monitors.grouping.placement import Candidate, Placement, Related, Signs
from monitors.grouping.reason import Reason
from monitors.grouping.sketch import Sketch
from monitors.grouping.window import Window
from monitors.pipeline.records import (
    DueFeed,
    DueSubscription,
    FeedHealth,
    FeedId,
    FeedYield,
    Held,
    Hit,
    HostLeft,
    PartialRow,
    PlacedArticle,
    WantedPage,
)
from monitors.polling.manners import Manners
from monitors.polling.memory import Memory
from monitors.polling.subscription import Offer, Subscription
from monitors.rules.matcher import Match
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.stories.page import Page
from monitors.stories.recognition import Dates, Sighting, Traits


class FeedRows(Protocol):
    """The feeds of the store."""

    def hurry(self, now: datetime, feed: FeedId | None = None) -> None:
        """Have every feed, or one, polled now, as soon as its host takes requests."""

    def sync(
        self, feeds: Sequence[Feed], now: datetime, manners: Manners = ...
    ) -> Mapping[str, FeedId]:
        """Poll exactly *feeds* from now on; answer their ids by address.

        Those that are new, or were due while Newsbell did not run, begin one after the other.
        A plan that is later than the feed, or *manners*, now allow is made sooner; that of a
        feed that could not be read stands. What is known of other feeds is kept.
        """

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[DueFeed, ...]:
        """Take up to *limit* due feeds, one a host; nobody else asks those before *until*."""

    def finish(self, feed: DueFeed, memory: Memory, left: HostLeft, now: datetime) -> bool:
        """Remember a poll; False if the claim was lost, and then the transaction must not hold."""

    def release(self) -> None:
        """Give back what was claimed before a stop: nobody works on it any more."""

    def some(self, addresses: Collection[str]) -> tuple[FeedHealth, ...]:
        """Answer what is known of those at *addresses*; without their numbers of articles."""

    def one(self, feed: FeedId) -> FeedHealth | None:
        """Answer what is known of a feed that is polled."""

    def health(self) -> tuple[FeedHealth, ...]:
        """Answer what is known of every feed that is polled, in the order of rules.yaml."""

    def troubled(self, host: str | None = None) -> tuple[FeedHealth, ...]:
        """Answer the feeds that are polled and of which people may have to be told.

        Without their numbers of articles; only those on *host*, if there is one.
        """

    def remember(self, feed: FeedId, memory: Memory, now: datetime) -> bool:
        """Keep *memory* of a feed; False if it is being polled, and will be remembered then."""

    def waiting(self, due: datetime, free: datetime) -> int:
        """Answer how many feeds due at *due* nobody polls, on hosts that are free at *free*."""

    def worked_at(self) -> datetime | None:
        """Answer when any feed could last be read, if ever."""

    def rates(self) -> Sequence[tuple[str, float]]:
        """Answer the address of each feed that is polled, and how many posts a day it has."""


class ArticleRows(Protocol):
    """The articles, their revisions and stories."""

    def sightings(self, feed: FeedId, identities: Collection[str]) -> Mapping[str, Sighting]:
        """Answer which of *identities* the feed has shown before."""

    def alike(self, feed: FeedId, traits: Traits) -> Sequence[Sighting]:
        """Answer a few entries that the feed has shown with the link or the title of *traits*.

        Those with the same link, and title and date, are among them, and of those with the
        same title at least so many that more than one article is, if there are more.
        """

    def dates(self, feed: FeedId, subscribed_at: datetime, until: datetime) -> Dates:
        """Answer the dates of what the feed had shown at *subscribed_at*, and *until* then."""

    def see(self, feed: FeedId, identity: str, sighting: Sighting) -> None:
        """Remember that the feed shows an entry, under this name since `first_at`."""

    def forget_names(self, feed: FeedId, article: ArticleId) -> None:
        """Forget what the feed called an article long ago: the last names are kept."""

    def candidates(self, signs: Signs, since: datetime) -> tuple[Candidate, ...]:
        """Answer the articles with the same link, or another same sign since *since*."""

    def add(
        self, article: Article, signs: Signs, placement: Placement
    ) -> tuple[ArticleId, StoryId]:
        """Store a new article in its story, or in a new one."""

    def revise(self, article: ArticleId, newest: Article) -> None:
        """Store a revision, unless the texts are those of the newest one: that gets its tags."""

    def newest(self, article: ArticleId) -> tuple[StoryId, Article]:
        """Answer an article as it reads now, and its story."""

    def of_feed(self, feed: FeedId, since: datetime, newest: int) -> FeedYield:
        """Answer what *feed* has brought since *since*, and its *newest* articles, so many."""

    def carriers(self, article: ArticleId) -> frozenset[str]:
        """Answer the addresses of the feeds that have shown an article."""


class SearchRows(Protocol):
    """The words of the stored articles: of their titles, summaries and texts, newest revision.

    Words are folded, as `stories.words` does it. What is needed of an article is a collection
    of words, of which it has to have one; a word that ends with `*` is the beginning of one.
    """

    def articles(
        self,
        needs: Iterable[Collection[str]],
        since: datetime,
        limit: int | None = None,
        *,
        without: Collection[str] = (),
    ) -> Iterable[tuple[ArticleId, StoryId, Article]]:
        """Yield the articles seen since *since* that have a word of each of *needs*.

        The newest first, no more than *limit*, and none that has a word of *without*. If
        nothing is needed, all articles have it.
        """

    def hits(
        self,
        needs: Iterable[Collection[str]],
        since: datetime,
        *,
        without: Collection[str] = (),
    ) -> Iterable[Hit]:
        """Yield what `articles` yields, without their texts."""

    def count(
        self,
        since: datetime | None = None,
        needs: Iterable[Collection[str]] = (),
        *,
        without: Collection[str] = (),
    ) -> int:
        """Answer how many articles are stored, or how many `articles` yields."""

    def word_counts(self, wanted: Iterable[str]) -> Mapping[str, int]:
        """Answer in how many articles each of the *wanted* words stands, if in any."""

    def common_words(self, share: float) -> Mapping[str, float]:
        """Answer the words that at least *share* of the articles have, each with its share."""

    def words_beginning(self, beginning: str) -> Mapping[str, int]:
        """Answer the words that begin so, and in how many articles each of them stands."""


class StoryRows(Protocol):
    """Which rules hold for which articles of a story."""

    def record(  # noqa: PLR0913 -- a row has these columns
        self,
        article: ArticleId,
        matches: Sequence[Match],
        *,
        rulebook: str,
        replace: bool,
        edited: bool = False,
        now: datetime,
    ) -> frozenset[str]:
        """Remember what holds for the newest revision of *article*.

        Answer the names of the rules that did not hold before. *replace* says whether the
        evidence of those that did is renewed, *edited* whether the others begin to hold
        because the article was edited.
        """

    def holding(self, article: ArticleId) -> tuple[str, ...]:
        """Answer the names of the rules that held for *article*."""

    def articles(self, story: StoryId) -> tuple[StoryArticle, ...]:
        """Answer the articles of a story, oldest first."""

    def move(self, article: ArticleId, placement: Placement, now: datetime) -> StoryId:
        """Have *article* in another story, or in a new one; answer which."""

    def relate(self, story: StoryId, to: Related | None) -> None:
        """Have *story* related to the story that *to* says, or to none."""

    def held(
        self, rule: str, *, since: datetime, lately: datetime, besides: ArticleId | None = None
    ) -> Held:
        """Answer for which stories *rule* held since *since*, leaving *besides* out.

        Of those since *lately*, the newest few are named.
        """

    def related(self, story: StoryId) -> tuple[StoryId, Reason] | None:
        """Answer to which earlier story *story* is related, and why."""

    def relatives(self, story: StoryId) -> tuple[tuple[StoryId, Reason], ...]:
        """Answer the later stories that are related to *story*, oldest first."""

    def placed(self, story: StoryId) -> tuple[PlacedArticle, ...]:
        """Answer the articles of a story and why each belongs to it, oldest first."""

    def keep_apart(
        self, article: ArticleId, others: Sequence[ArticleId], who: str, now: datetime
    ) -> None:
        """Remember that *who* has said that *article* and *others* report two events."""

    def apart_from(self, article: ArticleId) -> frozenset[ArticleId]:
        """Answer the articles that a person has said report another event than *article*."""


class WindowRows(Protocol):
    """The stories of the last days, in memory, so that an article is compared with them."""

    def at(self, now: datetime) -> Window:
        """Answer the stories of which something was reported within the window before *now*.

        The same articles in the same order give the same window, whenever it was read.
        """

    def late(self, sketch: Sketch, now: datetime) -> Window | None:
        """Answer what was read lately of what happened before the window, if *sketch* is such.

        For the others, None: they are compared with the window alone.
        """

    def put(self, article: ArticleId, story: StoryId, sketch: Sketch) -> None:
        """Keep the sketch of *article*, which belongs to *story*."""

    def move(self, article: ArticleId, story: StoryId) -> None:
        """Have *article* in *story*."""


class PageRows(Protocol):
    """The pages to be read, and what is known of their hosts."""

    def want(  # noqa: PLR0913 -- a row has these columns
        self,
        article: ArticleId,
        feed: FeedId,
        link: str,
        *,
        near: bool,
        urgent: bool,
        now: datetime,
    ) -> str | None:
        """Have a page read; answer why not if it was given up within the last hour."""

    def claim(
        self, now: datetime, until: datetime, limit: int, a_day: int
    ) -> tuple[WantedPage, ...]:
        """Take up to *limit* pages, one a host; nobody else asks those before *until*.

        Those for rules of high priority come first, then the newest; *a_day* within 24 hours,
        and 200 of a host that is not the user's own.
        """

    def finish(
        self,
        page: WantedPage,
        outcome: str,
        retry_at: datetime | None,
        left: HostLeft,
        now: datetime,
    ) -> bool:
        """Remember how it ended, `read` or why not; False if the claim was lost."""

    def overdue(
        self, since: datetime, limit: int, now: datetime
    ) -> tuple[tuple[ArticleId, str], ...]:
        """Give up to *limit* pages up that have been wanted since *since*; answer why."""

    def known(self, link: str, since: datetime) -> Page | None:
        """Answer the page at *link*, for whichever article it was read since *since*."""

    def waiting(self, until: datetime, a_day: int) -> int:
        """Answer how many pages could be asked for until *until*, as far as is known now."""

    def rest(self, host: str, until: datetime) -> None:
        """Ask *host* for no page before *until*."""

    def robots(self, host: str) -> tuple[str, datetime] | None:
        """Answer the lines of the robots.txt of *host*, and until when they are believed."""

    def keep_robots(self, host: str, lines: str, until: datetime) -> None:
        """Believe *lines* of the robots.txt of *host* until *until*."""

    def release(self) -> None:
        """Give back what was claimed before a stop: nobody works on it any more."""


class HoldRows(Protocol):
    """The rules that hold in part for articles of which no more can be read."""

    def keep(
        self, article: ArticleId, holds: Sequence[PartialHold], now: datetime
    ) -> frozenset[str]:
        """Keep just *holds* for the newest revision; answer the rules that had one before."""

    def latest(self, limit: int) -> tuple[PartialRow, ...]:
        """Answer the newest holds of rules that hold for no article of the same story."""


class SubscriptionRows(Protocol):
    """The subscriptions at hubs: one that is wanted a feed, and those that are to be ended."""

    def want(self, feed: FeedId, offer: Offer, now: datetime) -> None:
        """Have the hub of *offer* asked; the feed has no other subscription that is wanted."""

    def of(self, feed: FeedId) -> Subscription | None:
        """Answer the subscription of *feed* that is wanted."""

    def at(self, callback: str) -> Subscription | None:
        """Answer the subscription whose hub calls *callback*."""

    def all(self) -> Iterable[Subscription]:
        """Answer every subscription."""

    def keep(self, subscription: Subscription) -> None:
        """Remember *subscription*, which is known by its callback."""

    def end(self, callback: str) -> None:
        """Forget a subscription."""

    def unlisted(self) -> Iterable[Subscription]:
        """Answer those that are wanted for feeds that are no longer polled."""

    def claim(self, now: datetime, until: datetime, limit: int) -> tuple[DueSubscription, ...]:
        """Take up to *limit* that are due, one a host; nobody else asks those before *until*.

        A subscription stays due until it is kept with another time.
        """

    def leave(self, due: DueSubscription, left: HostLeft) -> None:
        """Let others ask the host of a hub again."""

    def hasten(self, callback: str, at: datetime) -> None:
        """Have the feed polled at *at*, if it is not polled sooner."""


class HeartRows(Protocol):
    """The sign of life that `health` looks for."""

    def beat(self, now: datetime, process: int, rulebook: str) -> None:
        """Say that process number *process* is polling, under the rules.yaml of that digest."""
