"""Which commands the menus of Telegram offer, and to whom."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from monitors.pipeline.book import Book
from monitors.rules.rulebook import Telegram
from monitors.talking.command import Command
from monitors.talking.roles import Role

_FOR_ALL = ("start", "help")
_MOST_COMMANDS = 100
_LONGEST = 256  # characters, of what a command does


class Scope(Enum):
    """Who sees a menu, in Telegram's words; the most special one is shown."""

    DEFAULT = "default"
    GROUPS = "all_group_chats"
    ADMINISTRATORS = "all_chat_administrators"  # of groups
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """What is offered.

    Attributes:
        chat: the number of the chat where that is, for `Scope.CHAT`.
        commands: each with what it does.
    """

    scope: Scope
    chat: str = ""
    commands: tuple[tuple[str, str], ...] = ()

    @property
    def name(self) -> str:
        """Who sees it: of two menus with one name, the later one is shown."""
        return f"{self.scope.value} {self.chat}".strip()

    @property
    def digest(self) -> str:
        """What tells this menu from others of the same name."""
        return hashlib.sha256(repr(self.commands).encode()).hexdigest()


def named(name: str) -> Menu:
    """Answer the menu of that name, without commands."""
    scope, _, chat = name.partition(" ")
    return Menu(scope=Scope(scope), chat=chat)


def menus(offered: Sequence[Command], book: Book, admins: Sequence[str]) -> tuple[Menu, ...]:
    """Answer every menu.

    Args:
        offered: all commands.
        book: its private chats see what their owners may.
        admins: numbers of the users that may all; they see that in their own chat with the bot.
    """
    in_groups = [command for command in offered if command.in_groups]
    own = [
        Menu(scope=Scope.CHAT, chat=chat, commands=_upto(Role.OWNER, offered))
        for chat in sorted(_private(book) - set(admins))
    ]
    all_of_it = _upto(Role.ADMIN, offered)
    return (
        Menu(
            scope=Scope.DEFAULT,
            commands=_told(command for command in offered if command.name in _FOR_ALL),
        ),
        Menu(scope=Scope.GROUPS, commands=_upto(Role.READER, in_groups)),
        Menu(scope=Scope.ADMINISTRATORS, commands=_upto(Role.OWNER, in_groups)),
        *own,
        *(Menu(scope=Scope.CHAT, chat=admin, commands=all_of_it) for admin in admins),
    )


def _private(book: Book) -> set[str]:
    """Answer the numbers of the persons whose own chats rules.yaml has."""
    destinations = (chat.destination for chat in book.chats.values())
    return {
        one.chat_id for one in destinations if isinstance(one, Telegram) and one.chat_id.isdecimal()
    }


def _upto(role: Role, offered: Iterable[Command]) -> tuple[tuple[str, str], ...]:
    return _told(command for command in offered if command.needs <= role)


def _told(offered: Iterable[Command]) -> tuple[tuple[str, str], ...]:
    return tuple((each.name, each.does[:_LONGEST]) for each in offered)[:_MOST_COMMANDS]
