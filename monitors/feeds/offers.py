"""Which feeds a web page names itself, and what a page is that came instead of a feed."""

import html
import re
from urllib.parse import urldefrag

from monitors.feeds.fields import absolute, one_line

MOST_OFFERS = 20
_LONGEST_PAGE = 500_000  # bytes that are looked at; what names feeds stands in the head
_LONGEST_TITLE = 80
_TYPES = re.compile(
    r"\s*(?:application|text)/(?:(?:rss|atom|rdf|feed)\+(?:xml|json)|json)\s*(?:;.*)?",
    re.IGNORECASE | re.DOTALL,
)
_TAG = re.compile(
    r"<!--.*?(?:-->|\Z)|<(?P<script>script|style)\b.*?(?:</(?P=script)\s*>|\Z)"
    r"|<(?P<name>link|base)(?=[\s/])(?P<rest>(?>[^<>\"']++|\"[^\"<]*+\"|'[^'<]*+')*+)/?>",
    re.IGNORECASE | re.DOTALL,
)
_ATTRIBUTE = re.compile(
    r"(?<![\w:-])([a-z][\w:-]*+)\s*+=\s*+(?:\"([^\"]*+)\"|'([^']*+)'|([^\s\"'>]++))", re.IGNORECASE
)
_COMMENTS = re.compile(r"comment|kommentar|comentario|commentaire|commenti", re.IGNORECASE)
_TITLE = re.compile(rb"<title[^>]{0,500}>([^<]{0,500})", re.IGNORECASE)
# Plain JSON may be anything; what WordPress offers as such is none.
_DOUBTFUL = re.compile(r"\s*application/json\b", re.IGNORECASE)
_NO_FEED = re.compile(r"/wp-json/|oembed", re.IGNORECASE)
# What stands in the way of the page that was asked for, by its title or its inside.
_CHECK = re.compile(
    r"just a moment|attention required|checking your browser|are you a robot", re.IGNORECASE
)
_CHECK_INSIDE = re.compile(rb"_cf_chl_opt|cf-browser-verification|captcha-delivery\.com")
_CONSENT = re.compile(
    r"before you continue|cookie consent|your privacy choices|consent (?:page|required)",
    re.IGNORECASE,
)
_CONSENT_INSIDE = re.compile(rb"action\s{0,9}=\s{0,9}[\"']?https://consent\.", re.IGNORECASE)
_LOGIN = re.compile(
    r"\b(?:log ?in|sign ?in|anmelden|connexion|iniciar sesi[oó]n|accedi|zaloguj)\b"
    r"|登录|ログイン|로그인",
    re.IGNORECASE,
)
_PODCAST_INSIDE = re.compile(rb"[\"']@type[\"']\s{0,9}:\s{0,9}[\"']PodcastSeries")


def offered_feeds(page: bytes, address: str) -> tuple[str, ...]:
    """Answer the addresses of the feeds that the HTML of *page*, found at *address*, names.

    Each once, at most `MOST_OFFERS`, in the order of the page, feeds of comments last. Only the
    first 500 KB are looked at.
    """
    base: str | None = None
    found: dict[str, int] = {}
    for tag in _TAG.finditer(page[:_LONGEST_PAGE].decode("utf-8", "replace")):
        if tag["name"] is None:
            continue
        given = _attributes(tag["rest"])
        if tag["name"].lower() == "base":
            # The first one counts, as in browsers.
            base = base or absolute(given.get("href"), address)
        elif _is_feed(given):
            feed = absolute(given.get("href"), base, address)
            if feed is not None and not _NO_FEED.search(feed):
                found.setdefault(urldefrag(feed).url, _rank(given, feed))
    return tuple(sorted(found, key=found.__getitem__)[:MOST_OFFERS])


def page_kind(page: bytes) -> str:
    """Answer in a short line what the HTML of *page* is."""
    head = page[:_LONGEST_PAGE]
    found = _TITLE.search(head)
    title = one_line(found[1].decode("utf-8", "replace"), _LONGEST_TITLE) if found else ""
    kind = "this is a web page (HTML)"
    if _CHECK.search(title) or _CHECK_INSIDE.search(head):
        kind = "a check for robots stands before it"
    elif _CONSENT.search(title) or _CONSENT_INSIDE.search(head):
        kind = "a page that asks for consent stands before it"
    elif _LOGIN.search(title):
        kind = "one has to log in to see it"
    elif _PODCAST_INSIDE.search(head):
        kind = "this is the web page (HTML) of a podcast"
    return f"{kind}: {title}" if title else kind


def _rank(given: dict[str, str], feed: str) -> int:
    """Answer how late the link to a *feed* comes: comments last, what may be none before them."""
    if _COMMENTS.search(f"{given.get('title', '')} {feed}"):
        return 2
    return 1 if _DOUBTFUL.match(given.get("type", "")) else 0


def _attributes(text: str) -> dict[str, str]:
    """Answer the attributes in *text* with their names in lower case; the first of each counts."""
    found: dict[str, str] = {}
    for name, *values in _ATTRIBUTE.findall(text):
        found.setdefault(name.lower(), html.unescape("".join(values)))
    return found


def _is_feed(given: dict[str, str]) -> bool:
    """Answer whether a link with the *given* attributes leads to a feed."""
    relations = given.get("rel", "").lower().split()
    if "feed" in relations:
        return True
    return (
        "alternate" in relations
        and "stylesheet" not in relations
        and _TYPES.fullmatch(given.get("type", "")) is not None
    )
