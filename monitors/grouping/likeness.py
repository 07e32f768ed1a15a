"""How much an article looks like the stories that may be its own, in numbers.

Each number is about one candidate, or about it among the others: in a stream of one topic
everything is alike, and only what stands out is the same event.
"""

import math
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from monitors.grouping.guards import Guard
from monitors.grouping.sketch import Sketch
from monitors.grouping.story import Story
from monitors.grouping.vector import Vector, dot
from monitors.stories.article import ArticleId, StoryId

_UNKNOWN_HOURS = 8.0
_HOUR = 3600
_LEAST_DEVIATION = 0.03

OF_MEMBERS = (
    "best", "second", "mean", "founder", "title", "same_titles", "language",
    "length",
)  # fmt: skip
OF_NEAREST = (
    "theirs_covered", "theirs_missing", "second_theirs_missing", "names_missing",
    "numbers_missing", "theirs_new",
)  # fmt: skip
OF_CENTRE = (
    "centre_covered", "evidence", "consensus", "cover", "title_cover", "missing",
    "second_missing", "rarest",
    "second_rarest", "shared", "shared_in_title", "names", "other_names", "numbers",
    "other_numbers",
)  # fmt: skip
OF_STORY = ("articles", "since_last", "since_first", "rate", "outlets", "same_outlet")
OF_NEWCOMER = ("words_of_title", "words", "new", "topic", "common")
OF_RIVALS = ("centre", "ahead", "above_mean", "deviations", "share", "strongest", "largest")
NUMBERS = (*OF_RIVALS, *OF_MEMBERS, *OF_NEAREST, *OF_CENTRE, *OF_STORY, *OF_NEWCOMER)
"""The names of the numbers, in their order."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """An article that is compared.

    Attributes:
        tells: how much each of its words tells, by their numbers.
        new: the share of its title that was in no article of the window.
        topic: the share of the articles in the window that have its most common word.
        common: the share of its words that very many of them have.
    """

    sketch: Sketch
    vector: Vector
    tells: dict[int, float]
    new: float
    topic: float
    common: float


@dataclass(frozen=True, slots=True)
class Compared:
    """A candidate, with its numbers.

    Attributes:
        nearest: its article that is most alike.
    """

    story: Story
    nearest: ArticleId
    numbers: tuple[float, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Likeness:
    """How much an article looks like a story.

    Attributes:
        score: log-odds that both report one event.
        nearest: the article of the story that is most alike.
        words: what both have, the most telling first.
        hours: between the article and the last one of the story.
        same_outlet: whether one of its articles is by the same outlet.
        guard: what speaks against it, however alike they are.
    """

    story: StoryId
    score: float
    nearest: ArticleId
    words: tuple[str, ...]
    hours: float
    same_outlet: bool = False
    guard: Guard | None = None


def compare(
    newcomer: Newcomer,
    found: Sequence[tuple[float, Story]],
    vector: Callable[[ArticleId, Sketch], Vector],
) -> tuple[Compared, ...]:
    """Answer the numbers of each candidate.

    Args:
        newcomer: an article.
        found: the candidates, each with the cosine of its centre.
        vector: answers the words of an article of the window.
    """
    cosines = [cosine for cosine, _ in found]
    largest = math.log(max((len(story.articles) for _, story in found), default=1))
    ours = newcomer.vector
    own = (len(ours.title), len(ours.terms), newcomer.new, newcomer.topic, newcomer.common)
    compared: list[Compared] = []
    for place, (_, story) in enumerate(found):
        nearest, theirs, members = _members(newcomer, story, vector)
        numbers = (
            *_among(cosines, place), cosines[0], largest,
            *members,
            *_nearest(ours, theirs),
            *_centre(newcomer, story),
            *_story(newcomer.sketch, story),
            *own,
        )  # fmt: skip
        compared.append(Compared(story, nearest, numbers))
    return tuple(compared)


def _among(cosines: Sequence[float], place: int) -> tuple[float, ...]:
    """Answer a candidate's cosine, and how it stands out among the others."""
    cosine = cosines[place]
    others = [*cosines[:place], *cosines[place + 1 :]]
    share = cosine / (sum(cosines) or 1.0)
    if not others:
        return cosine, cosine, cosine, cosine / _LEAST_DEVIATION, share
    mean = sum(others) / len(others)
    deviation = math.sqrt(sum([(each - mean) ** 2 for each in others]) / len(others))
    above = cosine - mean
    return cosine, cosine - others[0], above, above / (deviation + _LEAST_DEVIATION), share


def _members(
    newcomer: Newcomer, story: Story, vector: Callable[[ArticleId, Sketch], Vector]
) -> tuple[ArticleId, Vector, tuple[float, ...]]:
    """Answer the nearest article, its words, and how one by one they look like the newcomer."""
    terms, title = newcomer.vector.terms, newcomer.vector.title
    articles, sketches = story.members()
    nearest = articles[0], vector(articles[0], sketches[0])
    best = second = total = founder = 0.0
    titles = same = 0.0
    languages = length = 0
    for place, (article, sketch) in enumerate(zip(articles, sketches, strict=True)):
        words = vector(article, sketch)
        cosine = dot(terms, words.terms)
        total += cosine
        if place == 0:
            founder = cosine
        if cosine > best:
            nearest, best, second = (article, words), cosine, best
        elif cosine > second:
            second = cosine
        titles = max(titles, dot(title, words.title))
        same = max(same, _dice(title.keys(), words.title.keys()))
        languages += sketch.lang == newcomer.sketch.lang
        length += len(words.title)
    count = len(articles)
    second = second if count > 1 else best
    numbers = (
        best, second, total / count, founder, titles, same, languages / count, length / count,
    )  # fmt: skip
    return *nearest, numbers


def _dice(one: AbstractSet[Any], other: AbstractSet[Any]) -> float:
    """Answer how much two sets have in common, from 0 to 1."""
    both = len(one) + len(other)
    return 2 * len(one & other) / both if both else 0.0


def _nearest(ours: Vector, theirs: Vector) -> tuple[float, ...]:
    """Answer what the newcomer lacks of the nearest article, and the other way round."""
    lacking = [w for term, w in theirs.title.items() if term not in ours.terms]
    missing = sorted([*lacking, 0.0, 0.0], reverse=True)
    return (
        1.0 - sum([w * w for w in lacking]), missing[0], missing[1],
        sum([term not in ours.terms for term in theirs.names]),
        sum([term not in ours.terms for term in theirs.numbers]),
        sum([w * w for term, w in ours.title.items() if term not in theirs.terms]),
    )  # fmt: skip


def _centre(newcomer: Newcomer, story: Story) -> tuple[float, ...]:
    """Answer how the newcomer looks like what the articles have in common."""
    vector, centre, count = newcomer.vector, story.centre, len(story.articles)
    evidence = consensus = cover = rarest = second_rarest = 0.0
    shared = 0
    covered = 0.0
    for term, sum_there in centre.items():  # which has few words
        weight = vector.terms.get(term)
        if weight is None:
            continue
        tells = newcomer.tells[term]
        shared += 1
        covered += sum_there * sum_there
        evidence += tells
        cover += weight * weight
        consensus += tells * min(1.0, sum_there / (weight * count))
        if tells > rarest:
            rarest, second_rarest = tells, rarest
        elif tells > second_rarest:
            second_rarest = tells
    lacking = [w for term, w in vector.title.items() if term not in centre]
    missing = sorted([*lacking, 0.0, 0.0], reverse=True)
    in_title = [w for term, w in vector.title.items() if term in centre]
    names = sum([term in centre for term in vector.names])
    numbers = sum([term in centre for term in vector.numbers])
    return (
        covered / (story.square or 1.0), evidence, consensus, cover, sum([w * w for w in in_title]),
        missing[0], missing[1], rarest, second_rarest, shared, len(in_title),
        names, len(vector.names) - names, numbers, len(vector.numbers) - numbers,
    )  # fmt: skip


def _story(sketch: Sketch, story: Story) -> tuple[float, ...]:
    """Answer how large, how old and whose the story is."""
    dated = sketch.dated and story.sketches[-1].dated
    last = math.log1p(hours_since(sketch.at, story.last) if dated else _UNKNOWN_HOURS)
    first = math.log1p(hours_since(sketch.at, story.first) if dated else _UNKNOWN_HOURS)
    outlets = story.outlets()
    size = math.log(len(story.articles))
    same = float(sketch.outlet in outlets)
    count = len(outlets) or len(story.sketches)  # nobody knows them, so they may be as many
    return size, last, first, size - first, math.log1p(count), same


def hours_since(at: int, before: int) -> float:
    """Answer the hours between two times; none where the later one comes first."""
    return max(0.0, (at - before) / _HOUR)
