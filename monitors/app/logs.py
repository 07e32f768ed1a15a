"""Logs on standard error: sentences for a person at a terminal, JSON for everybody else.

An event that concerns a person carries the sentence as `say`. The bot's token never appears.
"""

import json
import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any, TextIO

import structlog

_TOKEN = re.compile(r"\b\d{5,}:[A-Za-z0-9_-]{16,}")
_HIDDEN = "<token>"
_UNSEEN = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# They log every request with its address, and the token is part of that.
_TALKATIVE = ("httpx", "httpcore", "telegram", "apscheduler", "asyncio", "aiohttp")


def configure(stream: TextIO | None = None, *, token: str | None = None) -> None:
    """Send all logs to *stream* (standard error), without *token*."""
    out = stream or sys.stderr
    people = out.isatty()

    def render(_logger: object, _method: str, event: MutableMapping[str, Any]) -> str:
        line = _sentence(event) if people else _json_line(event)
        return without_token(line, token)

    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _only_said if people else _pass,
            render,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(out),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(out)
    handler.setFormatter(_Formatter(token))
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    for name in _TALKATIVE:
        logging.getLogger(name).setLevel(logging.WARNING)


def without_token(text: str, token: str | None) -> str:
    """Answer *text* without *token*, and without whatever else looks like one."""
    if token:
        text = text.replace(token, _HIDDEN)
    return _TOKEN.sub(_HIDDEN, text)


class _Formatter(logging.Formatter):
    def __init__(self, token: str | None) -> None:
        super().__init__("%(name)s: %(message)s")
        self._token = token

    def format(self, record: logging.LogRecord) -> str:
        return without_token(super().format(record), self._token)


def _only_said(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    if not event.get("say") and event["level"] not in ("error", "critical"):
        raise structlog.DropEvent
    return event


def _pass(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    return event


def _sentence(event: MutableMapping[str, Any]) -> str:
    said = event.get("say") or f"{event['event']}: {event.get('exception', '')}"
    time = event["timestamp"][11:16]
    return f"{time} {_UNSEEN.sub(' ', str(said))}"


def _json_line(event: MutableMapping[str, Any]) -> str:
    shown = {key: value for key, value in event.items() if key != "say" and value is not None}
    first = {"timestamp": shown.pop("timestamp"), "event": shown.pop("event")}
    return json.dumps({**first, **shown}, ensure_ascii=False, default=str)
