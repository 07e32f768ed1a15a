"""What feedparser alone makes of a feed, however well-formed it is."""

from dataclasses import replace

from monitors.feeds.encoding import to_utf8, unpacked
from monitors.feeds.entry import Document
from monitors.feeds.repair import find_root, repaired
from monitors.feeds.xmlfeed import as_document, by_feedparser


def read_by_feedparser(body: bytes, read: Document, address: str) -> Document:
    """Answer *read*, the document in *body*, with all that feedparser has a say in."""
    text = to_utf8(unpacked(body) or b"").strip()
    root = find_root(text)
    assert root is not None
    fixed = repaired(text, root)
    slow = as_document(by_feedparser(fixed.xml, address), address, root.name.rpartition(":")[2])
    return replace(slow, problems=read.problems, whole=fixed.whole, pace=read.pace)
