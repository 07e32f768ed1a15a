"""Which words an article must have for a condition to hold, for whoever searches by words.

What is not understood here is not needed: a search then answers more, never less.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from monitors.language.expression import (
    And,
    Expression,
    Not,
    Or,
    Scoped,
    Score,
    Several,
    is_term,
)
from monitors.terms.entity import Entity
from monitors.terms.wanted import (
    FACTS,
    FORMS,
    Counted,
    Name,
    Nearby,
    Pattern,
    Published,
    Scattered,
    Sought,
    Terms,
    Wanted,
    is_plain,
)

_SIGNS = re.compile(r"[*?]")

Needs = tuple[frozenset[str], ...]
"""For each set, an article has one of its words; `submarin*` is the beginning of one."""


def needs(expression: Expression, entities: Mapping[str, Entity]) -> Needs:
    """Answer what every article has for which *expression* holds; *entities* by their names.

    Nothing, where it may hold for any words; an empty set, where it cannot hold.
    """
    return _needs(expression, Terms(entities))


def banned(expression: Expression, entities: Mapping[str, Entity]) -> frozenset[str]:
    """Answer words of which no article has any for which *expression* holds."""
    parts = expression.parts if isinstance(expression, And) else ()
    left_out = [part.part for part in parts if isinstance(part, Not)]
    sides = chain.from_iterable(one.parts if isinstance(one, Or) else (one,) for one in left_out)
    terms = Terms(entities)
    alone = (side for side in sides if _is_one_of_words(side, terms))
    return frozenset().union(*chain.from_iterable(_needs(side, terms) for side in alone))


def decides(expression: Expression, entities: Mapping[str, Entity]) -> bool:
    """Answer whether *expression* holds for what has all that it needs, and nothing `banned`."""
    parts = expression.parts if isinstance(expression, And) else (expression,)
    inside = [part.part if isinstance(part, Not) else part for part in parts]
    terms = Terms(entities)
    return all(_is_one_of_words(part, terms) for part in inside)


def rarest(needed: Needs) -> frozenset[str] | None:
    """Answer the set of *needed* that the fewest articles are likely to fulfil, if any."""
    return min(needed, key=_commonness, default=None)


def _needs(expression: Expression, terms: Terms) -> Needs:
    match expression:
        case And(parts):
            return _all(_needs(part, terms) for part in parts)
        case Or(parts):
            return _some(1, [_needs(part, terms) for part in parts])
        case Several(number, parts):
            return _some(number, [_needs(part, terms) for part in parts])
        case Scoped(name, part):
            return () if name in FACTS else _needs(part, terms)
        case Not() | Score():
            return ()
        case _:
            return _of(terms.wanted(expression))


def _of(one: Wanted) -> Needs:
    match one:
        case Sought(namings):
            names = [name for naming in namings for name in naming.names]
            return _some(1, [_of_name(name) for name in names]) if names else (frozenset(),)
        case Scattered(words):
            return _of_name(Name(words))
        case Nearby(sides):
            return _all(_some(1, [_of(each) for each in side]) for side in sides)
        case Counted(what):
            return _of(what)
        case Pattern() | Published():
            return ()


def _of_name(name: Name) -> Needs:
    found = filter(None, map(_beginning, dict.fromkeys(name.words)))
    return tuple(frozenset((word,)) for word in found)


def _beginning(word: str) -> str:
    """Answer *word* of a name, or how all begin that fit it, as `submarin*`; or nothing."""
    if is_plain(word):
        return word
    certain = _SIGNS.split(word, maxsplit=1)[0]
    return f"{certain}*" if certain and word[0] != FORMS else ""


def _begins(word: str) -> bool:
    """Answer whether *word* of a name stands for all words that begin so."""
    return word[-1] == "*" and len(word) > 1 and is_plain(word[:-1])


def _is_one_of_words(expression: Expression, terms: Terms) -> bool:
    if isinstance(expression, Or):
        return all(_is_one_of_words(part, terms) for part in expression.parts)
    one = terms.wanted(expression) if is_term(expression) else None
    if not isinstance(one, Sought) or not one.namings:
        return False
    return all(
        not (naming.exceptions or naming.company or naming.lang)
        and all(
            len(name.words) == 1
            and name.exact is None
            and (is_plain(name.words[0]) or _begins(name.words[0]))
            for name in naming.names
        )
        for naming in one.namings
    )


def _all(parts: Iterator[Needs]) -> Needs:
    return tuple(dict.fromkeys(chain.from_iterable(parts)))


def _some(number: int, parts: list[Needs]) -> Needs:
    """Answer what is needed if a *number* of *parts* holds, or more."""
    if number == len(parts):
        return _all(iter(parts))
    # Of any this many parts, one holds; those with the rarest words will do.
    enough = len(parts) - number + 1
    sides = [side for side in map(rarest, parts) if side is not None]
    if len(sides) < enough:
        return ()
    return (frozenset().union(*sorted(sides, key=_commonness)[:enough]),)


def _commonness(need: frozenset[str]) -> float:
    """Answer a rough guess at how often one of these words occurs: long words are rare."""
    return sum(0.5 ** len(word.removesuffix("*")) for word in need)
