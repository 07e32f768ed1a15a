"""What a term looks for, and where that stands in an article.

A word, a phrase and every alias of an entity are the same thing here: a `Name`, words that
follow one another. A term is a `Sought`: its names, and the longer names that they may not
be part of. Rules and articles are cut by the same function, `stories.words.cut`.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain, islice, takewhile
from operator import itemgetter
from typing import TypeAlias

from monitors.language.expression import EntityName, Exact, Link, Near, Or, Term, is_term
from monitors.language.nearness import Span, linked
from monitors.matching.entity import Entity
from monitors.matching.evidence import Evidence, Field
from monitors.stories import words
from monitors.stories.article import Article

# Stands between two parts of an article; no word is equal to it, so no name crosses.
_BORDER = "\n"
_PARTS = tuple(field.value for field in Field)
FACTS = frozenset(("source", "author", "lang", "url"))
"""Fields that say something of an article and are no part of its text."""
SETTLED = FACTS | {Field.TITLE.value, Field.SUMMARY.value}
"""Fields that a page does not add to."""
# A headline of capitals: letter case then tells no initials from words.
_MOSTLY, _FEW_WORDS = 0.8, 3


@dataclass(frozen=True, slots=True)
class Name:
    """Words that follow one another; at least one.

    Attributes:
        folded: the words as they are compared.
        exact: the words in their letter case and with their accents, where those count.
        begins: which of the words, by their places, may go on, as in `submarin*`.
    """

    folded: tuple[str, ...]
    exact: tuple[str, ...] | None = None
    begins: tuple[int, ...] = ()

    def cue(self) -> tuple[str, bool]:
        """Answer its longest word, whole if it has a whole one, and whether that may go on."""
        whole = [word for at, word in enumerate(self.folded) if at not in self.begins]
        return max(whole or self.folded, key=len), not whole


@dataclass(frozen=True, slots=True)
class Sought:
    """What one term looks for; found where one of *names* stands outside all *exceptions*.

    Equal terms of different rules are equal here, so that an index holds them once. Without
    a name, as for a word of signs only or an entity that nobody defined, it is never found.
    It may stand anywhere in the text, or only in a *field*.
    """

    names: tuple[Name, ...]
    exceptions: tuple[Name, ...] = ()
    field: str = ""

    def cues(self) -> set[tuple[str, bool]]:
        """Answer words of which an article has one, if this is found, as `Name.cue` does."""
        return {name.cue() for name in self.names}

    def single_words(self) -> set[str]:
        """Answer its names that are found wherever their one word stands."""
        if self.exceptions or self.field:
            return set()
        return {name.folded[0] for name in self.names if name == Name(name.folded[:1])}

    def commonness(self) -> float:
        """Answer a rough guess at how often it occurs: long words are rare."""
        # Many articles share an outlet or a language, however long its name.
        letters = (0 if self.field in FACTS else sum(map(len, each.folded)) for each in self.names)
        return sum(float(0.5**number) for number in letters)


@dataclass(frozen=True, slots=True)
class Nearby:
    """What a row of NEAR looks for: one of each of *sides*, linked in their order."""

    sides: tuple[tuple[Sought, ...], ...]
    links: tuple[Link, ...]
    field: str = ""

    def cues(self) -> set[tuple[str, bool]]:
        """Answer words of which an article has one, if this is found: those of one side."""
        rarest = min(self.sides, key=_commonness)
        return {key for one in rarest for key in one.cues()}

    def single_words(self) -> set[str]:
        """Answer none: a place says nothing of its neighbours."""
        return set()

    def commonness(self) -> float:
        """Answer a rough guess at how often it occurs: its rarest side says it."""
        return min(map(_commonness, self.sides))


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that is found where it stands a number of *times* at least, without overlaps."""

    what: Sought
    times: int

    @property
    def field(self) -> str:
        """Answer where it has to stand."""
        return self.what.field

    def cues(self) -> set[tuple[str, bool]]:
        """Answer words of which an article has one, if this is found."""
        return self.what.cues()

    def single_words(self) -> set[str]:
        """Answer none: that a word is there does not say how often."""
        return set()

    def commonness(self) -> float:
        """Answer a rough guess at how often it occurs."""
        return self.what.commonness() ** min(self.times, 3)


Wanted: TypeAlias = Sought | Nearby | Counted


def _commonness(side: tuple[Sought, ...]) -> float:
    return sum(one.commonness() for one in side)


def nearby(expression: Near, entities: Mapping[str, Entity], field: str = "") -> Nearby:
    """Answer what a row of NEAR looks for; *entities* by their names."""
    sides = (part.parts if isinstance(part, Or) else (part,) for part in expression.parts)
    return Nearby(
        tuple(
            tuple(sought(one, entities, field) for one in side if is_term(one)) for side in sides
        ),
        expression.links,
        field,
    )


def sought(term: Term, entities: Mapping[str, Entity], field: str = "") -> Sought:
    """Answer what *term* looks for; *entities* by their names."""
    if isinstance(term, Exact):
        return Sought(_spelled(term.text), field=field)
    if not isinstance(term, EntityName):
        return Sought(_written(term.text), field=field)
    entity = entities.get(term.name)
    if entity is None:
        return Sought((), field=field)
    exact = tuple(
        Name(name.folded, _raw_words(alias)) for alias in entity.exact for name in _names((alias,))
    )
    return Sought(_names(entity.names) + exact, _names(entity.exceptions), field)


def _names(aliases: tuple[str, ...]) -> tuple[Name, ...]:
    cuts = (words.cut(alias).folded for alias in aliases)
    return tuple(Name(folded) for folded in dict.fromkeys(cuts) if folded)


def _written(text: str) -> tuple[Name, ...]:
    """Answer what *text* of a rule looks for, in which a * ends the beginning of a word."""
    cut = words.cut(text)
    begins = (at for at, (_, end) in enumerate(cut.spans) if text[end : end + 1] == "*")
    return (Name(cut.folded, begins=tuple(begins)),) if cut.folded else ()


def _spelled(text: str) -> tuple[Name, ...]:
    """Answer what `=` before *text* looks for: initials may have their dots, as in U.S."""
    initials = f"{'.'.join(text)}." if len(text) > 1 and text.isalpha() and text.isupper() else ""
    return tuple(
        replace(name, exact=_raw_words(form))
        for form in (text, initials)
        for name in _written(form)
    )


def _raw_words(text: str) -> tuple[str, ...]:
    return tuple(words.exact(text[start:end]) for start, end in words.cut(text).spans)


def _begins(found: Sequence[str], wanted: Sequence[str], name: Name) -> bool:
    """Answer whether the words *found* are the *wanted*, or go on where *name* lets them."""
    return len(found) == len(wanted) and all(
        word.startswith(sought) if at in name.begins else word == sought
        for at, (word, sought) in enumerate(zip(found, wanted, strict=True))
    )


class Reading:
    """An article read once, to look for any number of terms in its text and its other fields."""

    def __init__(self, article: Article) -> None:
        self._article = article
        self._text = _Cut((article.title, article.summary, article.text))
        self._facts: dict[str, _Cut] = {}

    def words(self, field: str) -> AbstractSet[str]:
        """Answer the words of *field*; of the whole text if it is none of `FACTS`."""
        return self._cut(field).positions.keys()

    def has(self, wanted: Wanted) -> bool:
        """Answer whether *wanted* is found anywhere."""
        return next(self.occurrences(wanted), None) is not None

    def occurrences(self, wanted: Wanted) -> Iterator[Span]:
        """Yield where *wanted* is found: half-open spans of word positions."""
        return self._cut(wanted.field).occurrences(wanted)

    def evidence(self, start: int, end: int) -> Evidence:
        """Answer the characters of the words from *start* to before *end*, of one part."""
        part, first, last = self._text.characters(start, end)
        return Evidence(_PARTS[part], first, last)

    def _cut(self, field: str) -> "_Cut":
        if not field or field not in FACTS:
            return self._text
        if field not in self._facts:
            one = self._article
            url = one.url or one.link
            said = {"source": one.outlet, "author": one.author, "lang": one.lang, "url": url}
            self._facts[field] = _Cut((said[field] or "",))
        return self._facts[field]


class _Cut:
    """Texts cut into words, with the places of each.

    Attributes:
        positions: for each folded word, where it stands, counted in words from the start of
            the first text to the end of the last.
    """

    def __init__(self, texts: tuple[str, ...]) -> None:
        self._texts = texts
        self._words: list[str] = []
        self._spans: list[tuple[int, int]] = []
        self._starts: list[int] = []
        for text in texts:
            self._starts.append(len(self._words))
            part = words.cut(text)
            self._words += (*part.folded, _BORDER)
            self._spans += (*part.spans, (len(text), len(text)))
        self.positions: dict[str, list[int]] = {}
        for at, word in enumerate(self._words):
            self.positions.setdefault(word, []).append(at)
        self._known: dict[Sought, tuple[Span, ...]] = {}
        self._sorted: list[str] = []
        self._beginning: dict[str, list[int]] = {}

    def occurrences(self, wanted: Wanted) -> Iterator[Span]:
        """Yield where *wanted* is found: half-open spans of word positions."""
        match wanted:
            case Sought():
                return self._sought(wanted)
            case Nearby():
                return self._nearby(wanted)
            case _:
                return self._counted(wanted)

    def _counted(self, wanted: Counted) -> Iterator[Span]:
        apart: list[Span] = []
        # Those that end first leave the most room for others.
        for start, end in sorted(set(self._all(wanted.what)), key=itemgetter(1)):
            if not apart or apart[-1][1] <= start:
                apart.append((start, end))
        if len(apart) >= wanted.times:
            yield from apart

    def _nearby(self, wanted: Nearby) -> Iterator[Span]:
        sides: list[list[Span]] = []
        for side in wanted.sides:
            sides.append(sorted({span for one in side for span in self._all(one)}))
            if not sides[-1]:
                return
        yield from linked(sides, wanted.links, self._bounds)

    def _all(self, wanted: Sought) -> tuple[Span, ...]:
        known = self._known.get(wanted)
        if known is None:
            known = self._known[wanted] = tuple(self._sought(wanted))
        return known

    def _in_field(self, start: int, field: str) -> bool:
        if field == "lang":  # `en` is the language of en-GB, and GB is none
            return start == 0
        return field in FACTS or self._part(start) == _PARTS.index(field)

    def _bounds(self, at: int) -> Span:
        """Answer where the part of the article that has the word *at* begins and ends."""
        part = self._part(at)
        return self._starts[part], [*self._starts[1:], len(self._words)][part] - 1

    def _sought(self, wanted: Sought) -> Iterator[Span]:
        for name in wanted.names:
            length = len(name.folded)
            for start in self._standing(name):
                end = start + length
                if not any(self._within(start, end, longer) for longer in wanted.exceptions) and (
                    not wanted.field or self._in_field(start, wanted.field)
                ):
                    yield start, end

    def characters(self, start: int, end: int) -> tuple[int, int, int]:
        """Answer which text has the words from *start* to before *end*, and where."""
        return self._part(start), self._spans[start][0], self._spans[end - 1][1]

    def _standing(self, name: Name) -> Iterator[int]:
        # The rarest word of this very article keeps a phrase such as "of the Quad" cheap.
        nowhere: list[int] = []
        places = [self.positions.get(word, nowhere) for word in name.folded]
        for at in name.begins:
            places[at] = self._beginning_with(name.folded[at])
        rarest = min(places, key=len)
        offset = next(index for index, each in enumerate(places) if each is rarest)
        wanted, length = list(name.folded), len(name.folded)
        for place in rarest:
            start = place - offset
            found = self._words[max(start, 0) : start + length]
            if (found == wanted or (name.begins and _begins(found, name.folded, name))) and (
                name.exact is None or self._is_spelled(start, name, name.exact)
            ):
                yield start

    def _is_spelled(self, start: int, name: Name, exact: tuple[str, ...]) -> bool:
        raw = self._exact(start, len(exact))
        if raw != exact and not (name.begins and _begins(raw, exact, name)):
            return False
        # In a headline of capitals they say nothing, but initials with their dots still do.
        return not (
            len(self._texts) > 1
            and start < self._starts[1]
            and any(word.isupper() and "." not in word for word in exact)
            and self._headline_shouts()
        )

    def _headline_shouts(self) -> bool:
        title = self._texts[0]
        capitals = sum(map(str.isupper, title))
        small = sum(map(str.islower, title))
        several_words = self._starts[1] > _FEW_WORDS
        return several_words and capitals > _MOSTLY * (capitals + small)

    def _beginning_with(self, beginning: str) -> list[int]:
        """Answer where a word stands that begins so."""
        known = self._beginning.get(beginning)
        if known is None:
            self._sorted = self._sorted or sorted(self.positions)
            words_from = islice(self._sorted, bisect_left(self._sorted, beginning), None)
            fitting = takewhile(lambda word: word.startswith(beginning), words_from)
            places = chain.from_iterable(self.positions[word] for word in fitting)
            known = self._beginning[beginning] = sorted(places)
        return known

    def _within(self, start: int, end: int, longer: Name) -> bool:
        """Answer whether the words from *start* to *end* are part of the name *longer*."""
        length, wanted = len(longer.folded), list(longer.folded)
        first = max(0, end - length)
        return any(self._words[at : at + length] == wanted for at in range(first, start + 1))

    def _exact(self, start: int, length: int) -> tuple[str, ...]:
        text = self._texts[self._part(start)]
        spans = self._spans[start : start + length]
        return tuple(words.exact(text[first:last]) for first, last in spans)

    def _part(self, at: int) -> int:
        return bisect_right(self._starts, at) - 1
