"""What a site's robots.txt asks of programs, as RFC 9309 says it."""

from datetime import timedelta
from functools import lru_cache
from urllib.parse import urlsplit

from protego import Protego

AGENT = "Newsbell"
MOST_CHARACTERS = 512_000  # what comes after them does not count
LONGEST_PAUSE = timedelta(seconds=60)
_AGENT_FIELDS = frozenset({"user-agent", "useragent", "user agent"})
_ELSEWHERE = frozenset({"sitemap", "host"})  # they are about no program


def robots_address(address: str) -> str:
    """Answer where the robots.txt lies that speaks of the web page at *address*."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}/robots.txt"


def lines_for_us(body: bytes) -> str:
    """Answer the lines of a robots.txt that speak to Newsbell, or to every program.

    The rest, most of it by far, need not be kept; and many programs, each with many rules,
    would take the library minutes.
    """
    kept: list[str] = []
    ours = naming = False
    text = body.decode("utf-8", "replace").removeprefix("\ufeff")
    for line in text[:MOST_CHARACTERS].splitlines():
        name, _, value = line.partition("#")[0].partition(":")
        field, value = name.strip().lower(), value.strip()
        if field in _AGENT_FIELDS:
            ours = (naming and ours) or _is_for_us(value)
            if _is_for_us(value):
                kept.append(f"user-agent: {'*' if value == '*' else AGENT}")
            naming = True
        elif field and field not in _ELSEWHERE:
            naming = False
            if ours and value:
                kept.append(f"{field}: {value}")
    return "\n".join(kept)


def _is_for_us(agent: str) -> bool:
    return agent == "*" or agent.partition("/")[0].strip().lower() == AGENT.lower()


def allows(lines: str, address: str) -> bool:
    """Answer whether *lines*, as `lines_for_us` kept them, let us read the page at *address*."""
    return _parsed(lines).can_fetch(address, AGENT)


def pause(lines: str) -> timedelta:
    """Answer how long the site wants to be left alone between two pages, up to a minute."""
    seconds = _parsed(lines).crawl_delay(AGENT) or 0.0
    return timedelta(seconds=min(seconds, LONGEST_PAUSE.total_seconds()))


@lru_cache(maxsize=64)
def _parsed(lines: str) -> Protego:
    return Protego.parse(lines)
