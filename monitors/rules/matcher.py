"""Which rules hold for an article, which hold in part, and why one does not."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import filterfalse

from monitors.language.expression import EntityName, Expression, terms
from monitors.matching.evaluation import Evaluation, Progress
from monitors.matching.explaining import Explanation, explain, nearly
from monitors.matching.index import Index
from monitors.rules.rulebook import Partial, Priority, Rule, Rulebook
from monitors.stories.article import Article
from monitors.terms.entity import Entity
from monitors.terms.evidence import Evidence
from monitors.terms.reading import Reading
from monitors.terms.wanted import Terms

# A rulebook that changes in more of its parts than this is compiled anew.
_MOST_CHANGES = 0.2
_FEW = 500


@dataclass(frozen=True, slots=True)
class Match:
    """That a rule holds for an article.

    Attributes:
        evidence: spans that made it hold, title first, then summary, then text, in order
            and not overlapping; empty only for rules that hold without any text.
    """

    rule: Rule
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class _Stale:
    """A condition in the index that no rule has any longer, with what its terms looked for."""

    number: int
    condition: Expression
    terms: Terms


class Matcher:
    """All rules of a rulebook, made ready to be asked about one article after another.

    Args:
        rulebook: what it says does not change.
        shares: in what share of articles a word stands, as far as that is known; the better
            known, the fewer rules are looked at for an article.
    """

    def __init__(self, rulebook: Rulebook, shares: Mapping[str, float] | None = None) -> None:
        self._rulebook = rulebook
        self._shares = shares
        self._terms = _terms(rulebook)
        conditions = (rule.condition for rule in rulebook.rules)
        self._index = Index(conditions, self._terms, shares)
        self._numbers = {rule.name: number for number, rule in enumerate(rulebook.rules)}
        self._rules = dict(enumerate(rulebook.rules))  # in the order of rules.yaml
        self._places = {number: number for number in self._rules}
        self._urgent = _urgent(self._rules)
        self._stale: list[_Stale] = []

    def updated(self, rulebook: Rulebook) -> "Matcher":
        """Answer a matcher of *rulebook* that shares with this one what has not changed.

        Only rules that differ are compiled, one by one, so that this matcher can be asked all
        the while. It can be until `updated` is called on the one that follows it.
        """
        changed = _changed(self._terms.entities, _terms(rulebook).entities)
        before = {rule.name: rule for rule in self._rulebook.rules}
        kept = {
            rule.name
            for rule in rulebook.rules
            if (old := before.get(rule.name))
            and old.condition == rule.condition
            and not any(
                isinstance(term, EntityName) and term.name in changed
                for term in terms(rule.condition)
            )
        }
        changes = len(before) + len(rulebook.rules) - 2 * len(kept)
        if changes > max(_FEW, _MOST_CHANGES * len(rulebook.rules)):
            return Matcher(rulebook, self._shares)
        return self._followed_by(rulebook, kept)

    def match(self, article: Article, feeds: Collection[str] | None = None) -> tuple[Match, ...]:
        """Answer the rules that hold for *article*, in the order of rules.yaml.

        Args:
            article: as far as it was read.
            feeds: addresses of the feeds that carry it; only rules that watch one of them
                are asked. None means every rule.
        """
        reading = self._index.read(article)
        evaluation = Evaluation(reading, self._terms)
        found = filter(self._places.__contains__, self._index.holding(reading))
        ordered = sorted(found, key=self._places.__getitem__)
        rules = self._watching(map(self._rules.__getitem__, ordered), feeds)
        return tuple(Match(rule, evaluation.evidence(rule.condition)) for rule in rules)

    def partial(
        self,
        article: Article,
        feeds: Collection[str] | None = None,
        *,
        only: Partial | None = None,
    ) -> Iterator[Rule]:
        """Yield the rules of which a part holds, and which could hold with more text.

        Those of high priority come first. They are worked out one by one: the first costs
        little. There is none if the text is that of the article's page: no more will come.

        Args:
            article: as far as it was read.
            feeds: as for `match`.
            only: what has to become of them where no more can be read.
        """
        if article.from_page:
            return
        reading = self._index.read(article)
        evaluation = Evaluation(reading, self._terms)
        spoken_for = self._index.spoken_for(reading)
        numbers = (
            *filter(self._urgent.__contains__, spoken_for),
            *filterfalse(self._urgent.__contains__, spoken_for),
        )
        there = filter(self._rules.__contains__, numbers)
        for rule in self._watching(map(self._rules.__getitem__, there), feeds):
            # The first answer costs less, and most have none of it.
            if (
                only in (None, rule.partial)
                and evaluation.progress(rule.condition) is Progress.PARTIAL
                and not evaluation.holds(rule.condition)
            ):
                yield rule

    def explain(self, condition: Expression, article: Article) -> Explanation:
        """Answer whether *condition* holds for *article*, and what is to blame if not."""
        return explain(condition, Reading(article), self._terms)

    def nearly(self, condition: Expression, article: Article) -> tuple[str, ...]:
        """Answer what *article* has instead of what *condition* lacks, a line each."""
        return nearly(condition, Reading(article), self._terms)

    @staticmethod
    def _watching(rules: Iterable[Rule], feeds: Collection[str] | None) -> Iterator[Rule]:
        if feeds is None:
            return (rule for rule in rules if not rule.paused)
        return (rule for rule in rules if any(map(rule.watches, feeds)))

    def _followed_by(self, rulebook: Rulebook, kept: Collection[str]) -> "Matcher":
        for stale in self._stale:
            self._index.remove(stale.number, stale.condition, stale.terms)
        self._stale.clear()
        after = Matcher(Rulebook(digest=rulebook.digest))
        after._rulebook, after._shares, after._index = rulebook, self._shares, self._index
        after._terms = _terms(rulebook)
        for rule in rulebook.rules:
            if rule.name in kept:
                number = self._numbers[rule.name]
            else:
                number = self._index.add(rule.condition, after._terms)
            after._numbers[rule.name] = number
            after._rules[number] = rule
        after._places = {number: place for place, number in enumerate(after._rules)}
        after._urgent = _urgent(after._rules)
        after._stale = [
            _Stale(number, rule.condition, self._terms)
            for number, rule in self._rules.items()
            if number not in after._rules
        ]
        return after


def _urgent(rules: Mapping[int, Rule]) -> frozenset[int]:
    return frozenset(number for number, rule in rules.items() if rule.priority is Priority.HIGH)


def _terms(rulebook: Rulebook) -> Terms:
    return Terms({entity.name: entity for entity in rulebook.entities})


def _changed(before: Mapping[str, Entity], after: Mapping[str, Entity]) -> set[str]:
    """Answer the entities that mean something else *after*, by themselves or by others."""
    changed = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    spread = bool(changed)
    while spread:
        others = {
            entity.name
            for entity in after.values()
            if entity.name not in changed
            and not changed.isdisjoint((*entity.parts, *(one[1:] for one in entity.company)))
        }
        changed |= others
        spread = bool(others)
    return changed
