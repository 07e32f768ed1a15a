"""A document is judged as a whole, although it is taken in in slices, and also after a crash."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.feeds.feed import Feed
from monitors.gathering.take_in import take_in
from monitors.pipeline.accept import Carrier
from monitors.pipeline.book import InForce
from tests.fakes.stand_ins import FEED, START, Clock, book, document, entry, rule

HOUR = timedelta(hours=1)
WIRE = Feed(address=FEED, catch_up=timedelta(0))


class StoppedError(Exception):
    """Newsbell was stopped."""


class Dying:
    """A store that is gone after some more transactions."""

    def __init__(self, store, transactions):
        self._store, self._left = store, transactions

    async def write(self, work):
        if self._left == 0:
            raise StoppedError
        self._left -= 1
        return await self._store.write(work)


class Desk:
    """A feed that is taken in, and what is remembered of it."""

    def __init__(self):
        self.store, self.clock = SqliteStore(None), Clock()
        self.in_force = InForce(book(rule("ship"), feeds=(WIRE,)))
        ids = self.store.write_now(lambda ledger: ledger.feeds.sync([WIRE], START))
        self.carrier = Carrier(id=ids[FEED], feed=WIRE, watched=(FEED,))

    def takes(self, *entries, dies_after=None):
        store = self.store if dies_after is None else Dying(self.store, dies_after)
        self.clock.passes(days=5)
        taken = asyncio.run(
            take_in(store, self.in_force, self.carrier, document(*entries), self.clock)
        )
        self.carrier = replace(
            self.carrier,
            first_ok_at=self.carrier.first_ok_at or self.clock(),
            last_ok_at=self.clock(),
            shared_ids=taken.shared_ids,
        )
        return taken

    def alerts(self):
        return len(self.store.write_now(lambda ledger: ledger.alerts.latest(999, failed=False)))


@pytest.fixture
def desk():
    opened = Desk()
    yield opened
    opened.store.close()


def ships(count, **changes):
    return [
        entry(number, f"Ship {number} sails", published_at=START - number * HOUR, **changes)
        for number in range(count)
    ]


def renamed(entries):
    return [replace(one, id=f"new {one.id}", url=f"{one.url}/new") for one in entries]


def test_new_names_are_known_also_where_a_crash_has_cut_the_taking_in(desk):
    desk.takes(*ships(450))
    with pytest.raises(StoppedError):
        desk.takes(*renamed(ships(450)), dies_after=3)

    desk.takes(*renamed(ships(450)))

    assert desk.alerts() == 0


def test_what_a_crash_has_cut_off_rings_at_the_next_poll(desk):
    desk.takes(*ships(3))
    news = [entry(number, f"Ship {number} returns") for number in range(1000, 1300)]
    desk.in_force.book = book(rule('"1001" OR "1299"'), feeds=(WIRE,))
    with pytest.raises(StoppedError):
        desk.takes(*news, dies_after=2)
    before = desk.alerts()

    desk.takes(*news)

    assert (before, desk.alerts()) == (1, 2)


def test_what_the_notice_leaves_to_ring_is_stored_with_it(desk):
    desk.takes(*ships(3))
    news = [
        entry(n, f"Ship {n} returns", published_at=START + n * HOUR / 100) for n in range(100, 400)
    ]
    with pytest.raises(StoppedError):
        desk.takes(*news, dies_after=2)

    counts = desk.store.write_now(lambda ledger: ledger.outbox.counts())

    assert (desk.alerts(), counts) == (100, {"pending": 101})


def test_the_posts_of_the_first_poll_are_all_entries_and_later_the_news(desk):
    first = desk.takes(*ships(10))
    again = desk.takes(*renamed(ships(10)))
    news = desk.takes(entry(77, "Ship 77 sails", published_at=START), *renamed(ships(10)))
    undated = desk.takes(entry(78, "Ship 78 sails"))

    assert sorted(first.posts) == [START - number * HOUR for number in range(9, -1, -1)]
    assert (again.posts, news.posts, undated.posts) == ((), (START,), (desk.clock(),))
