"""Keeps the menus of Telegram as they should be."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from monitors.alerts.destinations import EVERYWHERE
from monitors.pipeline.book import Book, InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.talking.command import Command
from monitors.talking.menus import Menu, menus, named

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class NotSet:
    """A menu that Telegram does not take; it may be tried again after so many *seconds*.

    Attributes:
        every: whether it takes no other menu either until then.
    """

    seconds: float
    every: bool


class Boards(Protocol):
    """Shows menus."""

    async def show(self, menu: Menu) -> NotSet | None:
        """Have *menu* shown; one without commands shows what is shown without it."""


@dataclass(slots=True)
class MenuBoard:
    """Shows people what they may ask, and tells Telegram only what has changed.

    Attributes:
        boards: shows menus.
        store: remembers what was shown last.
        bot: whose menus they are; another one has its own.
        admins: numbers of the users that may all.
        offered: all commands.
    """

    boards: Boards
    store: Store
    clock: Clock
    in_force: InForce
    bot: str
    admins: tuple[str, ...]
    offered: Sequence[Command]
    _shown: Book | None = None
    _pause_until: datetime | None = None
    _refused: dict[str, datetime] = field(default_factory=dict)

    async def tick(self) -> None:
        """Show what should be shown and is not, as far as Telegram takes it now."""
        now, book = self.clock(), self.in_force.book
        if self._pause_until and now < self._pause_until:
            return
        if book is self._shown and not any(until <= now for until in self._refused.values()):
            return
        known, held = await self.store.write(lambda ledger: self._known(ledger, now))
        if held:
            self._pause_until = held
            return
        wanted = {menu.name: menu for menu in menus(self.offered, book, self.admins)}
        gone = tuple(named(name) for name in known if name not in wanted)
        self._refused = {name: until for name, until in self._refused.items() if until > now}
        for menu in gone:
            if not await self._show(menu, None):
                return
        for menu in wanted.values():
            digest = f"{self.bot} {menu.digest}"
            known_or_early = known.get(menu.name) == digest or menu.name in self._refused
            if not (known_or_early or await self._show(menu, digest)):
                return
        self._shown = book

    def _known(self, ledger: Ledger, now: datetime) -> tuple[Mapping[str, str], datetime | None]:
        """Answer what is shown, and until when Telegram is not to be called."""
        return ledger.talks.menus(), ledger.outbox.holds(now).get(EVERYWHERE)

    async def _show(self, menu: Menu, digest: str | None) -> bool:
        """Show a menu; answer whether others may be shown."""
        problem = await self.boards.show(menu)
        if problem and problem.every:
            self._pause_until = self.clock() + timedelta(seconds=problem.seconds)
            return False
        if problem and digest:
            self._refused[menu.name] = self.clock() + timedelta(seconds=problem.seconds)
            return True
        await self.store.write(lambda ledger: ledger.talks.set_menu(menu.name, digest))
        _log.info("menu.set", menu=menu.name, commands=len(menu.commands))
        return True
