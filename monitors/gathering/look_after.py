"""Tells people of feeds that cannot be read any more, that can again, and that have moved."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import structlog

from monitors.alerts.destinations import ADMIN
from monitors.alerts.quiet_hours import quiet_until
from monitors.alerts.showing.legible import clean
from monitors.pipeline.book import Book, InForce
from monitors.pipeline.ports import Clock, Ledger, Store
from monitors.pipeline.records import FeedHealth
from monitors.polling.health import Change, Patient, changes, compose
from monitors.rules.rulebook import Destination, Telegram

_log = structlog.get_logger()


class FeedDoctor:
    """Looks at the feeds in trouble.

    Args:
        store: where they and the outbox are.
        in_force: the rules, by which a feed's people are known.
        clock: the time now.
        admins: Telegram ids of those who look after this Newsbell.
    """

    def __init__(
        self, store: Store, in_force: InForce, clock: Clock, admins: Sequence[str] = ()
    ) -> None:
        self._store = store
        self._in_force = in_force
        self._clock = clock
        self._admins = tuple(ADMIN + admin for admin in admins)

    async def tick(self) -> int:
        """Tell what there is to tell, each once; answer of how many feeds."""
        book, now = self._in_force.book, self._clock()
        told = await self._store.write(lambda ledger: self._look(ledger, book, now))
        if told:
            feeds = {one.patient.address: one.told.value if one.told else "ok" for one in told}
            _log.warning("feeds.told", feeds=feeds)
        return len(told)

    def _look(self, ledger: Ledger, book: Book, now: datetime) -> tuple[Change, ...]:
        """Remember what people are told, and put it into the outbox, in one transaction."""
        ill = {health.address: health for health in ledger.feeds.troubled()}
        patients = [_patient(health, book) for health in ill.values()]
        told = tuple(
            change
            for change in changes(patients, book.spacing.feeds_on, now)
            if ledger.feeds.remember(
                ill[change.patient.address].id,
                replace(change.patient.memory, told=change.told),
                now,
            )
        )
        for chat, concerned in self._by_chat(told, book).items():
            if text := compose(concerned, book.spacing.feeds_on):
                ledger.outbox.notify([chat], text, now, _due(book, chat, now))
        return told

    def _by_chat(self, told: Sequence[Change], book: Book) -> Mapping[str, Sequence[Change]]:
        """Answer which changes concern which chats, each destination once.

        Administrators are told of all feeds, the others of those that their rules watch. The
        readers of public channels need not know where there are administrators.
        """
        audiences = {(rule.feeds, rule.send_to) for rule in book.rulebook.rules} if told else set()
        names: dict[Destination, str] = {
            Telegram(chat_id=admin.removeprefix(ADMIN)): admin for admin in self._admins
        }
        found = {name: {one.patient.address: one for one in told} for name in names.values()}
        for change in told:
            address = change.patient.address
            watching = [chats for feeds, chats in audiences if feeds is None or address in feeds]
            for chat in dict.fromkeys(chat for chats in watching for chat in chats):
                destination = book.chats[chat].destination
                if self._admins and _is_public(destination):
                    continue
                found.setdefault(names.setdefault(destination, chat), {})[address] = change
        return {name: tuple(concerned.values()) for name, concerned in found.items()}


def _is_public(destination: Destination) -> bool:
    return isinstance(destination, Telegram) and destination.chat_id.startswith("@")


def _patient(health: FeedHealth, book: Book) -> Patient:
    feed = book.feeds.get(health.address)
    name = (feed.name if feed else None) or health.memory.title or health.address
    return Patient(
        name=clean(name).text, address=health.address, host=health.host, memory=health.memory
    )


def _due(book: Book, name: str, now: datetime) -> datetime:
    """Answer when *name* may be told: not in its quiet hours.

    Those of an administrator are the ones of the chat with them in rules.yaml, if there is one.
    """
    admin = Telegram(chat_id=name.removeprefix(ADMIN)) if name.startswith(ADMIN) else None
    quiet = [
        quiet_until(chat, now, book.zone)
        for known, chat in book.chats.items()
        if known == name or chat.destination == admin
    ]
    return max(filter(None, quiet), default=now)
