"""What the rules answer for an article."""

from dataclasses import dataclass
from enum import Enum

from monitors.rules.rulebook import Rule


class Field(Enum):
    """A part of an article's text; phrases never cross from one to the next."""

    TITLE = "title"
    SUMMARY = "summary"
    TEXT = "text"


@dataclass(frozen=True, slots=True, order=True)
class Evidence:
    """Where a term of the rule stands in the article.

    Attributes:
        field: the name of the part (`Field.value`).
        start, end: half-open span of that part in characters, as the article has it.
    """

    field: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Match:
    """That a rule holds for an article.

    Attributes:
        evidence: spans that made it hold, title first, then summary, then text, in order
            and not overlapping; empty only for rules that hold without any text.
    """

    rule: Rule
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Matches:
    """What all rules answer for one article.

    Attributes:
        holding: in the order of rules.yaml.
        partial: rules of which a required part holds and which could hold with more text;
            what a page is fetched for.
    """

    holding: tuple[Match, ...] = ()
    partial: tuple[Rule, ...] = ()
