"""What differs between two texts of rules.yaml, for people."""

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

MOST_LINES = 30
LONGEST_LINE = 160
_AROUND = 2
_MOST_COMPARED = 2_000
_LINE_END = re.compile(r"\r\n?|\n")
# Passwords stand in addresses; what others than the web call their host may be a password, too.
_WEB_PASSWORD = re.compile(r"(https?://)[^\s/@]*@", re.IGNORECASE)
_OTHER_ADDRESS = re.compile(r"\b(?!https?:)([a-z][a-z0-9+.-]*://)[^\s'\"]+", re.IGNORECASE)
_APART = "  \u2026"
_LONGEST_READ = 100_000
_MARK = 2  # characters before each line
_LEAD = 60  # characters of a long line before what differs in it


class _Line(NamedTuple):
    """A line with its mark, and where what matters in it begins."""

    text: str
    at: int = 0


def difference(before: str, after: str, *, most: int = MOST_LINES) -> tuple[str, ...]:
    """Answer the lines that differ, each behind `+` or `-`, and two lines around them.

    Addresses that may hold a password are left out. Long lines are clipped, and what is left
    out at the end is counted in a line of its own.

    Args:
        before: a text.
        after: the text that it becomes.
        most: how many lines are answered.
    """
    lines = [_shown(*one) for one in _compared(_lines(before), _lines(after))]
    if not lines and before != after:
        return ("(only the ends of lines differ)",)
    if len(lines) <= most:
        return tuple(lines)
    left_out = len(lines) - most + 1
    return (*lines[: most - 1], f"\u2026 and {left_out:,} lines more")


def without_passwords(text: str) -> str:
    """Answer *text* without what in its addresses may be a password."""
    return _OTHER_ADDRESS.sub("\\1\u2026", _WEB_PASSWORD.sub("\\1\u2026@", text))


def _lines(text: str) -> list[str]:
    # What only ends otherwise is no other line: editors change that by themselves.
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    return lines if lines[-1] else lines[:-1]


def _compared(old: Sequence[str], new: Sequence[str]) -> Iterator[_Line]:
    """Yield what differs; what is equal at both ends costs nothing, be it 100,000 rules."""
    shorter = min(len(old), len(new))
    head = next((at for at in range(shorter) if old[at] != new[at]), shorter)
    rest = shorter - head
    tail = next((at for at in range(rest) if old[-1 - at] != new[-1 - at]), rest)
    gone, come = old[head : len(old) - tail], new[head : len(new) - tail]
    if not gone and not come:
        return
    yield from (_Line(f"  {line}") for line in old[max(0, head - _AROUND) : head])
    if len(gone) + len(come) > _MOST_COMPARED:
        yield from _replaced(gone, come)
    else:
        yield from _changes(gone, come)
    end = len(old) - tail
    yield from (_Line(f"  {line}") for line in old[end : end + _AROUND])


def _changes(gone: Sequence[str], come: Sequence[str]) -> Iterator[_Line]:
    for kind, first, last, start, end in SequenceMatcher(
        None, gone, come, autojunk=False
    ).get_opcodes():
        if kind == "equal":
            same = gone[first:last]
            if len(same) > 2 * _AROUND:
                yield from (_Line(f"  {line}") for line in same[:_AROUND])
                yield _Line(_APART)
                same = same[-_AROUND:]
            yield from (_Line(f"  {line}") for line in same)
            continue
        yield from _replaced(gone[first:last], come[start:end])


def _replaced(gone: Sequence[str], come: Sequence[str]) -> Iterator[_Line]:
    """Yield lines that go, and those that come for them, each from where the two differ."""
    places = [0] * max(len(gone), len(come))
    if len(gone) == len(come):
        places = [_parting(*pair) for pair in zip(gone, come, strict=True)]
    yield from (_Line(f"- {line}", at) for line, at in zip(gone, places, strict=False))
    yield from (_Line(f"+ {line}", at) for line, at in zip(come, places, strict=False))


def _parting(one: str, other: str) -> int:
    """Answer from which character on two long lines differ, as they are shown."""
    if max(len(one), len(other)) <= LONGEST_LINE - _MARK:
        return 0
    shown, beside = _open(one), _open(other)
    places = enumerate(zip(shown, beside, strict=False))
    return next((at for at, (char, there) in places if char != there), min(len(shown), len(beside)))


def _open(line: str) -> str:
    return without_passwords(line[:_LONGEST_READ])


def _shown(line: str, at: int) -> str:
    mark, text = line[:_MARK], _open(line[_MARK:])
    most = LONGEST_LINE - _MARK
    if len(text) > most and at > most - _LEAD:
        text = f"\u2026{text[at - _LEAD :]}"
    return f"{mark}{text}" if len(text) <= most else f"{mark}{text[: most - 1]}\u2026"
