"""Learn how sure it is that an article reports a story, and write monitors/grouping/weights.json.

    pip install lightgbm && python -m benchmarks.learn_stories [--sets DIR] [--judge] [--write]

The labelled sets are run through a window as streams. Each article is compared with up to eight
candidates, and their numbers (`grouping.likeness`) are examples: right is a candidate that was
opened by a report of the same story. What joins is decided first by a plain rule and then by
what was learned so far, so that the examples are those of the stories that Newsbell makes, with
its own mistakes. Boosted trees are fitted to them; numbers that speak for a story must not make
it less likely as they grow. Only the numbers of the trees are kept, never a word.

--judge 4 fits on three quarters of the stories and shows what becomes of the fourth, in the
company of all, for each quarter; by bars: B-cubed F1, false merges and hidden stories.
"""

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from benchmarks.story_sets import (
    MAIN,
    PAIRS,
    Report,
    add_options,
    as_article,
    chosen,
    folds,
    pairs,
    streamed,
    thinned,
)
from monitors.grouping import trees
from monitors.grouping.guards import guard
from monitors.grouping.likeness import NUMBERS
from monitors.grouping.window import WINDOW, Window
from monitors.stories.article import ArticleId, StoryId

WEIGHTS = Path(trees.__file__).with_name("weights.json")
Made: TypeAlias = Mapping[str, Any]
Scores: TypeAlias = Callable[[Sequence[Sequence[float]]], Sequence[float]]
_SETTINGS = {
    "objective": "binary",
    "num_leaves": 24,
    "learning_rate": 0.06,
    "max_depth": 6,
    "min_data_in_leaf": 60,
    "lambda_l2": 8,
    "feature_fraction": 0.7,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "seed": 1,
    "num_threads": 1,
    "deterministic": True,
    "verbose": -1,
    "monotone_constraints_method": "intermediate",
}
_TREES = 200
# What speaks for one event the more there is of it, and what speaks against it.
_MORE = (
    "centre", "ahead", "above_mean", "deviations", "best", "second", "mean", "founder", "title",
    "same_titles", "evidence", "consensus", "cover", "centre_covered", "theirs_covered",
    "title_cover", "rarest", "second_rarest", "articles", "rate", "outlets",
)  # fmt: skip
_LESS = (
    "missing",
    "second_missing",
    "theirs_missing",
    "theirs_new",
    "since_last",
    "since_first",
    "new",
)
# The candidates of the first report of a story: to join one of them hides the story.
_OF_A_FIRST = 2.0
_FIRST_BAR, _BARS = 1.5, (1.0, 2.0)
_ROUNDS = 2
_OF_A_SMALL_PART = 100  # reports
_WEIGHT, _WEIGHT_BESIDE, _SMALL_PARTS = 1000.0, 500.0, 0.5
_JUDGED = (1.6, 1.9)


class Examples(NamedTuple):
    """Candidates: their numbers, whether each is right, and how much each counts."""

    numbers: Any
    right: Any
    weight: Any


class Streamed(NamedTuple):
    """The label and the made story of each report; and the examples on the way."""

    placed: list[tuple[str, int]]
    examples: Examples


def plain_rule(rows: Sequence[Sequence[float]]) -> list[float]:
    """Answer log-odds by three numbers, for when nothing is learned yet."""
    at = [NUMBERS.index(name) for name in ("centre", "articles", "since_last")]
    return [11.5 * row[at[0]] - 0.44 * row[at[1]] - 0.78 * row[at[2]] - 1.4 for row in rows]


def stream(reports: Sequence[Report], scores: Scores, bar: float) -> Streamed:
    """Answer where *reports* go if they join what scores at least *bar*."""
    window = Window()
    openers: list[str] = []
    placed: list[tuple[str, int]] = []
    rows: list[Sequence[float]] = []
    right: list[bool] = []
    weights: list[float] = []
    for number, report in enumerate(reports):
        article = as_article(report)
        window.expire(article.published_at - WINDOW)
        sketch = window.read(article).sketch
        compared = window.compared(sketch)
        numbers = [each.numbers for each in compared]
        rows += numbers
        found = [openers[each.story.id] == report.story for each in compared]
        right += found
        weights += [1.0 if any(found) else _OF_A_FIRST] * len(found)
        allowed = [
            (score, -place, each.story.id)
            for place, (score, each) in enumerate(zip(scores(numbers), compared, strict=True))
            if score >= bar and guard(sketch, each.story.sketches) is None
        ]
        story = max(allowed)[2] if allowed else StoryId(len(openers))
        if not allowed:
            openers.append(report.story)
        window.put(ArticleId(number), story, sketch)
        placed.append((report.story, story))
    weight = np.array(weights)
    return Streamed(placed, Examples(np.array(rows, dtype=np.float32), np.array(right), weight))


def learn(sets: Mapping[str, Sequence[Report]], beside: Sequence[Sequence[Report]]) -> Made:
    """Answer trees fitted to *sets* and, with less weight, to what is *beside* them."""
    streams = [*_streams(sets.values(), _WEIGHT), *_streams(beside, _WEIGHT_BESIDE)]
    examples = [*_examples(streams, plain_rule, _FIRST_BAR)]
    made = fit(examples)
    for _ in range(_ROUNDS - 1):
        for bar in _BARS:
            examples += _examples(streams, trees.trees_of(made).of, bar)
        made = fit(examples)
    return made


def _streams(
    sets: Iterable[Sequence[Report]], weight: float
) -> Iterator[tuple[Sequence[Report], float]]:
    """Yield each set, and small parts of it, with what each report weighs.

    Who has few feeds has few articles to compare with, and fewer of one event.
    """
    for reports in sets:
        yield reports, weight / len(reports)
        for part in thinned(reports, max(1, len(reports) // _OF_A_SMALL_PART)):
            yield part, weight * _SMALL_PARTS / len(reports)


def _examples(
    streams: Iterable[tuple[Sequence[Report], float]], scores: Scores, bar: float
) -> Iterator[Examples]:
    for reports, weight in streams:
        found = stream(reports, scores, bar).examples
        if len(found.numbers):
            yield found._replace(weight=found.weight * weight)


def fit(examples: Sequence[Examples]) -> Made:
    """Answer boosted trees."""
    import lightgbm

    numbers, right, weight = (np.concatenate(part) for part in zip(*examples, strict=True))
    directions = [(name in _MORE) - (name in _LESS) for name in NUMBERS]
    settings = _SETTINGS | {"monotone_constraints": directions}
    data = lightgbm.Dataset(numbers, right.astype(int), weight=weight)
    made = lightgbm.train(settings, data, _TREES).dump_model()
    return flattened([tree["tree_structure"] for tree in made["tree_info"]])


def flattened(structures: Sequence[Mapping[str, Any]]) -> Made:
    """Answer the nodes of trees one after the other; a leaf leads to itself."""
    nodes: dict[str, list[Any]] = {
        name: [] for name in ("number", "most", "left", "right", "value")
    }
    depths: list[int] = []

    def add(node: Mapping[str, Any], depth: int) -> int:
        place = len(nodes["number"])
        is_leaf = "leaf_value" in node
        nodes["number"].append(0 if is_leaf else node["split_feature"])
        nodes["most"].append(None if is_leaf else round(node["threshold"], 6))
        nodes["value"].append(round(node["leaf_value"], 6) if is_leaf else 0)
        nodes["left"].append(place)
        nodes["right"].append(place)
        depths.append(depth)
        if not is_leaf:
            nodes["left"][place] = add(node["left_child"], depth + 1)
            nodes["right"][place] = add(node["right_child"], depth + 1)
        return place

    roots = [add(structure, 0) for structure in structures]
    return {"numbers": list(NUMBERS), "depth": max(depths), "roots": roots, **nodes}


def judge(
    sets: Mapping[str, Sequence[Report]], beside: Sequence[Sequence[Report]], count: int
) -> None:
    """Print what becomes of stories that were not learned from, *count* parts of them in turn."""
    parts = {name: folds(reports, count) for name, reports in sets.items()}
    made = [trees.trees_of(learn(_without(sets, parts, part), beside)).of for part in range(count)]
    for bar in _JUDGED:
        shown, means = [], []
        for name, reports in sets.items():
            counts: Counter[str] = Counter()
            for part, scores in zip(parts[name], made, strict=True):
                counts += counted(stream(reports, scores, bar).placed, {one.story for one in part})
            means.append(rates(counts))
            shown.append(f"{name[:8]} {means[-1][0]:.3f} {means[-1][1]:.3f} {means[-1][2]:.4f}")
        f1, false, hidden = (fmean(column) for column in zip(*means, strict=True))
        print(f"{bar:.1f}  F1 {f1:.3f} false {false:.3f} hidden {hidden:.4f} | {' | '.join(shown)}")


def _without(
    sets: Mapping[str, Sequence[Report]], parts: Mapping[str, Sequence[Sequence[Report]]], part: int
) -> Mapping[str, Sequence[Report]]:
    """Answer the reports of *sets* that are not in that *part*."""
    left_out = {name: {one.id for one in some[part]} for name, some in parts.items()}
    return {
        name: [one for one in reports if one.id not in left_out[name]]
        for name, reports in sets.items()
    }


def counted(placed: Sequence[tuple[str, int]], told: set[str]) -> "Counter[Any]":
    """Answer the sums of the measures over the reports of the stories *told*, among all."""
    stories, alerts = Counter(s for s, _ in placed), Counter(a for _, a in placed)
    both = Counter(placed)
    openers: dict[int, str] = {}
    counts: Counter[Any] = Counter()
    for story, alert in placed:
        opens = alert not in openers
        if opens:
            openers[alert] = story
        if story in told:
            counts["reports"] += 1
            counts["precision"] += both[story, alert] / alerts[alert]
            counts["recall"] += both[story, alert] / stories[story]
            counts["joined"] += not opens
            counts["wrong"] += openers[alert] != story
    counts["stories"] = len(told)
    counts["hidden"] = len(told - set(openers.values()))
    return counts


def rates(counts: Mapping[str, float]) -> tuple[float, float, float]:
    """Answer B-cubed F1, the rate of false merges, and that of hidden stories."""
    precision, recall = (counts[each] / counts["reports"] for each in ("precision", "recall"))
    f1 = 2 * precision * recall / (precision + recall)
    return f1, counts["wrong"] / counts["joined"], counts["hidden"] / counts["stories"]


def main() -> None:
    """Do what the options say."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    add_options(parser)
    parser.add_argument("--judge", type=int, help="judge in so many parts what is learned")
    parser.add_argument("--write", action="store_true", help="learn from all, and write that")
    asked = parser.parse_args()
    asked.set = asked.set or list(MAIN)
    sets = chosen(asked)
    beside = [streamed(some) for name in PAIRS if (some := pairs(name, asked.sets))]
    if asked.judge:
        judge(sets, beside, asked.judge)
    if asked.write:
        made = learn(sets, beside)
        how = {
            "made": "python -m benchmarks.learn_stories --write",
            "of": ", ".join(f"{name} ({len(reports)} reports)" for name, reports in sets.items()),
            **made,
        }
        lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in how.items())
        WEIGHTS.write_text(f"{{\n{lines}\n}}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
