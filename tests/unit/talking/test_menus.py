"""Each menu has what its people may ask, and Telegram is told of a menu once."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from monitors.adapters.sqlite.database import SqliteStore
from monitors.alerts.destinations import EVERYWHERE
from monitors.pipeline.book import InForce
from monitors.rules.rulebook import Chat, ChatName, Telegram, Terminal
from monitors.talking.command import Command
from monitors.talking.menu_board import MenuBoard, NotSet
from monitors.talking.menus import Menu, Scope, menus, named
from monitors.talking.roles import Role
from tests.fakes.stand_ins import Clock, book, rule

ADMIN, ANN, GROUP = "1", "42", "-1001"


def command(name, needs, **more):
    return Command(name=name, does=f"Do {name}", example=f"/{name}", needs=needs, **more)


OFFERED = (
    command("start", Role.STRANGER, in_groups=False),
    command("help", Role.STRANGER),
    command("why", Role.READER),
    command("addrule", Role.OWNER),
    command("export", Role.ADMIN, in_groups=False),
    command("failed", Role.ADMIN),
)


def a_book(*destinations):
    chats = [
        Chat(name=ChatName(f"c{number}"), destination=one)
        for number, one in enumerate(destinations)
    ]
    return book(rule("ship", "c0"), chats=tuple(chats))


BOOK = a_book(
    Telegram(chat_id=ANN),
    Telegram(chat_id=GROUP, topic=3),
    Telegram(chat_id="@news"),
    Telegram(chat_id=ADMIN),
    Terminal(),
)


def test_each_menu_has_what_its_people_may_ask():
    shown = {
        menu.name: [name for name, _ in menu.commands] for menu in menus(OFFERED, BOOK, (ADMIN,))
    }

    assert shown == {
        "default": ["start", "help"],
        "all_group_chats": ["help", "why"],
        "all_chat_administrators": ["help", "why", "addrule"],
        "chat 42": ["start", "help", "why", "addrule"],
        "chat 1": ["start", "help", "why", "addrule", "export", "failed"],
    }


def test_a_menu_is_known_by_its_name():
    assert named("chat 42") == Menu(scope=Scope.CHAT, chat="42")
    assert named("default") == Menu(scope=Scope.DEFAULT)


def test_a_menu_is_as_long_as_telegram_takes():
    offered = [replace(command(f"c{number}", Role.READER), does="x" * 999) for number in range(150)]
    (_, groups, *_) = menus(offered, BOOK, ())

    assert (len(groups.commands), len(groups.commands[0][1])) == (100, 256)


class Boards:
    """Shows every menu, but where a test says otherwise."""

    def __init__(self):
        self.shown, self.refuses = [], {}

    async def show(self, menu):
        self.shown.append(menu)
        return self.refuses.get(menu.name)


class Desk:
    """A board over a store, with a clock that stands still."""

    def __init__(self):
        self.store, self.clock, self.boards = SqliteStore(None), Clock(), Boards()
        self.in_force = InForce(BOOK)
        self.starts()

    def starts(self, bot="7"):
        self.board = MenuBoard(
            boards=self.boards,
            store=self.store,
            clock=self.clock,
            in_force=self.in_force,
            bot=bot,
            admins=(ADMIN,),
            offered=OFFERED,
        )

    def ticks(self):
        """Answer the names of the menus that are told in one tick."""
        self.boards.shown.clear()
        asyncio.run(self.board.tick())
        return [menu.name for menu in self.boards.shown]


@pytest.fixture
def desk():
    opened = Desk()
    yield opened
    opened.store.close()


ALL = ["default", "all_group_chats", "all_chat_administrators", "chat 42", "chat 1"]


def test_a_menu_is_told_once_also_after_a_restart(desk):
    first, again = desk.ticks(), desk.ticks()
    desk.starts()

    assert (first, again, desk.ticks()) == (ALL, [], [])


def test_another_bot_has_menus_of_its_own(desk):
    desk.ticks()
    desk.starts(bot="8")

    assert desk.ticks() == ALL


def test_only_what_has_changed_is_told(desk):
    desk.ticks()
    desk.in_force.book = a_book(Telegram(chat_id="43"))

    assert desk.ticks() == ["chat 42", "chat 43"]
    assert [len(menu.commands) for menu in desk.boards.shown] == [0, 4]
    assert desk.ticks() == []


def test_a_chat_that_is_not_known_is_tried_again_later_and_holds_up_no_other(desk):
    desk.boards.refuses["chat 42"] = NotSet(120, every=False)
    first, again = desk.ticks(), desk.ticks()
    desk.boards.refuses.clear()
    desk.clock.passes(seconds=121)

    assert (first, again, desk.ticks(), desk.ticks()) == (ALL, [], ["chat 42"], [])


def test_after_a_429_nothing_is_asked_until_it_is_over(desk):
    desk.boards.refuses["all_group_chats"] = NotSet(30, every=True)
    first = desk.ticks()
    desk.boards.refuses.clear()
    desk.clock.passes(seconds=29)
    early = desk.ticks()
    desk.clock.passes(seconds=2)

    assert (first, early, desk.ticks()) == (ALL[:2], [], ALL[1:])


def test_while_telegram_asks_for_a_pause_no_menu_is_told(desk):
    until = desk.clock() + timedelta(hours=1)
    desk.store.write_now(lambda ledger: ledger.outbox.hold(EVERYWHERE, until))
    held = desk.ticks()
    desk.clock.passes(hours=2)

    assert (held, desk.ticks()) == ([], ALL)
