"""Advice on a condition: what may be meant otherwise, and what changes nothing."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from monitors.language.expression import (
    And,
    EntityName,
    Expression,
    Forms,
    Not,
    Or,
    Regex,
    Scoped,
    Several,
    parts_of,
    terms,
)
from monitors.language.lexing import tokens
from monitors.language.printing import to_text
from monitors.language.problems import Problem
from monitors.language.refusals import clipped
from monitors.language.tokens import TERMS, Kind, Token
from monitors.matching.coverage import Coverage
from monitors.matching.needs import needs
from monitors.rules.values import nearest
from monitors.stories.words import key
from monitors.terms.entity import Entity
from monitors.terms.wanted import FACTS

_OPERATORS = frozenset(
    "and or not near onear And Or Not Near".split()  # noqa: SIM905 - so it reads
)
# Initials of states and bodies that are ordinary words, too: letter case alone tells them apart.
ALSO_WORDS = frozenset(
    "ACT AID AIM ALL ARC ARE ARM ART BAT BE CAN CARE COP DARE DO FAST FIT GAP GO HAS HE HOPE ICE"  # noqa: SIM905 - as above
    " IDEA IN IT LED LIFE MAD MAN MAP MAY MET NICE NOW PACE PEN PIN PIP RAM REACH RED SAD SAFE"
    " SAGE SEA SHE SMART SPA START STEM SWIFT TAN TEN TIP UN US WAR WHO WIPE WISE".split()
)
_EVERYWHERE = frozenset(
    "a an are as at be by for from in is it of on that the to was with".split()  # noqa: SIM905 - as above
)
_INSIDE = frozenset({Kind.CLOSE, Kind.NEAR, Kind.LEAST, Kind.OF, Kind.POINTS, Kind.EACH})
_READ_AS_TEXT = frozenset({Kind.WORD, Kind.PHRASE, Kind.EXACT})
_WITH_SIGNS = re.compile(r"(?<!\w)([^\W\d_]+)(?:\+{1,2}|#)(?!\w)|(?<![\w.])\.([^\W\d_]{2,})")
# What would be an operator in a condition; E*TRADE and M*A*S*H are names.
_OPERATOR_IN_NAME = re.compile(
    r"(?<!\w)\*(?=\w{3})|(?<=\w{2})\*|(?<=\w)\?(?=\w)|^[=~]|^/(?=.+/i?$)"
    r"|(?<=[a-z\d\"\u201d] )(?:AND|OR|NOT|O?NEAR(?:/\d+)?|SENTENCE)(?= )"
)
_OPENS, _CLOSES = "'\u2018\u201a\u2039\u201b", "'\u2019\u2018\u203a"
# RE2 takes only the English letters for letters of a word.
_ENGLISH_ONLY = re.compile(r"(\\[bw])[+*?]*\(*[^\W\x00-\x7f]|[^\W\x00-\x7f]\)*(\\[bw])")
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:[-_].*)?\*?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Remark:
    """Something to say of a condition, at the offset *at* of its text."""

    at: int
    message: str
    hint: str


class Linter:
    """Looks at conditions that speak of the same entities and feeds."""

    def __init__(self, entities: Collection[Entity], tags: Collection[str]) -> None:
        """Take what is known.

        Args:
            entities: that conditions name.
            tags: of all feeds.
        """
        self._entities: Mapping[str, Entity] = {entity.name: entity for entity in entities}
        self._tags = {key(tag): tag for tag in tags}
        self.coverage = Coverage(self._entities)

    def remarks(self, text: str, condition: Expression) -> Iterator[Remark]:
        """Yield what there is to say of *condition*, which was read from *text*."""
        read = tokens(text)
        assert not isinstance(read, Problem), "it was read before"
        for token, message, hint in chain(_doubtful_words(read), _quotes(read), _mixed(read)):
            yield Remark(token.at, message, hint)
        yield from _patterns(condition)
        if self._may_never_hold(condition):
            yield from self._impossible(condition, "")
        yield from self._idle(condition, "")
        yield from self._facts(condition)
        asked = condition.parts if isinstance(condition, And) else ()
        # A word after ~ has to be there, too, if not in one form that is known.
        if not needs(condition, self._entities) and not any(
            isinstance(one, Forms) for one in asked
        ):
            for term in terms(condition):
                if isinstance(term, Regex):
                    message = "every article is searched for this, as no word has to be there, too"
                    yield Remark(term.at, message, "Add a word with AND, if all of them have one.")

    def _may_never_hold(self, expression: Expression) -> bool:
        """Answer whether something in *expression* can keep it from ever holding."""
        match expression:
            case Not():
                return True
            case EntityName():
                return self.coverage.never(self.coverage.formula(expression))
            case _:
                return any(map(self._may_never_hold, parts_of(expression)))

    def _impossible(self, expression: Expression, field: str) -> Iterator[Remark]:
        """Yield the smallest parts of *expression* that can never hold."""
        never = self.coverage.never(self.coverage.formula(expression, field))
        match expression:
            case Not():
                return
            case Scoped(name, part):
                yield from self._impossible(part, name)
            case EntityName(name) if never:
                message = f"@{clipped(name)} has no names, so it is never found"
                yield Remark(expression.at, message, "Write its names under entities:.")
            case Several(number) if never:
                message = f"fewer than {number} of these can ever hold"
                yield Remark(expression.at, message, "Ask for fewer, or mend what cannot hold.")
            case And(parts) if never:
                inside = list(chain.from_iterable(self._impossible(part, field) for part in parts))
                yield from inside or self._contradictions(parts, field)
            case _:
                for part in parts_of(expression):
                    yield from self._impossible(part, field)

    def _contradictions(self, parts: Sequence[Expression], field: str) -> Iterator[Remark]:
        banned = [part for part in parts if isinstance(part, Not)]
        formulas = [self.coverage.formula(part.part, field) for part in banned]
        for part in parts:
            formula = self.coverage.formula(part, field)
            if isinstance(part, Not) or not self.coverage.excluded(formula, formulas):
                continue
            alone = [
                each
                for each, left_out in zip(banned, formulas, strict=True)
                if self.coverage.excluded(formula, [left_out])
            ]
            shown = alone[:1] or banned
            message = f"{_shown(part)} can never be there without what is left out"
            yield Remark(shown[0].at, message, f"Delete it, or {_shown(shown[0])}.")

    def _idle(self, expression: Expression, field: str) -> Iterator[Remark]:
        """Yield the parts of *expression* beside others that make them change nothing."""
        match expression:
            case Scoped(name, part):
                yield from self._idle(part, name)
                return
            case Or(parts):
                yield from self._beside(parts, field, _narrower)
            case And(parts):
                asked = [part for part in parts if not isinstance(part, Not)]
                yield from self._beside(asked, field, _wider)
                banned = [part.part for part in parts if isinstance(part, Not)]
                yield from self._beside(banned, field, _narrower)
            case Several(_, parts):
                yield from self._twice(parts, field)
            case _:
                pass
        for part in parts_of(expression):
            yield from self._idle(part, field)

    def _beside(
        self, parts: Sequence[Expression], field: str, which: Callable[[tuple[int, int]], int]
    ) -> Iterator[Remark]:
        formulas = [self.coverage.formula(part, field) for part in parts]
        pairs = set(self.coverage.pairs(formulas)) if len(parts) > 1 else set()
        said: set[int] = set()
        for pair in sorted(pairs):
            idle = max(pair) if pair[::-1] in pairs else which(pair)
            other = pair[0] + pair[1] - idle
            if idle not in said and other not in said:
                said.add(idle)
                message = f"{_shown(parts[idle])} changes nothing beside {_shown(parts[other])}"
                yield Remark(_at(parts[idle]), message, "Delete it, or see what was meant.")

    def _twice(self, parts: Sequence[Expression], field: str) -> Iterator[Remark]:
        seen: set[object] = set()
        for part in parts:
            formula = self.coverage.formula(part, field)
            if formula in seen:
                message = f"{_shown(part)} stands twice in this list, and counts twice"
                yield Remark(_at(part), message, "Delete one of the two.")
            seen.add(formula)

    def _facts(self, expression: Expression) -> Iterator[Remark]:
        """Yield the languages and tags that no article and no feed can have."""
        if not isinstance(expression, Scoped):
            for part in parts_of(expression):
                yield from self._facts(part)
            return
        for term in terms(expression.part):
            text = getattr(term, "text", "")
            if expression.name == "lang" and text and not _LANGUAGE.fullmatch(text):
                message = f"{clipped(text)} is not the code of a language"
                yield Remark(term.at, message, "Write two letters, as in lang:en or lang:de.")
            elif expression.name == "tag" and text and not self._is_of_tag(text):
                meant = nearest(text, self._tags.values())
                hint = f"Did you mean {meant}?" if meant else "Write it under tags: of a feed."
                yield Remark(term.at, f"no feed has the tag {clipped(text)}", hint)

    def _is_of_tag(self, text: str) -> bool:
        wanted = f" {key(text)}"
        end = "" if text.endswith("*") else " "
        return any(wanted + end in f" {tag} " for tag in self._tags)


def doubts_of_name(name: str) -> Iterator[tuple[str, str]]:
    """Yield what may be meant otherwise in a *name* of an entity, and how to mend it."""
    if found := _OPERATOR_IN_NAME.search(name):
        hint = "Write it in a condition, beside the entity: @ships OR submarin*."
        if found[0] == "=":
            hint = "Move it to exact:, without the =."
        yield f"{found[0]} says nothing in a name: only the words of {clipped(name)} count", hint


def _narrower(pair: tuple[int, int]) -> int:
    return pair[0]


def _wider(pair: tuple[int, int]) -> int:
    return pair[1]


def _at(expression: Expression) -> int:
    """Answer where *expression* begins, as far as its terms tell."""
    return min((term.at for term in terms(expression)), default=getattr(expression, "at", 0))


def _shown(expression: Expression) -> str:
    return clipped(to_text(expression))


def _patterns(condition: Expression) -> Iterator[Remark]:
    """Yield regular expressions that take letters of other scripts for no letters."""
    for term in terms(condition):
        if isinstance(term, Regex) and (found := _ENGLISH_ONLY.search(term.pattern)):
            sign = found[1] or found[2]
            hint = r"Write \pL for a letter of any script, and (^|\PL) or (\PL|$) for \b."
            yield Remark(term.at, f"{sign} knows the English letters only", hint)


def _doubtful_words(read: Sequence[Token]) -> Iterator[tuple[Token, str, str]]:
    """Yield words without quotation marks that may not be meant as they are read."""
    for before, token, after in zip((None, *read), read, (*read[1:], None), strict=False):
        named = before and before.kind is Kind.FIELD and before.text[:-1] in FACTS
        if token.kind not in _READ_AS_TEXT or named or (after and after.kind is Kind.OF):
            continue
        if signed := _WITH_SIGNS.search(token.text):
            word = (signed[1] or signed[2]).lower()
            hint = 'Put it in quotation marks with a word that stands beside it: "C++ compiler".'
            yield token, f"{signed[0]} is read as {word}: its signs are not searched for", hint
        elif token.kind is Kind.WORD:
            number = before and before.kind is Kind.WORD and before.text.isdecimal()
            listed = number and after and after.kind is Kind.OPEN
            yield from ((token, *said) for said in _doubts(token.text, listed=bool(listed)))


def _doubts(word: str, *, listed: bool) -> Iterator[tuple[str, str]]:
    if word in _OPERATORS or (word in ("of", "Of") and listed):
        hint = f'Write {word.upper()}, or "{word}" in quotation marks to search for it.'
        yield f"{word} is searched for as a word here", hint
    elif word in ALSO_WORDS:
        hint = f"Write ={word}, or put it in quotation marks if it may."
        yield f"{word} also finds the word {word.lower()}", hint
    elif word in _EVERYWHERE or (len(word) == 1 and word.isascii()):
        hint = 'Put it in quotation marks, with its neighbours if it has any: "vitamin C".'
        yield f"{word} is found in nearly every text", hint


def _quotes(read: Sequence[Token]) -> Iterator[tuple[Token, str, str]]:
    """Yield marks that look as if they began a phrase elsewhere than they do."""
    opened: Token | None = None
    for before, token in zip((None, *read), read, strict=False):
        after_word = before and before.kind is Kind.WORD and before.end == token.at
        if before and after_word and token.kind is Kind.PHRASE:
            message = f"a phrase begins directly after {clipped(before.text)}"
            hint = "See whether a quotation mark is missing before it, or put a space there."
            yield token, message, hint
        if token.kind is not Kind.WORD:
            continue
        if token.text[0] in _OPENS and token.text[-1] not in _CLOSES:
            opened = token
        elif opened and token.text[-1] in _CLOSES and token.text[0] not in _OPENS:
            message = f"{opened.text[0]} does not begin a phrase, so its words are searched apart"
            yield opened, message, 'Write double quotation marks: "Pillar 2".'
            opened = None


def _mixed(read: Sequence[Token]) -> Iterator[tuple[Token, str, str]]:
    """Yield each OR that stands beside an AND, written or not, without parentheses."""
    before: Kind | None = None
    levels: list[dict[Kind, Token]] = [{}]
    for token in read:
        if token.kind in (Kind.AND, Kind.OR):
            levels[-1].setdefault(token.kind, token)
        elif token.kind is Kind.COMMA:
            yield from _mixed_level(levels.pop())
            levels.append({})
        elif token.kind not in _INSIDE and before in TERMS | {Kind.CLOSE}:
            levels[-1].setdefault(Kind.AND, token)
        if token.kind is Kind.OPEN:
            levels.append({})
        elif token.kind is Kind.CLOSE:
            yield from _mixed_level(levels.pop())
        before = before if token.kind is Kind.LEAST else token.kind
    yield from _mixed_level(levels.pop())


def _mixed_level(joins: dict[Kind, Token]) -> Iterator[tuple[Token, str, str]]:
    if len(joins) == len((Kind.AND, Kind.OR)):
        hint = "AND goes first: write parentheses, as in (a AND b) OR c, or a AND (b OR c)."
        yield joins[Kind.OR], "OR and AND stand side by side", hint
