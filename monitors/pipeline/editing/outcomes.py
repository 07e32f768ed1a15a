"""What becomes of the wish to change rules.yaml."""

from dataclasses import dataclass

from monitors.language.problems import Problem
from monitors.pipeline.history.records import Asked, ChangeId, ProposalId


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """A change that can be applied.

    Attributes:
        id: by which it is applied, for 24 hours.
        what: it would have done, in a few words.
        diff: lines that go and come, as `difference` answers them.
        warnings: of a new condition, examples that fail and advice; where it is gone back to a
            text, what is wrong with that.
    """

    id: ProposalId
    what: str
    diff: tuple[str, ...]
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """A change that was made, and is in force.

    Attributes:
        change: by which it is undone.
        what: it did, in a few words.
        diff: lines that went and came.
    """

    change: ChangeId
    what: str
    diff: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conflict:
    """A change that was not made: the file is no longer the one that was looked at.

    Attributes:
        theirs: what has changed in the file meanwhile.
        ours: what was to be changed.
        asked: what can be proposed again, on the file as it is.
    """

    theirs: tuple[str, ...]
    ours: tuple[str, ...]
    asked: Asked
