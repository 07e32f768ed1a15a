"""Who may do what."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from monitors.pipeline.book import Book, InForce
from monitors.rules.rulebook import Chat, Telegram
from monitors.talking.heard import Admitted, Place, Spoken
from monitors.talking.ports import Directory

_BETWEEN_REFUSALS = timedelta(hours=1)
_MOST_STRANGERS = 1_000


class Role(IntEnum):
    """What somebody is in a chat; a higher one may all that a lower one may."""

    STRANGER = 0  # anybody else
    READER = 1  # whoever reads a chat of rules.yaml
    OWNER = 2  # may change what is of this chat alone
    ADMIN = 3  # looks after this Newsbell, and may change anything


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """Knows what everybody is.

    Attributes:
        admins: numbers of the users that ADMINS names.
        directory: knows who looks after a group.
    """

    in_force: InForce
    admins: tuple[str, ...]
    directory: Directory

    def knows(self, heard: Spoken | Admitted) -> bool:
        """Answer whether somebody is no stranger; quickly, and nobody is asked."""
        return heard.user in self.admins or bool(chats_at(self.in_force.book, heard.place))

    async def role(self, heard: Spoken | Admitted) -> Role:
        """Answer what somebody is who says something, where they say it.

        An administrator is one everywhere; a person owns the chat with the bot, and a group is
        owned by its administrators, if rules.yaml has it, and by the `owners:` that it names
        there. Of channels people only read. Administrators of a group who stay anonymous
        speak in its name, which is as good.
        """
        user, place, book = heard.user, heard.place, self.in_force.book
        if user in self.admins:
            return Role.ADMIN
        if place.is_channel or not chats_at(book, place):
            return Role.STRANGER
        here = chats_at(book, place, everywhere=False)
        if place.chat == user or any(user in chat.owners for chat in here):
            return Role.OWNER
        if await self.directory.administers(place.chat, user):
            return Role.OWNER
        return Role.READER


def chats_at(book: Book, place: Place, *, everywhere: bool = True) -> tuple[Chat, ...]:
    """Answer the chats of rules.yaml that are at *place*.

    Args:
        book: the rulebook in force.
        place: a chat of Telegram.
        everywhere: in whatever topic of it; else only in that one.
    """
    return tuple(
        chat
        for chat in book.chats.values()
        if isinstance(chat.destination, Telegram)
        and chat.destination.chat_id.lower() in place.ids
        and (everywhere or chat.destination.topic == place.topic)
    )


class Refusals:
    """Who was told that they may not, and when: nobody shall make the bot talk."""

    def __init__(self) -> None:
        self._told: dict[str, datetime] = {}

    def are_due(self, user: str, now: datetime) -> bool:
        """Answer whether *user* is told again."""
        last = self._told.get(user)
        if last and now - last < _BETWEEN_REFUSALS:
            return False
        if len(self._told) >= _MOST_STRANGERS:
            self._told.clear()
        self._told[user] = now
        return True


def refusal(needed: Role, user: str) -> str:
    """Answer what is said to a *user* who may not, because only *needed* ones may."""
    if needed is Role.ADMIN:
        return (
            "Only those who look after this Newsbell may do that. If that is you, put your "
            f"number, {user}, into ADMINS and start it again."
        )
    if needed is Role.OWNER:
        return (
            "Only those who look after this chat may do that: its administrators, or who looks "
            f"after this Newsbell. If that is you, put your number, {user}, into ADMINS."
        )
    return (
        "This bot tells of news in the chats that its rules.yaml names, and this is none of "
        f"them. If it is yours, put your number, {user}, into ADMINS and start it again."
    )
