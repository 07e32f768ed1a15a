"""Reads feeds and pages in worker processes, within bounds of time and memory.

Own processes rather than a pool of a library: those known either cannot end one of their
processes alone, or leave one behind when a call is cancelled while it starts.
"""

import asyncio
import pickle
import weakref
from collections.abc import Callable
from typing import TypeAlias, TypeVar, cast

from monitors.adapters.workers.inside import Done, GaveUp
from monitors.adapters.workers.process import Worker, WorkerDiedError
from monitors.feeds.document import read_document
from monitors.feeds.entry import Document, NotAFeed
from monitors.stories.page import NoText, Page, read_page

T = TypeVar("T")
FeedReader: TypeAlias = Callable[[bytes, str, str | None], Document | NotAFeed]
PageReader: TypeAlias = Callable[[bytes, str, str | None], Page | NoText]
Reading: TypeAlias = Callable[[bytes, str, str | None], T]

_MEMORY = 1 << 30


class Workers:
    """A few processes that read for us; one that takes too long or too much is killed.

    Implements `pipeline.ports.Reader`. They start when they are needed, and end with `close`,
    when nobody holds this object any more, or with the interpreter.

    Args:
        at_once: how many processes there are at most.
        seconds: what one reading may take; waiting for a process is not counted.
        feed_reader, page_reader: module-level functions that the processes can import.
    """

    def __init__(
        self,
        *,
        at_once: int = 2,
        seconds: float = 10,
        feed_reader: FeedReader = read_document,
        page_reader: PageReader = read_page,
    ) -> None:
        self._turns = asyncio.Semaphore(at_once)
        self._seconds = seconds
        self._feed_reader, self._page_reader = feed_reader, page_reader
        self._idle: list[Worker] = []
        weakref.finalize(self, _end_all, self._idle)

    async def read_feed(
        self, body: bytes, address: str, content_type: str | None = None
    ) -> Document | NotAFeed:
        """Answer the entries of a feed; see `feeds.document.read_document`."""
        answer = await self._read(self._feed_reader, body, address, content_type)
        return NotAFeed(message=answer.why) if isinstance(answer, GaveUp) else answer

    async def read_page(
        self, body: bytes, address: str, content_type: str | None = None
    ) -> Page | NoText:
        """Answer the article on a page; see `stories.page.read_page`."""
        answer = await self._read(self._page_reader, body, address, content_type)
        return NoText(message=answer.why) if isinstance(answer, GaveUp) else answer

    def close(self) -> None:
        """End the processes that have nothing to do; a later reading starts others."""
        _end_all(self._idle)

    async def _read(
        self, reader: Reading[T], body: bytes, address: str, content_type: str | None
    ) -> T | GaveUp:
        arguments = (body, address, content_type)
        job = pickle.dumps((reader, arguments, self._seconds), pickle.HIGHEST_PROTOCOL)
        async with self._turns:
            answer = await self._ask(job)
        # The process answers what the function that it was given does.
        return cast("T", answer.value) if isinstance(answer, Done) else answer

    async def _ask(self, job: bytes) -> Done | GaveUp:
        while self._idle:
            try:
                return await self._ask_one(self._idle.pop(), job)
            except WorkerDiedError:
                # It may have been killed while it had nothing to do: not this job's fault.
                continue
        try:
            return await self._ask_one(Worker(_MEMORY), job)
        except WorkerDiedError:
            return GaveUp("reading it ended abruptly")

    async def _ask_one(self, worker: Worker, job: bytes) -> Done | GaveUp:
        """Answer what *worker* says to *job* in time, and keep it if it can go on.

        Raises:
            WorkerDiedError: it ended by itself.
        """
        try:
            async with asyncio.timeout(self._seconds):
                answer = await asyncio.to_thread(worker.ask, job)
        except TimeoutError:
            worker.end()
            return GaveUp(f"reading it takes longer than {self._seconds:g} s")
        except BaseException:
            worker.end()
            raise
        if isinstance(answer, Done):
            self._idle.append(worker)
        else:
            await asyncio.to_thread(worker.end)
        return answer


def _end_all(workers: list[Worker]) -> None:
    while workers:
        workers.pop().end()
