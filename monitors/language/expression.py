"""The tree of a condition."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TypeAlias, TypeGuard


@dataclass(frozen=True, slots=True)
class Word:
    """A single word; a * in it stands for any letters, a ? for one letter.

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
class Forms:
    """A word or a phrase in any of its forms, written `~submarine` or `~"Pillar 2"`.

    Those are the inflections of words, the ways to write a number, and words joined or parted.
    """

    text: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Loose:
    """Words of a phrase in any order, with *others* words among them at most: `"a b"~5`."""

    text: str
    others: int
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Regex:
    """A regular expression over the text of a part as it stands, written `/.../` or `/.../i`."""

    pattern: str
    ignores_case: bool = False
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class EntityName:
    """An entity, written `@name`."""

    name: str
    at: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class Link:
    """How two neighbours of a `Near` stand: *words* at most between them, in order or not.

    Without a number of words, they stand in the same sentence (`SENTENCE`).
    """

    words: int | None
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
class Age:
    """How long before it was seen an article was published: `published:<6h`, `published:>2d`.

    Attributes:
        younger: whether it has to be younger *than* that, else older.
    """

    than: timedelta
    younger: bool = True
    at: int = field(default=0, compare=False)


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
class Weight:
    """What a part of a `Score` is worth; if *each*, a term is worth it every time it stands."""

    part: "Expression"
    points: int = 1
    each: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """The points of the parts that hold come to *least* or more: `30 POINTS (a^20, b^15)`.

    At least one weight has positive points, and all of those together reach *least*.
    """

    least: int
    weights: tuple[Weight, ...]
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


Term: TypeAlias = Word | Phrase | Exact | Forms | Loose | Regex | EntityName
Expression: TypeAlias = Term | Repeated | Age | Near | Scoped | And | Or | Several | Score | Not


def is_term(expression: Expression) -> TypeGuard[Term]:
    """Answer whether *expression* looks for something at a place."""
    return isinstance(expression, Word | Phrase | Exact | Forms | Loose | Regex | EntityName)


def parts_of(expression: Expression) -> tuple[Expression, ...]:
    """Answer the conditions that *expression* is made of; terms are made of none."""
    match expression:
        case And(parts) | Or(parts) | Near(parts) | Several(_, parts):
            return parts
        case Score(_, weights):
            return tuple(weight.part for weight in weights)
        case Not(part) | Scoped(_, part):
            return (part,)
        case Repeated(term):
            return (term,)
        case _:
            return ()


def terms(expression: Expression) -> Iterator[Term]:
    """Yield the terms of *expression* in the order in which they are written."""
    if is_term(expression):
        yield expression
    for part in parts_of(expression):
        yield from terms(part)
