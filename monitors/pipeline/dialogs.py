"""What somebody was asked, so that the next text is understood, also after a restart."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

PATIENCE = timedelta(minutes=30)
"""So long is an answer waited for."""


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

    def close(self, place: str, user: str) -> bool:
        """Forget what *user* was asked; answer whether there was something."""
