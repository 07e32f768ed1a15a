"""Shows menus in Telegram."""

from typing import assert_never

import structlog
from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from monitors.adapters.telegram.polling import asked_pause
from monitors.talking.menu_board import NotSet
from monitors.talking.menus import Menu, Scope

_LATER_SECONDS = 60.0
_REFUSED_SECONDS = 120.0  # a person may write to the bot for the first time meanwhile
_log = structlog.get_logger()


class TelegramBoards:
    """Implements `talking.menu_board.Boards`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def show(self, menu: Menu) -> NotSet | None:
        """Have *menu* shown; one without commands shows what is shown without it."""
        commands = [BotCommand(name, does) for name, does in menu.commands]
        try:
            if commands:
                await self._bot.set_my_commands(commands, scope=_scope(menu))
            else:
                await self._bot.delete_my_commands(scope=_scope(menu))
        except RetryAfter as error:
            return NotSet(asked_pause(error), every=True)
        except (BadRequest, Forbidden) as error:
            _log.info("menu.refused", menu=menu.name, why=error.message)
            return NotSet(_REFUSED_SECONDS, every=False)
        except TelegramError as error:
            _log.info("menu.unset", menu=menu.name, why=error.message)
            return NotSet(_LATER_SECONDS, every=True)
        return None


def _scope(menu: Menu) -> BotCommandScope:
    match menu.scope:
        case Scope.DEFAULT:
            return BotCommandScopeDefault()
        case Scope.GROUPS:
            return BotCommandScopeAllGroupChats()
        case Scope.ADMINISTRATORS:
            return BotCommandScopeAllChatAdministrators()
        case Scope.CHAT:
            return BotCommandScopeChat(int(menu.chat))
        case _:
            assert_never(menu.scope)
