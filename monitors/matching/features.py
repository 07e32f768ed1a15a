"""What tells that a term may be in an article, found for all terms at once.

A feature is something that is cheap to find: a word; two words in a row; a word that fits a
pattern or is a form of another; one of a group of features; a word of a fact, such as
`lang:en`. It is described by a text, or two for two words, and known by a number from 1. Only
what conditions use is looked for, and every distinct word is looked at once, not once an
article.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice, pairwise, takewhile
from typing import TypeAlias

from monitors.terms.forms import forms_of, primary
from monitors.terms.passage import BORDER
from monitors.terms.reading import Reading
from monitors.terms.wanted import FORMS, is_plain
from monitors.terms.wildcards import Wildcards

Feature: TypeAlias = str | tuple[str, str]

_GROUP = "|"
_FACT = ":"
_MEMO_LIMIT = 100_000
_MEMO_CHARACTERS = 64  # longer words are junk, and some have a million
_MOST_LANGUAGES = 50
# Of guesses: how often two words stand side by side, beside how often the rarer one does.
_SIDE_BY_SIDE = 0.2
_LIKE_MOST, _LIKE_SOME = 0.5, 0.05
_MOST_COUNTED = 300


class _Memo(dict[str, tuple[int, ...]]):
    """The features that a word brings, worked out when it is first met."""

    def __init__(self, follow: Callable[[str], Iterable[int]]) -> None:
        super().__init__()
        self._follow = follow

    def __missing__(self, word: str) -> tuple[int, ...]:
        brought = tuple(self._follow(word))
        if len(word) <= _MEMO_CHARACTERS:
            if len(self) >= _MEMO_LIMIT:  # junk words would fill the memory over the months
                self.clear()
            self[word] = brought
        return brought


class Features:
    """The features that conditions use, and how often.

    Args:
        shares: in what share of articles a word stands, as far as that is known; a word
            that is not there is rarer than all of them.
    """

    def __init__(self, shares: Mapping[str, float]) -> None:
        self._shares = shares
        self._rarest = min(shares.values(), default=1.0)
        self._sorted = sorted(shares)
        self._features: list[Feature] = [""]
        self._uses: list[int] = [1]
        self._numbers: dict[str, int] = {}
        self._pairs: dict[tuple[str, str], int] = {}
        self._members: dict[str, tuple[Feature, ...]] = {}
        self._groups: dict[frozenset[Feature], str] = {}
        self._group_count = 0
        self._groups_of: dict[Feature, list[str]] = {}
        self._wildcards = Wildcards()
        self._forms: set[str] = set()
        self._facts: Counter[str] = Counter()
        self._brought = _Memo(self._follow)
        self._by_lang: dict[str, _Memo] = {}

    def __len__(self) -> int:
        """Answer how many numbers were given so far, with 0."""
        return len(self._features)

    def of(self, reading: Reading) -> set[int]:
        """Answer the features that an article has."""
        there = reading.text.words
        brought = chain.from_iterable(map(self._brought.__getitem__, there))
        pairs = list(filter(None, map(self._pairs.get, pairwise(there))))
        found = set(chain(brought, pairs))
        if self._groups_of:
            found.update(self._groups_with(map(self._features.__getitem__, pairs)))
        if self._forms:
            memo = self._forms_in(reading.article.lang)
            found.update(chain.from_iterable(map(memo.__getitem__, there)))
        if self._facts:
            found.update(self._facts_of(reading))
        return found

    def number(self, feature: Feature) -> int:
        """Answer the number of *feature*, the same as long as it is used."""
        known: dict[Feature, int] = self._pairs if isinstance(feature, tuple) else self._numbers  # type: ignore[assignment]
        number = known.get(feature)
        if number is None:
            number = known[feature] = len(self._features)
            self._features.append(feature)
            self._uses.append(0)
        return number

    def use(self, number: int) -> None:
        """Look for a feature from now on."""
        self._uses[number] += 1
        feature = self._features[number]
        if self._uses[number] == 1 and not isinstance(feature, tuple):
            self._begin(feature)

    def release(self, number: int) -> None:
        """Undo one `use` of a feature."""
        self._uses[number] -= 1
        if self._uses[number]:
            return
        feature = self._features[number]
        self._features[number] = ""
        if isinstance(feature, tuple):
            del self._pairs[feature]
        else:
            del self._numbers[feature]
            self._end(feature)

    def group(self, members: Iterable[Feature]) -> Feature:
        """Answer the feature that an article has if it has one of *members*."""
        known = frozenset(members)
        name = self._groups.get(known)
        if name is None:
            self._group_count += 1
            name = self._groups[known] = f"{_GROUP}{self._group_count}"
            self._members[name] = tuple(known)
        return name

    def share(self, feature: Feature) -> float:
        """Answer a guess at the share of articles that have *feature*."""
        if isinstance(feature, tuple):
            return _SIDE_BY_SIDE * min(map(self.share, feature))
        if feature[0] == _GROUP:
            return min(1.0, sum(map(self.share, self._members[feature])))
        if _FACT in feature:
            return _LIKE_MOST if feature.startswith("lang") else _LIKE_SOME
        if is_plain(feature):
            share = self._shares.get(feature)
            return min(self._rarest / 2, _guess(len(feature))) if share is None else share
        if feature[-1] == "*" and is_plain(feature[:-1]):
            return min(1.0, sum(self._beginning_with(feature[:-1])))
        return min(1.0, 4 * _guess(len(feature) - 1))

    def _beginning_with(self, beginning: str) -> Iterator[float]:
        first = bisect_left(self._sorted, beginning)
        known = islice(self._sorted, first, first + _MOST_COUNTED)
        fitting = takewhile(lambda word: word.startswith(beginning), known)
        return chain((self._shares[word] for word in fitting), (_guess(len(beginning)) / 2,))

    def _begin(self, feature: str) -> None:
        if feature[0] == _GROUP:
            for member in self._members[feature]:
                self.use(self.number(member))
                self._groups_of.setdefault(member, []).append(feature)
                self._forget(member)
        elif _FACT in feature:
            self._facts[feature.partition(_FACT)[0]] += 1
        elif feature[0] == FORMS:
            self._forms.add(feature)
            self._by_lang.clear()
        elif is_plain(feature):
            self._forget(feature)
        else:
            self._wildcards.add(feature)
            self._brought.clear()

    def _end(self, feature: str) -> None:
        if feature[0] == _GROUP:
            members = self._members.pop(feature)
            del self._groups[frozenset(members)]
            for member in members:
                self._groups_of[member].remove(feature)
                if not self._groups_of[member]:
                    del self._groups_of[member]
                self._forget(member)
                self.release(self.number(member))
        elif _FACT in feature:
            field = feature.partition(_FACT)[0]
            self._facts[field] -= 1
            if not self._facts[field]:
                del self._facts[field]
        elif feature[0] == FORMS:
            self._forms.remove(feature)
            self._by_lang.clear()
        elif is_plain(feature):
            self._forget(feature)
        else:
            self._wildcards.remove(feature)
            self._brought.clear()

    def _forget(self, member: Feature) -> None:
        """Have what *member* brings worked out anew."""
        if isinstance(member, tuple):
            return
        if is_plain(member) and member[0] != _GROUP:
            self._brought.pop(member, None)
        else:
            self._brought.clear()
            self._by_lang.clear()

    def _follow(self, word: str) -> Iterator[int]:
        if word == BORDER:
            return
        fitting = list(self._wildcards.fitting(word)) if self._wildcards else []
        for feature in (word, *fitting):
            if number := self._numbers.get(feature):
                yield number
        yield from self._groups_with([word, *fitting])

    def _groups_with(self, features: Iterable[Feature]) -> list[int]:
        """Answer the groups that have one of *features*, and those that have one of these."""
        found: list[int] = []
        for feature in features:
            for group in self._groups_of.get(feature, ()):
                found += (self._numbers[group], *self._groups_with([group]))
        return found

    def _forms_in(self, lang: str | None) -> _Memo:
        """Answer what the words of a language bring, as forms of others."""
        lang = primary(lang)
        if sum(map(len, self._by_lang.values())) > _MEMO_LIMIT:
            self._by_lang.clear()
        memo = self._by_lang.get(lang)
        if memo is None:
            if len(self._by_lang) >= _MOST_LANGUAGES:
                self._by_lang.clear()
            by_key: dict[str, list[str]] = {}
            for feature in self._forms:
                for key in forms_of(feature.lstrip(FORMS), lang):
                    by_key.setdefault(key, []).append(feature)

            def follow(word: str) -> Iterator[int]:
                keys = forms_of(word, lang)
                found = [each for key in keys for each in by_key.get(key, ())]
                numerals = forms_of(word, lang, roman=True) - keys
                roman = (each for key in numerals for each in by_key.get(key, ()))
                found += [each for each in roman if each.startswith(FORMS * 2)]
                yield from (self._numbers[each] for each in found)
                yield from self._groups_with(found)

            memo = self._by_lang[lang] = _Memo(follow)
        return memo

    def _facts_of(self, reading: Reading) -> Iterator[int]:
        for field in self._facts:
            there = [word for word in reading.fact(field).words if word != BORDER]
            # `en` is the language of en-GB, and GB is none.
            said = there[:1] if field == "lang" else there
            for feature in (fact(field, word) for word in ("", *said) if there):
                if number := self._numbers.get(feature):
                    yield number
                yield from self._groups_with([feature])


def fact(field: str, word: str) -> str:
    """Answer the feature that the fact *field* has *word*; with none, that it says anything."""
    return f"{field}{_FACT}{word}"


def _guess(letters: int) -> float:
    """Answer the share of articles that have a word of so many letters; long words are rare."""
    return min(0.5, 2.0 * 0.6**letters)
