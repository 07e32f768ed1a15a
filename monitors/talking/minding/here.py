"""What rules.yaml says of the chat where somebody is, and how that is told."""

from collections.abc import Sequence
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from monitors.alerts.showing.markup import Run
from monitors.pipeline.book import Book
from monitors.rules.rulebook import Chat
from monitors.talking.answer import Answer, plain
from monitors.talking.heard import Place
from monitors.talking.roles import chats_at
from monitors.talking.showing.wording import joined, named

_MOST_NAMES = 3


def chats_here(book: Book, place: Place) -> tuple[Chat, ...]:
    """Answer the chats of rules.yaml that are just here, and not in another topic."""
    return chats_at(book, place, everywhere=False)


def names_of(chats: Sequence[Chat]) -> tuple[str, ...]:
    """Answer what rules.yaml calls *chats*."""
    return tuple(str(chat.name) for chat in chats)


def named_all(names: Sequence[str]) -> tuple[Run, ...]:
    """Answer *names* of chats for people, at most three of them."""
    rest = len(names) - _MOST_NAMES
    runs = joined([named(name) for name in names[:_MOST_NAMES]], ", ")
    return (*runs, Run(f" and {rest} more")) if rest > 0 else runs


def number_of(place: Place) -> str:
    """Answer how rules.yaml would call *place*."""
    return place.chat if place.topic is None else f"{place.chat}, topic {place.topic}"


def unlisted(place: Place) -> Answer:
    """Answer that nothing is told at *place*."""
    where = "this topic" if place.topic is not None else "this chat"
    return plain(f"rules.yaml does not have {where}, so nothing is told here. See /start.")


def zone_of(chats: Sequence[Chat], book: Book) -> tzinfo:
    """Answer the timezone of *chats*."""
    return next((chat.timezone for chat in chats if chat.timezone), book.zone)


def zone_name(zone: tzinfo, now: datetime) -> str:
    """Answer what *zone* is called: as rules.yaml would say it where that is known."""
    return zone.key if isinstance(zone, ZoneInfo) else str(now.astimezone(zone).tzname())
