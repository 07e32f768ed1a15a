"""A headline that somebody sends in place of a condition: which of its words are telling."""

import re
from collections.abc import Mapping, Sequence

from monitors.language.lexing import tokens
from monitors.language.problems import Problem
from monitors.language.tokens import Kind
from monitors.stories.words import folded

_FEWEST_WORDS = 5
_MOST_PHRASES = 3
_TOO_COMMON = 0.02  # of all articles
_NEVER_COMMON = 5  # articles
_LONGEST = 300  # characters
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019.][^\W_]+)*")
# Whoever writes one of these knows how conditions are written.
_WRITTEN = re.compile(r"\b(?:AND|OR|NOT|O?NEAR|SENTENCE|OF|POINTS)\b|[()@~*^]|\"|\w:\S")
_SHORT, _LONG = 3, 5
_ENOUGH_NAMES = 2


def is_headline(text: str) -> bool:
    """Answer whether *text* reads like a sentence, of which every word would have to be found."""
    if len(text) > _LONGEST or _WRITTEN.search(text):
        return False
    if len(_WORD.findall(text)) < _FEWEST_WORDS:
        return False
    read = tokens(text)
    plain = (Kind.WORD, Kind.PHRASE)
    return isinstance(read, Problem) or all(token.kind in plain for token in read)


def words_of(text: str) -> tuple[str, ...]:
    """Answer the words of a headline, folded as the store counts them."""
    return tuple(dict.fromkeys(word for each in _WORD.findall(text) for word in folded(each)))


def condition_of(text: str, counts: Mapping[str, int], stored: int) -> str | None:
    """Answer a condition of the few words of a headline that tell it from others.

    Names of several words stay together as phrases. None if no word is telling.

    Args:
        text: the headline.
        counts: in how many articles words stand, folded.
        stored: how many articles there are.
    """
    found = _WORD.findall(text)
    begins_low = sum(word[:1].islower() for word in found)
    has_names = begins_low * 2 >= len(found)  # where not Every Word Is Written Like This
    most = max(_NEVER_COMMON, round(stored * _TOO_COMMON))

    def rarity(phrase: Sequence[str]) -> tuple[int, int]:
        return min(_count(word, counts) for word in phrase), -sum(map(len, phrase))

    every = _phrases(text, names=has_names)
    telling = sorted((one for one in every if _is_telling(one, counts, most)), key=rarity)
    names = [one for one in telling if _is_name(one, has_names=has_names, first=found[0])]
    others = [one for one in telling if one not in names and len(one[0]) >= _LONG]
    chosen = names[:_MOST_PHRASES]
    if len(names) < _ENOUGH_NAMES:
        chosen += others[: _MOST_PHRASES - len(names)]
    return " AND ".join(f'"{" ".join(one)}"' for one in every if one in chosen) or None


def _is_name(phrase: Sequence[str], *, has_names: bool, first: str) -> bool:
    """Answer whether a phrase is written as names are; the first word has a capital anyway."""
    if len(phrase) > 1 or any(char.isdigit() for char in phrase[0]):
        return True
    word = phrase[0]
    return has_names and word[:1].isupper() and (word != first or word.isupper())


def _phrases(text: str, *, names: bool) -> list[tuple[str, ...]]:
    """Answer the words of *text*, those of a name together."""
    phrases: list[tuple[str, ...]] = []
    end = 0
    for place, found in enumerate(_WORD.finditer(text)):
        word, before = found[0], phrases[-1] if phrases else ()
        # The first word of a sentence has a capital whatever it is.
        goes_on = place > 1 and before and before[-1][:1].isupper()
        beside = text[end : found.start()] == " "
        if names and goes_on and beside and (word[:1].isupper() or word.isdigit()):
            phrases[-1] = (*before, word)
        else:
            phrases.append((word,))
        end = found.end()
    return list(dict.fromkeys(phrases))


def _is_telling(phrase: Sequence[str], counts: Mapping[str, int], most: int) -> bool:
    if len(phrase) > 1:
        return True
    word = phrase[0]
    if len(word) == 1 and word.isascii() and word.isalpha():
        return False  # I, a
    is_short = len(word) <= _SHORT and word.isascii() and not word.isupper()
    return not is_short and _count(word, counts) <= most


def _count(word: str, counts: Mapping[str, int]) -> int:
    return max((counts.get(part, 0) for part in folded(word)), default=0)
