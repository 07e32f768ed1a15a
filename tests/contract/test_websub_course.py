"""Server, client, store and a real hub together: whatever a hub does, a subscription stands it."""

import asyncio
from contextlib import asynccontextmanager
from datetime import timedelta
from ipaddress import ip_network

import pytest

from monitors.adapters.http.hubs import WebHubs
from monitors.adapters.sqlite.database import SqliteStore
from monitors.adapters.web.server import WebServer
from monitors.adapters.websub.calls import MOST_BYTES, HubDoor
from monitors.feeds.feed import Feed
from monitors.gathering.push import Pushes, PushPorts
from monitors.polling.subscription import Offer, Standing
from tests.fakes.hub import HUNG_UP, Fault, Hub
from tests.fakes.stand_ins import FEED, START, Clock

BODY = b"<rss/>"


@pytest.fixture
def hub():
    with Hub() as opened:
        yield opened


class Course:
    """One subscription, from the store to the hub and back."""

    def __init__(self, hub, pushes, server, store, clock):
        self.hub, self.pushes, self.server = hub, pushes, server
        self.store, self.clock = store, clock

    async def asks(self):
        """Ask the hub, and wait until it has called back, if it does."""
        before = len(self.hub.answers)
        await self.pushes.tick()
        await self.pushes.slots.idle()
        await asyncio.to_thread(self.hub.wait_for, lambda: len(self.hub.answers) > before)

    async def pushed(self, body=BODY, **how):
        answers = await asyncio.to_thread(lambda: self.hub.push(FEED, body, **how))
        await self.pushes.tick()
        return [answer.status for answer in answers]

    def known(self):
        (known,) = self.store.write_now(lambda ledger: list(ledger.subscriptions.all()))
        return known

    def standing(self):
        return self.known().standing(self.clock())

    def next_poll(self):
        (health,) = self.store.write_now(lambda ledger: ledger.feeds.health())
        return health.memory.next_poll_at

    def polls_in(self, **time):
        """Let the feed be polled next in *time*."""
        at = self.clock() + timedelta(**time)
        self.store.write_now(
            lambda ledger: ledger.feeds._db.execute(
                "UPDATE feed SET next_poll_at = ?", [round(at.timestamp() * 1000)]
            )
        )
        return at


@asynccontextmanager
async def course(hub):
    clock, store = Clock(), SqliteStore(None)
    hubs = WebHubs([ip_network("127.0.0.0/8")], clock=clock)
    ports = PushPorts(store=store, hubs=hubs, clock=clock, chance=lambda: 0.0)
    doors = []
    server = WebServer("127.0.0.1", 0, doors)
    await server.open()
    pushes = Pushes(ports, f"http://127.0.0.1:{server.port}")
    doors.append(HubDoor(pushes))
    ids = store.write_now(lambda ledger: ledger.feeds.sync([Feed(address=FEED)], START))
    offer = Offer(hub=hub.url, topic=FEED)
    store.write_now(lambda ledger: ledger.subscriptions.want(ids[FEED], offer, START))
    await pushes.open()
    try:
        yield Course(hub, pushes, server, store, clock)
    finally:
        await server.close()
        store.close()


def run(hub, work):
    async def through():
        async with course(hub) as opened:
            return await work(opened)

    return asyncio.run(through())


def test_a_hub_that_keeps_to_the_rules_is_subscribed_to(hub):
    async def work(course):
        await course.asks()
        return course.standing()

    assert run(hub, work) is Standing.ACTIVE
    assert len(hub.subscriptions) == 1


@pytest.mark.parametrize(
    ("fault", "standing"),
    [
        (Fault.WRONG_TOPIC, Standing.PENDING),
        (Fault.NO_CHALLENGE, Standing.PENDING),
        (Fault.DENY, Standing.REFUSED),
    ],
)
def test_a_hub_that_does_not_is_not(hub, fault, standing):
    hub.fault = fault

    async def work(course):
        await course.asks()
        return course.standing()

    assert run(hub, work) is standing
    assert hub.subscriptions == {}


def test_a_hub_may_grant_less_than_it_was_asked_for(hub):
    hub.lease = 3_600

    async def work(course):
        await course.asks()
        return course.known()

    known = run(hub, work)
    assert known.lease_until == START + timedelta(hours=1)
    assert known.due_at == START + timedelta(minutes=40)


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_a_push_has_the_feed_polled_now(hub, method):
    async def work(course):
        await course.asks()
        course.polls_in(hours=4)
        return await course.pushed(method=method), course.next_poll()

    assert run(hub, work) == ([202], START)


@pytest.mark.parametrize("how", [{"method": ""}, {"secret": "guessed"}, {"signature": "sha1=0"}])
def test_a_push_that_is_not_the_hubs_does_not(hub, how):
    async def work(course):
        await course.asks()
        at = course.polls_in(hours=4)
        return await course.pushed(**how), course.next_poll() - at, course.known().ignored

    assert run(hub, work) == ([202], timedelta(), 1)


def test_a_hundred_pushes_at_once_are_as_good_as_one(hub):
    async def work(course):
        await course.asks()
        course.polls_in(hours=4)
        return await course.pushed(copies=100), course.next_poll()

    assert run(hub, work) == ([202] * 100, START)


def test_a_push_that_was_overheard_and_is_repeated_is_one_poll_each_ten_seconds(hub):
    async def work(course):
        await course.asks()
        await course.pushed()
        course.polls_in(hours=4)
        course.clock.passes(seconds=2)
        await course.pushed()
        return course.next_poll()

    assert run(hub, work) == START + timedelta(seconds=10)


def test_a_push_may_be_as_large_as_a_feed_and_no_larger(hub):
    async def work(course):
        await course.asks()
        large = await course.pushed(b"x" * MOST_BYTES)
        course.polls_in(hours=4)
        course.clock.passes(hours=1)
        return large, await course.pushed(b"x" * (MOST_BYTES + 1)), course.next_poll()

    large, larger, next_poll = run(hub, work)
    assert large == [202]
    assert larger[0] in (413, HUNG_UP)
    assert next_poll == START + timedelta(hours=4)


def test_a_push_after_the_lease_still_tells_of_news(hub):
    async def work(course):
        await course.asks()
        course.clock.passes(days=11)
        course.polls_in(hours=4)
        return await course.pushed(), course.next_poll() - course.clock()

    assert run(hub, work) == ([202], timedelta())


def test_a_stranger_learns_nothing_and_changes_nothing(hub):
    async def work(course):
        await course.asks()
        before = course.known()
        stranger = f"http://127.0.0.1:{course.server.port}/websub/{'x' * 32}"
        answer = await asyncio.to_thread(
            lambda: hub.verifies(
                stranger, hub_mode="subscribe", hub_topic=FEED, hub_challenge="abc"
            )
        )
        return answer, course.known() == before

    answer, same = run(hub, work)
    assert (answer.status, answer.text, same) == (404, "", True)
    assert answer.headers["Server"] == "-"
