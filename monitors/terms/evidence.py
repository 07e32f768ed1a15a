"""Where in an article a condition found what it looks for."""

from dataclasses import dataclass
from enum import Enum


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
