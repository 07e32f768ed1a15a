"""What listens to people on Telegram and answers them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.adapters.telegram.listener import TelegramListener
from monitors.app.clock import now
from monitors.app.reading import FilePacks
from monitors.app.settings import Settings
from monitors.gathering.poll import PollPorts
from monitors.language.problems import Problem
from monitors.pipeline.book import InForce
from monitors.rules.editing.feeds import add_feed
from monitors.talking.commands.adding_feeds import FeedAdder
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
    poke: Callable[[], Awaitable[object]],
) -> Talk | None:
    """Answer who talks with people, if there is a bot.

    Args:
        settings: of this process.
        reading: how feeds are looked for.
        in_force: the rulebook in force.
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
                fetcher=reading.fetcher, reader=reading.reader, add=_adding(settings), clock=now
            ),
            StoryEditor(store=reading.store, in_force=in_force, clock=now),
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


def _adding(settings: Settings) -> Callable[[str], str | None]:
    """Answer what writes an address into rules.yaml, and says why that cannot be."""
    # Its own, because it remembers what was read last: the other one watches for changes.
    file = RulebookFile(settings.rules)
    name = settings.rules.name

    def add(address: str) -> str | None:
        text = file.read()
        if not isinstance(text, Problem):
            text = add_feed(text, address, networks=settings.networks, packs=FilePacks(file))
        if isinstance(text, Problem):
            return text.told(name).rstrip(". ")
        problem = file.replace(text)
        return f"{name}: {problem.message}. {problem.hint or ''}".rstrip(". ") if problem else None

    return add
