"""What is kept in memory of an article, so that later ones can be compared with it."""

import re
import struct
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from sys import intern
from typing import Literal, TypeAlias, get_args

from monitors.grouping.growth import report_of
from monitors.grouping.wording.roundups import is_daily_report, is_round_up
from monitors.grouping.wording.stems import FREE_BITS, code_of, is_number, stems
from monitors.grouping.wording.templates import NEVER_NAMES
from monitors.grouping.wording.word_shares import is_common, language_of
from monitors.stories.accept import bare_title
from monitors.stories.article import Article
from monitors.stories.headlines import Mark, headline
from monitors.stories.words import WORD_START, Words, cut, spelled

Form: TypeAlias = Literal["report", "live", "opinion", "round-up", "daily"]

KIND = FREE_BITS
"""The bits of a word's number that say which `Kind` it is."""
_FORMS: tuple[Form, ...] = get_args(Form)
_HEAD = struct.Struct("<q?BBHHH")
_MOST_BYTES = 400  # of the name of an outlet
_BYTES_OF_A_WORD = 4  # and half as many of its weight
_MOST_CHARACTERS = 2000
_MOST_OF_TITLE, _MOST_OF_SUMMARY = 40, 60
_MOST_CAPITALS = 0.6
_SCORE_OF_A_MATCH = re.compile(r"\d{1,3}-\d{1,3}")
_OPENS_A_SENTENCE = re.compile(r"[.:!?|\u2013\u2014\u2022\u201c\u201e\u00ab\"\u00bf\u00a1]|\s-\s")


class Kind(IntEnum):
    """What a word of an article is."""

    PLAIN = 0
    NUMBER = 1
    NAME = 2
    CASELESS = 3  # in a script without capitals it may be a name
    SCORE = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Sketch:
    """An article in a few hundred bytes.

    Attributes:
        at: when its event was reported, in seconds since 1970: its date if that can be true,
            else when it was seen.
        dated: whether it has such a date.
        outlet: who published it, or "" where nobody knows.
        lang: the language that it is compared in, or "" where nobody knows.
        form: what its title says that it is.
        title: its telling words in their order, a number of 32 bits each, of which the lowest
            three say of which `Kind` it is.
        summary: the other telling words of the summary, likewise.
        weights: how much each of them tells, 16 bits each, in the order of both; their squares
            add up to one.
    """

    at: int
    dated: bool
    outlet: str
    lang: str
    form: Form
    title: bytes
    summary: bytes
    weights: bytes = b""


@dataclass(frozen=True, slots=True)
class Draft:
    """A sketch, and its words by their numbers as people know them."""

    sketch: Sketch
    words: Mapping[int, str]


def draft_of(article: Article) -> Draft:
    """Answer what is kept of *article*, but how much its words tell."""
    title = headline(bare_title(article))
    text = title.text[:_MOST_CHARACTERS]
    summary = (article.summary or article.text)[:_MOST_CHARACTERS]
    found = _stemmed(text), _stemmed(summary)
    lang = language_of(article.lang, (code for each in found for code in each.codes))
    words: dict[int, str] = {}
    told = _coded(found[0], lang, words)[:_MOST_OF_TITLE]
    known = {code & ~KIND for code in told}
    more = dict.fromkeys(_coded(found[1], lang, words)[:_MOST_OF_SUMMARY])
    outlet, at = report_of(article)
    sketch = Sketch(
        at=at,
        dated=article.dated,
        outlet=_readable(outlet.encode(errors="replace")[:_MOST_BYTES]),
        lang=lang,
        form=_form(text, title.mark),
        title=_packed(told),
        summary=_packed(code for code in more if code & ~KIND not in known),
    )
    return Draft(sketch, words)


def _form(title: str, mark: Mark) -> Form:
    if is_round_up(title):
        return "round-up"
    if mark is Mark.LIVE:
        return "live"
    if mark is Mark.OPINION:
        return "opinion"
    return "daily" if is_daily_report(title) else "report"


@dataclass(frozen=True, slots=True)
class _Stemmed:
    """A text and its telling words: each as a number, with its place among the words."""

    text: str
    words: Words
    stems: tuple[str, ...]
    places: tuple[int, ...]
    codes: tuple[int, ...]


def _stemmed(text: str) -> _Stemmed:
    words = cut(text)
    found = tuple(stems(text, words))
    told = tuple(stem for stem, _ in found)
    return _Stemmed(text, words, told, tuple(at for _, at in found), tuple(map(code_of, told)))


def coded(text: str, lang: str) -> list[int]:
    """Answer the telling words of *text* in their order, as numbers with their kinds."""
    return _coded(_stemmed(text), lang, {})


def _coded(found: _Stemmed, lang: str, known: dict[int, str]) -> list[int]:
    """Answer the telling words of a text as numbers, with their kinds; remember them."""
    letters = spelled(found.text)
    names = _names(found, letters, lang)
    codes: list[int] = []
    for stem, at, code in zip(found.stems, found.places, found.codes, strict=True):
        known.setdefault(code, found.words.folded[at].lstrip(WORD_START))
        kind = Kind.PLAIN
        if is_number(stem):
            kind = Kind.SCORE if _SCORE_OF_A_MATCH.fullmatch(stem) else Kind.NUMBER
        elif at in names and stem not in NEVER_NAMES:
            kind = Kind.NAME
        elif letters[at].lower() == letters[at].upper():
            kind = Kind.CASELESS
        codes.append(code | kind)
    return codes


def _names(found: _Stemmed, letters: Sequence[str], lang: str) -> set[int]:
    """Answer the places of the words that their capitals make names.

    At the beginning of a sentence, or where all words have a capital, only those that are rare.
    """
    capitals = [at for at, word in enumerate(letters) if word[0].isupper()]
    cased = sum(word[0].isupper() or word[0].islower() for word in letters)
    everywhere = len(capitals) > _MOST_CAPITALS * cased
    code_at = dict(zip(found.places, found.codes, strict=True))
    names: set[int] = set()
    for at in capitals:
        if at not in code_at:
            continue
        spans = found.words.spans
        before = found.text[spans[at - 1][1] : spans[at][0]] if at else "."
        says_little = everywhere or _OPENS_A_SENTENCE.search(before)
        if not says_little or not is_common(code_at[at], lang):
            names.add(at)
    return names


def _packed(codes: Iterable[int]) -> bytes:
    return array("I", codes).tobytes()


def codes_of(sketch: Sketch) -> list[int]:
    """Answer the numbers of the words of *sketch*, in the order of its weights."""
    return memoryview(sketch.title + sketch.summary).cast("I").tolist()


def packed(sketch: Sketch) -> bytes:
    """Answer *sketch* as the store keeps it."""
    outlet = sketch.outlet.encode()
    lang = sketch.lang.encode()
    head = _HEAD.pack(
        sketch.at, sketch.dated, _FORMS.index(sketch.form), len(lang), len(outlet),
        len(sketch.title), len(sketch.summary),
    )  # fmt: skip
    return b"".join((head, lang, outlet, sketch.title, sketch.summary, sketch.weights))


def unpacked(body: bytes) -> Sketch:
    """Answer what `packed` wrote.

    Raises:
        ValueError: *body* is something else.
    """
    try:
        at, dated, form, of_lang, of_outlet, of_title, of_summary = _HEAD.unpack_from(body)
        outlet = _HEAD.size + of_lang
        title = outlet + of_outlet
        summary = title + of_title
        weights = summary + of_summary
        sketch = Sketch(
            at=at,
            dated=dated,
            outlet=_readable(body[outlet:title]),
            lang=intern(body[_HEAD.size : outlet].decode()),
            form=_FORMS[form],
            title=body[title:summary],
            summary=body[summary:weights],
            weights=body[weights:],
        )
    except (struct.error, IndexError) as error:
        raise ValueError("It is no sketch.") from error
    in_words = of_title + of_summary
    if in_words % _BYTES_OF_A_WORD or 2 * (len(body) - weights) != in_words:
        raise ValueError("Not each word of the sketch has a weight.")
    return sketch


def _readable(name: bytes) -> str:
    return intern(name.decode(errors="ignore"))


def time_in(body: bytes) -> int:
    """Answer when that was reported of which `packed` wrote *body*, in seconds since 1970."""
    at: int = _HEAD.unpack_from(body)[0]
    return at


def words_in(body: bytes) -> tuple[bytes, bytes]:
    """Answer the words in what `packed` wrote, and their weights, as a sketch has them."""
    _, _, _, *lengths = _HEAD.unpack_from(body)
    start = _HEAD.size + lengths[0] + lengths[1]
    middle = start + lengths[2] + lengths[3]
    return body[start:middle], body[middle:]
