"""The ticks. What is due is a matter of the store; APScheduler only asks, some times a second."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from datetime import UTC
from typing import TypeAlias

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitors.app.assemble import Newsbell
from monitors.app.clock import now
from monitors.errors import MonitorsError

_DELIVER_SECONDS = 0.5
_POLL_SECONDS = 0.2
_PAGES_SECONDS = 0.5
_PUSH_SECONDS = 0.5
_DOCTOR_SECONDS = 60
_BUDGET_SECONDS = 3600
_MENUS_SECONDS = 5
_HEART_SECONDS = 5
_log = structlog.get_logger()

Tick: TypeAlias = Callable[[], Awaitable[object]]


class Ticks:
    """Polls, reads pages, delivers and shows life, each at its pace.

    Args:
        newsbell: what is run.
        fail: told when Newsbell cannot go on.
    """

    def __init__(self, newsbell: Newsbell, fail: Callable[[MonitorsError], None]) -> None:
        self._newsbell = newsbell
        self._fail = fail
        self._running: set[asyncio.Task[object]] = set()
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            # A tick that comes late still comes, and never twice at once.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )

    def start(self) -> None:
        """Begin at once."""
        ticks: tuple[tuple[str, Tick, float], ...] = (
            ("poll", self._newsbell.poller.tick, _POLL_SECONDS),
            ("pages", self._newsbell.pages.tick, _PAGES_SECONDS),
            ("doctor", self._newsbell.doctor.tick, _DOCTOR_SECONDS),
            ("budget", self._newsbell.budget.renew, _BUDGET_SECONDS),
            *self._pushing(),
            *self._talking(),
            ("deliver", self._newsbell.deliverer.tick, _DELIVER_SECONDS),
            ("heart", self._beat, _HEART_SECONDS),
        )
        for name, tick, seconds in ticks:
            self._scheduler.add_job(
                self._guarded,
                "interval",
                args=[name, tick],
                seconds=seconds,
                id=name,
                next_run_time=now(),
            )
        self._scheduler.start()

    async def stop(self) -> None:
        """Begin no more; one that is under way ends, or what it claimed would be in doubt."""
        self._scheduler.pause()
        await asyncio.sleep(0)  # one that was begun just now has its first step before it
        if self._running:
            await asyncio.wait(self._running)
        self._scheduler.shutdown(wait=False)

    def _pushing(self) -> tuple[tuple[str, Tick, float], ...]:
        if not self._newsbell.hears_hubs:
            return ()
        return (("push", self._newsbell.pushes.tick, _PUSH_SECONDS),)

    def _talking(self) -> tuple[tuple[str, Tick, float], ...]:
        talk = self._newsbell.talk
        return (("menus", talk.menus.tick, _MENUS_SECONDS),) if talk else ()

    async def _beat(self) -> None:
        self._newsbell.store.check()
        digest, process = self._newsbell.in_force.book.rulebook.digest, os.getpid()
        await self._newsbell.store.write(lambda ledger: ledger.heart.beat(now(), process, digest))

    async def _guarded(self, name: str, tick: Tick) -> None:
        """Run one tick; the next one gets its chance whatever happens to this one."""
        task = asyncio.current_task()
        assert task, "ticks run in tasks of their own"
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        try:
            await tick()
        except MonitorsError as error:
            self._fail(error)
        except Exception as error:  # noqa: BLE001 -- the outermost loop
            _log.error("tick.failed", tick=name, exc_info=error)
