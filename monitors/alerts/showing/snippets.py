"""The pieces of an article that show why a rule holds: its headline, and lines of context."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from monitors.alerts.alert import Snippet, Span
from monitors.alerts.showing.legible import (
    ELLIPSIS,
    clean,
    cut_after,
    cut_before,
    rewrite,
    separable,
)
from monitors.stories.article import Article
from monitors.stories.words import key
from monitors.terms.evidence import Evidence, Field

MAX_SNIPPET = 300
# Evidence this far apart still shares a snippet, with room for words around it.
_CLOSE = 220
_SHORTEST_END = 120  # a sentence that ends sooner is followed by the next one
_DISTANCE_STEP = 50  # differences in closeness below this are not worth leaving the summary
_ELLIPSES = 4
_MOST_EVIDENCE = 200  # of one part; who matches more has seen enough

# In ASCII only: an address in Chinese text ends where the Chinese goes on.
_ADDRESS = re.compile(
    r" ?\(?\b(?:[a-z][a-z0-9+.-]{1,20}://|www\.|(?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24}/)"
    r"(?:[!-~]*[a-z0-9/_=&#%~@$+*-])?(?:(?<=[(!-~])\))?",
    re.IGNORECASE | re.ASCII,
)
_SENTENCE = re.compile(
    "(?<=\\w\\w)[.!?\u2026][\"'\u201d\u2019\xbb)\\]]* (?=[^a-z])|[\u3002\uff01\uff1f]+"
)


@dataclass(frozen=True, slots=True)
class _Part:
    """The summary or the text, cleaned; *keys* are what each of its marks says, folded."""

    line: Snippet
    keys: tuple[str, ...]
    place: int


@dataclass(frozen=True, slots=True)
class _Window:
    """A stretch from one piece of evidence to another, with what it shows of the wanted."""

    part: _Part
    start: int
    end: int
    keys: frozenset[str]

    def rank(self) -> tuple[int, int, int, int]:
        """Answer its place among others, best first: most shown, close together, early."""
        distance = (self.end - self.start) // _DISTANCE_STEP
        return (-len(self.keys), distance, self.part.place, self.start)


def headline(article: Article, evidence: Sequence[Evidence]) -> Snippet:
    """Answer the article's title, cleaned and in full, with the evidence in it; maybe empty."""
    return clean(article.title, _spans(evidence, Field.TITLE))


def snippets(
    article: Article, evidence: Sequence[Evidence], *, limit: int = 2
) -> tuple[Snippet, ...]:
    """Answer the lines of summary and text that best show *evidence*, best first.

    Each is one line of at most 300 characters without web addresses, holds at least one
    mark, and shows evidence that neither the headline nor a better snippet shows. If the
    headline shows all of it, its context is shown nevertheless.

    Args:
        article: what matched.
        evidence: spans of its title, summary and text.
        limit: how many to answer at most.
    """
    title = headline(article, evidence)
    parts = (
        _part(article.summary, _spans(evidence, Field.SUMMARY), 0),
        _part(article.text, _spans(evidence, Field.TEXT), 1),
    )
    known = frozenset(said for part in parts for said in part.keys)
    wanted = (known - _shown(title)) or known
    found: list[Snippet] = []
    while len(found) < limit:
        windows = sorted(_windows(parts, wanted), key=_Window.rank)
        best = _first_new(windows, [key(line.text) for line in (title, *found)])
        if best is None:
            break
        found.append(best)
        wanted -= _shown(best)
    return tuple(found)


def _spans(evidence: Sequence[Evidence], field: Field) -> tuple[Span, ...]:
    return tuple((one.start, one.end) for one in evidence if one.field == field.value)


def _part(text: str, spans: tuple[Span, ...], place: int) -> _Part:
    if not spans:
        return _Part(Snippet(text=""), (), place)
    line = clean(text, spans[:_MOST_EVIDENCE])
    line = rewrite(line, _ADDRESS, "")
    line = clean(line.text, line.marks)
    return _Part(line, tuple(key(line.text[start:end]) for start, end in line.marks), place)


def _shown(line: Snippet) -> frozenset[str]:
    return frozenset(key(line.text[start:end]) for start, end in line.marks)


def _windows(parts: Iterable[_Part], wanted: frozenset[str]) -> Iterator[_Window]:
    """Answer, for each piece of wanted evidence, the stretch that begins with it."""
    for part in parts:
        for first, (start, own_end) in enumerate(part.line.marks):
            if part.keys[first] not in wanted:
                continue
            keys, end = {part.keys[first]}, min(own_end, start + _CLOSE)
            rest = zip(part.line.marks, part.keys, strict=True)
            for (_, stop), said in islice(rest, first + 1, None):
                if stop - start > _CLOSE:
                    break
                if said in wanted and said not in keys:
                    keys.add(said)
                    end = stop
            yield _Window(part, start, end, frozenset(keys))


def _first_new(windows: Iterable[_Window], said: Sequence[str]) -> Snippet | None:
    """Answer the first excerpt whose words were not all said before."""
    for window in windows:
        excerpt = _excerpt(window.part.line, window.start, window.end)
        words = key(excerpt.text)
        if not any(f" {words} " in f" {earlier} " for earlier in said):
            return excerpt
    return None


def _excerpt(line: Snippet, start: int, end: int) -> Snippet:
    """Answer the part of *line* around *start* to *end*, by whole sentences where they fit."""
    text = line.text
    if len(text) <= MAX_SNIPPET:
        return line
    room = MAX_SNIPPET - _ELLIPSES
    first, before = _beginning(text, start, room - (end - start))
    last, after = _ending(text, first, end, first + room)
    shift = len(before) - first
    marks = (
        (max(begin, first) + shift, min(stop, last) + shift)
        for begin, stop in line.marks
        if begin < last and stop > first
    )
    return clean(before + text[first:last] + after, marks)


def _beginning(text: str, start: int, spare: int) -> tuple[int, str]:
    """Answer where an excerpt begins that shows *start*, and the ellipsis before it."""
    earliest = start - spare * 2 // 3
    if earliest <= 0:
        return 0, ""
    sentences = [found.end() for found in _SENTENCE.finditer(text, earliest, start)]
    if sentences:
        return sentences[-1], f"{ELLIPSIS} "
    return min(cut_after(text, start - spare // 3), start), ELLIPSIS


def _ending(text: str, first: int, end: int, latest: int) -> tuple[int, str]:
    """Answer where an excerpt from *first* ends that shows *end*, and the ellipsis after it."""
    if latest >= len(text):
        return len(text), ""
    soonest = max(end, first + _SHORTEST_END)
    for found in _SENTENCE.finditer(text, soonest - 2, latest + 1):
        if soonest <= len(found[0].rstrip()) + found.start() <= latest:
            return found.end(), ELLIPSIS if found[0][-1] != " " else f" {ELLIPSIS}"
    last = cut_before(text, latest)
    while last < latest and (last < end or not separable(text, last)):
        last += 1
    return last, ELLIPSIS
