"""The feeds that a web page names itself."""

import html as entities
import re
from collections.abc import Iterator

from monitors.feeds.fields import absolute

MOST_OFFERS = 10
_LONGEST_HEAD = 500_000
_TAG = re.compile(rb"<(?:link|base)\s[^>]{1,2000}>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([a-z]{1,20})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>]+))", re.IGNORECASE)
_TYPES = frozenset(
    ("application/rss+xml", "application/atom+xml", "application/rdf+xml", "application/feed+json")
)


def offered_feeds(html: bytes, address: str) -> tuple[str, ...]:
    """Answer the addresses of the feeds that a page names in its head, comments last.

    Args:
        html: the page; only its first 500 kB are looked at.
        address: where it was found; what it names is relative to that, or to its `base`.
    """
    base = address
    found: dict[str, bool] = {}
    for name, values in _tags(html[:_LONGEST_HEAD]):
        if name == "base":
            base = absolute(values.get("href"), address) or base
            continue
        kind = values.get("type", "").partition(";")[0].strip().lower()
        if kind in _TYPES and "alternate" in values.get("rel", "").lower().split():
            offer = absolute(values.get("href"), base)
            if offer:
                about = f"{offer} {values.get('title', '')}".lower()
                found.setdefault(offer, "comment" in about)
    return tuple(sorted(found, key=found.__getitem__)[:MOST_OFFERS])


def _tags(html: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    for tag in _TAG.finditer(html):
        text = tag[0].decode("utf-8", "replace")
        values = {
            found[1].lower(): entities.unescape(found[2] or found[3] or found[4] or "")
            for found in _ATTRIBUTE.finditer(text)
        }
        yield text[1:5].lower(), values
