"""What differs between two texts of rules.yaml, for people."""

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher
from functools import partial
from typing import NamedTuple, TypeAlias

from monitors.rules.editing.veiling import secret_addresses, without_secrets

MOST_LINES = 30
LONGEST_LINE = 160
# What counts the lines that are left out; no line that goes or comes begins so.
MORE_LINES = re.compile("\u2026 and ([0-9,]+) lines? more")
_AROUND = 2
_MOST_COMPARED = 2_000
_LINE_END = re.compile(r"\r\n?|\n")
_APART = "  \u2026"
_LONGEST_READ = 100_000
_MARK = 2  # characters before each line
_LEAD = 60  # characters of a long line before what differs in it

_Veil: TypeAlias = Callable[[str], str]


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
    secrets = secret_addresses(before) | secret_addresses(after)
    veil = partial(_open, secrets=tuple(sorted(secrets, key=len, reverse=True)))
    lines = list(_compared(_lines(before), _lines(after), veil))
    if not lines and before != after:
        return ("(only the ends of lines differ)",)
    kept = lines if len(lines) <= most else lines[: most - 1]
    shown = tuple(_shown(*line, veil) for line in kept)
    left_out = len(lines) - len(kept)
    return (*shown, f"\u2026 and {left_out:,} lines more") if left_out else shown


def _lines(text: str) -> list[str]:
    # What only ends otherwise is no other line: editors change that by themselves.
    lines = _LINE_END.split(text.removeprefix("\ufeff"))
    return lines if lines[-1] else lines[:-1]


def _compared(old: Sequence[str], new: Sequence[str], veil: _Veil) -> Iterator[_Line]:
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
        yield from _replaced(gone, come, veil)
    else:
        yield from _changes(gone, come, veil)
    end = len(old) - tail
    yield from (_Line(f"  {line}") for line in old[end : end + _AROUND])


def _changes(gone: Sequence[str], come: Sequence[str], veil: _Veil) -> Iterator[_Line]:
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
        yield from _replaced(gone[first:last], come[start:end], veil)


def _replaced(gone: Sequence[str], come: Sequence[str], veil: _Veil) -> Iterator[_Line]:
    """Yield lines that go, and those that come for them, each from where the two differ."""
    places = [0] * max(len(gone), len(come))
    if len(gone) == len(come):
        places = [_parting(*pair, veil) for pair in zip(gone, come, strict=True)]
    yield from (_Line(f"- {line}", at) for line, at in zip(gone, places, strict=False))
    yield from (_Line(f"+ {line}", at) for line, at in zip(come, places, strict=False))


def _parting(one: str, other: str, veil: _Veil) -> int:
    """Answer from which character on two long lines differ, as they are shown."""
    if max(len(one), len(other)) <= LONGEST_LINE - _MARK:
        return 0
    shown, beside = veil(one), veil(other)
    places = enumerate(zip(shown, beside, strict=False))
    return next((at for at, (char, there) in places if char != there), min(len(shown), len(beside)))


def _open(line: str, secrets: Sequence[str]) -> str:
    return without_secrets(line[:_LONGEST_READ], secrets)


def _shown(line: str, at: int, veil: _Veil) -> str:
    mark, text = line[:_MARK], veil(line[_MARK:])
    most = LONGEST_LINE - _MARK
    if len(text) > most and at > most - _LEAD:
        text = f"\u2026{text[at - _LEAD :]}"
    return f"{mark}{text}" if len(text) <= most else f"{mark}{text[: most - 1]}\u2026"
