"""How well reports are put together as stories: python -m benchmarks.stories [--sets DIR].

Every set runs as a stream through `replay`: once as each chat would see it that wants its
stories strict, normal or loose, and beside it through other ways to put reports together. For
each set and as means: B-cubed and pairwise precision, recall and F1, and the rates that
`benchmarks/story_measures.py` explains. Then what F1 the other ways have where they put as many
reports wrongly together, as a straight line between the thresholds that were tried; what
becomes of later reports at each band; and how the score orders pairs of reports.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from benchmarks.story_baselines import BASELINES, labels
from benchmarks.story_measures import (
    Measures,
    Placed,
    at_false_merges,
    average_precision,
    best_f1,
    mean,
    measure,
)
from benchmarks.story_sets import (
    MAIN,
    MODES,
    PAIRS,
    Pair,
    Report,
    Taken,
    add_options,
    as_article,
    by_language,
    chosen,
    messages,
    newsbell,
    pairs,
)
from monitors.grouping.window import Window
from monitors.stories.article import ArticleId, StoryId

LANGUAGES = "og2021, each language alone"
_HEADINGS = "B3 P   R     F1    pair P R     F1    false  hidden mixed repeat alerts/story"


@dataclass(frozen=True, slots=True)
class Way:
    """A way to put reports together, at a threshold or in a mode."""

    name: str
    at: float | str


Streams: TypeAlias = Sequence[Sequence[Report]]
Table: TypeAlias = dict[Way, Measures]


def main() -> None:
    """Measure all sets, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    add_options(options)
    options.add_argument("--quick", action="store_true", help="Newsbell alone, no other way")
    options.add_argument("--json", action="store_true", help="one JSON object, for scripts")
    asked = options.parse_args()
    tables: dict[str, Table] = {}
    bands: dict[str, Counter[tuple[str, bool, str]]] = {}
    for name, streams in _streams(chosen(asked, quiet=asked.json)).items():
        taken = [newsbell(stream) for stream in streams]
        tables[name] = dict(_newsbell(streams, taken))
        tables[name] |= {} if asked.quick else dict(_baselines(streams))
        bands[name] = _bands(streams, taken)
        if not asked.json:
            _print_table(f"{name}: {sum(map(len, streams))} reports", tables[name])
    means = _means(tables)
    judged = {name: _judged(pairs(name, asked.sets)) for name in PAIRS if not asked.set}
    if asked.json:
        print(json.dumps(_as_json(tables | means)))
        return
    for name, table in means.items():
        _print_table(name, table)
        _print_at_equal(table)
    _print_bands(bands)
    _print_pairs({name: scored for name, scored in judged.items() if scored})


def _streams(sets: Mapping[str, Sequence[Report]]) -> dict[str, Streams]:
    streams: dict[str, Streams] = {name: [reports] for name, reports in sets.items()}
    if "og2021" in sets:  # its stories go across languages
        streams[LANGUAGES] = list(by_language(sets["og2021"]).values())
    return streams


def _newsbell(streams: Streams, taken: Sequence[Sequence[Taken]]) -> Iterator[tuple[Way, Measures]]:
    for mode, together in MODES.items():
        alerts = [messages(each, together) for each in taken]
        yield Way("newsbell", mode), measure(_placed(streams, alerts))


def _baselines(streams: Streams) -> Iterator[tuple[Way, Measures]]:
    for each in BASELINES:
        links = [each.links(stream) for stream in streams]
        for threshold in each.thresholds:
            alerts = [labels(some, threshold) for some in links]
            yield Way(each.name, threshold), measure(_placed(streams, alerts))


def _placed(streams: Streams, alerts: Sequence[Sequence[int]]) -> list[Placed]:
    return [
        ((number, one.story), (number, alert))
        for number, (stream, some) in enumerate(zip(streams, alerts, strict=True))
        for one, alert in zip(stream, some, strict=True)
    ]


def _means(tables: Mapping[str, Table]) -> dict[str, Table]:
    """Answer means over the main sets, if all of them were measured."""
    if not all(name in tables for name in MAIN):
        return {}
    alone = tuple(LANGUAGES if name == "og2021" else name for name in MAIN)
    return {
        f"mean of {', '.join(names)}": {
            way: mean(tables[name][way] for name in names) for way in tables[names[0]]
        }
        for names in (MAIN, alone)
    }


def _bands(streams: Streams, taken: Sequence[Sequence[Taken]]) -> Counter[tuple[str, bool, str]]:
    """Count by mode, whether a report is a later one of its story, and what becomes of it."""
    counts: Counter[tuple[str, bool, str]] = Counter()
    for stream, some in zip(streams, taken, strict=True):
        seen: set[str] = set()
        for report, one in zip(stream, some, strict=True):
            for mode, together in MODES.items():
                what = "edit" if one.strength in together else "reply"
                what = "alone" if one.strength is None else what
                counts[mode, report.story in seen, what] += 1
            seen.add(report.story)
    return counts


def _judged(several: Sequence[Pair]) -> list[tuple[float, bool]]:
    return [(_score(each), each.same) for each in several]


def _score(pair: Pair) -> float:
    """Answer how much both look like one story to a window that holds only one of them."""
    window = Window()
    window.put(ArticleId(1), StoryId(1), window.read(as_article(pair.one)).sketch)
    best = next(iter(window.alike(window.read(as_article(pair.other)))), None)
    return best.score if best else float("-inf")


def _print_table(title: str, table: Table) -> None:
    print(f"{title}\n{'':24}{_HEADINGS}")
    for way, measures in table.items():
        if (at := _shown(way)) is not None:
            rates = [measures.false_merges, measures.hidden, measures.mixed, measures.repeats]
            print(
                f"{f'{way.name} {at}':24}"
                f"{measures.b3_p:.3f}  {measures.b3_r:.3f} {measures.b3_f1:.3f} "
                f"{measures.pair_p:.3f}  {measures.pair_r:.3f} {measures.pair_f1:.3f} "
                f"{' '.join(f'{rate:.4f}' for rate in rates)} {measures.alerts_per_story:6.2f}"
            )
    print()


def _shown(way: Way) -> str | None:
    """Answer what the threshold of a way is called; None if it only stands between others."""
    if isinstance(way.at, str):
        return way.at
    return next(each for each in BASELINES if each.name == way.name).shown.get(way.at)


def _print_at_equal(table: Table) -> None:
    for mode in MODES:
        own = table[Way("newsbell", mode)]
        print(f"B3 F1 at the {own.false_merges:.4f} false merges of newsbell {mode}")
        for name in dict.fromkeys(way.name for way in table if way.name != "newsbell"):
            points = [(m.false_merges, m.b3_f1) for way, m in table.items() if way.name == name]
            f1 = at_false_merges(points, own.false_merges)
            told = f"{f1:.3f}, newsbell {own.b3_f1 / f1:.2f} times that" if f1 else "never so few"
            print(f"  {name:22}{told}")
    print()


def _print_bands(bands: Mapping[str, Counter[tuple[str, bool, str]]]) -> None:
    if not bands:
        return
    print("of later reports, and of the first of a story (better alone), in per cent:")
    print(f"{'':38}later: edited reply alone   first: edited reply alone")
    for name, counts in bands.items():
        for mode in MODES:
            shares = [_share(counts, mode, later=later) for later in (True, False)]
            print(f"{name:30}{mode:14}{'          '.join(shares)}")
    print()


def _share(counts: Counter[tuple[str, bool, str]], mode: str, *, later: bool) -> str:
    kinds = [counts[mode, later, what] for what in ("edit", "reply", "alone")]
    return " ".join(f"{100 * n / max(1, sum(kinds)):6.1f}" for n in kinds)


def _print_pairs(judged: Mapping[str, Sequence[tuple[float, bool]]]) -> None:
    if judged:
        print("pairs: how many, share of one story, average precision, best F1")
    for name, scored in judged.items():
        share = sum(same for _, same in scored) / len(scored)
        precision = average_precision(scored)
        print(f"{name:20}{len(scored):6} {share:.3f} {precision:.3f} {best_f1(scored):.3f}")


def _as_json(tables: Mapping[str, Table]) -> dict[str, dict[str, dict[str, float]]]:
    return {
        name: {f"{way.name} {way.at}": asdict(measures) for way, measures in table.items()}
        for name, table in tables.items()
    }


if __name__ == "__main__":
    main()
