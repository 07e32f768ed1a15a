"""What talking needs from the technologies."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from monitors.pipeline.ports import Clock, Ledger, Store
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Hooks:
    """Who else takes note of what is heard, in the same transaction; None where nobody does.

    Attributes:
        seen: told the number of each message of a chat.
        let_in: told of a chat that the bot may write to again.
        moved: told the old and the new number of a group that lives on under another one.
        holds: answers until when which chats are to be left alone; `*` is all of Telegram.
    """

    seen: Callable[[Ledger, str, int], object] | None = None
    let_in: Callable[[Ledger, str], object] | None = None
    moved: Callable[[Ledger, str, str, datetime], object] | None = None
    holds: Callable[[Ledger, datetime], Mapping[str, datetime]] | None = None

    def held_until(self, ledger: Ledger, chat: str, now: datetime) -> datetime | None:
        """Answer until when no call for *chat* may be made, if that is so."""
        holds = self.holds(ledger, now) if self.holds else {}
        return max((holds[peer] for peer in (chat, "*") if peer in holds), default=None)


@dataclass(frozen=True, slots=True)
class TalkPorts:
    """What a conversation needs.

    Attributes:
        ears: hears people.
        store: where answers are put into the outbox.
        poke: has the outbox looked at now.
        hooks: who else takes note of what is heard.
    """

    ears: Ears
    store: Store
    clock: Clock
    poke: Callable[[], Awaitable[object]]
    hooks: Hooks = field(default_factory=Hooks)
