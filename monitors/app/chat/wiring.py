"""What listens to people on Telegram and answers them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from monitors.adapters.telegram.listener import TelegramListener
from monitors.app.chat.ruling import rule_groups
from monitors.app.clock import now
from monitors.app.settings import Settings
from monitors.gathering.poll import PollPorts
from monitors.language.problems import Problem
from monitors.pipeline.book import InForce
from monitors.pipeline.editing.editor import Editor
from monitors.pipeline.history.records import Author, Origin
from monitors.rules.editing.edits import AddFeeds
from monitors.rules.editing.feeds import NewFeed
from monitors.talking.command import Asked
from monitors.talking.commands.adding_feeds import FeedAdder
from monitors.talking.commands.alert_buttons import AlertButtons
from monitors.talking.commands.stories import StoryEditor
from monitors.talking.conversation import Conversation
from monitors.talking.menu_board import MenuBoard
from monitors.talking.ports import Hooks, TalkPorts
from monitors.talking.roles import Doorkeeper


@dataclass(frozen=True, slots=True)
class Talk:
    """Who hears people, who answers them, and who shows them what they may ask."""

    listener: TelegramListener
    conversation: Conversation
    menus: MenuBoard


def open_talk(
    settings: Settings,
    reading: PollPorts,
    in_force: InForce,
    editor: Editor,
    poke: Callable[[], Awaitable[object]],
) -> Talk | None:
    """Answer who talks with people, if there is a bot.

    Args:
        settings: of this process.
        reading: how feeds are looked for.
        in_force: the rulebook in force.
        editor: of rules.yaml.
        poke: has the outbox looked at now.
    """
    if settings.token is None:
        return None
    listener = TelegramListener(settings.token, settings.api_url, settings.webhook_url)
    hooks = Hooks(
        seen=lambda ledger, chat, message: ledger.outbox.saw(chat, message),
        let_in=lambda ledger, chat: ledger.outbox.let_in(chat),
        moved=lambda ledger, old, new, at: ledger.outbox.move(old, new, at),
        holds=lambda ledger, at: ledger.outbox.holds(at),
    )
    conversation = Conversation(
        TalkPorts(listener, reading.store, now, poke, hooks),
        doorkeeper=Doorkeeper(in_force=in_force, admins=settings.admins, directory=listener),
        groups=(
            FeedAdder(
                fetcher=reading.fetcher,
                reader=reading.reader,
                add=_adding(editor, settings.rules.name),
                clock=now,
            ),
            StoryEditor(store=reading.store, in_force=in_force, clock=now),
            *rule_groups(settings, reading.store, in_force, editor),
            AlertButtons(store=reading.store, in_force=in_force, clock=now),
        ),
    )
    menus = MenuBoard(
        boards=listener.boards,
        store=reading.store,
        clock=now,
        in_force=in_force,
        bot=settings.token.partition(":")[0],
        admins=settings.admins,
        offered=conversation.offered,
        hooks=hooks,
    )
    return Talk(listener, conversation, menus)


def _adding(editor: Editor, name: str) -> Callable[[Asked, str], Awaitable[str | None]]:
    """Answer what writes an address into rules.yaml, and says why that cannot be."""

    async def add(asked: Asked, address: str) -> str | None:
        who = Author(
            origin=Origin.CHAT,
            user=asked.said.user,
            name=asked.said.name,
            place=asked.said.place.key,
        )
        done = await editor.at_once(AddFeeds(feeds=(NewFeed(address=address),)), who)
        if not isinstance(done, Problem):
            return None
        if (done.line, done.column) != (1, 1):
            return done.told(name).rstrip(". ")
        return f"{name}: {done.message}. {done.hint or ''}".rstrip(". ")

    return add
