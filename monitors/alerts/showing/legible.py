"""Text from outside made fit to be shown: cleaned, cut and rewritten with its marks in place.

A feed's text may hide characters that spoof a title, break a message or steer a terminal.
Every function here answers a `Snippet` whose marks point at the same words as before.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from functools import cache

from monitors.alerts.alert import Snippet, Span

ELLIPSIS = "…"
# Deeper into a word than this, a cut looks no worse than one more line would.
_LONGEST_WORD = 40
_LONGEST_CHARACTER = 100  # in code points; chains of joiners beyond this are junk
_MOST_MARKS = 4
_LOOSE_ENDS = " ,;:(-\u2013\u2014"  # look wrong before an ellipsis

_BLANK = r"\s\u115f\u1160\u2800\u3164\uffa0"  # with the letters that show nothing
_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"  # controls, without those that are spaces
    "\u00ad\u034f\u061c\u070f\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufdd0-\ufdef\ufeff\ufff0-\ufffc\ufffe\uffff"
    "\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e00ff"
    "]+"
)
# Persian, Indic scripts and emoji need joiners; elsewhere they only hide in words.
_JOINED = "[\u0590-\u1fff\u2190-\u2bff\ufe0f\U0001f000-\U0001faff]"
_JOINER = "[\u200c\u200d]"
_STRAY_JOINER = re.compile(f"{_JOINER}(?:(?<!{_JOINED}{_JOINER})|(?!{_JOINED}))")
_GAP = re.compile(f"[{_BLANK}]{{2,}}|(?! )[{_BLANK}]")
_EDGE = re.compile(r"\A | \Z")
_FLAG_LETTERS = "".join(map(chr, range(0x1F1E6, 0x1F200)))
_MOST_FLAGS = 512
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_KOREAN_PARTS = range(0x1160, 0x1200)
_VIRAMA = 9  # the combining class of signs that tie two Indic letters together


@cache
def _excess_marks() -> re.Pattern[str]:
    """Build the pattern of combining marks that stack higher than any language needs."""
    marks = [chr(code) for code in range(0x300, 0x20000) if _is_mark(chr(code))]
    stack = f"[{''.join(marks)}\U000e0100-\U000e01ef\u200c\u200d]"
    return re.compile(f"({stack}{{{_MOST_MARKS}}}){stack}+")


def _is_mark(char: str) -> bool:
    return unicodedata.category(char).startswith("M")


def clean(text: str, marks: Iterable[Span] = ()) -> Snippet:
    """Answer *text* as one line without what nobody should see.

    Removed are controls, invisible and direction characters, halves of surrogate pairs and
    stacks of combining marks; runs of spaces become one. Cleaning twice changes nothing more.

    Args:
        text: as a feed or page has it.
        marks: half-open spans of *text* in any order; they may overlap or reach beyond it.
    """
    snippet = rewrite(Snippet(text=text, marks=_merged(marks, len(text))), _UNSEEN, "")
    if not snippet.text.isascii():
        snippet = rewrite(rewrite(snippet, _STRAY_JOINER, ""), _excess_marks(), r"\1")
        snippet = rewrite(snippet, _STRAY_JOINER, "")  # a stack that is gone leaves its joiner
    return rewrite(rewrite(snippet, _GAP, " "), _EDGE, "")


def rewrite(snippet: Snippet, pattern: re.Pattern[str], new: str) -> Snippet:
    """Answer *snippet* with each match of *pattern* replaced, its marks moved along.

    Args:
        snippet: what to change.
        pattern: matches at least one character.
        new: the replacement, as `re.Match.expand` takes it.
    """
    pieces: list[str] = []
    edits: list[tuple[int, int, int, int]] = []  # old start, old end, new start, new end
    copied = length = 0
    for found in pattern.finditer(snippet.text):
        start, end = found.span()
        inserted = found.expand(new)
        length += start - copied
        pieces += (snippet.text[copied:start], inserted)
        edits.append((start, end, length, length + len(inserted)))
        copied, length = end, length + len(inserted)
    if not edits:
        return snippet
    text = "".join((*pieces, snippet.text[copied:]))
    starts = [edit[0] for edit in edits]

    def moved(position: int) -> int:
        index = bisect_right(starts, position) - 1
        if index < 0:
            return position
        start, end, new_start, new_end = edits[index]
        if position >= end:
            return new_end + position - end
        return min(new_start + position - start, new_end)

    spans = ((moved(start), moved(end)) for start, end in snippet.marks)
    return Snippet(text=text, marks=_merged(spans, len(text)))


def _merged(marks: Iterable[Span], length: int) -> tuple[Span, ...]:
    """Answer *marks* sorted, within *length*, none empty, overlapping ones as one."""
    merged: list[Span] = []
    for start, end in sorted((max(start, 0), min(end, length)) for start, end in marks):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        elif start < end:
            merged.append((start, end))
    return tuple(merged)


def units(text: str) -> int:
    """Answer the length of *text* in UTF-16 units, never less than Telegram counts."""
    return len(text) + sum(char > "\uffff" for char in text)


def shorten(snippet: Snippet, limit: int) -> Snippet:
    """Answer *snippet* in at most *limit* UTF-16 units, cut at a word, with an ellipsis."""
    if units(snippet.text) <= limit:
        return snippet
    fitting = min(len(snippet.text), limit - 1)
    while (excess := units(snippet.text[:fitting]) - (limit - 1)) > 0:
        fitting -= (excess + 1) // 2
    kept = snippet.text[: cut_before(snippet.text, fitting)].rstrip(_LOOSE_ENDS)
    return Snippet(text=kept + ELLIPSIS, marks=_merged(snippet.marks, len(kept)))


def cut_before(text: str, position: int) -> int:
    """Answer the last place up to *position* where *text* can be cut: at a word if one is near."""
    space = text.rfind(" ", max(0, position - _LONGEST_WORD), position + 1)
    if space > 0:
        return space
    earliest = max(0, position - _LONGEST_CHARACTER)
    while position > earliest and not separable(text, position):
        position -= 1
    return position


def cut_after(text: str, position: int) -> int:
    """Answer the first place from *position* on where *text* can be cut, as `cut_before`."""
    space = text.find(" ", max(0, position - 1), position + _LONGEST_WORD)
    if space >= 0:
        return space + 1
    latest = min(len(text), position + _LONGEST_CHARACTER)
    while position < latest and not separable(text, position):
        position += 1
    return position


def separable(text: str, position: int) -> bool:
    """Answer whether what people see as one character ends before *position*."""
    if position >= len(text):
        return True
    last, following = text[position - 1], text[position]
    if following in _FLAG_LETTERS:
        before = text[max(0, position - _MOST_FLAGS) : position]
        return (len(before) - len(before.rstrip(_FLAG_LETTERS))) % 2 == 0
    tied = last == "\u200d" or unicodedata.combining(last) == _VIRAMA
    return not (
        tied
        or _is_mark(following)
        or unicodedata.category(following) == "Cf"
        or ord(following) in _SKIN_TONES
        or ord(following) in _KOREAN_PARTS
    )
