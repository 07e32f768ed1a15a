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
from monitors.talking.conversation import Conversation, TalkPorts
from monitors.talking.roles import Doorkeeper


@dataclass(frozen=True, slots=True)
class Talk:
    """Who hears people, and who answers them."""

    listener: TelegramListener
    conversation: Conversation


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
    listener = TelegramListener(settings.token, settings.api_url)
    conversation = Conversation(
        TalkPorts(listener, reading.store, now, poke),
        doorkeeper=Doorkeeper(in_force=in_force, admins=settings.admins, directory=listener),
        groups=(
            FeedAdder(
                fetcher=reading.fetcher, reader=reading.reader, add=_adding(settings), clock=now
            ),
            StoryEditor(store=reading.store, in_force=in_force, clock=now),
        ),
    )
    return Talk(listener, conversation)


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
