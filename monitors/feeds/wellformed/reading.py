"""A well-formed document to what feedparser would answer for it."""

from collections.abc import Callable
from typing import ClassVar

from lxml import etree

from monitors.feeds.fields import MOST_TAGS
from monitors.feeds.repair import (
    CAPTION,
    ENTRY_START,
    MAX_ENTRIES,
    MAX_REFERENCES,
    MAX_TAGS,
    OPAQUE,
    PERMALINK,
    TAGS,
)
from monitors.feeds.wellformed.elements import (
    XHTML,
    Element,
    Parsed,
    Scope,
    UnsureError,
    add_author,
    add_link,
    attributes,
    bounded,
    children,
    content,
    has_text,
    local_name,
    mended,
    only,
    pass_over,
    value,
)
from monitors.feeds.wellformed.names import (
    ATOM,
    AUTHORS,
    DATES,
    HARMLESS,
    HARMLESS_IN_ATOM,
    HARMLESS_IN_CHANNEL,
    OF_CASE,
    OF_ENTRY_IMAGE,
    OF_SOURCE,
    RSS090,
    RSS10,
    SUMMARIES,
    name_of,
    namespaces,
)

_VERSIONS = {"0.91": "rss091u", "0.92": "rss092", "0.93": "rss093", "0.94": "rss094"}
_ENTRIES = frozenset(("item", "entry"))
_READABLE = frozenset(("text/plain", "text/html", XHTML))


def read_wellformed(text: bytes, address: str) -> Parsed | None:
    """Answer what feedparser would answer for *text* (UTF-8), or None where it is not sure.

    *text* begins with its root element; `repair` may have written it. It was found at
    *address*. No entity is expanded, no file or address opened.
    """
    if text.count(b"<") > MAX_TAGS or text.count(b"&") > MAX_REFERENCES:
        return None
    starts = sum(1 for _ in ENTRY_START.finditer(text))
    if starts > MAX_ENTRIES:
        return None
    spaces = namespaces(text)
    if spaces is None:
        return None
    parser = etree.XMLParser(
        encoding="utf-8",
        resolve_entities=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )
    try:
        parsed = _feed(etree.fromstring(text, parser), spaces, address)
    except (etree.XMLSyntaxError, UnsureError):
        return None
    # There may be an entry somewhere else, or what only looks like one.
    return parsed if starts == len(parsed["entries"]) else None


def _feed(root: Element, spaces: frozenset[str], address: str) -> Parsed:
    """Answer the feed under *root*."""
    kind = name_of(root.tag, root.prefix)
    version = _version(root, kind, spaces)
    outer = inner = Scope(address).inside(root)
    inside, beside = list(children(root)), []
    if kind != "feed":
        beside = [pair for pair in inside if pair[0] != "channel"]
        (channel,) = [child for name, child in inside if name == "channel"]
        _says_nothing(channel)
        inner = outer.inside(channel)
        inside = list(children(channel))
    entries = [(child, inner) for name, child in inside if name in _ENTRIES]
    for name, child in beside:
        if kind == "rss" or (name not in OF_CASE and name != "item"):
            raise UnsureError
        if name == "item":
            entries.append((child, outer))
        else:
            only(child, OF_CASE[name])
    feed: Parsed = {"links": []}
    if outer.language and kind != "rdf_rdf":
        feed["language"] = outer.language.replace("_", "-")
    _read_about(feed, inside, inner, is_atom=kind == "feed")
    read = [_Entry(child, scope).item for child, scope in entries]
    return {"version": version, "feed": feed, "entries": read}


def _version(root: Element, kind: str, spaces: frozenset[str]) -> str:
    """Answer feedparser's name of the format of a *root* of that *kind*."""
    channels = sum(name == "channel" for name, _ in children(root))
    if kind == "rss" and channels == 1 and not spaces & {RSS10, RSS090}:
        written = attributes(root).get("version", "")
        return _VERSIONS.get(written) or ("rss20" if written.startswith("2.") else "rss")
    space = str(root.nsmap.get(root.prefix if kind == "feed" else None, "")).lower()
    if kind == "feed" and space == ATOM and not spaces & {RSS10, RSS090}:
        return "atom10"
    if kind == "rdf_rdf" and space == RSS10 and channels == 1 and not spaces & {ATOM, RSS090}:
        return "rss10"
    raise UnsureError


def _read_about(
    feed: Parsed, inside: list[tuple[str, Element]], scope: Scope, *, is_atom: bool
) -> None:
    """Add what stands *inside* a channel or Atom feed about itself to *feed*."""
    settled = False  # a second title is none, unless one of something else came before it
    for name, child in inside:
        if name in {"title", "dc_title"}:
            text, _ = content(child, "text/plain")
            if "title" in feed and not settled:
                raise UnsureError
            feed.setdefault("title", text)
            settled = bool(text)
        elif name in _ENTRIES:
            settled = False
        elif name in OF_CASE:
            only(child, OF_CASE[name])
            settled = False
        elif name == "link":
            add_link(feed, child, scope)
        elif name in {"language", "dc_language"}:
            feed["language"] = value(child)
        elif name in AUTHORS and is_atom:
            add_author(feed, child)
        else:
            pass_over(child, HARMLESS_IN_ATOM if is_atom else HARMLESS_IN_CHANNEL)


def _says_nothing(element: Element) -> None:
    """Make sure that *element* says nothing in attributes that others say inside it."""
    if element.attrib and attributes(element).keys() & {"href", "lastmod"}:
        raise UnsureError


class _Entry:
    """An entry as feedparser would fill it, from one child to the next."""

    def __init__(self, element: Element, scope: Scope) -> None:
        self.item: Parsed = {"links": [], "content": [], "tags": []}
        self._scope = scope.inside(element)
        self._has_title = self._has_content = False
        self._tags = 0
        _says_nothing(element)
        for name, child in children(element):
            if name in DATES:
                self.item[DATES[name]] = value(child)
            elif name in AUTHORS:
                add_author(self.item, child)
            elif name in SUMMARIES:
                self._add_summary(child)
            elif name in self._FIELDS:
                self._FIELDS[name](self, child)
            elif not self._add_tag(child):
                for caption in pass_over(child, HARMLESS):
                    self.item[CAPTION] = caption

    def _add_id(self, child: Element) -> None:
        text = bounded(child)
        if not text.startswith((OPAQUE, PERMALINK)):  # as `repair` marks it
            written = attributes(child).get("ispermalink", "")
            text = (OPAQUE if written.lstrip().lower().startswith("false") else PERMALINK) + text
        self.item["id"] = mended(text).strip()

    def _add_title(self, child: Element) -> None:
        text, _ = content(child, "text/plain")
        if not self._has_title:
            self.item["title"] = text
            self.item["title_detail"] = self._scope.inside(child).detail()
            self._has_title = bool(text)

    def _add_link(self, child: Element) -> None:
        add_link(self.item, child, self._scope)

    def _add_summary(self, child: Element) -> None:
        """Add a short text; where there already is one and nothing long, it is the long text."""
        if "summary" in self.item and not self._has_content:
            self._add_content(child)
            return
        self.item["summary"], _ = content(child, "text/html")
        self.item["summary_detail"] = self._scope.inside(child).detail()

    def _add_content(self, child: Element) -> None:
        self._has_content = True
        text, content_type = content(child, "text/plain")
        self.item["content"].append({"type": content_type, "value": text})
        if content_type in _READABLE:
            self.item.setdefault("summary", text)

    def _add_source(self, child: Element) -> None:
        titles = [one for name, one in only(child, OF_SOURCE) if name == "title"]
        if len(titles) > 1 or (len(child) and has_text(child)):
            raise UnsureError
        self._has_title = False
        title = content(titles[0], "text/plain")[0] if titles else ""
        self.item["source"] = {"title": title if len(child) else value(child)}

    def _add_image(self, child: Element) -> None:
        only(child, OF_ENTRY_IMAGE)
        self._has_title = False  # as feedparser sees it

    def _add_language(self, child: Element) -> None:
        self.item["language"] = value(child)

    def _add_caption(self, child: Element) -> None:
        self.item[CAPTION] = value(child)

    def _add_original(self, child: Element) -> None:
        if child.attrib:
            raise UnsureError
        self.item[name_of(child.tag, child.prefix)] = value(child)

    def _add_tag(self, child: Element) -> bool:
        """Add a tag if *child* is one; answer False otherwise."""
        local = local_name(child.tag)
        written = f"{child.prefix}:{local}".lower() if child.prefix else local
        if written.encode() not in TAGS:
            return False
        self._tags += 1
        given, text = attributes(child), value(child)
        if self._tags > MOST_TAGS:
            return True
        tags = self.item["tags"]
        scheme = given.get("scheme", given.get("domain"))
        tag = {"term": given.get("term"), "scheme": scheme, "label": given.get("label")}
        if any(tag.values()) and tag not in tags:
            tags.append(tag)
        tag = {"term": text, "scheme": None, "label": None}
        if text and tags and not tags[-1]["term"]:
            tags[-1]["term"] = text
        elif text and tag not in tags:
            tags.append(tag)
        return True

    _FIELDS: ClassVar[dict[str, Callable[["_Entry", Element], None]]] = {
        "id": _add_id,
        "guid": _add_id,
        "title": _add_title,
        "dc_title": _add_title,
        "link": _add_link,
        "content": _add_content,
        "content_encoded": _add_content,
        "source": _add_source,
        "image": _add_image,
        "language": _add_language,
        "dc_language": _add_language,
        "feedburner_origlink": _add_original,
        "pheedo_origlink": _add_original,
        CAPTION: _add_caption,
    }
