"""What stored articles say of the rules: which would flood a chat, which terms nobody writes."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from difflib import get_close_matches
from typing import TypeAlias

from monitors.alerts.showing.legible import clean
from monitors.language.expression import And, Expression, Not, Scoped, Term, is_term, parts_of
from monitors.language.printing import to_text
from monitors.language.problems import Problem, Severity
from monitors.language.refusals import clipped
from monitors.matching.needs import Needs, needs
from monitors.pipeline.backtest import Watch
from monitors.pipeline.rows import ArticleRows, SearchRows
from monitors.rules.matcher import Matcher
from monitors.rules.reading import child
from monitors.rules.rulebook import Rulebook
from monitors.rules.yaml_nodes import Scalar, Tree
from monitors.stories.article import Article, ArticleId, StoryId
from monitors.terms.evidence import Evidence
from monitors.terms.forms import forms_of
from monitors.terms.wanted import FACTS

Row: TypeAlias = tuple[ArticleId, StoryId, Article]

WEEK, MONTH = timedelta(days=7), timedelta(days=30)
MOST_A_DAY = 20
FEWEST_ARTICLES = 1_000  # before that, a word that nobody wrote says nothing
_MOST_READ = 2_000
_MOST_SUGGESTED = 50  # each looks through the words with the same first letter
_SHORTEST = 5  # shorter words have too many neighbours
_LETTERS = 2  # more or fewer than in the word that was meant
_CLOSE_ENOUGH = 0.82
_OFTEN = 3  # what stands in fewer articles may be misspelled itself


def advice(
    rulebook: Rulebook,
    tree: Tree,
    stored: tuple[SearchRows, ArticleRows],
    now: datetime,
    watch: Watch[Row],
) -> Iterator[Problem]:
    """Yield advice on the rules of *rulebook*, which was read from *tree*."""
    search, articles = stored
    places = _Places(tree)
    for number, problem in _floods(rulebook, search, articles, now, watch):
        yield places.problem(number, 0, *problem)
    if search.count() < FEWEST_ARTICLES:
        return
    unseen = _Unseen(search, rulebook, now - MONTH)
    for number, rule in enumerate(rulebook.rules):
        for at, message, hint in unseen.terms(rule.condition):
            yield places.problem(number, at, message, hint)


def _floods(
    rulebook: Rulebook,
    search: SearchRows,
    articles: ArticleRows,
    now: datetime,
    watch: Watch[Row],
) -> Iterator[tuple[int, tuple[str, str]]]:
    """Yield the numbers of the rules that hold for too many stories, and what to say of them."""
    matcher = Matcher(rulebook)
    told: dict[str, _Told] = {}
    total, read, first = search.count(now - WEEK), 0, now
    choosy = any(rule.feeds is not None for rule in rulebook.rules)
    for number, story, article in watch(
        search.articles((), now - WEEK, _MOST_READ), min(total, _MOST_READ)
    ):
        read, first = read + 1, article.seen_at
        carriers = articles.carriers(number) if choosy else None
        for match in matcher.match(article, carriers):
            told.setdefault(match.rule.name, _Told()).add(story, article, match.evidence)
    days = (WEEK if read == total else now - first) / timedelta(days=1)
    seen = (now - first) / timedelta(days=1)
    for place, rule in enumerate(rulebook.rules):
        rung = told.get(rule.name)
        if rung and len(rung.stories) > MOST_A_DAY * max(1.0, min(days, seen)):
            times = round(len(rung.stories) * (WEEK / timedelta(days=1)) / days)
            about = "" if read == total else "about "
            message = f"it would have rung {about}{times} times in the last 7 days"
            yield place, (message, f"Narrow it with AND or NOT: {rung.mostly()}.")


@dataclass(slots=True)
class _Told:
    """The stories for which a rule holds, and what made it hold."""

    stories: set[StoryId] = field(default_factory=set)
    found: Counter[str] = field(default_factory=Counter)

    def add(self, story: StoryId, article: Article, evidence: Sequence[Evidence]) -> None:
        """Take in an article."""
        self.stories.add(story)
        parts = {"title": article.title, "summary": article.summary, "text": article.text}
        self.found.update({parts[one.field][one.start : one.end].casefold() for one in evidence})

    def mostly(self) -> str:
        """Answer what it found most often."""
        ((text, times),) = self.found.most_common(1) or (("", 0),)
        return f'"{clipped(clean(text).text)}" alone stands in {times} articles'


class _Unseen:
    """Finds terms that stand in no article seen since a moment."""

    def __init__(self, search: SearchRows, rulebook: Rulebook, since: datetime) -> None:
        self._search = search
        self._since = since
        self._entities = {entity.name: entity for entity in rulebook.entities}
        self._total = search.count(since)
        self._seen: dict[frozenset[str], bool] = {}
        self._words: dict[str, list[str]] = {}
        self._suggested = 0

    def terms(self, condition: Expression) -> Iterator[tuple[int, str, str]]:
        """Yield terms of *condition*: where they stand, what is wrong, and how to mend it.

        What stands beside others in a list may well be rare: of those, only what looks
        misspelled.
        """
        sought = [
            (term, needed, needs(term, self._entities))
            for term, needed in _looked_for(condition, needed=True)
        ]
        known = frozenset(word for _, _, wanted in sought for need in wanted for word in need)
        for term, needed, wanted in sought:
            if not all(wanted) or all(map(self._is_seen, wanted)):
                continue
            meant = self._meant(wanted)
            if meant in known or (meant and meant[0] == "~" and not needed):
                # Whoever writes several forms of a word means each of them.
                meant = None
            if needed or meant:
                hint = f"Did you mean {meant}?" if meant else "See whether articles spell it so."
                message = (
                    f"{clipped(to_text(term))} stands in none of the {self._total:,} articles of "
                    "the last 30 days"
                )
                yield term.at, message, hint

    def _is_seen(self, need: frozenset[str]) -> bool:
        if need not in self._seen:
            hits = iter(self._search.hits((need,), self._since))
            self._seen[need] = next(hits, None) is not None
        return self._seen[need]

    def _meant(self, wanted: Needs) -> str | None:
        """Answer what was likely meant by the one word that is not seen, if it is one."""
        unseen = [need for need in wanted if not self._is_seen(need)]
        word = next(iter(unseen[0]))
        if len(unseen) > 1 or len(unseen[0]) > 1 or len(word) < _SHORTEST or word.endswith("*"):
            return None
        self._suggested += 1
        if self._suggested > _MOST_SUGGESTED:
            return None
        if word[0] not in self._words:
            beginning = self._search.words_beginning(word[0]).items()
            self._words[word[0]] = [each for each, articles in beginning if articles >= _OFTEN]
        near = [
            other
            for other in self._words[word[0]]
            if abs(len(other) - len(word)) <= _LETTERS and other != word
        ]
        meant = next(iter(get_close_matches(word, near, 1, _CLOSE_ENOUGH)), None)
        return f"~{word}" if meant and forms_of(meant, None) & forms_of(word, None) else meant


def _looked_for(expression: Expression, *, needed: bool) -> Iterator[tuple[Term, bool]]:
    """Yield the terms that are looked for in the text, and whether there is no way without."""
    if is_term(expression):
        yield expression, needed
    elif not isinstance(expression, Not) and not (
        isinstance(expression, Scoped) and expression.name in FACTS
    ):
        for part in parts_of(expression):
            yield from _looked_for(part, needed=needed and isinstance(expression, And | Scoped))


class _Places:
    """Where in rules.yaml the conditions stand."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        assert tree.root, "a rulebook was read from it"
        self._rules = child(tree.root, "rules")

    def problem(self, rule: int, at: int, message: str, hint: str) -> Problem:
        """Answer the advice whose place is the offset *at* of the condition of a *rule*."""
        match = child(self._rules, rule, "match")
        assert isinstance(match, Scalar), "its shape is that of a text"
        place = self._tree.offset_in(match, at)
        return self._tree.source.problem(place, message, hint, Severity.ADVICE)
