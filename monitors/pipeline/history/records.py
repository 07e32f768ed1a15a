"""Changes of rules.yaml, and who made them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from typing import NewType, TypeAlias

from monitors.rules.editing.edits import Edit

ChangeId = NewType("ChangeId", int)
ProposalId = NewType("ProposalId", int)

MOST_CHANGES = 200
MOST_BYTES = 50_000_000
MOST_PROPOSALS = 200
LASTING = timedelta(hours=24)
"""How long a proposal can be applied."""


class Origin(Enum):
    """Where a change came from."""

    CHAT = "chat"
    FILE = "file"  # edited by hand, or by another program
    COMMAND_LINE = "command line"
    TELEGRAM = "telegram"  # which has given a group another number


@dataclass(frozen=True, slots=True, kw_only=True)
class Author:
    """Who changes rules.yaml.

    Attributes:
        user: number of the Telegram user; None where there is none.
        name: what people call them.
        place: the chat, and the topic if any, as `-1001:12`; None outside of chats.
    """

    origin: Origin
    user: str | None = None
    name: str = ""
    place: str | None = None


@dataclass(frozen=True, slots=True)
class GoBack:
    """The wish to undo a change; to undo what undid another one is to do that again."""

    change: ChangeId


Asked: TypeAlias = Edit | GoBack


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A change, as it is to be remembered.

    Attributes:
        what: it did, in a few words.
        before: the text that it changed; None if that is not known.
        after: the text that it made of it.
        undoes: the change that it takes back.
        renamed: the name that a rule had, and the one that it has now.
    """

    what: str
    before: str | None
    after: str
    undoes: ChangeId | None = None
    renamed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change that was made.

    Attributes:
        before, after: digests of the texts; `before` is None where it is not known.
        what, undoes, renamed: as in `Step`.
    """

    id: ChangeId
    at: datetime
    author: Author
    what: str
    before: str | None
    after: str
    undoes: ChangeId | None = None
    renamed: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A change that somebody was shown and has not yet confirmed.

    Attributes:
        author: who asked for it, and where.
        digest: of the text that it was made on.
    """

    id: ProposalId
    author: Author
    asked: Asked
    digest: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why rules.yaml is not in force as it stands, in one line, and since when."""

    why: str
    since: datetime
