"""Lists that are shown page by page in one message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from monitors.alerts.showing.buttons import Button

T = TypeVar("T")
_MOST_DIGITS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Page(Generic[T]):
    """A page of a list.

    Attributes:
        first: the place of its first row, from 0.
        total: how many rows the list has; None where that is not known.
        number: of the page, from 0.
        is_last: whether no other follows.
    """

    rows: Sequence[T]
    first: int
    number: int
    is_last: bool
    total: int | None = None

    @property
    def range(self) -> str:
        """Which rows of the list these are, for people; empty if these are all."""
        if self.number == 0 and self.is_last:
            return ""
        of = "" if self.total is None else f" of {self.total:,}"
        return f" {self.first + 1:,}\u2013{self.first + len(self.rows):,}{of}"


def page_of(rows: Sequence[T], number: int, size: int) -> Page[T]:
    """Answer page *number* of *rows*; the last one where there are fewer."""
    pages = max(1, -(-len(rows) // size))
    number = min(number, pages - 1)
    first = number * size
    shown = rows[first : first + size]
    return Page(
        rows=shown, first=first, number=number, is_last=number == pages - 1, total=len(rows)
    )


def page_beyond(rows: Sequence[T], number: int, size: int) -> Page[T]:
    """Answer page *number*, which begins with *rows*; if they are more than *size*, it goes on."""
    return Page(rows=rows[:size], first=number * size, number=number, is_last=len(rows) <= size)


def page_number(text: str) -> int | None:
    """Answer the number of a page that the data of a button says; None if it says none."""
    is_number = text.isascii() and text.isdecimal() and len(text) <= _MOST_DIGITS
    return int(text) if is_number else None


def turning(page: Page[T], before: str, after: str = "") -> tuple[Button, ...]:
    """Answer the buttons to the pages beside *page*; their data has its number in the middle."""
    back = (Button("◂", f"{before}:{page.number - 1}{after}"),) if page.number else ()
    on = () if page.is_last else (Button("▸", f"{before}:{page.number + 1}{after}"),)
    return (*back, *on)
