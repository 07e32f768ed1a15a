"""Texts cut into words, and where in them stands what is looked for."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from operator import itemgetter

from monitors.language.expression import Link
from monitors.language.nearness import Span, beside, linked
from monitors.stories import sentences, words
from monitors.terms.forms import primary
from monitors.terms.vocabulary import Vocabulary
from monitors.terms.wanted import (
    ANY_WORD,
    Counted,
    Name,
    Naming,
    Nearby,
    Scattered,
    Sought,
    Standing,
    is_plain,
)

BORDER = "\n"
"""Stands between two texts; no word is equal to it, so no name crosses."""
# Of a text in capitals: letter case then tells no initials from words.
_MOSTLY, _FEW_WORDS = 0.8, 3
_TELLING = 500  # characters of it show whether it is one
_FEW_PLACES = 16
_FEW_COMPARED = 20_000  # words, to find one name


class Passage:
    """Texts, one after the other: those of an article if there are several.

    Args:
        texts: as they stand.
        lang: language tag of what they are written in, if it is known.

    Attributes:
        words: folded, with a `BORDER` after each text.
    """

    def __init__(self, texts: tuple[str, ...], lang: str | None) -> None:
        self.texts = texts
        self.words: list[str] = []
        self._lang = lang
        self._starts: list[int] = []
        for text in texts:
            self._starts.append(len(self.words))
            self.words += words.folded(text)
            self.words.append(BORDER)
        self._positions: dict[str, list[int]] | None = None
        self._places: dict[str, list[int]] = {}
        self._spelled: list[str] = []
        self._spans: list[tuple[int, int]] = []
        self._sentences: list[int] = []
        self._known: dict[Standing, list[Span]] = {}
        self._shouting: dict[int, bool] = {}
        self._vocabulary: Vocabulary | None = None

    @property
    def positions(self) -> dict[str, list[int]]:
        """Answer for each word where it stands, counted in `words`."""
        if self._positions is None:
            positions = defaultdict[str, list[int]](list)
            for at, word in enumerate(self.words):
                positions[word].append(at)
            self._positions = dict(positions)
        return self._positions

    def standing(self, wanted: Standing) -> list[Span]:
        """Answer where *wanted* stands, whatever its field: half-open spans, sorted."""
        known = self._known.get(wanted)
        if known is None:
            found = self._sought(wanted) if isinstance(wanted, Sought) else self._scattered(wanted)
            known = self._known[wanted] = sorted(set(found))
        return known

    def counted(self, spans: Sequence[Span], wanted: Counted) -> list[Span]:
        """Answer those of *spans* that do not overlap, if they are as many as are wanted."""
        apart: list[Span] = []
        # Those that end first leave the most room for others.
        for start, end in sorted(spans, key=itemgetter(1)):
            if not apart or apart[-1][1] <= start:
                apart.append((start, end))
        return apart if len(apart) >= wanted.times else []

    def nearby(self, wanted: Nearby) -> Iterator[Span]:
        """Yield where a row of NEAR stands, each span of it."""
        sides: list[list[Span]] = []
        for side in wanted.sides:
            spans = [span for one in side for span in self.standing(one)]
            sides.append(sorted(set(spans)) if len(side) > 1 else spans)
            if not spans:
                return
        yield from linked(sides, wanted.links, self._bounds, self._sentence)

    def side_by_side(self, one: str, other: str, link: Link) -> bool:
        """Answer whether *one* plain word stands beside another, with so many words between."""
        reach = (link.words or 0) + 1
        others = self.places(other)
        for at in self.places(one):
            first = bisect_left(others, at + 1 if link.ordered else at - reach)
            for place in others[first : bisect_right(others, at + reach)]:
                if place != at and self.part(place) == self.part(at):
                    return True
        return False

    def part(self, at: int) -> int:
        """Answer which of the texts has the word *at*."""
        return bisect_right(self._starts, at) - 1

    def characters(self, start: int, end: int) -> tuple[int, int, int]:
        """Answer which text has the words from *start* to before *end*, and its characters."""
        spans = self._all_spans()
        return self.part(start), spans[start][0], spans[end - 1][1]

    def _bounds(self, at: int) -> Span:
        """Answer where the text that has the word *at* begins and ends."""
        following = bisect_right(self._starts, at)
        is_last = following == len(self._starts)
        after = len(self.words) if is_last else self._starts[following]
        return self._starts[following - 1], after - 1

    def _sentence(self, at: int) -> Span:
        """Answer where the sentence that has the word *at* begins and ends."""
        if not self._sentences:
            spans = self._all_spans()
            for text, start in zip(self.texts, self._starts, strict=True):
                _, end = self._bounds(start)
                begins = sentences.bounds(text, spans[start:end])
                self._sentences += [start + each for each in begins] or [start]
                self._sentences.append(end)
        place = bisect_right(self._sentences, at)
        return self._sentences[place - 1], self._sentences[place]

    def _sought(self, wanted: Sought) -> Iterator[Span]:
        for naming in wanted.namings:
            if naming.lang and not self._is_in(naming.lang):
                continue
            yield from self._counting(list(self._named(naming.names)), naming)

    def _named(self, names: Iterable[Name]) -> Iterator[Span]:
        for name in names:
            length = len(name.words)
            for start in self._beginnings(name):
                yield start, start + length

    def _is_in(self, lang: str) -> bool:
        return primary(self._lang) in ("", lang)

    def _spelling(self) -> list[str]:
        """Answer the words with their letter case and accents."""
        if not self._spelled:
            for text in self.texts:
                self._spelled += (*words.spelled(text), BORDER)
        return self._spelled

    def _counting(self, spans: list[Span], naming: Naming) -> list[Span]:
        """Answer those of *spans*, where names of *naming* stand, that count."""
        if spans and naming.exceptions:
            spans = _outside(spans, self._named(naming.exceptions))
        # In a language that nobody tells, an island may be one, and Island is Iceland.
        if spans and naming.lang and not self._lang:
            spans = [span for span in spans if self._spelling()[span[0]][:1].isupper()]
        if spans and naming.company:
            company = self.standing(naming.company)
            spans = beside(spans, company, naming.within, self._bounds)
        return spans

    def _beginnings(self, name: Name) -> Iterator[int]:
        """Yield where *name* begins."""
        if name.is_plain():
            yield from self.places(name.words[0])
            return
        # The rarest word of this very article keeps a phrase such as "of the Quad" cheap.
        offset, rarest = 0, None
        for at, word in enumerate(name.words):
            places = self.places(word) if word != ANY_WORD else None
            if places is not None and (rarest is None or len(places) < len(rarest)):
                if not places:
                    return
                offset, rarest = at, places
        if rarest is None or len(rarest) * len(name.words) > _FEW_COMPARED:
            starts = self._beginnings_at_once(name)
        else:
            starts = (at - offset for at in rarest if self._begins(at - offset, name))
        yield from (start for start in starts if self._is_spelled(start, name))

    def _beginnings_at_once(self, name: Name) -> Iterator[int]:
        """Yield where *name* begins, in one walk: no repetition makes that longer."""
        bits = defaultdict[str, int](int)
        for at, wanted in enumerate(name.words):
            bits[wanted] |= 1 << at
        fitting = defaultdict[str, int](int)
        for wanted, those in bits.items():
            for word in self._standing_for(wanted):
                fitting[word] |= those
        fitting.pop(BORDER, None)
        # The bit n is set where the first n + 1 words of the name end.
        begun, whole = 0, 1 << (len(name.words) - 1)
        for at, word in enumerate(self.words, start=1):
            begun = (begun << 1 | 1) & fitting.get(word, 0)
            if begun >= whole:
                yield at - len(name.words)

    def _begins(self, start: int, name: Name) -> bool:
        here = self.words[start : start + len(name.words)] if start >= 0 else []
        if len(here) < len(name.words):
            return False
        return all(
            word == wanted or (not is_plain(wanted) and self._fits(wanted, at))
            for at, (word, wanted) in enumerate(zip(here, name.words, strict=True), start)
        )

    def _fits(self, wanted: str, at: int) -> bool:
        """Answer whether a word of a name, which is not plain, stands for the word *at*."""
        if wanted == ANY_WORD:
            return self.words[at] != BORDER
        places = self.places(wanted)
        place = bisect_left(places, at)
        return place < len(places) and places[place] == at

    def places(self, wanted: str) -> list[int]:
        """Answer where a word of a name stands: itself, one that fits it, or a form of it."""
        known = self._places.get(wanted)
        if known is None:
            known = self._places[wanted] = self._find(wanted)
        return known

    def _find(self, wanted: str) -> list[int]:
        if not is_plain(wanted):
            fitting = self._standing_for(wanted)
            return sorted(at for word in fitting for at in self.positions[word])
        # To look for a few words is cheaper than to note the places of all.
        if self._positions is None and len(self._places) < _FEW_PLACES:
            return list(_all_indexes(self.words, wanted))
        return self.positions.get(wanted, [])

    def _standing_for(self, wanted: str) -> Iterable[str]:
        """Answer the words of the texts that a word of a name stands for."""
        if is_plain(wanted):
            return (wanted,)
        if self._vocabulary is None:
            distinct = [word for word in self.positions if word != BORDER]
            self._vocabulary = Vocabulary(distinct, self._lang)
        return self._vocabulary.standing_for(wanted)

    def _is_spelled(self, start: int, name: Name) -> bool:
        exact = name.exact
        if exact is None:
            return True
        for found, wanted in zip(self._spelling()[start : start + len(exact)], exact, strict=False):
            if found != wanted and not (wanted[-1] == "*" and found.startswith(wanted[:-1])):
                return False
        # In a text of capitals they say nothing, but initials with their dots still do.
        return not (
            len(self.texts) > 1
            and any(word.isupper() and "." not in word for word in exact)
            and self._shouts(self.part(start))
        )

    def _shouts(self, part: int) -> bool:
        """Answer whether a headline or another text is written in capitals."""
        known = self._shouting.get(part)
        if known is None:
            begun = self.texts[part][:_TELLING]
            capitals, small = sum(map(str.isupper, begun)), sum(map(str.islower, begun))
            start, end = self._bounds(self._starts[part])
            several_words = end - start >= _FEW_WORDS
            known = several_words and capitals > _MOSTLY * (capitals + small)
            self._shouting[part] = known
        return known

    def _scattered(self, wanted: Scattered) -> Iterator[Span]:
        """Yield the shortest runs of words that have all that are wanted, in any order."""
        needed = Counter(wanted.words)
        if not all(map(self.places, needed)):
            return
        places = sorted((at, word) for word in needed for at in self.places(word))
        reach = len(wanted.words) + wanted.others
        first, missing = 0, len(wanted.words)
        have = dict.fromkeys(needed, 0)
        for at, word in places:
            have[word] += 1
            missing -= have[word] <= needed[word]
            while missing == 0 or at - places[first][0] >= reach:
                start, left = places[first]
                if missing == 0 and at - start < reach and self.part(start) == self.part(at):
                    yield start, at + 1
                have[left] -= 1
                missing += have[left] < needed[left]
                first += 1

    def _all_spans(self) -> list[tuple[int, int]]:
        if not self._spans:
            for text in self.texts:
                self._spans += (*words.cut(text).spans, (len(text), len(text)))
        return self._spans


def _outside(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """Answer those of *spans* that are no part of one of *others*."""
    longer = sorted(others)
    starts = [start for start, _ in longer]
    reached = list(accumulate((end for _, end in longer), max, initial=0))
    return [span for span in spans if reached[bisect_right(starts, span[0])] < span[1]]


def _all_indexes(words: list[str], wanted: str) -> Iterator[int]:
    at = -1
    with suppress(ValueError):
        while True:
            at = words.index(wanted, at + 1)
            yield at
