"""Addresses of chats beside Telegram, as rules.yaml writes them, and what may be shown of them.

An address such as `mailto://name:password@example.org` holds secrets, so nothing here repeats one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, TypeAlias
from urllib.parse import urlsplit

from monitors.rules.values import Wrong, nearest

MOST_ADDRESSES, LONGEST_ADDRESS = 20, 4_000
FROM_VARIABLE, FROM_FILE = "env:", "file:"
Trouble: TypeAlias = tuple[str, str]
"""What is wrong, and how to mend it."""

HOW = "Write it as in mailto://name:password@example.org, or env:NAME to keep it elsewhere."
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9]*)://(?=.)", re.ASCII | re.DOTALL)
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,99}", re.ASCII)
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f]")
_INCLUDED = ("config", "include")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,250}[A-Za-z0-9])?|\[[0-9A-Fa-f:.]+\]", re.ASCII)
_PLACEHOLDER = "***"
# In the addresses of all others, a token may stand where the host is expected.
_HOSTED = frozenset(
    f"{name}{secure}"
    for name in ("apprise", "form", "gotify", "json", "mailto", "matrix", "mmost", "ntfy", "xml")
    for secure in ("", "s")
)


class Reach(Protocol):
    """What can be reached, and what addresses are that stand elsewhere."""

    def secret(self, reference: str) -> str | Trouble:
        """Answer the address that `env:NAME` or `file:path` leads to, or why there is none."""

    def trouble(self, address: str) -> Trouble | None:
        """Answer why nothing can be sent to *address*, or None; neither repeats what it holds."""


@dataclass(frozen=True, slots=True)
class AnyReach:
    """Takes every address as it is written."""

    def secret(self, reference: str) -> str | Trouble:
        """Answer the reference itself."""
        return reference

    def trouble(self, address: str) -> Trouble | None:
        """Answer None."""
        del address
        return None


def is_reference(written: str) -> bool:
    """Answer whether the address itself stands elsewhere."""
    return written.startswith((FROM_VARIABLE, FROM_FILE)) and not written.startswith("file://")


def address(written: str) -> str:
    """Answer *written* if it may be an address, or says where one is.

    Raises:
        Wrong: it is neither.
    """
    if is_reference(written):
        kind, _, name = written.partition(":")
        if kind == "env" and not _VARIABLE.fullmatch(name):
            raise Wrong("this is no name of a variable", "Write it as in env:MAIL_URL.")
        if kind == "file" and (not name.strip() or _UNSEEN.search(name)):
            raise Wrong("this names no file", "Write it as in file:secrets/mail.")
        return written
    if trouble := shape_trouble(written):
        raise Wrong(*trouble)
    return written


def some(addresses: tuple[str, ...]) -> tuple[str, ...]:
    """Answer *addresses* if there are any, not too many, and none of them twice.

    Raises:
        Wrong: else.
    """
    if not addresses:
        raise Wrong("this list is empty", HOW)
    if len(addresses) > MOST_ADDRESSES:
        message = f"there are more than {MOST_ADDRESSES} addresses"
        raise Wrong(message, "Make another chat for some of them.")
    if len(set(addresses)) < len(addresses):
        raise Wrong("an address is written twice", "Delete one of them.")
    return addresses


def in_one_place(places: Mapping[str, bool], topic: int | None, how: str) -> None:
    """Make sure that a chat is in one place, and in a *topic* only where there are topics.

    Args:
        places: keys of rules.yaml, and whether the chat has them.
        topic: its number, if there is one.
        how: how a place is written.

    Raises:
        Wrong: it is not.
    """
    written = [f"{key}:" for key, is_there in places.items() if is_there]
    if not written:
        raise Wrong("this chat does not say where it is", how)
    if len(written) > 1:
        number = "three" if len(written) == len(places) else "two"
        raise Wrong(f"this chat is in {number} places", f"Delete {' or '.join(written)}.")
    if topic is not None and not places["telegram"]:
        what = "the terminal has no topics" if places["terminal"] else "there are no topics there"
        raise Wrong(what, "Delete topic:.")


def shape_trouble(written: str) -> Trouble | None:
    """Answer why *written* is no address of a service, whichever it may be."""
    if len(written) > LONGEST_ADDRESS:
        return f"this address has more than {LONGEST_ADDRESS:,} characters", HOW
    if _UNSEEN.search(written):
        return "there is a line break or a control character in this address", "Delete it."
    scheme = scheme_of(written)
    if scheme is None:
        return "this is no address of a service", HOW
    if scheme == "file":
        return "this is no address of a service", "Write file:path, with one / at most after file:."
    if scheme in _INCLUDED:
        return f"{scheme}:// leads to further addresses", "Write each of them here instead."
    return None


def resolved(written: str, reach: Reach) -> str | Trouble:
    """Answer the address that *written* is or leads to, if something can be sent there."""
    found = reach.secret(written) if is_reference(written) else written
    if not isinstance(found, str) or (found == written and is_reference(written)):
        return found
    return shape_trouble(found) or reach.trouble(found) or found


def scheme_of(written: str) -> str | None:
    """Answer the word before `://` in small letters; None if there is none."""
    found = _SCHEME.match(written)
    return found[1].lower() if found else None


def unknown_scheme(scheme: str, known: Iterable[str]) -> Trouble:
    """Answer what is wrong with a *scheme* that is not *known*, and which one may be meant."""
    if scheme in ("http", "https"):
        hint = f"For a webhook write json{'s' * (scheme == 'https')}:// instead of {scheme}://."
        return "Apprise knows no service at this web address", hint
    meant = nearest(scheme, sorted(known))
    hint = f"Did you mean {meant}://?" if meant else HOW
    return f"Apprise knows no service {scheme[:40]}://", hint


def veiled(address: str) -> str:
    """Answer what may be shown of *address*: its service, and its host where that is no secret.

    `mailto://name:password@example.org?to=me` becomes `mailto://***@example.org`.
    """
    scheme = scheme_of(address)
    if scheme is None:
        return _PLACEHOLDER
    try:
        parts = urlsplit(address)
        host = parts.netloc.rpartition("@")[2]
        host = host if parts.port is None else host.rpartition(":")[0]
    except ValueError:
        return f"{scheme}://{_PLACEHOLDER}"
    # A password may hold what ends a host.
    torn = "@" in address and "@" not in parts.netloc
    if scheme not in _HOSTED or torn or not _HOST.fullmatch(host):
        return f"{scheme}://{_PLACEHOLDER}"
    who = f"{_PLACEHOLDER}@" if "@" in parts.netloc else ""
    rest = "" if who or (not parts.path.strip("/") and not parts.query) else f"/{_PLACEHOLDER}"
    return f"{scheme}://{who}{host}{rest}"
