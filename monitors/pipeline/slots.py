"""Work that goes on beside the ticks, a bounded number at once."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from typing import TypeVar

import structlog

from monitors.errors import StoreError

T = TypeVar("T")
_log = structlog.get_logger()


class Slots:
    """Tasks under way, at most *limit*.

    A task that fails is logged and forgotten: what it worked on is still in the store, and is
    claimed again when its lease ends. But where the store itself has failed, nothing can go on.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._tasks: set[asyncio.Task[None]] = set()
        self._store_error: StoreError | None = None

    @property
    def free(self) -> int:
        """How many more tasks may be started.

        Raises:
            StoreError: a task could not use the store.
        """
        if self._store_error:
            raise self._store_error
        return max(0, self._limit - len(self._tasks))

    async def fill(
        self,
        claim: Callable[[int], Awaitable[Sequence[T]]],
        work: Callable[[T], Coroutine[object, object, None]],
    ) -> int:
        """Claim as much as there is room for, and begin to work on each; answer how much.

        Args:
            claim: answers at most as many things to work on as it is told.
            work: works on one of them.
        """
        room = self.free
        claimed = await claim(room) if room else ()
        for one in claimed:
            self.start(work(one), work.__qualname__)
        return len(claimed)

    def start(self, work: Coroutine[object, object, None], name: str) -> None:
        """Run *work* beside everything else."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    async def idle(self) -> None:
        """Wait until nothing is under way.

        Raises:
            StoreError: a task could not use the store.
        """
        while self._tasks:
            await asyncio.wait(self._tasks)
        if self._store_error:
            raise self._store_error

    async def stop(self, *, grace: float) -> None:
        """Let what is under way end within *grace* seconds, then cancel the rest."""
        tasks = set(self._tasks)
        if tasks and grace > 0:
            _, tasks = await asyncio.wait(tasks, timeout=grace)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, StoreError):
            self._store_error = error
        elif error:
            _log.error("task.failed", task=task.get_name(), exc_info=error)
