"""What grouping an article costs, by how many are in the window: benchmarks.grouping_cost.

    python -m benchmarks.grouping_cost [--sets DIR] [--sizes 1000,10000] [--articles 2000]

Articles are made from those of the sets (or of the samples that come with the repository): half
of the words of one, by chance with a fixed seed, are exchanged for words of others, as often as
each is used there. They are spread evenly over the window, so that the old ones go while the new
ones come. For each size, the window is filled; then further articles are sketched, placed and
put, as `pipeline/accept.py` does it, without store and rules, while as many old ones go. CPU
times are of this one thread, after tables and caches are warm. The load is that of a store's file
after a restart; bytes are what Python has allocated for the window that was loaded so. What is long
blocks no event loop: it is in the writer's thread.
"""

import argparse
import gc
import json
import random
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from math import log
from pathlib import Path
from statistics import median

from benchmarks.story_sets import Report, add_options, as_article, chosen
from monitors.adapters.sqlite.database import SqliteStore
from monitors.grouping.placement import Joins, Newcomer, NewStory, Signs, group
from monitors.grouping.reason import FIRST
from monitors.grouping.window import WINDOW, Window
from monitors.pipeline.ports import Ledger
from monitors.stories.article import Article, ArticleId, StoryId

_START = datetime(2026, 11, 1, tzinfo=UTC)
_NOTHING = Signs(url=None, identifier=None, title_key=None)
_EXCHANGED = 0.5
_OWN = tuple(
    Report(
        id=str(number), story="", title=title, summary=summary, lang="en", outlet="Wire", url=None,
        published_at=None,
    )
    for number, (title, summary) in enumerate(
        (
            ("Harbour strike leaves ferries at their moorings", "Crews ask for shorter rosters."),
            ("Council votes for a second bridge over the Alder", "Work is to begin in spring."),
            ("Lighthouse keeper finds a message from 1911", "The bottle lay under the stairs."),
            ("Orchard growers count the cost of a late frost", "Half of the blossom is lost."),
        )
    )
)  # fmt: skip


class Press:
    """Makes articles out of *reports*, the same ones for the same *seed*."""

    def __init__(self, reports: Sequence[Report], seed: int = 1) -> None:
        self._reports = reports
        self._words = [word for one in reports for word in one.words.split()]
        self._chance = random.Random(seed)  # noqa: S311

    def article(self, number: int, at: datetime) -> Article:
        """Answer an article that nobody has written, published *at* a time."""
        report = as_article(self._chance.choice(self._reports))
        return replace(
            report,
            identity=str(number),
            title=self._exchanged(report.title),
            summary=self._exchanged(report.summary),
            published_at=at,
            seen_at=at,
        )

    def _exchanged(self, text: str) -> str:
        return " ".join(
            self._chance.choice(self._words) if self._chance.random() < _EXCHANGED else word
            for word in text.split()
        )


def main() -> None:
    """Measure every size, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    add_options(options)
    options.add_argument("--sizes", default="1000,10000,30000,100000", help="with commas between")
    options.add_argument("--articles", type=int, default=2000, help="that are measured at a size")
    options.add_argument("--json", action="store_true", help="one JSON object a size")
    asked = options.parse_args()
    sets = chosen(asked, quiet=asked.json).values()
    reports = [one for some in sets for one in some] or _OWN
    if not asked.json:
        print("in window  ms each  of log(n)   median  longest  bytes each  load s  stories")
    for size in map(int, asked.sizes.split(",")):
        figures = measured(reports, size, asked.articles)
        if asked.json:
            print(json.dumps(figures))
        else:
            print(
                f"{size:9}{figures['ms']:9.3f}{figures['ms'] / log(size):11.4f}"
                f"{figures['median_ms']:9.3f}{figures['longest_ms']:9.1f}{figures['bytes']:12.0f}{figures['load_s']:8.2f}"
                f"{figures['stories']:9.0f}"
            )


def measured(reports: Sequence[Report], size: int, further: int) -> dict[str, float]:
    """Answer what it costs to group *further* articles with *size* ones in the window."""
    press, apart = Press(reports), WINDOW / size
    articles = [press.article(n, _START + n * apart) for n in range(size + further)]
    window = Window()
    stories = [_grouped(window, n, articles[n]) for n in range(size)]
    gc.collect()
    gc.freeze()  # as the running bot does
    took: list[float] = []
    for number in range(size, size + further):
        began = time.thread_time()
        stories.append(_grouped(window, number, articles[number]))
        took.append(time.thread_time() - began)
    del window
    seconds, held = _loaded(articles[:size], stories)
    return {
        "size": size,
        "ms": 1000 * sum(took) / len(took),
        "median_ms": 1000 * median(took),
        "longest_ms": 1000 * max(took),
        "bytes": held / size,
        "load_s": seconds,
        "stories": len(set(stories[:size])),
    }


def _grouped(window: Window, number: int, article: Article) -> StoryId:
    """Put *article* into *window*, and answer its story."""
    window.expire(article.seen_at - WINDOW)
    draft, identity = window.read(article), ArticleId(number + 1)
    newcomer = Newcomer(article=article, signs=_NOTHING, draft=draft)
    placement = group(
        newcomer, twins=(), newest=lambda _: article, window=window, now=article.seen_at
    )
    story = placement.story if isinstance(placement, Joins) else StoryId(number + 1)
    window.put(identity, story, draft.sketch)
    return story


def _loaded(articles: Sequence[Article], stories: Sequence[StoryId]) -> tuple[float, int]:
    """Answer the seconds that it takes to read the window from a store's file, and its bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "newsbell.db")
        store = SqliteStore(path)
        store.write_now(lambda ledger: _fill(ledger, articles, stories))
        store.close()
        now = articles[-1].seen_at
        return _after_restart(path, _timed_load, now), round(_after_restart(path, _held, now))


def _after_restart(
    path: Path, measure: Callable[[Ledger, datetime], float], now: datetime
) -> float:
    store = SqliteStore(path)
    try:
        return store.write_now(lambda ledger: measure(ledger, now))
    finally:
        store.close()


def _timed_load(ledger: Ledger, now: datetime) -> float:
    began = time.thread_time()
    ledger.window.at(now)
    return time.thread_time() - began


def _held(ledger: Ledger, now: datetime) -> float:
    tracemalloc.start()
    ledger.window.at(now)
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return held


def _fill(ledger: Ledger, articles: Sequence[Article], stories: Sequence[StoryId]) -> None:
    opened: dict[StoryId, StoryId] = {}
    reading = Window()
    for article, story in zip(articles, stories, strict=False):
        known = opened.get(story)
        placement = NewStory() if known is None else Joins(known, FIRST)
        identity, stored = ledger.articles.add(article, _NOTHING, placement)
        opened.setdefault(story, stored)
        ledger.window.put(identity, stored, reading.read(article).sketch)


if __name__ == "__main__":
    main()
