"""Runs calls that block in threads of their own, and leaves behind what does not come back."""

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress

from monitors.alerts.delivery import DeliveryOutcome, InDoubt, RetryLater

_MOST_LEFT = 64
_PATIENCE = 9


class Aside:
    """Runs calls beside the event loop, each for a limited time.

    The threads are daemons, of which a pool has none: a server that hangs delays no stop.

    Args:
        answer_s: how long a call may take, in seconds.
    """

    def __init__(self, answer_s: float) -> None:
        self._answer_s = answer_s
        self._under_way: dict[str, asyncio.Future[DeliveryOutcome]] = {}
        self._living = 0

    async def run(
        self,
        address: str,
        call: Callable[[], DeliveryOutcome],
        settled: Callable[[DeliveryOutcome], None],
    ) -> DeliveryOutcome:
        """Answer what *call*, which sends to *address*, answers in time.

        Nothing is sent to an address to which an earlier call is still under way, for as long
        as ten calls may take.

        Args:
            address: where it sends to.
            call: blocks.
            settled: is told what *call* answers, also where that comes too late.
        """
        if address in self._under_way or self._living >= _MOST_LEFT:
            return RetryLater("an earlier message to it is still on its way")
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[DeliveryOutcome] = loop.create_future()
        self._under_way[address] = answer
        self._living += 1

        def finish(outcome: DeliveryOutcome) -> None:
            self._living -= 1
            self._forget(address, answer)
            settled(outcome)
            answer.set_result(outcome)

        def work() -> None:
            outcome: DeliveryOutcome
            try:
                outcome = call()
            except Exception as error:  # noqa: BLE001 -- 150 services; what it says may hold secrets
                outcome = InDoubt(f"sending it failed ({type(error).__name__})")
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(finish, outcome)

        threading.Thread(target=work, daemon=True, name="apprise").start()
        done, _ = await asyncio.wait((answer,), timeout=self._answer_s)
        if not done:
            loop.call_later(_PATIENCE * self._answer_s, self._forget, address, answer)
            return InDoubt("no answer came in time")
        return answer.result()

    def _forget(self, address: str, answer: asyncio.Future[DeliveryOutcome]) -> None:
        if self._under_way.get(address) is answer:
            del self._under_way[address]
