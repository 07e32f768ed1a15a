"""A condition as people would say it: `all of: AUKUS · any of: Pillar 2, Pillar II · not: tax`."""

from collections.abc import Collection, Mapping, Sequence
from typing import assert_never

from monitors.language.expression import (
    Age,
    And,
    EntityName,
    Exact,
    Expression,
    Forms,
    Link,
    Loose,
    Near,
    Not,
    Or,
    Phrase,
    Regex,
    Repeated,
    Scoped,
    Score,
    Several,
    Term,
    Weight,
    Word,
    is_term,
)
from monitors.terms.entity import Entity
from monitors.times import duration_text

_APART = " · "
_MOST_LISTED = 12
_NAMES_SHOWN = 3
_FIELDS = {
    "title": "in the headline",
    "summary": "in the summary",
    "text": "in the text",
    "source": "from the outlet",
    "author": "written by",
    "lang": "in the language",
    "url": "with an address that has",
    "tag": "from feeds tagged",
}


def in_words(condition: Expression, entities: Collection[Entity] = ()) -> str:
    """Answer *condition* in plain words, as it is understood.

    Args:
        condition: the tree of it.
        entities: of which some names are told, where the condition names one.
    """
    said = _Said({entity.name: entity for entity in entities}).whole(condition)
    return f"{said[:1].upper()}{said[1:]}" if not is_term(condition) else said


class _Said:
    """Says conditions that may name *entities*."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._entities = entities

    def whole(self, condition: Expression) -> str:
        """Answer *condition* where nothing stands around it."""
        match condition:
            case And(parts):
                said = self._all(parts)
            case Or(parts):
                said = f"any of: {self._listed(parts)}"
            case Not(Or(parts)):
                said = f"none of: {self._listed(parts)}"
            case Not(part):
                said = f"not: {self.part(part)}"
            case Scoped(name, part):
                said = f"{_FIELDS.get(name, name)}: {self.whole(part)}"
            case Near(parts, links):
                said = self.part(parts[0]) + "".join(map(self._linked, links, parts[1:]))
            case _:
                said = self._counted(condition)
        return said

    def _counted(self, condition: Several | Score | Age | Repeated | Term) -> str:
        match condition:
            case Several(number, parts):
                said = f"at least {number} of: {self._listed(parts)}"
            case Score(least, weights):
                said = f"at least {least} points of: {', '.join(map(self._weight, weights))}"
            case Age(than, younger):
                said = f"{'less' if younger else 'more'} than {duration_text(than)} old"
            case Repeated(term, times):
                said = f"{self._term(term)} at least {times} times"
            case _:
                said = self._term(condition)
        return said

    def part(self, condition: Expression) -> str:
        """Answer *condition* as one thing of several."""
        said = self.whole(condition)
        return said if is_term(condition) or isinstance(condition, Repeated | Age) else f"({said})"

    def _all(self, parts: Sequence[Expression]) -> str:
        alone = [part for part in parts if is_term(part)]
        rest = [part for part in parts if not is_term(part)]
        clauses = []
        if alone:
            clauses.append(f"all of: {self._listed(alone)}")
        ordered = sorted(rest, key=lambda part: isinstance(part, Not))
        clauses.extend(map(self.whole, ordered))
        return _APART.join(clauses)

    def _listed(self, parts: Sequence[Expression]) -> str:
        said = [self.part(part) for part in parts[:_MOST_LISTED]]
        rest = len(parts) - len(said)
        return ", ".join(said) + (f" and {rest} more" if rest else "")

    def _weight(self, weight: Weight) -> str:
        each = " each time" if weight.each else ""
        return f"{self.part(weight.part)} ({weight.points}{each})"

    def _linked(self, link: Link, part: Expression) -> str:
        said = self.part(part)
        if link.words is None:
            return f" in one sentence with {said}"
        order = "then " if link.ordered else "and "
        return f" {order}{said} within {link.words} words"

    def _term(self, term: Term) -> str:
        match term:
            case Word(text) | Phrase(text):
                return text
            case Exact(text):
                return f"{text} (written just so)"
            case Forms(text):
                return f"{text} (in any form)"
            case Loose(text, others):
                return f"{text} (in any order, with {others} other words at most)"
            case Regex(pattern):
                return f"/{pattern}/"
            case EntityName(name):
                return self._entity(name)
            case _:
                assert_never(term)

    def _entity(self, name: str) -> str:
        entity = self._entities.get(name)
        names = (*entity.names, *entity.exact) if entity else ()
        if not names:
            return f"@{name}"
        rest = len(names) - _NAMES_SHOWN
        more = f" and {rest} more" if rest > 0 else ""
        return f"@{name} ({', '.join(names[:_NAMES_SHOWN])}{more})"
