"""What a condition may say and still cannot mean."""

from monitors.language.expression import (
    Age,
    And,
    Expression,
    Near,
    Not,
    Or,
    Regex,
    Scoped,
    Score,
    Several,
    is_term,
    parts_of,
    terms,
)
from monitors.language.problems import Problem, problem_at
from monitors.language.refusals import Refusal


def nothing_found(text: str, whole: Expression) -> Problem | None:
    """Answer the problem if *whole* may hold for an article that has none of its terms.

    Such a rule would match nearly everything, and no index could find it.
    """
    if isinstance(whole, And) and any(map(is_term, whole.parts)):
        return None  # as in most rules
    if not _without_terms(whole)[0]:
        return None
    culprit, subject = whole, "the rule"
    if isinstance(whole, Or):
        culprit = next(part for part in whole.parts if _without_terms(part)[0])
        subject = "this side of OR"
    says = "how old an article is" if _has_age(culprit) else "what to leave out"
    hint = (
        "Write what to look for on every side of OR, as in ship OR (boat NOT toy)."
        if isinstance(whole, Or)
        else "Write what to look for, too, as in boat NOT toy, or boat published:<6h."
    )
    return problem_at(text, start(culprit), f"{subject} only says {says}", hint)


def _without_terms(expression: Expression) -> tuple[bool, bool]:
    """Answer whether it can hold, and fail, for an article that has none of its terms."""
    match expression:
        case Age():
            return True, True
        case Not(part):
            holds, fails = _without_terms(part)
            return fails, holds
        case Scoped(_, part):
            return _without_terms(part)
    needed, points = _in_points(expression)
    most = least = 0
    for value, part in points:
        holds, fails = _without_terms(part)
        possible = [value] * holds + [0] * fails
        most += max(possible)
        least += min(possible)
    return most >= needed, least < needed


def _in_points(expression: Expression) -> tuple[int, list[tuple[int, Expression]]]:
    """Answer *expression* as points that are needed, and those of its parts; of a term, none."""
    match expression:
        case And(parts):
            return len(parts), [(1, part) for part in parts]
        case Or(parts):
            return 1, [(1, part) for part in parts]
        case Several(number, parts):
            return number, [(1, part) for part in parts]
        case Score(least, weights):
            return least, [(weight.points, weight.part) for weight in weights]
        case _:
            return 1, []


def _has_age(expression: Expression) -> bool:
    return isinstance(expression, Age) or any(map(_has_age, parts_of(expression)))


def points_refusal(score: Score) -> Refusal | None:
    """Answer why the weights of *score* can never come to what it asks for."""
    gains = [weight for weight in score.weights if weight.points > 0]
    if not gains:
        return "no part of the list has points above 0", "Write what speaks for it, as in AUKUS^20."
    most = sum(weight.points for weight in gains)
    if most >= score.least or any(weight.each for weight in gains):
        return None
    return (
        f"all the parts of the list come to {most:,} points, and {score.least:,} are asked for",
        "Give them more points, or ask for fewer.",
    )


def near_refusal(part: Expression) -> Refusal | None:
    """Answer why *part* cannot stand beside NEAR or SENTENCE."""
    sides = part.parts if isinstance(part, Or) else (part,)
    if not all(map(is_term, sides)):
        return NOT_NEAR
    if any(isinstance(side, Regex) for side in sides):
        return (
            "a regular expression cannot stand beside NEAR or SENTENCE",
            "Write AND, or the words themselves.",
        )
    return None


NOT_NEAR: Refusal = (
    "only terms, and groups of them joined by OR, can stand beside NEAR or SENTENCE",
    "Write AND, NOT and fields outside of it, as in title:(a NEAR/5 b NEAR/5 c).",
)


def start(expression: Expression) -> int:
    """Answer where *expression* begins, as its text is written."""
    match expression:
        case And(parts) | Or(parts) | Near(parts):
            return start(parts[0])
        case Not(_, at) | Scoped(_, _, at) | Several(_, _, at) | Score(_, _, at):
            return at
        case Age(at=at):
            return at
        case _:
            return next(terms(expression)).at
