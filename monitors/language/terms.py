"""Pieces of the text of a condition to the terms that they say."""

import re
import unicodedata
from datetime import timedelta

from monitors.language.expression import Age, EntityName, Exact, Forms, Loose, Phrase, Regex
from monitors.language.problems import Problem, problem_at
from monitors.language.refusals import MAX_BETWEEN, PUBLISHED, clipped, field_refusal, refusal
from monitors.language.regexes import Pattern, compiled
from monitors.language.tokens import Kind, Token
from monitors.language.wildcards import Use, cleaned, wildcard_refusal
from monitors.times import parse_duration

QUOTES = (
    '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e\u301f\uff02'
    "\u300c\u300d\u300e\u300f\uff62\uff63"  # in Japanese and Chinese
)
HEBREW = "[\u05d0-\u05ea]"
GERSHAYIM = f'(?<={HEBREW})["\u201c\u201d](?={HEBREW})'
"""Marks in Hebrew initials, which most people type as quotation marks."""
OPENING, CLOSING = "(\uff08", ")\uff09"
AT, EQUALS, TILDES = "@\uff20", "=\uff1d", "~\uff5e\u301c\u223c"
DASHES = r"\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
SLASHES = "/\uff0f"
DIGITS = "0-9\uff10-\uff19"
UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
COMMAS = ",\uff0c\u3001\u060c"
END_MARKS = f".;:!?\u2026\u3002\uff01\uff0e\uff1a\uff1b\uff1f{COMMAS}"
MAX_AGE = timedelta(days=365)

EDGES = re.compile(rf"\A[\s{UNSEEN}]+|(?<![\s{UNSEEN}])[\s{UNSEEN}]+\Z")
_END = re.compile(rf"(?<![\s{UNSEEN}{END_MARKS}])[\s{UNSEEN}{END_MARKS}]+\Z")
_SPACES = re.compile(r"\s+")
_GERSHAYIM = re.compile(GERSHAYIM)
_BETWEEN_WORDS = re.compile(rf"[\s{DASHES}]+")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_LOOSE = re.compile(rf"[{TILDES}]\s*(?P<others>[{DIGITS}]*)")
_ESCAPED_SLASH = re.compile(rf"\\(?:(?P<slash>[{SLASHES}])|.)", re.DOTALL)


def quoted(text: str, piece: re.Match[str]) -> Token | Problem:
    """Answer the phrase that *piece* is, with the sign before it and the number after it."""
    at, end = piece.span()
    if not piece["unquote"]:
        message = "the quotation mark is never closed"
        return problem_at(
            text, piece.start("quote"), message, 'Put another " at the end of the phrase.'
        )
    mark = piece["mark"]
    names_entity = mark is not None and mark in AT
    inside = piece["inside"] if names_entity else cleaned(piece["inside"])
    inside = with_gershayim(_SPACES.sub(" ", EDGES.sub("", inside)))
    if not has_letter(inside):
        message = "there is no letter or digit between the quotation marks"
        return problem_at(text, at, message, "Write what to look for between them.")
    if names_entity:
        return Token(Kind.ENTITY, inside, at, end, EntityName(inside, at))
    if (number := _LOOSE.match(text, end)) and not mark:
        return _loose(text, inside, at, number)
    use = _use(mark) if mark else Use.PHRASE
    twice = (f"{mark} before a phrase and ~ after it do not go together", "Delete one of the two.")
    refused = twice if number else wildcard_refusal(inside, use)
    return problem_at(text, at, *refused) if refused else _of_use(use, inside, at, end)


def _use(mark: str) -> Use:
    return Use.EXACT if mark in EQUALS else Use.FORMS


def _of_use(use: Use, inside: str, at: int, end: int) -> Token:
    if use is Use.EXACT:
        return Token(Kind.EXACT, inside, at, end, Exact(inside, at))
    if use is Use.FORMS:
        return Token(Kind.FORMS, inside, at, end, Forms(inside, at))
    return Token(Kind.PHRASE, inside, at, end, Phrase(inside, at))


def _loose(text: str, inside: str, at: int, number: re.Match[str]) -> Token | Problem:
    end = number.end()
    digits = number["others"].lstrip("0") or number["others"][:1]
    # The number of digits first: Python refuses to read very long numbers.
    fits = 0 < len(digits) <= len(str(MAX_BETWEEN)) and int(digits) <= MAX_BETWEEN
    if not fits or text[end : end + 1].isalnum():
        message = f"~ after a phrase needs a number of words from 0 to {MAX_BETWEEN}"
        hint = 'Write it directly after the sign, as in "a b"~5, or a space before the sign.'
        return problem_at(text, number.start(), message, hint)
    if sum(map(has_letter, _BETWEEN_WORDS.split(inside))) == 1:
        message = "~ and a number need a phrase of two words or more"
        hint = f'To find all forms of a word, write the sign before it: ~"{clipped(inside)}".'
        return problem_at(text, at, message, hint)
    if refused := wildcard_refusal(inside, Use.LOOSE):
        return problem_at(text, at, *refused)
    return Token(Kind.LOOSE, inside, at, end, Loose(inside, int(digits), at))


def marked(text: str, at: int, end: int, raw: str) -> Token | Problem:
    """Answer the word that *raw*, which begins with = or ~, says."""
    use = _use(raw[0])
    if not has_letter(raw[1:2]):
        sign, example = ("=", "=US") if use is Use.EXACT else ("~", "~submarine")
        hint = f"Write a word directly after it, as in {example}."
        return problem_at(text, at, f"there is no word after the {sign}", hint)
    word = bare(text, at, end, raw[1:], use)
    return word if isinstance(word, Problem) else _of_use(use, word, at, end)


def bare(text: str, at: int, end: int, raw: str, use: Use) -> str | Problem:
    """Answer the word that *raw* says, or why it is none."""
    written = without_end(raw)
    word = cleaned(written)
    shape = plain(word)
    colon = ":" if ":" in plain(raw[len(word) :]) else ""
    joined = text[end : end + 1] != "" and text[end] in QUOTES + OPENING
    refused = (
        field_refusal(shape + colon, joined=joined)
        or refusal(shape)
        or wildcard_refusal(word, use)
        or (_STRAY if plain(written).count("?") > word.count("?") else None)
        or (None if has_letter(word) else _no_letter(raw))
    )
    return problem_at(text, at, *refused) if refused else word


_STRAY = (
    "a ? stands before a sign",
    "Write a letter after it, or put all of it in quotation marks.",
)


def _no_letter(raw: str) -> tuple[str, str]:
    hints = {
        "-": "To leave a word out, write the - directly before it, as in -tax.",
        "&": "Write AND.",
    }
    hint = hints.get(plain(raw), "Delete it: only letters and digits can be found.")
    return f"there is no letter or digit in {clipped(raw)}", hint


def entity(text: str, at: int, end: int, raw: str) -> Token | Problem:
    """Answer the entity that *raw*, which begins with @, names."""
    name = without_end(EDGES.sub("", raw[1:]))
    if not has_letter(name):
        hint = "Write the name of an entity directly after it, as in @pillar-2."
        return problem_at(text, at, "there is no name after the @", hint)
    unfit = next((character for character in name if not _fits_name(character)), None)
    if unfit:
        message = f"the name of an entity cannot contain {unfit} outside quotation marks"
        return problem_at(text, at, message, f'Write @"{clipped(name)}".')
    return Token(Kind.ENTITY, name, at, end, EntityName(name, at))


def regex(text: str, at: int, form: re.Pattern[str]) -> Token | Problem:
    """Answer the regular expression that begins at *at*; *form* knows where it may end."""
    if not text[at + 1 : at + 2].strip():
        message = "a / stands here alone, or before a space"
        hint = "Write OR between words, and \\s for a space at the beginning of an expression."
        return problem_at(text, at, message, hint)
    found = form.match(text, at)
    if found is None:
        message = "the regular expression is never closed"
        hint = "Put a / or /i at its end. Put it in quotation marks to search for it as it is."
        return problem_at(text, at, message, hint)
    pattern = _ESCAPED_SLASH.sub(lambda pair: pair["slash"] or pair[0], found["body"])
    ignores_case = bool(found["flag"])
    ready = compiled(pattern, ignores_case=ignores_case)
    if not isinstance(ready, Pattern):
        return problem_at(text, at, *ready)
    return Token(Kind.REGEX, found[0], at, found.end(), Regex(pattern, ignores_case, at))


def age(text: str, at: int, colon: int, form: re.Pattern[str]) -> Token | Problem:
    """Answer the age that stands after `published:`, which ends at *colon*."""
    said = form.match(text, colon)
    unit = plain(said["unit"]) if said else ""
    # A capital M may be meant for months.
    unit = unit if unit == "M" else unit.lower()
    than = parse_duration(plain(said["number"]) + unit) if said else None
    if said is None or than is None:
        message = f"{PUBLISHED}: needs < or >, and a time such as 6h or 2d"
        hint = "Write published:<6h for the last six hours, or published:>2d for what is older."
        return problem_at(text, at, message, hint)
    if than > MAX_AGE:
        message = f"{PUBLISHED}: needs a time of at most a year"
        return problem_at(text, at, message, "Write a shorter time, or delete it.")
    younger = said["sign"] in "<\uff1c\u2264\u2266\u2a7d"
    return Token(Kind.AGE, f"{PUBLISHED}:", at, said.end(), Age(than, younger, at))


def with_gershayim(text: str) -> str:
    """Answer *text* with the mark in Hebrew initials that is no quotation mark."""
    return text if text.isascii() else _GERSHAYIM.sub("\u05f4", text)


def plain(text: str) -> str:
    """Answer *text* as ordinary keyboards write it: some write signs in full width."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def without_end(word: str) -> str:
    """Answer *word* without the punctuation that ends a sentence; `U.S.` keeps its last dot."""
    without = _END.sub("", word)
    if word[len(without) : len(without) + 1] == "." and _INITIALS.fullmatch(without):
        return f"{without}."
    return without


def has_letter(text: str) -> bool:
    """Answer whether there is anything in *text* that can be found."""
    return any(map(str.isalnum, text))


def _fits_name(character: str) -> bool:
    # Vowel signs and accents are letters' parts, joiners stand between the letters of Persian.
    return (
        character.isalnum()
        or character in "-_."
        or unicodedata.category(character)[0] == "M"
        or unicodedata.category(character) == "Cf"
    )
