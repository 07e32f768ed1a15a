"""What speaks against an article's joining a story, however alike the two read.

An outlet that writes by a template tells of another quake, match or recall in all but the
same words. Each rule here only lowers the chance to join; none of them lets anything join.
An article is compared with those at other addresses: what comes again at its own address is
the same article, whatever its title says, and is recognised before.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Literal, TypeAlias
from zlib import crc32

from monitors.grouping.roundups import is_daily_report, is_round_up
from monitors.grouping.stems import is_number, stems
from monitors.grouping.templates import NEVER_NAMES, TEMPLATE_WORDS
from monitors.stories.words import Words, cut, spelled

Marker: TypeAlias = Literal["report", "live", "opinion"]
Kind: TypeAlias = Literal["report", "live", "opinion", "round-up", "daily"]

_MOST_CHARACTERS = 2000
_MOST_WORDS_OF_TITLE, _MOST_WORDS_OF_SUMMARY = 40, 60
_MOST_LOOKED_AT, _MOST_OF_OUTLET = 24, 6
_ANOTHER_DAY = 12 * 3600
_SAME_SUMMARY = 0.6
_SAME_FORM = 0.5
_HARDLY_ANY = 1 / 3
_MANY_REPORTS = 8
_SIDES = 2
_MOST_CAPITALS = 0.6
_OPENS_A_SENTENCE = re.compile(r"[.:!?|\u2013\u2014\u2022\u201c\u201e\u00ab\"\u00bf\u00a1]|\s-\s")
_SCORE_OF_A_MATCH = re.compile(r"\d{1,3}-\d{1,3}")
# The lowest bits of the number of a title's word say what it is.
_PLAIN, _NUMBER, _NAME, _CASELESS, _SCORE = range(5)
_KIND = 7
_FACTS = frozenset({_NUMBER, _NAME, _SCORE})


class Effect(Enum):
    """The most that an article may be to a story."""

    NOTHING = "no further report, and nothing said of it"
    RELATED = "a story of its own, told as a reply to the other"


class Guard(Enum):
    """A reason why an article does not surely join a story.

    A round-up tells other news each time; a live blog and an opinion tell of much beside the
    event. `NEXT` is what else an outlet tells in the form, or of the people, of an earlier
    article; `OTHER_NAMES` are two outlets that fill one template.
    """

    ROUND_UP = "round-up"
    SERIES = "series"
    TEMPLATE = "template of the outlet"
    NEXT = "another article of the outlet"
    OTHER_NAMES = "other names"
    DAILY = "another day's report"
    OPINION = "opinion"
    LIVE = "live blog"

    @property
    def effect(self) -> Effect:
        """What the article may still be to the story."""
        apart = self in {Guard.ROUND_UP, Guard.SERIES, Guard.TEMPLATE}
        return Effect.NOTHING if apart else Effect.RELATED


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """What the guards have to remember of an article: some 300 bytes.

    Attributes:
        outlet: who published it.
        at: when, in seconds.
        kind: what its title says that it is.
        title: its telling words in their order, a number of 32 bits each.
        summary: the other telling words of the summary, likewise, but in no order.
    """

    outlet: str
    at: int
    kind: Kind
    title: bytes
    summary: bytes


def _every_word(_folded: str) -> bool:
    return True


def headline(  # noqa: PLR0913 - what an article consists of
    *,
    title: str,
    summary: str,
    outlet: str,
    at: int,
    marker: Marker = "report",
    is_common: Callable[[str], bool] = _every_word,
) -> Headline:
    """Answer what the guards have to remember of an article.

    Args:
        title: without the name of the outlet at its end.
        summary: plain text, maybe empty.
        outlet: who published it.
        at: when, in seconds.
        marker: what a word before the title says of it.
        is_common: whether a folded word stands in many articles. At the beginning of a
            sentence, or where all words have a capital, only the others are names.
    """
    title, summary = title[:_MOST_CHARACTERS], summary[:_MOST_CHARACTERS]
    kind: Kind = marker
    if is_round_up(title):
        kind = "round-up"
    elif marker == "report" and is_daily_report(title):
        kind = "daily"
    told = _coded(title, is_common)[:_MOST_WORDS_OF_TITLE]
    known = _words(told)
    more = [code for code in _plain(summary) if code not in known]
    rest = sorted(set(more[:_MOST_WORDS_OF_SUMMARY]))
    return Headline(outlet=outlet, at=at, kind=kind, title=_packed(told), summary=_packed(rest))


def _coded(text: str, is_common: Callable[[str], bool]) -> list[int]:
    """Answer the telling words of a title as numbers."""
    words, letters = cut(text), spelled(text)
    names = _names(text, words, letters, is_common)
    codes: list[int] = []
    for stemmed, at in stems(text, words):
        kind = _PLAIN
        if is_number(stemmed):
            kind = _SCORE if _SCORE_OF_A_MATCH.fullmatch(stemmed) else _NUMBER
        elif at in names and stemmed not in NEVER_NAMES:
            kind = _NAME
        elif letters[at].lower() == letters[at].upper():
            kind = _CASELESS
        codes.append(_code(stemmed) | kind)
    return codes


def _plain(text: str) -> list[int]:
    """Answer the telling words of a summary: what they are matters in titles only."""
    return [_code(stemmed) for stemmed, _ in stems(text, cut(text))]


def _names(
    text: str, words: Words, letters: Sequence[str], is_common: Callable[[str], bool]
) -> set[int]:
    """Answer which of *words* their capitals make names."""
    capitals = [at for at, word in enumerate(letters) if word[0].isupper()]
    cased = sum(word[0].isupper() or word[0].islower() for word in letters)
    everywhere = len(capitals) > _MOST_CAPITALS * cased
    names = set()
    for at in capitals:
        before = text[words.spans[at - 1][1] : words.spans[at][0]] if at else "."
        says_little = everywhere or _OPENS_A_SENTENCE.search(before)
        if not says_little or not is_common(words.folded[at]):
            names.add(at)
    return names


@lru_cache(maxsize=1 << 16)
def _code(stemmed: str) -> int:
    return crc32(stemmed.encode()) & ~_KIND


_OF_TEMPLATES = frozenset(map(_code, TEMPLATE_WORDS))
_NO_NAMES = frozenset(map(_code, NEVER_NAMES))


def _packed(codes: Iterable[int]) -> bytes:
    return array("I", codes).tobytes()


def _codes(packed: bytes) -> list[int]:
    return memoryview(packed).cast("I").tolist()


def _words(codes: Iterable[int]) -> set[int]:
    return {code & ~_KIND for code in codes}


def _report(article: Headline) -> set[int]:
    """Answer the words of title and summary."""
    return _words(_codes(article.title + article.summary))


def _told(story: Iterable[Headline]) -> set[int]:
    return _words(_codes(b"".join([each.title + each.summary for each in story])))


def guard(newcomer: Headline, story: Sequence[Headline]) -> Guard | None:
    """Answer what speaks against it that *newcomer* joins *story*, if anything does.

    Args:
        newcomer: an article at an address that the story does not have.
        story: its articles, oldest first; of very many, the first and the latest are looked at.
    """
    own = [each for each in story if each.outlet == newcomer.outlet][-_MOST_OF_OUTLET:]
    if len(story) > _MOST_LOOKED_AT:
        story = [story[0], *own, *story[-_MOST_LOOKED_AT:]]
    if newcomer.kind == "round-up" or any(each.kind == "round-up" for each in story):
        return Guard.ROUND_UP
    return (
        (_within_outlet(newcomer, own, story) if own else None)
        or _by_kind(newcomer, story)
        or _across_outlets(newcomer, story)
    )


def _by_kind(newcomer: Headline, story: Sequence[Headline]) -> Guard | None:
    """Answer what the kinds of the articles say; a live blog joins, but hides no report."""
    kinds = {each.kind for each in story}
    if newcomer.kind == "opinion" or kinds == {"opinion"}:
        return Guard.OPINION
    if newcomer.kind != "live" and kinds <= {"live", "opinion"}:
        return Guard.LIVE
    days = newcomer.kind == "daily" and story[0].kind == "daily"
    return Guard.DAILY if days and newcomer.at - story[0].at > _ANOTHER_DAY else None


def _within_outlet(
    newcomer: Headline, own: Sequence[Headline], story: Sequence[Headline]
) -> Guard | None:
    """Answer what speaks against it in *own*, the articles in *story* of the same outlet.

    Each title has to have a word that is nowhere in the other's report.
    """
    if any(_is_series(newcomer, each) for each in own):
        return Guard.SERIES
    report, told = _report(newcomer), _told(story)
    new = [code for code in _codes(newcomer.title) if code & ~_KIND not in told]
    is_template = False
    for each in own:
        gone = [code for code in _codes(each.title) if code & ~_KIND not in report]
        if not (new and gone and _are_alike(newcomer, each)) and not _are_swapped(newcomer, each):
            return None
        facts = _have(_FACTS, new) and _have(_FACTS, gone)
        is_template = is_template or (facts and _are_of_one_template(newcomer, each))
    if is_template:
        return Guard.TEMPLATE
    # What many outlets tell goes on, and an outlet that told of it tells more.
    return Guard.NEXT if len(story) - len(own) < _MANY_REPORTS else None


def _have(kinds: frozenset[int], codes: Iterable[int]) -> bool:
    return any(code & _KIND in kinds for code in codes)


def _are_alike(newcomer: Headline, other: Headline) -> bool:
    """Answer whether the titles share their form, are both formulaic, or share no name.

    Further reports of one event share its names and little else.
    """
    new, old = _codes(newcomer.title), _codes(other.title)
    shared = _words(new) & _words(old)
    if len(shared) >= _SAME_FORM * max(len(new), len(old)):
        return True
    if not _OF_TEMPLATES.isdisjoint(_words(new)) and not _OF_TEMPLATES.isdisjoint(_words(old)):
        return True
    return not (_named(new) | _named(old)) & shared


def _is_series(newcomer: Headline, other: Headline) -> bool:
    """Answer whether but numbers and dates tell the titles apart, and the summaries differ."""
    new, old = (
        [code & ~_KIND for code in _codes(each.title) if code & _KIND not in (_NUMBER, _SCORE)]
        for each in (newcomer, other)
    )
    if new != old:
        return False
    summaries = [_words(_codes(each.summary)) for each in (newcomer, other)]
    fewer = min(map(len, summaries))
    if not fewer:
        return abs(newcomer.at - other.at) > _ANOTHER_DAY
    return len(summaries[0] & summaries[1]) < _SAME_SUMMARY * fewer


def _are_swapped(newcomer: Headline, other: Headline) -> bool:
    """Answer whether the titles have the same words in another order: X beats Y, Y beats X."""
    new, old = ([code & ~_KIND for code in _codes(each.title)] for each in (newcomer, other))
    return new != old and sorted(new) == sorted(old)


def _are_of_one_template(newcomer: Headline, other: Headline) -> bool:
    """Answer whether the words that are no names or numbers agree for the most part."""
    new, old = (
        {code & ~_KIND for code in _codes(each.title) if code & _KIND not in _FACTS}
        for each in (newcomer, other)
    )
    return len(new & old) >= max(1, _SAME_FORM * max(len(new), len(old)))


def _across_outlets(newcomer: Headline, story: Sequence[Headline]) -> Guard | None:
    """Answer whether the titles share what desks write by template, and name other things."""
    new = _codes(newcomer.title)
    scores = _have(frozenset({_SCORE}), new)
    if not scores and _OF_TEMPLATES.isdisjoint(_words(new)):
        return None
    old = [code for each in story for code in _codes(each.title)]
    scores = scores and _have(frozenset({_SCORE}), old)
    if not scores and _OF_TEMPLATES.isdisjoint(_words(new) & _words(old)):
        return None
    report, told = _report(newcomer), _told(story)
    strange = _is_strange(new, told) and _is_strange(old, report)
    if strange or (scores and _are_other_sides(_named(new), told, _named(old), report)):
        return Guard.OTHER_NAMES
    return None


def _named(title: Iterable[int]) -> set[int]:
    return {code & ~_KIND for code in title if code & _KIND == _NAME}


def _are_other_sides(new: set[int], told: set[int], old: set[int], report: set[int]) -> bool:
    """Answer whether other sides played: two reports of one match name both of them."""
    return bool(new - told) and bool(old - report) and len(new & told | old & report) < _SIDES


def _is_strange(title: Iterable[int], report: set[int]) -> bool:
    """Answer whether *title* has names, and *report* none of its names and numbers.

    In a script without capitals every word may be a name, and some are in any report.
    """
    facts = {code & ~_KIND: code & _KIND for code in title if code & _KIND != _PLAIN}
    facts = {word: kind for word, kind in facts.items() if word not in _NO_NAMES}
    shared = facts.keys() & report
    if _CASELESS in facts.values():
        return len(shared) < _HARDLY_ANY * len(facts)
    return _NAME in facts.values() and not shared
