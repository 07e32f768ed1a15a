"""Which rules hold for an article, which hold in part, and why one does not."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import islice

from monitors.language.expression import And, Expression, Not, Or
from monitors.language.printing import to_text
from monitors.matching.evidence import Evidence
from monitors.matching.index import Found, Index, Progress
from monitors.matching.terms import FACTS, Reading, Wanted
from monitors.rules.match import Match, Matches
from monitors.rules.rulebook import Rule, Rulebook
from monitors.stories.article import Article

MAX_EVIDENCE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why a condition holds for an article, or why not.

    Attributes:
        holds: whether it does.
        evidence: what made it hold; if it does not, where the terms stand that were found.
        missing: the parts that were not found, as rule text.
        left_out_by: the parts after a NOT that were found, as rule text.
    """

    holds: bool
    evidence: tuple[Evidence, ...] = ()
    missing: tuple[str, ...] = ()
    left_out_by: tuple[str, ...] = ()


class Matcher:
    """All rules of a rulebook, made ready to be asked about one article after another."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._rules = rulebook.rules
        self._entities = {entity.name: entity for entity in rulebook.entities}
        self._index = Index((rule.condition for rule in rulebook.rules), self._entities)

    def match(self, article: Article, feeds: Collection[str] | None = None) -> Matches:
        """Answer the rules that hold for *article* and those that hold in part.

        Args:
            article: nothing is partial if its text is that of the page: no more will come.
            feeds: addresses of the feeds that carry it; only rules that watch one of them
                are asked. None means every rule.
        """
        reading = Reading(article)
        found = self._index.found(reading)
        complete = article.from_page
        candidates = self._index.may_hold(found) if complete else self._index.concerned(found)
        holding: list[Match] = []
        partial: list[Rule] = []
        for number in sorted(candidates):
            rule, condition = self._rules[number], self._index.conditions[number]
            if not _watches(rule, feeds):
                continue
            if condition.holds(found):
                proof = [self._index.terms.sought[term] for term in set(condition.proof(found))]
                holding.append(Match(rule, _evidence(reading, proof)))
            elif not complete and condition.progress(found) is Progress.PARTIAL:
                partial.append(rule)
        return Matches(tuple(holding), tuple(partial))

    def explain(self, expression: Expression, article: Article) -> Explanation:
        """Answer whether *expression* holds for *article*, and what is to blame if not."""
        index = Index((expression,), self._entities)
        reading = Reading(article)
        found = index.found(reading)
        condition = index.conditions[0]
        holds = condition.holds(found)
        terms = set(condition.proof(found)) if holds else found & set(condition.speakers())
        evidence = _evidence(reading, [index.terms.sought[term] for term in terms])
        if holds:
            return Explanation(holds=True, evidence=evidence)
        missing, left_out_by = _Blame(index, found).failing(expression)
        return Explanation(
            holds=False,
            evidence=evidence,
            missing=tuple(dict.fromkeys(map(to_text, missing))),
            left_out_by=tuple(dict.fromkeys(map(to_text, left_out_by))),
        )


def _watches(rule: Rule, feeds: Collection[str] | None) -> bool:
    return feeds is None or any(rule.watches(address) for address in feeds)


def _evidence(reading: Reading, proof: Collection[Wanted]) -> tuple[Evidence, ...]:
    """Answer where the terms of *proof* stand, each of them if there is room for each."""
    shown = [term for term in proof if term.field not in FACTS]
    each = max(1, MAX_EVIDENCE // max(1, len(shown)))
    spans = (span for term in shown for span in islice(reading.occurrences(term), each))
    return tuple(reading.evidence(*span) for span in _merged(spans)[:MAX_EVIDENCE])


def _merged(spans: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


Failing = tuple[list[Expression], list[Expression]]
"""The parts that are missing, and the parts that had to be left out and are there."""


@dataclass(frozen=True, slots=True)
class _Blame:
    """Finds the smallest parts of a condition that keep it from holding."""

    index: Index
    found: Found

    def failing(self, expression: Expression) -> Failing:
        """Answer the parts of *expression*, which does not hold, that are to blame."""
        match expression:
            case And(parts):
                failed = [self.failing(part) for part in parts if not self._holds(part)]
                return _joined(failed)
            case Or(parts):
                # A side that lacks nothing came nearest: what it had to leave out is the reason.
                sides = [self.failing(part) for part in parts]
                nearest = [side for side in sides if not side[0]]
                return _joined(nearest) if nearest else ([expression], [])
            case Not(Or(parts)):
                return [], [part for part in parts if self._holds(part)]
            case Not(part):
                return [], [part]
            case _:
                return [expression], []

    def _holds(self, expression: Expression) -> bool:
        return self.index.terms.condition(expression).holds(self.found)


def _joined(failing: list[Failing]) -> Failing:
    return (
        [part for missing, _ in failing for part in missing],
        [part for _, left_out in failing for part in left_out],
    )
