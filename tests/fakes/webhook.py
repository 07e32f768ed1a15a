"""A server on the loopback interface that takes notifications by HTTP, and fails on demand.

with Webhook() as hook:
    hook.answers(500, Fault.HANG)  # then 200 for ever
    ...  # something posts to f"json://{hook.host}/path"
    (post,) = hook.wait_for(lambda: hook.taken)
"""

import asyncio
import json
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Self

PATIENCE = 60.0


class Fault(Enum):
    """How a request ends without an answer."""

    HANG = auto()  # it is read, and nothing follows
    CUT = auto()  # it is read, and the connection is closed
    GARBAGE = auto()  # what follows is no HTTP
    DRIP = auto()  # the answer comes, a character a second


@dataclass(frozen=True, slots=True)
class Post:
    """One request as it came in, and how it was answered."""

    path: str
    headers: Mapping[str, str]
    body: str
    answer: "int | Fault"

    @property
    def json(self) -> Any:
        return json.loads(self.body)


class Loopback:
    """A server in a thread with its own event loop, so that synchronous tests can use it."""

    def __init__(self, port: int = 0) -> None:
        self.port = port
        self._news = threading.Condition()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        opening = asyncio.start_server(self._serve, "127.0.0.1", self.port)
        self._server = asyncio.run_coroutine_threadsafe(opening, self._loop).result(PATIENCE)
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(PATIENCE)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(PATIENCE)
        self._loop.close()

    async def _close(self) -> None:
        self._server.close()
        # Who has just been let in begins to be served only now.
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
            await asyncio.sleep(0)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._talk(reader, writer)
        writer.close()
        with suppress(OSError, asyncio.CancelledError):
            await writer.wait_closed()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        raise NotImplementedError

    def wait_for(self, found: Callable[[], Any], seconds: float = PATIENCE) -> Any:
        """Answer what *found* answers once that is something."""
        with self._news:
            assert self._news.wait_for(found, seconds), "it did not come"
            return found()

    def tell(self) -> None:
        with self._news:
            self._news.notify_all()


class Webhook(Loopback):
    """Takes whatever is posted to it."""

    def __init__(self, port: int = 0) -> None:
        super().__init__(port)
        self.posts: list[Post] = []
        self._answers: list[int | Fault] = []

    def answers(self, *answers: int | Fault) -> None:
        """Answer the next requests so, one after the other."""
        self._answers = list(answers)

    @property
    def taken(self) -> list[Post]:
        """What was answered with 200."""
        return [post for post in self.posts if post.answer == 200]

    def at(self, *paths: str) -> list[Post]:
        return [post for post in self.posts if post.path in paths]

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        first, *rows = head.strip().split("\r\n")
        headers = {row.partition(":")[0].lower(): row.partition(":")[2].strip() for row in rows}
        body = await reader.readexactly(int(headers.get("content-length", 0)))
        answer = self._answers.pop(0) if self._answers else 200
        self.posts.append(Post(first.split()[1], headers, body.decode(), answer))
        self.tell()
        match answer:
            case Fault.HANG:
                await asyncio.Event().wait()
            case Fault.DRIP:
                while True:
                    writer.write(b"x")
                    await asyncio.sleep(1)
            case Fault.CUT:
                return
            case Fault.GARBAGE:
                writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
            case _:
                writer.write(
                    f"HTTP/1.1 {answer} Said\r\nContent-Length: 2\r\nConnection: close\r\n"
                    f"Location: http://{self.host}/elsewhere\r\n\r\n{{}}".encode()
                )
        await writer.drain()
