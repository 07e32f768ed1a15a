"""Text cut into words and folded, so that two spellings of one word are equal.

Rules and articles go through the same functions, or they would never meet. What they
make equal, and what not, is written for users in docs/rule-language.md.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sized
from dataclasses import dataclass
from functools import cache
from itertools import chain
from sys import intern
from typing import Literal, TypeVar

WORD_START = "^"
"""Opens the first syllable of a Korean word: particles may follow it, nothing may go before."""

# Deleted inside words: soft hyphen, zero-width characters, joiners, direction marks.
_IGNORED = (
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069"
    "\ufe00-\ufe0f\ufeff"
)
# Written without spaces between words: every character, with the marks on it, stands for
# itself, so that a rule's word is found as a run of them. Their digits make numbers.
_KANA = "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
_CLUSTERED = (
    "\u0e01-\u0e3a\u0e40-\u0e4e\u0e80-\u0ecf\u0eda-\u0eff"  # Thai, Lao
    "\u1000-\u103f\u104c-\u108f\u109a-\u109f\u1780-\u17d3"  # Burmese, Khmer
)
_UNSPACED = (
    f"{_CLUSTERED}{_KANA}"
    "\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_AM = "\u0e33\u0eb3"  # Thai and Lao vowels, of which NFKC makes a mark and a letter:
_AA = "(?<=\u0e4d)\u0e32|(?<=\u0ecd)\u0eb2"
_STACKING = "\u1039\u17d2"  # what comes next in Burmese or Khmer stands below
_VOICING = "\u3099\u309a\uff9e\uff9f"  # marks on kana, as in half-width or decomposed text
_HANGUL = "\uac00-\ud7a3"
_JAMO = "\u1100-\u11ff"  # the parts of decomposed Hangul, as file systems and some feeds give it
_OPEN_SYLLABLES = "".join(map(chr, range(0xAC00, 0xD7A4, 28)))  # to which a last consonant fits
_SYLLABLE = (
    f"(?:[\u1100-\u1112][\u1161-\u1175]|[{_OPEN_SYLLABLES}])[\u11a8-\u11c2]?|[{_HANGUL}{_JAMO}]"
)
_LATIN = (  # without the digits
    "A-Za-z\u00aa\u00b2\u00b3\u00b5\u00b9\u00ba\u00bc-\u00be\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02af"
)
# Unicode calls two of them letters, but Ukrainian and Uzbek are written with any of them.
_LETTER_APOSTROPHES = "\u02bb\u02bc"
_APOSTROPHE = f"'\u2019\u2018`\u00b4\uff07{_LETTER_APOSTROPHES}"
_BEYOND_LATIN = re.compile(r"[\u02b0-\u1fff\u2070-\u209f\u2100-\U0010ffff]")
_IGNORED_RUN = re.compile(f"[{_IGNORED}]+")
_S = "sS\u017f\uff53\uff33"  # as NFKC makes an s of them
# Read backwards: what a word ends with and is no part of it.
_ENDING = re.compile(f"(?:[{_S}][{_IGNORED}]*[{_APOSTROPHE}])?[{_IGNORED}]*")
_POINT, _COMMA = ".\u066b", ",\u066c"
_THOUSANDS = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d+)?")  # 1,00,000 in India
_FEWEST_INITIALS = 3  # us would be a pronoun
_HASHES = "#\uff03\ufe5f"
_NO_HASHES = str.maketrans(dict.fromkeys(_HASHES, "|"))
# The words of a hashtag by the kinds of its letters: U capital, l small, s a small s at its
# end (NGOs is no word of two parts), o any other, d digit, m mark.
_HASHED_PARTS = re.compile(
    "(?:Um*)+(?![ml])(?:dm*)*(?:sm*)?|(?:Um*)?(?:[los]m*)+(?:dm*)*"
    "|(?:dm*)+(?:(?:Um*)+(?![ml])|[los]m*)*"
)
_KINDS = {"Lu": "U", "Lt": "U", "Ll": "l", "Lm": "o", "Lo": "o", "Mn": "m", "Mc": "m", "Cf": "m"}
_AROUND = ".,:;!?\"'()[]\u201c\u201d\u2018\u2019\u00ab\u00bb\u2013\u2014\u2026"

_ACCENTED = re.compile("([\u0000-\u02ff\u0370-\u03ff\u1e00-\u1fff])[\u0300-\u036f]+")
_OTHER_DIGIT = re.compile(r"[^\D0-9]")
# Letters that Unicode does not split into a base letter and a mark, and those that are
# written with or without their marks.
_PLAIN_LETTERS = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe"}
    | {"\u0131": "i", "þ": "th", "ħ": "h"}
    | {"ё": "\u0435"}
    | dict.fromkeys("\u0300\u0301")  # stress in Cyrillic; й has another mark
    | dict.fromkeys("أإآٱ", "\u0627")
    | {"ى": "ي", "ی": "ي", "ک": "ك"}  # Persian keyboards have either
    | dict.fromkeys(map(chr, (0x640, *range(0x64B, 0x653), 0x670)))  # Arabic stretching, vowels
    | dict.fromkeys(map(chr, (*range(0x591, 0x5BE), 0x5BF, 0x5C1, 0x5C2, 0x5C4, 0x5C5, 0x5C7)))
    | {"\u066b": ".", "\u066c": ","}
)
_MEMO_LIMIT = 100_000
_MEMO_CHARACTERS, _MEMO_WORDS = 64, 8
_PIECE = 256
_T = TypeVar("_T", bound=Sized)


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
    letter, mark = (_wide_letters(), _marks(f"[{_IGNORED}]")) if wide else (_LATIN, "")
    char = f"0-9{letter}{mark}"
    # Marks on letters that are cut one by one do not make what follows a part of their word.
    before = f"0-9{letter}{_marks(_APART)}." if wide else f"{char}."
    possessive = f"(?:[{_APOSTROPHE}][{_IGNORED}]*[{_S}](?![{char}]))?"
    initial = f"[{letter}][{mark}]*" if wide else f"[{letter}]"
    kinds = [
        f"(?<![{before}]){initial}(?:\\.{initial})+(?![{char}])\\.?{possessive}",  # U.S., e.g.
        rf"\d+(?:[{_POINT}{_COMMA}]\d+)+",
        f"[0-9{letter}][{char}{_IGNORED}]*{possessive}",
    ]
    if wide:
        on_it = _marks(f"[^{_CLUSTERED}]")
        kinds[:0] = [
            f"[{_CLUSTERED}](?:[{on_it}{_IGNORED}{_AM}]|{_AA}|(?<=[{_STACKING}])[{_CLUSTERED}])*",
            f"(?:[{_KANA}][{_VOICING}]*|[{_UNSPACED}])[{_IGNORED}]*",
            f"(?P<hangul>(?:{_SYLLABLE})[{_IGNORED}]*)",
        ]
    return re.compile("|".join(kinds))


_APART = f"[0-9_{_UNSPACED}{_HANGUL}{_JAMO}{_IGNORED}{_VOICING}{_LETTER_APOSTROPHES}]"


def _wide_letters() -> str:
    """Answer every letter and digit outside the scripts that are cut by character."""
    # Beyond the first plane: historic scripts and mathematical letters, then, among the
    # emoji, numbers that count as digits.
    beyond = "\U00010000-\U0001efff\U0001f100-\U0001f10c\U0001fbf0-\U0001fbf9"
    return _ranges(str.isalnum, _APART) + beyond


def _marks(apart: str) -> str:
    """Answer every mark that stands on letters; not those that frame signs, as in keycaps."""
    symbols = re.compile(r"[\u20d0-\u20ff]")
    return _ranges(
        lambda char: unicodedata.category(char) in ("Mn", "Mc") and not symbols.match(char), apart
    )


def _ranges(fits: Callable[[str], bool], but: str) -> str:
    apart = re.compile(but)
    ranges: list[list[int]] = []
    for code in range(0x41, 0x10000):
        char = chr(code)
        if fits(char) and not apart.match(char):
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1][1] = code
            else:
                ranges.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in ranges)


class _Memo(dict[str, _T]):
    """What is known of words, and of chunks: texts without white space, as no word has any.

    Most chunks of a text stood in another before. Long ones and clauses without spaces seldom
    return; junk would fill the memory over the months.
    """

    def __init__(self, answer: Callable[[str], _T], longest: int) -> None:
        super().__init__()
        self._answer = answer
        self._longest = longest

    def __missing__(self, chunk: str) -> _T:
        known = self._answer(chunk)
        if len(chunk) <= _MEMO_CHARACTERS and len(known) <= self._longest:
            if len(self) >= _MEMO_LIMIT:
                self.clear()
            self[chunk] = known
        return known


def exact(raw: str) -> str:
    """Answer *raw* with its letter case and accents, but without invisible characters."""
    text = _bare(raw)
    if not text.isascii():
        text = _normalized("NFKC", text)
        text = _IGNORED_RUN.sub("", text).replace("\u0640", "") or text
    if "." not in text:
        return text
    text = text.rstrip(".") or text
    initials = not text[0].isdecimal() and text.count(".") + 1 >= _FEWEST_INITIALS
    return text.replace(".", "") if initials else text


def _normalized(form: Literal["NFC", "NFD", "NFKC"], text: str) -> str:
    """Answer *text* in a normal form; junk in pieces, since many marks take long to sort."""
    pieces = (text[at : at + _PIECE] for at in range(0, len(text), _PIECE))
    return "".join([unicodedata.normalize(form, piece) for piece in pieces])


def _bare(raw: str) -> str:
    """Answer *raw* without a possessive ending or characters that nobody sees after it."""
    ending = _ENDING.match(raw[::-1])
    return raw[: len(raw) - ending.end()] if ending and ending.end() < len(raw) else raw


def _fold(raw: str) -> str:
    text = exact(raw).casefold()
    if not text.isascii():
        text = _ACCENTED.sub(r"\1", _normalized("NFD", text))
        text = _normalized("NFC", text).translate(_PLAIN_LETTERS) or text
        text = _OTHER_DIGIT.sub(lambda digit: str(unicodedata.decimal(digit[0])), text)
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    return intern(text)  # one object for a word, so that sets of them are fast


_folds, _exacts = _Memo(_fold, _MEMO_CHARACTERS), _Memo(exact, _MEMO_CHARACTERS)


def _found(chunk: str) -> Iterator[tuple[int, str, str]]:
    """Yield where each word of *chunk* begins, its characters, and what opens its folded form."""
    alone = chunk.strip(_AROUND)
    if alone.isascii() and alone.isalpha():  # most are; to look closer takes five times as long
        yield chunk.index(alone), alone, ""
        return
    hashes = any(sign in chunk for sign in _HASHES)
    hangul_end = -1
    for found in _pattern(wide=_BEYOND_LATIN.search(chunk) is not None).finditer(chunk):
        raw, start, opens = found[0], found.start(), ""
        if len(raw) > 1:
            raw = _bare(raw)
        if found.lastgroup:
            opens = "" if start == hangul_end else WORD_START
            hangul_end = found.end()
        yield start, raw, opens
        if hashes and start and chunk[start - 1] in _HASHES:
            yield from ((start + first, part, "") for first, part in _hashed_parts(raw))


def _hashed_parts(raw: str) -> Iterator[tuple[int, str]]:
    """Yield the words that capitals tell apart in a hashtag, if it is more than one."""
    kinds = "".join(_KINDS.get(unicodedata.category(char), "d") for char in raw)
    if raw.endswith("s"):
        kinds = f"{kinds[:-1]}s"
    parts = [found.span() for found in _HASHED_PARTS.finditer(kinds)]
    if len(parts) > 1:
        yield from ((start, _bare(raw[start:end])) for start, end in parts)


def _folded_of(chunk: str) -> tuple[str, ...]:
    return tuple(
        [intern(opens + _folds[raw]) if opens else _folds[raw] for _, raw, opens in _found(chunk)]
    )


def _spelled_of(chunk: str) -> tuple[str, ...]:
    return tuple([_exacts[raw] for _, raw, _ in _found(chunk)])


def _spans_of(chunk: str) -> tuple[tuple[int, int], ...]:
    return tuple([(start, start + len(raw)) for start, raw, _ in _found(chunk)])


_folded = _Memo(_folded_of, _MEMO_WORDS)
_spelled = _Memo(_spelled_of, _MEMO_WORDS)
_spans = _Memo(_spans_of, _MEMO_WORDS)


def folded(text: str) -> list[str]:
    """Answer the words of *text* as they are compared; linear in its length."""
    return list(chain.from_iterable(map(_folded.__getitem__, text.split())))


def spelled(text: str) -> list[str]:
    """Answer the words of *text* as they are spelled, one for each of `folded`."""
    return list(chain.from_iterable(map(_spelled.__getitem__, text.split())))


def cut(text: str, *, hashtags: bool = True) -> Words:
    """Cut *text* into words; linear in its length.

    Args:
        text: of an article, or of a rule.
        hashtags: whether #SouthKorea is also the words South and Korea. So it is in articles;
            a rule means what it says.
    """
    if not hashtags:
        text = text.translate(_NO_HASHES)
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
