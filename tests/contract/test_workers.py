"""Worker processes: what they read, and that no body can take the reader down with it."""

import asyncio
import os
import pickle
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from monitors.adapters.workers.inside import Done
from monitors.adapters.workers.process import Worker, WorkerDiedError
from monitors.adapters.workers.reading import Workers
from monitors.feeds.entry import Document, NotAFeed
from monitors.stories.page import Page
from tests.fakes.rogue_reader import behave

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "sample/harbour-herald/second-pillar-talks.html").read_bytes()
FEED = (ROOT / "sample/harbour-herald.xml").read_bytes()
ADDRESS = "https://harbour-herald.example/rss.xml"


def with_workers(work, **settings):
    """Answer what *work* does with workers whose pages are read by `behave`."""

    async def main():
        workers = Workers(page_reader=behave, **settings)
        try:
            return await work(workers)
        finally:
            workers.close()

    return asyncio.run(main())


def is_running(message):
    return Path(f"/proc/{message}").exists()


def test_feeds_and_pages_are_read():
    async def both():
        workers = Workers()
        feed = await workers.read_feed(FEED, ADDRESS)
        page = await workers.read_page(PAGE, ADDRESS, "text/html")
        return feed, page, await workers.read_feed(b"no feed", ADDRESS)

    feed, page, other = asyncio.run(both())
    assert isinstance(feed, Document)
    assert feed.title == "Harbour Herald"
    assert isinstance(page, Page)
    assert "Pillar 2" in page.text
    assert isinstance(other, NotAFeed)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"exit", "reading it ended abruptly"),
        (b"leave", "reading it ended abruptly"),
        (b"crash", "reading it ended abruptly"),
        (b"killed", "reading it ended abruptly"),
        (b"odd", "reading it ended abruptly"),
        (b"memory", "it needs too much memory"),
        (b"deep", "it is nested too deeply"),
        (b"fault", "it cannot be read (ZeroDivisionError)"),
    ],
)
def test_a_reading_that_fails_is_said_in_words_and_the_next_one_works(body, message):
    async def work(workers):
        first = await workers.read_page(b"", ADDRESS)
        failed = await workers.read_page(body, ADDRESS)
        after = await workers.read_page(b"", ADDRESS)
        return first.message, failed.message, after.message

    first, failed, after = with_workers(work)
    assert failed == message
    assert after.isdecimal()
    assert after != first
    assert not is_running(first)


def test_a_reading_that_takes_too_long_is_ended():
    async def work(workers):
        failed = await workers.read_page(b"hang", ADDRESS)
        workers._seconds = 60
        return failed.message, (await workers.read_page(b"", ADDRESS)).message

    failed, after = with_workers(work, seconds=1)
    assert failed == "reading it takes longer than 1 s"
    assert after.isdecimal()


def test_a_feed_that_takes_too_long_is_no_feed():
    async def work():
        workers = Workers(seconds=1, feed_reader=behave)
        return await workers.read_feed(b"hang", ADDRESS)

    assert asyncio.run(work()) == NotAFeed(message="reading it takes longer than 1 s")


def test_a_process_that_was_killed_while_idle_is_no_fault_of_the_next_body():
    async def work(workers):
        first = (await workers.read_page(b"", ADDRESS)).message
        os.kill(int(first), signal.SIGKILL)
        return first, (await workers.read_page(b"", ADDRESS)).message

    first, after = with_workers(work)
    assert after.isdecimal()
    assert after != first


def test_one_process_reads_one_body_after_the_other():
    async def work(workers):
        return {(await workers.read_page(b"", ADDRESS)).message for _ in range(5)}

    assert len(with_workers(work)) == 1


def test_no_more_processes_run_than_are_allowed():
    async def work(workers):
        read = [workers.read_page(b"", ADDRESS) for _ in range(20)]
        return {page.message for page in await asyncio.gather(*read)}

    assert len(with_workers(work, at_once=2)) <= 2


def test_waiting_for_a_process_is_not_counted_as_reading():
    async def work(workers):
        slow = asyncio.create_task(workers.read_page(b"hang", ADDRESS))
        await asyncio.sleep(0)
        waiting = asyncio.create_task(workers.read_page(b"", ADDRESS))
        return (await slow).message, (await waiting).message

    slow, waited = with_workers(work, at_once=1, seconds=2)
    assert slow == "reading it takes longer than 2 s"
    assert waited.isdecimal()


@pytest.mark.parametrize("body", [b"noise", b"signals"])
def test_noise_and_signals_do_not_disturb_the_answer(body):
    async def work(workers):
        return [(await workers.read_page(one, ADDRESS)).message for one in (b"", body, body, b"")]

    assert len(set(with_workers(work))) == 1


def test_long_bodies_and_answers_pass():
    async def work(workers):
        long = await workers.read_page(b"long", ADDRESS)
        return len(long.message), (await workers.read_page(b"x" * 10_000_000, ADDRESS)).message

    length, after = with_workers(work)
    assert length == 5_000_000
    assert after.isdecimal()


def test_a_cancelled_reading_ends_its_process():
    async def work(workers):
        pid = (await workers.read_page(b"", ADDRESS)).message
        reading = asyncio.create_task(workers.read_page(b"hang", ADDRESS))
        await asyncio.sleep(0)
        reading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await reading
        return pid, (await workers.read_page(b"", ADDRESS)).message

    first, after = with_workers(work, at_once=1)
    assert after != first
    # The end of the loop waited for the thread that buried it.
    assert not is_running(first)


def test_a_reading_that_is_cancelled_before_its_process_starts_starts_none():
    worker = Worker(1 << 30)
    worker.end()
    with pytest.raises(WorkerDiedError):
        worker.ask(b"")
    assert worker._process is None


def test_closing_ends_every_process():
    async def work(workers):
        read = [workers.read_page(b"", ADDRESS) for _ in range(4)]
        return {page.message for page in await asyncio.gather(*read)}

    assert not any(is_running(message) for message in with_workers(work))


def test_nothing_is_left_when_nobody_holds_the_workers_any_more():
    pids = []

    async def work():
        workers = Workers(page_reader=behave)
        pids.append((await workers.read_page(b"", ADDRESS)).message)

    asyncio.run(work())
    assert not is_running(pids[0])


_PROGRAM = """
import asyncio
from monitors.adapters.workers.reading import Workers

workers = Workers()

async def main(cancelled):
    page = await workers.read_page(b"<p>" + b"Hello, world. " * 40, "")
    if cancelled:
        tasks = [asyncio.create_task(workers.read_page(b"<p>", "")) for _ in range(5)]
        await asyncio.sleep(0)
    print(type(page).__name__, *(worker._process.pid for worker in workers._idle))

asyncio.run(main(False))
asyncio.run(main(True))
"""


def test_a_program_ends_without_a_warning_and_without_a_process_left():
    ran = subprocess.run(
        [sys.executable, "-X", "dev", "-W", "error", "-c", _PROGRAM],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (0, "")
    words = ran.stdout.split()
    assert words.count("Page") == 2
    assert not any(is_running(pid) for pid in words if pid.isdecimal())


def test_a_worker_ends_when_its_owner_is_gone():
    worker = Worker(1 << 30)
    answer = worker.ask(pickle.dumps((behave, (b"", "", None), 10)))
    assert isinstance(answer, Done)
    worker._process.stdin.close()
    assert worker._process.wait() == 0
    worker.end()
