"""What feedparser calls an element, and which of them it treats in a way of its own."""

import re
from functools import lru_cache

from feedparser.api import StrictFeedParser

from monitors.feeds.repair import CAPTION, MAX_NAMESPACES

ATOM = "http://www.w3.org/2005/atom"
RSS10 = "http://purl.org/rss/1.0/"
RSS090 = "http://my.netscape.com/rdf/simple/0.9/"
_USERLAND = "http://backend.userland.com/rss"


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# feedparser knows a namespace by its address, whatever its prefix is.
_PREFIXES: dict[str, str] = {
    address.lower(): prefix for address, prefix in StrictFeedParser.namespaces.items()
}
_KNOWN_PREFIXES = frozenset(prefix.lower() for prefix in _PREFIXES.values()) - {""}
TREATED = frozenset(
    name.removeprefix(start)
    for name in dir(StrictFeedParser)
    for start in ("_start_", "_end_")
    if name.startswith(start)
)
# Of those, what changes nothing that is asked for, unless something else stands inside.
HARMLESS = _words(
    "admin_errorreportsto admin_generatoragent contributor copyright dc_contributor "
    "dc_publisher dc_rights email enclosure expirationdate feedburner_browserfriendly "
    "homepage info itunes_block itunes_explicit itunes_image itunes_subtitle name publisher "
    "rights subtitle tagline uri url webmaster"
)
DATES = {
    "published": "published",
    "issued": "published",
    "pubdate": "published",
    "dcterms_issued": "published",
    "updated": "updated",
    "modified": "updated",
    "lastbuilddate": "updated",
    "dc_date": "updated",
    "dcterms_modified": "updated",
    "created": "created",
    "dcterms_created": "created",
}
AUTHORS = _words("author dc_author dc_creator itunes_author managingeditor")
SUMMARIES = _words("description dc_description summary itunes_summary")
HARMLESS_IN_ATOM = HARMLESS | AUTHORS | SUMMARIES | DATES.keys() | {"guid", "id"}
# feedparser makes the owner an author, and RSS is not asked for its own.
HARMLESS_IN_CHANNEL = HARMLESS_IN_ATOM | _words("itunes_owner itunes_name itunes_email")
# Without a prefix, the text of these would go where feedparser puts its own findings.
CLASHING = frozenset(("authors", "date", "links", "title_detail", "summary_detail", CAPTION))
# What may stand in these without being taken for a part of the feed.
OF_PERSON = _words("name email uri url homepage")
OF_SOURCE = _words("title id link updated subtitle rights icon logo generator")
OF_ENTRY_IMAGE = _words("link url href width height")
OF_CASE = {
    "image": OF_ENTRY_IMAGE | {"title", "description"},
    "textinput": _words("title link description name"),
}

_NAMESPACE = re.compile(rb"xmlns(?::([\w.-]+))?\s*=\s*[\"']([^\"']*)")


@lru_cache(maxsize=4096)
def name_of(tag: str, prefix: str | None) -> str:
    """Answer what feedparser calls the element *tag*: `title`, `dc_creator`."""
    space, _, local = tag.rpartition("}")
    address = space[1:].lower()
    known = _PREFIXES.get(_USERLAND if _USERLAND[7:] in address else address, prefix)
    return f"{known}_{local}".lower() if known else local.lower()


def namespaces(text: bytes) -> frozenset[str] | None:
    """Answer the namespaces of *text* in lower case; None where a prefix has no clear one."""
    declared = dict.fromkeys(_NAMESPACE.findall(text))
    if len(declared) > MAX_NAMESPACES:
        return None
    seen: dict[str, str] = {}
    for prefix_bytes, address_bytes in declared:
        prefix, address = prefix_bytes.decode("ascii").lower(), address_bytes.decode().lower()
        known = _PREFIXES.get(address)
        if prefix and seen.setdefault(prefix, address) != address:
            return None
        # What `repair` leaves out of `media`, it knows by that prefix alone.
        if known == "media" and prefix != known:
            return None
        if prefix in _KNOWN_PREFIXES and known is not None and known.lower() != prefix:
            return None
    return frozenset(address.decode().lower() for _, address in declared)
