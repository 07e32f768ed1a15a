"""What a person pastes to addresses that may be asked for a feed."""

import re
from dataclasses import replace
from urllib.parse import SplitResult, urlsplit

from monitors.finding.clue import Clue, Unclear
from monitors.finding.sites import clue_of_site, fediverse

_LONGEST = 2_000  # characters
_AROUND = " \t\r\n\"'`<>\u00ab\u00bb\u201c\u201d\u201e\u2018\u2019\u2039\u203a"
_BEHIND = ".,;:!"
# `feed:https://…` and `feed://…`, as old links have it, stand for the address itself.
_FEED_SCHEME = re.compile(r"(?:feed|rss):(?://)?(?=https?:)|(?:feed|rss):(?=//)", re.IGNORECASE)
_WEB = re.compile(r"(https?)://+", re.IGNORECASE)
_IN_TEXT = re.compile(r"(?:(?:feed|rss):(?://)?)?https?://\S+|(?:feed|rss)://\S+", re.IGNORECASE)
_LABEL = r"[^\W_](?:[\w-]{0,61}[^\W_])?"
_NAMED = re.compile(rf"(?:{_LABEL}\.){{1,10}}(?:xn--[\w-]+|[^\W\d_]{{2,63}})\.?(?::\d{{1,5}})?")
_NUMBERED = re.compile(
    r"(?:localhost|\d{1,3}(?:\.\d{1,3}){3}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?", re.IGNORECASE
)
_HANDLE = re.compile(r"(?:acct:)?@([\w.-]{1,64})@([\w.-]{3,253})", re.IGNORECASE)
_REDDIT = re.compile(r"/?(r|u|user)/([\w-]{2,40})/?", re.IGNORECASE | re.ASCII)
_SCHEME = re.compile(r"(?!https?:)([a-z][a-z0-9+.-]*):(?!\d)", re.IGNORECASE)
_FILE = re.compile(r"[^/]+\.(?:xml|rss|atom|rdf|json|opml|ya?ml|txt|html?)", re.IGNORECASE)
_EXAMPLE = "Write the address of the site or of its feed, as in https://example.org."


def clue_of(written: str) -> Clue | Unclear:
    """Answer where the feed may be that somebody means who has *written* this.

    An address may lack its scheme, stand in quotation marks or within a text, and begin with
    `feed:`; so may what only some sites are known by, as `r/name` and `@name@host`.
    """
    if len(written) > _LONGEST:
        return Unclear(message="this is too long for an address", hint=_EXAMPLE)
    tidy = written.strip(_AROUND)
    if handle := _HANDLE.fullmatch(tidy):
        return fediverse(handle[2].lower(), handle[1])
    if sub := _REDDIT.fullmatch(tidy):
        tidy = f"https://www.reddit.com/{sub[1]}/{sub[2]}"
    found = _address_in(tidy)
    if isinstance(found, Unclear):
        return found
    parts = _parts(found.address)
    if parts is None:
        return Unclear(message="the host in this address cannot be read", hint=_EXAMPLE)
    plain = parts._replace(fragment="").geturl()
    return clue_of_site(parts) or replace(found, address=plain)


def _address_in(tidy: str) -> Clue | Unclear:
    """Answer the address that stands in a text, with its scheme."""
    words = tidy.split(maxsplit=1)
    if not words:
        return Unclear(message="there is no address", hint=_EXAMPLE)
    if found := _IN_TEXT.search(tidy):
        return _web(_trimmed(found[0]))
    first = _trimmed(words[0].removeprefix("//"))
    host = re.split(r"[/?#]", first, maxsplit=1)[0]
    if _FILE.fullmatch(first):
        return Unclear(message=f"there is no file {first} beside rules.yaml", hint=_EXAMPLE)
    if _NAMED.fullmatch(host) or _NUMBERED.fullmatch(host):
        return Clue(address=f"https://{first}", is_guess=True)
    if scheme := _SCHEME.match(first):
        hint = "Write an address that begins with https:// or http://."
        return Unclear(message=f"{scheme[1][:20]}: addresses cannot be polled", hint=hint)
    return Unclear(message="this is no address", hint=_EXAMPLE)


def _web(address: str) -> Clue:
    """Answer an address without `feed:`, and its scheme in lower case."""
    plain = _FEED_SCHEME.sub("", address, count=1)
    is_guess = plain.startswith("//")
    whole = f"https:{plain}" if is_guess else plain
    lower = _WEB.sub(lambda scheme: f"{scheme[1].lower()}://", whole, count=1)
    return Clue(address=lower, is_guess=is_guess)


def _trimmed(address: str) -> str:
    """Answer an address without what belongs to the text around it."""
    trimmed = re.split(r"[<>\"\u201c\u201d\u00bb]", address, maxsplit=1)[0]
    while trimmed != (shorter := _without_last(trimmed)):
        trimmed = shorter
    return trimmed


def _without_last(address: str) -> str:
    last = address[-1:]
    unopened = last in ")]" and address.count("(["[last == "]"]) < address.count(last)
    return address[:-1] if last and (last in _BEHIND or last in _AROUND or unopened) else address


def _parts(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        is_usable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return None
    return parts if is_usable else None
