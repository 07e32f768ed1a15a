"""What the headers of an answer say, and what is sent back of them."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from yarl import URL

from monitors.adapters.http.addresses import shown, target_of
from monitors.feeds.feed import Validators
from monitors.times import parse_http_date

_MAX_VALIDATOR = 1_024
_LONGEST_AGE = timedelta(days=365)
_NAME, _VALUE = r'[^\s;,="]+', r'(?:"[^"]*"|[^\s;,"]*)'
_DIRECTIVE = re.compile(rf"({_NAME})(?:\s*=\s*({_VALUE}))?")
_LINK = re.compile(rf"<([^<>]*)>((?:\s*;\s*{_NAME}(?:\s*=\s*{_VALUE})?)*)")
_PARAMETER = re.compile(rf";\s*({_NAME})(?:\s*=\s*({_VALUE}))?")


def conditions(validators: Validators) -> dict[str, str]:
    """Answer the headers that ask "has it changed?", as the validators came."""
    pairs = (
        ("If-None-Match", validators.etag),
        ("If-Modified-Since", validators.last_modified),
    )
    return {name: value for name, value in pairs if value}


def validators(etag: str, last_modified: str) -> Validators:
    """Answer the validators that those headers give, without any that could not be sent back."""

    def kept(value: str) -> str | None:
        return value if value and value.isascii() and len(value) <= _MAX_VALIDATOR else None

    return Validators(etag=kept(etag), last_modified=kept(last_modified))


def max_age(
    cache_control: str, expires: str, date: str, age: str, now: datetime
) -> timedelta | None:
    """Answer how long an answer with those headers is fresh from now on; None if it is not.

    Cache-Control wins over Expires, which is measured against Date. What it tells caches that
    many people share does not matter here. At most a year.
    """
    directives: dict[str, str] = {}
    for name, value in _DIRECTIVE.findall(cache_control):
        directives.setdefault(name.lower(), value.strip('"'))
    # With fields named, "no-cache" is about these fields alone.
    if "no-store" in directives or directives.get("no-cache") == "":
        return None
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"])
    elif until := parse_http_date(expires):
        lifetime = until - (parse_http_date(date) or now)
    else:
        return None
    if lifetime is None:
        return None
    fresh = min(lifetime - (_seconds(age) or timedelta(0)), _LONGEST_AGE)
    return fresh if fresh > timedelta(0) else None


def _seconds(text: str) -> timedelta | None:
    text = text.strip()
    if not text.isdecimal() or not text.isascii():
        return None
    # More digits than that are more than a century anyway.
    return timedelta(seconds=int(text) if len(text) < 10 else 10**10)  # noqa: PLR2004


def hub_and_topic(links: Sequence[str], url: URL) -> tuple[str | None, str | None]:
    """Answer the hub that the Link headers of *url* name first, and what it calls the feed."""
    found: dict[str, str] = {}
    for target, parameters in _LINK.findall(", ".join(links)):
        address = target_of(url, target)
        for name, value in _PARAMETER.findall(parameters):
            if address and name.lower() == "rel":
                for relation in value.strip('"').lower().split():
                    found.setdefault(relation, shown(address))
    return found.get("hub"), found.get("self")
