"""Text to tokens: words, phrases, entities, operators and parentheses with their offsets.

What people type on phones and paste from pages counts as what they mean: every form of
double quotation mark, full-width parentheses, odd spaces, characters that nobody sees.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import Enum

from monitors.language.problems import Problem, Severity
from monitors.language.refusals import (
    FIELDS,
    MAX_TIMES,
    clipped,
    field_refusal,
    refusal,
    star_refusal,
)

QUOTES = '"\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e\u301f\uff02'
_OPENING, _CLOSING, _AT, _EQUALS = "(\uff08", ")\uff09", "@\uff20", "=\uff1d"
_DASHES = r"\-\u2010-\u2015\u2212\ufe58\ufe63\uff0d"
_UNSEEN = "\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_END_MARKS = ".,;:!?\u2026\u3001\u3002\uff01\uff0c\uff0e\uff1a\uff1b\uff1f"

_GAP = re.compile(rf"[\s{_UNSEEN}]*")
_TOKEN = re.compile(
    rf"""(?P<open>[{_OPENING}])
    | (?P<close>[{_CLOSING}])
    | (?P<mark>[{_AT}{_EQUALS}])? (?P<quote>[{QUOTES}])
      (?P<quoted>[^{QUOTES}]*) (?P<unquote>[{QUOTES}])?
    | (?P<minus>[{_DASHES}]) (?= [{_UNSEEN}]* [^\s{_UNSEEN}{_CLOSING}])
    | (?P<least>(?:[>\uff1e][{_EQUALS}]|\u2265)\s*(?P<times>[0-9]*)[{_END_MARKS}]*)
    | (?P<word>(?:(?![>\uff1e][{_EQUALS}])[^\s\u2265{_OPENING}{_CLOSING}{QUOTES}])+)""",
    re.VERBOSE,
)
# In a list, commas stand between its items, but not those in numbers such as 1,000.
_COMMAS = ",\uff0c\u3001"
_ITEM = re.compile(rf"(?:(?<=[0-9]),(?=[0-9]{{3}}(?![0-9]))|[^{_COMMAS}])+")
_EDGES = re.compile(rf"\A[\s{_UNSEEN}]+|(?<![\s{_UNSEEN}])[\s{_UNSEEN}]+\Z")
_END = re.compile(rf"(?<![\s{_UNSEEN}{_END_MARKS}])[\s{_UNSEEN}{_END_MARKS}]+\Z")
_STARS = re.compile(r"[*\uff0a]+")
_SPACES = re.compile(r"\s+")
_LINE_END = re.compile(r"\r\n?|\n")
_UNUSABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_FIELD = re.compile(r"([^\W\d_]+)[:\uff1a]")
_NEAR = re.compile(r"O?NEAR(?:/[0-9]+)?")
_INITIALS = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")


class Kind(Enum):
    """What a token is; the values of operators are how they are written."""

    WORD = "word"
    PHRASE = "phrase"
    EXACT = "exact"
    ENTITY = "entity"
    AND = "AND"
    OR = "OR"
    NOT = "NOT"
    NEAR = "NEAR"
    FIELD = "field"
    LEAST = ">="
    OF = "OF"
    COMMA = ","
    OPEN = "("
    CLOSE = ")"


TERMS = frozenset({Kind.WORD, Kind.PHRASE, Kind.EXACT, Kind.ENTITY})
_BEFORE_MINUS = frozenset({Kind.OPEN, Kind.NOT, Kind.FIELD, Kind.COMMA})
_OPERATORS = {kind.value: kind for kind in (Kind.AND, Kind.OR, Kind.NOT)}


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of the text of a condition.

    Attributes:
        text: the word, the phrase or the entity's name, without its marks; else as written.
        at, end: offsets of its first character and of the one after its last, where the
            marks around it and the punctuation after it are its own.
    """

    kind: Kind
    text: str
    at: int
    end: int


def tokens(text: str) -> tuple[Token, ...] | Problem:
    """Answer the tokens of *text*, or the first thing in it that cannot be one."""
    if unusable := _UNUSABLE.search(text):
        message = "there is a character here that cannot be searched for"
        return problem_at(text, unusable.start(), message, "Delete it and type the text anew.")
    found: list[Token] = []
    at = _end_of_gap(text, 0)
    lists: list[bool] = []  # of each open parenthesis, whether its commas part a list
    while at < len(text):
        token = _next(text, at, found[-1] if found else None, in_list=lists[-1:] == [True])
        if isinstance(token, Problem):
            return token
        if token.kind is Kind.OPEN:
            lists.append(_begins_list(found))
        elif token.kind is Kind.CLOSE:
            lists[-1:] = []
        found.append(token)
        at = _end_of_gap(text, token.end)
    return tuple(found)


def is_plain_word(text: str) -> bool:
    """Answer whether *text*, without quotation marks, is read as that very word."""
    return _only(text, Kind.WORD, text)


def is_plain_name(name: str) -> bool:
    """Answer whether `@` and *name*, without quotation marks, is read as that very entity."""
    return _only(f"@{name}", Kind.ENTITY, name)


def is_plain_exact(text: str) -> bool:
    """Answer whether `=` and *text*, without quotation marks, is read as that very spelling."""
    return _only(f"={text}", Kind.EXACT, text)


def place(text: str, at: int) -> tuple[int, int]:
    """Answer line and column, both from 1, of the character at offset *at* of *text*."""
    line, start = 1, 0
    for end in _LINE_END.finditer(text, 0, at):
        line, start = line + 1, end.end()
    return line, at - start + 1


def problem_at(
    text: str, at: int, message: str, hint: str | None, severity: Severity = Severity.ERROR
) -> Problem:
    """Answer the problem whose place is offset *at* of *text*."""
    line, column = place(text, at)
    return Problem(message=message, hint=hint, line=line, column=column, severity=severity)


def _end_of_gap(text: str, at: int) -> int:
    gap = _GAP.match(text, at)
    return gap.end() if gap else at


def _only(text: str, kind: Kind, value: str) -> bool:
    read = tokens(text)
    return not isinstance(read, Problem) and [(each.kind, each.text) for each in read] == [
        (kind, value)
    ]


def _next(text: str, at: int, before: Token | None, *, in_list: bool) -> Token | Problem:
    if in_list and text[at] in _COMMAS:
        return Token(Kind.COMMA, text[at], at, at + 1)
    piece = _TOKEN.match(text, at)
    parted = in_list and piece and (piece["word"] or piece["least"])
    if piece and parted and (item := _ITEM.match(text, at, piece.end())):
        piece = _TOKEN.match(text, at, item.end())
    assert piece, "every character but those of a gap begins a token"
    return _token(text, piece, before)


def _begins_list(found: list[Token]) -> bool:
    """Answer whether `2 OF` stands before a parenthesis, and make an operator of its OF."""
    match found[-2:]:
        case [Token(Kind.WORD, number), Token(Kind.WORD, "OF", at, end)] if number.isdecimal():
            found[-1] = Token(Kind.OF, "OF", at, end)
            return True
    return False


def _token(text: str, piece: re.Match[str], before: Token | None) -> Token | Problem:
    at, end = piece.span()
    if piece["open"]:
        return Token(Kind.OPEN, piece[0], at, end)
    if piece["close"]:
        return Token(Kind.CLOSE, piece[0], at, end)
    if piece["quote"]:
        return _quoted(text, piece)
    if piece["least"]:
        return _least(text, piece)
    if piece["minus"]:
        return _minus(text, piece, before)
    return _word(text, piece)


def _quoted(text: str, piece: re.Match[str]) -> Token | Problem:
    at = piece.start()
    if not piece["unquote"]:
        message = "the quotation mark is never closed"
        return problem_at(
            text, piece.start("quote"), message, 'Put another " at the end of the phrase.'
        )
    inside = _SPACES.sub(" ", _EDGES.sub("", piece["quoted"]))
    if not _has_letter(inside):
        message = "there is no letter or digit between the quotation marks"
        return problem_at(text, at, message, "Write what to look for between them.")
    kind = _kind_of(piece["mark"])
    if kind is not Kind.ENTITY:
        inside = _STARS.sub("*", inside)
        if refused := star_refusal(inside):
            return problem_at(text, at, *refused)
    return Token(kind, inside, at, piece.end())


def _kind_of(mark: str | None) -> Kind:
    if mark is None:
        return Kind.PHRASE
    return Kind.ENTITY if mark in _AT else Kind.EXACT


def _minus(text: str, piece: re.Match[str], before: Token | None) -> Token | Problem:
    at, end = piece.span()
    if before and before.end == at and before.kind not in _BEFORE_MINUS:
        message = "it is not clear whether this - leaves something out"
        hint = "Put a space before it if it does; if not, put all of it in quotation marks."
        return problem_at(text, at, message, hint)
    return Token(Kind.NOT, piece[0], at, end)


def _least(text: str, piece: re.Match[str]) -> Token | Problem:
    at, end = piece.span()
    number = piece.end("times")
    after = text[number : number + 1]
    digits = piece["times"].lstrip("0")
    fits = 0 < len(digits) <= len(str(MAX_TIMES)) and int(digits) <= MAX_TIMES
    if (
        not fits
        or after.isalnum()
        or (after and after in ".," and text[number + 1 : number + 2].isdigit())
    ):
        message = f">= needs a whole number from 1 to {MAX_TIMES:,}"
        return problem_at(text, at, message, "Write it after the sign, as in AUKUS >= 3.")
    return Token(Kind.LEAST, f">= {digits}", at, end)


def _word(text: str, piece: re.Match[str]) -> Token | Problem:
    at, end = piece.span()
    raw = _EDGES.sub("", piece[0])
    if raw[0] in _AT:
        return _entity(text, at, end, raw)
    if (field := _FIELD.match(raw)) and (name := _plain(field[1])) in FIELDS:
        return Token(Kind.FIELD, f"{name}:", at, at + field.end())
    exact = raw[0] in _EQUALS
    if exact and not _has_letter(raw[1:2]):
        hint = "Write a word directly after it, as in =US."
        return problem_at(text, at, "there is no word after the =", hint)
    return _bare(text, piece, raw[1:] if exact else raw, exact=exact)


def _bare(text: str, piece: re.Match[str], raw: str, *, exact: bool) -> Token | Problem:
    at, end = piece.span()
    word = _STARS.sub("*", _without_end(raw))
    # Some keyboards type operators in full width: they are operators, never silently words.
    shape = unicodedata.normalize("NFKC", word)
    colon = ":" if ":" in unicodedata.normalize("NFKC", raw[len(word) :]) else ""
    joined = text[end : end + 1] != "" and text[end] in QUOTES + _OPENING
    refused = field_refusal(shape + colon, joined=joined) or refusal(shape) or star_refusal(word)
    if refused or not _has_letter(word):
        return problem_at(text, at, *(refused or _no_letter(raw)))
    if exact:
        return Token(Kind.EXACT, word, at, end)
    if _NEAR.fullmatch(shape):
        return Token(Kind.NEAR, shape, at, end)
    return Token(_OPERATORS.get(shape, Kind.WORD), word, at, end)


def _plain(name: str) -> str:
    return unicodedata.normalize("NFKC", name).lower()


def _no_letter(raw: str) -> tuple[str, str]:
    hints = {
        "&": "Write AND.",
        "&&": "Write AND.",
        "-": "To leave a word out, write the - directly before it, as in -tax.",
    }
    usual = "Delete it: only letters and digits can be found."
    hint = hints.get(unicodedata.normalize("NFKC", raw), usual)
    return f"there is no letter or digit in {clipped(raw)}", hint


def _entity(text: str, at: int, end: int, raw: str) -> Token | Problem:
    name = _without_end(_EDGES.sub("", raw[1:]))
    if not _has_letter(name):
        hint = "Write the name of an entity directly after it, as in @pillar-2."
        return problem_at(text, at, "there is no name after the @", hint)
    unfit = next((character for character in name if not _fits_name(character)), None)
    if unfit:
        message = f"the name of an entity cannot contain {unfit} outside quotation marks"
        return problem_at(text, at, message, f'Write @"{clipped(name)}".')
    return Token(Kind.ENTITY, name, at, end)


def _without_end(word: str) -> str:
    """Answer *word* without the punctuation that ends a sentence; `U.S.` keeps its last dot."""
    bare = _END.sub("", word)
    if word[len(bare) : len(bare) + 1] == "." and _INITIALS.fullmatch(bare):
        return f"{bare}."
    return bare


def _has_letter(text: str) -> bool:
    return any(character.isalnum() for character in text)


def _fits_name(character: str) -> bool:
    # Vowel signs and accents are letters' parts, joiners stand between the letters of Persian.
    return (
        character.isalnum()
        or character in "-_."
        or unicodedata.category(character)[0] == "M"
        or unicodedata.category(character) == "Cf"
    )
