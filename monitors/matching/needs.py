"""Which words an article must have for a condition to hold, for whoever searches by words.

What is not understood here is not needed: a search then answers more, never less.
"""

import re
from collections.abc import Iterator, Mapping
from itertools import chain

from monitors.language.expression import (
    And,
    EntityName,
    Exact,
    Expression,
    Loose,
    Near,
    Not,
    Or,
    Phrase,
    Repeated,
    Scoped,
    Several,
    Word,
)
from monitors.matching.entity import Entity
from monitors.matching.evidence import Field
from monitors.stories import words

Needs = tuple[frozenset[str], ...]
"""For each set, an article has one of its words; `submarin*` is the beginning of one."""

_PARTS = frozenset(field.value for field in Field)
_STARS = ("*", "\uff0a")
_WILD = re.compile(r"[*?\uff0a\uff1f]")


def needs(expression: Expression, entities: Mapping[str, Entity]) -> Needs:
    """Answer what every article has for which *expression* holds; *entities* by their names.

    Nothing, where it may hold for any words; an empty set, where it cannot hold.
    """
    match expression:
        case And(parts) | Near(parts):
            return _all(needs(part, entities) for part in parts)
        case Or(parts):
            return _some(1, [needs(part, entities) for part in parts])
        case Several(number, parts):
            return _some(number, [needs(part, entities) for part in parts])
        case Repeated(part):
            return needs(part, entities)
        case Scoped(name, part) if name in _PARTS:
            return needs(part, entities)
        case _:
            return _of_term(expression, entities)


def _of_term(term: Expression, entities: Mapping[str, Entity]) -> Needs:
    match term:
        case Word(text) | Phrase(text) | Loose(text):
            return tuple(frozenset((word,)) for word in dict.fromkeys(_written(text)))
        case Exact(text):
            return _any_name(_spellings(text))
        case EntityName(name):
            return _any_name(tuple(_names(name, entities, set())))
        case _:
            return ()


def banned(expression: Expression, entities: Mapping[str, Entity]) -> frozenset[str]:
    """Answer words of which no article has any for which *expression* holds."""
    parts = expression.parts if isinstance(expression, And) else ()
    left_out = [part.part for part in parts if isinstance(part, Not)]
    sides = chain.from_iterable(one.parts if isinstance(one, Or) else (one,) for one in left_out)
    alone = (side for side in sides if _is_one_of_words(side, entities))
    return frozenset().union(*chain.from_iterable(needs(side, entities) for side in alone))


def decides(expression: Expression, entities: Mapping[str, Entity]) -> bool:
    """Answer whether *expression* holds for what has all that it needs, and nothing `banned`."""
    parts = expression.parts if isinstance(expression, And) else (expression,)
    inside = [part.part if isinstance(part, Not) else part for part in parts]
    return all(_is_one_of_words(part, entities) for part in inside)


def rarest(needed: Needs) -> frozenset[str] | None:
    """Answer the set of *needed* that the fewest articles are likely to fulfil, if any."""
    return min(needed, key=_commonness, default=None)


def _is_one_of_words(expression: Expression, entities: Mapping[str, Entity]) -> bool:
    match expression:
        case Or(parts):
            return all(_is_one_of_words(part, entities) for part in parts)
        case Word(text) | Phrase(text):
            ends = [end for _, end in words.cut(text).spans]
            wild = _WILD.search(text)
            # A * directly after the word, and nothing else, lets it go on.
            return len(ends) == 1 and (wild is None or text[ends[0] :] in _STARS)
        case EntityName(name):
            entity = entities.get(name)
            plain = Entity(name=name, names=entity.names if entity else ())
            single = all(len(words.cut(alias).folded) == 1 for alias in plain.names)
            return bool(plain.names) and single and entity == plain
        case _:
            return False


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


def _any_name(names: tuple[str, ...]) -> Needs:
    """Answer what is needed if one of *names* stands there."""
    needed = [tuple(frozenset((word,)) for word in _written(name)) for name in names]
    if not any(needed):
        return (frozenset(),)
    return _some(1, [each for each in needed if each])


def _names(name: str, entities: Mapping[str, Entity], seen: set[str]) -> Iterator[str]:
    """Yield all the aliases of the entity *name* and of its parts."""
    entity = entities.get(name)
    if entity is None or name in seen:
        return
    seen.add(name)
    yield from entity.names
    for _, aliases in entity.by_language:
        yield from aliases
    for alias in entity.exact:
        yield from _spellings(alias)
    for part in entity.parts:
        yield from _names(part, entities, seen)


def _spellings(text: str) -> tuple[str, ...]:
    """Answer how a word may be spelled whose capitals count: initials also with dots."""
    initials = len(text) > 1 and text.isalpha() and text.isupper()
    return (text, f"{'.'.join(text)}.") if initials else (text,)


def _written(text: str) -> Iterator[str]:
    """Yield the folded words of *text*, of which a * or a ? may leave only the beginning."""
    for piece in text.split():
        wild = _WILD.search(piece)
        if wild is None:
            yield from words.cut(piece).folded
        elif wild.end() == len(piece) and wild[0] in _STARS:
            folded = words.cut(piece).folded
            yield from folded[:-1]
            yield from (f"{last}*" for last in folded[-1:])
        elif piece[: wild.start()].isalpha():
            yield from (f"{last}*" for last in words.cut(piece[: wild.start()]).folded[-1:])


def _commonness(need: frozenset[str]) -> float:
    """Answer a rough guess at how often one of these words occurs: long words are rare."""
    return sum(0.5 ** len(word.removesuffix("*")) for word in need)
