"""Labelled sets of reports, and Newsbell's stories of them, for the benchmarks of stories.

A set is a file of JSON lines in the order of arrival, packed or not, named after the set, with
the keys that `bot.py replay` reads and `story`, the label. Sets belong to their publishers, and
so stand beside the repository and not in it.
"""

import argparse
import gzip
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from monitors.adapters.sqlite.database import SqliteStore
from monitors.grouping.reason import Ground, Reason, Strength
from monitors.pipeline.book import Book, open_book
from monitors.pipeline.ports import Ledger
from monitors.pipeline.replay import Recorded, Replay
from monitors.rules.rulebook import Rulebook
from monitors.stories.article import Article
from monitors.times import parse_iso

FOLDER = Path(__file__).resolve().parents[2] / "shared" / "data" / "stories"
OWN = Path(__file__).parents[1] / "tests" / "data" / "stories"
MAIN = ("allsides2021", "neus_triples", "og2021", "uci2014")
"""Those whose means are compared; stop words and capitals are cut from the last of the others."""
OTHERS = ("gnews2013",)
TRAPS = "traps"
PAIRS = ("semeval22_pairs", "telegram_pairs")
MODES = {
    "strict": (Strength.CERTAIN,),
    "normal": (Strength.CERTAIN, Strength.SURE),
    "loose": (Strength.CERTAIN, Strength.SURE, Strength.LIKELY),
}
"""What is one message where a chat wants its stories so."""
NO_RULES = open_book(Rulebook(digest="", feeds=(), rules=(), chats=()), UTC)
_START = datetime(2024, 1, 1, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """One report of a set, with its label.

    Attributes:
        published_at: aware UTC; None where nobody knows.
    """

    id: str
    story: str
    title: str
    summary: str
    lang: str | None
    outlet: str | None
    url: str | None
    published_at: datetime | None

    @property
    def words(self) -> str:
        """All that it says."""
        return f"{self.title}\n{self.summary}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """Two reports, of which people have said whether they tell one story."""

    one: Report
    other: Report
    same: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """Where Newsbell has put a report.

    Attributes:
        story: of the report.
        reason: why it belongs there.
        related: why its story, which it opened, is related to an earlier one, if it is.
        related_to: which one that is.
        alerts: a chat and what it would have been told, each.
        rules: names of those that hold.
    """

    story: int
    reason: Reason
    related: Reason | None
    related_to: int | None
    alerts: tuple[tuple[str, str], ...]
    rules: tuple[str, ...]

    @property
    def strength(self) -> Strength | None:
        """How surely it belongs to an earlier story, or its own to one; None if it is new."""
        if self.related:
            return self.related.strength
        return None if self.reason.ground is Ground.FIRST else self.reason.strength


def add_options(parser: argparse.ArgumentParser) -> None:
    """Have *parser* take what says which sets are meant."""
    parser.add_argument("--sets", type=Path, default=FOLDER, help="the folder of the sets")
    parser.add_argument("--set", action="append", default=[], help="a set; default: all")
    parser.add_argument(
        "--order", type=int, default=0, help="seed of another order for sets without times"
    )


def chosen(asked: argparse.Namespace, *, quiet: bool = False) -> dict[str, tuple[Report, ...]]:
    """Answer the sets that are asked for and there, and say which are not unless *quiet*."""
    names = asked.set or [*MAIN, *OTHERS, TRAPS, *_own()]
    found = {name: path for name in names if (path := _path(name, asked.sets))}
    missing = [name for name in names if name not in found]
    if missing and not quiet:
        print(f"not in {asked.sets}, and left out: {', '.join(missing)}\n")
    return {name: reordered(load(path), asked.order) for name, path in found.items()}


def _own() -> list[str]:
    """Answer the names of the sets that come with the repository."""
    return sorted({path.name.partition(".")[0] for path in OWN.glob("*.jsonl*")} - {TRAPS})


def _path(name: str, folder: Path) -> Path | None:
    paths = (place / f"{name}{end}" for place in (folder, OWN) for end in (".jsonl.gz", ".jsonl"))
    return next(filter(Path.is_file, paths), None)


def load(path: Path) -> tuple[Report, ...]:
    """Answer the reports of the set at *path*, in its order."""
    return tuple(_report(each) for each in _lines(path))


def pairs(name: str, folder: Path) -> tuple[Pair, ...]:
    """Answer the pairs of a set on which people agreed; nothing where the set is missing."""
    path = _path(name, folder)
    return tuple(
        Pair(one=_report(each["a"]), other=_report(each["b"]), same=bool(each["same"]))
        for each in (_lines(path) if path else ())
        if each["same"] is not None
    )


def streamed(some: Iterable[Pair]) -> tuple[Report, ...]:
    """Answer the reports of *some* pairs in an order by chance, labelled by who tells the same."""
    leads: dict[str, str] = {}

    def lead(name: str) -> str:
        while leads.setdefault(name, name) != name:
            name = leads[name]
        return name

    reports: dict[str, Report] = {}
    for pair in some:
        reports |= {one.id: one for one in (pair.one, pair.other)}
        if pair.same:
            leads[lead(pair.one.id)] = lead(pair.other.id)
    labelled = [replace(one, story=lead(name)) for name, one in reports.items()]
    return tuple(sorted(labelled, key=lambda one: hashlib.blake2b(one.id.encode()).digest()))


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def _report(said: Mapping[str, Any]) -> Report:
    return Report(
        id=str(said["id"]),
        story=str(said.get("story") or ""),
        title=said.get("title") or "",
        summary=said.get("summary") or "",
        lang=said.get("lang"),
        outlet=said.get("source") or said.get("outlet"),
        url=said.get("url"),
        published_at=parse_iso(said["published"]) if said.get("published") else None,
    )


def reordered(reports: Sequence[Report], seed: int) -> tuple[Report, ...]:
    """Answer *reports* in another order if they have no times and *seed* is not 0."""
    if seed and all(one.published_at is None for one in reports):
        return tuple(random.Random(seed).sample(reports, len(reports)))  # noqa: S311
    return tuple(reports)


def folds(reports: Iterable[Report], count: int) -> tuple[tuple[Report, ...], ...]:
    """Answer *reports* in *count* parts; no story is in two of them."""
    parts: list[list[Report]] = [[] for _ in range(count)]
    for one in reports:
        digest = hashlib.blake2b(one.story.encode(), digest_size=8).digest()
        parts[int.from_bytes(digest, "big") % count].append(one)
    return tuple(map(tuple, parts))


def thinned(reports: Iterable[Report], count: int) -> tuple[tuple[Report, ...], ...]:
    """Answer *reports* in *count* parts by chance: of each story, a part has but a few."""
    parts: list[list[Report]] = [[] for _ in range(count)]
    for one in reports:
        digest = hashlib.blake2b(one.id.encode(), digest_size=8).digest()
        parts[int.from_bytes(digest, "big") % count].append(one)
    return tuple(map(tuple, parts))


def by_language(reports: Iterable[Report]) -> dict[str, tuple[Report, ...]]:
    """Answer *reports* by the language in which they are written."""
    languages: dict[str, list[Report]] = defaultdict(list)
    for one in reports:
        languages[one.lang or ""].append(one)
    return {language: tuple(some) for language, some in languages.items()}


def as_article(report: Report) -> Article:
    """Answer *report* as an article that nobody but its outlet carries."""
    at = report.published_at or _START
    return Article(
        identity=report.id,
        url=report.url,
        link=report.url,
        outlet=report.outlet or "",
        title=report.title,
        summary=report.summary,
        lang=report.lang,
        published_at=at,
        seen_at=at + timedelta(minutes=1),
        dated=report.published_at is not None,
    )


def recorded(report: Report) -> Recorded:
    """Answer *report* as `bot.py replay` reads it."""
    return Recorded(
        id=report.id,
        title=report.title,
        summary=report.summary,
        text="",
        lang=report.lang,
        source=report.outlet,
        url=report.url,
        published_at=report.published_at,
    )


def newsbell(reports: Sequence[Report], book: Book = NO_RULES) -> tuple[Taken, ...]:
    """Answer what becomes of *reports*: as in `bot.py replay`, but in one transaction."""
    store = SqliteStore(None)
    try:
        return store.write_now(lambda ledger: _taken(ledger, reports, book))
    finally:
        store.close()


def _taken(ledger: Ledger, reports: Sequence[Report], book: Book) -> tuple[Taken, ...]:
    replay = Replay(book)
    replayed = [replay.take(ledger, recorded(one)) for one in reports]
    reasons = {
        one.id: one.reason
        for story in {each.story for each in replayed}
        for one in ledger.stories.placed(story)
    }
    known: set[int] = set()
    taken: list[Taken] = []
    for each in replayed:
        again = each.article in known
        known.add(each.article)
        related = None if again else each.related and ledger.stories.related(each.story)
        taken.append(
            Taken(
                story=each.story,
                reason=Reason(ground=Ground.LINK) if again else reasons[each.article],
                related=related[1] if related else None,
                related_to=related[0] if related else None,
                alerts=each.alerts,
                rules=each.rules,
            )
        )
    return tuple(taken)


def messages(taken: Sequence[Taken], together: Sequence[Strength]) -> list[int]:
    """Answer the message of each report where a chat wants *together* what is so sure."""
    of_story: dict[int, int] = {}
    answer: list[int] = []
    for place, one in enumerate(taken):
        message = place
        if one.strength in together:
            message = of_story[one.story if one.related_to is None else one.related_to]
        of_story.setdefault(one.story, message)
        answer.append(message)
    return answer
