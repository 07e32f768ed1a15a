"""Words with * and ? in them: which of very many such patterns a word fits."""

import re
from collections.abc import Iterator
from functools import lru_cache

# A longer "word" is no word; looking into it for stars could take long.
_LONGEST = 100
_GRAM = 3
_EDGE_START, _EDGE_END = "\x02", "\x03"
_SIGNS = re.compile(r"[*?]+")


@lru_cache(maxsize=10_000)
def _form(pattern: str) -> re.Pattern[str]:
    parts = {"*": ".*", "?": "."}
    return re.compile("".join(parts.get(each) or re.escape(each) for each in pattern), re.DOTALL)


def fits(pattern: str, word: str) -> bool:
    """Answer whether the folded *word* is one of those that *pattern* stands for."""
    if pattern.find("*") == len(pattern) - 1 and "?" not in pattern:
        return word.startswith(pattern[:-1])
    return len(word) <= _LONGEST and _form(pattern).fullmatch(word) is not None


def longest_run(pattern: str) -> str:
    """Answer the longest text without signs that all words have that fit *pattern*."""
    return max(_SIGNS.split(pattern), key=len)


class Wildcards:
    """Many patterns, found by three letters that every word has that fits them."""

    def __init__(self) -> None:
        self._by_gram: dict[str, list[str]] = {}
        self._grams: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._grams)

    def add(self, pattern: str) -> None:
        """Take *pattern*, which is not there yet."""
        # The letters that the fewest patterns share keep every look short.
        gram = min(
            _grams(pattern), key=lambda each: (len(self._by_gram.get(each, ())), each), default=""
        )
        self._grams[pattern] = gram
        self._by_gram.setdefault(gram, []).append(pattern)

    def remove(self, pattern: str) -> None:
        """Take *pattern* away, which is there."""
        gram = self._grams.pop(pattern)
        self._by_gram[gram].remove(pattern)
        if not self._by_gram[gram]:
            del self._by_gram[gram]

    def fitting(self, word: str) -> Iterator[str]:
        """Yield the patterns that the folded *word* fits."""
        for gram in {"", *_pieces(f"{_EDGE_START}{word[:_LONGEST]}{_EDGE_END}")}:
            for pattern in self._by_gram.get(gram, ()):
                if fits(pattern, word):
                    yield pattern


def _grams(pattern: str) -> Iterator[str]:
    for run in _SIGNS.split(f"{_EDGE_START}{pattern}{_EDGE_END}"):
        yield from _pieces(run)


def _pieces(run: str) -> Iterator[str]:
    return (run[at : at + _GRAM] for at in range(len(run) - _GRAM + 1))
