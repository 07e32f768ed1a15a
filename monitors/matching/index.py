"""Which of all rules an article can concern: words to terms, terms to rules.

Every distinct term of a rulebook has a number and is looked for once in an article, and
only if its longest word is there. The numbers of the terms that were found then lead to rules
in two ways, so that the rules that share nothing with the article are never looked at:

* by their anchors: terms of which a rule needs at least one in order to hold, the rarest such
  set (the best part of an AND, one of every side of an OR);
* by all the terms that speak for them: a rule that holds in part has one of those, but
  perhaps none of its anchors.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import IntEnum
from typing import TypeAlias

from monitors.language.expression import (
    And,
    Expression,
    Near,
    Not,
    Or,
    Repeated,
    Scoped,
    Several,
    Term,
)
from monitors.matching.entity import Entity
from monitors.matching.terms import FACTS, SETTLED, Counted, Reading, Wanted, nearby, sought

Found = AbstractSet[int]
"""The numbers of the terms that an article has."""


class Progress(IntEnum):
    """How far a condition that does not hold has come, if more text may follow."""

    NEVER = 0
    """Something that must be left out is there: no more text can mend that."""
    OPEN = 1
    PARTIAL = 2
    """Something that speaks for it is there already."""


@dataclass(frozen=True, slots=True)
class All:
    """Every one of *needed*, none of *banned*, and every one of *groups*.

    Attributes:
        speaking: terms of which any speaks for it: the needed ones without those about the
            article's outlet and the like, and, for a row of NEAR, those in the row.
        settled: needed terms that no more text can bring, such as those of a title.
    """

    needed: frozenset[int] = frozenset()
    banned: frozenset[int] = frozenset()
    groups: tuple["Any | Some", ...] = ()
    speaking: frozenset[int] = frozenset()
    settled: frozenset[int] = frozenset()

    def holds(self, found: Found) -> bool:
        """Answer whether it holds for an article that has the terms *found*."""
        return (
            self.needed <= found
            and self.banned.isdisjoint(found)
            and all(group.holds(found) for group in self.groups)
        )

    def progress(self, found: Found) -> Progress:
        """Answer what could become of it."""
        if not self.banned.isdisjoint(found) or (self.settled and not self.settled <= found):
            return Progress.NEVER
        best = Progress.OPEN if self.speaking.isdisjoint(found) else Progress.PARTIAL
        for group in self.groups:
            step = group.progress(found)
            if step is Progress.NEVER:
                return step
            if step is Progress.PARTIAL:
                best = step
        return best

    def proof(self, found: Found) -> Iterator[int]:
        """Yield the terms that make it hold, which it does."""
        yield from self.needed
        for group in self.groups:
            yield from group.proof(found)

    def speakers(self) -> Iterator[int]:
        """Yield every term that can speak for it."""
        yield from self.speaking
        for group in self.groups:
            yield from group.speakers()


@dataclass(frozen=True, slots=True)
class Any:
    """At least one of *options* or of *groups*."""

    options: frozenset[int]
    groups: tuple["All | Some", ...]

    def holds(self, found: Found) -> bool:
        """Answer whether it holds for an article that has the terms *found*."""
        return not self.options.isdisjoint(found) or any(
            group.holds(found) for group in self.groups
        )

    def progress(self, found: Found) -> Progress:
        """Answer what could become of it."""
        if not self.options.isdisjoint(found):
            return Progress.PARTIAL
        best = Progress.OPEN if self.options else Progress.NEVER
        for group in self.groups:
            step = group.progress(found)
            if step is Progress.PARTIAL:
                return step
            if step is Progress.OPEN:
                best = step
        return best

    def proof(self, found: Found) -> Iterator[int]:
        """Yield the terms that make it hold, which it does."""
        yield from self.options & found
        for group in self.groups:
            if group.holds(found):
                yield from group.proof(found)

    def speakers(self) -> Iterator[int]:
        """Yield every term that can speak for it."""
        yield from self.options
        for group in self.groups:
            yield from group.speakers()


@dataclass(frozen=True, slots=True)
class Some:
    """A number of *groups*, *least*, or more."""

    least: int
    groups: tuple["All | Any | Some", ...]

    def holds(self, found: Found) -> bool:
        """Answer whether it holds for an article that has the terms *found*."""
        return sum(group.holds(found) for group in self.groups) >= self.least

    def progress(self, found: Found) -> Progress:
        """Answer what could become of it."""
        steps = [group.progress(found) for group in self.groups]
        open_ones = len(steps) - steps.count(Progress.NEVER)
        return max(steps) if open_ones >= self.least else Progress.NEVER

    def proof(self, found: Found) -> Iterator[int]:
        """Yield the terms that make it hold, which it does."""
        for group in self.groups:
            if group.holds(found):
                yield from group.proof(found)

    def speakers(self) -> Iterator[int]:
        """Yield every term that can speak for it."""
        for group in self.groups:
            yield from group.speakers()


Node: TypeAlias = All | Any | Some


class Terms:
    """The distinct terms of any number of conditions, numbered from 0.

    Attributes:
        sought: what each looks for, by number.
    """

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self._entities = entities
        self._numbers: dict[Wanted, int] = {}
        self.sought: list[Wanted] = []

    def condition(self, expression: Expression) -> All:
        """Answer *expression* over the numbers of its terms."""
        return _all([self._read(expression, wanted=True)])

    def _read(self, expression: Expression, field: str = "", *, wanted: bool) -> Node:
        # NOT is pushed down to the terms, so that every other part only ever speaks for a rule.
        match expression:
            case Not(part):
                return self._read(part, field, wanted=not wanted)
            case Scoped(name, part):
                return self._read(part, name, wanted=wanted)
            case And(parts) | Or(parts):
                read = [self._read(part, field, wanted=wanted) for part in parts]
                return _all(read) if isinstance(expression, And) == wanted else _any(read)
            case Several(least, parts):
                groups = tuple(self._read(part, field, wanted=wanted) for part in parts)
                return Some(least if wanted else len(parts) - least + 1, groups)
            case _:
                return self._found(expression, field, wanted=wanted)

    def _found(self, one: Near | Repeated | Term, field: str, *, wanted: bool) -> All:
        match one:
            case Near():
                row = nearby(one, self._entities, field)
                inside = [self._number(each) for side in row.sides for each in side]
                return self._single(row, inside, field, wanted=wanted)
            case Repeated(term, times):
                counted = Counted(sought(term, self._entities, field), times)
                inside = [self._number(counted.what)]
                return self._single(counted, inside, field, wanted=wanted)
            case _:
                return self._single(sought(one, self._entities, field), (), field, wanted=wanted)

    def _single(self, one: Wanted, inside: Iterable[int], field: str, *, wanted: bool) -> All:
        number = frozenset((self._number(one),))
        if not wanted:
            return All(banned=number)
        speaking = frozenset() if field in FACTS else number.union(inside)
        settled = number if field in SETTLED else frozenset()
        return All(number, speaking=speaking, settled=settled)

    def _number(self, wanted: Wanted) -> int:
        number = self._numbers.setdefault(wanted, len(self.sought))
        if number == len(self.sought):
            self.sought.append(wanted)
        return number


def _all(parts: Sequence[Node]) -> All:
    alls = [part for part in parts if isinstance(part, All)]
    inner = (group for part in alls for group in part.groups)
    needed = frozenset[int]().union(*(part.needed for part in alls))
    speaking = frozenset[int]().union(*(part.speaking for part in alls))
    return All(
        needed,
        frozenset().union(*(part.banned for part in alls)),
        (*inner, *(part for part in parts if not isinstance(part, All))),
        needed if speaking == needed else speaking,  # most rules share one set: half the memory
        frozenset().union(*(part.settled for part in alls)),
    )


def _any(parts: Sequence[Node]) -> Any:
    options: set[int] = set()
    groups: list[All | Some] = []
    for part in parts:
        if isinstance(part, Any):
            options |= part.options
            groups += part.groups
        elif isinstance(part, Some):
            groups.append(part)
        elif part == All(part.needed, speaking=part.needed) and len(part.needed) == 1:
            options |= part.needed
        else:
            groups.append(part)
    return Any(frozenset(options), tuple(groups))


class _Cues:
    """Words that tell which terms to look for, in the text or in another place."""

    def __init__(self) -> None:
        self._by_word: dict[str, list[int]] = {}
        self._by_beginning: dict[str, list[int]] = {}
        self._lengths: list[int] = []
        # A cue that is all of what a term looks for needs no second look.
        self._sure: dict[str, list[int]] = {}

    def add(self, number: int, wanted: Wanted) -> None:
        """Take the cues of the term *number*."""
        whole = wanted.single_words()
        for word in whole:
            self._sure.setdefault(word, []).append(number)
        for word, begins in wanted.cues() - {(word, False) for word in whole}:
            if begins and len(word) not in self._lengths:
                self._lengths = sorted((*self._lengths, len(word)))
            numbers = self._by_beginning if begins else self._by_word
            numbers.setdefault(word, []).append(number)

    def given(self, there: AbstractSet[str]) -> tuple[set[int], set[int]]:
        """Answer the terms that are found if the words *there* are, and those that may be."""
        sure = {term for word in there & self._sure.keys() for term in self._sure[word]}
        likely = {term for word in there & self._by_word.keys() for term in self._by_word[word]}
        for word in there if self._lengths else ():
            for length in self._lengths:
                if length > len(word):
                    break
                likely.update(self._by_beginning.get(word[:length], ()))
        return sure, likely


class Index:
    """The conditions of all rules, found by the words of an article.

    Attributes:
        conditions: in the order of the rules; everything else speaks of their numbers.
        terms: what they look for.
    """

    def __init__(self, expressions: Iterable[Expression], entities: Mapping[str, Entity]) -> None:
        self.terms = Terms(entities)
        self.conditions = tuple(self.terms.condition(each) for each in expressions)
        self._cues: dict[str, _Cues] = {}
        for number, wanted in enumerate(self.terms.sought):
            place = wanted.field if wanted.field in FACTS else ""
            self._cues.setdefault(place, _Cues()).add(number, wanted)
        commonness = [each.commonness() for each in self.terms.sought]
        self._anchored: dict[int, list[int]] = {}
        self._spoken_for: dict[int, list[int]] = {}
        for rule, condition in enumerate(self.conditions):
            anchors = _anchors(condition, commonness) or frozenset()
            for term in anchors:
                self._anchored.setdefault(term, []).append(rule)
            for term in anchors.union(condition.speakers()):
                self._spoken_for.setdefault(term, []).append(rule)

    def found(self, reading: Reading) -> set[int]:
        """Answer the numbers of the terms that the article has."""
        found: set[int] = set()
        for place, cues in self._cues.items():
            sure, likely = cues.given(reading.words(place))
            found |= sure
            found.update(term for term in likely - sure if reading.has(self.terms.sought[term]))
        return found

    def may_hold(self, found: Found) -> set[int]:
        """Answer the rules of which an anchor was *found*: all that hold, and few others."""
        return {rule for term in found for rule in self._anchored.get(term, ())}

    def concerned(self, found: Found) -> set[int]:
        """Answer the rules for which a term speaks or stands: all that hold or are partial."""
        return {rule for term in found for rule in self._spoken_for.get(term, ())}


def _anchors(condition: Node, commonness: Sequence[float]) -> frozenset[int] | None:
    """Answer terms of which the condition needs at least one, rare ones; None if there are none.

    There are none where it holds for an empty article, which the grammar refuses for a rule.
    """
    inner = [_anchors(group, commonness) for group in condition.groups]
    if isinstance(condition, Some):
        # Of any this many groups, one holds; the best ones will do.
        enough = len(inner) - condition.least + 1
        sides = sorted(
            (side for side in inner if side is not None),
            key=lambda terms: (sum(commonness[term] for term in terms), sorted(terms)),
        )
        return frozenset().union(*sides[:enough]) if len(sides) >= enough else None
    if isinstance(condition, Any):
        sides = [side for side in inner if side is not None]
        return condition.options.union(*sides) if len(sides) == len(inner) else None
    choices = [frozenset((term,)) for term in condition.needed]
    choices += [choice for choice in inner if choice is not None]
    if not choices:
        return None
    # The numbers of the terms decide between equals: a rulebook always makes the same index.
    return min(choices, key=lambda terms: (sum(commonness[term] for term in terms), sorted(terms)))
