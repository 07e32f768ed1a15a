"""What is remembered of conversations, so that nothing is forgotten or done twice."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

PATIENCE = timedelta(minutes=30)
"""So long is an answer waited for."""
A_DAY = timedelta(days=1)
"""So long Telegram keeps what the bot has not heard, and may tell it again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    """What somebody was asked.

    Attributes:
        command: which command asks.
        step: what it waits for.
        state: what it has to remember, as it likes to write it down.
    """

    command: str
    step: str
    state: str = ""


class DialogRows(Protocol):
    """The dialogs that are open: one a person and chat.

    A *place* is the number of a chat, and of a topic where there are some, as `Place.key` is.
    """

    def open(self, place: str, user: str, dialog: Dialog, until: datetime) -> None:
        """Remember what *user* was asked, in place of what they were asked before."""

    def at(self, place: str, user: str, now: datetime) -> Dialog | None:
        """Answer what *user* was asked, if that is not too long ago."""

    def forget(self, now: datetime) -> None:
        """Forget what was asked too long ago."""

    def close(self, place: str, user: str) -> bool:
        """Forget what *user* was asked; answer whether there was something."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interrupted:
    """Something that was begun and not ended when Newsbell stopped.

    Attributes:
        place: a chat and topic, as `Place.key` is.
        what: it was, for people.
    """

    place: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """Why people are not heard, and since when."""

    why: str
    since: datetime


class TalkRows(Protocol):
    """What people have asked, whether they are heard, and which menus they see."""

    def begin(self, key: str, place: str, what: str, now: datetime) -> bool:
        """Remember that something is begun; answer whether it is for the first time in a day.

        Args:
            key: by which it is known when it is heard again; an empty one is not remembered.
            place: a chat and topic.
            what: it is, for people.
            now: aware UTC.
        """

    def finish(self, key: str) -> None:
        """Remember that it was done."""

    def interrupted(self) -> tuple[Interrupted, ...]:
        """Answer what was begun and not finished, the oldest first; it counts as finished now."""

    def troubled(self, why: str | None, now: datetime) -> None:
        """Remember why people are not heard; None, that they are."""

    def trouble(self) -> Trouble | None:
        """Answer why people are not heard, if they are not."""

    def menus(self) -> Mapping[str, str]:
        """Answer what each menu was when it was last set: its digest, by its name."""

    def set_menu(self, name: str, digest: str | None) -> None:
        """Remember what a menu is; None, that there is none."""
