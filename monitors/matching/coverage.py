"""Which conditions hold wherever another one does, and which can never hold.

What is claimed here is true of every article; what is not understood is not claimed. Words
and names are compared, so `"toy boat"` holds only where `boat` does, and `submarin*` wherever
`submarine` does. Other terms are only ever equal to themselves.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import TypeAlias

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
    Word,
)
from monitors.terms.entity import Entity
from monitors.terms.evidence import Field
from monitors.terms.wanted import Name, is_plain, names_of, names_of_aliases

_PLACE = re.compile(r", at=\d+")
_OF_ENTITY = "@"  # its spellings stand for themselves, while initials after = may have dots
_PARTS = frozenset(part.value for part in Field)
# Of comparing two conditions, and of conditions that one is compared with; then nothing is
# claimed of the rest.
_MOST_STEPS = 2_000
_MOST_COMPARED = 60


@dataclass(frozen=True, slots=True, order=True)
class _Name:
    """Words that follow one another, each with whether it may go on; *exact* if so spelled."""

    words: tuple[tuple[str, bool], ...]
    exact: str = ""

    def covers(self, other: "_Name", *, at_start: bool) -> bool:
        """Answer whether this name stands wherever *other* does."""
        spelled = other.exact.removeprefix(_OF_ENTITY)
        if self.exact or (spelled.isalpha() and spelled.isupper()):
            # Initials may have dots, and are another word then.
            return self == other
        last = 0 if at_start else len(other.words) - len(self.words)
        return len(self.words) <= len(other.words) and any(
            all(map(_covers, self.words, other.words[first:])) for first in range(last + 1)
        )


@dataclass(frozen=True, slots=True)
class Atom:
    """A term, found where one of *names* stands so many *times*, in a *part* or anywhere.

    Attributes:
        narrowed: what else has to be so, if anything; only the very same is known to be so.
    """

    names: tuple[_Name, ...]
    part: str = ""
    times: int = 1
    narrowed: Expression | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """Parts that stand close to one another."""

    parts: tuple["Formula", ...]
    links: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class _Not:
    """An `Atom` or a `_Row` that is not there."""

    what: "Atom | _Row"


@dataclass(frozen=True, slots=True)
class _Some:
    """A number of *parts* holds, or more; in the order of what they say, each once."""

    number: int
    parts: tuple["Formula", ...]
    every: bool = False


Formula: TypeAlias = Atom | _Row | _Not | _Some


def _covers(one: tuple[str, bool], other: tuple[str, bool]) -> bool:
    word, goes_on = one
    return other[0].startswith(word) if goes_on else one == other


class Coverage:
    """Compares conditions that speak of the same entities."""

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._entities = entities

    def formula(self, expression: Expression, part: str = "", *, wanted: bool = True) -> Formula:
        """Answer *expression* in a form in which equal conditions are equal."""
        match expression:
            case Not(inner):
                return self.formula(inner, part, wanted=not wanted)
            case Scoped(name, inner):
                return self.formula(inner, name, wanted=wanted)
            case And(parts) | Or(parts) | Several(_, parts):
                number = {And: len(parts), Or: 1}.get(type(expression), 0)
                if isinstance(expression, Several):
                    number = expression.number
                read = [self.formula(each, part, wanted=wanted) for each in parts]
                return _some(number if wanted else len(parts) - number + 1, read)
            case _:
                found = self._found(expression, part)
                return found if wanted else _Not(found)

    def implies(self, one: Formula, other: Formula) -> bool:
        """Answer whether *other* certainly holds wherever *one* does."""
        return _Comparison().implies(one, other)

    def pairs(self, formulas: Sequence[Formula]) -> Iterator[tuple[int, int]]:
        """Yield pairs of different *formulas*, by their places: the second one covers the first.

        Not all of them are found, but what is yielded is so; equal ones are paired with the
        first of them. Takes time for each formula, and not for each pair.
        """
        first: dict[Formula, int] = {}
        for number, formula in enumerate(formulas):
            if first.setdefault(formula, number) != number:
                yield from ((number, first[formula]), (first[formula], number))
        gates = _Gates(formulas)
        for number, formula in enumerate(formulas):
            for other in gates.candidates(number):
                if formula != formulas[other] and self.implies(formula, formulas[other]):
                    yield number, other

    def never(self, formula: Formula) -> bool:
        """Answer whether *formula* certainly holds for no article."""
        match formula:
            case Atom():
                return not formula.names and formula.narrowed is None
            case _Row(parts):
                return any(map(self.never, parts))
            case _Some(number, parts):
                if sum(not self.never(part) for part in parts) < number:
                    return True
                banned = [part.what for part in parts if isinstance(part, _Not)]
                return formula.every and any(self.excluded(part, banned) for part in parts)
            case _:
                return False

    def excluded(self, formula: Formula, banned: Sequence[Formula]) -> bool:
        """Answer whether *formula* certainly never holds without one of *banned*."""
        match formula:
            case _Some(number, parts):
                return sum(not self.excluded(part, banned) for part in parts) < number
            case _Not():
                return False
            case _:
                return any(self.implies(formula, other) for other in banned)

    def _found(self, expression: Expression, part: str) -> Atom | _Row:
        match expression:
            case Near(parts, links):
                return _Row(tuple(self.formula(each, part) for each in parts), links)
            case Repeated(term, times):
                found = self._found(term, part)
                if isinstance(found, Atom) and found.times == 1:
                    return Atom(found.names, part, times, found.narrowed)
            case Word() | Phrase():
                # No language is written in one word, as other words with a hyphen may be.
                most = 1 if part == "lang" else None
                names = list(map(_name, islice(names_of(expression), most)))
                if names and (known := [name for name in names if name]) == names:
                    return Atom(tuple(sorted(known)), part)
            case Exact(text):
                if name := _spelled(text):
                    return Atom((name,), part)
            case EntityName(name):
                return self._entity(expression, self._entities.get(name, Entity(name=name)), part)
            case _:
                pass
        return Atom((), part, narrowed=expression)

    @staticmethod
    def _entity(expression: EntityName, entity: Entity, part: str) -> Atom:
        plain = Entity(name=entity.name, names=entity.names, exact=entity.exact)
        names = {name for each in names_of_aliases(entity.names) if (name := _name(each))}
        names |= {name for alias in entity.exact if (name := _spelled(alias, _OF_ENTITY + alias))}
        if entity == plain:
            return Atom(tuple(sorted(names)), part)
        more = entity.parts or entity.by_language
        return Atom(() if more else tuple(sorted(names)), part, narrowed=expression)


@dataclass(slots=True)
class _Comparison:
    """Compares two conditions, and gives up when that takes too long."""

    steps: int = 0
    # By their ids: they outlive the comparison, and their hashes take long.
    known: dict[tuple[int, int], bool] = field(default_factory=dict)

    def implies(self, one: Formula, other: Formula) -> bool:
        """Answer whether *other* certainly holds wherever *one* does."""
        if one == other:
            return True
        self.steps += 1
        if self.steps > _MOST_STEPS:
            return False
        pair = id(one), id(other)
        known = self.known.get(pair)
        if known is None:
            known = self.known[pair] = self._implies(one, other)
        return known

    def _implies(self, one: Formula, other: Formula) -> bool:
        if isinstance(one, _Some) and one.number == 1:
            return all(self.implies(part, other) for part in one.parts)
        if isinstance(other, _Some) and other.every:
            return all(self.implies(one, part) for part in other.parts)
        return self._by_parts(one, other) or self._directly(one, other)

    def _by_parts(self, one: Formula, other: Formula) -> bool:
        if isinstance(one, _Some):
            if isinstance(other, _Some) and one.parts == other.parts:
                return one.number >= other.number
            # Of any this many parts, one holds.
            enough = len(one.parts) - one.number + 1
            if sum(self.implies(part, other) for part in one.parts) >= enough:
                return True
        if isinstance(one, _Row) and any(self.implies(part, other) for part in one.parts):
            return True
        return isinstance(other, _Some) and (
            sum(self.implies(one, part) for part in other.parts) >= other.number
        )

    def _directly(self, one: Formula, other: Formula) -> bool:
        match one, other:
            case Atom(), Atom():
                return _stands_in(one, other)
            case _Row(), _Row():
                return one.parts == other.parts and all(map(_is_wider, one.links, other.links))
            case _Not(), _Not():
                return self.implies(other.what, one.what)
            case _:
                return False


def _stands_in(one: Atom, other: Atom) -> bool:
    """Answer whether the term *other* is found wherever *one* is."""
    if not one.names or (other.part != one.part and (other.part or one.part not in _PARTS)):
        return False
    same = (other.names, other.narrowed) == (one.names, one.narrowed)
    if same or other.narrowed is not None or other.times > 1:
        return same and other.times <= one.times
    return all(
        any(name.covers(each, at_start=one.part == "lang") for name in other.names)
        for each in one.names
    )


def _is_wider(one: Link, other: Link) -> bool:
    if one.words is None or other.words is None:
        return one == other
    return one.words <= other.words and one.ordered >= other.ordered


def _name(name: Name) -> _Name | None:
    """Answer *name* as it is compared; None if that is not known of it."""
    read = tuple((word.removesuffix("*"), word.endswith("*")) for word in name.words)
    return _Name(read) if all(word and is_plain(word) for word, _ in read) else None


def _spelled(text: str, exact: str = "") -> _Name | None:
    """Answer what *text* looks for in its very spelling, without the dots of initials."""
    name = next((_name(each) for each in names_of(Exact(text))), None)
    return name and replace(name, exact=exact or text)


def _some(number: int, parts: Iterable[Formula]) -> Formula:
    read = list(parts)
    kind = {len(read): "every", 1: "any"}.get(number)
    if kind:
        # The same again changes nothing, and neither does another order.
        inner = (
            part.parts
            if isinstance(part, _Some)
            and part.every == (kind == "every")
            and len(part.parts) > 1
            and (part.every or part.number == 1)
            else (part,)
            for part in read
        )
        read = list(dict.fromkeys(chain.from_iterable(inner)))
        number = len(read) if kind == "every" else 1
    if len(read) == 1:
        return read[0]
    return _Some(number, tuple(sorted(read, key=_order)), every=number == len(read))


def _order(formula: Formula) -> str:
    return _PLACE.sub("", repr(formula))


class _Gates:
    """Finds the few formulas that may cover another one, by words.

    Each formula has words of which an article must have one. An article that was made to fit
    a formula has to fit those that cover it: only they can whose word it has.
    """

    def __init__(self, formulas: Sequence[Formula]) -> None:
        self._witnesses = [tuple(dict.fromkeys(_witness(formula))) for formula in formulas]
        self._commonness = Counter(chain.from_iterable(self._witnesses))
        self._whole: dict[str, list[int]] = {}
        self._begun: dict[str, list[int]] = {}
        for number, formula in enumerate(formulas):
            for word, goes_on in sorted(self._gate(formula) or ()):
                (self._begun if goes_on else self._whole).setdefault(word, []).append(number)
        self._lengths = sorted({len(word) for word in self._begun})

    def candidates(self, number: int) -> Iterable[int]:
        """Answer which formulas may cover the one with that *number*."""
        found: dict[int, None] = {}
        for word in sorted(self._witnesses[number], key=self._commonness.__getitem__):
            found |= dict.fromkeys(self._whole.get(word, ())[:_MOST_COMPARED])
            for length in self._lengths:
                begun = self._begun.get(word[:length], ()) if length <= len(word) else ()
                found |= dict.fromkeys(begun[:_MOST_COMPARED])
            if len(found) > _MOST_COMPARED:
                break
        return found

    def _gate(self, formula: Formula) -> frozenset[tuple[str, bool]] | None:
        match formula:
            case Atom(names) if names:
                return frozenset(min(name.words, key=self._rarity) for name in names if name.words)
            case _Row(parts):
                return self._rarest(parts, 1)
            case _Some(number, parts):
                return self._rarest(parts, len(parts) - number + 1)
            case _:
                return None

    def _rarest(self, parts: Sequence[Formula], enough: int) -> frozenset[tuple[str, bool]] | None:
        gates = [gate for part in parts if (gate := self._gate(part)) is not None]
        gates.sort(key=lambda gate: (sum(self._rarity(word)[0] for word in gate), sorted(gate)))
        return frozenset().union(*gates[:enough]) if len(gates) >= enough else None

    def _rarity(self, word: tuple[str, bool]) -> tuple[int, int]:
        return self._commonness[word[0]], -len(word[0])


def _witness(formula: Formula) -> Iterator[str]:
    """Yield words of a text for which *formula* holds, if words alone can make it hold."""
    match formula:
        case Atom(names) if names:
            yield from (word for word, _ in names[0].words)
        case _Row(parts):
            for part in parts:
                yield from _witness(part)
        case _Some(number, parts):
            for part in parts[:number]:
                yield from _witness(part)
