"""What rules.yaml says of polling as a whole, and how a host is spared."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from urllib.parse import urlsplit

from monitors.feeds.feed import Feed, is_web

# Hosts that are known to refuse, or to have said, what is sooner.
HOST_RULES = {"reddit.com": timedelta(seconds=60), "openrss.org": timedelta(seconds=10)}
_NO_TIME = timedelta(0)
_LONGEST_GAP = timedelta(seconds=2)
_SHORTEST_GAP = timedelta(milliseconds=250)
_WORTHWHILE = timedelta(milliseconds=100)
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Spacing:
    """How long hosts are left alone between two requests, whatever the requests are for.

    Attributes:
        gaps: of the hosts of feeds.
        near: hosts of the user's own, which ALLOW_NETWORKS names.
        feeds_on: how many feeds each host has.
        rules: the least gaps, by name.
    """

    gaps: Mapping[str, timedelta] = field(default_factory=dict)
    near: frozenset[str] = frozenset()
    feeds_on: Mapping[str, int] = field(default_factory=dict)
    rules: Mapping[str, timedelta] = field(default_factory=lambda: HOST_RULES)

    def gap(self, host: str | None) -> timedelta:
        """Answer how long *host* is left alone after a request; None is a file."""
        if host is None:
            return timedelta(0)
        known = self.gaps.get(host)
        if known is not None:
            return known
        return _gap_by_rule(host, self.rules) or _LONGEST_GAP

    def for_once(self) -> "Spacing":
        """Answer the same for one round that somebody waits for.

        The user's own hosts may then be asked without a pause.
        """
        return replace(self, gaps={**self.gaps, **dict.fromkeys(self.near, _NO_TIME)})


def spacing_of(feeds: Iterable[Feed], manners: Manners) -> Spacing:
    """Answer how the hosts of *feeds* are spared.

    Two seconds between two requests, but no more than half of what lets all feeds of a host be
    polled in their time; and what the rules for hosts say.
    """
    rules = {**HOST_RULES, **manners.hosts}
    feeds_on: dict[str, int] = {}
    shortest: dict[str, timedelta] = {}
    near: set[str] = set()
    for feed in feeds:
        host = host_of(feed.address)
        if host is None:
            continue
        every = feed.every or feed.at_least or manners.at_least
        feeds_on[host] = feeds_on.get(host, 0) + 1
        shortest[host] = min(every, shortest.get(host, every))
        if feed.near:
            near.add(host)
    gaps = {
        host: _gap_by_rule(host, rules) or _fair_gap(shortest[host], count, near=host in near)
        for host, count in feeds_on.items()
    }
    return Spacing(gaps=gaps, near=frozenset(near), feeds_on=feeds_on, rules=rules)


def _fair_gap(shortest: timedelta, feeds: int, *, near: bool) -> timedelta:
    """Answer a gap that lets *feeds* be polled within half of the *shortest* of their times."""
    gap = min(_LONGEST_GAP, shortest / (2 * feeds))
    if near:
        return gap if gap >= _WORTHWHILE else _NO_TIME
    return max(gap, _SHORTEST_GAP)


def _gap_by_rule(host: str, rules: Mapping[str, timedelta]) -> timedelta | None:
    """Answer the gap that the rules have for *host*, or for a host that it is below."""
    if host in rules:  # with its port
        return rules[host]
    name = host.rpartition(":")[0] if ":" in host and not host.endswith("]") else host
    while name:
        if name in rules:
            return rules[name]
        name = name.partition(".")[2]
    return None
