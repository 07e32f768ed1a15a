"""Runs Newsbell until it is told to stop, or once."""

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from monitors.adapters.files.instance_lock import only_one
from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.sqlite.database import look_into
from monitors.alerts.delivery import Refused, RetryLater
from monitors.alerts.destinations import EVERYWHERE, destination_key, peer_of
from monitors.app.assemble import Newsbell, assemble
from monitors.app.clock import now
from monitors.app.routing import Board
from monitors.app.schedule import Ticks
from monitors.app.settings import Settings
from monitors.errors import MonitorsError, SettingsError
from monitors.pipeline.book import Book
from monitors.pipeline.reload import sync_feeds
from monitors.rules.rulebook import Telegram
from monitors.talking.conversation import Conversation

# What is being sent may end: a message that is cut off is in doubt, and is sent again.
_GRACE_SECONDS = {signal.SIGINT: 1.0, signal.SIGTERM: 7.0}
_CHECK_SECONDS = 5.0
_CHAT_PAUSE_SECONDS = 10.0
_ONCE_PAUSE = timedelta(milliseconds=50)
# Longer than the pauses that hosts get between two requests: they have asked for it.
_REST = timedelta(minutes=2)
_MOMENT = timedelta(seconds=10)
_log = structlog.get_logger()


async def run_until_stopped(
    settings: Settings, rules_file: RulebookFile, book: Book, board: Board
) -> None:
    """Poll, match and deliver until SIGINT or SIGTERM.

    Raises:
        MonitorsError: Newsbell cannot start, or cannot go on.
    """
    stop: asyncio.Future[signal.Signals] = asyncio.get_running_loop().create_future()
    _listen(stop)

    def fail(error: MonitorsError) -> None:
        if not stop.done():
            stop.set_exception(error)

    async with _opened(settings, stop, rules_file, book, board) as newsbell:
        await newsbell.pushes.open()
        if newsbell.server:
            await newsbell.server.open()
        _say_ready(newsbell)
        beside = [asyncio.create_task(_watch_rules(newsbell, fail), name="watch rules.yaml")]
        if newsbell.talk:
            talking = _listen_to(newsbell.talk.conversation)
            beside.append(asyncio.create_task(talking, name="chat"))
        ticks = Ticks(newsbell, fail)
        ticks.start()
        grace = 0.0
        try:
            grace = _GRACE_SECONDS[await stop]
        finally:
            await ticks.stop()
            for task in beside:
                task.cancel()
            await asyncio.gather(*beside, return_exceptions=True)
            await newsbell.poller.slots.stop(grace=0)
            await newsbell.pages.slots.stop(grace=0)
            await newsbell.pushes.slots.stop(grace=0)
            await newsbell.deliverer.stop(grace=grace)
    _log.info("stopped", say="Stopped. Nothing is lost; start it again at any time.")


async def run_once(settings: Settings, rules_file: RulebookFile, book: Book, board: Board) -> bool:
    """Poll every feed once, read what pages that asks for, and deliver; answer if all arrived.

    What is held back until later, or cannot be delivered now, stays in the outbox.

    Raises:
        MonitorsError: Newsbell cannot start, or cannot go on.
    """
    book = replace(book, spacing=book.spacing.for_once())
    async with _opened(settings, asyncio.Future(), rules_file, book, board) as newsbell:
        _say_ready(newsbell)
        await _poll_once(newsbell)
        await _read_once(newsbell)
        newsbell.poller.say_failing()
        while await newsbell.store.write(lambda ledger: ledger.outbox.waiting(now())):
            if not await newsbell.deliverer.tick():
                await asyncio.sleep(_ONCE_PAUSE.total_seconds())
            await newsbell.deliverer.slots.idle()
        return not await newsbell.store.write(lambda ledger: ledger.alerts.latest(1, failed=True))


async def _poll_once(newsbell: Newsbell) -> None:
    """Poll every feed, but those on hosts that have asked to be left alone for longer."""
    start = now()
    await newsbell.store.write(lambda ledger: ledger.feeds.hurry(start))
    while await newsbell.store.write(lambda ledger: ledger.feeds.waiting(start, now() + _REST)):
        if not await newsbell.poller.tick():
            await asyncio.sleep(_ONCE_PAUSE.total_seconds())
    await newsbell.poller.slots.idle()


async def _read_once(newsbell: Newsbell) -> None:
    """Read the pages that are wanted, but those that have to wait for longer than a moment."""
    a_day = newsbell.in_force.book.rulebook.manners.pages_a_day
    while await newsbell.pages.tick() or await newsbell.store.write(
        lambda ledger: ledger.pages.waiting(now() + _MOMENT, a_day)
    ):
        await newsbell.pages.slots.idle()
        await asyncio.sleep(_ONCE_PAUSE.total_seconds())


@asynccontextmanager
async def _opened(
    settings: Settings,
    stop: asyncio.Future[signal.Signals],
    rules_file: RulebookFile,
    book: Book,
    board: Board,
) -> AsyncIterator[Newsbell]:
    """Answer a Newsbell that has the data for itself and knows that its chats exist."""
    with only_one(settings.lock):
        newsbell = assemble(settings, rules_file, book, board)
        try:
            await _check_in_time(newsbell, settings, stop)
            await newsbell.deliverer.recover()
            await newsbell.store.write(lambda ledger: ledger.feeds.release())
            await newsbell.store.write(lambda ledger: ledger.pages.release())
            await sync_feeds(book, newsbell.store, now)
            await newsbell.store.write(lambda ledger: ledger.history.refuse(None, now()))
            await newsbell.budget.renew()
            await newsbell.editor.noticed()
            # What lives as long as the process need not be looked through for garbage again and
            # again: with 2,000 rules each full collection stopped everything for 75 ms.
            gc.freeze()
            yield newsbell
        finally:
            await newsbell.close()


async def _check_in_time(
    newsbell: Newsbell, settings: Settings, stop: asyncio.Future[signal.Signals]
) -> None:
    """Check what Telegram says, but let no silence of its delay a start or a stop."""
    checking = asyncio.create_task(_check_telegram(newsbell, settings), name="check Telegram")
    first: set[asyncio.Future[Any]] = {checking, stop}
    await asyncio.wait(first, timeout=_CHECK_SECONDS, return_when=asyncio.FIRST_COMPLETED)
    if checking.done():
        await checking
        return
    checking.cancel()
    await asyncio.gather(checking, return_exceptions=True)
    say = "Telegram does not answer; alerts are kept until it does"
    _log.warning("telegram.unreachable", why="no answer in time", say=say)


async def _check_telegram(newsbell: Newsbell, settings: Settings) -> None:
    """Make sure of the token and the chats, as far as Telegram can be asked now.

    A chat that was written to before may be lost for a while: that stops nothing else. Nor does
    a new one that is not there, once some chat was written to.
    """
    if newsbell.telegram is None:
        return
    if problem := await newsbell.telegram.open():
        say = f"{problem}; alerts are kept until it answers"
        _log.warning("telegram.unreachable", why=problem, say=say[:1].upper() + say[1:])
        return
    with look_into(settings.store) as ledger:
        known = ledger.alerts.destinations()
        held = ledger.outbox.holds(now())
    for chat in newsbell.in_force.book.rulebook.chats:
        if not isinstance(chat.destination, Telegram):
            continue
        peer = peer_of(chat.destination)
        if destination_key(chat.destination) in known or not held.keys().isdisjoint(
            (peer, EVERYWHERE)
        ):
            continue
        match await newsbell.telegram.ask(chat.destination):
            case Refused(why):
                say = f"The chat {chat.name} cannot be written to: {why}."
                if not known:
                    raise SettingsError(say)
                _log.warning("chat.unreachable", chat=chat.name, why=why, say=say)
            case RetryLater(_, timedelta() as pause):
                await _hold(newsbell, peer_of(chat.destination), now() + pause)
            case _:
                continue


async def _hold(newsbell: Newsbell, peer: str, until: datetime) -> None:
    await newsbell.store.write(lambda ledger: ledger.outbox.hold(peer, until))


async def _watch_rules(newsbell: Newsbell, fail: Callable[[MonitorsError], None]) -> None:
    async for _ in newsbell.rules_file.changes():
        try:
            await newsbell.reloader.reload()
            await newsbell.editor.noticed()
        except MonitorsError as error:
            fail(error)
        except Exception as error:  # noqa: BLE001 -- the outermost loop
            _log.error("reload.failed", exc_info=error)


async def _listen_to(conversation: Conversation) -> None:
    while True:
        try:
            await conversation.run()
        except Exception as error:  # noqa: BLE001 -- the outermost loop
            _log.error("chat.failed", exc_info=error)
            await asyncio.sleep(_CHAT_PAUSE_SECONDS)


def _listen(stop: asyncio.Future[signal.Signals]) -> None:
    def on_signal(number: signal.Signals) -> None:
        if stop.done():  # told twice: at once
            os._exit(128 + number)
        stop.set_result(number)

    for number in _GRACE_SECONDS:
        asyncio.get_running_loop().add_signal_handler(number, on_signal, number)


def _say_ready(newsbell: Newsbell) -> None:
    rulebook = newsbell.in_force.book.rulebook
    chats = ", ".join(chat.name for chat in rulebook.chats)
    without = "" if newsbell.telegram else " Without TELEGRAM_TOKEN, alerts appear here."
    say = (
        f"Newsbell watches {len(rulebook.feeds)} feeds with {len(rulebook.rules)} rules for "
        f"{chats}.{without} Ctrl-C stops it."
    )
    _log.info("started", feeds=len(rulebook.feeds), rules=len(rulebook.rules), say=say)
