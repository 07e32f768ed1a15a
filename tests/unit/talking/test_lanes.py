"""Each person's things are done one by one, and those of different people at the same time."""

import asyncio

import pytest

from monitors.errors import StoreError
from monitors.talking.lanes import Lanes


def run(work):
    async def within():
        async with asyncio.timeout(10):
            return await work()

    return asyncio.run(within())


def test_one_lane_is_in_order_and_does_not_wait_for_another():
    async def work():
        lanes, done, gate = Lanes(5), [], asyncio.Event()

        async def waits():
            await gate.wait()
            done.append("first")

        async def second():
            done.append("second")

        async def other():
            done.append("other")
            gate.set()

        await lanes.add("ann", waits)
        await lanes.add("ann", second)
        await lanes.add("bob", other)
        await lanes.idle()
        return done, lanes.is_busy("ann")

    assert run(work) == (["other", "first", "second"], False)


def test_a_lane_has_an_end():
    async def work():
        lanes, gate = Lanes(2), asyncio.Event()
        room = []
        for _ in range(2):
            room.append(lanes.has_room("ann"))
            await lanes.add("ann", gate.wait)
        room += [lanes.has_room("ann"), lanes.has_room("bob")]
        gate.set()
        await lanes.idle()
        return [*room, lanes.has_room("ann")]

    assert run(work) == [True, True, False, True, True]


def test_what_fails_does_not_hold_up_what_comes_after_it():
    async def work():
        lanes, done = Lanes(5), []

        async def fails():
            raise ValueError

        async def works():
            done.append(1)

        await lanes.add("ann", fails)
        await lanes.add("ann", works)
        await lanes.idle()
        return done

    assert run(work) == [1]


def test_where_the_store_has_failed_nothing_goes_on():
    async def work():
        lanes = Lanes(5)

        async def fails():
            raise StoreError("the disk is full")

        await lanes.add("ann", fails)
        await lanes.idle()

    with pytest.raises(StoreError):
        run(work)


def test_too_many_people_at_once_wait_for_one_another():
    async def work():
        lanes, done, gate = Lanes(5), [], asyncio.Event()

        async def waits():
            await gate.wait()
            done.append(1)

        for number in range(64):
            await lanes.add(str(number), waits)
        late = asyncio.create_task(lanes.add("late", waits))
        await asyncio.sleep(0)
        has_waited = not late.done()
        gate.set()
        await late
        await lanes.idle()
        return has_waited, len(done)

    assert run(work) == (True, 65)


def test_a_stop_begins_nothing_more():
    async def work():
        lanes, done, gate = Lanes(5), [], asyncio.Event()

        async def works():
            done.append(1)

        await lanes.add("ann", gate.wait)
        await lanes.add("ann", works)
        await asyncio.sleep(0)
        await lanes.stop()
        return done

    assert run(work) == []
