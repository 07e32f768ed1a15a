"""The distinct words of a text: which of them fit a pattern, or are forms of a word."""

from collections import defaultdict
from collections.abc import Collection

from monitors.terms.forms import forms_of
from monitors.terms.wanted import ANY_WORD, FORMS
from monitors.terms.wildcards import fits, longest_run

_EDGE = "\n"  # no word has it


class Vocabulary:
    """Words, each once, asked for those that something other than a plain word stands for.

    Many patterns may be asked for in one text, so that none looks at all the words in turn.

    Args:
        words: folded.
        lang: language tag of what they are written in, if it is known.
    """

    def __init__(self, words: Collection[str], lang: str | None) -> None:
        self._words = words
        self._lang = lang
        self._joined = ""
        self._by_form: dict[bool, dict[str, list[str]]] = {}

    def standing_for(self, wanted: str) -> Collection[str]:
        """Answer the words that *wanted*, a word of a name that is not plain, stands for."""
        if wanted == ANY_WORD:
            return self._words
        return self._forms(wanted) if wanted[0] == FORMS else self._fitting(wanted)

    def _fitting(self, pattern: str) -> list[str]:
        joined = self._joined = self._joined or _EDGE + _EDGE.join(self._words) + _EDGE
        run = longest_run(f"{_EDGE}{pattern}{_EDGE}")
        found = []
        at = joined.find(run)
        while at >= 0:
            start = joined.rfind(_EDGE, 0, at + 1) + 1
            end = joined.index(_EDGE, start)
            if fits(pattern, joined[start:end]):
                found.append(joined[start:end])
            at = joined.find(run, end)
        return found

    def _forms(self, wanted: str) -> set[str]:
        # I is a number beside other words, as in Pillar I; alone it is hardly ever one.
        roman = wanted.startswith(FORMS * 2)
        if roman not in self._by_form:
            by_key = defaultdict[str, list[str]](list)
            for word in self._words:
                for key in forms_of(word, self._lang, roman=roman):
                    by_key[key].append(word)
            self._by_form[roman] = dict(by_key)
        keys = forms_of(wanted.lstrip(FORMS), self._lang, roman=roman)
        return {word for key in keys for word in self._by_form[roman].get(key, ())}
