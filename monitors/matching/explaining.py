"""Why a condition holds for an article, or why not."""

from dataclasses import dataclass

from monitors.language.expression import And, Expression, Not, Or, Several
from monitors.language.printing import to_text
from monitors.matching.evaluation import Evaluation
from monitors.matching.nearly import MOST, Nearly
from monitors.terms.evidence import Evidence
from monitors.terms.reading import Reading
from monitors.terms.wanted import Terms


@dataclass(frozen=True, slots=True)
class Clause:
    """A term of a condition that was found, as rule text, and the fields that it stands in."""

    text: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a condition holds for an article, or why not.

    Attributes:
        holds: whether it does.
        evidence: what made it hold; if it does not, where the terms stand that were found.
        found: the terms that made it hold; if it does not, those that speak for it.
        missing: the parts that were not found, as rule text.
        left_out_by: the parts after a NOT that were found, as rule text.
    """

    holds: bool
    evidence: tuple[Evidence, ...] = ()
    found: tuple[Clause, ...] = ()
    missing: tuple[str, ...] = ()
    left_out_by: tuple[str, ...] = ()


def explain(condition: Expression, reading: Reading, terms: Terms) -> Explanation:
    """Answer whether *condition* holds for an article, and what is to blame if not."""
    evaluation = Evaluation(reading, terms)
    evidence = evaluation.evidence(condition)
    clauses = (Clause(to_text(term), fields) for term, fields in evaluation.clauses(condition))
    found = tuple(dict.fromkeys(clauses))
    if evaluation.holds(condition):
        return Explanation(holds=True, evidence=evidence, found=found)
    missing, left_out_by = _failing(condition, evaluation)
    return Explanation(
        holds=False,
        evidence=evidence,
        found=found,
        missing=tuple(dict.fromkeys(map(to_text, missing))),
        left_out_by=tuple(dict.fromkeys(map(to_text, left_out_by))),
    )


def nearly(condition: Expression, reading: Reading, terms: Terms) -> tuple[str, ...]:
    """Answer what stands in an article instead of what is missing, a line each.

    As in `found "Pillar Two": did you mean @pillar-2?`; nothing if *condition* holds.
    """
    evaluation = Evaluation(reading, terms)
    if evaluation.holds(condition):
        return ()
    missing, _ = _failing(condition, evaluation)
    near = Nearly(reading, terms)
    lines = dict.fromkeys(line for part in missing[:MOST] for line in near.of(part))
    return tuple(lines)[:MOST]


Failing = tuple[list[Expression], list[Expression]]
"""The parts that are missing, and the parts that had to be left out and are there."""


def _failing(expression: Expression, evaluation: Evaluation) -> Failing:
    """Answer the smallest parts of *expression*, which does not hold, that are to blame."""
    match expression:
        case And(parts):
            failed = [part for part in parts if not evaluation.holds(part)]
            return _joined([_failing(part, evaluation) for part in failed])
        case Or(parts):
            # A side that lacks nothing came nearest: what it had to leave out is the reason.
            sides = [_failing(part, evaluation) for part in parts]
            nearest = [side for side in sides if not side[0]]
            return _joined(nearest) if nearest else _least(expression, sides)
        case Several(number, parts):
            return [_lacking(number, parts, evaluation)], []
        case Not(Or(parts)):
            return [], [part for part in parts if evaluation.holds(part)]
        case Not(part):
            return [], [part]
        case _:
            return [expression], []


def _lacking(number: int, parts: tuple[Expression, ...], evaluation: Evaluation) -> Expression:
    """Answer what of a list is missing: so many of those that do not hold."""
    rest = tuple(part for part in parts if not evaluation.holds(part))
    more = number - (len(parts) - len(rest))
    if more == len(rest):
        return rest[0] if more == 1 else And(rest)
    return Or(rest) if more == 1 else Several(more, rest)


def _least(expression: Or, sides: list[Failing]) -> Failing:
    """Answer what is missing of those *sides* that lack least, if a part of any is there."""
    lacks = [len(missing) + len(left_out) for missing, left_out in sides]
    begun = any(
        isinstance(part, And) and lack < len(part.parts)
        for part, lack in zip(expression.parts, lacks, strict=True)
    )
    if not begun:
        return [expression], []
    nearest = [side for side, lack in zip(sides, lacks, strict=True) if lack == min(lacks)]
    missing = [part[0] if len(part) == 1 else And(tuple(part)) for part, _ in nearest]
    missing = list(dict.fromkeys(missing))
    left_out = [part for _, left_out in nearest for part in left_out]
    return [missing[0] if len(missing) == 1 else Or(tuple(missing))], left_out


def _joined(failing: list[Failing]) -> Failing:
    return (
        [part for missing, _ in failing for part in missing],
        [part for _, left_out in failing for part in left_out],
    )
