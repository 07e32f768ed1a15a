"""What talking needs from the technologies."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from monitors.pipeline.ports import Clock, Store
from monitors.talking.heard import Dropped, Heard, Pressed

MOST_FILE_BYTES = 5_000_000
"""A larger file is not fetched."""


class Directory(Protocol):
    """Knows the people of groups."""

    async def administers(self, chat: str, user: str) -> bool:
        """Answer whether *user* is an administrator of the group *chat*, by Telegram's list.

        False where that cannot be found out now.
        """


@dataclass(frozen=True, slots=True)
class NotFetched:
    """A file that cannot be had; *why* is for people."""

    why: str


class Files(Protocol):
    """Fetches what people drop."""

    async def fetch(self, dropped: Dropped) -> bytes | NotFetched:
        """Answer what is in a file, of `MOST_FILE_BYTES` at most and within a minute."""


class Ears(Protocol):
    """Hears what people write and press."""

    def heard(self) -> AsyncIterator[Heard]:
        """Yield what people write and press, once it is there; never ends.

        It counts as heard when the next is asked for: after a crash it comes again.
        """

    async def answer(self, pressed: Pressed, text: str) -> None:
        """Show *text* for a moment to whoever pressed a button."""


@dataclass(frozen=True, slots=True)
class TalkPorts:
    """What a conversation needs.

    Attributes:
        ears: hears people.
        store: where answers are put into the outbox.
        poke: has the outbox looked at now.
        moved: has rules.yaml say the new number of a group, by the old one and the new.
    """

    ears: Ears
    store: Store
    clock: Clock
    poke: Callable[[], Awaitable[object]]
    moved: Callable[[str, str], Awaitable[object]]
