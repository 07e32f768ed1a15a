"""Text with styles, as Telegram takes it: HTML that is always well formed and never too long."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile
from unicodedata import bidirectional

from monitors.alerts.alert import Snippet
from monitors.alerts.showing.legible import rewrite, shorten, units

MAX_UNITS, MAX_ENTITIES, MAX_BYTES = 4096, 100, 32_768
_MOST_MARKED = 12
# Telegram makes mentions, hashtags, commands and cashtags of these, which ping and tempt.
_SIGN = re.compile(
    r"(?<![A-Za-z0-9_])(?:@(?=[A-Za-z0-9_])|#(?=\w)|\$(?=[A-Za-z])|(?<![</>])/(?=[A-Za-z0-9_]))"
)
WORD_JOINER = "\u2060"
"""Keeps Telegram from seeing more in a text than it says; shows nothing."""
_ISOLATE, _END_ISOLATE = "\u2068", "\u2069"
_RIGHT_TO_LEFT = {"R", "AL"}
_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;"})


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style.

    Attributes:
        text: plain text.
        tags: what stands between `<` and `>` of the tags around it, outermost first.
    """

    text: str
    tags: tuple[str, ...] = ()


def opening_link(link: str | None) -> tuple[str, ...]:
    """Answer the tags that make a text open *link*, an address as `web_link` answers it."""
    if link is None:
        return ()
    return (f'a href="{link.translate(_ESCAPES)}"',)


def styled(snippet: Snippet, limit: int, tags: tuple[str, ...], mark: str) -> tuple[Run, ...]:
    """Answer *snippet* as runs, harmless to the text around it.

    Args:
        snippet: clean text.
        limit: most UTF-16 units that it may take, without two for right-to-left text.
        tags: around all of it.
        mark: tag around the evidence; the first dozen marks are shown.
    """
    snippet = shorten(rewrite(snippet, _SIGN, r"\g<0>" + WORD_JOINER), limit)
    text = snippet.text
    runs: list[Run] = []
    copied = 0
    for start, end in snippet.marks[:_MOST_MARKED]:
        runs += (Run(text[copied:start], tags), Run(text[start:end], (*tags, mark)))
        copied = end
    runs.append(Run(text[copied:], tags))
    if any(bidirectional(char) in _RIGHT_TO_LEFT for char in text):
        runs = [Run(_ISOLATE, tags), *runs, Run(_END_ISOLATE, tags)]
    return tuple(run for run in runs if run.text)


def harmless(text: str, limit: int, *tags: str) -> tuple[Run, ...]:
    """Answer clean *text* as runs within *tags*, as `styled` does."""
    return styled(Snippet(text=text), limit, tags, "")


def html(runs: Iterable[Run]) -> str:
    """Answer *runs* as Telegram's HTML; neighbours share the tags that they have in common."""
    pieces: list[str] = []
    opened: tuple[str, ...] = ()
    for run in (*runs, Run("")):
        pairs = zip(opened, run.tags, strict=False)
        shared = len(list(takewhile(lambda pair: pair[0] == pair[1], pairs)))
        pieces += (f"</{tag.split()[0]}>" for tag in reversed(opened[shared:]))
        pieces += (f"<{tag}>" for tag in run.tags[shared:])
        pieces.append(run.text.translate(_ESCAPES))
        opened = run.tags
    return "".join(pieces)


def fits(runs: Sequence[Run]) -> bool:
    """Answer whether Telegram takes *runs* as one message and keeps every style."""
    text = html(runs)
    return (
        sum(units(run.text) for run in runs) <= MAX_UNITS
        and text.count("<") - text.count("</") <= MAX_ENTITIES
        and len(text.encode()) <= MAX_BYTES
    )


def cut(runs: Iterable[Run], limit: int, end: str | None = None) -> tuple[Run, ...]:
    """Answer *runs* within *limit* UTF-16 units, with *end* as a last line of its own.

    Where Telegram would not keep every style, there are none.
    """
    last = (Run(f"\n\n{end}", ("i",)),) if end else ()
    room = limit - sum(units(run.text) for run in last)
    kept: list[Run] = []
    for run in runs:
        if units(run.text) > room:
            kept.append(Run(shorten(Snippet(text=run.text), room).text, run.tags))
            break
        kept.append(run)
        room -= units(run.text)
    whole = (*(run for run in kept if run.text), *last)
    return whole if fits(whole) else tuple(Run(run.text) for run in whole)
