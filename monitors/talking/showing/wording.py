"""Pieces of answers: mistakes with their place, changes of the file, texts from outside."""

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

from monitors.alerts.showing.legible import ELLIPSIS, clean, shorten, units
from monitors.alerts.showing.markup import Run, harmless
from monitors.language.problems import Problem
from monitors.rules.editing.difference import MORE_LINES

NAME_UNITS, CONDITION_UNITS = 80, 400
_REMARK_UNITS = 300
_DIFF_UNITS = 1_300
_WINDOW, _BEFORE = 34, 20  # characters that a telephone shows in a line
_WIDE = ("W", "F")


def line(text: str, limit: int, *tags: str) -> tuple[Run, ...]:
    """Answer *text* from outside in one line that neither steers nor tempts."""
    return harmless(clean(text).text, limit, *tags)


def code(text: str, limit: int) -> tuple[Run, ...]:
    """Answer a condition as it can be copied: nothing in it becomes a mention or a command."""
    return (Run(shorten(clean(text), limit).text, ("code",)),)


def said(text: str) -> str:
    """Answer what somebody has written, in one line and without what nobody sees in it."""
    return clean(text).text


def named(name: str) -> tuple[Run, ...]:
    """Answer the name of a rule or chat."""
    return line(name, NAME_UNITS, "b")


def joined(runs: Iterable[Sequence[Run]], between: str) -> tuple[Run, ...]:
    """Answer *runs* with *between* between them."""
    out: list[Run] = []
    for each in runs:
        out += (*((Run(between),) if out else ()), *each)
    return tuple(out)


def mistake(problem: Problem, condition: str) -> tuple[Run, ...]:
    """Answer what is wrong with a *condition* of one line, where, and how to mend it."""
    at = min(max(problem.column - 1, 0), len(condition))
    start = max(0, at - _BEFORE)
    shown = as_it_stands(condition[start : start + _WINDOW])
    head, tail = (ELLIPSIS if start else ""), (ELLIPSIS if start + _WINDOW < len(condition) else "")
    pad = "".join("\u3000" if east_asian_width(char) in _WIDE else " " for char in head)
    pad += "".join(
        "\u3000" if east_asian_width(char) in _WIDE else " " for char in shown[: at - start]
    )
    return (
        Run(f"{head}{shown}{tail}\n{pad}^", ("code",)),
        Run("\n"),
        *told(problem),
    )


def told(problem: Problem) -> tuple[Run, ...]:
    """Answer what is wrong and how to mend it, without its place."""
    message = problem.message.rstrip(". ")
    hint = f". {problem.hint}" if problem.hint else "."
    return line(f"{message[:1].upper()}{message[1:]}{hint}", _REMARK_UNITS)


def changed_lines(lines: Sequence[str], most: int = _DIFF_UNITS) -> tuple[Run, ...]:
    """Answer *lines* that go and come, as many as fit into *most* UTF-16 units."""
    counted = MORE_LINES.fullmatch(lines[-1]) if lines else None
    hidden = int(counted[1].replace(",", "")) if counted else 0
    lines = lines[:-1] if counted else lines
    kept: list[str] = []
    left = most
    for one in map(as_it_stands, lines):
        left -= units(one) + 1
        if left < 0:
            break
        kept.append(one)
    if hidden := hidden + len(lines) - len(kept):
        kept.append(f"{ELLIPSIS} and {hidden:,} line{'' if hidden == 1 else 's'} more")
    return (Run("\n".join(kept), ("pre",)),) if kept else ()


def as_it_stands(text: str) -> str:
    """Answer *text* with a space for each character that nobody sees: places stay."""
    return "".join(char if char.isprintable() else " " for char in text)
