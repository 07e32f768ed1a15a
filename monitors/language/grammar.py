"""Tokens to the tree of a condition.

    rule    = any ;
    any     = all , { "OR" , all } ;
    all     = one , { [ "AND" ] , one } ;
    one     = [ "NOT" | "-" ] , near ;
    near    = primary , { link , primary } ;
    link    = ( "NEAR" | "ONEAR" ) , [ "/" , number ] | "SENTENCE" ;
    primary = term , [ ( ">=" | ">" ) , number ] | "(" , any , ")" | field , ":" , primary
            | number , "OF" , "(" , any , { "," , any } , ")"
            | number , "POINTS" , "(" , part , { "," , part } , ")"
            | "published" , ":" , ( "<" | ">" ) , number , ( "m" | "h" | "d" | "w" ) ;
    part    = any , [ "^" , [ "-" ] , number ] , [ "EACH" ] ;
    term    = word | phrase | "=" , ( word | phrase ) | "~" , ( word | phrase )
            | phrase , "~" , number | "/" , regex , "/" , [ "i" ] | "@" , entity ;

Every function reads from where the last one stopped. What it cannot read is a `Problem`,
which is handed up as it is; the limits keep the work and the stack small.
"""

from monitors.language.expression import (
    And,
    Expression,
    Link,
    Near,
    Not,
    Or,
    Repeated,
    Scoped,
    Score,
    Several,
    Weight,
    is_term,
)
from monitors.language.lexing import MAX_POINTS, tokens
from monitors.language.problems import Problem, problem_at
from monitors.language.refusals import clipped
from monitors.language.soundness import (
    NOT_NEAR,
    near_refusal,
    nothing_found,
    points_refusal,
    start,
)
from monitors.language.tokens import TERMS, Kind, Token

MAX_CHARACTERS = 10_000
MAX_NESTING = 64
MAX_TERMS = 1_000
MAX_CHAIN = 10
USUAL_BETWEEN = 5

_STARTS = TERMS | {Kind.NOT, Kind.OPEN, Kind.FIELD}
_ENDS = frozenset((Kind.END, Kind.CLOSE, Kind.COMMA, Kind.POINTS, Kind.EACH))


def parse(text: str) -> Expression | Problem:
    """Answer the condition that *text* says, or the first thing that is wrong with it."""
    if len(text) > MAX_CHARACTERS:
        message = f"the rule is longer than {MAX_CHARACTERS:,} characters"
        return problem_at(text, MAX_CHARACTERS, message, "Make several rules of it.")
    read = tokens(text)
    if isinstance(read, Problem):
        return read
    if not read:
        return Problem(message="the rule is empty", hint="Write a word to look for.")
    if len(read) > MAX_TERMS:
        written = [token for token in read if token.kind in TERMS]
        if len(written) > MAX_TERMS:
            message = f"the rule has more than {MAX_TERMS:,} terms"
            hint = "Make several rules of it, or an entity of names for the same thing."
            return problem_at(text, written[MAX_TERMS].at, message, hint)
    return _Reader(text, read).rule()


class _Reader:
    """Reads *tokens* of *text* from left to right."""

    def __init__(self, text: str, tokens: tuple[Token, ...]) -> None:
        self._text = text
        self._tokens = (*tokens, Token(Kind.END, "", len(text), len(text)))
        self._next = 0
        self._depth = 0
        self._in_field = False
        self._may_find_nothing = False

    def rule(self) -> Expression | Problem:
        """Answer the tree of all the tokens."""
        whole = self._any()
        if isinstance(whole, Problem):
            return whole
        extra = self._tokens[self._next]
        if extra.kind is Kind.LEAST:
            return self._problem(extra, *_ONLY_TERMS)
        if extra.kind is not Kind.END:
            hint = "Delete it, or put a ( where the group begins."
            return self._problem(extra, "this parenthesis was never opened", hint)
        return (self._may_find_nothing and nothing_found(self._text, whole)) or whole

    def _any(self) -> Expression | Problem:
        part = self._all()
        if self._tokens[self._next].kind is not Kind.OR:
            return part
        parts: list[Expression] = []
        while not isinstance(part, Problem):
            parts += part.parts if isinstance(part, Or) else (part,)
            if not self._take(Kind.OR):
                return Or(tuple(parts))
            part = self._all()
        return part

    def _all(self) -> Expression | Problem:
        part = self._one()
        parts: list[Expression] = []
        while not isinstance(part, Problem):
            kind = self._tokens[self._next].kind
            if kind is Kind.AND:
                self._next += 1
            elif kind not in _STARTS:
                if not parts:
                    return part
                parts += part.parts if isinstance(part, And) else (part,)
                return And(tuple(parts))
            parts += part.parts if isinstance(part, And) else (part,)
            part = self._one()
        return part

    def _one(self) -> Expression | Problem:
        token = self._tokens[self._next]
        if token.kind is not Kind.NOT:
            return self._near()
        self._next += 1
        again = self._tokens[self._next]
        part = again if again.kind is Kind.NOT else self._near()
        if isinstance(part, Problem):
            return part
        if isinstance(part, Token | Not):
            hint = "Delete both to look for what follows, or one to leave it out."
            return self._problem(token, "one NOT takes back another", hint)
        self._may_find_nothing = True
        return Not(part, token.at)

    def _near(self) -> Expression | Problem:
        part = self._primary()
        if self._tokens[self._next].kind is not Kind.NEAR or isinstance(part, Problem):
            return part
        parts, links = [part], list[Link]()
        while near := self._take(Kind.NEAR):
            if len(parts) == MAX_CHAIN:
                message = f"more than {MAX_CHAIN} terms stand in a row of NEAR"
                return self._problem(near, message, "Join some of them with AND.")
            links.append(_link(near.text))
            if (token := self._tokens[self._next]).kind is Kind.NOT:
                return self._problem(token, *NOT_NEAR)
            part = self._primary()
            if isinstance(part, Problem):
                return part
            parts.append(part)
        for part in parts:
            if refused := near_refusal(part):
                return problem_at(self._text, start(part), *refused)
        return Near(tuple(parts), tuple(links))

    def _primary(self) -> Expression | Problem:
        token = self._tokens[self._next]
        if (said := token.says) is None:
            return self._compound(token)
        self._next += 1
        following = self._tokens[self._next].kind
        if following is Kind.OF:
            return self._list(token)
        if token.kind is Kind.AGE:
            self._may_find_nothing = True
            if self._in_field:
                return self._problem(token, *_FIELD_IN_FIELD)
        elif following is Kind.LEAST and is_term(said):
            self._next += 1
            return Repeated(said, int(self._tokens[self._next - 1].text[2:]))
        return said

    def _compound(self, token: Token) -> Expression | Problem:
        if token.kind not in (Kind.OPEN, Kind.FIELD):
            return self._missing(token)
        self._next += 1
        return self._group(token) if token.kind is Kind.OPEN else self._scoped(token)

    def _scoped(self, name: Token) -> Expression | Problem:
        if self._in_field:
            return self._problem(name, *_FIELD_IN_FIELD)
        token = self._tokens[self._next]
        if token.kind is Kind.NOT:
            hint = f"Write NOT {name.text} and what has to be left out."
            return self._problem(token, f"NOT has to stand before {name.text}", hint)
        self._in_field = True
        part = self._primary()
        self._in_field = False
        return part if isinstance(part, Problem) else Scoped(name.text[:-1], part, name.at)

    def _group(self, opening: Token) -> Expression | Problem:
        if self._depth == MAX_NESTING:
            return self._too_deep(opening)
        self._depth += 1
        inside = self._any()
        self._depth -= 1
        if isinstance(inside, Problem) or self._take(Kind.CLOSE):
            return inside
        return self._unclosed(opening)

    def _list(self, number: Token) -> Expression | Problem:
        """Answer the list that begins after *number*."""
        operator, opening = self._tokens[self._next : self._next + 2]
        self._next += 2
        if self._depth == MAX_NESTING:
            return self._too_deep(opening)
        weights: list[Weight] = []
        self._depth += 1
        while not weights or self._take(Kind.COMMA):
            weight = self._weight()
            if isinstance(weight, Problem):
                return weight
            weights.append(weight)
        self._depth -= 1
        if not self._take(Kind.CLOSE):
            return self._unclosed(opening)
        if operator.text == "OF":
            return self._several(number, weights)
        return self._score(number, weights)

    def _weight(self) -> Weight | Problem:
        part = self._any()
        if isinstance(part, Problem):
            return part
        points = self._take(Kind.POINTS)
        each = self._take(Kind.EACH)
        if each and not is_term(part):
            hint = "Write it directly after one, as in submarin*^5 EACH."
            return self._problem(each, "EACH can only count a term", hint)
        return Weight(part, int(points.text[1:]) if points else 1, each=each is not None)

    def _several(self, number: Token, weights: list[Weight]) -> Expression | Problem:
        least = _whole(number.text, MAX_TERMS)
        if not 0 < least <= len(weights):
            message = f"{clipped(number.text)} OF does not fit a list of {len(weights)}"
            hint = "Write a number that fits, and commas in the list, as in 2 OF (a, b, c)."
            return self._problem(number, message, hint)
        return Several(least, tuple(weight.part for weight in weights), number.at)

    def _score(self, number: Token, weights: list[Weight]) -> Expression | Problem:
        least = _whole(number.text, MAX_POINTS)
        if not 0 < least <= MAX_POINTS:
            message = f"POINTS needs a whole number from 1 to {MAX_POINTS:,} before it"
            return self._problem(number, message, "Write one, as in 30 POINTS (a^20, b^15).")
        score = Score(least, tuple(weights), number.at)
        refused = points_refusal(score)
        return self._problem(number, *refused) if refused else score

    def _too_deep(self, opening: Token) -> Problem:
        message = f"parentheses stand more than {MAX_NESTING} deep in one another"
        return self._problem(opening, message, "Delete those that change nothing.")

    def _missing(self, token: Token) -> Problem:
        """Answer what is wrong where a term should stand and *token* stands instead."""
        before = self._tokens[self._next - 1] if self._next else None
        closes = token.kind in _ENDS
        if before and before.kind is not Kind.OPEN and closes:
            hint = "Write a word after it, or delete it."
            return self._problem(before, f"nothing stands after {before.text}", hint)
        if token.kind is Kind.END:
            assert before, "the text has a token"
            return self._unclosed(before)
        if token.kind not in (Kind.CLOSE, Kind.COMMA):
            quoted = f', or "{token.text}" to search for the word' if token.text.isalpha() else ""
            hint = f"Write a word before it{quoted}."
            return self._problem(token, f"nothing stands before {token.text}", hint)
        if before:
            hint = "Write a word between them, or delete them."
            return self._problem(before, "the parentheses are empty", hint)
        hint = "Delete it, or put a ( where the group begins."
        return self._problem(token, "this parenthesis was never opened", hint)

    def _unclosed(self, opening: Token) -> Problem:
        """Answer why the parenthesis *opening* does not end before the next token."""
        token = self._tokens[self._next]
        if token.kind is Kind.LEAST:
            return self._problem(token, *_ONLY_TERMS)
        if token.kind is not Kind.END:
            hint = "Write a comma before it, or parentheses around what belongs together."
            return self._problem(token, f"{token.text} stands after a part of the list", hint)
        return self._problem(
            opening, "this parenthesis is never closed", "Put a ) where the group ends."
        )

    def _problem(self, token: Token, message: str, hint: str) -> Problem:
        return problem_at(self._text, token.at, message, hint)

    def _take(self, kind: Kind) -> Token | None:
        token = self._tokens[self._next]
        if token.kind is not kind:
            return None
        self._next += 1
        return token


_ONLY_TERMS = ("only a term can be counted", "Write it directly after one, as in AUKUS >= 3.")
_FIELD_IN_FIELD = (
    "a field stands inside another",
    "Write the one directly before what has to stand in it.",
)


def _link(text: str) -> Link:
    """Answer what `NEAR/3` and the like say."""
    if text == "SENTENCE":
        return Link(None)
    _, _, words = text.partition("/")
    return Link(int(words or USUAL_BETWEEN), text.startswith("O"))


def _whole(digits: str, most: int) -> int:
    """Answer the number that *digits* are, or 0 if it is more than *most* could be."""
    # The number of digits first: Python refuses to read very long numbers.
    return int(digits) if len(digits) <= len(str(most)) else 0
