"""Which messages of chats list the reports of a story, and what else they list."""

from collections.abc import Mapping
from dataclasses import dataclass

from monitors.pipeline.ports import Ledger
from monitors.pipeline.records import ToldAlert
from monitors.pipeline.telling.thread import Threads
from monitors.rules.rulebook import Chat, Stories
from monitors.stories.article import StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that lists reports.

    Attributes:
        told: the alert that brings it; its story opens the message.
        stories: those whose reports it lists.
    """

    told: ToldAlert
    stories: tuple[StoryId, ...]


def messages_of(ledger: Ledger, chats: Mapping[str, Chat], story: StoryId) -> tuple[Message, ...]:
    """Answer the messages that list the reports of *story*.

    In a loose chat that may be the message of another one, which is likely the same.

    Args:
        ledger: the transaction.
        chats: those of rules.yaml, by name; others were told before they left it.
        story: which may be in messages of its own, too.
    """
    threads = Threads(ledger.stories, ledger.alerts, story)
    own = ledger.regrouping.told(story)
    found: list[Message] = []
    for told in own:
        chat = chats.get(told.chat)
        stories = threads.of(chat).stories if chat else (story,)
        found.append(Message(told=told, stories=stories))
    known = {told.chat for told in own}
    for chat in chats.values() if threads.earlier else ():
        if chat.stories is not Stories.LOOSE or chat.name in known:
            continue
        thread = threads.of(chat)
        shared = ledger.regrouping.alert(thread.told[0]) if thread.told else None
        if shared:
            found.append(Message(told=shared, stories=thread.stories))
    return tuple(found)
