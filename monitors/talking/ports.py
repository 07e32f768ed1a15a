"""What talking needs from the technologies."""

from collections.abc import AsyncIterator
from typing import Protocol

from monitors.talking.heard import Heard, Pressed


class Directory(Protocol):
    """Knows the people of groups."""

    async def administers(self, chat: str, user: str) -> bool:
        """Answer whether *user* is an administrator of the group *chat*, by Telegram's list.

        False where that cannot be found out now.
        """


class Ears(Protocol):
    """Hears what people write and press."""

    def heard(self) -> AsyncIterator[Heard]:
        """Yield what people write and press, once it is there; never ends."""

    async def answer(self, pressed: Pressed, text: str) -> None:
        """Show *text* for a moment to whoever pressed a button."""
