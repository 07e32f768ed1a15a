"""What the values in rules.yaml mean: texts, durations, times, addresses, chats.

Each function takes what YAML made of a value and answers what it means, or raises `Wrong`,
which is written for the person who edits the file.
"""

import re
from collections.abc import Callable, Iterable
from datetime import time, timedelta
from difflib import get_close_matches
from enum import Enum
from ipaddress import IPv4Network, IPv6Network, ip_address
from typing import TypeAlias, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from monitors.feeds.feed import is_web
from monitors.language.refusals import MAX_BETWEEN, clipped
from monitors.polling.manners import host_of
from monitors.rules.rulebook import FAST
from monitors.times import parse_duration

Network: TypeAlias = IPv4Network | IPv6Network
Choice = TypeVar("Choice", bound=Enum)

LONGEST = timedelta(days=366)
_CLOSE_ENOUGH = 0.6
_MOST_COMPARED = 2_000
_LOOPBACK = ("127.0.0.1", "::1")

_LONGEST_GAP = timedelta(hours=24)
_DASH = re.compile("[-\u2013\u2014]")
_NO_HOST = re.compile(r"[\s/?#@\\*]|\.\.|^\.")

FEWEST_OUTLETS, MOST_OUTLETS, MOST_BREAK_OUTS = 2, 1000, 10
MOST_DIGESTS, MOST_OWNERS = 24, 100
_NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)
_SOME_OUTLETS = re.compile(r"(\d{1,18}) *(?:outlets?|sites?|sources?)", re.ASCII | re.IGNORECASE)

_CLOCK = r"([01]?\d|2[0-3]):([0-5]\d)"
_TIME = re.compile(_CLOCK, re.ASCII)
_HOURS = re.compile(rf"{_CLOCK} ?[-\u2013\u2014] ?{_CLOCK}", re.ASCII)
_CHANNEL = re.compile(r"@[A-Za-z][A-Za-z0-9_]{3,31}")
_CHAT_ID = re.compile(r"-?[1-9]\d{0,17}", re.ASCII)
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]+):", re.ASCII)
_ABSOLUTE = re.compile(r"[/\\~]|[A-Za-z]:")
_HOST_FIRST = re.compile(r"www\.|[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?/", re.IGNORECASE)


class Wrong(ValueError):  # noqa: N818 - a value that means nothing, told to its reader
    """A value that means nothing here: what is wrong, and how to mend it."""

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def nearest(name: str, known: Iterable[str]) -> str | None:
    """Answer which of *known* was most likely meant by *name*; letter case does not matter.

    Only the first 2,000 are looked at: a suggestion must not cost more than it helps.
    """
    folded = {each.casefold(): each for each, _ in zip(known, range(_MOST_COMPARED), strict=False)}
    close = get_close_matches(name.casefold(), folded, 1, _CLOSE_ENOUGH)
    return folded[close[0]] if close else None


def text(value: object) -> str:
    """Answer a text without the spaces around it; numbers are texts, as they are written."""
    if isinstance(value, bool):
        raise Wrong("this stands for yes or no", "Put quotation marks around it to mean the word.")
    if isinstance(value, list | dict):
        raise Wrong("one text belongs here, not a list", "Write it in one line, without brackets.")
    stripped = "" if value is None else str(value).strip()
    if not stripped:
        raise Wrong("this is empty", "Write something here, or delete it.")
    return stripped


def one_line(name: str) -> str:
    """Answer *name* as it can be shown in one line."""
    return " ".join(name.split())


def texts(value: object) -> tuple[object, ...]:
    """Answer the members of a list; one text is a list of one."""
    if isinstance(value, dict):
        raise Wrong("a list of texts belongs here", "Write [one, another]. Put texts with : in ''.")
    return tuple(value) if isinstance(value, list) else (value,)


def findable(name: str) -> str:
    """Answer *name* if there is something in it that can be found in a text."""
    if not any(char.isalnum() for char in name):
        raise Wrong(f"there is no letter or digit in {clipped(name)}", "Delete it.")
    return name


def spelled_out(name: str) -> str:
    """Answer *name* if it can be found, and is itself what is to be found."""
    if is_reference(name):
        hint = "Write its names out here; entities belong under names: and near:."
        raise Wrong(f"the entity {clipped(name)} cannot stand here", hint)
    return findable(name)


def is_reference(name: str) -> bool:
    """Answer whether *name* stands for an entity."""
    return name.startswith(("@", "\uff20"))


def words_between(value: object) -> int:
    """Answer how many words may stand between two names."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= MAX_BETWEEN:
        message = f"{_shown(value)} is no whole number from 0 to {MAX_BETWEEN}"
        raise Wrong(message, "Write how many words may stand between, such as 10.")
    return value


def yes_or_no(value: object) -> bool:
    """Answer true or false."""
    if not isinstance(value, bool):
        raise Wrong(f"{_shown(value)} is neither true nor false", "Write true or false.")
    return value


def whole(value: object) -> int:
    """Answer a whole number from 1 to a billion."""
    number = int(value) if isinstance(value, str) and _CHAT_ID.fullmatch(value) else value
    if isinstance(number, bool) or not isinstance(number, int) or not 1 <= number <= 10**9:
        raise Wrong(f"{_shown(value)} is no whole number from 1", "Write a number such as 30.")
    return number


def one_of(choices: type[Choice]) -> Callable[[object], Choice]:
    """Answer what reads one of *choices*, by its value."""
    known = [str(choice.value) for choice in choices]

    def read(value: object) -> Choice:
        if isinstance(value, str) and value in known:
            return choices(value)
        meant = nearest(value, known) if isinstance(value, str) else None
        hint = f"Did you mean {meant}?" if meant else f"Write {' or '.join(known)}."
        raise Wrong(f"{_shown(value)} is none of {', '.join(known)}", hint)

    return read


def break_outs(value: object) -> tuple[object, ...]:
    """Answer the members of a list of numbers of outlets, or `fast`; one is a list of one."""
    members = tuple(value) if isinstance(value, list) else (value,)
    if not members:
        raise Wrong("this list is empty", "Delete the line, or write a number of outlets.")
    if len(members) - members.count(FAST) > MOST_BREAK_OUTS:
        message = f"there are more than {MOST_BREAK_OUTS} numbers of outlets"
        raise Wrong(message, "Delete those that you need least.")
    return members


def break_out(value: object) -> int | str:
    """Answer a number of outlets, or `fast`."""
    hint = f"Write a number from {FEWEST_OUTLETS} to {MOST_OUTLETS}, or {FAST}."
    number = int(value) if isinstance(value, str) and _NUMBER.fullmatch(value) else value
    if isinstance(number, int) and not isinstance(number, bool):
        if not FEWEST_OUTLETS <= number <= MOST_OUTLETS:
            message = f"{clipped(str(number))} is no number from {FEWEST_OUTLETS} to {MOST_OUTLETS}"
            raise Wrong(message, f"Write a number of outlets such as 10, or {FAST}.")
        return number
    if value == FAST:
        return FAST
    if isinstance(value, str):
        meant = _SOME_OUTLETS.fullmatch(value)
        if meant and FEWEST_OUTLETS <= int(meant[1]) <= MOST_OUTLETS:
            hint = f"Write {int(meant[1])}."
        elif "," in value:
            hint = f"Write several in brackets, as in [5, 20, {FAST}]."
        elif nearest(value, (FAST,)):
            hint = f"Did you mean {FAST}?"
    raise Wrong(f"{_shown(value)} is neither a number of outlets nor {FAST}", hint)


def each_once(members: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """Answer *members* if none of them is written twice."""
    for place, one in enumerate(members):
        if one in members[:place]:
            raise Wrong(f"{one} is written twice", "Delete one of them.")
    return members


def every(value: object) -> timedelta | tuple[timedelta, timedelta] | None:
    """Answer the time between two polls, or its bounds where it adapts; None for `auto`."""
    if value == "auto":
        return None
    if isinstance(value, str) and _DASH.search(value, 1):
        return range_of_polls(value)
    return _duration(value, "Write auto, or a duration such as 5m, or a range such as 2m-1h.")


def range_of_polls(value: object) -> tuple[timedelta, timedelta]:
    """Answer the shortest and the longest time between two polls."""
    hint = "Write the shortest and the longest time, as in 2m-1h."
    parts = _DASH.split(value) if isinstance(value, str) else []
    if len(parts) != 2 or not all(map(parse_duration, parts)):  # noqa: PLR2004 -- its two ends
        raise Wrong(f"{_shown(value)} is no range of times", hint)
    least, most = (_duration(part.strip(), hint) for part in parts)
    if least > most:
        raise Wrong(f"{_shown(value)} begins after its end", "Write the shorter time first.")
    return least, most


def host_gap(value: object) -> timedelta:
    """Answer the least time between two requests to a host, at most a day."""
    hint = "Write a duration such as 60s, at most 24h."
    gap = _duration(value, hint)
    if gap > _LONGEST_GAP:
        raise Wrong(f"{_shown(value)} is longer than a day", hint)
    return gap


def by_name(value: object) -> object:
    """Answer *value* if it is names with something after each."""
    if not isinstance(value, dict):
        hint = "Write a line for each, as in reddit.com: 60s."
        raise Wrong("names of hosts and times belong here", hint)
    return value


def host(written: str) -> str:
    """Answer the host that *written* names, as `host_of` writes it."""
    bare = written.lstrip("*.")
    named = host_of(bare if is_web(bare) else f"https://{bare}")
    if not named or _NO_HOST.search(written):
        meant = f"Write {clipped(named)}." if named and not _NO_HOST.search(named) else None
        shown = clipped(written) if written else "this"
        raise Wrong(f"{shown} is no name of a host", meant or "Write it as in reddit.com.")
    return named


def catch_up(value: object) -> timedelta | None:
    """Answer how recent an entry must be at the first poll; None for all."""
    if value in ("all", "none"):
        return None if value == "all" else timedelta(0)
    return _duration(value, "Write none, all, or a duration such as 24h.")


def _duration(value: object, hint: str) -> timedelta:
    duration = parse_duration(value) if isinstance(value, str) else None
    if duration is None:
        raise Wrong(f"{_shown(value)} is no duration", hint)
    if duration > LONGEST:
        raise Wrong(f"{_shown(value)} is longer than a year", hint)
    return duration


def clock_time(value: object) -> time:
    """Answer a time of day."""
    found = _TIME.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        hint = "Write hours and minutes, as in 08:00; midnight is 00:00."
        raise Wrong(f"{_shown(value)} is no time of day", hint)
    return time(int(found[1]), int(found[2]))


def up_to(most: int, what: str) -> Callable[[object], tuple[object, ...]]:
    """Answer what reads a list of at most so many; one is a list of one."""

    def read(value: object) -> tuple[object, ...]:
        members = tuple(value) if isinstance(value, list) else (value,)
        if not members:
            raise Wrong("this list is empty", "Delete the line, or write something into it.")
        if len(members) > most:
            raise Wrong(f"there are more than {most} {what}", "Delete those that you need least.")
        return members

    return read


def in_order(times: tuple[time, ...]) -> tuple[time, ...]:
    """Answer *times* from the morning on, if none of them is written twice."""
    for place, one in enumerate(times):
        if one in times[:place]:
            raise Wrong(f"{one:%H:%M} is written twice", "Delete one of them.")
    return tuple(sorted(times))


def quiet_hours(value: object) -> tuple[time, time]:
    """Answer when quiet hours begin and end; they may pass midnight."""
    found = _HOURS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        hint = "Write when they begin and end, as in 22:00-07:00; midnight is 00:00."
        raise Wrong(f"{_shown(value)} are no quiet hours", hint)
    start, end = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
    if start == end:
        hint = "Write two times, or delete the line to have none."
        raise Wrong("the quiet hours begin and end at the same time", hint)
    return start, end


def timezone(value: object) -> ZoneInfo:
    """Answer the zone of an IANA name."""
    if isinstance(value, str):
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):  # the last for the name of a region
            pass
    # Abbreviations mean another place to everybody: KST is not near MST.
    meant = nearest(str(value), sorted(zone for zone in available_timezones() if "/" in zone))
    hint = f"Did you mean {meant}?" if meant else "Write region and city, as in Asia/Seoul."
    raise Wrong(f"there is no timezone {_shown(value)}", hint)


def telegram(value: object) -> str:
    """Answer the number of a Telegram chat, or the `@name` of a channel."""
    written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _CHANNEL.fullmatch(written) and not _CHAT_ID.fullmatch(written):
        hint = 'Write its number, as in -1001234567890, or "@name" of a public channel.'
        raise Wrong(f"{_shown(value)} is no Telegram chat", hint)
    return written


def person(value: object) -> str:
    """Answer the number of a Telegram user."""
    written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not _CHAT_ID.fullmatch(written) or written.startswith("-"):
        hint = "Write the number of a person, as in 123456789; @userinfobot tells it."
        raise Wrong(f"{_shown(value)} is no number of a Telegram user", hint)
    return written


def address(written: str) -> str:
    """Answer *written* if it is an address that can be polled."""
    if any(char.isspace() for char in written):
        raise Wrong("there is a space in this address", "Delete it, or write %20.")
    if is_web(written):
        _check_web(written)
        return written
    scheme = _SCHEME.match(written)
    if scheme and scheme[1].lower() != "file":
        hint = "Write an address that begins with https:// or http://."
        raise Wrong(f"{clipped(scheme[0])} addresses cannot be polled", hint)
    if scheme or _ABSOLUTE.match(written) or ".." in re.split(r"[/\\]", written):
        hint = "Put the file beside rules.yaml or below, and write its path from there."
        raise Wrong("a file must be beside rules.yaml or below", hint)
    if "\\" in written:
        raise Wrong("there is a \\ in this path", "Write / instead.")
    if _HOST_FIRST.match(written):
        hint = f"Write https://{clipped(written)}, or ./ before it if it is a file."
        raise Wrong("this address does not begin with https://", hint)
    return written


def _check_web(written: str) -> None:
    try:
        parts = urlsplit(written)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host:
        hint = "Write it as in https://example.org/rss.xml."
        raise Wrong("the host in this address cannot be read", hint)


def same_address(written: str) -> str:
    """Answer what is equal for two ways to write one address."""
    if not is_web(written):
        return "/".join(part for part in written.split("/") if part not in ("", "."))
    parts = urlsplit(written)
    usual = ":443" if parts.scheme == "https" else ":80"
    site = parts.netloc.lower().removesuffix(usual)
    return parts._replace(netloc=site, path=parts.path or "/", fragment="").geturl()


def is_near(written: str, networks: Iterable[Network]) -> bool:
    """Answer whether an address may be polled every second: a file, or in *networks*.

    The host must say so itself: names other than `localhost` may lead anywhere.
    """
    if not is_web(written):
        return True
    host = urlsplit(written).hostname or ""
    hosts = _LOOPBACK if host.lower() == "localhost" else (host,)
    try:
        numbers = [ip_address(each) for each in hosts]
    except ValueError:
        return False
    return any(number in network for network in networks for number in numbers)


def _shown(value: object) -> str:
    if isinstance(value, list | dict):
        return "a list"
    if value is None or isinstance(value, bool):
        return {None: "nothing", True: "true", False: "false"}[value]
    return clipped(str(value)) or "nothing"
