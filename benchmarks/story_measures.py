"""How well reports were put together, by measures that the benchmarks of stories print."""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, fields
from itertools import pairwise
from statistics import fmean
from typing import TypeAlias

Placed: TypeAlias = tuple[Hashable, Hashable]
"""The story that a report belongs to, and the alert that it was put into."""
Point: TypeAlias = tuple[float, float]
"""A rate of false merges, and what F1 is there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measures:
    """What can be said of one set, from 0 to 1 but for the last.

    Attributes:
        b3_p, b3_r, b3_f1: B-cubed precision, recall and F1, averaged over reports.
        pair_p, pair_r, pair_f1: over the pairs put together, or that belong together.
        false_merges: of the reports that joined an alert, the share whose alert was opened by
            a report of another story.
        hidden: of the stories, the share for which no report of theirs opened an alert.
        mixed: of the alerts with two reports or more, the share with several stories.
        repeats: of the reports that are not the first of their story, the share that opened
            an alert.
        alerts_per_story: 1 at best.
    """

    b3_p: float
    b3_r: float
    b3_f1: float
    pair_p: float
    pair_r: float
    pair_f1: float
    false_merges: float
    hidden: float
    mixed: float
    repeats: float
    alerts_per_story: float


def measure(placed: Sequence[Placed]) -> Measures:
    """Answer how well reports, in the order of their arrival, were *placed*."""
    stories = Counter(story for story, _ in placed)
    alerts = Counter(alert for _, alert in placed)
    both = Counter(placed)
    b3_p = sum(n * n / alerts[alert] for (_, alert), n in both.items()) / len(placed)
    b3_r = sum(n * n / stories[story] for (story, _), n in both.items()) / len(placed)
    right, said, true = (_pairs(counts) for counts in (both, alerts, stories))
    pair_p, pair_r = _share(right, said, none=1), _share(right, true, none=1)
    openers: dict[Hashable, Hashable] = {}
    seen: set[Hashable] = set()
    joined = wrong = repeats = 0
    for story, alert in placed:
        if alert in openers:
            joined += 1
            wrong += openers[alert] != story
        else:
            openers[alert] = story
            repeats += story in seen
        seen.add(story)
    within: dict[Hashable, int] = defaultdict(int)
    for _, alert in both:
        within[alert] += 1
    several = [alert for alert, n in alerts.items() if n > 1]
    return Measures(
        b3_p=b3_p,
        b3_r=b3_r,
        b3_f1=_f1(b3_p, b3_r),
        pair_p=pair_p,
        pair_r=pair_r,
        pair_f1=_f1(pair_p, pair_r),
        false_merges=_share(wrong, joined),
        hidden=1 - len(set(openers.values())) / len(stories),
        mixed=_share(sum(within[alert] > 1 for alert in several), len(several)),
        repeats=_share(repeats, len(placed) - len(stories)),
        alerts_per_story=len(alerts) / len(stories),
    )


def mean(several: Iterable[Measures]) -> Measures:
    """Answer the means over sets, each of which counts alike."""
    sets = tuple(several)
    return Measures(
        **{one.name: fmean(getattr(each, one.name) for each in sets) for one in fields(Measures)}
    )


def at_false_merges(points: Iterable[Point], rate: float) -> float | None:
    """Answer the best F1 at a *rate* of false merges, between *points* in a straight line.

    None if no point has so few.
    """
    best: list[Point] = []
    for wrong, f1 in sorted(points):
        if not best or f1 > best[-1][1]:
            best.append((wrong, f1))
    if not best or rate < best[0][0]:
        return None
    for (wrong, f1), (next_wrong, next_f1) in pairwise(best):
        if rate < next_wrong:
            return f1 + (next_f1 - f1) * (rate - wrong) / (next_wrong - wrong)
    return best[-1][1]


def average_precision(scored: Iterable[tuple[float, bool]]) -> float:
    """Answer the mean precision at every true pair, the highest score first.

    Of pairs with one score, each is taken to stand at the end of them.
    """
    ranked = sorted(scored, reverse=True)
    true = sum(same for _, same in ranked)
    seen = right = 0
    total = 0.0
    for score in sorted({score for score, _ in ranked}, reverse=True):
        tied = [same for each, same in ranked if each == score]
        seen += len(tied)
        right += sum(tied)
        total += sum(tied) * right / seen
    return _share(total, true)


def best_f1(scored: Sequence[tuple[float, bool]]) -> float:
    """Answer the highest F1 that a threshold gives."""
    true = sum(same for _, same in scored)
    taken = ([same for score, same in scored if score >= bar] for bar in {s for s, _ in scored})
    return max((2 * sum(some) / (len(some) + true) for some in taken), default=0.0)


def _pairs(counts: Counter[Hashable] | Counter[Placed]) -> int:
    return sum(n * (n - 1) // 2 for n in counts.values())


def _share(part: float, whole: float, none: float = 0.0) -> float:
    return part / whole if whole else none


def _f1(precision: float, recall: float) -> float:
    return _share(2 * precision * recall, precision + recall)
