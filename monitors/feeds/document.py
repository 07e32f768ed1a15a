"""The bytes of a feed to its entries: what every other module here works for."""

import re

from monitors.feeds.encoding import is_mislabelled, to_utf8, unpacked
from monitors.feeds.entry import Document, NotAFeed
from monitors.feeds.jsonfeed import read_json
from monitors.feeds.offers import offered_feeds, page_kind
from monitors.feeds.repair import find_root
from monitors.feeds.xmlfeed import read_xml

_FEEDS = frozenset(("rss", "feed", "rdf"))
_PAGES = frozenset(
    re.findall(
        r"\w+",
        "html head body title meta script style link base noscript div p br b h1 h2 center "
        "font table span a img pre main section article header nav iframe",
    )
)
_ENCODING = "its letters are in another encoding than it says"
# How files begin that people take for the feed they are linked from.
_FILES = {
    b"%PDF-": "a PDF",
    b"\x89PNG": "an image",
    b"\xff\xd8\xff": "an image",
    b"GIF8": "an image",
    b"RIFF": "an image or sound",
    b"ID3": "a sound",
    b"PK\x03\x04": "a ZIP file",
}


def read_document(
    body: bytes, address: str, content_type: str | None = None
) -> Document | NotAFeed:
    """Answer the feed in *body*, or what it is instead.

    Pure and synchronous; at most 10 MB, 5,000 entries and 200,000 characters a text are read.
    Call it where it can be killed: the time is bounded, but not short for the largest feeds.

    Args:
        body: as fetched; a gzip layer is unpacked.
        address: where it was found after redirects; links are relative to it.
        content_type: the header as sent; only its charset is looked at, and believed last.
    """
    try:
        return _document(body, address, content_type)
    except Exception as error:  # noqa: BLE001 - feedparser may stumble over what strangers write
        return NotAFeed(message=f"it cannot be read ({type(error).__name__})")


def _document(body: bytes, address: str, content_type: str | None) -> Document | NotAFeed:
    """Answer the feed in *body*, or what it is instead."""
    plain = unpacked(body)
    if plain is None:
        return NotAFeed(message="more than 10 MB")
    text = to_utf8(plain, content_type).strip()
    if text.startswith((b"{", b"[")):
        return read_json(text, address)
    root = find_root(text) if not plain.startswith(tuple(_FILES)) else None
    if root is None:
        return _without_root(text, plain)
    local = root.name.rpartition(":")[2]
    if local not in _FEEDS and local != "channel":
        return _other(text, root.name, address)
    if root.hostile:
        return NotAFeed(message="it declares XML entities, as hostile documents do")
    problems = (_ENCODING,) if is_mislabelled(plain, content_type) else ()
    document = read_xml(text, root, address, problems)
    # CDF has a channel for its root; so may anything else.
    is_feed = document.entries or local in _FEEDS
    return document if is_feed else _other(text, root.name, address)


def _without_root(text: bytes, plain: bytes) -> NotAFeed:
    """Answer what *text* is that has no element; *plain* are its bytes as they came."""
    for start, what in _FILES.items():
        if plain.startswith(start):
            return NotAFeed(message=f"this is {what}")
    if not text:
        return NotAFeed(message="empty")
    if text.startswith(b"<"):
        return NotAFeed(message="XML that is empty or breaks off before it begins")
    return NotAFeed(message="neither XML nor JSON")


def _other(text: bytes, root: str, address: str) -> NotAFeed:
    """Answer what *text* is, whose *root* is of no feed."""
    if root in _PAGES:
        return NotAFeed(message=page_kind(text), offers=offered_feeds(text, address))
    if root == "opml":
        return NotAFeed(message="this is a list of feeds (OPML), not a feed")
    return NotAFeed(message=f"XML, but no feed: it begins with <{root}>")
