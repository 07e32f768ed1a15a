"""WebFetcher against servers that send too much, too slowly, or all at once."""

import asyncio
import gzip
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from monitors.adapters.http.budget import BEGINNING, ByteBudget, Pool
from monitors.adapters.http.fetch import WebFetcher
from monitors.feeds.feed import FailureReason, Fetched, FetchFailed
from tests.fakes import feed_site
from tests.fakes.feed_site import FeedSite, Gate
from tests.fakes.fetches import LOOPBACK, NOW, fails, fetch

ROOT = Path(__file__).parents[2]
BODY = b"<rss version='2.0'><channel><title>Wire</title></channel></rss>"
OK = b"HTTP/1.1 200 OK\r\nConnection: close\r\n"
CHUNKED = OK + b"Transfer-Encoding: chunked\r\n\r\n"
LARGE = bytes(BEGINNING + BEGINNING // 2)


@pytest.fixture
def site():
    with FeedSite() as opened:
        yield opened


@pytest.fixture
def wide():
    """A site that is at every loopback address, so that it can be as many hosts."""
    with FeedSite(host="0.0.0.0") as opened:
        yield opened


@asynccontextmanager
async def web(**bounds):
    opened = WebFetcher(LOOPBACK, clock=lambda: NOW, **bounds)
    try:
        yield opened
    finally:
        await opened.close()


def at(site, host, path):
    return f"http://127.0.1.{host}:{site.port}{path}"


async def asked(site, count):
    await asyncio.to_thread(site.wait_for, lambda: len(site.requests()) >= count)


# Turns


def test_a_host_has_one_connection_and_holds_up_no_other(site):
    gate = Gate(BODY)
    site.fail("/slow", gate)

    async def crowd(other):
        async with web() as fetcher:
            slow = [asyncio.create_task(fetcher.fetch(site.at("/slow"))) for _ in range(150)]
            await asked(site, 1)
            outcome = await fetcher.fetch(other.at("/feed.xml"))
            assert len(site.requests()) == 1
            gate.open()
            return [outcome, *await asyncio.gather(*slow)]

    with FeedSite() as other:
        other.put("/feed.xml", BODY)
        assert [one.body for one in asyncio.run(crowd(other))] == [BODY] * 151
    assert site.most_at_once == 1


def test_many_hosts_are_asked_at_once_but_not_any_number(wide):
    gate = Gate(BODY)
    wide.fail("/slow", gate)

    async def crowd():
        async with web() as fetcher:
            tasks = [
                asyncio.create_task(fetcher.fetch(at(wide, host, "/slow"))) for host in range(140)
            ]
            await asked(wide, 128)
            gate.open()
            return await asyncio.gather(*tasks)

    assert [one.body for one in asyncio.run(crowd())] == [BODY] * 140
    assert wide.most_at_once == 128


def test_redirects_between_two_hosts_never_wait_for_each_other(site):
    with FeedSite() as other:
        for here, there in ((site, other), (other, site)):
            here.redirect("/away", there.at("/feed.xml"))
            here.put("/feed.xml", BODY)

        async def both():
            async with web() as fetcher:
                addresses = [site.at("/away"), other.at("/away")] * 100
                return await asyncio.gather(*map(fetcher.fetch, addresses))

        assert [one.body for one in asyncio.run(both())] == [BODY] * 200
        assert (site.most_at_once, other.most_at_once) == (1, 1)


def test_waiting_for_a_turn_costs_nothing_of_the_time_of_a_fetch(site):
    site.fail("/slow", feed_site.hang())
    site.put("/feed.xml", BODY)

    async def queue():
        async with web(total_s=0.8) as fetcher:
            slow = [asyncio.create_task(fetcher.fetch(site.at("/slow"))) for _ in range(3)]
            await asked(site, 1)
            last = await fetcher.fetch(site.at("/feed.xml"))
            return await asyncio.gather(*slow), last

    slow, last = asyncio.run(queue())
    for outcome in slow:
        assert fails(outcome, FailureReason.TIMEOUT, "did not finish within 0.8 s")
    assert last.body == BODY


def test_patience_ends_in_words(site):
    site.fail("/slow", feed_site.hang())

    async def queue():
        async with web(total_s=30, patience_s=0.2) as fetcher:
            slow = asyncio.create_task(fetcher.fetch(site.at("/slow")))
            await asked(site, 1)
            outcome = await fetcher.fetch(site.at("/slow"))
            slow.cancel()
            await asyncio.gather(slow, return_exceptions=True)
            return outcome

    failed = asyncio.run(queue())
    assert fails(failed, FailureReason.TIMEOUT, "for 0.2 s, Newsbell had too much else to fetch")


def test_servers_that_trickle_hold_up_nobody(wide):
    trickle = feed_site.drip(gzip.compress(bytes(5_000_000)))
    wide.fail("/slow", trickle)
    wide.put("/feed.xml", BODY)

    async def crowd():
        async with web(total_s=2) as fetcher:
            slow = [
                asyncio.create_task(fetcher.fetch(at(wide, host, "/slow"))) for host in range(9)
            ]
            await asked(wide, 9)
            outcomes = [await fetcher.fetch(at(wide, 200, "/feed.xml")) for _ in range(3)]
            assert not any(task.done() for task in slow)
            return outcomes, await asyncio.gather(*slow)

    outcomes, slow = asyncio.run(crowd())
    assert [one.body for one in outcomes] == [BODY] * 3
    for outcome in slow:
        assert fails(outcome, FailureReason.TIMEOUT, "did not finish within 2 s")


# The budget


def test_what_was_fetched_counts_until_nobody_holds_it(site):
    site.put("/large", LARGE)
    site.fail("/hang", feed_site.hang())

    async def two(other, **bounds):
        async with web(max_held=2 * BEGINNING, **bounds) as fetcher:
            first = await fetcher.fetch(site.at("/large"))
            second = asyncio.create_task(fetcher.fetch(other.at("/large")))
            await asked(other, 1)
            # It has waited for longer than a fetch may take, but not for its server.
            await fetcher.fetch(site.at("/hang"))
            waited = not second.done()
            assert len(first.body) == len(LARGE)
            del first
            return waited, await second

    with FeedSite() as other:
        other.put("/large", LARGE)
        waited, second = asyncio.run(two(other, total_s=1))
    assert waited
    assert second.body == LARGE


def test_all_is_given_back_however_a_fetch_ends(wide):
    wide.put("/feed.xml", BODY)
    wide.put("/large", LARGE)
    wide.fail("/gone", feed_site.cut(LARGE))
    wide.fail("/packed", feed_site.packed(gzip.compress(LARGE)[:-9], "gzip"))
    wide.fail("/endless", feed_site.endless())
    wide.fail("/hang", feed_site.drip(LARGE))
    paths = ("/feed.xml", "/large", "/gone", "/packed", "/endless", "/hang")

    async def crowd():
        async with web(total_s=1, max_held=6 * BEGINNING) as fetcher:
            addresses = [at(wide, host, paths[host % len(paths)]) for host in range(36)]

            async def one(address):
                return type(await fetcher.fetch(address))

            tasks = [asyncio.create_task(one(address)) for address in addresses]
            await asked(wide, 30)
            tasks[1].cancel()
            kinds = await asyncio.gather(*tasks, return_exceptions=True)
            assert {Fetched, FetchFailed} <= {kind for kind in kinds if isinstance(kind, type)}
            await asyncio.sleep(0)
            budget = fetcher._budget
            return [pool._free for pool in (budget.beginnings, budget.rests)]

    assert asyncio.run(crowd()) == [3 * BEGINNING] * 2


def test_half_read_bodies_never_wait_for_each_other(wide):
    wide.fail("/large", feed_site.packed(gzip.compress(LARGE), "gzip"))

    async def crowd():
        async with web(max_held=4 * BEGINNING) as fetcher:

            async def one(host):
                return len((await fetcher.fetch(at(wide, host, "/large"))).body)

            return await asyncio.gather(*map(one, range(40)))

    assert asyncio.run(crowd()) == [len(LARGE)] * 40


_PEAK = """
import asyncio, re, sys
from datetime import UTC, datetime
from ipaddress import ip_network
from monitors.adapters.http.fetch import WebFetcher

def peak():
    with open("/proc/self/status") as status:
        return int(re.search(r"VmHWM:\\s+(\\d+)", status.read())[1])

async def main(total_s, *addresses):
    loopback = [ip_network("127.0.0.0/8")]
    web = WebFetcher(
        loopback, clock=lambda: datetime.now(UTC), total_s=float(total_s), max_held=30_000_000
    )
    await web.fetch(addresses[0])
    before = peak()

    async def one(address):
        outcome = await web.fetch(address)
        await asyncio.sleep(0.05)  # what is done with a body takes its time
        return outcome.reason.value if hasattr(outcome, "reason") else len(outcome.body)

    answers = await asyncio.gather(*map(one, addresses[1:]))
    await web.close()
    print(*answers, peak() - before)

asyncio.run(main(*sys.argv[1:]))
"""


def grown(*arguments):
    """Answer what a process of its own fetched, and by how many kilobytes it has grown."""
    ran = subprocess.run(
        [sys.executable, "-c", _PEAK, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.stderr == ""
    *answers, kilobytes = ran.stdout.split()
    return answers, int(kilobytes)


def test_twenty_large_bodies_all_arrive_within_the_budget(wide):
    wide.put("/feed.xml", BODY)
    wide.put("/large", bytes(10_000_000))
    large = [at(wide, host, "/large") for host in range(20)]
    answers, kilobytes = grown(30, wide.at("/feed.xml").replace("0.0.0.0", "127.0.0.1"), *large)
    assert answers == ["10000000"] * 20
    assert kilobytes < 60_000  # 200,000 without a budget; under load it takes a little more


# Floods


@pytest.mark.parametrize(
    "fault",
    [
        feed_site.endless(b"HTTP/1.1 200 "),
        feed_site.endless(b""),
        feed_site.raw(OK + b"".join(b"X%d: y\r\n" % number for number in range(500)) + b"\r\n"),
        feed_site.raw(CHUNKED + b"zz\r\n"),
        feed_site.raw(CHUNKED + b"f" * 20 + b"\r\n"),
        feed_site.raw(CHUNKED + b"-1\r\n"),
        feed_site.endless(CHUNKED + b"0\r\n", b"X: y\r\n" * 1000),
        feed_site.raw(OK + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc"),
        feed_site.raw(OK + b"Content-Length: -3\r\n\r\nabc"),
        feed_site.raw(OK + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc"),
    ],
)
def test_what_is_no_http_is_given_up(site, fault):
    site.fail("/feed.xml", fault)
    assert fetch(site.at("/feed.xml")).reason is FailureReason.BROKEN


def test_a_trailer_without_an_end_takes_no_longer_than_a_fetch_may(site):
    site.fail("/feed.xml", feed_site.endless(CHUNKED + b"0\r\nX: "))
    # Where its beginning comes alone, aiohttp reads no further instead of refusing it.
    given_up = fetch(site.at("/feed.xml"), total_s=2)
    assert given_up.reason in {FailureReason.BROKEN, FailureReason.TIMEOUT}


HINTS = b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" * 1000


@pytest.mark.parametrize(
    "fault",
    [
        feed_site.endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
        feed_site.endless(b"", HINTS),
        feed_site.endless(CHUNKED + b"1;"),
        feed_site.endless(CHUNKED, b"0" * 1000),
        feed_site.endless(CHUNKED, b"1;" + b"x" * 1000 + b"\r\ny\r\n"),
    ],
)
def test_a_flood_that_is_no_body_takes_no_memory_and_ends_in_time(site, fault):
    site.put("/feed.xml", BODY)
    site.fail("/flood", fault)
    answers, kilobytes = grown(1, site.at("/feed.xml"), site.at("/flood"))
    assert answers == ["timeout"]
    assert kilobytes < 20_000


def test_what_follows_the_answer_on_a_connection_is_dropped(site):
    site.fail("/feed.xml", feed_site.endless(b"", b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"))
    assert fetch(site.at("/feed.xml")).body == b""


# Pools


@given(st.lists(st.tuples(st.integers(0, 10), st.integers(0, 2), st.integers(0, 2), st.booleans())))
def test_a_pool_never_gives_more_than_it_has_and_serves_all_who_stay(visitors):
    """Each wants so much, holds it for so long, is followed so soon, and may leave then."""
    held, most, served = 0, 0, set()

    async def one(pool, number, count, steps):
        nonlocal held, most
        await pool.take(count)
        served.add(number)
        held += count
        most = max(most, held)
        try:
            for _ in range(steps):
                await asyncio.sleep(0)
        finally:
            held -= count
            pool.give(count)

    async def main():
        pool, tasks = Pool(10), []
        for number, (count, steps, later, leaves) in enumerate(visitors):
            tasks.append(asyncio.create_task(one(pool, number, count, steps)))
            for _ in range(later):
                await asyncio.sleep(0)
            if leaves:
                tasks[-1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        return pool._free

    assert asyncio.run(main()) == 10
    assert most <= 10
    assert served >= {number for number, (*_, leaves) in enumerate(visitors) if not leaves}


def test_who_wants_much_is_not_overtaken_by_those_who_want_little():
    async def queue():
        pool = Pool(10)
        await pool.take(5)
        much, little = asyncio.create_task(pool.take(10)), asyncio.create_task(pool.take(1))
        await asyncio.sleep(0)
        assert not little.done()
        pool.give(5)
        await much
        assert not little.done()
        pool.give(10)
        await little

    asyncio.run(queue())


def test_who_leaves_the_queue_holds_up_nobody():
    async def queue():
        pool = Pool(10)
        await pool.take(5)
        much, little = asyncio.create_task(pool.take(10)), asyncio.create_task(pool.take(1))
        await asyncio.sleep(0)
        much.cancel()
        await little
        return much.cancelled(), little.done()

    assert asyncio.run(queue()) == (True, True)


@pytest.mark.parametrize("total", [2, 1000, 30_000_000, 256_000_000])
def test_a_budget_admits_no_body_that_it_could_not_hold(total):
    async def whole():
        budget = ByteBudget(total)
        async with budget.room(budget.longest) as room:
            while room.size < budget.longest:
                await room.grow()
            return budget.longest

    assert 0 < asyncio.run(whole()) <= total
