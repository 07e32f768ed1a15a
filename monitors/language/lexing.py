"""Text to tokens: terms, operators and parentheses with their offsets.

What people type on phones and paste from pages counts as what they mean: every form of
double quotation mark, full-width signs, odd spaces, characters that nobody sees.

Most of what people write are words of letters and digits, and phrases of those. One pattern
reads them at once; everything else is looked at with care.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from monitors.language.expression import EntityName, Exact, Phrase, Word
from monitors.language.problems import Problem, problem_at
from monitors.language.refusals import FIELDS, MAX_TIMES, PUBLISHED
from monitors.language.terms import (
    AT,
    CLOSING,
    COMMAS,
    DASHES,
    DIGITS,
    EDGES,
    END_MARKS,
    EQUALS,
    GERSHAYIM,
    HEBREW,
    OPENING,
    QUOTES,
    SLASHES,
    TILDES,
    UNSEEN,
    age,
    bare,
    entity,
    marked,
    plain,
    quoted,
    regex,
    with_gershayim,
)
from monitors.language.tokens import TERMS, Kind, Token
from monitors.language.wildcards import Use

MAX_POINTS = 10_000

_CARETS, _COLONS = r"\^\uff3e", ":\uff1a"
_MORE, _FEWER, _MORE_OR_EQUAL = ">\uff1e", "<\uff1c", "\u2265\u2267\u2a7e"
_AND, _OR = "&\uff06", "|\uff5c"
# A comma between digits, as in 1,000, parts no list.
_THOUSANDS = "(?<=[0-9]),(?=[0-9]{3}(?![0-9]))"

_GAP = re.compile(rf"[\s{UNSEEN}]*")
_UNUSABLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]")
_FIELD = re.compile(rf"([^\W\d_]+)[{_COLONS}]")
_NEAR = re.compile(r"O?NEAR(?:/[0-9]+)?|SENTENCE")
_SPACED_NEAR = re.compile(rf"(O?NEAR)\s*[{SLASHES}]\s*([{DIGITS}]+)(?=[\s{OPENING}{QUOTES}]|\Z)")
_NUMBER = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+")
_NUMBERED = re.compile(r"([0-9][0-9,]*)(OF|POINTS)")

_NAMES = FIELDS | {PUBLISHED}
_BEFORE_MINUS = frozenset((Kind.OPEN, Kind.NOT, Kind.FIELD, Kind.COMMA, Kind.AND, Kind.OR))
_BEFORE_EACH = TERMS | {Kind.CLOSE, Kind.LEAST, Kind.POINTS}
_OPERATORS = {
    "AND": Kind.AND,
    "OR": Kind.OR,
    "NOT": Kind.NOT,
    "NEAR": Kind.NEAR,
    "ONEAR": Kind.NEAR,
    "SENTENCE": Kind.NEAR,
    "EACH": Kind.EACH,
}

_SIGNS = {
    "open": Kind.OPEN,
    "close": Kind.CLOSE,
    "comma": Kind.COMMA,
    "either": Kind.OR,
    "both": Kind.AND,
    "near": Kind.NEAR,
}


@dataclass(frozen=True, slots=True)
class _Place:
    """How text is cut at some place: in a list, commas part it.

    Attributes:
        ordinary: terms of letters and digits, and parentheses.
        piece: every piece of text.
        regex, age: these two, as far as they go.
        in_points: whether what stands here can have points.
    """

    ordinary: re.Pattern[str]
    piece: re.Pattern[str]
    regex: re.Pattern[str]
    age: re.Pattern[str]
    in_points: bool


def _place(*, in_list: bool = False, in_points: bool = False) -> _Place:
    comma, caret = COMMAS if in_list else "", _CARETS if in_points else ""
    within = f"{GERSHAYIM}|{_THOUSANDS}" if in_list else GERSHAYIM
    marks = "".join(mark for mark in END_MARKS if mark not in comma)
    word = r"[^\W_]++(?:-[^\W_]++)*+"
    follows = rf"(?=[\s{OPENING}{CLOSING}{caret}]|\Z{'|,(?![0-9])' if in_list else ''})"
    ends = rf"(?=[\s{UNSEEN}{OPENING}{CLOSING}{comma}{caret}{_MORE}{_MORE_OR_EQUAL}]|\Z)"
    inside = rf"[^\s{_OR}{_CARETS}{_MORE}{_MORE_OR_EQUAL}{OPENING}{CLOSING}{QUOTES}{comma}]"
    return _Place(
        ordinary=re.compile(
            rf"""\s*+(?:
                (?P<word>(?!O?NEAR\s*[{SLASHES}]){word}(?:(?<=[^\W_]{{3}})\*)?){follows}
                | "(?P<phrase>[^\W_]++(?:(?:\ |[-.,'\u2019&/:]\ ?)[^\W_]++)*+)"
                  (?!\s*[{TILDES}]|{HEBREW})
                | (?P<open>\() | (?P<close>\))
                | @(?P<entity>{word}){follows}
                | =(?P<exact>{word}){follows}
                | (?P<near>O?NEAR/[0-9]{{1,2}}){follows}
            )""",
            re.VERBOSE,
        ),
        piece=re.compile(
            rf"""(?P<open>[{OPENING}])
            | (?P<close>[{CLOSING}])
            {rf"| (?P<comma>[{comma}])" if comma else ""}
            | (?P<quoted>(?P<mark>[{AT}{EQUALS}{TILDES}])? (?P<quote>[{QUOTES}])
              (?P<inside>(?:[^{QUOTES}]|{GERSHAYIM})*) (?P<unquote>[{QUOTES}])?)
            | (?P<minus>[{DASHES}]) (?= [{UNSEEN}]* [^\s{UNSEEN}{CLOSING}])
            | (?P<least>(?:(?P<more>[{_MORE}])[{EQUALS}]?|[{EQUALS}][{_MORE}]|[{_MORE_OR_EQUAL}])
              \s*(?P<times>[{DIGITS}]*)[{marks}]*)
            | (?P<either>[{_OR}]{{1,2}})
            | (?P<both>[{_AND}]{{2}}|[{_AND}](?=[\s{UNSEEN}{OPENING}{CLOSING}{QUOTES}]|\Z))
            | (?P<points>[{_CARETS}]\s*(?P<sign>[+\uff0b{DASHES}]?)\s*
              (?P<amount>{_NUMBER.pattern}(?![0-9])|[{DIGITS}]*))
            | (?P<slash>[{SLASHES}])
            | (?P<word>(?:(?![{_AND}]{{2}}|[{EQUALS}][{_MORE}]){inside}|{within})+)""",
            re.VERBOSE,
        ),
        regex=re.compile(
            rf"(?P<slash>[{SLASHES}])(?P<body>(?:\\.|[^\\])*?)(?P=slash)(?P<flag>i?){ends}",
            re.DOTALL,
        ),
        age=re.compile(
            rf"""\s*(?P<sign>[{_MORE}{_MORE_OR_EQUAL}{_FEWER}\u2264\u2266\u2a7d])[{EQUALS}]?
            \s*(?P<number>[{DIGITS}]+)\s*(?P<unit>[a-zA-Z\uff41-\uff5a\uff21-\uff3a])
            [{marks}]*{ends}""",
            re.VERBOSE,
        ),
        in_points=in_points,
    )


_ANYWHERE = _place()
_LISTS = {"OF": _place(in_list=True), "POINTS": _place(in_list=True, in_points=True)}


def tokens(text: str) -> tuple[Token, ...] | Problem:
    """Answer the tokens of *text*, or the first thing in it that cannot be one."""
    if not text.isprintable() and (unusable := _UNUSABLE.search(text)):
        message = "there is a character here that cannot be searched for"
        return problem_at(text, unusable.start(), message, "Delete it and type the text anew.")
    found: list[Token] = []
    outer: list[_Place] = []  # what is cut how around the open parentheses
    place, at, end = _ANYWHERE, 0, len(text)
    while at < end:
        token = _ordinary(place, text, at, found) or _careful(place, text, at, found)
        if token is None:
            break
        if isinstance(token, Problem):
            return token
        if token.kind is Kind.OPEN:
            opened = _opened(text, found)
            if isinstance(opened, Problem):
                return opened
            outer.append(place)
            place = opened
        elif token.kind is Kind.CLOSE and outer:
            place = outer.pop()
        found.append(token)
        at = token.end
    return tuple(found)


def is_plain(text: str, kind: Kind, sign: str = "") -> bool:
    """Answer whether *sign* and *text*, without quotation marks, is that *kind* of term."""
    read = tokens(sign + text)
    return not isinstance(read, Problem) and [each[:2] for each in read] == [(kind, text)]


def _ordinary(place: _Place, text: str, at: int, found: list[Token]) -> Token | None:
    """Answer the ordinary token at *at*, or None if it takes a closer look."""
    piece = place.ordinary.match(text, at)
    if piece is None or (kind := piece.lastgroup) is None:
        return None
    start, end = piece.span(kind)
    inside = piece[kind]
    if kind == "word":
        return _named(place, inside, start, end, found)
    if kind == "phrase":
        return Token(Kind.PHRASE, inside, start - 1, end + 1, Phrase(inside, start - 1))
    if kind == "entity":
        return Token(Kind.ENTITY, inside, start - 1, end, EntityName(inside, start - 1))
    if kind == "exact":
        return Token(Kind.EXACT, inside, start - 1, end, Exact(inside, start - 1))
    return Token(_SIGNS[kind], inside, start, end)


def _named(place: _Place, word: str, at: int, end: int, found: list[Token]) -> Token:
    """Answer the operator that *word* is, or the word; EACH stands after what can have points."""
    shape = word if word.isascii() else plain(word)
    kind = _OPERATORS.get(shape)
    if kind is not None and (
        kind is not Kind.EACH or (place.in_points and found and found[-1].kind in _BEFORE_EACH)
    ):
        return Token(kind, shape, at, end)
    return Token(Kind.WORD, word, at, end, Word(word, at))


def _opened(text: str, found: list[Token]) -> _Place | Problem:
    """Answer how text is cut after the parenthesis that opens after *found*.

    Where `2 OF` or `30 POINTS` stands there, an operator is made of it.
    """
    word = plain(found[-1].text) if found and found[-1].kind is Kind.WORD else ""
    if joined := _NUMBERED.fullmatch(word):
        number, word = joined.groups()
        whole = found.pop()
        middle = whole.at + len(number)
        found += [
            Token(Kind.WORD, number, whole.at, middle, Word(number, whole.at)),
            Token(Kind.WORD, word, middle, whole.end, Word(word, middle)),
        ]
    if word not in _LISTS:
        return _ANYWHERE
    number = plain(found[-2].text) if found[:-1] and found[-2].kind is Kind.WORD else ""
    if number.isdecimal() or _NUMBER.fullmatch(number):
        found[-2] = found[-2]._replace(text=number.replace(",", ""))
        found[-1] = found[-1]._replace(kind=Kind.OF, text=word, says=None)
        return _LISTS[word]
    if word == "OF":
        return _ANYWHERE
    hint = 'Write one, as in 30 POINTS (AUKUS^20, tax^-5), or "POINTS" to search for the word.'
    return problem_at(text, found[-1].at, "no whole number stands before POINTS", hint)


def _careful(place: _Place, text: str, at: int, found: list[Token]) -> Token | Problem | None:
    """Answer the token at *at* or after a gap there, or what is wrong; None at the end."""
    gap = _GAP.match(text, at)
    at = gap.end() if gap else at
    if at == len(text):
        return None
    # Before anything else, as a word goes on after a colon: `10:30`.
    if (field := _FIELD.match(text, at)) and (name := plain(field[1]).lower()) in _NAMES:
        return _field(place, text, name, at, field.end())
    piece = place.piece.match(text, at)
    assert piece, "every character but those of a gap begins a piece"
    assert piece.lastgroup, "every piece is of a kind"
    return _READERS.get(piece.lastgroup, _sign)(place, text, piece, found)


def _sign(_: _Place, __: str, piece: re.Match[str], ___: list[Token]) -> Token:
    return Token(_SIGNS[piece.lastgroup or ""], piece[0], *piece.span())


def _quoted(_: _Place, text: str, piece: re.Match[str], __: list[Token]) -> Token | Problem:
    return quoted(text, piece)


def _regex(place: _Place, text: str, piece: re.Match[str], _: list[Token]) -> Token | Problem:
    return regex(text, piece.start(), place.regex)


def _minus(_: _Place, text: str, piece: re.Match[str], found: list[Token]) -> Token | Problem:
    at, end = piece.span()
    if found and found[-1].end == at and found[-1].kind not in _BEFORE_MINUS:
        message = "it is not clear whether this - leaves something out"
        hint = "Put a space before it if it does; if not, put all of it in quotation marks."
        return problem_at(text, at, message, hint)
    return Token(Kind.NOT, piece[0], at, end)


def _least(_: _Place, text: str, piece: re.Match[str], __: list[Token]) -> Token | Problem:
    at, end = piece.span()
    number = piece.end("times")
    after = text[number : number + 1]
    is_more = piece["more"] is not None and piece[0][1:2] not in tuple(EQUALS)
    digits = piece["times"].lstrip("0") or ("0" if is_more and piece["times"] else "")
    # The number of digits first: Python refuses to read very long numbers.
    least = int(digits) + is_more if 0 < len(digits) <= len(str(MAX_TIMES)) else 0
    if (
        not 0 < least <= MAX_TIMES
        or after.isalnum()
        or (after and after in ".," and text[number + 1 : number + 2].isdigit())
    ):
        message = f">= needs a whole number from 1 to {MAX_TIMES:,}"
        return problem_at(text, at, message, "Write it after the sign, as in AUKUS >= 3.")
    return Token(Kind.LEAST, f">= {least}", at, end)


def _points(place: _Place, text: str, piece: re.Match[str], _: list[Token]) -> Token | Problem:
    at, end = piece.span()
    if not place.in_points:
        message = "the sign ^ only stands in a list of points"
        hint = "Write it there, as in 30 POINTS (AUKUS^20, submarin*^5 EACH)."
        return problem_at(text, at, message, hint)
    digits = piece["amount"].replace(",", "").lstrip("0")
    points = int(digits) if 0 < len(digits) <= len(str(MAX_POINTS)) else 0
    after = text[end : end + 1]
    if not 0 < points <= MAX_POINTS or not (after.isspace() or after in COMMAS + CLOSING):
        message = f"^ needs a whole number from 1 to {MAX_POINTS:,}, or one with a - before it"
        hint = "Write it directly after the sign, as in AUKUS^20 or tax^-40, and a comma."
        return problem_at(text, at, message, hint)
    sign = piece["sign"].strip("+\uff0b") and "-"
    return Token(Kind.POINTS, f"^{sign}{points}", at, end)


def _word(place: _Place, text: str, piece: re.Match[str], found: list[Token]) -> Token | Problem:
    at, end = piece.span()
    raw = with_gershayim(EDGES.sub("", piece[0]))
    if raw[0] in _COLONS and found and (name := _name(found[-1])) in _NAMES:
        # Some people write a space before a colon.
        return _field(place, text, name, found.pop().at, at + 1)
    if raw[0] in AT:
        return entity(text, at, end, raw)
    if raw[0] in EQUALS + TILDES:
        return _unclear(text, at, raw, found) or marked(text, at, end, raw)
    if spaced := _SPACED_NEAR.match(text, at):
        raw, end = f"{spaced[1]}/{plain(spaced[2])}", spaced.end()
    word = bare(text, at, end, raw, Use.WORD)
    if isinstance(word, Problem):
        return word
    shape = plain(word)
    near = _NEAR.fullmatch(shape)
    return Token(Kind.NEAR, shape, at, end) if near else _named(place, word, at, end, found)


_READERS: dict[str, Callable[[_Place, str, re.Match[str], list[Token]], Token | Problem]] = {
    "quoted": _quoted,
    "slash": _regex,
    "minus": _minus,
    "least": _least,
    "points": _points,
    "word": _word,
}


def _name(token: Token) -> str:
    """Answer how the field is called that *token* may name."""
    return plain(token.text).lower() if token.kind is Kind.WORD else ""


def _field(place: _Place, text: str, name: str, at: int, end: int) -> Token | Problem:
    if name == PUBLISHED:
        return age(text, at, end, place.age)
    return Token(Kind.FIELD, f"{name}:", at, end)


def _unclear(text: str, at: int, raw: str, found: list[Token]) -> Problem | None:
    """Answer the problem where *raw* is ~5, which may belong to what stands before it."""
    if raw[0] not in TILDES or not raw[1:].isdecimal() or not found:
        return None
    if found[-1].kind is Kind.CLOSE:
        message = "~ and a number cannot stand after a parenthesis"
        return problem_at(text, at, message, 'Write a NEAR/5 b, or words in quotes: "a b"~5.')
    if found[-1].kind is Kind.PHRASE:
        message = "it is not clear whether this ~ belongs to the phrase"
        hint = f'Write it directly after the phrase, or ~"{raw[1:]}" for the forms of the number.'
        return problem_at(text, at, message, hint)
    return None
