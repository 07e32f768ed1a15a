"""Work that goes on at the same time for different people, and one by one for each."""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine

from monitors.pipeline.slots import Slots

Work = Callable[[], Coroutine[object, object, None]]
_MOST_LANES = 64


class Lanes:
    """One lane a person; in each, one thing after the other.

    What fails is logged, and the next in its lane begins. Where the store has failed, nothing goes
    on.

    Args:
        most: things in a lane.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._waiting: dict[str, deque[Work]] = {}
        self._slots = Slots(_MOST_LANES)
        self._room = asyncio.Event()
        self._stopped = False

    def is_busy(self, lane: str) -> bool:
        """Answer whether something is under way in *lane*."""
        return lane in self._waiting

    def has_room(self, lane: str) -> bool:
        """Answer whether one more thing may wait in *lane*."""
        return len(self._waiting.get(lane, ())) < self._most

    async def add(self, lane: str, work: Work) -> None:
        """Have *work* done after all that is in *lane*; wait while there are too many lanes."""
        while lane not in self._waiting and len(self._waiting) >= _MOST_LANES:
            self._room.clear()
            await self._room.wait()
        if lane in self._waiting:
            self._waiting[lane].append(work)
        else:
            self._waiting[lane] = deque([work])
            self._slots.start(self._next(lane), f"lane {lane}")

    async def idle(self) -> None:
        """Wait until nothing is under way.

        Raises:
            StoreError: something could not use the store.
        """
        await self._slots.idle()

    async def stop(self) -> None:
        """Begin no more, and end what is under way."""
        self._stopped = True
        await self._slots.stop(grace=0)

    async def _next(self, lane: str) -> None:
        queue = self._waiting[lane]
        try:
            await queue[0]()
        finally:
            queue.popleft()
            if queue and not self._stopped:
                self._slots.start(self._next(lane), f"lane {lane}")
            else:
                del self._waiting[lane]
                self._room.set()
