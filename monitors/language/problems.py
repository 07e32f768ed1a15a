"""What a person got wrong in a text, where, and how to mend it."""

import re
from dataclasses import dataclass, field
from enum import Enum

_LINE_END = re.compile(r"\r\n?|\n")


class Severity(Enum):
    """Whether a text can be used in spite of the problem."""

    ERROR = "error"
    ADVICE = "advice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing that is wrong.

    Attributes:
        message: what is wrong, in one line.
        hint: how to mend it, in one line, or None.
        line: from 1.
        column: from 1, in characters.
        file: path from the folder of the file that was read, where it is in another one.
    """

    message: str
    hint: str | None = None
    line: int = 1
    column: int = 1
    severity: Severity = field(default=Severity.ERROR)
    file: str | None = None

    def told(self, read: str) -> str:
        """Answer `rules.yaml:12:7: message. hint`; *read* is the path of the file that was read."""
        return f"{self.place_from(read)}:{self}"

    def place_from(self, read: str) -> str:
        """Answer the path of the file that it is in, beside *read*, the one that was read."""
        if self.file is None:
            return read
        folder, slash, _ = read.rpartition("/")
        return f"{folder}{slash}{self.file}"

    def __str__(self) -> str:
        """Answer `12:7: message. hint`, as compilers print it."""
        advice = "advice: " if self.severity is Severity.ADVICE else ""
        hint = f". {self.hint}" if self.hint else ""
        return f"{self.line}:{self.column}: {advice}{self.message}{hint}"


def place(text: str, at: int) -> tuple[int, int]:
    """Answer line and column, both from 1, of the character at offset *at* of *text*."""
    line, start = 1, 0
    for end in _LINE_END.finditer(text, 0, at):
        line, start = line + 1, end.end()
    return line, at - start + 1


def problem_at(text: str, at: int, message: str, hint: str | None) -> Problem:
    """Answer the problem whose place is offset *at* of *text*."""
    line, column = place(text, at)
    return Problem(message=message, hint=hint, line=line, column=column)
