"""Words that nobody has written, and those like them that some have."""

from difflib import get_close_matches
from heapq import nlargest

from monitors.language.expression import Expression, Word, terms
from monitors.pipeline.rows import SearchRows
from monitors.stories import words

_MOST_WORDS, _MOST_ALIKE, _MOST_COMPARED = 4, 3, 2_000
_BEGINNING = 3  # characters that two spellings of a word share
_FURTHER = 2  # characters by which they differ in length


def nearest_words(
    search: SearchRows, condition: Expression
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Answer the words of *condition* that no article has, each with words that some have."""
    sought = {
        folded[0]: term.text
        for term in terms(condition)
        if isinstance(term, Word) and len(folded := words.folded(term.text.rstrip("*"))) == 1
    }
    known = search.word_counts(sought)
    missing = [(word, text) for word, text in sought.items() if word not in known]
    return tuple((text, _alike(search, word)) for word, text in missing[:_MOST_WORDS])


def _alike(search: SearchRows, word: str) -> tuple[str, ...]:
    found = search.words_beginning(word[:_BEGINNING])
    near = {each: count for each, count in found.items() if abs(len(each) - len(word)) <= _FURTHER}
    common = nlargest(_MOST_COMPARED, near, key=lambda each: near[each])
    return tuple(get_close_matches(word, common, n=_MOST_ALIKE))
