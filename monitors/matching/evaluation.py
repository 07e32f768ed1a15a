"""Whether one condition holds for one article, looked at term by term.

This is the plain way, which explains a rule and judges whether more text could make it hold.
`matching.index` does the same for all rules at once, and has to agree with it.
"""

from collections.abc import Iterable, Iterator
from enum import IntEnum
from itertools import islice
from typing import TypeGuard

from monitors.language.expression import (
    Age,
    And,
    Expression,
    Near,
    Not,
    Or,
    Repeated,
    Scoped,
    Score,
    Several,
    Weight,
    is_term,
    terms,
)
from monitors.terms.evidence import Evidence, Field
from monitors.terms.reading import Reading
from monitors.terms.wanted import (
    FACTS,
    SETTLED,
    Leaf,
    Pattern,
    Published,
    Scattered,
    Sought,
    Terms,
    Wanted,
)

MAX_EVIDENCE = 200
MAX_COUNTED = 1_000
_ORDER = {field.value: place for place, field in enumerate(Field)}


class Progress(IntEnum):
    """How far a condition has come, if more text may follow."""

    NEVER = 0
    """No more text can make it hold: something that must be left out is there, or the like."""
    OPEN = 1
    PARTIAL = 2
    """Something that speaks for it is there already."""


def is_leaf(expression: Expression) -> TypeGuard[Leaf]:
    """Answer whether *expression* is looked for, rather than made of other conditions."""
    return isinstance(expression, Repeated | Near | Age) or is_term(expression)


class Evaluation:
    """Looks at conditions for one article."""

    def __init__(self, reading: Reading, terms: Terms) -> None:
        self._reading = reading
        self._terms = terms

    def holds(self, expression: Expression, field: str = "") -> bool:
        """Answer whether *expression*, or what it says of *field*, holds."""
        match expression:
            case Not(part):
                return not self.holds(part, field)
            case Scoped(name, part):
                return self.holds(part, name)
            case And(parts):
                return all(self.holds(part, field) for part in parts)
            case Or(parts):
                return any(self.holds(part, field) for part in parts)
            case Several(number, parts):
                return sum(self.holds(part, field) for part in parts) >= number
            case _:
                return self._is_found(expression, field)

    def progress(self, expression: Expression, field: str = "", *, wanted: bool = True) -> Progress:
        """Answer what could become of *expression*, or of its contrary if it is not *wanted*."""
        match expression:
            case Not(part):
                return self.progress(part, field, wanted=not wanted)
            case Scoped(name, part):
                return self.progress(part, name, wanted=wanted)
            case Score():
                return self._progress_of_score(expression, field, wanted=wanted)
            case And(parts):
                least = len(parts) if wanted else 1
            case Or(parts):
                least = 1 if wanted else len(parts)
            case Several(number, parts):
                least = number if wanted else len(parts) - number + 1
            case _:
                return self._progress_of_leaf(expression, field, wanted=wanted)
        steps = [self.progress(part, field, wanted=wanted) for part in parts]
        open_ones = len(steps) - steps.count(Progress.NEVER)
        return max(steps) if open_ones >= least else Progress.NEVER

    def evidence(self, expression: Expression) -> tuple[Evidence, ...]:
        """Answer where that stands that makes *expression* hold, or that speaks for it."""
        told = (one for one in self._clauses(expression) if one.field not in FACTS)
        clauses = list(islice(told, MAX_EVIDENCE))
        each = max(1, MAX_EVIDENCE // max(1, len(clauses)))
        places = [one for term in clauses for one in islice(self._reading.evidence(term), each)]
        return tuple(merged(places)[:MAX_EVIDENCE])

    def clauses(self, expression: Expression) -> Iterator[tuple[Expression, tuple[str, ...]]]:
        """Yield the terms that make *expression* hold, or that speak for it, with where they are.

        That is the names of fields, in the order of the article.
        """
        for one, wanted in self._clauses(expression).items():
            found = {each.field for each in islice(self._reading.evidence(one), MAX_EVIDENCE)}
            places = (one.field,) if one.field else tuple(sorted(found, key=_ORDER.__getitem__))
            yield wanted, places

    def _clauses(self, expression: Expression) -> dict[Wanted, Expression]:
        """Answer what was found of *expression*, and the terms that looked for it."""
        if self.holds(expression):
            leaves = self._proof(expression)
        else:
            leaves = (
                found
                for leaf, field in speakers(expression)
                for found in self._found_of(leaf, field)
            )
        return {self._terms.wanted(leaf, field): leaf for leaf, field in leaves}

    def _found_of(self, leaf: Leaf, field: str) -> Iterator[tuple[Leaf, str]]:
        """Yield *leaf* if it is found, or else what is found of the terms in it."""
        if self._reading.has(self._terms.wanted(leaf, field)):
            yield leaf, field
            return
        for term in terms(leaf):
            if term != leaf and self._reading.has(self._terms.wanted(term, field)):
                yield term, field

    def _is_found(self, one: Score | Leaf, field: str) -> bool:
        if isinstance(one, Score):
            return sum(self.worth(weight, field) for weight in one.weights) >= one.least
        return self._reading.has(self._terms.wanted(one, field))

    def worth(self, weight: Weight, field: str = "") -> int:
        """Answer the points that *weight* comes to."""
        if weight.each and is_term(weight.part):
            one = self._terms.wanted(weight.part, field)
            assert isinstance(one, Sought | Scattered | Pattern), "only terms are counted"
            times = self._reading.count(one)
            return weight.points * min(times, MAX_COUNTED)
        return weight.points * self.holds(weight.part, field)

    def _progress_of_leaf(self, leaf: Leaf, field: str, *, wanted: bool) -> Progress:
        one = self._terms.wanted(leaf, field)
        found = self._reading.has(one)
        if not wanted:
            return Progress.NEVER if found else Progress.OPEN
        if found:
            return Progress.PARTIAL if speaks(one) else Progress.OPEN
        if field in SETTLED or isinstance(one, Published):
            return Progress.NEVER
        return Progress.PARTIAL if any(self._found_of(leaf, field)) else Progress.OPEN

    def _progress_of_score(self, score: Score, field: str, *, wanted: bool) -> Progress:
        if not wanted:
            sinks = any(weight.points < 0 for weight in score.weights)
            return Progress.OPEN if sinks or not self.holds(score, field) else Progress.NEVER
        most, best = 0, Progress.OPEN
        for weight in score.weights:
            if weight.points < 0:
                # Only a condition with NOT in it can cease to hold; a term that stands, stands.
                most += self.worth(weight, field) if is_leaf(weight.part) else 0
                continue
            step = self.progress(weight.part, field)
            if step is not Progress.NEVER:
                most += weight.points * (MAX_COUNTED if weight.each else 1)
                best = max(best, step)
        return best if most >= score.least else Progress.NEVER

    def _proof(
        self, expression: Expression, field: str = "", *, wanted: bool = True
    ) -> Iterator[tuple[Leaf, str]]:
        """Yield what makes *expression*, or its contrary if it is not *wanted*, hold."""
        match expression:
            case Not(part):
                yield from self._proof(part, field, wanted=not wanted)
            case Scoped(name, part):
                yield from self._proof(part, name, wanted=wanted)
            case Score(_, weights):
                for weight in weights if wanted else ():
                    if weight.points > 0 and self.holds(weight.part, field):
                        yield from self._proof(weight.part, field)
            case And(parts) | Or(parts) | Several(_, parts):
                for part in parts:
                    if self.holds(part, field) == wanted:
                        yield from self._proof(part, field, wanted=wanted)
            case _:
                if wanted:
                    yield expression, field


def speakers(
    expression: Expression, field: str = "", *, wanted: bool = True
) -> Iterator[tuple[Leaf, str]]:
    """Yield everything whose presence speaks for *expression*, with the field it belongs to."""
    match expression:
        case Not(part):
            yield from speakers(part, field, wanted=not wanted)
        case Scoped(name, part):
            yield from speakers(part, name, wanted=wanted)
        case Score(_, weights):
            for weight in weights:
                yield from speakers(weight.part, field, wanted=wanted == (weight.points > 0))
        case And(parts) | Or(parts) | Several(_, parts):
            for part in parts:
                yield from speakers(part, field, wanted=wanted)
        case _:
            if wanted and field not in FACTS and not isinstance(expression, Age):
                yield expression, field


def speaks(one: Wanted) -> bool:
    """Answer whether the presence of *one* tells something of what an article is about."""
    return one.field not in FACTS and not isinstance(one, Published)


def merged(places: Iterable[Evidence]) -> list[Evidence]:
    """Answer *places* in the order of the article, those that overlap as one."""
    joined: list[Evidence] = []
    for one in sorted(places, key=lambda each: (_ORDER[each.field], each.start, each.end)):
        last = joined[-1] if joined else None
        if last and last.field == one.field and one.start < last.end:
            joined[-1] = Evidence(one.field, last.start, max(last.end, one.end))
        else:
            joined.append(one)
    return joined
