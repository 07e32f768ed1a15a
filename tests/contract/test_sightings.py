"""What the store knows of the entries that a feed has shown."""

from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.feed import Feed
from monitors.grouping.placement import NewStory, Signs
from monitors.stories.article import Article
from monitors.stories.recognition import Dates, Sighting, Traits
from tests.fakes.stand_ins import FEED, START

OTHER = "https://other.example/feed"
DAY = timedelta(days=1)


class Rows:
    """The sightings of one feed."""

    def __init__(self, ledger):
        self.rows = ledger.articles
        self.ids = ledger.feeds.sync([Feed(address=FEED), Feed(address=OTHER)], START)

    def shows(self, name, *, article=None, feed=FEED, first_at=START, **traits):
        if article is None:
            article = self._article(name)
        sighting = Sighting(
            article=article, content_hash=name, traits=Traits(**traits), first_at=first_at
        )
        self.rows.see(self.ids[feed], name, sighting)
        return article

    def _article(self, name):
        stored = Article(
            identity=name,
            url=None,
            link=None,
            outlet="Wire",
            title=name,
            published_at=START,
            seen_at=START,
        )
        nothing = Signs(url=None, identifier=None, title_key=None)
        return self.rows.add(stored, nothing, NewStory())[0]

    def alike(self, **traits):
        return {one.content_hash for one in self.rows.alike(self.ids[FEED], Traits(**traits))}

    def names(self, *names):
        return set(self.rows.sightings(self.ids[FEED], names))

    def dates(self):
        return self.rows.dates(self.ids[FEED], START, START + DAY)


@pytest.fixture
def within():
    """Answer a function that runs one with `Rows`."""
    store = SqliteStore(None)
    yield lambda work: store.write_now(lambda ledger: work(Rows(ledger)))
    store.close()


def test_a_sighting_comes_back_as_it_was(within):
    def work(rows):
        traits = {"link": -1, "title": 2, "text": 3, "published_at": START - DAY}
        article = rows.shows("a", first_at=START + DAY, **traits)
        (found,) = rows.rows.sightings(rows.ids[FEED], ["a", "b"]).values()
        assert found == Sighting(
            article=article, content_hash="a", traits=Traits(**traits), first_at=START + DAY
        )

    within(work)


def test_what_is_shown_again_keeps_the_time_when_it_was_first_called_so(within):
    def work(rows):
        article = rows.shows("a", title=1)
        rows.shows("a", article=article, title=2, first_at=START + DAY)
        (found,) = rows.rows.sightings(rows.ids[FEED], ["a"]).values()
        assert (found.traits.title, found.first_at) == (2, START)

    within(work)


def test_more_names_than_a_statement_takes_are_found(within):
    def work(rows):
        names = [f"{number}" for number in range(1_200)]
        article = rows.shows("0")
        for name in names[1::2]:
            rows.shows(name, article=article)
        assert rows.names(*names) == {"0", *names[1::2]}

    within(work)


def test_what_has_the_link_or_the_title_is_alike_if_this_feed_has_shown_it(within):
    def work(rows):
        rows.shows("link", link=1, title=9)
        rows.shows("title", link=9, title=2)
        rows.shows("neither", link=8, title=8)
        rows.shows("elsewhere", feed=OTHER, link=1, title=2)
        assert rows.alike(link=1, title=2) == {"link", "title"}
        assert rows.alike(link=7, title=7) == rows.alike() == set()

    within(work)


def test_of_a_thousand_with_one_title_a_few_are_answered_with_the_one_of_the_date(within):
    def work(rows):
        article = rows.shows("0", title=1, published_at=START)
        for number in range(1, 1_000):
            rows.shows(f"{number}", article=article, title=1, published_at=START + number * DAY)
        found = rows.alike(title=1, published_at=START + 777 * DAY)
        assert "777" in found
        assert 2 <= len(found) <= 6

    within(work)


def test_only_the_last_names_of_an_article_are_kept(within):
    def work(rows):
        article = rows.shows("0")
        other = rows.shows("other")
        for number in range(1, 9):
            rows.shows(f"{number}", article=article, first_at=START + number * DAY)
        rows.rows.forget_names(rows.ids[FEED], article)
        rows.rows.forget_names(rows.ids[FEED], other)
        assert rows.names("other", *map(str, range(9))) == {"other", "5", "6", "7", "8"}

    within(work)


def test_the_dates_are_those_of_the_subscription_and_those_until_the_last_poll(within):
    def work(rows):
        for number in range(5):
            rows.shows(f"{number}", published_at=START - number * DAY)
        rows.shows("undated")
        rows.shows("later", first_at=START + DAY, published_at=START - 99 * DAY)
        rows.shows("now", first_at=START + 2 * DAY, published_at=START + 2 * DAY)
        assert rows.dates() == Dates(
            subscribed_at=START, read_at=START + DAY, oldest=START - 4 * DAY, newest=START
        )

    within(work)


def test_four_dates_do_not_tell_how_far_back_a_feed_went(within):
    def work(rows):
        for number in range(4):
            rows.shows(f"{number}", published_at=START - number * DAY)
        assert (rows.dates().oldest, rows.dates().newest) == (None, START)

    within(work)
