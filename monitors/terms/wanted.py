"""What a term looks for.

A word, a phrase and every alias of an entity are the same thing here: a `Name`, words that
follow one another. A term is a `Sought`: namings, each with names, and the longer names that
these may not be part of. Rules and articles are cut by the same function,
`stories.words.cut`. What is looked for is compared by identity: `Terms` makes equal ones once.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from sys import intern
from typing import TypeAlias

from monitors.language.expression import (
    Age,
    EntityName,
    Exact,
    Forms,
    Link,
    Loose,
    Near,
    Or,
    Phrase,
    Regex,
    Repeated,
    Term,
    Word,
    is_term,
)
from monitors.stories import words
from monitors.terms.entity import Entity
from monitors.terms.evidence import Field

FACTS = frozenset(("source", "author", "lang", "tag", "url"))
"""Fields that say something of an article and are no part of its text."""
SETTLED = FACTS | {Field.TITLE.value, Field.SUMMARY.value}
"""Fields that a page does not add to."""
ANY_WORD = "*"
FORMS = "~"
_STAR, _LETTER = "\u01c2", "\u01c3"  # letters that no text has stand for * and ? while it is cut
_AS_LETTERS = str.maketrans({"*": _STAR, "\uff0a": _STAR, "?": _LETTER, "\uff1f": _LETTER})
_AS_SIGNS = str.maketrans({_STAR: "*", _LETTER: "?"})
_HYPHENED = re.compile(r"[^\W_]+(?:[-\u2010\u2011\uff0d][^\W_]+)+[*\uff0a]?")
_MEMO_LIMIT = 10_000
_ARABIC = re.compile("[\u0621-\u064a]{4,}")  # shorter ones would be found in too many others
_THE = "\u0627\u0644"
_PARTICLES = ("\u0648", "\u0641", "\u0628", "\u0643", "\u0644", "\u0648\u0628", "\u0648\u0644")
_TO_THE = ("\u0644\u0644", "\u0648\u0644\u0644")
_HEAD, _TAIL = 3, 4  # letters of a word that some write in two, as in anti-drone
_KOREAN = re.compile(rf"{re.escape(words.WORD_START)}?[\uac00-\ud7a3]")
_INNER_SYLLABLE = re.compile("[\uac00-\ud7a3]")
_LONGEST_IN_TWO = 40  # what is longer is no word
_INITIALS = 2  # letters of a word that has dots in some texts, as in U.S.


@dataclass(frozen=True, slots=True)
class Name:
    """Words that follow one another; at least one.

    Attributes:
        words: as they are compared: folded; with * and ? where it may be any letters; `*`
            alone is any word; ~ before it means any of its forms, ~~ with I, V and X among the
            numbers.
        exact: the words in their letter case and with their accents, where those count.
    """

    words: tuple[str, ...]
    exact: tuple[str, ...] | None = None

    def is_plain(self) -> bool:
        """Answer whether it is one word, as it stands."""
        return len(self.words) == 1 and self.exact is None and is_plain(self.words[0])


@dataclass(frozen=True, slots=True, eq=False)
class Naming:
    """Names of one thing.

    Attributes:
        exceptions: longer names that the names may not be part of.
        company: if any, a name counts only near it, with *within* words between at most.
        lang: if any, the names count only in articles of this language.
    """

    names: tuple[Name, ...]
    exceptions: tuple[Name, ...] = ()
    company: "Sought | None" = None
    within: int = 0
    lang: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Sought:
    """What one term looks for, anywhere in the text or only in a *field*.

    Without a name, as for a word of signs only or an entity that nobody defined, it is never
    found.
    """

    namings: tuple[Naming, ...]
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Nearby:
    """What a row of NEAR looks for: one of each of *sides*, linked in their order."""

    sides: tuple[tuple["Sought | Scattered", ...], ...]
    links: tuple[Link, ...]
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """Something that is found where it stands a number of *times* at least, without overlaps."""

    what: "Sought | Scattered | Pattern"
    times: int
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Scattered:
    """Words in any order with *others* words among them at most."""

    words: tuple[str, ...]
    others: int
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Pattern:
    """A regular expression in the text as it stands."""

    regex: Regex
    field: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Published:
    """How old the article was when it was first seen."""

    age: Age
    field: str = "published"


Standing: TypeAlias = Sought | Scattered
Wanted: TypeAlias = Standing | Pattern | Counted | Nearby | Published
Leaf: TypeAlias = Term | Repeated | Near | Age


def is_plain(word: str) -> bool:
    """Answer whether *word* of a name stands for itself alone."""
    return "*" not in word and "?" not in word and word[0] != FORMS


def plain_words(leaf: Leaf) -> tuple[str] | tuple[str, str] | None:
    """Answer the words if *leaf* is found wherever one or two plain words stand, for sure."""
    if not isinstance(leaf, Word | Phrase) or not leaf.text.isascii():
        return None
    # Cut and folded as `words.folded` does it, whose memory is for what stands in articles.
    match leaf.text.lower().split():
        case [one] if one.isalnum():
            return (intern(one),)
        case [one, other] if one.isalnum() and other.isalnum():
            return intern(one), intern(other)
        case _:
            return None


class Terms:
    """What the terms of any number of conditions look for; equal ones are mostly made once.

    Args:
        entities: by their names.
    """

    def __init__(self, entities: Mapping[str, Entity]) -> None:
        self.entities = entities
        self._known: dict[tuple[Leaf, str], Wanted] = {}
        self._entities: dict[tuple[str, str], Sought] = {}

    def wanted(self, leaf: Leaf, field: str = "") -> Wanted:
        """Answer what *leaf* looks for in *field*; anywhere in the text if that is empty."""
        known = self._known.get((leaf, field))
        if known is None:
            if len(self._known) >= _MEMO_LIMIT:
                self._known.clear()
            known = self._known[leaf, field] = self._make(leaf, field)
        return known

    def _make(self, leaf: Leaf, field: str) -> Wanted:
        match leaf:
            case Near(parts, links):
                sides = (part.parts if isinstance(part, Or) else (part,) for part in parts)
                found = tuple(self._side(side, field) for side in sides)
                return Nearby(found, links, field)
            case Repeated(Regex() as regex, times):
                return Counted(Pattern(regex, field), times, field)
            case Repeated(term, times):
                return Counted(self._standing(term, field), times, field)
            case Age():
                return Published(leaf)
            case Regex():
                return Pattern(leaf, field)
            case _:
                return self._standing(leaf, field)

    def _side(self, side: Iterable[object], field: str) -> tuple[Standing, ...]:
        return tuple(self._standing(one, field) for one in side if is_term(one))  # type: ignore[arg-type]

    def _standing(self, term: Term, field: str) -> Standing:
        match term:
            case EntityName(name):
                return self._entity(name, field, ())
            case Loose(text, others):
                return Scattered(_written(text), others, field)
            case _:
                names = tuple(names_of(term))
                return Sought((Naming(names),) if names else (), field)

    def _entity(self, name: str, field: str, inside: tuple[str, ...]) -> Sought:
        """Answer what an entity looks for; *inside* are those that led to it."""
        known = self._entities.get((name, field))
        if known is None:
            namings = () if name in inside else tuple(self._namings(name, (*inside, name)))
            known = Sought(namings, field)
            if not inside:
                self._entities[name, field] = known
        return known

    def _namings(self, name: str, inside: tuple[str, ...]) -> Iterator[Naming]:
        entity = self.entities.get(name)
        if entity is None:
            return
        company = self._company(entity, inside) if entity.company else None
        exceptions = tuple(names_of_aliases(entity.exceptions))
        exact = (name for alias in entity.exact for name in _spelled(alias))
        names = (*names_of_aliases(entity.names), *exact)
        if names:
            yield Naming(names, exceptions, company, entity.within)
        for lang, aliases in entity.by_language:
            yield Naming(tuple(names_of_aliases(aliases)), exceptions, company, entity.within, lang)
        for part in entity.parts:
            for naming in self._entity(part, "", inside).namings:
                yield _both(naming, exceptions, company, entity.within)

    def _company(self, entity: Entity, inside: tuple[str, ...]) -> Sought:
        namings: list[Naming] = []
        for one in entity.company:
            if one.startswith("@"):
                namings += self._entity(one[1:], "", inside).namings
            else:
                namings.append(Naming(tuple(names_of_aliases((one,)))))
        return Sought(tuple(namings))


def _both(
    part: Naming, exceptions: tuple[Name, ...], company: Sought | None, within: int
) -> Naming:
    """Answer *part* as one of the namings of an entity that has *exceptions* and *company*."""
    if company and not part.company:
        return Naming(part.names, part.exceptions + exceptions, company, within, part.lang)
    return Naming(part.names, part.exceptions + exceptions, part.company, part.within, part.lang)


def names_of(term: Term) -> Iterator[Name]:
    """Yield the names by which a word or phrase, also after = or ~, is found."""
    match term:
        case Exact(text):
            yield from _spelled(text)
        case Forms(text):
            yield from _in_any_form(text)
        case Word(text) | Phrase(text):
            cut = _written(text)
            if cut:
                yield from _with_particles(cut)
            if len(cut) > 1 and isinstance(term, Word) and _HYPHENED.fullmatch(text):
                yield Name(("".join(cut),))  # a reader takes `co-op` for `coop`


def names_of_aliases(aliases: Iterable[str]) -> Iterator[Name]:
    """Yield the names by which an entity with these *aliases* is found."""
    cuts = (words.cut(alias, hashtags=False).folded for alias in aliases)
    folded = (cut for cut in dict.fromkeys(cuts) if cut)
    return (name for cut in folded for name in _with_particles(cut))


def _with_particles(cut: tuple[str, ...]) -> Iterator[Name]:
    """Yield the name of the words *cut*, and as Arabic writes it after "and", "in", "the" ..."""
    yield Name(cut)
    first, *others = cut
    if _ARABIC.fullmatch(first):
        stem = first.removeprefix(_THE)
        yield from (Name((before + first, *others)) for before in _PARTICLES)
        # Before the article, "to" and it become one.
        yield from (Name((before + stem, *others)) for before in _TO_THE)
        if stem == first:
            yield from (Name((before + _THE + stem, *others)) for before in ("", *_PARTICLES))


def _written(text: str) -> tuple[str, ...]:
    """Answer the words of *text* of a rule, with the signs that stand for letters."""
    if text.isascii() and "*" not in text and "?" not in text and "#" not in text:
        return tuple(words.folded(text))
    shown = text.translate(_AS_LETTERS)
    cut = words.cut(shown, hashtags=False)
    kept = []
    for word, (start, _) in zip(cut.folded, cut.spans, strict=True):
        # In scripts without spaces any character may follow, so that a star says nothing.
        if word.strip(_STAR + _LETTER) or (start and shown[start - 1].isspace()):
            kept.append(word.translate(_AS_SIGNS))
    return tuple(kept)


def _in_any_form(text: str) -> Iterator[Name]:
    cut = _written(text)
    if not cut:
        return
    mark = FORMS * min(len(cut), 2)
    yield Name(tuple(f"{mark}{word}" if is_plain(word) else word for word in cut))
    if any(map(_KOREAN.match, cut)):
        yield from map(Name, _spaced_otherwise(cut))
    elif len(cut) > 1 and all(map(is_plain, cut)):
        yield Name((f"{FORMS}{''.join(cut)}",))
    elif len(cut) == 1 and cut[0].isalpha() and len(cut[0]) <= _LONGEST_IN_TWO:
        word = cut[0]
        for at in range(_HEAD, len(word) - _TAIL + 1):
            yield Name((word[:at], f"{FORMS * 2}{word[at:]}"))


def _spaced_otherwise(cut: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the syllables *cut* of Korean words with one space fewer, one more, or none.

    A word that is written in two has two syllables or more on both sides.
    """
    together = [
        word.removeprefix(words.WORD_START)
        if at and _KOREAN.match(word) and _KOREAN.match(cut[at - 1])
        else word
        for at, word in enumerate(cut)
    ]
    yield tuple(together)
    for at in range(1, len(cut) if len(cut) <= _LONGEST_IN_TWO else 1):
        if together[at] != cut[at]:
            yield (*cut[:at], together[at], *cut[at + 1 :])
        elif at + 1 < len(cut) and all(map(_INNER_SYLLABLE.match, cut[at - 1 : at + 2])):
            yield (*cut[:at], words.WORD_START + cut[at], *cut[at + 1 :])


def _spelled(text: str) -> Iterator[Name]:
    """Answer what `=` before *text* looks for: initials may have their dots, as in U.S."""
    initials = (
        f"{'.'.join(text)}." if len(text) == _INITIALS and text.isalpha() and text.isupper() else ""
    )
    for form in filter(None, (text, initials)):
        folded = _written(form)
        shown = form.translate(_AS_LETTERS)
        exact = (
            each.translate(_AS_SIGNS)
            for each in _raw_words(shown, words.cut(shown, hashtags=False).spans)
        )
        if folded:
            yield Name(folded, tuple(exact)[: len(folded)])


def _raw_words(text: str, spans: Sequence[tuple[int, int]]) -> tuple[str, ...]:
    return tuple(words.exact(text[start:end]) for start, end in spans)
