"""Makes rules of six kinds in equal parts from the words of articles, a condition a line.

    python benchmarks/make_rules.py --articles FILE --count 10000 > rules.txt

The same articles and seed always make the same rules. Of the rare words, 15 % never occur.
"""

import argparse
import json
import random
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from monitors.stories import words

RARE, COMMON = (2, 60), (20, 2_000)
NEVER = 0.15


class Vocabulary:
    """The words and pairs of words of articles, by how many have them."""

    def __init__(self, texts: list[str], chance: random.Random) -> None:
        counts: Counter[str] = Counter()
        pairs: Counter[tuple[str, str]] = Counter()
        for text in texts:
            there = [word for word in words.folded(text) if word.isascii() and word.isalpha()]
            counts.update(set(there))
            pairs.update(set(pairwise(there)))
        share = max(1, len(texts) / 11_000)
        self._chance = chance
        self._rare = self._between(counts, RARE, share)
        self._common = self._between(counts, COMMON, share)
        self._pairs = [pair for pair in sorted(pairs) if pairs[pair] >= RARE[0]]
        self._long = [word for word in self._rare if len(word) >= 6]  # noqa: PLR2004 -- letters

    @staticmethod
    def _between(counts: Counter[str], bounds: tuple[int, int], share: float) -> list[str]:
        low, high = bounds[0], bounds[1] * share
        return [w for w in sorted(counts) if len(w) > 2 and low <= counts[w] <= high]  # noqa: PLR2004

    def rare(self) -> str:
        """Answer a rare word, or one that never occurs."""
        word = self._chance.choice(self._rare)
        return f"{word}q{self._chance.randrange(1_000)}" if self._chance.random() < NEVER else word

    def common(self) -> str:
        """Answer a common word."""
        return self._chance.choice(self._common)

    def phrase(self) -> str:
        """Answer a phrase of two words."""
        return " ".join(self._chance.choice(self._pairs))

    def beginning(self) -> str:
        """Answer the beginning of a long word."""
        word = self._chance.choice(self._long)
        return word[: self._chance.randrange(4, len(word))]

    def either(self, *words: str) -> str:
        """Answer an OR of *words*."""
        return f"({' OR '.join(words)})"


def conditions(vocabulary: Vocabulary, count: int) -> list[str]:
    """Answer *count* conditions, of six kinds in turn."""
    one = vocabulary
    kinds = (
        lambda: f"{one.rare()} AND {one.common()}",
        lambda: f'{one.rare()} AND "{one.phrase()}"',
        lambda: (
            f"{one.either(one.rare(), one.rare(), one.common())} AND "
            f"{one.either(one.rare(), one.rare(), one.rare())}"
        ),
        lambda: f'"{one.phrase()}" AND {one.either(one.rare(), one.common())} NOT {one.common()}',
        lambda: f"({one.common()} NEAR/10 {one.common()}) AND {one.rare()}",
        lambda: f"{one.beginning()}* AND {one.rare()}",
    )
    return [kinds[number % len(kinds)]() for number in range(count)]


def main() -> None:
    """Print conditions."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=Path, required=True, help="JSON lines, as for replay")
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    lines = asked.articles.read_text(encoding="utf-8").splitlines()
    read = [json.loads(line) for line in lines if line.strip()]
    texts = [" ".join(each.get(key) or "" for key in ("title", "summary", "text")) for each in read]
    chance = random.Random(asked.seed)  # noqa: S311 -- the same rules each time
    print("\n".join(conditions(Vocabulary(texts, chance), asked.count)))


if __name__ == "__main__":
    main()
