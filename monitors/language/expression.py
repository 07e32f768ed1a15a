"""The tree of a condition."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeAlias, TypeGuard


@dataclass(frozen=True, slots=True)
class Word:
    """A single word; with a * at its end, every word that begins so.

    `at` is its offset in the text of the condition, not part of its value.
    """

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words that follow one another, each as a `Word`."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Exact:
    """A word or a phrase with its capitals and accents, written `=US` or `="Apple Watch"`."""

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class EntityName:
    """An entity, written `@name`."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """How two neighbours of a `Near` stand: *words* at most between them, in order or not."""

    words: int
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Near:
    """Terms, or an `Or` of them, that stand close together: *links* between *parts*."""

    parts: tuple["Expression", ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Repeated:
    """A term that stands in the article a number of *times* at least."""

    term: "Term"
    times: int


@dataclass(frozen=True, slots=True)
class And:
    """All parts hold; two or more, none of them an `And`."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Or:
    """At least one part holds; two or more, none of them an `Or`."""

    parts: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Several:
    """A *number* of the parts hold, or more; no more than there are parts."""

    number: int
    parts: tuple["Expression", ...]
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Not:
    """The part does not hold, anywhere in the article."""

    part: "Expression"
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Scoped:
    """The part holds for the field called *name*; it has no `Scoped` in it."""

    name: str
    part: "Expression"
    at: int = field(default=0, compare=False)


Term: TypeAlias = Word | Phrase | Exact | EntityName
Expression: TypeAlias = Term | Repeated | Near | Scoped | And | Or | Several | Not


def is_term(expression: Expression) -> TypeGuard[Term]:
    """Answer whether *expression* looks for something at a place."""
    return isinstance(expression, Word | Phrase | Exact | EntityName)


def terms(expression: Expression) -> Iterator[Term]:
    """Yield the terms of *expression* in the order in which they are written."""
    match expression:
        case And(parts) | Or(parts) | Near(parts) | Several(_, parts):
            for part in parts:
                yield from terms(part)
        case Not(part) | Scoped(_, part):
            yield from terms(part)
        case Repeated(term):
            yield term
        case _:
            yield expression
