"""What rules.yaml says of polling as a whole, and how a host is spared."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from monitors.feeds.feed import is_web

_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How all feeds are polled; `polling:` in rules.yaml.

    Attributes:
        at_least, at_most: bounds of the time between two polls of a feed that adapts.
        requests_a_day: polls of all feeds together; None means as many as delay is worth.
        pages_a_day: pages of articles.
        hosts: the least time between two requests to a host, by its name; also of the hosts
            below it.
    """

    at_least: timedelta = timedelta(minutes=5)
    at_most: timedelta = timedelta(hours=4)
    requests_a_day: int | None = None
    pages_a_day: int = 5_000
    hosts: Mapping[str, timedelta] = field(default_factory=dict)


def host_of(address: str) -> str | None:
    """Answer the host that *address* is on, with its port unless it is the usual one.

    None for a file, and where there is no host to be read.
    """
    if not is_web(address):
        return None
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if not host:
        return None
    at = f"[{host}]" if ":" in host else host.rstrip(".")
    return at if port in (None, _PORTS[parts.scheme.lower()]) else f"{at}:{port}"
