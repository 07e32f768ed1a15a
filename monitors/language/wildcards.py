"""The signs `*` and `?` in words: what they may stand for, and where.

A `*` stands for any letters, or none; a `?` for one letter. In a phrase, a `*` between two
spaces is any one word. An index finds such a word by the letters that are certain, so that
enough of them have to stand together.
"""

import re
import unicodedata
from collections.abc import Iterator
from enum import Enum
from itertools import groupby

from monitors.language.refusals import MIN_BEGINNING, Refusal, clipped

MIN_ELSEWHERE = 4
MAX_STARS = 2
MAX_MARKS = 5

_ANY = re.compile(r"[*?\uff0a\uff1f]")
_STARS = re.compile(r"[*\uff0a]+")
# At the end of a word a ? is punctuation.
_ASKING = re.compile(r"\?+(?![^\W_]|[*?])")
_SIGN = re.compile(r"[*?]")
# In Devanagari, Bengali, Tamil and their like, vowels are signs on letters, and tell as much.
_LETTERS = re.compile(r"[^\W_]|[*?\u0900-\u0dff]")
# Where every character is a word of its own: Thai, Lao, Burmese, Khmer, kana and Han.
_UNSPACED = re.compile(
    r"[\u0e00-\u0e4f\u0e80-\u0eff\u1000-\u109f\u1780-\u17d3"
    r"\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    r"\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff]"
)


class Use(Enum):
    """In what kind of term a text stands, as far as its signs are concerned."""

    WORD = "word"
    PHRASE = "phrase"
    LOOSE = "loose"
    EXACT = "exact"
    FORMS = "forms"


def cleaned(text: str) -> str:
    """Answer *text* so that every `*` and `?` in it means something."""
    if not _ANY.search(text):
        return text
    return _ASKING.sub("", _STARS.sub("*", text).replace("\uff1f", "?"))


def wildcard_refusal(text: str, use: Use) -> Refusal | None:
    """Answer why a `*` or a `?` in *text*, which is `cleaned`, cannot stand there."""
    if not _SIGN.search(text):
        return None
    if use is Use.FORMS:
        return (
            "a word with * or ? has no other forms",
            "Write the word without the sign, or without the ~.",
        )
    refusals = (
        _lone_refusal(text, at, use)
        if word == "*" and text[at - 1 : at] in ("", " ") and text[at + 1 : at + 2] in ("", " ")
        else _refusal(word, use)
        for at, word in _words(text)
        if _SIGN.search(word)
    )
    return next((refused for refused in refusals if refused), None)


def _words(text: str) -> Iterator[tuple[int, str]]:
    """Yield the words of *text* with their signs, and where they begin."""
    for inside, run in groupby(range(len(text)), lambda at: _is_in_a_word(text[at])):
        if inside:
            places = list(run)
            yield places[0], text[places[0] : places[-1] + 1]


def _is_in_a_word(character: str) -> bool:
    # Vowel signs and accents are letters' parts; joiners and the like are nowhere.
    return (
        character.isalnum()
        or character in "*?"
        or unicodedata.category(character) in ("Mn", "Mc", "Me", "Cf")
    )


def _lone_refusal(text: str, at: int, use: Use) -> Refusal | None:
    if use is Use.WORD or use is Use.EXACT:
        return _TOO_FEW_BEFORE
    if use is Use.LOOSE:
        return (
            "a * alone counts words, as the number after ~ does",
            "Delete it, and write a number that is one more.",
        )
    has_both = any(map(str.isalnum, text[:at])) and any(map(str.isalnum, text[at:]))
    if has_both:
        return None
    return (
        "a * alone stands at an end of the phrase",
        "Write words on both sides of it, or delete it.",
    )


def _refusal(word: str, use: Use) -> Refusal | None:
    """Answer why *word*, which has a sign, cannot be looked for."""
    letters = "".join(_LETTERS.findall(word))
    ends_only = letters.find("*") == len(letters) - 1 and "?" not in letters
    if not ends_only and use is Use.EXACT:
        sign = "*" if "*" in letters[:-1] else "?"
        return (
            f"a {sign} stands inside a word after =",
            "Write a * at the end, as in =Submarin*, or delete the =.",
        )
    if not ends_only and _UNSPACED.search(word):
        return (
            f"a * or ? stands in {clipped(word)}, in a script without spaces",
            "Delete it: such words are found inside longer ones.",
        )
    if letters.count("*") > MAX_STARS or letters.count("?") > MAX_MARKS:
        return (
            f"{clipped(word)} has more than {MAX_STARS} * or {MAX_MARKS} ?",
            "Write more of the word.",
        )
    runs = [len(run) for run in _SIGN.split(letters)]
    if runs[0] >= MIN_BEGINNING or max(runs) >= MIN_ELSEWHERE:
        return None
    return _TOO_FEW_BEFORE if ends_only else _too_few_together(word)


_TOO_FEW_BEFORE = (
    f"fewer than {MIN_BEGINNING} letters stand before the *",
    "Write more of the word, as in submarin*, or delete the *.",
)


def _too_few_together(word: str) -> Refusal:
    return (
        f"too few letters stand together in {clipped(word)}",
        f"Begin it with {MIN_BEGINNING} letters, as in wom?n, or write {MIN_ELSEWHERE} together.",
    )
