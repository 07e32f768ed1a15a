r"""Regular expressions in linear time: no text and no pattern makes them explode.

RE2 runs them, so there is neither looking around nor looking back at groups. Its `\w`, `\d`,
`\s` and `\b` know ASCII only; `\pL` is a letter of any script.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from re import _constants as python  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import re2

from monitors.language.refusals import Refusal, clipped

MAX_PATTERN = 500
MAX_FOUND = 1_000
# Where RE2 has to give up its automaton, a text costs this many steps a character.
MAX_STEPS = 5_000
_MAX_MEMORY = 2 * 1024 * 1024
# Asking for one more than are kept in turn, as very many rules do, would compile each anew.
_KEPT = 1_000
_LITERALS_KEPT = 100_000
# Where Python's own reading may differ from RE2's, or warns: classes in classes.
_READ_OTHERWISE = re.compile(r"\[\^?\[|\[:|--|&&|~~|\|\|")
_ESCAPE = re.compile(r"\\(?:[pP](?:\{\^?\w+\}|\w)|.)", re.DOTALL)
_SAMPLES = ("", "a", " ", "\uac00")

_MESSAGES: tuple[tuple[str, str, str], ...] = (
    (
        r"invalid perl operator: \(\?<?[=!].*",
        "a regular expression cannot look ahead or back, as (?= and (?<! do",
        "Write what stands there into it, or a second term with AND or NOT.",
    ),
    (
        r"invalid perl operator: \(\?P",
        "a regular expression cannot look back at a group, as (?P= does",
        "Write the part again.",
    ),
    (
        r"invalid perl operator: (.*)",
        "{} is not known in a regular expression",
        "Write (?: to begin a group; for small and capital letters, i after the last slash.",
    ),
    (
        r"invalid escape sequence: \\[1-9]",
        "a regular expression cannot look back at a group, as \\1 does",
        "Write the part again.",
    ),
    (
        r"invalid escape sequence: (.*)",
        "{} is not known in a regular expression",
        "Delete the backslash to search for the sign itself.",
    ),
    (r"missing \): .*", "a parenthesis in the regular expression is never closed", ""),
    (r"unexpected \): .*", "a parenthesis in the regular expression was never opened", ""),
    (
        r"missing \]: .*",
        "a [ in the regular expression is never closed",
        "Put a ] after the last letter, or write \\[ to search for the sign itself.",
    ),
    (
        r"(?:no argument for|bad) repetition operator: (.*)",
        "{} stands after nothing that it could repeat",
        "Write a letter or a group before it, or \\ to search for the sign itself.",
    ),
    (
        r"invalid repetition size: (.*)",
        "{} repeats too often, or its numbers stand the wrong way round",
        "Write at most 1,000, with those of groups in one another multiplied.",
    ),
    (
        r"invalid character class range: (.*)",
        "{} is no range or kind of letters",
        "Write them as in [a-z] or \\pL, or put a - at the end of the [ ].",
    ),
    (r"trailing \\", "nothing stands after the last \\", "Write \\\\ to search for the sign."),
    (r"pattern too large.*", "the regular expression is too large", ""),
)
_USUAL_HINT = {
    "parenthesis": "Write \\( or \\) to search for the sign itself.",
    "large": "Write smaller numbers in its { }, or make several terms of it.",
}
_TRANSLATIONS = tuple(
    (re.compile(form, re.DOTALL), message, hint) for form, message, hint in _MESSAGES
)


class Pattern:
    """A regular expression, ready to be looked for."""

    __slots__ = ("_pattern",)

    def __init__(self, pattern: Any) -> None:  # noqa: ANN401 - the library has no types
        self._pattern = pattern

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where it stands in *text*, from left to right and without overlaps.

        The offsets count characters of *text*, whatever its script. Each of them costs a
        search, so take no more than you need; there are `MAX_FOUND` at most, and no empty one.
        """
        found = 0
        for match in self._pattern.finditer(_encodable(text)):
            start, end = match.span()
            if start < end:
                yield start, end
                found += 1
                if found == MAX_FOUND:
                    return

    def has(self, text: str) -> bool:
        """Answer whether it stands anywhere in *text*."""
        return next(self.spans(text), None) is not None


def _encodable(text: str) -> str:
    """Answer *text* with a `?` for every half of a character; of the same length."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="replace").decode()
    return text


@lru_cache(maxsize=_KEPT)
def compiled(pattern: str, *, ignores_case: bool) -> Pattern | Refusal:
    """Answer *pattern* ready for use, or what is wrong with it and how to mend it."""
    if len(pattern) > MAX_PATTERN:
        message = f"the regular expression is longer than {MAX_PATTERN} characters"
        return message, "Make several terms of it, joined by OR."
    if "\\C" in re.findall(r"\\.", pattern):
        return "\\C is not known in a regular expression", "Write . for any character."
    options = re2.Options()
    options.max_mem = _MAX_MEMORY
    options.log_errors = False
    options.case_sensitive = not ignores_case
    try:
        ready = re2.compile(pattern, options)
    except re2.error as error:
        return _translated(error.args[0].decode(errors="replace"))
    if max(ready.programsize, ready.reverseprogramsize) > MAX_STEPS:
        return _translated("pattern too large")
    found = (ready.search(sample) for sample in _SAMPLES)
    if any(match and match.start() == match.end() for match in found):
        return (
            "the regular expression matches everywhere, even where nothing stands",
            "Write + for * or ?, or a letter that has to stand there.",
        )
    return Pattern(ready)


def _translated(said: str) -> Refusal:
    """Answer in plain words what RE2 *said*."""
    for form, message, hint in _TRANSLATIONS:
        if found := form.fullmatch(said):
            usual = next((text for word, text in _USUAL_HINT.items() if word in message), "")
            return message.format(*map(clipped, found.groups())), hint or usual
    return f"the regular expression is wrong: {clipped(said)}", "Put it in quotation marks."


@lru_cache(maxsize=_LITERALS_KEPT)
def literal(pattern: str, *, ignores_case: bool) -> str:
    """Answer the longest text that every match of *pattern* surely contains; "" if none is sure.

    If *ignores_case*, it is case-folded, and stands in `text.casefold()`.
    """
    if _READ_OTHERWISE.search(pattern):
        return ""
    runs = _Runs()
    try:
        tree = parser.parse(_ESCAPE.sub(_for_python, pattern))
        runs.read(tree)
    except (re.error, OverflowError, RecursionError):
        return ""  # RE2 may know it nevertheless
    if tree.state.flags & re.IGNORECASE:
        return ""
    longest = max((*runs.ended, runs.open), key=len)
    return longest.casefold() if ignores_case else longest


def _for_python(escape: re.Match[str]) -> str:
    """Answer an escape as Python's `re` knows it: for a kind of letters, some other kind."""
    return r"\w" if escape[0][1] in "pP" else escape[0]


class _Runs:
    """Runs of letters that follow one another in every match.

    Attributes:
        ended: those that are complete.
        open: the run that the next letter goes on.
    """

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.open = ""

    def read(self, tree: Iterable[tuple[Any, Any]]) -> None:
        """Read on through *tree*, as Python's `re` draws it."""
        for kind, said in tree:
            if kind is python.LITERAL:
                self.open += chr(said)
            elif kind is python.SUBPATTERN and not said[1]:  # without flags of its own
                self.read(said[3])
            elif kind in (python.MAX_REPEAT, python.MIN_REPEAT) and said[0]:
                self._repeated(said[2], once=said[0] == said[1] == 1)
            elif kind is not python.AT:
                self._end()

    def _repeated(self, tree: Iterable[tuple[Any, Any]], *, once: bool) -> None:
        inside = _Runs()
        inside.read(tree)
        first, *others = (*inside.ended, inside.open)
        self.open += first
        if others or not once:
            self._end()
            self.ended += others
            # The last time goes on with what follows, and ends as every time does.
            self.open = inside.open

    def _end(self) -> None:
        self.ended.append(self.open)
        self.open = ""
