"""What listens to people on Telegram and answers them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from monitors.adapters.telegram.listener import TelegramListener
from monitors.app.chat.minding import minding_groups
from monitors.app.chat.reading import reading_groups
from monitors.app.chat.ruling import rule_groups
from monitors.app.clock import now
from monitors.app.settings import Settings
from monitors.gathering.poll import PollPorts
from monitors.pipeline.book import InForce
from monitors.pipeline.editing.editor import Editor
from monitors.talking.command import Commands
from monitors.talking.commands.alert_buttons import AlertButtons
from monitors.talking.commands.digests import DigestButtons
from monitors.talking.commands.stories import StoryEditor
from monitors.talking.conversation import Conversation
from monitors.talking.menu_board import MenuBoard
from monitors.talking.minding.offers import Offers
from monitors.talking.ports import Files, TalkPorts
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
    conversation = Conversation(
        TalkPorts(listener, reading.store, now, poke, editor.moved),
        doorkeeper=Doorkeeper(in_force=in_force, admins=settings.admins, directory=listener),
        groups=groups(settings, reading, in_force, editor, listener.files),
    )
    menus = MenuBoard(
        boards=listener.boards,
        store=reading.store,
        clock=now,
        in_force=in_force,
        bot=settings.token.partition(":")[0],
        admins=settings.admins,
        offered=conversation.offered,
    )
    return Talk(listener, conversation, menus)


def groups(
    settings: Settings, reading: PollPorts, in_force: InForce, editor: Editor, files: Files
) -> tuple[Commands, ...]:
    """Answer who answers which commands and buttons; see `open_talk`."""
    offers = Offers()
    offers.groups = (
        *reading_groups(settings, reading, in_force, editor, files),
        StoryEditor(store=reading.store, in_force=in_force, clock=now),
        AlertButtons(store=reading.store, in_force=in_force, clock=now),
        DigestButtons(store=reading.store, in_force=in_force),
        *rule_groups(settings, reading.store, in_force, editor),
        *minding_groups(offers, settings, reading.store, in_force, editor),
    )
    return offers.groups
