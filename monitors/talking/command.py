"""What a command is, and what a group of them has to know."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from monitors.pipeline.dialogs import Dialog
from monitors.talking.answer import Answer, Reaction
from monitors.talking.heard import Admitted, Dropped, Pressed, Said
from monitors.talking.roles import Role

_COMMAND = re.compile(
    r"/(?P<name>[a-z_]+)(?:@\w+)?(?:\s+(?P<rest>.*))?", re.ASCII | re.IGNORECASE | re.DOTALL
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    """A command that people can write.

    Attributes:
        name: without the stroke.
        does: in a few words, for the menu.
        example: how it is written.
        needs: what somebody has to be at the least.
        in_groups: whether the menu of a group offers it.
        is_slow: whether it takes longer than others would wait for.
        ends_dialog: whether who gives it is no longer asked what another has asked them.
    """

    name: str
    does: str
    example: str
    needs: Role
    in_groups: bool = True
    is_slow: bool = False
    ends_dialog: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A command, or what a person says in a dialog.

    Attributes:
        role: what the person is in that chat.
        rest: what stands after the command, or all that is said.
    """

    said: Said
    role: Role
    command: str
    rest: str


class Commands:
    """A few commands about one thing, the buttons that belong to them, and their dialogs.

    Each group of them has its own of this; what it does not need stays as it is here.
    """

    __slots__ = ()

    @property
    def offered(self) -> tuple[Command, ...]:
        """The commands."""
        return ()

    @property
    def verbs(self) -> Mapping[str, Role]:
        """What the data of its buttons begins with, and what one has to be to press them."""
        return {}

    async def answer(self, asked: Asked) -> Answer | None:
        """Answer a command; who asks may have it answered."""
        del asked
        return None

    async def press(self, pressed: Pressed, role: Role) -> Reaction:
        """Do what a button is for; whoever pressed it may."""
        del pressed, role
        return Reaction()

    async def go_on(self, asked: Asked, dialog: Dialog) -> Answer | None:
        """Answer what somebody says whose last word was a command that has asked for more."""
        del asked, dialog
        return None


@runtime_checkable
class Greets(Protocol):
    """Commands that have something to say where the bot is brought into a chat."""

    async def admitted(self, admitted: Admitted) -> Answer | None:
        """Answer an administrator who has brought the bot into a chat that rules.yaml lacks."""


@runtime_checkable
class Unpacks(Protocol):
    """Commands that take what people drop into a chat."""

    async def dropped(self, dropped: Dropped, role: Role) -> Answer | None:
        """Answer somebody who has dropped a file; None leaves it to others."""


@runtime_checkable
class Overhears(Protocol):
    """Commands that a person alone with the bot need not name."""

    def meant(self, text: str) -> str | None:
        """Answer the command that *text* asks for, if it can be nothing else."""


@runtime_checkable
class Lingers(Protocol):
    """Commands that may take longer than somebody waits without a word."""

    def under_way(self, asked: Asked) -> Answer:
        """Answer what is said meanwhile."""


def command_in(text: str) -> tuple[str, str] | None:
    """Answer the command that *text* is, and what stands after it; None if it is none."""
    found = _COMMAND.fullmatch(text.strip())
    return (found["name"].lower(), (found["rest"] or "").strip()) if found else None
