"""Which message of a chat tells of a story: its own, or that of one which is likely the same."""

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TypeAlias

from monitors.alerts.compose import StoryArticle
from monitors.alerts.decision import Told
from monitors.grouping.reason import Strength
from monitors.pipeline.records import AlertId
from monitors.pipeline.rows import StoryRows
from monitors.pipeline.telling.rows import AlertRows
from monitors.rules.rulebook import Chat, Stories
from monitors.stories.article import StoryId

Lineage: TypeAlias = tuple[tuple[StoryId, Strength], ...]
"""The story to which one is related, the one to which that is related and so on; how surely."""

_LONGEST_LINEAGE = 20
# Who shares one message: whatever is beyond this gets its own.
_MOST_TOGETHER = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Thread:
    """Where one chat is told of a story.

    Attributes:
        stories: the story, and those that share its message; that which opens the message first.
        told: the alert that brings the message, and what it told; None if there is none yet.
        under: the alert of an earlier story, to whose message a new one replies.
    """

    stories: tuple[StoryId, ...]
    told: tuple[AlertId, Told] | None = None
    under: AlertId | None = None


class Threads:
    """Answers where chats are told of one story.

    Attributes:
        earlier: the stories to which it is related.
    """

    def __init__(self, stories: StoryRows, alerts: AlertRows, story: StoryId) -> None:
        self._stories = stories
        self._alerts = alerts
        self._story = story
        self._read: dict[StoryId, tuple[StoryArticle, ...]] = {}
        self.earlier = _lineage(stories, story)

    @property
    def articles(self) -> tuple[StoryArticle, ...]:
        """The articles of the story alone, oldest first."""
        return self._articles(self._story)

    def articles_of(self, thread: Thread) -> tuple[StoryArticle, ...]:
        """Answer the articles of all stories that share a message, oldest first."""
        articles = (one for each in thread.stories for one in self._articles(each))
        return tuple(sorted(articles, key=lambda one: one.id))

    def of(self, chat: Chat) -> Thread:
        """Answer where *chat* is told of the story."""
        told = self._alerts.told(chat.name, self._story)
        if told:
            return Thread(stories=self._together(chat, self._story), told=told)
        under: AlertId | None = None
        likely = chat.stories is Stories.LOOSE
        for other, strength in self.earlier:
            likely = likely and strength is Strength.LIKELY
            told = self._alerts.told(chat.name, other)
            if told is None:
                continue
            if likely and not told[1].lost:
                together = self._together(chat, other)
                if self._story in together:
                    return Thread(stories=together, told=told)
            under = told[0]
            break
        return Thread(stories=self._together(chat, self._story), under=under)

    def _together(self, chat: Chat, story: StoryId) -> tuple[StoryId, ...]:
        """Answer *story* and the later ones that share its message, if it has one."""
        found, waiting = [story], deque([story])
        while chat.stories is Stories.LOOSE and waiting and len(found) < _MOST_TOGETHER:
            likely = (
                other
                for other, reason in self._stories.relatives(waiting.popleft())
                if reason.strength is Strength.LIKELY
                and self._alerts.told(chat.name, other) is None
            )
            more = tuple(islice(likely, _MOST_TOGETHER - len(found)))
            found += more
            waiting += more
        return tuple(found)

    def _articles(self, story: StoryId) -> tuple[StoryArticle, ...]:
        if story not in self._read:
            self._read[story] = self._stories.articles(story)
        return self._read[story]


def _lineage(stories: StoryRows, story: StoryId) -> Lineage:
    """Answer the earlier stories to which *story* is related, the nearest first."""
    found: list[tuple[StoryId, Strength]] = []
    while len(found) < _LONGEST_LINEAGE and (related := stories.related(story)):
        story, reason = related
        found.append((story, reason.strength))
    return tuple(found)
