"""How much a rule's habit may say for one event: python -m benchmarks.learn_closer [--sets DIR].

The labelled sets run through a window as streams, beside rules made of their own words
(`benchmarks/rings.py`). Looked at are the reports that would ring a second time: a rule holds
that held for an earlier story, and the first look has not joined the report to any. For each
choice of the three weights of `grouping.closer.by_habit` it is counted what would be joined on
top: rings that are saved, because rule, report and the story's first match are of one event;
and stories that a rule would hide, because the report is the first that it matches of another.

The weights are chosen by hand from this table: few stories hidden for what is saved, and the
weight of the habit not smaller than what its meaning asks for. The sets hardly teach it: one
has no times, two have artificial ones, and one is of one topic only. They hold no full texts, so
the weights of texts cannot be learned from them at all.
"""

import argparse
import math
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product

from benchmarks.rings import book_of, made
from benchmarks.story_sets import MAIN, Report, add_options, as_article, chosen
from monitors.grouping.likeness import Likeness
from monitors.grouping.placement import BARS, Joins, likeliest
from monitors.grouping.reason import Ground, Strength
from monitors.grouping.window import WINDOW, Window
from monitors.stories.article import ArticleId, StoryId

_SHARED, _HABITS, _MOST = (0.1, 0.2, 0.3, 0.4), (0.0, 0.1, 0.15, 0.2), (0.4, 0.6, 0.8, 1.0)
_DAY, _DAY_H = 86_400, 24


@dataclass(frozen=True, slots=True)
class Doubt:
    """A report and a story that it may belong to.

    Attributes:
        score: of the first look.
        expected: of how many stories the rule that holds least often tells in the hours between.
        saved: how many rules would not ring again for it.
        hidden: for how many rules it would hide another story.
    """

    score: float
    expected: float
    saved: int
    hidden: int


@dataclass(slots=True)
class _Rule:
    """What a rule has matched: the first report of each story, the labels, and since when."""

    firsts: dict[StoryId, str] = field(default_factory=dict)
    labels: set[str] = field(default_factory=set)
    since: int | None = None

    def expected(self, at: int, hours: float) -> float:
        days = max(0, at - (at if self.since is None else self.since)) / _DAY
        return (len(self.firsts) + 1) / (days + 1) * max(hours, 1.0) / _DAY_H


def doubts(reports: Sequence[Report], most: int) -> Iterator[Sequence[Doubt]]:
    """Yield what each report may belong to that would ring a second time."""
    matcher = book_of(made(reports, most)).matcher
    window, every = Window(), defaultdict[str, _Rule](_Rule)
    for number, report in enumerate(reports):
        article = as_article(report)
        window.expire(article.published_at - WINDOW)
        draft = window.read(article)
        rules = [every[str(match.rule.name)] for match in matcher.match(article)]
        placement = likeliest(window.alike(draft), Ground.LIKENESS)
        story = placement.story if isinstance(placement, Joins) else StoryId(number)
        if not isinstance(placement, Joins):
            held = {known for rule in rules for known in rule.firsts}
            alike = window.alike(draft, held)
            found = tuple(_doubt(draft.sketch.at, report, one, rules) for one in alike)
            yield tuple(filter(None, found))
        window.put(ArticleId(number), story, draft.sketch)
        for rule in rules:
            rule.firsts.setdefault(story, report.story)
            rule.labels.add(report.story)
            rule.since = draft.sketch.at if rule.since is None else rule.since


def _doubt(at: int, report: Report, likeness: Likeness, rules: Sequence[_Rule]) -> Doubt | None:
    both = [rule for rule in rules if likeness.story in rule.firsts]
    if not both or likeness.guard:
        return None
    saved = sum(rule.firsts[likeness.story] == report.story for rule in both)
    hidden = sum(report.story not in rule.labels for rule in both)
    expected = min(rule.expected(at, likeness.hours) for rule in both)
    return Doubt(likeness.score, expected, saved, 0 if saved else hidden)


def counted(
    several: Sequence[Sequence[Doubt]], shared: float, habit: float, most: float
) -> tuple[int, int]:
    """Answer how many rings are saved, and how many stories hidden, with such weights."""

    def score(one: Doubt) -> float:
        return one.score + min(max(shared - habit * math.log(one.expected), 0.0), most)

    best = (max(some, key=score) for some in several if some)
    joined = [one for one in best if score(one) >= BARS[Strength.SURE]]
    return sum(one.saved for one in joined), sum(one.hidden for one in joined)


def main() -> None:
    """Print what each choice saves and hides."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    add_options(parser)
    parser.add_argument("--rules", type=int, default=300, help="of a set, at most")
    asked = parser.parse_args()
    asked.set = asked.set or list(MAIN)
    sets = {name: tuple(doubts(some, asked.rules)) for name, some in chosen(asked).items()}
    print("shared habit most   saved hidden | of each set")
    for weights in product(_SHARED, _HABITS, _MOST):
        each = {name: counted(some, *weights) for name, some in sets.items()}
        saved, hidden = (sum(column) for column in zip(*each.values(), strict=True))
        of_each = " | ".join(f"{name} {some[0]} {some[1]}" for name, some in each.items())
        shown = "".join(f"{weight:6.2f}" for weight in weights)
        print(f"{shown}{saved:8}{hidden:7} | {of_each}")


if __name__ == "__main__":
    main()
