"""YAML as people see it: lines and columns, and what a syntax error means in plain words."""

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import yaml

from monitors.language.problems import Problem, Severity

_LINE_END = re.compile(r"\r\n?|\n")
_REST_OF_LINE = re.compile(r"[^\r\n]*(?:\r\n?|\n)?")
# What YAML may add or drop where it breaks lines and indents them.
_SPACES = " \t\r\n\x85\u2028\u2029"
_CHARACTER = re.compile(f"[^{_SPACES}]")
_CHARACTER_OR_TWO_MARKS = re.compile(f"''|[^{_SPACES}]")
_CHARACTER_OR_ESCAPE = re.compile(
    rf"\\(?:x..|u....|U........|\r\n|.)|[^{_SPACES}]",
    re.DOTALL,
)
_NAME = re.compile(r"@[\w.-]{1,80}(?=[ \t]*(?:[,\]}#\r\n]|\Z))")
_SPACE_ESCAPES = frozenset({*"tnrNLP\t\r\n\x85\u2028\u2029 ", "\r\n", "x20", "x09", "x0a", "x0A"})


@dataclass(frozen=True, slots=True)
class Source:
    """The text of a file.

    Attributes:
        starts: offsets at which its lines begin.
    """

    text: str
    starts: tuple[int, ...]

    def place(self, at: int) -> tuple[int, int]:
        """Answer line and column, both from 1, of the character at offset *at*."""
        line = bisect_right(self.starts, at)
        return line, at - self.starts[line - 1] + 1

    def problem(
        self, at: int, message: str, hint: str | None, severity: Severity = Severity.ERROR
    ) -> Problem:
        """Answer the problem whose place is offset *at*."""
        line, column = self.place(at)
        return Problem(message=message, hint=hint, line=line, column=column, severity=severity)


def source(text: str) -> Source:
    """Answer *text*, with its lines found; they end as editors end them."""
    return Source(text, (0, *(end.end() for end in _LINE_END.finditer(text))))


def offset_of(text: str, line: int, column: int) -> int:
    """Answer the offset of a place (both from 1) in *text*, at most its length."""
    starts = source(text).starts
    return min(starts[min(line, len(starts)) - 1] + column - 1, len(text))


def offsets_in_scalar(raw: str, value: str, style: str) -> tuple[int, ...]:
    """Answer where in *raw* each character of *value* stands.

    YAML folds lines, drops indentation and doubles quotation marks, but it keeps the other
    characters in their order. So the n-th of them is the n-th of them in *raw*; a space
    stands after what is before it.

    Args:
        raw: the scalar as the file has it, with its marks.
        value: the text that it means.
        style: empty for a plain scalar, else one of `'`, `"`, `|`, `>`.

    Returns:
        One offset for each character and one for the end; all 0 where the two do not agree.
    """
    written = _written(raw, style)
    offsets: list[int] = []
    after = 0
    for char in value:
        if char in _SPACES:
            offsets.append(after)
            continue
        at, end, same = next(written, (0, 0, ""))
        if not end or same not in (char, "\\"):
            return (0,) * (len(value) + 1)
        offsets.append(at)
        after = end
    return (*offsets, after)


def _written(raw: str, style: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and first character of all in *raw* that means no space."""
    piece, start, stop = _CHARACTER, 0, len(raw)
    if style == '"':
        piece, start, stop = _CHARACTER_OR_ESCAPE, 1, stop - 1
    elif style == "'":
        piece, start, stop = _CHARACTER_OR_TWO_MARKS, 1, stop - 1
    elif style:
        header = _LINE_END.search(raw)
        start = header.end() if header else stop
    for found in piece.finditer(raw, start, stop):
        if found[0][1:] not in _SPACE_ESCAPES:
            yield found.start(), found.end(), found[0][0]


_IN_QUOTES = "Put the whole value in single quotation marks, and write two for each ' in it."
_LINE_UP = "Line it up with what it belongs to, with spaces; see the line above, too."
# What PyYAML's two parsers say, one of which is always there: (part of it, what it is, how to
# mend it, whether it is told where the thing begins rather than where it broke off).
_SYNTAX: tuple[tuple[str, str, str, bool], ...] = (
    ("unexpected end of stream", "the quotation mark is never closed", "Close it.", True),
    ("document separator", "the quotation mark is never closed", "Close it.", True),
    ("or ']'", "the bracket [ is never closed", "Put a ] at the end, and a comma between.", True),
    ("or '}'", "the bracket { is never closed", "Put a } at the end, and a comma between.", True),
    ("expected ':'", "there is no : after this", f"Write key: value. {_LINE_UP}", True),
    ("unknown escape", "this \\ means nothing here", "Write \\\\, or use '...' around it.", False),
    ("Unicode character escape", "there is no such character", "Type the character.", False),
    ("sequence entries", "a list cannot begin here", "Begin it on a new line.", False),
    ("expected '-'", "this line is no part of the list above it", _LINE_UP, False),
    ("expected key", "this line fits nothing above it", _LINE_UP, False),
    ("expected <block end>", "this line fits nothing above it", _LINE_UP, False),
)


def syntax_refusal(text: str, error: yaml.MarkedYAMLError) -> tuple[int, str, str]:
    """Answer where *text* is no YAML, what is wrong there, and how to mend it."""
    said = error.problem or ""
    mark = error.problem_mark or error.context_mark
    at = min(mark.index, len(text)) if mark else 0
    if "mapping values" in said:
        return _stray_colon(text, at)
    if refusal := _refused_character(text, at, said):
        return at, *refusal
    for part, message, hint, at_start in _SYNTAX:
        if part in said:
            start = error.context_mark
            return (start.index if at_start and start else at), message, hint
    return at, "this is not YAML", "See the quotation marks, the colons and the indentation."


def _refused_character(text: str, at: int, said: str) -> tuple[str, str] | None:
    """Answer what is wrong if the characters around offset *at* tell more than PyYAML *said*."""
    if text[at : at + 1] == "\t" or "tab character" in said:
        return "a tab stands here", "Use spaces to indent."
    if "cannot start any token" in said or "node content" in said:
        if name := _NAME.match(text, at):
            return "a value cannot begin with @", f'Put it in quotation marks: "{name[0]}".'
        if text[at:].strip():
            return f"a value cannot begin with {text[at]}", _IN_QUOTES
        return "the file ends too soon", "Close the bracket that is still open."
    if text[:at].rstrip(" ")[-1:] in {"'", '"'} and "expected" in said:
        return "there is text after the closing quotation mark", _IN_QUOTES
    return None


def _stray_colon(text: str, at: int) -> tuple[int, str, str]:
    """Answer what the colon at offset *at* means, where YAML allows none."""
    start = max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1
    line = text[start:at]
    if ": " in line:
        return at, "a second colon stands in this line", _IN_QUOTES
    indent = len(line) - len(line.lstrip(" "))
    return start + indent, "this key fits nothing above it", _LINE_UP


def line_start(text: str, at: int) -> int:
    """Answer where the line of offset *at* begins."""
    return max(text.rfind("\n", 0, at), text.rfind("\r", 0, at)) + 1


def line_after(text: str, at: int) -> int:
    """Answer where the line after offset *at* begins; a block of text ends there already."""
    if at and text[at - 1] in "\r\n":
        return at
    rest = _REST_OF_LINE.match(text, at)
    return rest.end() if rest else at


def with_lines(text: str, at: int, lines: Iterable[str], indent: int) -> str:
    """Answer *text* with *lines* before the one that begins at offset *at*."""
    line_end = _LINE_END.search(text, max(0, at - len("\r\n"))) or _LINE_END.search(text)
    end = line_end[0] if line_end else "\n"
    block = end.join(f"{' ' * indent}{line}" for line in lines)
    unended = at > 0 and text[at - 1] not in "\r\n"
    return spliced(text, at, f"{end}{block}" if unended else f"{block}{end}")


def spliced(text: str, at: int, new: str, end: int | None = None) -> str:
    """Answer *text* with *new* instead of what stands from *at* to *end*, or before *at*."""
    return text[:at] + new + text[at if end is None else end :]
