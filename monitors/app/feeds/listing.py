"""The feeds at a glance: a line or two for each, at any width of the terminal."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from rich.cells import cell_len, set_cell_size

from monitors.alerts.showing.legible import ELLIPSIS, clean
from monitors.gathering.checkup import TROUBLED, Checkup, rate_text
from monitors.times import about

_STATE, _RATE, _NEW, _NEXT = 8, 10, 11, 9
_LEAST_NAME, _MOST_NAME = 16, 40
_WIDE = 130
_GAP = "  "
_INDENT = " " * (_STATE + len(_GAP))


def listing(checkups: Sequence[Checkup], width: int) -> Iterator[str]:
    """Yield the lines of a list of feeds that fits *width* columns, and a last one that counts.

    Addresses are never cut, so that they can be copied; only they may be longer.
    """
    wide = width >= _WIDE
    fixed = _STATE + _RATE + _NEW + _NEXT + 4 * len(_GAP)
    room = min(_MOST_NAME, width // 4) if wide else width - fixed
    name = max(_LEAST_NAME, min(room, max(map(_name_length, checkups), default=0)))
    heading = ("state", "feed", "posts", "last new", "next poll")
    yield _row(heading, name, "address" if wide else "").rstrip()
    for one in checkups:
        yield from _lines(one, name, width, wide=wide)
    yield ""
    yield _count(checkups)


def _lines(one: Checkup, name: int, width: int, *, wide: bool) -> Iterator[str]:
    called = _fit(one.name) if one.name else "" if wide else one.feed.address
    new = one.memory.last_new_at if one.memory else None
    cells = (
        one.state,
        called,
        "" if one.posts_a_day is None else rate_text(one.posts_a_day),
        f"{about(one.now - new)} ago" if new else "",
        "" if one.next_poll_at is None else _until(one),
    )
    why = _fit(one.why) if one.why else ""
    address = one.feed.address
    # A long address that is the only name is not cut either: it gets a line of its own.
    is_named = called != address or cell_len(address) > name
    row = _row(cells, name, address if wide else "").rstrip()
    beside = f"{row} ({why})"
    fits = wide and why and cell_len(beside) <= width
    yield beside if fits else row
    if is_named and not wide:
        yield f"{_INDENT}{address}"
    if why and not fits:
        yield f"{_INDENT}next: {why}"
    if one.trouble:
        yield f"{_INDENT}{_fit(one.trouble)}"


def _fit(text: str) -> str:
    """Answer *text* as it may be shown; most needs no change, and there are thousands."""
    return text if text.isascii() and text.isprintable() else clean(text).text


def _row(cells: Iterable[str], name: int, last: str) -> str:
    widths = (_STATE, name, _RATE, _NEW, _NEXT)
    row = [_cell(cell, width) for cell, width in zip(cells, widths, strict=True)]
    return _GAP.join([*row, last])


def _cell(text: str, width: int) -> str:
    if cell_len(text) <= width:
        return text + " " * (width - cell_len(text))
    return set_cell_size(text, width - 1) + ELLIPSIS


def _until(one: Checkup) -> str:
    assert one.next_poll_at, "the caller has seen it"
    return f"in {about(one.next_poll_at - one.now)}" if one.next_poll_at > one.now else "now"


def _name_length(one: Checkup) -> int:
    return cell_len(one.name or one.feed.address)


def _count(checkups: Sequence[Checkup]) -> str:
    """Answer how many feeds there are, and how many need somebody to look at them."""
    states = Counter(one.state for one in checkups)
    feeds = f"{len(checkups):,} feed{'' if len(checkups) == 1 else 's'}"
    troubled = [f"{states[state]:,} {state}" for state in (*TROUBLED, "warning") if states[state]]
    told = f"{feeds}: {', '.join(troubled)}" if troubled else f"{feeds}, none in trouble"
    return f"{told}. More: python bot.py feeds --verbose ADDRESS"
