"""RSS, Atom and RDF: feedparser's reading, put right, as a `Document`."""

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

import feedparser

from monitors.feeds.dates import read_date
from monitors.feeds.entry import Document, Entry, Pace
from monitors.feeds.fields import (
    LONGEST_TITLE,
    absolute,
    language_tag,
    long_text,
    one_line,
    raw_id,
    tags,
)
from monitors.feeds.repair import (
    AT,
    CAPTION,
    ENTRY_START,
    OPAQUE,
    PERMALINK,
    Repaired,
    Root,
    repaired,
)
from monitors.feeds.wellformed.reading import read_wellformed

_HINT = re.compile(
    rb"<(?:[\w.-]{1,40}:)?(ttl|updateperiod|updatefrequency|skiphours|skipdays)(?:\s[^>]{0,300})?>",
    re.IGNORECASE,
)
_HINT_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:ttl|update|skip)", re.IGNORECASE)
_LONGEST_HINT = 3_000  # bytes
_LONGEST_HEAD = 200_000  # bytes
_LONGEST_GAP = timedelta(days=31)
_MINUTES = re.compile(rb"^(?:\s|<!\[CDATA\[)*(\d{1,6})(?![\d])")
_PERIODS = {
    b"hourly": timedelta(hours=1),
    b"daily": timedelta(days=1),
    b"weekly": timedelta(weeks=1),
    b"monthly": timedelta(days=30),
    b"yearly": timedelta(days=365),
}
_HOURS = 24  # some write midnight as the last of them
_HOUR = re.compile(rb">\s*(2[0-4]|1\d|0?\d)\s*<")
_DAYS = (b"monday", b"tuesday", b"wednesday", b"thursday", b"friday", b"saturday", b"sunday")
_DAY = re.compile(b"|".join(_DAYS))
_LINK = re.compile(r"https?://|/", re.IGNORECASE)
_ADDRESS = re.compile(rf"[^\s<>()]*{AT}[^\s<>()]*")
_HTML = frozenset(("text/html", "application/xhtml+xml"))


def read_xml(text: bytes, root: Root, address: str, problems: tuple[str, ...]) -> Document:
    """Answer the feed in *text* (UTF-8), found at *address*.

    *root* is its root element, *problems* what was found wrong with it before.
    """
    fixed = Repaired(xml=text[root.start :])
    parsed = read_wellformed(fixed.xml, address)
    if parsed is None:
        fixed = repaired(text, root)
        parsed = read_wellformed(fixed.xml, address) or by_feedparser(fixed.xml, address)
    document = as_document(parsed, address, root.name.rpartition(":")[2])
    return replace(
        document,
        problems=problems + fixed.problems or document.problems,
        whole=fixed.whole,
        pace=_pace(text[root.start :]),
    )


def by_feedparser(xml: bytes, address: str) -> dict[str, object]:
    """Answer what feedparser makes of the document that `repair` has written."""
    headers = {"content-type": "application/xml; charset=utf-8"}
    if absolute(address, None):
        # Without it, xml:base holds beyond the element in which it stands.
        headers["content-location"] = address
    return _plain(
        feedparser.parse(
            # Never the bytes themselves: feedparser would open a file or address of that name.
            io.BytesIO(xml),
            response_headers=headers,
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    )


def as_document(parsed: dict[str, object], address: str, root: str) -> Document:
    """Answer the feed that is *parsed*, found at *address*; *root* is its root element."""
    feed = _plain(parsed.get("feed"))
    format_ = str(parsed.get("version") or root)
    home = _link(feed, address)
    lang = language_tag(feed.get("language"))
    author = _author(feed) if format_.startswith("atom") else None
    mistake = _mistake(parsed.get("bozo_exception")) if parsed.get("bozo") else None
    return Document(
        format=format_,
        title=one_line(feed.get("title")) or None,
        home=home,
        lang=lang,
        entries=tuple(
            _entry(item, (address, home), lang, author) for item in _dicts(parsed.get("entries"))
        ),
        problems=(mistake,) if mistake else (),
        hub=_link(feed, address, rel="hub"),
        topic=_link(feed, address, rel="self"),
    )


def _pace(text: bytes) -> Pace:
    """Answer how often the feed in *text* says that it is worth asking for.

    feedparser keeps only the last of the hours. What is beyond `_LONGEST_GAP` is no promise
    but a mistake, such as seconds for minutes, and so are days of which no hour is left.
    """
    first = ENTRY_START.search(text)
    end = max(text.rfind(b"</item"), text.rfind(b"</entry"))
    outside = text[: first.start()] + text[end:] if first and end > 0 else text
    said: dict[str, bytes] = {}
    for hint in _HINT.finditer(outside[:_LONGEST_HEAD]):
        name = hint[1].decode().lower()
        if name not in said:
            said[name] = _HINT_END.split(outside[hint.end() : hint.end() + _LONGEST_HINT], 1)[0]
    ttl = _MINUTES.search(said.get("ttl", b""))
    times = re.search(rb"\d{1,4}", said.get("updatefrequency", b""))
    period = re.search(rb"[a-z]+ly", said.get("updateperiod", b"").lower())
    gaps = (
        timedelta(minutes=int(ttl[1]) if ttl else 0),
        _PERIODS.get(period[0] if period else b"", timedelta())
        / max(int(times[0]) if times else 1, 1),
    )
    hours = frozenset(int(hour) % _HOURS for hour in _HOUR.findall(said.get("skiphours", b"")))
    days = frozenset(_DAYS.index(day) for day in _DAY.findall(said.get("skipdays", b"").lower()))
    return Pace(
        gap=max((gap for gap in gaps if timedelta() < gap <= _LONGEST_GAP), default=None),
        skip_hours=hours if len(hours) < _HOURS else frozenset(),
        skip_days=days if len(days) < len(_DAYS) else frozenset(),
    )


def _entry(
    item: dict[str, object], bases: tuple[str | None, ...], lang: str | None, author: str | None
) -> Entry:
    """Answer the entry in *item*; *lang* and *author* are the feed's."""
    id_, permalink = _id(item)
    updated = _date(item, "updated")
    summary, content = _texts(item)
    caption = None if summary else long_text(item.get(CAPTION))
    return Entry(
        id=id_,
        title=one_line(item.get("title")),
        original=absolute(item.get("feedburner_origlink"), *bases)
        or absolute(item.get("pheedo_origlink"), *bases),
        url=_link(item, *bases) or absolute(permalink, *bases) or _link(item, *bases, rel="self"),
        published_at=_date(item, "published") or updated or _date(item, "created"),
        updated_at=updated,
        summary=summary or caption,
        content=content,
        author=_author(item) or author,
        lang=_language(item) or lang,
        outlet=one_line(_plain(item.get("source")).get("title")) or None,
        tags=tags(tag.get(key) for tag in _dicts(item.get("tags")) for key in ("term", "label")),
    )


def _id(item: dict[str, object]) -> tuple[str | None, str | None]:
    """Answer the id as written, and the link that it is if it may be one."""
    written = item.get("id")
    # Without one of the marks it is no id, but the rdf:about of an RDF item.
    if not isinstance(written, str) or not written.startswith((PERMALINK, OPAQUE)):
        return None, None
    bare = raw_id(written.removeprefix(PERMALINK).removeprefix(OPAQUE))
    is_link = bare is not None and _LINK.match(bare) and written.startswith(PERMALINK)
    return bare, bare if is_link else None


def _link(item: dict[str, object], *bases: str | None, rel: str = "alternate") -> str | None:
    """Answer the first address that *item* gives under *rel*, that of a page if any."""
    links = [link for link in _dicts(item.get("links")) if _has_relation(link, rel)]
    links.sort(key=lambda link: link.get("type") not in _HTML)
    for link in links:
        address = absolute(link.get("href"), *bases)
        # An empty link means the feed itself.
        if address is not None and (rel != "alternate" or address != bases[0]):
            return address
    return None


def _has_relation(link: dict[str, object], rel: str) -> bool:
    """Answer whether *link* is of that relation, which may be written as an address."""
    return str(link.get("rel", "alternate")).rpartition("/")[2] == rel


def _texts(item: dict[str, object]) -> tuple[str | None, str | None]:
    """Answer the short text and, where there is a second one, the long text."""
    written = item.get("summary")
    values = [
        content.get("value")
        for content in _dicts(item.get("content"))
        if _is_text(str(content.get("type", "text/html")))
    ]
    # feedparser repeats the content where there is no summary.
    others = [long_text(value) for value in values if value != written]
    summary = long_text(written)
    longest = max((text for text in others if text), key=len, default=None)
    if summary is None:
        return longest, None
    return summary, None if longest == summary else longest


def _is_text(content_type: str) -> bool:
    """Answer whether content of that type can be read."""
    return content_type.startswith("text/") or content_type.endswith("xml")


def _author(item: dict[str, object]) -> str | None:
    """Answer the names of the authors of *item*, or what else stands for them."""
    names = [_name(author) for author in _dicts(item.get("authors"))]
    joined = ", ".join(dict.fromkeys(name for name in names if name))
    return joined[:LONGEST_TITLE] or one_line(item.get("author")).replace(AT, "@") or None


def _name(author: dict[str, object]) -> str:
    """Answer the name of an *author*, without the address beside it; empty if there is none."""
    name = author.get("name")
    if isinstance(name, str) and AT in name:
        name = _ADDRESS.sub("", name).strip(" <>()")
    return one_line(name)


def _language(item: dict[str, object]) -> str | None:
    """Answer the language of *item* itself, or of the nearest element that names one."""
    detail = _plain(item.get("title_detail")) or _plain(item.get("summary_detail"))
    return language_tag(item.get("language")) or language_tag(detail.get("language"))


def _date(item: dict[str, object], key: str) -> datetime | None:
    """Answer the date under *key*, from what was written."""
    written = item.get(key)
    return read_date(written) if isinstance(written, str) else None


def _mistake(error: object) -> str:
    """Answer what feedparser's *error* says, in a line for people."""
    what = str(error).rpartition(": ")[2][:100]
    return f"it is not well-formed XML: {what}"


def _plain(mapping: object) -> dict[str, object]:
    """Answer *mapping* as a plain dict, empty if it is none.

    feedparser's own answers for a missing key with another one.
    """
    if type(mapping) is dict:
        return mapping
    return dict(mapping) if isinstance(mapping, dict) else {}


def _dicts(values: object) -> Iterator[dict[str, object]]:
    """Answer the mappings among *values*, as plain dicts."""
    if isinstance(values, list):
        yield from (_plain(value) for value in values)
