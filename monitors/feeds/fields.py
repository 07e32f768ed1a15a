"""The fields of an entry, bounded and cleaned alike for every format."""

import re
from collections.abc import Iterable
from itertools import islice
from urllib.parse import urljoin, urlsplit

from monitors.feeds.markup import plain_text

LONGEST_TITLE = 1_000  # characters
LONGEST_TEXT = 200_000
MOST_TAGS = 50
_LONGEST_TAG = 100
_LONGEST_MARKUP = 1_000_000  # what is looked at for a text
_LONGEST_ID = 4_000
_LONGEST_ADDRESS = 8_000
_LANGUAGE = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8}){0,5}", re.IGNORECASE)
_LINE_ENDS = re.compile(r"[\t\r\n]")


def one_line(markup: object, longest: int = LONGEST_TITLE) -> str:
    """Answer the text of *markup* in one line of at most *longest* characters; empty if none."""
    if not isinstance(markup, str):
        return ""
    return " ".join(plain_text(markup[: longest * 20]).split())[:longest].rstrip()


def long_text(markup: object) -> str | None:
    """Answer the text of *markup*, a line for each block, or None where there is none."""
    if not isinstance(markup, str):
        return None
    return plain_text(markup[:_LONGEST_MARKUP])[:LONGEST_TEXT].rstrip() or None


def tags(markups: Iterable[object]) -> tuple[str, ...]:
    """Answer the texts of *markups*, each once, of the first that are as many as may be."""
    found: dict[str, str] = {}
    for markup in islice(markups, 2 * MOST_TAGS):  # they may stand there by two names each
        tag = one_line(markup, _LONGEST_TAG)
        found.setdefault(tag.casefold(), tag)
    found.pop("", None)
    return tuple(islice(found.values(), MOST_TAGS))


def raw_id(written: object) -> str | None:
    """Answer an id as it was *written*, stripped and bounded, or None where there is none."""
    if not isinstance(written, str):
        return None
    return written.strip()[:_LONGEST_ID] or None


def language_tag(written: object) -> str | None:
    """Answer the BCP 47 tag that was *written*, with hyphens, or None if it is none."""
    if not isinstance(written, str):
        return None
    tag = written.strip().replace("_", "-")
    return tag if _LANGUAGE.fullmatch(tag) else None


def absolute(link: object, *bases: str | None) -> str | None:
    """Answer the http(s) address that *link* means, read beside the first base that fits.

    Spaces in it are escaped; None where it means no such address.
    """
    if not isinstance(link, str) or not 0 < len(link) <= _LONGEST_ADDRESS:
        return None
    tidy = _LINE_ENDS.sub("", link.strip()).replace(" ", "%20")
    for base in bases:
        try:
            address = urljoin(base or "", tidy) if tidy else ""
            parts = urlsplit(address)
        except ValueError:
            continue
        if parts.scheme.lower() in {"http", "https"} and parts.netloc:
            return address
    return None
