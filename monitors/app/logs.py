"""Logs on standard error: sentences for a person at a terminal, JSON for everybody else.

An event that concerns a person carries the sentence as `say`. The bot's token never appears.
"""

import json
import logging
import re
import sys
from collections.abc import Callable, MutableMapping
from typing import Any, TextIO, TypeAlias

import structlog

Event: TypeAlias = MutableMapping[str, Any]

# Also as it stands in the address of a call, where the colon may be escaped.
_TOKEN = re.compile(r"(?<!\d)\d{5,}(?::|%3A)[A-Za-z0-9_-]{16,}", re.IGNORECASE | re.ASCII)
# What stands before the host of an address: names and passwords.
_LOGIN = re.compile(r"(?<=://)[^\s/@\"'<>]{1,500}(?=@)")
_HIDDEN = "<token>"
# Steer a terminal, turn a line around or cannot be written; the texts of feeds may hold them.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
_MARGIN = " " * 6
# They log every request with its address, and the token is part of that.
_TALKATIVE = ("httpx", "httpcore", "telegram", "apscheduler", "asyncio", "aiohttp", "urllib3")


def configure(stream: TextIO | None = None, *, token: str | None = None) -> None:
    """Send all logs to *stream* (standard error), without *token*."""
    out = stream or sys.stderr
    people = out.isatty()
    stamp = structlog.processors.TimeStamper(fmt="%H:%M" if people else "iso", utc=not people)

    def render(logger: Any, method: str, event: Event) -> str:  # noqa: ANN401 -- structlog's type
        stamped = stamp(logger, method, event)
        return without_token(_sentence(stamped) if people else _json_line(stamped), token)

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.format_exc_info,
            *((_only_said,) if people else ()),
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    level = logging.ERROR if people else logging.WARNING
    handler = logging.StreamHandler(out)
    handler.setLevel(level)
    handler.setFormatter(_FromLibraries(lambda event: render(None, "", event)))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)
    # What came instead of Telegram's answer is told as the outcome of the message.
    logging.getLogger("telegram.request").setLevel(logging.CRITICAL)


def without_token(text: str, token: str | None) -> str:
    """Answer *text* without *token*, and without whatever else looks like one or like a login."""
    if token:
        text = text.replace(token, _HIDDEN)
    return _LOGIN.sub("***", _TOKEN.sub(_HIDDEN, text))


class _FromLibraries(logging.Formatter):
    """Renders the records of libraries as our own events."""

    def __init__(self, render: Callable[[Event], str]) -> None:
        super().__init__()
        self._render = render

    def format(self, record: logging.LogRecord) -> str:
        event: Event = {
            "event": "library.said",
            "level": record.levelname.lower(),
            "library": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            event["exception"] = self.formatException(record.exc_info)
        return self._render(event)


def _only_said(_logger: object, _method: str, event: Event) -> Event:
    if not event.get("say") and event["level"] not in ("error", "critical"):
        raise structlog.DropEvent
    return event


def _sentence(event: Event) -> str:
    """Answer the sentence of *event*; of a failure that nobody thought of, its last line."""
    said = event.get("say")
    if not said:
        raised = str(event.get("exception", "")).strip().rpartition("\n")[2]
        where = event.get("library", event["event"])
        details = (text for text in (event.get("message"), raised) if text)
        said = ": ".join((f"Something went wrong in {where}", *details))
    lines = _UNSEEN.sub(" ", str(said)).split("\n")
    return f"{event['timestamp']} " + f"\n{_MARGIN}".join(lines)


def _json_line(event: Event) -> str:
    shown = {key: value for key, value in event.items() if key != "say" and value is not None}
    first = {"timestamp": shown.pop("timestamp"), "event": shown.pop("event")}
    line = json.dumps({**first, **shown}, ensure_ascii=False, default=str)
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", line)
