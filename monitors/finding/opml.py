"""Lists of feeds that other readers write and read: OPML 1 and 2."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from lxml import etree

from monitors.feeds.encoding import UNFIT, to_utf8, unpacked
from monitors.feeds.entry import NotAFeed
from monitors.feeds.feed import Feed
from monitors.feeds.fields import absolute, one_line
from monitors.feeds.repair import Root, find_root, repaired

MAX_FEEDS = 20_000
_LONGEST_NAME = 200  # characters
# Marks that turn the direction of what follows: a name must read as it is.
_STEERING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_FEED_TYPES = frozenset(("rss", "atom", "feed"))
_OUTLINE = re.compile(r"(?:\{[^}]*\})?outline", re.IGNORECASE)
_SCHEME = re.compile(r"feed:(?://)?(?=https?:)|feed:(?=//)", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlFeed:
    """A feed that a list names.

    Attributes:
        address: http or https.
        name: how the list calls it, None if only by its address.
        tags: its folders and categories.
    """

    address: str
    name: str | None = None
    tags: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class OpmlList:
    """What an OPML holds.

    Attributes:
        feeds: in its order, each once.
        left_out: outlines that name no feed although they should: what they say, and why.
    """

    feeds: tuple[OpmlFeed, ...]
    left_out: tuple[tuple[str, str], ...] = ()


def read_opml(body: bytes) -> OpmlList | NotAFeed:
    """Answer the feeds that the OPML in *body* names, or what it is instead.

    Outlines may be nested or flat. A feed that is named twice comes once, with the tags of
    both; addresses that are not http(s) are left out. At most `MAX_FEEDS` feeds are read.
    """
    plain = unpacked(body)
    if plain is None:
        return NotAFeed(message="more than 10 MB")
    text = to_utf8(plain).strip()
    root = find_root(text)
    if root is None or root.name != "opml":
        return NotAFeed(message="not a list of feeds (OPML)")
    if root.hostile:
        return NotAFeed(message="it declares XML entities, as hostile documents do")
    tree = _tree(text, root)
    if tree is None:
        return NotAFeed(message="an OPML that is too broken to be read")
    found: dict[str, OpmlFeed] = {}
    left_out: list[tuple[str, str]] = []
    for feed in _feeds(tree):
        if isinstance(feed, tuple):
            left_out.append(feed)
            continue
        known = found.get(feed.address)
        if known is None and len(found) == MAX_FEEDS:
            left_out.append((feed.address, f"only {MAX_FEEDS:,} feeds are read"))
            continue
        found[feed.address] = OpmlFeed(
            address=feed.address,
            name=known.name or feed.name if known else feed.name,
            tags=known.tags | feed.tags if known else feed.tags,
        )
    return OpmlList(feeds=tuple(found.values()), left_out=tuple(left_out[:MAX_FEEDS]))


def write_opml(feeds: Iterable[Feed], title: str) -> str:
    """Answer an OPML 2.0 that names *feeds* under *title*, flat, with their tags as categories.

    `read_opml` finds the same addresses, names and tags in it, as long as the addresses are
    http(s) and the tags hold no comma and begin with no slash.
    """
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = _fit(title)
    body = etree.SubElement(root, "body")
    for feed in feeds:
        name = _fit(feed.name or feed.address)
        outline = etree.SubElement(
            body, "outline", type="rss", text=name, title=name, xmlUrl=_fit(feed.address)
        )
        if feed.tags:
            outline.set("category", _fit(",".join(sorted(feed.tags))))
    written: str = etree.tostring(root, encoding="unicode", pretty_print=True)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + written


def _tree(text: bytes, root: Root) -> "etree._Element | None":
    """Answer the elements of the document in *text*, mended where it is not well-formed."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True
    )
    try:
        return etree.fromstring(repaired(text, root).xml, parser)
    except etree.XMLSyntaxError:
        return None


def _feeds(tree: "etree._Element") -> Iterable[OpmlFeed | tuple[str, str]]:
    """Answer the feeds below *tree*, each with the folders that it lies in; and what is none."""
    folders: list[str] = []
    for event, outline in etree.iterwalk(tree, events=("start", "end")):
        if not isinstance(outline.tag, str) or not _OUTLINE.fullmatch(outline.tag):
            continue
        if event == "end":
            folders.pop()
            continue
        attributes = {str(name).lower(): str(value) for name, value in outline.attrib.items()}
        written_name = attributes.get("title") or attributes.get("text")
        name = one_line(_STEERING.sub("", written_name or ""), _LONGEST_NAME)
        written = attributes.get("xmlurl")
        means_feed = written is not None or attributes.get("type", "").lower() in _FEED_TYPES
        folders.append("" if means_feed else name)
        address = absolute(_SCHEME.sub(_web_scheme, (written or "").strip(), count=1), None)
        if address is not None:
            yield OpmlFeed(
                address=address,
                name=name if name and name != address else None,
                tags=frozenset(folders) - {""} | _categories(attributes.get("category", "")),
            )
        elif means_feed:
            says = one_line(written, _LONGEST_NAME) or name or "an outline without a name"
            yield says, "it has no address that begins with http" if written else "no xmlUrl"


def _web_scheme(scheme: re.Match[str]) -> str:
    """Answer what `feed:` in front of an address stands for."""
    return "" if scheme.string[scheme.end() :].startswith(("http", "HTTP")) else "http:"


def _categories(written: str) -> frozenset[str]:
    """Answer the tags in a category attribute: `asia,wire`, or `/news/asia` as a path."""
    parts: list[str] = []
    for category in _STEERING.sub("", written[:2_000]).split(","):
        path = category.strip()
        parts.extend(path.split("/") if path.startswith("/") else [path])
    return frozenset(" ".join(part.split()) for part in parts) - {""}


def _fit(text: str) -> str:
    """Answer *text* without the characters that XML cannot hold."""
    return UNFIT.sub(" ", text)
