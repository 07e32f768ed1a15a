"""The ticks. What is due is a matter of the store; APScheduler only asks, every second."""

import os
from collections.abc import Awaitable, Callable
from datetime import UTC

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from monitors.app.assemble import Newsbell
from monitors.app.clock import now
from monitors.errors import MonitorsError

_DELIVER_SECONDS = 0.5
_POLL_SECONDS = 1
_HEART_SECONDS = 5
_log = structlog.get_logger()


def start_ticks(newsbell: Newsbell, fail: Callable[[MonitorsError], None]) -> AsyncIOScheduler:
    """Begin to poll, read pages, deliver and show life; answer what can be shut down.

    Args:
        newsbell: what is to be run.
        fail: told when Newsbell cannot go on.
    """
    scheduler = AsyncIOScheduler(
        timezone=UTC,
        # A tick that comes late still comes, and never twice at once.
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
    )

    async def beat() -> None:
        digest, process = newsbell.in_force.book.rulebook.digest, os.getpid()
        await newsbell.store.write(lambda ledger: ledger.heart.beat(now(), process, digest))

    ticks: tuple[tuple[str, Callable[[], Awaitable[object]], float], ...] = (
        ("poll", newsbell.poller.tick, _POLL_SECONDS),
        ("pages", newsbell.pages.tick, _POLL_SECONDS),
        ("deliver", newsbell.deliverer.tick, _DELIVER_SECONDS),
        ("heart", beat, _HEART_SECONDS),
    )
    for name, tick, seconds in ticks:
        scheduler.add_job(
            _guarded,
            "interval",
            args=[name, tick, fail],
            seconds=seconds,
            id=name,
            next_run_time=now(),
        )
    scheduler.start()
    return scheduler


async def _guarded(
    name: str, tick: Callable[[], Awaitable[object]], fail: Callable[[MonitorsError], None]
) -> None:
    """Run one tick; the next one gets its chance whatever happens to this one."""
    try:
        await tick()
    except MonitorsError as error:
        fail(error)
    except Exception as error:  # noqa: BLE001 -- the outermost loop
        _log.error("tick.failed", tick=name, exc_info=error)
