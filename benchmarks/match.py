"""How fast all rules are matched against articles, and what the time goes into.

    python benchmarks/match.py --rules FILE --articles FILE [--brute] [--json]

FILE of rules is a rules.yaml, or any other file with a condition in each line. FILE of
articles has a JSON object in each line, with the keys that `bot.py replay` reads: `title`,
`summary`, `text`, `lang` ... All times are CPU seconds of this one process; the best of several
passes counts, since everything else only adds to it. What is learned of the words of articles
before the rules are compiled (here: of every tenth article) only decides how fast it is.

`parse` and `compile` say what one rule costs at the start, `add one rule` what the slowest of
200 costs that come to all the others. `trees` is the memory of parsed rules, `index` that of the
index, both by what the process grows. `cutting alone` cuts texts into words and does no more:
`share cutting` is what this is of all the time, `share features` what it takes to tell from the
words which features of rules are there. `hits` and `candidates`, the rules that were looked at
for an article, are those of all articles together.

With --brute, every rule is looked at for every article, term by term, and the hits of both
ways are compared; give few rules and articles.
"""

import argparse
import gc
import json
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitors.adapters.files.rulebook_file import RulebookFile
from monitors.app.reading import FilePacks
from monitors.language.expression import Expression
from monitors.language.grammar import parse
from monitors.language.problems import Problem
from monitors.matching.evaluation import Evaluation
from monitors.matching.index import Index
from monitors.rules.document import read_rulebook
from monitors.stories import words
from monitors.stories.article import Article
from monitors.terms.entity import Entity
from monitors.terms.reading import Reading
from monitors.terms.wanted import Terms

T = TypeVar("T")
_NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)
_EVERY = 10  # of the articles, how many the commonness of words is learned from


def main() -> None:
    """Read the files, measure, print."""
    asked = _arguments()
    articles = list(_articles(asked.articles))
    if not articles:
        raise SystemExit(f"{asked.articles} holds no articles.")
    shares = _shares(articles[::_EVERY])
    before = _resident_bytes()
    conditions, entities, parsing = _conditions(asked.rules)
    terms = Terms({entity.name: entity for entity in entities})
    gc.collect()
    parsed = _resident_bytes()
    index, compiling = _timed(lambda: Index(conditions, terms, shares))
    gc.collect()
    compiled = _resident_bytes()
    gc.freeze()  # as the running bot does
    figures: dict[str, Any] = {
        "rules": len(conditions),
        "articles": len(articles),
        "characters_per_article": sum(map(_length, articles)) / len(articles),
        "parse_us_per_rule": parsing / len(conditions) * 1e6,
        "compile_us_per_rule": compiling / len(conditions) * 1e6,
        "parse_and_compile_s": parsing + compiling,
        "add_one_rule_us": _add_one(index, conditions, terms),
        "index_bytes_per_rule": (compiled - parsed) / len(conditions),
        "trees_bytes_per_rule": (parsed - before) / len(conditions),
    }
    figures |= _speed(index, articles, asked.passes)
    figures["hits"] = sum(len(index.holding(index.read(one))) for one in articles)
    figures["candidates"] = sum(index.looked_at(index.read(one)) for one in articles)
    if asked.brute:
        figures |= _brute(index, articles, conditions, terms)
    _print(figures, as_json=asked.json)
    if figures.get("differences"):
        raise SystemExit(1)


def _arguments() -> argparse.Namespace:
    description, _, epilog = (__doc__ or "").partition("\n")
    parser = argparse.ArgumentParser(
        description=description, epilog=epilog, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--rules", type=Path, required=True, help="rules.yaml, or conditions")
    parser.add_argument("--articles", type=Path, required=True, help="JSON lines, as for replay")
    parser.add_argument(
        "--passes", type=_passes, default=5, help="over all articles; the best counts"
    )
    parser.add_argument("--brute", action="store_true", help="check every rule on every article")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    return parser.parse_args()


def _passes(written: str) -> int:
    if not written.isdecimal() or int(written) < 1:
        raise argparse.ArgumentTypeError("give a number from 1")
    return int(written)


def _lines(path: Path) -> list[tuple[int, str]]:
    """Answer the lines of a file that say something, with their numbers."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise SystemExit(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise SystemExit(f"{path} is not UTF-8 text.") from None
    # In JSON, other characters that end a line may stand inside a text.
    return [(at, line) for at, line in enumerate(text.split("\n"), start=1) if line.strip()]


def _articles(path: Path) -> Iterator[Article]:
    for at, line in _lines(path):
        try:
            yield _article(json.loads(line))
        except (AttributeError, TypeError, ValueError) as error:
            raise SystemExit(f"{path}:{at}: this is no article: {error}") from None


def _article(said: dict[str, Any]) -> Article:
    published = said.get("published")
    at = datetime.fromisoformat(published) if published else _NOON
    return Article(
        identity=str(said.get("id", "")),
        url=said.get("url"),
        link=said.get("url"),
        outlet=said.get("source") or said.get("outlet") or "",
        title=str(said.get("title") or ""),
        summary=str(said.get("summary") or ""),
        text=str(said.get("text") or ""),
        author=said.get("author"),
        lang=said.get("lang"),
        tags=tuple(said.get("tags") or ()),
        published_at=at,
        seen_at=at + timedelta(minutes=1),
    )


def _length(article: Article) -> int:
    return len(article.title) + len(article.summary) + len(article.text)


def _conditions(path: Path) -> tuple[list[Expression], tuple[Entity, ...], float]:
    """Answer conditions, entities and how long it took to parse the conditions."""
    entities: tuple[Entity, ...] = ()
    if path.suffix in (".yaml", ".yml"):
        file = RulebookFile(path)
        text = file.read()
        read = (text,) if isinstance(text, Problem) else read_rulebook(text, packs=FilePacks(file))
        if isinstance(read, tuple):
            raise SystemExit("\n".join(f"{path}:{problem}" for problem in read[:5]))
        lines, entities = [rule.match for rule in read.rules], read.entities
    else:
        lines = [line for _, line in _lines(path)]
    parsed, took = _timed(lambda: [parse(line) for line in lines])
    wrong = [(n, each) for n, each in enumerate(parsed, 1) if isinstance(each, Problem)]
    if wrong or not parsed:
        told = "\n".join(f"{path}: condition {n}: {each}" for n, each in wrong[:5])
        raise SystemExit(told or f"{path} holds no rules.")
    return [each for each in parsed if not isinstance(each, Problem)], entities, took


def _shares(articles: list[Article]) -> dict[str, float]:
    """Answer in what share of *articles* each word stands, but for those that stand in one."""
    counts: Counter[str] = Counter()
    for one in articles:
        counts.update(_cut(one))
    return {word: count / len(articles) for word, count in counts.items() if count > 1}


def _cut(article: Article) -> set[str]:
    there = words.folded(article.title)
    there += words.folded(article.summary)
    there += words.folded(article.text)
    return set(there)


def _add_one(index: Index, conditions: list[Expression], terms: Terms) -> float:
    """Answer how many microseconds it takes to add a rule to all that are there, the worst."""
    worst = 0.0
    for condition in conditions[:: max(1, len(conditions) // 200)]:
        number, took = _timed(lambda: index.add(condition, terms))  # noqa: B023 - called at once
        index.remove(number, condition, terms)
        worst = max(worst, took)
    return worst * 1e6


def _speed(index: Index, articles: list[Article], passes: int) -> dict[str, float]:
    """Answer articles a second, all of it and the cutting of texts alone."""
    cutting = _best(passes, lambda: [_cut(one) for one in articles])
    reading = _best(passes, lambda: [index.read(one) for one in articles])
    matching = _best(passes, lambda: [index.holding(index.read(one)) for one in articles])
    return {
        "articles_per_s": len(articles) / matching,
        "us_per_article": matching / len(articles) * 1e6,
        "cutting_alone_per_s": len(articles) / cutting,
        "share_cutting": cutting / matching,
        "share_features": (reading - cutting) / matching,
        "times_cutting": matching / cutting,
    }


def _brute(
    index: Index, articles: list[Article], conditions: list[Expression], terms: Terms
) -> dict[str, float]:
    """Answer how fast it is to look at every rule for every article, and what differs."""

    def holding(article: Article) -> set[int]:
        evaluation = Evaluation(Reading(article), terms)
        return {at for at, condition in enumerate(conditions) if evaluation.holds(condition)}

    plain, took = _timed(lambda: [holding(one) for one in articles])
    found = [index.holding(index.read(one)) for one in articles]
    apart = sum(len(one ^ other) for one, other in zip(plain, found, strict=True))
    matching = _best(1, lambda: [index.holding(index.read(one)) for one in articles])
    return {
        "brute_articles_per_s": len(articles) / took,
        "times_faster_than_brute": took / matching,
        "brute_hits": sum(map(len, plain)),
        "differences": apart,
    }


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    start = time.process_time()
    answer = work()
    return answer, time.process_time() - start


def _best(passes: int, work: Callable[[], Iterable[object]]) -> float:
    return min(_timed(work)[1] for _ in range(passes))


def _resident_bytes() -> int:
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGESIZE")


def _print(figures: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps(figures))
        return
    for name, figure in figures.items():
        shown = f"{figure:,.2f}" if isinstance(figure, float) and figure < 100 else f"{figure:,.0f}"  # noqa: PLR2004 - for the eye
        print(f"{name.replace('_', ' '):28} {shown:>12}")


if __name__ == "__main__":
    main()
