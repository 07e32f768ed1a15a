"""When a fetch has its turn, and how long it may take without counting that.

Who waits for a turn holds none, so that no two fetches ever wait for each other.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from types import TracebackType
from typing import Self
from weakref import WeakValueDictionary

from yarl import URL


class Deadline:
    """The time that servers have for one fetch; it stands still while Newsbell makes it wait.

    As a context manager, it ends what is done in it.

    Args:
        seconds: what the servers have.
        patience: how many seconds Newsbell may make it wait, all in all.

    Raises:
        TimeoutError: either is over; `is_paused` says which.
    """

    def __init__(self, seconds: float, patience: float) -> None:
        self._timeout = asyncio.timeout(seconds)
        self._patience = patience
        self.is_paused = False

    async def __aenter__(self) -> Self:
        await self._timeout.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._timeout.__aexit__(kind, error, trace)

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Let what is waited for within cost patience instead."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        left = (self._timeout.when() or began) - began
        self._timeout.reschedule(began + self._patience)
        self.is_paused = True
        yield
        self.is_paused = False
        now = loop.time()
        self._patience -= now - began
        self._timeout.reschedule(now + left)


class Turns:
    """One connection a host at a time, and a bounded number to all of them.

    Args:
        at_once: the number.
    """

    def __init__(self, at_once: int) -> None:
        self._all = asyncio.Semaphore(at_once)
        # A host is known while somebody has its turn or waits for it.
        self._hosts: WeakValueDictionary[tuple[str | None, int | None], asyncio.Lock]
        self._hosts = WeakValueDictionary()

    @asynccontextmanager
    async def of(self, url: URL, deadline: Deadline) -> AsyncIterator[None]:
        """Have a turn at the host of *url*, as soon as there is one."""
        host = self._hosts.setdefault((url.host, url.port), asyncio.Lock())
        async with AsyncExitStack() as turn:
            with deadline.paused():
                await turn.enter_async_context(host)
                await turn.enter_async_context(self._all)
            yield
