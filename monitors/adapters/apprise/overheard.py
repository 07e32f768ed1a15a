"""What Apprise says of a call in its logs, which is all that it says: yes, no, and this.

Nothing of it goes on to our own logs, because some of its lines hold addresses.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache

_MOST_LINES = 50
_LONGEST_LINE = 500


@dataclass(slots=True)
class Overheard:
    """What was said during one call.

    Attributes:
        lines: the first of them, cut.
        errors: what was being handled when a line was written.
    """

    lines: list[str] = field(default_factory=list)
    errors: list[BaseException] = field(default_factory=list)


class _Ear(logging.Handler):
    """Keeps what each thread's call says apart from that of the others."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._calls = threading.local()

    @contextmanager
    def listening(self) -> Iterator[Overheard]:
        """Answer what this thread hears meanwhile."""
        heard, before = Overheard(), getattr(self._calls, "heard", None)
        self._calls.heard = heard
        try:
            yield heard
        finally:
            self._calls.heard = before

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, and the error that it is about."""
        heard: Overheard | None = getattr(self._calls, "heard", None)
        if heard is None or len(heard.lines) >= _MOST_LINES:
            return
        try:
            heard.lines.append(record.getMessage()[:_LONGEST_LINE])
        except (TypeError, ValueError):  # a line that does not fit its own values
            heard.lines.append(str(record.msg)[:_LONGEST_LINE])
        if error := sys.exc_info()[1]:
            heard.errors.append(error)


@cache
def _ear() -> _Ear:
    ear, logger = _Ear(), logging.getLogger("apprise")
    logger.addHandler(ear)
    logger.setLevel(logging.INFO)  # below that are addresses and whole messages
    logger.propagate = False
    return ear


@contextmanager
def overhearing() -> Iterator[Overheard]:
    """Answer what Apprise says in this thread meanwhile."""
    with _ear().listening() as heard:
        yield heard
