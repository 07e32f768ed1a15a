"""What the pipeline needs from the store of what people mute, and what that has kept from them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from monitors.alerts.alert import AlertContent
from monitors.alerts.muting import Mute, Mutes
from monitors.pipeline.records import AlertId
from monitors.stories.article import StoryId


@dataclass(frozen=True, slots=True, kw_only=True)
class Silenced:
    """What a chat was not told because somebody there has muted it.

    Attributes:
        content: the story as it was when it last happened.
        why: for people.
        times: how often it happened.
    """

    chat: str
    story: StoryId
    content: AlertContent
    why: str
    at: datetime
    times: int = 1


class MuteRows(Protocol):
    """What is muted in each chat; what was, is kept with its end."""

    def put(self, chat: str, mute: Mute, now: datetime) -> int:
        """Mute something in *chat*, in place of a mute of the same; answer its number."""

    def lift(self, chat: str, number: int, who: str, now: datetime) -> bool:
        """End a mute of *chat*; False if it has none of that number, or no more."""

    def of(self, chat: str, now: datetime) -> Mutes:
        """Answer what is muted in *chat* now, the oldest first."""

    def silence(
        self, chat: str, story: StoryId, content: AlertContent, why: str, now: datetime
    ) -> None:
        """Remember that *chat* was not told of *content*."""

    def silenced(
        self, limit: int, *, chats: Sequence[str] | None = None, story: StoryId | None = None
    ) -> tuple[Silenced, ...]:
        """Answer what was not told, the newest first: in some of *chats*, or of one story."""

    def drop_replies(self, alert: AlertId, why: str) -> int:
        """Send none of the replies that wait below *alert*; answer how many."""

    def waiting_below(self, alert: AlertId) -> tuple[AlertId, ...]:
        """Answer the alerts that are to reply to *alert* and that nobody has tried to send."""
