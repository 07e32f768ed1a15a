"""Canonical links: two addresses of one page become equal."""

import re
from urllib.parse import SplitResult, quote, unquote_to_bytes, urlsplit, urlunsplit

MAX_CHARACTERS = 2_000
_TRACKING = re.compile(
    r"(utm_.+|mc_[ce]id|(fb|g|dc|tw|tt|y)clid|msclkid|[gw]braid|srsltid|_g[al]|igsh(id)?"
    r"|_hs(enc|mi)|mkt_tok|oly_(anon|enc)_id|(pk|mtm)_(campaign|kwd|keyword|source|medium)"
    r"|ref(_?src|errer)?|cmp(id)?|ic?id|ocid|smid|ns_.+|at_(medium|campaign)|wt[._](mc|zmc).*"
    r"|traffic_?source|feature|share|sr_share|xtor|spm|guc(e_.+|counter)|mibextid|s_kwcid"
    r"|__twitter_impression|amp|outputtype)",
    re.IGNORECASE,
)
_FRONT = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.)")
_AMP_PATH = re.compile(r"/amp(?=/|$)|(?:\.amp)+(?=(?:\.html?)?/*$)")
_DOTS = ".\u3002\uff0e\uff61"  # what ends a label of a host, in any script
_NO_HOST = re.compile(r"[\x00-\x20\x7f/\\?#@\[\]]")
_KEPT = "/:@!$&'()*+,;=~-._"
_KEPT_IN_QUERY = "/:@!$'()*,~-._"


def canonical(link: str | None) -> str | None:
    """Answer *link* without what differs between two addresses of one page.

    Scheme, `www.` and mobile hosts, AMP, the fragment, tracking parameters, their order and
    a last slash do not matter. None where there is no http(s) address that can be opened, or
    one of more than 2000 characters. Idempotent.
    """
    parts = _split(link)
    host = site(link)
    if parts is None or host is None or parts.scheme not in ("http", "https"):
        return None
    try:
        port = parts.port
        path, query = _path(parts.path), _query(parts.query)
    except ValueError:  # a port that is none, half a surrogate pair
        return None
    at = f"[{host}]" if ":" in host else host
    if port and port not in (80, 443):
        at = f"{at}:{port}"
    address = urlunsplit(("https", at, path, query, ""))
    return address if len(address) <= MAX_CHARACTERS else None


def is_front_page(canonical_link: str) -> bool:
    """Answer whether a canonical link leads to a site as a whole, and so to no article."""
    parts = urlsplit(canonical_link)
    return not parts.path and not parts.query


def site(link: str | None) -> str | None:
    """Answer the host of *link* without `www.` and mobile prefixes, lower case, or None.

    A name in another script than Latin comes as the Internet writes it (`xn--…`).
    """
    parts = _split(link)
    host = (parts.hostname or "").rstrip(_DOTS) if parts else ""
    if not host.isascii():
        try:
            host = host.encode("idna").decode("ascii")
        except UnicodeError:  # no name of a host
            return None
    host = _FRONT.sub("", host.lower())
    return None if not host or _NO_HOST.search(host) else host


def _split(link: str | None) -> SplitResult | None:
    """Answer the parts of *link*, or None where it has none or is too long to be looked into."""
    if not link or len(link) > MAX_CHARACTERS:
        return None
    try:
        return urlsplit(link.strip())
    except ValueError:
        return None


def _path(path: str) -> str:
    """Answer *path* with one spelling of its percent signs, and without AMP."""
    plain = _spelt(path, _KEPT).rstrip("/")
    # What is taken out may uncover another.
    while (shorter := _AMP_PATH.sub("", plain).rstrip("/")) != plain:
        plain = shorter
    return plain


def _query(query: str) -> str:
    """Answer *query* sorted, without what tracks the reader."""
    pairs = (part.partition("=") for part in query.replace("+", "%20").split("&") if part)
    kept = [
        f"{_spelt(name, _KEPT_IN_QUERY)}={_spelt(value, _KEPT_IN_QUERY)}"
        for name, _, value in pairs
        if not _TRACKING.fullmatch(name)
    ]
    return "&".join(sorted(kept))


def _spelt(text: str, kept: str) -> str:
    """Answer *text* with percent signs where they are needed.

    Byte by byte: pages in other encodings than UTF-8 differ in bytes that are no characters.
    """
    return quote(unquote_to_bytes(text), safe=kept)
