"""What the text of a condition is made of, before it is a tree."""

from enum import StrEnum
from typing import NamedTuple

from monitors.language.expression import Age, Term


class Kind(StrEnum):
    """What a token is; the values of operators are how they are written."""

    WORD = "word"
    PHRASE = "phrase"
    EXACT = "exact"
    FORMS = "forms"
    LOOSE = "loose"
    REGEX = "regular expression"
    ENTITY = "entity"
    AGE = "age"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    NEAR = "NEAR"
    FIELD = "field"
    LEAST = ">="
    OF = "OF"
    POINTS = "^"
    EACH = "EACH"
    COMMA = ","
    OPEN = "("
    CLOSE = ")"
    END = "end"


TERMS = frozenset(
    (
        *(Kind.WORD, Kind.PHRASE, Kind.EXACT, Kind.FORMS),
        *(Kind.LOOSE, Kind.REGEX, Kind.ENTITY, Kind.AGE),
    )
)
"""The kinds of tokens that are a condition by themselves."""


class Token(NamedTuple):
    """A piece of the text of a condition.

    Attributes:
        text: the word, the phrase or the entity's name, without its marks; else as written,
            in one form: `>= 3`, `NEAR/3`, `^-5`; of what begins a list, `OF` or `POINTS`.
        at, end: offsets of its first character and of the one after its last, where the
            marks around it and the punctuation after it are its own.
        says: the condition that it is by itself, if its kind is one of `TERMS`.
    """

    kind: Kind
    text: str
    at: int
    end: int
    says: Term | Age | None = None
