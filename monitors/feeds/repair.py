"""XML as people write it to XML that feedparser reads without damage.

One pass over the tags. It also sets the bounds that keep hostile documents cheap: what it
lets through has no prolog, no entities, no comments, no broken tags and an end.
"""

import re
from collections import Counter
from dataclasses import dataclass, field

from monitors.feeds.encoding import known_references, unescaped
from monitors.feeds.fields import MOST_TAGS

MAX_ENTRIES = 5_000
MAX_TAGS = 80_000
MAX_REFERENCES = 1_000_000
MAX_NAMESPACES = 100
MAX_DEPTH = 200

# Put before every id: an absolute address is not resolved against xml:base.
PERMALINK = "newsbell-permalink:"
OPAQUE = "newsbell-opaque:"
# For @ in names of authors: feedparser would leave bits of some addresses behind.
AT = "\ufdd0"
# What `media:description` is called here; it would be taken for the text of the entry.
CAPTION = "newsbell-caption"

_PROLOG = re.compile(rb"\s*+(?:<\?.*?\?>|<!--.*?-->)", re.DOTALL)
_FEED_ROOT = re.compile(rb"<(?:[\w.-]{1,40}:)?(rss|feed|rdf)(?=[\s/>])", re.IGNORECASE)
_ANY_ROOT = re.compile(rb"<((?:[\w.-]{1,40}:)?[a-z_][\w.-]{0,40})(?=[\s/>])", re.IGNORECASE)
_TOKEN = re.compile(
    rb"""
      <!\[CDATA\[ (?P<cdata> .*? ) (?: \]\]> | \Z )
    | <!-- .*? (?: --> | \Z )
    | <[!?] [^>]* (?: > | \Z )
    | < (?P<end> / )? (?P<name> [a-z_\x80-\xff][\w:.\x80-\xff-]*+ )
        (?P<rest> (?> [^<>"']++ | "[^"<]*+" | '[^'<]*+' )*+ (?= > ) | [^<>]*+ ) >
    | (?P<stray> < )
    """,
    re.DOTALL | re.IGNORECASE | re.VERBOSE,
)
# feedparser is called for each reference: many are given as CDATA, in a sixth of the time.
_MANY_REFERENCES = 4
_OPAQUE_GUID = re.compile(rb"ispermalink\s*=\s*[\"']?\s*false", re.IGNORECASE)
ENTRY_START = re.compile(rb"<(?:[\w.-]{1,40}:)?(?:item|entry)(?=[\s/>])", re.IGNORECASE)
_ENTRIES = frozenset((b"item", b"entry"))
_IDS = frozenset((b"guid", b"id"))
# The prefixes that feeds use without declaring them. An address that feedparser does not
# take for the module itself would hide the elements.
_NAMESPACES = {
    b"atom": b"http://www.w3.org/2005/Atom",
    b"content": b"http://purl.org/rss/1.0/modules/content/",
    b"dc": b"http://purl.org/dc/elements/1.1/",
    b"dcterms": b"http://purl.org/dc/terms/",
    b"feedburner": b"http://rssnamespace.org/feedburner/ext/1.0",
    b"georss": b"http://www.georss.org/georss",
    b"itunes": b"http://www.itunes.com/dtds/podcast-1.0.dtd",
    b"media": b"http://search.yahoo.com/mrss/",
    b"rdf": b"http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    b"rss": b"http://backend.userland.com/rss2",
    b"slash": b"http://purl.org/rss/1.0/modules/slash/",
    b"sy": b"http://purl.org/rss/1.0/modules/syndication/",
    b"thr": b"http://purl.org/syndication/thread/1.0",
    b"wfw": b"http://wellformedweb.org/CommentAPI/",
}
_LONGEST_ATTRIBUTES, _MOST_ATTRIBUTES = 20_000, 200  # feedparser's time grows with their square
# How many bytes of text an element may hold itself. feedparser looks for mail addresses in
# names, in a time that grows with the square of their unbroken parts, and splits dates.
_ROOM_OF_NAME = 1_000
ROOM = {b"title": 20_000, b"category": 2_000, b"subject": 2_000}
ROOM |= dict.fromkeys(b"author creator managingeditor webmaster publisher".split(), _ROOM_OF_NAME)
_DATES = b"pubdate published issued updated modified created date lastbuilddate expirationdate"
ROOM |= dict.fromkeys(_DATES.split(), 200)
ROOM_ELSEWHERE = 1_000_000
LONG_PART = re.compile(rb"([\w.+-]{60})[\w.+-]+")
# What tags of an entry stand in; feedparser compares each with all before it.
TAGS = frozenset((b"category", b"atom:category", b"dc:subject"))
# Elements that nobody here asks for, and that feedparser stumbles over or compares at length;
# those that are tags of an entry are asked for.
UNUSED = frozenset(
    b"category subject keywords tags restriction valid pos poslist point line polygon box"
    b" linearring exterior where width height license player thumbnail rating credit chapters"
    b" chapter cloud generator".split()
)
_MEDIA = re.compile(rb"xmlns:([\w.-]{1,40})\s*=\s*[\"']https?://search\.yahoo\.com/mrss")
_NAMESPACE = re.compile(rb"xmlns(?::[\w.-]{1,99})?\s*=\s*(\"[^\"]*\"|'[^']*')")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repaired:
    """A document that can be given to feedparser.

    Attributes:
        xml: UTF-8, from the root element on.
        problems: what was left out or added, a line each.
        whole: whether it came to its end.
    """

    xml: bytes
    problems: tuple[str, ...] = ()
    whole: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Root:
    """Where the first element of a document begins.

    Attributes:
        name: in lower case, with its prefix.
        hostile: something before it declares entities.
    """

    start: int
    name: str
    hostile: bool = False


def find_root(text: bytes) -> Root | None:
    """Answer the root of the document in *text*, None where there is no element.

    That is the first element; or, if it is of no feed, the first that is: some servers
    print warnings in HTML before the XML begins.
    """
    start = 0
    while found := _PROLOG.match(text, start):
        start = found.end()
    first = _ANY_ROOT.search(text, start)
    if first is None:
        return None
    root = first if _local(first[1]) == b"html" else _FEED_ROOT.search(text, start) or first
    return Root(
        start=root.start(),
        name=root[1].decode().lower(),
        hostile=b"<!entity" in text[: root.start()].lower(),
    )


def repaired(text: bytes, root: Root) -> Repaired:
    """Answer the document in *text* from its *root* on, in a form that feedparser reads well.

    References are made ones that XML knows, bare ampersands and stray brackets are escaped,
    prefixes declared, tags closed in order; comments, processing instructions, declarations
    and tags that nobody needs go. What breaks off is closed; the entry that was cut keeps
    its whole fields, and goes if its id is not among them, unless it is the only one. Behind
    `MAX_ENTRIES` entries, `MAX_TAGS` brackets or `MAX_REFERENCES` references the rest is left
    out; tags deeper than `MAX_DEPTH` go, their text stays.
    """
    media = _MEDIA.search(text)
    rewriting = _Rewriting(_undeclared(text), media[1].lower() + b":" if media else b"media:")
    position = root.start
    for found in _TOKEN.finditer(text, position):
        before = text[position : found.start()]
        if not (rewriting.add_text(before) and rewriting.add_token(found)):
            rest = sum(1 for _ in ENTRY_START.finditer(text, found.start()))
            return rewriting.finished(left_out=rest)
        position = found.end()
        if rewriting.is_closed():
            return rewriting.finished()
    whole = rewriting.add_text(text[position:])
    return rewriting.finished(left_out=None if whole else 0)


@dataclass(slots=True)
class _OpenEntry:
    """An entry that has begun.

    Attributes:
        start: the number of pieces before it.
        depth: the number of tags open around it.
        whole: the number of pieces up to the end of its last whole field.
        has_id: an id is among its whole fields.
        tags: how many it has had.
    """

    start: int
    depth: int
    whole: int
    has_id: bool = False
    tags: int = 0


@dataclass(slots=True)
class _Rewriting:
    """The document as far as it is rewritten.

    Attributes:
        namespaces: declarations that the root lacks.
        media: the prefix of Media RSS.
        open_tags: from the root to here.
        level: how many tags were open around the first entry.
        entry: the open entry.
        rooms: how many more bytes of text each of them may hold.
        ends: the name that each of them has in the document, empty if it is left out.
        declared: the different namespaces.
        names: how often each of them is open, in lower case.
        mended: tags had to be closed, or were closed without being open.
    """

    namespaces: bytes
    media: bytes
    pieces: list[bytes] = field(default_factory=list)
    open_tags: list[bytes] = field(default_factory=list)
    tags: int = 0
    references: int = 0
    rooms: list[int] = field(default_factory=list)
    ends: list[bytes] = field(default_factory=list)
    declared: set[bytes] = field(default_factory=set)
    entries: int = 0
    level: int | None = None
    entry: _OpenEntry | None = None
    names: Counter[bytes] = field(default_factory=Counter)
    mended: bool = False

    def is_closed(self) -> bool:
        """Answer whether the root has ended."""
        return not self.open_tags and self.pieces != []

    def add_text(self, text: bytes) -> bool:
        """Add *text* that stood between two tags; answer False if a bound is reached."""
        if not text:
            return True
        self.references += text.count(b"&")
        if self.references > MAX_REFERENCES:
            return False
        text = known_references(text)
        if text.count(b"&") > _MANY_REFERENCES:
            self._add_cdata(unescaped(text))
        else:
            self.pieces.append(self._bounded(text).replace(b"]]>", b"]]&gt;"))
        return True

    def add_token(self, found: re.Match[bytes]) -> bool:
        """Add what was *found* between two texts; answer False if a bound is reached."""
        self.tags += 1
        if self.tags > MAX_TAGS:
            return False
        if found["name"] is not None:
            return self._add_tag(found)
        if found["cdata"] is not None:
            self._add_cdata(found["cdata"])
        elif found["stray"] is not None:
            self.pieces.append(b"&lt;")
        return True

    def finished(self, left_out: int | None = None) -> Repaired:
        """Answer the whole document; *left_out* entries stood behind a bound."""
        problems = []
        whole = left_out is not None or not self.open_tags
        if left_out is not None:
            what = f"{left_out} entries at its end are" if left_out else "its end is"
            problems.append(f"it is too large: {what} left out")
        elif not whole:
            problems.append("it breaks off before its end")
        if self.mended:
            problems.append("its tags are not closed in order")
        if self.entry is not None:
            self._cut(self.entry)
        while self.open_tags:
            self._close_last()
        return Repaired(xml=b"".join(self.pieces), problems=tuple(problems), whole=whole)

    def _cut(self, entry: _OpenEntry) -> None:
        """Take back the open *entry*: half of it would be taken for all that it says.

        Of the only one, what is whole is better than nothing.
        """
        keep = self.entries == 1
        del self.pieces[entry.whole if keep else entry.start :]
        depth = entry.depth + keep
        del self.open_tags[depth:], self.rooms[depth:], self.ends[depth:]

    def _add_cdata(self, text: bytes) -> None:
        """Add *text* as it is."""
        inside = self._bounded(text).replace(b"]]>", b"]]]]><![CDATA[>")
        self.pieces.append(b"<![CDATA[" + inside + b"]]>")

    def _bounded(self, text: bytes) -> bytes:
        """Answer as much of *text* as the open element has room for."""
        if not self.open_tags:
            return text
        local, room = _local(self.open_tags[-1]), self.rooms[-1]
        self.rooms[-1] = max(0, room - len(text))
        if ROOM.get(local) == _ROOM_OF_NAME:
            text = LONG_PART.sub(rb"\1", text)
            # A part must not grow from several pieces either.
            text = text if room == _ROOM_OF_NAME else b" " + text
            text = text.replace(b"@", AT.encode())
        return text if len(text) <= room else text[:room].decode("utf-8", "ignore").encode()

    def _add_tag(self, found: re.Match[bytes]) -> bool:
        """Add a tag; answer False if a bound is reached."""
        if found["end"] is not None:
            self._close(found["name"])
            return True
        local = _local(found["name"])
        if local in _ENTRIES:
            if self.entries == MAX_ENTRIES:
                return False
            self._begin_entry()
        self._open(found["name"], local, found["rest"])
        return len(self.declared) <= MAX_NAMESPACES

    def _begin_entry(self) -> None:
        """Note that an entry begins. All begin at one level: what is open below it ends."""
        self.entries += 1
        if self.level is None:
            self.level = len(self.open_tags)
        while len(self.open_tags) > self.level:
            self._close_last()
            self.mended = True
        start, depth = len(self.pieces), len(self.open_tags)
        self.entry = _OpenEntry(start=start, depth=depth, whole=start + 1)

    def _open(self, name: bytes, local: bytes, rest: bytes) -> None:
        """Add the start tag *name* with the attributes in *rest*."""
        closed = rest.endswith(b"/")
        if len(rest) > _LONGEST_ATTRIBUTES or rest.count(b"=") > _MOST_ATTRIBUTES:
            rest = b"/" if closed else b""
        rest = known_references(rest)
        if not self.pieces:
            rest = self.namespaces + rest
        if b"xmlns" in rest:
            self.declared.update(_NAMESPACE.findall(rest))
        shown = self._shown(name, local)
        if shown == name:
            self.pieces.append(b"<" + name + rest + b">")
        elif shown and not closed:
            self.pieces.append(b"<" + shown + b">")
        if closed:
            self._note_end(local)
            return
        self.open_tags.append(name)
        self.names[name.lower()] += 1
        self.rooms.append(ROOM.get(local, ROOM_ELSEWHERE))
        self.ends.append(shown)
        if local in _IDS:
            opaque = _OPAQUE_GUID.search(rest) is not None
            self.pieces.append((OPAQUE if opaque else PERMALINK).encode())

    def _shown(self, name: bytes, local: bytes) -> bytes:
        """Answer what the element *name* is called in the document, empty if it is left out."""
        if len(self.open_tags) >= MAX_DEPTH:
            return b""
        if name.lower().startswith(self.media):
            return CAPTION.encode() if local == b"description" else b""
        if local == b"summary" and self.entry is None:
            return b""  # feedparser would let it decide what is the content of the first entry
        return name if local not in UNUSED or self._takes_tag(name) else b""

    def _takes_tag(self, name: bytes) -> bool:
        """Answer whether *name* begins a tag of the open entry, and not one too many."""
        entry = self.entry
        if entry is None or len(self.open_tags) != entry.depth + 1 or name.lower() not in TAGS:
            return False
        entry.tags += 1
        return entry.tags <= MOST_TAGS

    def _close(self, name: bytes) -> None:
        """Close the last element of that *name*, and what is open in it; nothing if none is."""
        if not self.names[name.lower()]:
            self.mended = True
            return
        while self._close_last() != name.lower():
            self.mended = True
        self._note_end(_local(name))

    def _close_last(self) -> bytes:
        """Add the end tag of the last open element and answer its name in lower case."""
        name = self.open_tags.pop()
        self.rooms.pop()
        self.names[name.lower()] -= 1
        if shown := self.ends.pop():
            self.pieces.append(b"</" + shown + b">")
        return name.lower()

    def _note_end(self, local: bytes) -> None:
        """Note that an element of that *local* name has ended: an entry, or a field of one."""
        entry = self.entry
        if entry is None:
            return
        if len(self.open_tags) <= entry.depth:
            self.entry = None
        elif len(self.open_tags) == entry.depth + 1:
            entry.whole = len(self.pieces)
            entry.has_id = entry.has_id or local in _IDS


def _undeclared(text: bytes) -> bytes:
    """Answer the attributes that declare the known prefixes which *text* only uses."""
    return b"".join(
        b" xmlns:" + prefix + b'="' + address + b'"'
        for prefix, address in _NAMESPACES.items()
        if b"xmlns:" + prefix not in text
        and (b"<" + prefix + b":" in text or b" " + prefix + b":" in text)
    )


def _local(name: bytes) -> bytes:
    """Answer *name* in lower case, without its prefix."""
    return name.rpartition(b":")[2].lower()
