"""A Telegram Bot API on the loopback interface, as strict as the real one.

    with TelegramApi() as api:
        ann = api.private_chat(42, "Ann")

Strict: the envelope and its errors in Telegram's own words; GET and POST with urlencoded, JSON and
multipart parameters; HTML as TDLib reads it, lengths after parsing, entities in UTF-16, what
Telegram adds and drops by itself; buttons and their 64 bytes; edits that change nothing; message
ids (one counter for private chats and basic groups, one for each supergroup and channel); topics,
answers, blocked, kicked, deleted and migrated chats; queries that are answered once and in time;
updates that stay until acknowledged, one poller, privacy mode; and with `limits(True)` the rates.
Whoever calls before a `retry_after` is over is refused again and found in `early_calls`.

Faults are ordered per method, chat and number of call (`Fault` says what each does). A connection
that is refused needs `down(refuse=True)`: the other faults meet a client that is connected.

With a webhook set, updates are told there, one after the other; `hook` knows how that went.

Left out: MarkdownV2, media other than documents, inline mode, payments, business messages, rich
messages, custom emoji, quotes inside answers, topics of private chats, the limit of eight buttons a
row, languages falling back in `getMyCommands`.

The pieces: `telegram_server` HTTP and faults, `telegram_methods` and `telegram_params` the methods,
`telegram_account` the state, `telegram_people` what people do, `telegram_chats` the values,
`telegram_hook` the webhook, `telegram_html` and `telegram_entities` texts, `telegram_limits` time
and rates.
"""

import asyncio
import socket
from collections.abc import Callable, Coroutine
from threading import Condition, Event, Thread
from types import TracebackType
from typing import Any, Final, Self, TypeVar

from tests.fakes.telegram_account import Account
from tests.fakes.telegram_faults import Call, Fault, Order, Traffic
from tests.fakes.telegram_hook import Hook
from tests.fakes.telegram_limits import Clock
from tests.fakes.telegram_people import People
from tests.fakes.telegram_server import Server

__all__ = ["Call", "Clock", "Fault", "TelegramApi"]

TOKEN: Final = "123456789:AAF-fake_token_for_loopback_tests_0"
PATIENCE_SECONDS: Final = 20.0
_SHOWN_CALLS: Final = 40

T = TypeVar("T")


class TelegramApi(People):
    """The server, its people and its records.

    Args:
        port: 0 for any free one; a fixed one to start again where a bot already looks.
        token: the only token that is let in.
        clock: `Clock(frozen=True)` lets a test move the time of limits, dates and queries.
    """

    def __init__(self, *, port: int = 0, token: str = TOKEN, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self.token = token
        self._listener = _listen(port)
        self.port: int = self._listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        super().__init__(Account(token, self.clock, self._tell), Condition())
        self._traffic = Traffic()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._server: Server | None = None
        self._ready = Event()
        self._stopped: asyncio.Event | None = None
        self._thread = Thread(
            target=lambda: asyncio.run(self._serve()), name="telegram", daemon=True
        )

    def __enter__(self) -> Self:
        self._thread.start()
        self._ready.wait()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        problem: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._loop is not None
        assert self._stopped is not None
        assert self._server is not None
        self._loop.call_soon_threadsafe(self._stopped.set)
        self._thread.join()
        self._listener.close()
        if self._server.broken and kind is None:
            raise self._server.broken[0]

    @property
    def hook(self) -> Hook:
        """Where the bot is told its updates, and how that went."""
        return self._served.hook

    @property
    def calls(self) -> list[Call]:
        """Every call so far, in the order of arrival."""
        with self._changed:
            return list(self._traffic.calls)

    @property
    def early_calls(self) -> list[Call]:
        """Calls that came before a `retry_after` was over."""
        return [call for call in self.calls if call.early]

    def calls_of(self, *methods: str, chat_id: int | None = None) -> list[Call]:
        """The calls of these methods, to one chat if given."""
        wanted = [call for call in self.calls if call.method in methods]
        return [call for call in wanted if chat_id is None or call.chat_id == chat_id]

    def wait_for(
        self, condition: Callable[["TelegramApi"], T], *, timeout: float = PATIENCE_SECONDS
    ) -> T:
        """The first true value of `condition(api)`, asked again after all that happens.

        Raises:
            AssertionError: with the calls so far, when it stays false.
        """
        with self._changed:
            found = self.happens(condition, timeout=timeout)
            if not found:
                raise AssertionError(f"not within {timeout} s; the calls were:\n{self._told()}")
            return found

    def happens(self, condition: Callable[["TelegramApi"], T], *, timeout: float) -> T:
        """The first true value of `condition(api)`, or the last one when the time is over."""
        with self._changed:
            return self._changed.wait_for(lambda: condition(self), timeout)

    def fault(  # noqa: PLR0913 - each narrows the calls that the fault meets
        self,
        fault: Fault,
        method: str = "sendMessage",
        *,
        chat_id: int | None = None,
        nth: int = 1,
        times: float = 1,
        seconds: float | None = None,
        retry_after: int = 5,
    ) -> None:
        """Break the `nth` call from now, and the `times - 1` calls after it.

        Args:
            fault: what goes wrong.
            method: the method as documented, "*" for every one.
            chat_id: only calls for this chat count.
            nth: 1 is the next one.
            times: `math.inf` until `mend()`.
            seconds: how long a hang or a slow answer takes; None hangs for ever.
            retry_after: what a 429 says.
        """
        with self._changed:
            order = Order(fault, method, chat_id, nth, times, seconds, retry_after)
            self._traffic.orders.append(order)

    def mend(self) -> None:
        """Forget every fault that was ordered."""
        with self._changed:
            self._traffic.orders.clear()

    def down(self, *, refuse: bool = False) -> None:
        """Take the service down: every call is cut, or not even connected when `refuse`."""
        with self._changed:
            self._traffic.down = True
        if refuse:
            self._run(self._served.stop_listening())
        self._run(self._served.cut_connections())

    def up(self) -> None:
        """Bring the service back."""
        with self._changed:
            self._traffic.down = False
        if self._listener.fileno() == -1:
            self._listener = _listen(self.port)
        self._run(self._served.listen(self._listener))

    def limits(self, on: bool) -> None:
        """Switch the rates on or off."""
        with self._changed:
            self.account.limits.on = on

    def advance(self, seconds: float) -> None:
        """Move the time on, for limits, dates and queries."""
        with self._changed:
            self.clock.advance(seconds)
            self._changed.notify_all()

    @property
    def _served(self) -> Server:
        assert self._server is not None
        return self._server

    def _told(self) -> str:
        """The last calls, without polls."""
        told = [str(call) for call in self.calls if call.method != "getUpdates"]
        return "\n".join(told[-_SHOWN_CALLS:]) or "none"

    def _tell(self) -> None:
        """Wake whoever waits: the test in `wait_for`, the bot in its poll."""
        self._changed.notify_all()
        if self._loop is not None and self._server is not None:
            self._loop.call_soon_threadsafe(self._server.wake)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        assert self._loop is not None
        asyncio.run_coroutine_threadsafe(work, self._loop).result(PATIENCE_SECONDS)

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._server = Server(self.account, self._traffic, self._changed)
        try:
            await self._server.listen(self._listener)
        finally:
            self._ready.set()
        await self._stopped.wait()
        await self._server.close()


def _listen(port: int) -> socket.socket:
    listener = socket.create_server(("127.0.0.1", port), backlog=128)
    listener.setblocking(False)
    return listener
