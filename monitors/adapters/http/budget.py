"""How many bytes of bodies there may be at once, however many servers send at once.

A body counts from its first byte until nobody holds it any more. It takes its place in two
steps: its beginning, and, if it proves to be longer, all the rest that it may have. The bytes
for the two are kept apart, and nobody who has a rest waits for anything: so many half-read
bodies never block each other, and a few large ones that trickle never hold up small ones.
"""

import asyncio
import weakref
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

BEGINNING = 1_000_000


class Pool:
    """Bytes that are taken and given back; who waits for some gets them in turn.

    Args:
        size: how many there are.
    """

    def __init__(self, size: int) -> None:
        self.size = self._free = size
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    async def take(self, count: int) -> None:
        """Take *count* bytes, at most `size`, as soon as they are there."""
        turn = asyncio.get_running_loop().create_future()
        self._waiting.append((count, turn))
        self._serve()
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                self._serve()
            else:  # they were handed over just when nobody wanted them any more
                self.give(count)
            raise

    def give(self, count: int) -> None:
        """Give *count* bytes back."""
        self._free += count
        self._serve()

    def _serve(self) -> None:
        while self._waiting:
            count, turn = self._waiting[0]
            if not turn.done():
                if count > self._free:
                    return
                self._free -= count
                turn.set_result(None)
            self._waiting.popleft()


class ByteBudget:
    """The bytes that all bodies together may have.

    Args:
        total: how many; half of them for beginnings, half for what goes beyond.
    """

    def __init__(self, total: int) -> None:
        self.beginnings, self.rests = Pool(total // 2), Pool(total // 2)
        self.beginning = min(BEGINNING, self.beginnings.size)

    @property
    def longest(self) -> int:
        """How long a body may be at most."""
        return self.beginning + self.rests.size

    @asynccontextmanager
    async def room(self, longest: int) -> AsyncIterator["Room"]:
        """Answer room for a body that gets no longer than *longest*: none yet."""
        room = Room(self, longest)
        try:
            yield room
        finally:
            room.leave()


class Room:
    """The room of one body, which grows when its reader asks for it.

    Args:
        budget: where its bytes are taken from.
        longest: how long the body may become, at most `budget.longest`.
    """

    def __init__(self, budget: ByteBudget, longest: int) -> None:
        self._budget = budget
        self.longest = longest
        self._beginning = self._rest = 0

    @property
    def size(self) -> int:
        """For how many bytes there is room now."""
        return self._beginning + self._rest

    async def grow(self) -> None:
        """Wait for room for the beginning, or then for all the rest."""
        beginning = min(self.longest, self._budget.beginning)
        if not self._beginning:
            await self._budget.beginnings.take(beginning)
            self._beginning = beginning
        else:
            await self._budget.rests.take(self.longest - beginning)
            self._rest = self.longest - beginning

    def keep(self, size: int, owner: object) -> None:
        """Keep room for *size* bytes for as long as *owner* lives."""
        beginning = min(size, self._beginning)
        rest = size - beginning
        self._beginning -= beginning
        self._rest -= rest
        loop = asyncio.get_running_loop()
        weakref.finalize(owner, _give_later, loop, self._budget, beginning, rest).atexit = False

    def leave(self) -> None:
        """Give back all that is not kept."""
        _give(self._budget, self._beginning, self._rest)
        self._beginning = self._rest = 0


def _give(budget: ByteBudget, beginning: int, rest: int) -> None:
    budget.beginnings.give(beginning)
    budget.rests.give(rest)


def _give_later(
    loop: asyncio.AbstractEventLoop, budget: ByteBudget, beginning: int, rest: int
) -> None:
    """Give back from whatever thread the last one has let go in."""
    with suppress(RuntimeError):  # the loop is closed, and nobody waits any more
        loop.call_soon_threadsafe(_give, budget, beginning, rest)
