"""How often a story rings, as users feel it: python -m benchmarks.rings [--sets DIR].

Rules are made from the words of stories with two reports or more, as a user writes them who has
read the first: the word that tells most of a story (it stands in many of its reports and in few
others), or the two that do, or two that stand side by side. Each rule has a chat of its own, and
the whole set runs through rules and alerts.

For every rule and each story that it matches: how many messages make a sound, how often it is
exactly one, and how many stories are hidden: none of their messages has one of their reports
as its headline. The headline is that of the first report in the message that matches. As
decided is what `replay` says, with the headline of the newcomer where a message rings again;
the line below it is that without the second look of `pipeline/regrouping/second_look.py`; the
modes are counted from how surely reports belong together.
"""

import argparse
import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from itertools import cycle, pairwise
from math import log

from benchmarks.story_baselines import BASELINES, labels
from benchmarks.story_sets import (
    MODES,
    Report,
    Taken,
    add_options,
    chosen,
    messages,
    newsbell,
)
from monitors.language.grammar import parse
from monitors.language.problems import Problem
from monitors.pipeline.book import Book, open_book
from monitors.rules.rulebook import Chat, ChatName, Rule, Rulebook, RuleName, Terminal
from monitors.stories.words import cut

# What `replay` calls a message of its own; a revision makes no sound.
_SOUNDS = ("new", "reply")
_SHORTEST_WORD = 3
_BASELINES = {"exact title": 1.0, "tf-idf nearest": 0.5}


@dataclass(slots=True)
class Tally:
    """Of pairs of a rule and a story that it matches."""

    pairs: int = 0
    rings: int = 0
    once: int = 0
    hidden: int = 0

    def add(self, other: "Tally") -> None:
        """Count what *other* has counted, too."""
        self.pairs += other.pairs
        self.rings += other.rings
        self.once += other.once
        self.hidden += other.hidden

    def __str__(self) -> str:
        """Answer a line of the table."""
        pairs = max(1, self.pairs)
        return (
            f"{self.pairs:6}{self.rings / pairs:8.2f}{self.once / pairs:8.3f}"
            f"{self.hidden / pairs:9.4f}"
        )


@dataclass(frozen=True, slots=True)
class Ring:
    """A message that made a sound: by which report, and which one is its headline."""

    rule: str
    by: int
    headline: int


def main() -> None:
    """Make rules, run all sets, and print."""
    options = argparse.ArgumentParser(description=__doc__)
    add_options(options)
    options.add_argument("--rules", type=int, default=300, help="of a set, at most")
    options.add_argument("--show", action="store_true", help="print the rules, too")
    asked = options.parse_args()
    sums: dict[str, Tally] = defaultdict(Tally)
    for name, reports in chosen(asked).items():
        conditions = made(reports, asked.rules)
        print(f"{name}: {len(conditions)} rules\n{'':24} pairs   rings    once   hidden")
        if asked.show:
            print("\n".join(conditions))
        for way, tally in _tallies(reports, conditions):
            print(f"{way:24}{tally}")
            sums[way].add(tally)
        print()
    for way, tally in sums.items():
        print(f"{way:24}{tally}")


def made(reports: Sequence[Report], most: int) -> list[str]:
    """Answer the conditions of rules for *most* stories of *reports*, in turns of three kinds."""
    stories: dict[str, list[Report]] = defaultdict(list)
    for one in reports:
        stories[one.story].append(one)
    having = Counter(word for one in reports for word in set(_telling(one.words)))
    rarity = {word: log(len(reports) / count) for word, count in having.items()}
    several = sorted((name for name, some in stories.items() if len(some) > 1), key=_by_chance)
    kinds = cycle((_word, _both, _phrase))
    conditions: dict[str, None] = {}
    for name in several:
        words, runs = _most_telling(stories[name], rarity)
        if len(words) > 1:
            conditions[next(kinds)(words, runs)] = None
    return list(conditions)[:most]


def _most_telling(
    reports: Sequence[Report], rarity: Mapping[str, float]
) -> tuple[list[str], list[str]]:
    """Answer the words of the titles of a story, and those side by side; the most telling first."""
    titles = [_telling(one.title) for one in reports]
    counts = Counter(word for one in reports for word in set(_telling(one.words)))
    words = {word: counts[word] * rarity[word] for title in titles for word in title}
    side_by_side = Counter(run for title in titles for run in set(pairwise(title)))
    runs = {
        " ".join(run): count * min(rarity[word] for word in run)
        for run, count in side_by_side.items()
    }
    return _ranked(words), _ranked(runs)


def _ranked(weights: Mapping[str, float]) -> list[str]:
    return sorted(weights, key=lambda each: (-weights[each], each))


def _word(words: Sequence[str], _runs: Sequence[str]) -> str:
    return f'"{words[0]}"'


def _both(words: Sequence[str], _runs: Sequence[str]) -> str:
    return f'"{words[0]}" AND "{words[1]}"'


def _phrase(words: Sequence[str], runs: Sequence[str]) -> str:
    return f'"{runs[0] if runs else words[0]}"'


def _telling(title: str) -> list[str]:
    """Answer the words of *title* that may stand in a rule, as they are folded."""
    return [word for word in cut(title).folded if len(word) >= _SHORTEST_WORD and word.isalpha()]


def _by_chance(name: str) -> bytes:
    return hashlib.blake2b(name.encode()).digest()


def _tallies(reports: Sequence[Report], conditions: Sequence[str]) -> Iterator[tuple[str, Tally]]:
    taken = newsbell(reports, book_of(conditions))
    matches = [one.rules for one in taken]
    yield "newsbell, as decided", tally(reports, matches, _decided(taken))
    # Where no rule holds, nothing is looked at twice.
    first = messages(newsbell(reports), MODES["normal"])
    yield "without second look", tally(reports, matches, first_of(first, matches))
    for mode, together in MODES.items():
        rings = first_of(messages(taken, together), matches)
        yield f"newsbell {mode}", tally(reports, matches, rings)
    yield "no grouping", tally(reports, matches, first_of(range(len(reports)), matches))
    for each in BASELINES:
        if each.name in _BASELINES:
            alerts = labels(each.links(reports), _BASELINES[each.name])
            yield each.name, tally(reports, matches, first_of(alerts, matches))


def book_of(conditions: Iterable[str]) -> Book:
    """Answer a book of rules with *conditions*, each with a chat of its own."""
    rules: list[Rule] = []
    for text in conditions:
        condition = parse(text)
        assert not isinstance(condition, Problem), f"{text}: {condition}"
        rules.append(
            Rule(name=RuleName(text), match=text, condition=condition, send_to=(ChatName(text),))
        )
    chats = tuple(
        Chat(name=name, destination=Terminal()) for rule in rules for name in rule.send_to
    )
    return open_book(Rulebook(digest="", feeds=(), rules=tuple(rules), chats=chats), UTC)


def _decided(taken: Sequence[Taken]) -> list[Ring]:
    """Answer the rings that `replay` tells of."""
    leads: dict[tuple[str, int], int] = {}
    rung: set[tuple[str, int]] = set()
    rings: list[Ring] = []
    for place, one in enumerate(taken):
        for rule in one.rules:
            leads.setdefault((rule, one.story), place)
        for rule, action in one.alerts:
            message = rule, one.story
            if action in _SOUNDS:
                rings.append(Ring(rule, place, place if message in rung else leads[message]))
                rung.add(message)
    return rings


def first_of(alerts: Sequence[int], matches: Sequence[Iterable[str]]) -> list[Ring]:
    """Answer the rings if a rule rings for its first match in each of *alerts*."""
    rung: set[tuple[str, int]] = set()
    rings: list[Ring] = []
    for place, (alert, rules) in enumerate(zip(alerts, matches, strict=True)):
        for rule in rules:
            if (rule, alert) not in rung:
                rung.add((rule, alert))
                rings.append(Ring(rule, place, place))
    return rings


def tally(
    reports: Sequence[Report], matches: Sequence[Iterable[str]], rings: Iterable[Ring]
) -> Tally:
    """Answer how often rules rang for the stories that they match."""
    pairs = {
        (rule, report.story)
        for report, rules in zip(reports, matches, strict=True)
        for rule in rules
    }
    rang: Counter[tuple[str, str]] = Counter()
    seen: set[tuple[str, str]] = set()
    for ring in rings:
        rang[ring.rule, reports[ring.by].story] += 1
        seen.add((ring.rule, reports[ring.headline].story))
    return Tally(
        pairs=len(pairs),
        rings=rang.total(),
        once=sum(rang[pair] == 1 for pair in pairs),
        hidden=len(pairs - seen),
    )


if __name__ == "__main__":
    main()
