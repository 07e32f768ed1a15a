"""The texts, links and authors of one element, as feedparser would keep them."""

import re
from collections.abc import Iterator
from contextlib import suppress
from functools import lru_cache
from html import escape
from typing import Any, NamedTuple, TypeAlias
from urllib.parse import urljoin

from monitors.feeds.markup import HTML_TAGS
from monitors.feeds.repair import AT, LONG_PART, ROOM, ROOM_ELSEWHERE, UNUSED
from monitors.feeds.wellformed.names import CLASHING, OF_PERSON, TREATED, name_of

Element: TypeAlias = Any  # of lxml, which has no types
Parsed: TypeAlias = dict[str, Any]

XHTML = "application/xhtml+xml"
_TYPES = {"text": "text/plain", "plain": "text/plain", "html": "text/html", "xhtml": XHTML}
# The attributes that mean something, so that they must not come in a namespace.
_MEANT = frozenset(
    re.findall(
        r"\w+",
        "base domain href ispermalink label lang lastmod mode rel scheme term type uri url",
    )
)
_XML = "{http://www.w3.org/XML/1998/namespace}"
_MOST_ATTRIBUTES = 100  # the time that lxml takes grows with the square of them
_LONGEST_ATTRIBUTES = 4_000  # characters; feedparser is given none of more than 20,000 bytes
_LONGEST_MARKUP = 200_000
_QUERY = re.compile("&([A-Za-z0-9_]+);")
_CONTROL = re.compile(r"[\x80-\x9f]")
_CP1252 = {
    code: bytes((code,)).decode("cp1252")
    for code in range(0x80, 0xA0)
    if code not in {0x81, 0x8D, 0x8F, 0x90, 0x9D}
}


class UnsureError(Exception):
    """The document holds something that only feedparser knows how to read."""


class Scope(NamedTuple):
    """What an element hands down.

    Attributes:
        address: where the document was found.
        base: what links are relative to, empty if to *address*.
    """

    address: str
    language: str | None = None
    base: str = ""

    def inside(self, element: Element) -> "Scope":
        """Answer what holds inside *element*."""
        if not element.attrib:
            return self
        given = attributes(element)
        language = element.get(_XML + "lang", given.get("lang"))
        base = element.get(_XML + "base", given.get("base"))
        return Scope(
            address=self.address,
            language=self.language if language is None else language or None,
            base=_joined(self.base or self.address, base) if base else self.base,
        )

    def detail(self) -> dict[str, str | None]:
        """Answer what feedparser notes beside a text."""
        return {"language": self.language and self.language.replace("_", "-")}


def children(element: Element) -> Iterator[tuple[str, Element]]:
    """Answer the children of *element* with their names."""
    for child in element:
        yield name_of(child.tag, child.prefix), child


@lru_cache(maxsize=4096)
def local_name(tag: str) -> str:
    """Answer the name in *tag* in lower case, without its namespace."""
    return tag.rpartition("}")[2].lower()


def attributes(element: Element) -> dict[str, str]:
    """Answer the attributes of *element* that stand in no namespace, with lower-case names."""
    if len(element.attrib) > _MOST_ATTRIBUTES:
        raise UnsureError
    found = {}
    for name, value in element.attrib.items():
        if not name.startswith("{"):
            found[name.lower()] = value
        elif not name.startswith(_XML) and name.rpartition("}")[2].lower() in _MEANT:
            raise UnsureError
    return found


def value(element: Element) -> str:
    """Answer the text of an *element* that holds nothing else."""
    return mended(bounded(element).strip())


def bounded(element: Element) -> str:
    """Answer the text of *element*, once it is sure that `repair` would leave it as it is."""
    text = element.text or ""
    room = _room(element.tag)
    if len(element) or (len(text) * 4 > room and len(text.encode()) > room):
        raise UnsureError
    return str(text)


@lru_cache(maxsize=4096)
def _room(tag: str) -> int:
    """Answer how many bytes of text `repair` leaves in an element *tag*."""
    return ROOM.get(local_name(tag).encode(), ROOM_ELSEWHERE)


def mended(text: str) -> str:
    """Answer *text* with what feedparser corrects: UTF-8 taken for Latin-1, and cp1252."""
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("iso-8859-1").decode()
    return text.translate(_CP1252) if _CONTROL.search(text) else text


def content(element: Element, usual: str) -> tuple[str, str]:
    """Answer the text or markup in *element* and its type, *usual* where none is given."""
    given = attributes(element)
    written = given.get("type", usual).lower()
    content_type = _TYPES.get(written, written)
    text = "" if content_type == XHTML else value(element)
    if "mode" in given or not (
        content_type.startswith("text/") or content_type == XHTML or not text
    ):
        raise UnsureError  # it may be encoded
    if content_type != XHTML:
        return text, content_type
    markup = "".join(_markup(element))
    if len(markup) > _LONGEST_MARKUP:
        raise UnsureError
    return mended(markup.strip()), content_type


def add_link(owner: Parsed, element: Element, scope: Scope) -> None:
    """Add the link in *element* to its *owner*."""
    given = attributes(element)
    if sum(map(len, given.values())) > _LONGEST_ATTRIBUTES:
        raise UnsureError
    relation = given.get("rel", "alternate").lower()
    usual = "application/atom+xml" if relation == "self" else "text/html"
    address = given.get("url", given.get("uri", given.get("href")))
    text = value(element)
    if not address and "href" in given:
        raise UnsureError
    if not address:
        address = _QUERY.sub(r"&\1", text.replace("&amp;", "&"))
    link = {"rel": relation, "type": given.get("type", usual).lower()}
    owner["links"].append(
        link | {"href": _joined(scope.inside(element).base, address) if address else ""}
    )


def add_author(owner: Parsed, element: Element) -> None:
    """Add the author in *element* to its *owner*."""
    author: dict[str, str] = {}
    for name, child in children(element):
        if name in {"name", "email"}:
            author[name] = bounded(child).strip()
        elif pass_over(child, OF_PERSON):
            raise UnsureError
    if len(element):
        # feedparser lends the name of the author before to one that has none.
        is_odd = "authors" in owner and ("name" not in author or owner.get("is_plain_author"))
        if is_odd or has_text(element):
            raise UnsureError
        parts = [author[key] for key in ("name", "email") if author.get(key)]
        written = f"{parts[0]} ({parts[1]})" if len(parts) > 1 else "".join(parts)
    else:
        written = value(element).replace("@", AT)
        if LONG_PART.search(written.encode()):
            raise UnsureError
        author = {"name": written} if written else {}
        owner["is_plain_author"] = True
    owner.setdefault("authors", []).append(author)
    owner["author"] = written


def has_text(element: Element) -> bool:
    """Answer whether there is text beside the children of *element*."""
    texts = (element.text, *(child.tail for child in element))
    return any(text and not text.isspace() for text in texts)


def only(element: Element, names: frozenset[str]) -> list[tuple[str, Element]]:
    """Answer the children of *element*, which may be those *names* alone."""
    found = list(children(element))
    if any(name not in names or len(child) for name, child in found):
        raise UnsureError
    return found


def pass_over(element: Element, harmless: frozenset[str]) -> list[str]:
    """Answer the captions in an *element* that says nothing else of interest."""
    captions, is_mixed = [], False
    for each in element.iter():
        name, local = name_of(each.tag, each.prefix), local_name(each.tag)
        if (each.prefix or "").lower() == "media":
            if local == "description":
                captions.append(value(each))
            continue
        is_mixed = True
        is_treated = name in TREATED and name not in harmless and local.encode() not in UNUSED
        if is_treated or name in CLASHING:
            raise UnsureError
    if captions and is_mixed:
        raise UnsureError  # the one that is nested least would count
    return captions


def _markup(element: Element) -> Iterator[str]:
    """Answer what stands in *element* as markup without attributes, piece by piece."""
    yield escape(element.text or "", quote=False)
    for child in element:
        name = local_name(child.tag)
        if name not in HTML_TAGS or name in TREATED or name in {"svg", "math"}:
            raise UnsureError
        yield f"<{name}>"
        yield from _markup(child)
        yield f"</{name}>{escape(child.tail or '', quote=False)}"


def _joined(base: str, address: str) -> str:
    """Answer *address* beside *base*, both of which may be relative."""
    try:
        joined = urljoin(base, address)
    except ValueError:
        raise UnsureError from None
    # feedparser has its own mind about others.
    is_web = joined.lower().startswith(("http://", "https://"))
    if ":///" in address or (base and not is_web):
        raise UnsureError
    return joined
