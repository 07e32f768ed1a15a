"""Work beside the ticks: bounded, waited for, and never in the way."""

import asyncio

import pytest
import structlog

from monitors.pipeline.slots import Slots


class Work:
    """Work that ends when it is told to."""

    def __init__(self):
        self.go_on = asyncio.Event()
        self.ended = self.cancelled = False

    async def __call__(self):
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise
        self.ended = True


async def fail():
    raise ValueError("it cannot be done")


def test_what_is_under_way_takes_slots_until_it_ends():
    async def steps():
        slots, first, second = Slots(2), Work(), Work()
        free = [slots.free]
        for work in (first, second):
            slots.start(work(), "work")
            free.append(slots.free)
        first.go_on.set()
        second.go_on.set()
        await slots.idle()
        return [*free, slots.free]

    assert asyncio.run(steps()) == [2, 1, 0, 2]


def test_idle_waits_for_work_that_other_work_has_begun():
    async def steps():
        slots, later = Slots(2), Work()

        async def begin():
            later.go_on.set()
            slots.start(later(), "later")

        slots.start(begin(), "begin")
        await slots.idle()
        return later.ended

    assert asyncio.run(steps())


@pytest.mark.parametrize("wait", ["idle", "stop"])
def test_there_is_nothing_to_wait_for_where_nothing_is_under_way(wait):
    async def steps():
        slots = Slots(1)
        await (slots.idle() if wait == "idle" else slots.stop(grace=60))
        return slots.free

    assert asyncio.run(steps()) == 1


def test_work_that_fails_is_logged_and_gives_its_slot_back():
    async def steps():
        slots, other = Slots(2), Work()
        slots.start(fail(), "poll x")
        slots.start(other(), "other")
        other.go_on.set()
        await slots.idle()
        return slots.free, other.ended

    with structlog.testing.capture_logs() as logs:
        assert asyncio.run(steps()) == (2, True)
    assert [(entry["event"], entry["task"]) for entry in logs] == [("task.failed", "poll x")]
    assert isinstance(logs[0]["exc_info"], ValueError)


def test_stopping_lets_work_end_that_needs_little_more():
    async def steps():
        slots, work = Slots(1), Work()
        slots.start(work(), "work")
        asyncio.get_running_loop().call_soon(work.go_on.set)
        await slots.stop(grace=60)
        return work.ended, work.cancelled, slots.free

    assert asyncio.run(steps()) == (True, False, 1)


@pytest.mark.parametrize("grace", [0, 0.01])
def test_stopping_cancels_what_does_not_end_in_time(grace):
    async def steps():
        slots, work = Slots(1), Work()
        slots.start(work(), "work")
        await asyncio.sleep(0)  # let it begin
        await slots.stop(grace=grace)
        return work.ended, work.cancelled, slots.free

    with structlog.testing.capture_logs() as logs:
        assert asyncio.run(steps()) == (False, True, 1)
    assert logs == []


def test_stopping_goes_on_when_work_fails_on_its_way_out():
    async def steps():
        slots = Slots(1)
        slots.start(fail(), "work")
        await slots.stop(grace=0)
        return slots.free

    with structlog.testing.capture_logs():
        assert asyncio.run(steps()) == 1
