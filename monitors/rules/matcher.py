"""Which rules hold for an article, which hold in part, and why one does not."""

from collections.abc import Collection, Iterator, Mapping

from monitors.language.expression import Expression
from monitors.matching.evaluation import Evaluation, Progress
from monitors.matching.explaining import Explanation, explain
from monitors.matching.index import Index
from monitors.matching.reading import Reading
from monitors.matching.terms import Terms
from monitors.rules.match import Match, Matches
from monitors.rules.rulebook import Rule, Rulebook
from monitors.stories.article import Article


class Matcher:
    """All rules of a rulebook, made ready to be asked about one article after another.

    Args:
        rulebook: what it says does not change.
        shares: in what share of articles a word stands, as far as that is known; the better
            known, the fewer rules are looked at for an article.
    """

    def __init__(self, rulebook: Rulebook, shares: Mapping[str, float] | None = None) -> None:
        self._rules = rulebook.rules
        self._terms = Terms({entity.name: entity for entity in rulebook.entities})
        conditions = (rule.condition for rule in rulebook.rules)
        self._index = Index(conditions, self._terms, shares)

    def match(self, article: Article, feeds: Collection[str] | None = None) -> Matches:
        """Answer the rules that hold for *article* and those that hold in part.

        Args:
            article: nothing is partial if its text is that of the page: no more will come.
            feeds: addresses of the feeds that carry it; only rules that watch one of them
                are asked. None means every rule.
        """
        reading = self._index.read(article)
        evaluation = Evaluation(reading, self._terms)
        numbers = sorted(self._index.holding(reading))
        rules = [self._rules[number] for number in numbers]
        holding = tuple(
            Match(rule, evaluation.evidence(rule.condition))
            for rule in rules
            if _watches(rule, feeds)
        )
        partial = () if article.from_page else self._partial(reading, set(numbers), feeds)
        return Matches(holding, tuple(self._rules[number] for number in sorted(partial)))

    def explain(self, condition: Expression, article: Article) -> Explanation:
        """Answer whether *condition* holds for *article*, and what is to blame if not."""
        return explain(condition, Reading(article), self._terms)

    def _partial(
        self, reading: Reading, holding: Collection[int], feeds: Collection[str] | None
    ) -> Iterator[int]:
        evaluation = Evaluation(reading, self._terms)
        for number in self._index.spoken_for(reading):
            rule = self._rules[number]
            asked = number not in holding and _watches(rule, feeds)
            if asked and evaluation.progress(rule.condition) is Progress.PARTIAL:
                yield number


def _watches(rule: Rule, feeds: Collection[str] | None) -> bool:
    return feeds is None or any(rule.watches(address) for address in feeds)
