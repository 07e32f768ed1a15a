"""Countries as entities: `@country.kr` is South Korea in every language.

The names come from the CLDR, and from countries.toml what it does not have. English names and
those in scripts other than Latin count in every article. The others count in articles of
their language only: `Island` is Iceland in German.
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import chain
from pathlib import Path
from typing import Any

from monitors.adapters.packs.cldr import ENGLISH, Names, read_english, read_names
from monitors.stories.words import key
from monitors.terms.entity import Entity

_TABLE = Path(__file__).with_name("countries.toml")
_SHORTEST = 3
_CLOSE_ENOUGH = 0.8
# What feeds write for languages that the CLDR calls otherwise, or does not tell apart.
_OTHER_CODES = {
    "fil": ("tl",),
    "id": ("in",),
    "no": ("nb", "nn"),
    "ro": ("mo",),
    "sr": ("sh",),
}
_LATIN = re.compile(r"[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_WORD = re.compile(r"\w+")
# Scripts in which a name is found inside a longer word.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17d3\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
)
# A word of katakana ends where they end, but words are cut by character: of the shortest names,
# all that would go on is something else, as the title (タイトル) that begins like Thailand (タイ).
_KATAKANA = tuple(map(chr, (*range(0x30A1, 0x30FB), 0x30FC)))
_SHORT_KATAKANA = re.compile("[\u30a1-\u30fa\u30fc]{1,3}")


class Countries:
    """The pack `country`; reads nothing before it is asked."""

    hint = "Write the ISO 3166 code of a country, as in @country.kr."

    def __init__(self) -> None:
        self._english: Mapping[str, str] = {}
        self._made: dict[str, Entity] = {}

    def __contains__(self, member: object) -> bool:
        """Answer whether there is a country of that code."""
        self._english = self._english or read_english()
        return member in self._english

    def meant(self, member: str) -> str | None:
        """Answer the code of the country that *member* is another code or a name of."""
        lower = member.lower()
        if lower in self:
            return lower
        table = _table()
        known: dict[str, str] = {}
        for code, english in self._english.items():
            told = table.get(code, _Told())
            for name in (english, *told.names, *told.exact):
                known.setdefault(key(name), code)
        close = get_close_matches(key(member), known, 1, cutoff=_CLOSE_ENOUGH)
        return known[close[0]] if close else None

    def entities(self, members: Collection[str]) -> Mapping[str, Entity]:
        """Answer the countries of the codes *members*."""
        missing = [code for code in members if code not in self._made]
        if missing:
            names, table = read_names(), _table()
            longer = _Longer(_told_names(names, table))
            for code in missing:
                self._made[code] = _entity(code, names, table.get(code, _Told()), longer)
        return {code: self._made[code] for code in members}


@dataclass(frozen=True, slots=True)
class _Told:
    """What countries.toml tells of a country; see there."""

    names: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    drop: frozenset[str] = frozenset()
    by_language: Mapping[str, Sequence[str]] = field(default_factory=dict)


def _table() -> dict[str, _Told]:
    read: dict[str, dict[str, Any]] = tomllib.loads(_TABLE.read_text(encoding="utf-8"))
    return {
        code: _Told(
            names=tuple(told.get("names", ())),
            exact=tuple(told.get("exact", ())),
            exceptions=tuple(told.get("except", ())),
            drop=frozenset(name.casefold() for name in told.get("drop", ())),
            by_language=told.get("in", {}),
        )
        for code, told in read.items()
    }


def _told_names(names: Names, table: Mapping[str, _Told]) -> Iterator[tuple[str, str]]:
    """Yield the codes and names of all territories."""
    for language, territories in names.items():
        for code, name in territories.items():
            for written in _english(name) if language == ENGLISH else (name,):
                yield code, written
    for code, told in table.items():
        for name in chain(told.names, told.exact, *told.by_language.values()):
            yield code, name


def _entity(code: str, names: Names, told: _Told, longer: "_Longer") -> Entity:
    everywhere = [*told.names]
    somewhere: dict[str, list[str]] = {lang: [*own] for lang, own in told.by_language.items()}
    for locale, territories in names.items():
        name = territories.get(code, "")
        if not name or name.casefold() in told.drop:
            continue
        language = locale.partition("_")[0]
        if language == ENGLISH:
            everywhere += _english(name)
        elif _LATIN.search(name) or longer.is_shared(name):
            somewhere.setdefault(language, []).append(name)
        else:
            everywhere.append(name)
    distinct = _distinct(everywhere)
    by_language = tuple(_by_language(somewhere, distinct, told))
    found = (*distinct.values(), *(name for _, some in by_language for name in some))
    return Entity(
        name=code,
        names=tuple(distinct.values()),
        exact=told.exact,
        exceptions=tuple(_exceptions(code, found, told, longer)),
        by_language=by_language,
    )


def _english(name: str) -> Iterator[str]:
    """Yield the ways in which English writes a name of the CLDR."""
    yield name
    if "&" in name:
        yield name.replace("&", "and")
    if name.startswith("St. "):
        yield name.replace("St.", "Saint").replace("&", "and")


def _distinct(names: Iterable[str], told: Collection[str] = ()) -> dict[str, str]:
    """Answer *names* by what makes two the same, without short ones that nobody *told*."""
    found: dict[str, str] = {}
    for name in names:
        folded = key(name)
        is_long = not _LATIN.search(name) or sum(map(str.isalpha, folded)) >= _SHORTEST
        if is_long or name in told:
            found.setdefault(folded, name)
    found.pop("", None)
    return found


def _by_language(
    somewhere: Mapping[str, Sequence[str]], everywhere: Mapping[str, str], told: _Told
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the names of each language that do not count everywhere."""
    for language in sorted(somewhere):
        distinct = _distinct(somewhere[language], told.by_language.get(language, ()))
        own = tuple(name for folded, name in distinct.items() if folded not in everywhere)
        if own:
            for tag in (language, *_OTHER_CODES.get(language, ())):
                yield tag, own


def _exceptions(code: str, names: Sequence[str], told: _Told, longer: "_Longer") -> Iterator[str]:
    """Yield the longer names of other things that have one of *names* in them."""
    others = (name for own in (*names, *told.exact) for name in longer.around(own, code))
    yield from _distinct((*told.exceptions, *others)).values()
    for name in names:
        if _SHORT_KATAKANA.fullmatch(name):
            yield from (name + sign for sign in _KATAKANA)
            yield from (sign + name for sign in _KATAKANA if sign != "\u30fc")


class _Longer:
    """The names of all territories, by the words in them."""

    def __init__(self, names: Iterable[tuple[str, str]]) -> None:
        self._codes: dict[str, set[str]] = {}
        self._owners: dict[str, set[str]] = {}
        self._by_word: dict[str, list[str]] = {}
        self._unspaced: list[str] = []
        for code, name in names:
            if name not in self._codes:
                self._add(name)
            self._codes.setdefault(name, set()).add(code)
            self._owners.setdefault(_plain(name), set()).add(code)

    def _add(self, name: str) -> None:
        if _UNSPACED.search(name):
            self._unspaced.append(name)
        for word in set(_plain(name).split()):
            self._by_word.setdefault(word, []).append(name)

    def is_shared(self, name: str) -> bool:
        """Answer whether it is the name of another territory in another language."""
        return len(self._owners[_plain(name)]) > 1

    def around(self, name: str, code: str) -> Iterator[str]:
        """Yield the names of territories other than *code* that have *name* in them."""
        if _UNSPACED.search(name):
            likely = [each for each in self._unspaced if name in each]
        else:
            likely = self._by_word.get(max(_plain(name).split(), key=len, default=""), [])
        folded = f" {key(name)} "
        for each in likely:
            if each != name and code not in self._codes[each]:
                other = f" {key(each)} "
                if folded in other and folded != other:
                    yield each


def _plain(name: str) -> str:
    """Answer the letters of *name* word by word: a quick and rough `key`."""
    return " ".join(_WORD.findall(name.casefold()))
