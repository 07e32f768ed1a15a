"""In how many articles words stand before any was seen: a table of the common words of languages.

`word_shares.txt` is made by `benchmarks/make_word_shares.py`, which says from what.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files

from monitors.grouping.wording.stems import code_of

_NAMESAKES = {
    **dict.fromkeys(("no", "nn"), "nb"),
    **dict.fromkeys(("hr", "sr", "bs"), "sh"),
    "in": "id",
    "iw": "he",
    "tl": "fil",
}
_COMMON = 0.003
_THOUSAND = 1000


def shares_of(lang: str) -> Mapping[int, float]:
    """Answer the share of the articles in *lang* that have each of its common words, up to 1."""
    return _tables().get(lang, {})


def is_common(code: int, lang: str) -> bool:
    """Answer whether the word numbered *code* stands in many articles in *lang*."""
    return shares_of(lang).get(code, 0.0) >= _COMMON


def language_of(written: str | None, codes: Iterable[int]) -> str:
    """Answer the language that an article is compared in, or "" where nobody knows.

    Args:
        written: what the feed says, such as `en-GB`.
        codes: the numbers of its words, by which it is guessed where that says nothing.
    """
    tables = _tables()
    said = (written or "").replace("_", "-").partition("-")[0].lower()
    said = _NAMESAKES.get(said, said)
    if said in tables:
        return said
    found = list(codes)
    known = {lang: sum(code in table for code in found) for lang, table in tables.items()}
    best = max(known, key=known.__getitem__)
    return best if known[best] else ""


@cache
def _tables() -> Mapping[str, Mapping[int, float]]:
    text = files(__package__).joinpath("word_shares.txt").read_text(encoding="utf-8")
    tables: dict[str, dict[int, float]] = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            lang, share, words = line.split("\t")
            table = tables.setdefault(lang, {})
            for word in words.split():
                table[code_of(word)] = int(share) / _THOUSAND
    return tables
