"""From the tree of a condition to what an index needs to find it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import TypeAlias

from monitors.language.expression import (
    And,
    Expression,
    Near,
    Not,
    Or,
    Scoped,
    Score,
    Several,
    is_term,
)
from monitors.matching.checks import AtLeast, Beside, Check, Every, Finds, Has, Lacks, Points
from monitors.matching.evaluation import MAX_COUNTED, speaks
from monitors.matching.features import Feature, Features, fact
from monitors.terms.wanted import (
    ANY_WORD,
    FACTS,
    Counted,
    Leaf,
    Name,
    Naming,
    Nearby,
    Pattern,
    Published,
    Scattered,
    Sought,
    Terms,
    Wanted,
    is_plain,
    plain_words,
)

Clause: TypeAlias = tuple[Feature, ...]
"""Features of which an article has one, if something holds."""

MOST_ALONE = 4
"""A larger clause is found by one feature that stands for all of it."""
MOST_WAYS = 16


@dataclass(frozen=True, slots=True)
class Way:
    """Two features, which may be one, and what else has to be so for a condition to hold."""

    anchor: int
    second: int
    check: Check | None = None


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition as an index takes it.

    Attributes:
        ways: it holds if one of them does.
        always: if it has no ways, what is asked of every article.
        speaking: features that may say that something speaks for it.
        speaks_unseen: whether something may speak for it that no feature tells.
        features: all that have to be looked for.
    """

    ways: tuple[Way, ...]
    always: Check | None
    speaking: frozenset[int]
    speaks_unseen: bool
    features: frozenset[int]


@dataclass(slots=True)
class _Part:
    """A part of a condition.

    Attributes:
        clauses: needed for it to hold; the rarest first.
        check: what is needed besides.
        sides: if it is an OR, the parts of which one is needed.
    """

    clauses: list[Clause] = field(default_factory=list)
    check: Check | None = None
    sides: tuple["_Part", ...] = ()


class Compiler:
    """Breaks one condition up into ways, by the features that make it rare."""

    def __init__(self, features: Features, terms: Terms) -> None:
        self._features = features
        self._terms = terms
        self._used: set[int] = set()
        self._speaking: set[int] = set()
        self._speaks_unseen = False

    def compile(self, condition: Expression) -> Compiled:
        """Answer *condition* as an index takes it."""
        part = self._read(condition, "", wanted=True)
        ways = self._ways(part)
        return Compiled(
            ways or (),
            self._whole(part) if ways is None else None,
            frozenset(self._speaking),
            self._speaks_unseen,
            frozenset(self._used),
        )

    def _read(self, expression: Expression, scope: str, *, wanted: bool) -> _Part:
        # NOT is pushed down to the terms, so that every other part only ever speaks for a rule.
        match expression:
            case Not(part):
                return self._read(part, scope, wanted=not wanted)
            case Scoped(name, part):
                return self._read(part, name, wanted=wanted)
            case And(parts) | Or(parts):
                read = [self._read(part, scope, wanted=wanted) for part in parts]
                return self._all(read) if isinstance(expression, And) == wanted else self._any(read)
            case Several(number, parts):
                read = [self._read(part, scope, wanted=wanted) for part in parts]
                return self._some(number if wanted else len(parts) - number + 1, read)
            case Score():
                return self._score(expression, scope, wanted=wanted)
            case _:
                return self._leaf(expression, scope, wanted=wanted)

    def _leaf(self, leaf: Leaf, scope: str, *, wanted: bool) -> _Part:
        if wanted and not scope and (plain := plain_words(leaf)):
            # Most rules are made of these: what follows would come to the same.
            feature = plain[0] if len(plain) == 1 else plain
            self._speaking.update(self._numbers((feature,)))
            return _Part([(feature,)])
        if wanted and not scope and isinstance(leaf, Near) and (beside := _beside(leaf)):
            self._speaking.update(self._numbers((beside.one, beside.other)))
            return _Part(self._sorted([(beside.one,), (beside.other,)]), beside)
        one = self._terms.wanted(leaf, scope)
        clauses, sure = self._clauses(one)
        if wanted:
            if speaks(one):
                # The neighbours of NEAR speak for it one by one.
                for clause in clauses if isinstance(one, Nearby) else clauses[:1]:
                    self._speaking.update(self._numbers(clause))
                self._speaks_unseen = self._speaks_unseen or not clauses
            return _Part(self._sorted(clauses), None if sure else Finds(one))
        return _Part(check=Lacks(self._numbers(clauses[0])) if sure else Finds(one, out=True))

    def _all(self, parts: Sequence[_Part]) -> _Part:
        clauses = dict.fromkeys(clause for part in parts for clause in part.clauses)
        checks = [part.check for part in parts if part.check]
        lacking = tuple(each for one in checks if isinstance(one, Lacks) for each in one.features)
        checks = [one for one in checks if not isinstance(one, Lacks)]
        if lacking:
            checks.insert(0, Lacks(lacking))
        return _Part(self._sorted(clauses), _every(checks))

    def _any(self, parts: Sequence[_Part]) -> _Part:
        if all(len(part.clauses) == 1 and part.check is None for part in parts):
            return _Part([tuple({each: None for part in parts for each in part.clauses[0]})])
        sides = tuple(side for part in parts for side in part.sides or (part,))
        return _Part(
            self._firsts(parts, len(parts)),
            AtLeast(1, tuple(self._whole(part) for part in parts)),
            sides,
        )

    def _some(self, number: int, parts: Sequence[_Part]) -> _Part:
        if number == len(parts):
            return self._all(parts)
        if number == 1:
            return self._any(parts)
        # Of any this many parts, one holds; the rarest will do.
        return _Part(
            self._firsts(parts, len(parts) - number + 1),
            AtLeast(number, tuple(self._whole(part) for part in parts)),
        )

    def _score(self, score: Score, scope: str, *, wanted: bool) -> _Part:
        parts, counted, needed = [], [], []
        for weight in score.weights:
            read = self._read(weight.part, scope, wanted=True)
            if weight.each and is_term(weight.part):
                one = self._terms.wanted(weight.part, scope)
                assert isinstance(one, Sought | Scattered | Pattern), "only terms are counted"
                counted.append((one, weight.points))
            else:
                parts.append((self._whole(read), weight.points))
            if weight.points > 0:
                needed.append((read, weight.points * (MAX_COUNTED if weight.each else 1)))
        check = Points(score.least, tuple(parts), tuple(counted), out=not wanted)
        if not wanted:
            return _Part(check=check)
        # What cannot reach the threshold by itself needs not be looked for: the commonest first.
        needed.sort(key=lambda each: -self._rarity(each[0]))
        spare = score.least
        while needed and needed[0][1] < spare:
            spare -= needed.pop(0)[1]
        return _Part(self._firsts([read for read, _ in needed], len(needed)), check)

    def _firsts(self, parts: Sequence[_Part], number: int) -> list[Clause]:
        """Answer the clause of which one feature is there if one of any *number* of parts holds."""
        firsts = self._sorted(part.clauses[0] for part in parts if part.clauses)
        if len(firsts) < number:
            return []
        return [tuple(dict.fromkeys(each for clause in firsts[:number] for each in clause))]

    def _rarity(self, part: _Part) -> float:
        return self._share(part.clauses[0]) if part.clauses else 1.0

    def _ways(self, part: _Part) -> tuple[Way, ...] | None:
        """Answer the ways in which *part* can hold; None if it can without any feature."""
        sides = [self._ways(side) for side in part.sides]
        if sides and None not in sides:
            ways = [way for side in sides for way in side or ()]
            if len(ways) <= MOST_WAYS:
                return tuple(ways)
        if not part.clauses:
            return None
        first, second = (*part.clauses, part.clauses[0])[:2]
        check = self._rest(part, part.clauses[2:])
        ones, others = self._short(first), self._short(second)
        if first == second:
            return tuple(Way(each, each, check) for each in ones)
        return tuple(Way(one, other, check) for one, other in product(ones, others))

    def _whole(self, part: _Part) -> Check:
        """Answer all that is needed for *part*, as one check."""
        return self._rest(part, part.clauses) or Every(())

    def _rest(self, part: _Part, clauses: Sequence[Clause]) -> Check | None:
        """Answer what is needed for *part*, but of its clauses only *clauses*."""
        checks: list[Check] = [Has(self._numbers(clause)) for clause in clauses]
        return _every([*checks, part.check] if part.check else checks)

    def _short(self, clause: Clause) -> tuple[int, ...]:
        if len(clause) > MOST_ALONE:
            clause = (self._features.group(clause),)
        return self._numbers(clause)

    def _numbers(self, clause: Clause) -> tuple[int, ...]:
        numbers = tuple(map(self._features.number, clause))
        self._used.update(numbers)
        return numbers

    def _clauses(self, one: Wanted) -> tuple[list[Clause], bool]:
        """Answer what has to be there for *one* to be found, and whether that is all."""
        match one:
            case Published() | Pattern():
                return [], False
            case Counted(what):
                return self._clauses(what)[0], False
            case Scattered(words, _, scope):
                return [(each,) for each in _word_features(words, scope)], False
            case Nearby(sides):
                return [clause for side in sides for clause in self._side(side)], False
            case Sought(namings, scope):
                return self._sought(namings, scope)

    def _side(self, side: tuple[Sought | Scattered, ...]) -> list[Clause]:
        if len(side) == 1:
            return self._clauses(side[0])[0]
        inner = [_Part(self._sorted(self._clauses(one)[0])) for one in side]
        return self._firsts(inner, len(inner))

    def _sought(self, namings: tuple[Naming, ...], scope: str) -> tuple[list[Clause], bool]:
        names = [name for naming in namings for name in naming.names]
        sure = (
            all(_is_sure(name, scope) for name in names)
            and (not scope or scope in FACTS)
            and not any(naming.exceptions or naming.company or naming.lang for naming in namings)
        )
        found = [self._name(name, scope) for name in names]
        if len(found) == 1:
            return [(each,) for each in found[0]], sure
        if not all(found):
            return [], False
        return [tuple(dict.fromkeys(features[0] for features in found))], sure

    def _name(self, name: Name, scope: str) -> list[Feature]:
        """Answer features that are there wherever *name* is, at most two, the rarest first."""
        if len(name.words) == 1 and scope not in FACTS:
            return [name.words[0]]
        found = list(_name_features(name.words, scope))
        return sorted(found, key=self._features.share)[:2] if len(found) > 1 else found

    def _sorted(self, clauses: Iterable[Clause]) -> list[Clause]:
        listed = list(clauses)
        return sorted(listed, key=self._share) if len(listed) > 1 else listed

    def _share(self, clause: Clause) -> float:
        share = self._features.share
        return share(clause[0]) if len(clause) == 1 else sum(map(share, clause))


def _beside(row: Near) -> Beside | None:
    """Answer the check of a row of NEAR that is one plain word beside another."""
    words = [plain[0] for part in row.parts if (plain := _plain_word(part))]
    (link, *more) = row.links
    if more or link.words is None or len(words) != len(row.parts):
        return None
    return Beside(words[0], words[1], link)


def _plain_word(part: Expression) -> tuple[str] | None:
    plain = plain_words(part) if is_term(part) else None
    return plain if plain and len(plain) == 1 else None


def _is_sure(name: Name, scope: str) -> bool:
    """Answer whether the one feature of *name* says that it is there."""
    words = name.words
    if name.exact is not None:
        return False
    if scope in FACTS:
        return len(words) == 1 and is_plain(words[0])
    return len(words) == 1 or (len(words) == 2 and is_plain(words[0]) and is_plain(words[1]))  # noqa: PLR2004 - pairs


def _name_features(words: tuple[str, ...], scope: str) -> Iterator[Feature]:
    if scope in FACTS:
        yield from _word_features(words, scope)
        return
    plain = [is_plain(word) for word in words]
    for at, word in enumerate(words):
        if plain[at] and at + 1 < len(words) and plain[at + 1]:
            yield word, words[at + 1]
        elif word != ANY_WORD and not (plain[at] and at and plain[at - 1]):
            yield word


def _word_features(words: tuple[str, ...], scope: str) -> Iterator[Feature]:
    for word in words:
        if scope in FACTS:
            yield fact(scope, word if is_plain(word) else "")
        elif word != ANY_WORD:
            yield word


def _every(checks: list[Check]) -> Check | None:
    if not checks:
        return None
    return checks[0] if len(checks) == 1 else Every(tuple(checks))
