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
_LONGEST = 300  # characters
_WORD = re.compile(r"[^\W_]+(?:[-'\u2019.][^\W_]+)*")
# Whoever writes one of these knows how conditions are written.
_WRITTEN = re.compile(r"\b(?:AND|OR|NOT|O?NEAR|SENTENCE|OF|POINTS)\b|[()@~*^]|\"|\w:\S")
_SHORT = 3


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
    names_count = begins_low * 2 >= len(found)  # where not Every Word Is Written Like This
    most = max(1, round(stored * _TOO_COMMON))

    def rarity(words: Sequence[str]) -> tuple[bool, int, int]:
        named = names_count and words[0][:1].isupper()
        rarest = min(_count(word, counts) for word in words)
        return (not (named or any(map(str.isdigit, words))), rarest, -sum(map(len, words)))

    every = _phrases(text, names=names_count)
    phrases = [phrase for phrase in every if _is_telling(phrase, counts, most)]
    chosen = sorted(phrases, key=rarity)[:_MOST_PHRASES]
    kept = [phrase for phrase in phrases if phrase in chosen]
    return " AND ".join(f'"{" ".join(phrase)}"' for phrase in kept) or None


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
    is_short = len(word) <= _SHORT and word.isascii() and not word.isupper()
    return not is_short and _count(word, counts) <= most


def _count(word: str, counts: Mapping[str, int]) -> int:
    return max((counts.get(part, 0) for part in folded(word)), default=0)
