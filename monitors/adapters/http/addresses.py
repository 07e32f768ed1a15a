"""From an address as somebody wrote it to one that can be asked for.

Path and query go out as they were written: some servers sign them, and a client that
tidies `%2C` into `,` is refused. Only what HTTP cannot carry at all is escaped.
"""

from urllib.parse import quote, urljoin, urlsplit

from yarl import URL

_KEPT = "!#$%&'()*+,-./:;=?@[]_~|"
_MAX_LENGTH = 8_000


def parse(address: str) -> URL | None:
    """Answer the URL that *address* means, or None if it is no http(s) address.

    International host names are turned into their ASCII form; a fragment is dropped.
    """
    if len(address) > _MAX_LENGTH:
        return None
    try:
        parts = urlsplit(address.strip())
        whole = URL(address.strip())
        if whole.scheme not in ("http", "https") or not whole.host or whole.port == 0:
            return None
        return URL.build(
            scheme=whole.scheme,
            authority=whole.raw_authority,
            path=_escaped(parts.path) or "/",
            query_string=_escaped(parts.query),
            encoded=True,
        )
    except ValueError:
        return None


def _escaped(text: str) -> str:
    return quote(text, safe=_KEPT, errors="surrogateescape")


def target_of(url: URL, location: str) -> URL | None:
    """Answer where a redirect from *url* to *location* leads, or None if nowhere."""
    try:
        return parse(urljoin(str(url), location.strip()))
    except ValueError:
        return None


def is_downgrade(url: URL, target: URL) -> bool:
    """Answer whether going from *url* to *target* would give up encryption."""
    return url.scheme == "https" and target.scheme != "https"


def shown(url: URL) -> str:
    """Answer *url* without user name and password, so that no link carries them on."""
    return str(url.with_user(None))
