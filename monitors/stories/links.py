"""Canonical links: two addresses of one page become equal."""

import re
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

MAX_CHARACTERS = 2_000
_TRACKING = re.compile(
    r"(utm_.+|mc_[ce]id|(fb|g|dc|ms|tw|y|gb|wb)clid|igsh(id)?|_hs(enc|mi)|mkt_tok|oly_(anon|enc)_id"
    r"|pk_(campaign|kwd)|ref(_?src|errer)?|cmp(id)?|ic?id|ocid|smid|ns_.+|at_(medium|campaign)"
    r"|traffic_?source|feature|share|sr_share|xtor|spm|__twitter_impression|amp|outputtype)",
    re.IGNORECASE,
)
_FRONT = re.compile(r"^(?:(?:www\d?|m|mobile|amp)\.)+(?=[^.]+\.)")
_AMP_PATH = re.compile(r"/amp(?=/|$)")
_KEPT = "/:@!$&'()*+,;=~-._"


def canonical(link: str | None) -> str | None:
    """Answer *link* without what differs between two addresses of one page.

    Scheme, `www.` and mobile hosts, AMP, the fragment, tracking parameters, their order and
    a last slash do not matter. None where there is no http(s) address. Idempotent.
    """
    if not link or len(link) > MAX_CHARACTERS:
        return None
    try:
        parts = urlsplit(link.strip())
        port = parts.port
    except ValueError:
        return None
    host = site(link)
    if parts.scheme.lower() not in ("http", "https") or not host:
        return None
    path = _AMP_PATH.sub("", _plain(parts.path)).rstrip("/")
    query = urlencode(
        sorted(
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True)
            if not _TRACKING.fullmatch(name)
        )
    )
    at = f"{host}:{port}" if port and port not in (80, 443) else host
    return urlunsplit(("https", at, path, query, ""))


def is_front_page(canonical_link: str) -> bool:
    """Answer whether a canonical link leads to a site as a whole, and so to no article."""
    parts = urlsplit(canonical_link)
    return not parts.path and not parts.query


def site(link: str | None) -> str | None:
    """Answer the host of *link* without `www.` and mobile prefixes, lower case, or None."""
    try:
        host = urlsplit((link or "").strip()).hostname
    except ValueError:
        return None
    return _FRONT.sub("", host.rstrip(".").lower()) or None if host else None


def _plain(path: str) -> str:
    """Answer *path* with one spelling of its percent signs."""
    try:
        return quote(unquote(path, errors="strict"), safe=_KEPT)
    except UnicodeDecodeError:
        return path
