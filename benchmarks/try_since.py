"""How long `try --since` takes in a store of 100,000 articles: python -m benchmarks.try_since.

The articles are made of invented words that are as unevenly common as those of a language.
Prints what the index of words costs, then the seconds of each kind of expression.
"""

import argparse
import random
import sqlite3
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import accumulate, islice
from pathlib import Path

from monitors.adapters.sqlite.database import SqliteStore, look_into
from monitors.grouping.placement import NewStory, Signs
from monitors.language.grammar import parse
from monitors.pipeline.backtest import Backtest
from monitors.pipeline.ports import Ledger
from monitors.stories.article import Article

NOW = datetime(2026, 11, 5, 9, tzinfo=UTC)
WORDS, LENGTH = 60_000, 300
AT_ONCE = 500
RANK = 150  # of the common words: nearly every fifth article has one
RARE, COMMON = "zarquon", "minister"
EXPRESSIONS = {
    "rare": f"{RARE} AND {COMMON}",
    "common": COMMON,
    "common, with NOT": f"{COMMON} NOT {RARE}",
    "phrase": f'"{RARE} {COMMON}"',
    "common phrase": '"prime minister"',
    "no hit": f"{RARE} AND nosuchword",
    "beginning": "zarq*",
}


def vocabulary(chance: random.Random) -> list[str]:
    """Answer invented words, the commonest first; common ones are short."""
    sounds = [first + second for first in "bcdfglmnprstv" for second in "aeiou"]
    lengths = chance.choices((1, 2, 3, 4), weights=(1, 10, 100, 200), k=3 * WORDS)
    made = {"".join(chance.choices(sounds, k=length)) for length in lengths}
    invented = sorted(made, key=lambda word: (len(word), word))
    return [*invented[:RANK], "prime", COMMON, *invented[RANK:WORDS]]


def articles(count: int) -> Iterator[Article]:
    """Yield articles, spread over 30 days."""
    chance = random.Random(7)  # noqa: S311 -- not for secrets
    words = vocabulary(chance)
    weights = list(accumulate(1 / (rank + 5) for rank in range(len(words))))
    step = timedelta(days=30) / count
    for number in range(count):
        drawn = chance.choices(words, cum_weights=weights, k=LENGTH)
        if number % (count // 50) == 0:
            drawn[20:22] = [RARE, COMMON]
        seen = NOW - timedelta(days=30) + number * step
        title, summary, text = drawn[:9], drawn[9:35], drawn[35:]
        yield Article(
            identity=str(number),
            url=None,
            link=None,
            outlet=f"Outlet {number % 60}",
            title=" ".join(title),
            summary=" ".join(summary),
            text=" ".join(text),
            published_at=seen,
            seen_at=seen,
        )


def fill(path: Path, count: int) -> float:
    """Store that many articles; answer the seconds of storing alone."""
    store = SqliteStore(path)
    spent = 0.0
    made = iter(articles(count))
    try:
        while batch := list(islice(made, AT_ONCE)):
            began = time.perf_counter()
            store.write_now(partial(_add, batch=batch))
            spent += time.perf_counter() - began
    finally:
        store.close()
    return spent


def _add(ledger: Ledger, batch: list[Article]) -> None:
    nothing = Signs(url=None, identifier=None, title_key=None)
    for article in batch:
        ledger.articles.add(article, nothing, NewStory())


def sizes(path: Path) -> tuple[float, float]:
    """Answer the megabytes of the whole file, and those of the index of words."""
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT sum(length(block)) FROM article_words_data").fetchone()
    return path.stat().st_size / 1e6, rows[0] / 1e6


def tried(path: Path, text: str) -> tuple[float, int, int]:
    """Answer the seconds that a person waits for the answer, and how much is in it."""
    began = time.perf_counter()
    with look_into(path) as ledger:
        test = Backtest(ledger.search, parse(text), (), since=NOW - timedelta(days=31), until=NOW)
        hits, _ = test.findings(30, lambda items, _: items)
        if not hits:
            test.failing()
        near = test.nearest(5)
    return time.perf_counter() - began, len(hits), len(near)


def main() -> None:
    """Print the figures."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--articles", type=int, default=100_000)
    options.add_argument("--keep", type=Path, help="A store to make, or to use again.")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        path = given.keep or Path(folder) / "newsbell.db"
        if not path.exists():
            spent = fill(path, given.articles)
            print(f"{1000 * spent / given.articles:.2f} ms to store an article, in groups")
        whole, words = sizes(path)
        print(f"{whole:.0f} MB, {words:.0f} MB of them words")
        for kind, text in EXPRESSIONS.items():
            seconds, found, near = tried(path, text)
            print(f"{seconds:6.2f} s  {kind}: {text}  ({found} found, {near} nearly)")


if __name__ == "__main__":
    main()
