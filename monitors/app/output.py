"""What commands print: results to standard output, everything else to standard error."""

import json
import re
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import Progress
from rich.table import Table
from rich.text import Text

from monitors.alerts.showing.legible import clean
from monitors.language.problems import Problem

T = TypeVar("T")
# What JSON lets stand in a string though it ends a line or changes how the rest is shown.
_UNSEEN = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
_SOON = 0.5  # seconds; what takes no longer needs no bar


def out() -> Console:
    """Answer a console for results; text is printed as it is, never read as markup."""
    return Console(markup=False, emoji=False, highlight=False)


def say(text: str) -> None:
    """Tell the person something that is no result."""
    Console(stderr=True, markup=False, emoji=False, highlight=False, soft_wrap=True).print(text)


def print_json(value: Mapping[str, Any]) -> None:
    """Print one JSON object on a line of its own; it neither ends early nor steers a terminal."""
    line = json.dumps(value, ensure_ascii=False, default=str)
    sys.stdout.write(_UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line) + "\n")
    sys.stdout.flush()


def print_problems(path: Path, problems: Sequence[Problem], *, as_json: bool) -> None:
    """Print each problem of the file at *path* on a line, as compilers do."""
    for problem in problems:
        if as_json:
            print_json(
                {
                    "file": problem.place_from(str(path)),
                    "line": problem.line,
                    "column": problem.column,
                    "severity": problem.severity.value,
                    "message": problem.message,
                    "hint": problem.hint,
                }
            )
        else:
            out().print(problem.told(str(path)), soft_wrap=True)


def table(*headings: str) -> Table:
    """Answer an empty table for people."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        made.add_column(heading, overflow="fold")
    return made


def add_row(to: Table, *cells: str) -> None:
    """Add a row; text of feeds in it can neither be markup nor control the terminal."""
    to.add_row(*(Text(clean(cell).text) for cell in cells))


def watched(items: Iterable[T], total: int) -> Iterator[T]:
    """Yield *items*, and show a person who has to wait how many of the *total* are done."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield from items
        return
    began = time.monotonic()
    # What else is printed goes where it is meant to: scripts may read it.
    bars = Progress(
        console=console,
        transient=True,
        auto_refresh=False,
        redirect_stdout=False,
        redirect_stderr=False,
    )
    with bars as bar:
        task = bar.add_task("Working", total=total, visible=False)
        for done, item in enumerate(items, start=1):
            late = time.monotonic() - began > _SOON
            bar.update(task, completed=done, visible=late, refresh=late and done % 100 == 0)
            yield item
