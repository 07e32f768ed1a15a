"""Tokens to the tree of a condition.

    rule    = any ;
    any     = all , { "OR" , all } ;
    all     = one , { [ "AND" ] , one } ;
    one     = [ "NOT" | "-" ] , near ;
    near    = primary , { ( "NEAR" | "ONEAR" ) , [ "/" , number ] , primary } ;
    primary = term , [ ">=" , number ] | "(" , any , ")" | field , ":" , primary
            | number , "OF" , "(" , any , { "," , any } , ")" ;
    term    = word | phrase | exact | entity ;

Every function reads from where the last one stopped. What it cannot read is a `Problem`,
which is handed up as it is; the limits keep the work and the stack small.
"""

from monitors.language.expression import (
    And,
    EntityName,
    Exact,
    Expression,
    Link,
    Near,
    Not,
    Or,
    Phrase,
    Repeated,
    Scoped,
    Several,
    Term,
    Word,
    is_term,
    terms,
)
from monitors.language.lexing import TERMS, Kind, Token, problem_at, tokens
from monitors.language.problems import Problem
from monitors.language.refusals import clipped

MAX_CHARACTERS = 10_000
MAX_NESTING = 64
MAX_TERMS = 1_000
MAX_CHAIN = 10
USUAL_BETWEEN = 5

_MAKERS: dict[Kind, type[Term]] = {
    Kind.WORD: Word,
    Kind.PHRASE: Phrase,
    Kind.EXACT: Exact,
    Kind.ENTITY: EntityName,
}
_STARTS = TERMS | {Kind.NOT, Kind.OPEN, Kind.FIELD}


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
        self._tokens = tokens
        self._next = 0
        self._depth = 0
        self._in_field = False

    def rule(self) -> Expression | Problem:
        """Answer the tree of all the tokens."""
        whole = self._any()
        if isinstance(whole, Problem):
            return whole
        if extra := self._token():
            if extra.kind is Kind.LEAST:
                return self._problem(extra, *_ONLY_TERMS)
            hint = "Delete it, or put a ( where the group begins."
            return self._problem(extra, "this parenthesis was never opened", hint)
        return _finds_nothing(self._text, whole) or whole

    def _any(self) -> Expression | Problem:
        parts: list[Expression] = []
        while not parts or self._take(Kind.OR):
            part = self._all()
            if isinstance(part, Problem):
                return part
            parts += part.parts if isinstance(part, Or) else (part,)
        return parts[0] if len(parts) == 1 else Or(tuple(parts))

    def _all(self) -> Expression | Problem:
        parts: list[Expression] = []
        while not parts or self._take(Kind.AND) or self._kind() in _STARTS:
            part = self._one()
            if isinstance(part, Problem):
                return part
            parts += part.parts if isinstance(part, And) else (part,)
        return parts[0] if len(parts) == 1 else And(tuple(parts))

    def _one(self) -> Expression | Problem:
        negation = self._take(Kind.NOT)
        if negation is None:
            return self._near()
        again = self._token()
        part = again if again and again.kind is Kind.NOT else self._near()
        if isinstance(part, Problem):
            return part
        if isinstance(part, Token | Not):
            hint = "Delete both to look for what follows, or one to leave it out."
            return self._problem(negation, "one NOT takes back another", hint)
        return Not(part, negation.at)

    def _near(self) -> Expression | Problem:
        parts = [self._primary()]
        links: list[Link] = []
        while not isinstance(parts[-1], Problem) and (near := self._take(Kind.NEAR)):
            if len(parts) == MAX_CHAIN:
                message = f"more than {MAX_CHAIN} terms stand in a row of NEAR"
                return self._problem(near, message, "Join some of them with AND.")
            _, _, words = near.text.partition("/")
            links.append(Link(int(words or USUAL_BETWEEN), near.text.startswith("O")))
            token = self._token()
            if token and token.kind is Kind.NOT:
                return self._problem(token, *_NOT_NEAR)
            parts.append(self._primary())
        found = tuple(part for part in parts if not isinstance(part, Problem))
        if isinstance(parts[-1], Problem) or not links:
            return parts[-1]
        unfit = next((part for part in found if not _stands_at_a_place(part)), None)
        return (
            problem_at(self._text, _start(unfit), *_NOT_NEAR)
            if unfit
            else Near(found, tuple(links))
        )

    def _primary(self) -> Expression | Problem:
        token = self._token()
        if token is None or token.kind not in TERMS | {Kind.OPEN, Kind.FIELD}:
            return self._missing(token)
        self._next += 1
        if self._kind() is Kind.OF:
            return self._several(token)
        if make := _MAKERS.get(token.kind):
            term = make(token.text, token.at)
            least = self._take(Kind.LEAST)
            return Repeated(term, int(least.text[2:])) if least else term
        return self._scoped(token) if token.kind is Kind.FIELD else self._group(token)

    def _scoped(self, name: Token) -> Expression | Problem:
        if self._in_field:
            hint = "Write the one directly before what has to stand in it."
            return self._problem(name, "a field stands inside another", hint)
        token = self._token()
        if token and token.kind is Kind.NOT:
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
        if (token := self._token()) and token.kind is Kind.LEAST:
            return self._problem(token, *_ONLY_TERMS)
        return self._unclosed(opening)

    def _several(self, number: Token) -> Expression | Problem:
        self._next += 1
        opening = self._take(Kind.OPEN)
        assert opening, "OF is only read before one"
        parts: list[Expression] = []
        self._depth += 1
        while not parts or self._take(Kind.COMMA):
            part = self._any() if self._depth <= MAX_NESTING else self._too_deep(opening)
            if isinstance(part, Problem):
                return part
            parts.append(part)
        self._depth -= 1
        if not self._take(Kind.CLOSE):
            return self._unclosed(opening)
        # The number of digits first: Python refuses to read very long numbers.
        if len(number.text) > len(str(MAX_TERMS)) or not 0 < int(number.text) <= len(parts):
            message = f"{clipped(number.text)} OF does not fit a list of {len(parts)}"
            hint = "Write a number that fits, and commas in the list, as in 2 OF (a, b, c)."
            return self._problem(number, message, hint)
        return Several(int(number.text), tuple(parts), number.at)

    def _too_deep(self, opening: Token) -> Problem:
        message = f"parentheses stand more than {MAX_NESTING} deep in one another"
        return self._problem(opening, message, "Delete those that change nothing.")

    def _missing(self, token: Token | None) -> Problem:
        """Answer what is wrong where a term should stand and *token* stands instead."""
        before = self._tokens[self._next - 1] if self._next else None
        closes = token is None or token.kind in (Kind.CLOSE, Kind.COMMA)
        if before and before.kind is not Kind.OPEN and closes:
            hint = "Write a word after it, or delete it."
            return self._problem(before, f"nothing stands after {before.text}", hint)
        if token is None:
            assert before, "the text has a token"
            return self._unclosed(before)
        if not closes:
            hint = f'Write a word before it, or "{token.text}" to search for the word.'
            return self._problem(token, f"nothing stands before {token.text}", hint)
        if before:
            hint = "Write a word between them, or delete them."
            return self._problem(before, "the parentheses are empty", hint)
        hint = "Delete it, or put a ( where the group begins."
        return self._problem(token, "this parenthesis was never opened", hint)

    def _unclosed(self, opening: Token) -> Problem:
        hint = "Put a ) where the group ends."
        return self._problem(opening, "this parenthesis is never closed", hint)

    def _problem(self, token: Token, message: str, hint: str) -> Problem:
        return problem_at(self._text, token.at, message, hint)

    def _token(self) -> Token | None:
        return self._tokens[self._next] if self._next < len(self._tokens) else None

    def _kind(self) -> Kind | None:
        token = self._token()
        return token.kind if token else None

    def _take(self, kind: Kind) -> Token | None:
        token = self._token()
        if token is None or token.kind is not kind:
            return None
        self._next += 1
        return token


_ONLY_TERMS = ("only a term can be counted", "Write it directly after one, as in AUKUS >= 3.")
_NOT_NEAR = (
    "only terms, and groups of them joined by OR, can stand beside NEAR",
    "Write AND, NOT and fields outside of it, as in title:(a NEAR/5 b NEAR/5 c).",
)


def _stands_at_a_place(part: Expression) -> bool:
    return all(map(is_term, part.parts if isinstance(part, Or) else (part,)))


def _finds_nothing(text: str, whole: Expression) -> Problem | None:
    """Answer the problem if *whole* holds for an article that has none of its terms.

    Such a rule would match nearly everything, and no index could find it.
    """
    if not _holds_for_nothing(whole):
        return None
    if isinstance(whole, Or):
        culprit = next(part for part in whole.parts if _holds_for_nothing(part))
        message = "this side of OR only says what to leave out"
        hint = "Write what to look for on every side of OR, as in ship OR (boat NOT toy)."
        return problem_at(text, _start(culprit), message, hint)
    message = "the rule only says what to leave out"
    hint = "Write what to look for, too, as in boat NOT toy."
    return problem_at(text, _start(whole), message, hint)


def _holds_for_nothing(expression: Expression) -> bool:
    match expression:
        case And(parts):
            return all(_holds_for_nothing(part) for part in parts)
        case Or(parts):
            return any(_holds_for_nothing(part) for part in parts)
        case Several(number, parts):
            return sum(map(_holds_for_nothing, parts)) >= number
        case Scoped(_, part):
            return _holds_for_nothing(part)
        case Not(part):
            return not _holds_for_nothing(part)
        case _:
            return False


def _start(expression: Expression) -> int:
    match expression:
        case And(parts) | Or(parts):
            return _start(parts[0])
        case Not(_, at) | Scoped(_, _, at) | Several(_, _, at):
            return at
        case _:
            return next(terms(expression)).at
