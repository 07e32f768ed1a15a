"""What people ask for in a chat, and what they are answered."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from monitors.adapters.telegram.listener import Place
from monitors.alerts.destinations import ADMIN
from monitors.alerts.showing.buttons import Button
from monitors.pipeline.ports import Store
from monitors.pipeline.records import Notice, Priority

_BETWEEN_REFUSALS = timedelta(hours=1)
_MOST_STRANGERS = 1_000


@dataclass(frozen=True, slots=True)
class Answer:
    """What is written into the chat, with buttons below it."""

    text: str
    buttons: tuple[Button, ...] = ()


async def write(store: Store, place: Place, answer: Answer, now: datetime) -> None:
    """Put *answer* into the outbox, for the topic where it was asked for."""
    topic = "" if place.topic is None else f":{place.topic}"
    chats: Sequence[str] = [f"{ADMIN}{place.chat}{topic}"]
    notice = Notice.plain(answer.text, answer.buttons)
    await store.write(
        lambda ledger: ledger.outbox.notify(chats, notice, now, priority=Priority.ANSWER)
    )


@dataclass(slots=True)
class Refusals:
    """Who was told that they may not, and when."""

    _told: dict[str, datetime] = field(default_factory=dict)

    def are_due(self, user: str, now: datetime) -> bool:
        """Answer whether *user* is told again: nobody shall make the bot talk."""
        last = self._told.get(user)
        if last and now - last < _BETWEEN_REFUSALS:
            return False
        if len(self._told) >= _MOST_STRANGERS:
            self._told.clear()
        self._told[user] = now
        return True
