"""Text cut into words and folded, so that two spellings of one word are equal.

Rules and articles go through the same two functions, or they would never meet. What they
make equal, and what not, is written for users in docs/rule-language.md.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain
from sys import intern
from typing import Generic, TypeVar

# Deleted inside words: soft hyphen, zero-width characters, joiners, direction marks.
_IGNORED = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufe00-\ufe0f\ufeff"
)
# Written without spaces between words: every character stands for itself, so that a
# rule's word is found as a run of them.
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_UNSPACED = (
    "\u0e00-\u0e4f\u0e80-\u0eff\u1000-\u109f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
    f"{_KANA}"
)
_VOICING = "\u3099\u309a\uff9e\uff9f"  # marks on kana, as in half-width or decomposed text
_HANGUL = "\uac00-\ud7a3"
_JAMO = "\u1100-\u11ff"  # the parts of decomposed Hangul, as file systems and some feeds give it
_OPEN_SYLLABLES = "".join(map(chr, range(0xAC00, 0xD7A4, 28)))  # to which a last consonant fits
_SYLLABLE = (
    f"(?:[\u1100-\u1112][\u1161-\u1175]|[{_OPEN_SYLLABLES}])[\u11a8-\u11c2]?|[{_HANGUL}{_JAMO}]"
)
_ACCENT = "\u0300-\u036f"
_LATIN = (  # without the digits
    "A-Za-z\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc-\u00be\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af"
)
_APOSTROPHE = "'\u2019\u02bc\uff07"
_BEYOND_LATIN = re.compile(r"[\u02b0-\u1fff\u2070-\u209f\u2100-\U0010ffff]")
_IGNORED_RUN = re.compile(f"[{_IGNORED}]+")
_S = "sS\u017f\uff53\uff33"  # as NFKC makes an s of them
# Backwards, and never all of a word: one of the apostrophes is a letter as well.
_POSSESSIVE = re.compile(f"(?:[{_IGNORED}]*[{_S}][{_IGNORED}]*[{_APOSTROPHE}])+(?=.)")
_UNSEEN_END = re.compile(f"(?<![{_IGNORED}])[{_IGNORED}]+$")
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")

# Letters that Unicode does not split into a base letter and a mark.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"}
    | {"\u0131": "i", "þ": "th", "ħ": "h"}
)
# Opens the first syllable of a Korean word: particles may follow it, nothing may go before.
_WORD_START = "^"
_MEMO_LIMIT = 100_000
_MEMO_CHARACTERS, _MEMO_WORDS = 64, 8
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one text.

    Attributes:
        folded: each word as it is compared.
        spans: where each word stands in the text, half open, without a possessive ending or
            characters that nobody sees after it.
    """

    folded: tuple[str, ...]
    spans: tuple[tuple[int, int], ...]


@cache
def _pattern(*, wide: bool) -> re.Pattern[str]:
    """Build the pattern of a word; the wide one knows every script, at twice the cost."""
    letter, mark = (_wide_letters(), _wide_marks()) if wide else (_LATIN, "")
    char = f"0-9{letter}{mark}"
    possessive = f"(?:[{_APOSTROPHE}][{_IGNORED}]*[{_S}](?![{char}]))?"
    initial = f"[{letter}][{_ACCENT}]*"
    kinds = [
        f"(?<![{char}.]){initial}(?:\\.{initial})+(?![{char}])\\.?{possessive}",  # U.S., e.g.
        r"\d+(?:[.,]\d+)+",
        f"[0-9{letter}][{char}{_IGNORED}]*{possessive}",
    ]
    if wide:
        kinds[:0] = [
            f"(?:\u1025\u102e|[{_KANA}][{_VOICING}]*|[{_UNSPACED}])[{_IGNORED}]*",
            f"(?P<hangul>(?:{_SYLLABLE})[{_IGNORED}]*)",
        ]
    return re.compile("|".join(kinds))


def _wide_letters() -> str:
    """Answer every letter and digit outside the scripts that are cut by character."""
    # Beyond the first plane: historic scripts and mathematical letters, then, among the
    # emoji, numbers that count as digits.
    beyond = "\U00010000-\U0001efff\U0001f100-\U0001f10c\U0001fbf0-\U0001fbf9"
    return _ranges(str.isalnum) + beyond


def _wide_marks() -> str:
    """Answer every mark that stands on letters; not those that frame signs, as in keycaps."""
    symbols = re.compile(r"[\u20d0-\u20ff]")
    return _ranges(
        lambda char: unicodedata.category(char) in ("Mn", "Mc") and not symbols.match(char)
    )


def _ranges(fits: Callable[[str], bool]) -> str:
    apart = re.compile(f"[0-9_{_UNSPACED}{_HANGUL}{_JAMO}{_IGNORED}]")
    ranges: list[list[int]] = []
    for code in range(0x41, 0x10000):
        char = chr(code)
        if fits(char) and not apart.match(char):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


def _fold(raw: str) -> str:
    text = exact(raw).casefold()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    if text.isascii():
        return text
    kept: list[str] = []
    strips = False
    for char in unicodedata.normalize("NFD", text):
        if "\u0300" <= char <= "\u036f":
            if strips:  # accents of Latin and Greek; й in Cyrillic is a letter of its own
                continue
        else:
            strips = char < "\u0400" or "\u1e00" <= char < "\u2000"
        kept.append(char)
    return unicodedata.normalize("NFC", "".join(kept)).translate(_PLAIN_LETTERS)


def exact(raw: str) -> str:
    """Answer *raw* with its letter case and accents, but without invisible characters."""
    text = raw if raw.isascii() else _IGNORED_RUN.sub("", unicodedata.normalize("NFKC", raw))
    text = _bare(text)
    return text[:-1] if text.endswith(".") and len(text) > 1 else text


def _bare(raw: str) -> str:
    ending = _POSSESSIVE.match(raw[::-1])
    return raw[: -ending.end()] if ending else raw


class _Memo(dict[str, tuple[_T, ...]], Generic[_T]):
    """What is known of chunks, which are texts without white space: no word has any.

    Most chunks of a text stood in another before. Long ones and clauses without spaces seldom
    return; junk would fill the memory over the months.
    """

    def __init__(self, answer: Callable[[str], tuple[_T, ...]]) -> None:
        super().__init__()
        self._answer = answer

    def __missing__(self, chunk: str) -> tuple[_T, ...]:
        known = self._answer(chunk)
        if len(chunk) <= _MEMO_CHARACTERS and len(known) <= _MEMO_WORDS:
            if len(self) >= _MEMO_LIMIT:
                self.clear()
            self[chunk] = known
        return known


def _found(chunk: str) -> Iterator[re.Match[str]]:
    return _pattern(wide=_BEYOND_LATIN.search(chunk) is not None).finditer(chunk)


def _folded_of(chunk: str) -> tuple[str, ...]:
    folded: list[str] = []
    hangul_end = -1
    for found in _found(chunk):
        word = _fold(found[0])
        if found.lastgroup:
            word = word if found.start() == hangul_end else _WORD_START + word
            hangul_end = found.end()
        folded.append(intern(word))  # one object for a word, so that sets of them are fast
    return tuple(folded)


def _spelled_of(chunk: str) -> tuple[str, ...]:
    return tuple(intern(exact(found[0])) for found in _found(chunk))


def _spans_of(chunk: str) -> tuple[tuple[int, int], ...]:
    # Neither a possessive ending nor what nobody sees belongs to what is shown of a word.
    return tuple(
        (found.start(), found.start() + len(_UNSEEN_END.sub("", _bare(found[0]))))
        for found in _found(chunk)
    )


_folded, _spelled, _spans = _Memo(_folded_of), _Memo(_spelled_of), _Memo(_spans_of)


def folded(text: str) -> list[str]:
    """Answer the words of *text* as they are compared; linear in its length."""
    return list(chain.from_iterable(map(_folded.__getitem__, text.split())))


def spelled(text: str) -> list[str]:
    """Answer the words of *text* as they are spelled, one for each of `folded`."""
    return list(chain.from_iterable(map(_spelled.__getitem__, text.split())))


def cut(text: str) -> Words:
    """Cut *text* into words; linear in its length."""
    spans: list[tuple[int, int]] = []
    at = 0
    for chunk in text.split():
        at = text.find(chunk, at)
        for start, end in _spans[chunk]:
            spans.append((at + start, at + end))
        at += len(chunk)
    return Words(tuple(folded(text)), tuple(spans))


def key(text: str) -> str:
    """Answer the words of *text* as one string: equal keys mean the same words in order."""
    return " ".join(folded(text))
