"""A closer look at an article that would ring again: its full text, and the habit of its rule.

What is learned from is `grouping.likeness`; here the log-odds that it answers are raised or
lowered, within bounds, by what is too dear to look at for every article.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from monitors.grouping.guards import Guard
from monitors.grouping.likeness import Likeness
from monitors.grouping.sketch import KIND, Kind, coded
from monitors.stories.article import Article
from monitors.stories.words import cut

MOST_CHARACTERS = 3_000
"""Of a text, so many are read: what news tells stands at its beginning."""
FEWEST_CHARACTERS = 400
"""A shorter text says little more than a summary."""

# Made by `python -m benchmarks.learn_closer`, which says how, and decision record 27 what the
# labelled sets could not teach.
_OF_ITS_HABIT, _MOST_OF_HABIT = 0.1, 0.3
_LEAST_HOURS, _DAY_H = 1.0, 24.0
# No set has full texts, so these are careful guesses.
_LITTLE_COVER, _MUCH_COVER, _OF_COVER = 0.3, 0.6, 1.5
_OF_A_QUOTATION = 0.8
_SOME_RUNS, _OF_RUNS = 0.1, 1.5
_LEAST_OF_TEXTS, MOST_OF_TEXTS = -0.5, 2.0
_TEXTS_THAT_TELL = 1.0
_ENOUGH_FACTS = 5
_RUN, _QUOTED = 8, 6
_FACTS = frozenset({Kind.NAME, Kind.NUMBER, Kind.SCORE})
_QUOTATION = re.compile(
    "\u201c([^\u201c\u201d]{20,600})\u201d|\u201e([^\u201c\u201d\u201e]{20,600})[\u201c\u201d]"
    '|[\u00ab\u00bb]([^\u00ab\u00bb]{20,600})[\u00ab\u00bb]|"([^"\n]{20,600})"'
    "|\u300c([^\u300c\u300d]{8,600})\u300d"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Habit:
    """How often a rule holds.

    Attributes:
        stories: for how many it held lately.
        days: for how long that is known.
    """

    stories: int
    days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a full text says.

    Attributes:
        words: by their numbers, each with its `Kind`.
        runs: of words that follow each other, as news agencies' texts are printed.
        quoted: runs of words inside quotation marks.
    """

    outlet: str
    words: dict[int, int]
    runs: frozenset[tuple[str, ...]]
    quoted: frozenset[tuple[str, ...]]


def read(article: Article, lang: str) -> Reading | None:
    """Answer what the beginning of a text says; None if it tells no more than a summary."""
    text = max(article.text, article.summary, key=len)
    if len(text) < FEWEST_CHARACTERS:
        return None
    text = f"{article.title}\n{text[:MOST_CHARACTERS]}"
    quotations = (next(filter(None, each.groups()), "") for each in _QUOTATION.finditer(text))
    return Reading(
        outlet=article.outlet.casefold(),
        words={code & ~KIND: code & KIND for code in coded(text, lang)},
        runs=frozenset(_runs(text, _RUN)),
        quoted=frozenset(run for each in quotations for run in _runs(each, _QUOTED)),
    )


def _runs(text: str, length: int) -> Iterator[tuple[str, ...]]:
    folded = cut(text).folded
    characters = sum(len(word) == 1 and not word.isascii() for word in folded)
    if 2 * characters > len(folded):  # a script of which every character is cut alone
        length *= 2
    return zip(*(folded[start:] for start in range(length)), strict=False)


def by_habit(habit: Habit, hours: float) -> float:
    """Answer what it says that a rule holds for both, from 0 on, in log-odds.

    A rule for three stories a week that holds for two within the hour tells one story; a rule
    that holds all day does not.

    Args:
        habit: of the rule, before the newcomer.
        hours: since the story was reported last.
    """
    a_day = (habit.stories + 1) / (habit.days + 1)
    expected = a_day * max(hours, _LEAST_HOURS) / _DAY_H
    return min(max(-_OF_ITS_HABIT * math.log(expected), 0.0), _MOST_OF_HABIT)


def by_texts(one: Reading, others: Iterable[Reading], tells: Callable[[int], float]) -> float:
    """Answer what the text that agrees most with *one* says, in log-odds; 0 if there is none.

    Args:
        one: the newcomer.
        others: of the story.
        tells: how much a word tells, by its number.
    """
    return max((_agreement(one, other, tells) for other in others), default=0.0)


def _agreement(one: Reading, other: Reading, tells: Callable[[int], float]) -> float:
    cover = _cover(one.words.keys(), other.words.keys(), tells)
    facts, more = _facts(one), _facts(other)
    if min(len(facts), len(more)) >= _ENOUGH_FACTS:
        cover = (cover + _cover(facts, more, tells)) / 2
    said = _OF_COVER * (cover - _LITTLE_COVER) / (_MUCH_COVER - _LITTLE_COVER)
    said = min(said, _OF_COVER)
    # What an outlet prints below each of its articles says nothing.
    if not one.outlet or one.outlet != other.outlet:
        said += _OF_A_QUOTATION if one.quoted & other.quoted else 0.0
        fewer = min(len(one.runs), len(other.runs)) or 1
        said += _OF_RUNS if len(one.runs & other.runs) >= _SOME_RUNS * fewer else 0.0
    return min(max(said, _LEAST_OF_TEXTS), MOST_OF_TEXTS)


def _facts(reading: Reading) -> frozenset[int]:
    return frozenset(word for word, kind in reading.words.items() if kind in _FACTS)


def _cover(one: AbstractSet[int], other: AbstractSet[int], tells: Callable[[int], float]) -> float:
    """Answer how much of what the shorter text tells the other one tells, too."""
    fewer = min(sum(map(tells, one)), sum(map(tells, other)))
    return sum(map(tells, one & other)) / fewer if fewer > 0 else 0.0


def looked_at(likeness: Likeness, habit: float, texts: float) -> Likeness:
    """Answer *likeness* with what a closer look says.

    What a guard says stands; but that titles share few words is no matter where texts agree.
    """
    few = likeness.guard is Guard.FEW_WORDS and texts >= _TEXTS_THAT_TELL
    return replace(
        likeness,
        score=likeness.score + habit + texts,
        guard=None if few else likeness.guard,
    )
