"""How fast feeds are read, beside feedparser alone in the same run.

    python benchmarks/parse.py [--feeds DIR] [--kind KIND] [--json]

DIR holds feeds, a file each; by default `shared/data/feeds` beside the project, else `sample`.
Where an `expected.jsonl` beside them says of what kind each is, `--kind real`
takes those of one kind alone. All times are CPU milliseconds of this one process; the best of
several passes counts, since everything else only adds to it.

`newsbell` is all that is done to a feed, up to texts without markup and dates in UTC.
`feedparser` is `feedparser.parse` as it comes, and `light` the same without cleaning HTML and
completing the links in it. `quick` is how many files were read without feedparser, and `times`
how many times newsbell's mean is in that of feedparser and of light.
"""

import argparse
import io
import json
import statistics
import sys
import time
import warnings
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import feedparser

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitors.feeds.document import read_document
from monitors.feeds.encoding import to_utf8, unpacked
from monitors.feeds.entry import Document
from monitors.feeds.repair import find_root, repaired
from monitors.feeds.wellformed.reading import read_wellformed

_ROOT = Path(__file__).parents[1]
_ADDRESS = "https://feed.example/dir/feed.xml"
# Bytes, each up to the next.
_CLASSES = {"< 5 KB": 0, "5-20 KB": 5_000, "20-50 KB": 20_000, "> 50 KB": 50_000}
_NAMES = {".xml", ".rss", ".atom", ".rdf", ".json"}
_PARSERS: dict[str, Callable[[bytes], Any]] = {
    "newsbell": lambda body: read_document(body, _ADDRESS),
    "feedparser": lambda body: feedparser.parse(io.BytesIO(body)),
    "light": lambda body: feedparser.parse(
        io.BytesIO(body), sanitize_html=False, resolve_relative_uris=False
    ),
}


def main() -> None:
    """Read the files, measure, print."""
    # feedparser warns of its own old ways.
    warnings.simplefilter("ignore", DeprecationWarning)
    asked = _arguments()
    bodies = list(_bodies(asked.feeds, asked.kind))
    if not bodies:
        raise SystemExit(f"{asked.feeds} holds no feeds.")
    costs = [_costs(body, asked.passes) for body in bodies]
    figures = {"all": _figures(bodies, costs)}
    starts = [*_CLASSES.values(), sys.maxsize]
    for name, low, high in zip(_CLASSES, starts, starts[1:], strict=False):
        chosen = [place for place, body in enumerate(bodies) if low <= len(body) < high]
        if chosen:
            figures[name] = _figures(
                [bodies[place] for place in chosen], [costs[place] for place in chosen]
            )
    if asked.json:
        print(json.dumps(figures))
    else:
        _print(figures)


def _arguments() -> argparse.Namespace:
    description, _, epilog = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=epilog, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--feeds", type=Path, default=_default(), help="a folder of feeds")
    parser.add_argument("--kind", help="as expected.jsonl calls it, such as real")
    parser.add_argument("--passes", type=int, default=5, help="over each file; the best counts")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args()


def _default() -> Path:
    feeds = _ROOT.parent / "shared" / "data" / "feeds"
    return feeds if feeds.is_dir() else _ROOT / "sample"


def _bodies(folder: Path, kind: str | None) -> Iterator[bytes]:
    """Answer the files of *folder* that are feeds, those of a *kind* alone if one is named."""
    expected = folder / "expected.jsonl"
    lines = expected.read_text("utf-8").splitlines() if expected.exists() else []
    kinds = {line["file"]: line["kind"] for line in map(json.loads, lines)}
    for path in sorted(folder.glob("*")):
        if path.suffix in _NAMES and kind in {None, kinds.get(path.name)}:
            body = path.read_bytes()
            if isinstance(read_document(body, _ADDRESS), Document):
                yield body


def _costs(body: bytes, passes: int) -> dict[str, float]:
    """Answer the milliseconds that each parser takes for *body*, in turns."""
    costs = dict.fromkeys(_PARSERS, float("inf"))
    for _ in range(passes):
        for name, parser in _PARSERS.items():
            costs[name] = min(costs[name], _milliseconds(partial(parser, body)))
    return costs


def _milliseconds(call: Callable[[], object]) -> float:
    before = time.process_time_ns()
    call()
    return (time.process_time_ns() - before) / 1e6


def _figures(bodies: list[bytes], costs: list[dict[str, float]]) -> dict[str, Any]:
    size = sum(map(len, bodies))
    figures: dict[str, Any] = {
        "files": len(bodies),
        "kb": size / len(bodies) / 1e3,
        "quick": sum(map(_is_quick, bodies)),
    }
    for name in _PARSERS:
        times = sorted(cost[name] for cost in costs)
        figures[name] = {
            "median_ms": statistics.median(times),
            "mean_ms": statistics.mean(times),
            "p95_ms": times[min(len(times) - 1, len(times) * 95 // 100)],
            "mb_per_s": size / 1e3 / max(sum(times), 1e-9),
        }
    own = max(figures["newsbell"]["mean_ms"], 1e-9)
    figures["times"] = {
        name: figures[name]["mean_ms"] / own for name in _PARSERS if name != "newsbell"
    }
    return figures


def _is_quick(body: bytes) -> bool:
    """Answer whether *body* is read without feedparser."""
    text = to_utf8(unpacked(body) or b"").strip()
    root = None if text.startswith((b"{", b"[")) else find_root(text)
    return root is None or any(
        read_wellformed(xml, _ADDRESS) is not None
        for xml in (text[root.start :], repaired(text, root).xml)
    )


def _print(figures: dict[str, dict[str, Any]]) -> None:
    for name, row in figures.items():
        print(f"{name}: {row['files']} files of {row['kb']:.0f} KB, {row['quick']} read quickly")
        for parser in _PARSERS:
            one = row[parser]
            times = f"  {row['times'][parser]:4.1f} times" if parser in row["times"] else ""
            print(
                f"  {parser:<11} median {one['median_ms']:7.2f} ms   mean {one['mean_ms']:7.2f}"
                f"   p95 {one['p95_ms']:7.2f}   {one['mb_per_s']:6.1f} MB/s{times}"
            )


if __name__ == "__main__":
    main()
