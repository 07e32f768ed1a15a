"""JSON Feed 1 and 1.1, which feedparser does not read."""

import json
import re

from monitors.feeds.dates import read_date
from monitors.feeds.encoding import UNFIT
from monitors.feeds.entry import Document, Entry, NotAFeed
from monitors.feeds.fields import (
    LONGEST_TEXT,
    LONGEST_TITLE,
    absolute,
    language_tag,
    long_text,
    one_line,
    raw_id,
    tags,
)

MAX_ENTRIES = 5_000
# Values in the document: more of them would take memory out of proportion to its size.
_MAX_BRACKETS = 200_000
_MAX_COMMAS = 1_000_000
_MOST_HUBS = 20
_ERRORS = ("error", "message", "detail", "error_description", "title")
_VERSION = re.compile(r"https?://(?:www\.)?jsonfeed\.org/version/([\d.]{1,5})")


def read_json(text: bytes, address: str) -> Document | NotAFeed:
    """Answer the JSON Feed in *text* (UTF-8), found at *address*.

    Numbers stay as they are written, since ids may be numbers.
    """
    if text.count(b"{") + text.count(b"[") > _MAX_BRACKETS or text.count(b",") > _MAX_COMMAS:
        return NotAFeed(message="JSON with too many values")
    try:
        feed = json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        return NotAFeed(message="JSON that is nested too deeply")
    except ValueError:
        return NotAFeed(message="it looks like JSON, but is broken or breaks off")
    version = _VERSION.match(_text(feed, "version")) if isinstance(feed, dict) else None
    if version is None or not isinstance(feed.get("items", []), list):
        return NotAFeed(message=_no_feed(feed))
    items = feed.get("items", [])
    lang = language_tag(_text(feed, "language"))
    home = absolute(_text(feed, "home_page_url"), address)
    read = [
        _entry(item, (address, home), lang, _author(feed))
        for item in items[:MAX_ENTRIES]
        if isinstance(item, dict)
    ]
    return Document(
        format="json" + version[1].replace(".", ""),
        title=one_line(_text(feed, "title")) or None,
        home=home,
        lang=lang,
        entries=tuple(read),
        problems=_problems(len(items), len(read)),
        hub=_hub(feed.get("hubs"), address),
        topic=absolute(_text(feed, "feed_url"), address),
    )


def _no_feed(document: object) -> str:
    """Answer what a JSON *document* is that is no feed; many servers say what went wrong."""
    said = (
        [document[key] for key in _ERRORS if key in document] if isinstance(document, dict) else []
    )
    words = next((words for words in (one_line(each, 80) for each in said) if words), "")
    return f"JSON, but no JSON Feed: {words}" if words else "JSON, but no JSON Feed"


def _hub(hubs: object, address: str) -> str | None:
    """Answer the first WebSub hub among *hubs*; there are other kinds."""
    for hub in hubs[:_MOST_HUBS] if isinstance(hubs, list) else ():
        if isinstance(hub, dict) and _text(hub, "type").lower() == "websub":
            return absolute(_text(hub, "url"), address)
    return None


def _problems(given: int, read: int) -> tuple[str, ...]:
    """Answer what to say where only *read* of *given* items are entries."""
    if given > MAX_ENTRIES:
        return (f"it is too large: {given - MAX_ENTRIES} entries at its end are left out",)
    return (f"{given - read} items are no objects",) if read < given else ()


def _entry(
    item: dict[str, object], bases: tuple[str | None, ...], lang: str | None, author: str | None
) -> Entry:
    """Answer the entry in *item*; *lang* and *author* are the feed's."""
    id_ = raw_id(_text(item, "id"))
    updated = read_date(_text(item, "date_modified"))
    content = long_text(_text(item, "content_html")) or _lines(_text(item, "content_text"))
    summary = long_text(_text(item, "summary")) or content
    link = _text(item, "url") or _text(item, "external_url")
    return Entry(
        id=id_,
        title=one_line(_text(item, "title")),
        url=absolute(link, *bases) or absolute(id_, None),
        published_at=read_date(_text(item, "date_published")) or updated,
        updated_at=updated,
        summary=summary,
        content=content if content != summary else None,
        author=_author(item) or author,
        lang=language_tag(_text(item, "language")) or lang,
        tags=tags(written if isinstance(written := item.get("tags"), list) else ()),
    )


def _lines(text: str) -> str | None:
    """Answer plain *text*, which may hold `<` and `&`, with its lines kept and tidied."""
    lines = (" ".join(line.split()) for line in text[:LONGEST_TEXT].splitlines())
    return "\n".join(line for line in lines if line) or None


def _author(owner: dict[str, object]) -> str | None:
    """Answer the names of the authors of a feed or item: version 1 knows only one."""
    authors = owner.get("authors")
    if not isinstance(authors, list):
        authors = [owner.get("author")]
    names = [one_line(_text(one, "name"), 200) for one in authors if isinstance(one, dict)]
    return ", ".join(dict.fromkeys(name for name in names if name))[:LONGEST_TITLE] or None


def _text(owner: dict[str, object], key: str) -> str:
    """Answer the text under *key*, empty where there is none."""
    value = owner.get(key)
    return UNFIT.sub("", value) if isinstance(value, str) else ""
