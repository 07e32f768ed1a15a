"""Why a condition holds for an article, or why not."""

from dataclasses import dataclass

from monitors.language.expression import And, Expression, Not, Or, Score, Several
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
            return _joined(nearest) if nearest else ([expression], [])
        case Several() | Score():
            return _short_of(expression, evaluation)
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


def _short_of(score: Several | Score, evaluation: Evaluation) -> Failing:
    """Answer the points or parts of a list that are missing, or else what costs too much."""
    if isinstance(score, Several):
        return [_lacking(score.number, score.parts, evaluation)], []
    short = score.least - evaluation.points(score)
    open_ones = [
        weight
        for weight in score.weights
        if weight.points > 0 and (weight.each or not evaluation.holds(weight.part))
    ]
    against = [
        weight.part
        for weight in score.weights
        if weight.points < 0 and evaluation.holds(weight.part)
    ]
    without = Score(score.least, tuple(each for each in score.weights if each.points > 0))
    if against and evaluation.points(without) >= score.least:
        return [], against
    return [Score(short, tuple(open_ones))], against


def _joined(failing: list[Failing]) -> Failing:
    return (
        [part for missing, _ in failing for part in missing],
        [part for _, left_out in failing for part in left_out],
    )
