"""The sessions by which everything on the web is asked: who asks, and within which bounds."""

from collections.abc import Mapping, Sequence

import aiohttp
from aiohttp.abc import AbstractResolver

from monitors.adapters.http.guard import Network, guarded
from monitors.adapters.http.unpacking import PIECE

VERSION = "0.1.0"
USER_AGENT = f"Newsbell/{VERSION} (+https://newsbell.example/)"
_MAX_HEADER = 16_384


def open_session(
    networks: Sequence[Network],
    resolver: AbstractResolver,
    connect_s: float,
    headers: Mapping[str, str],
) -> aiohttp.ClientSession:
    """Answer a session that connects to public addresses and to *networks*, and keeps no cookie.

    It has no limit of connections, and no time for a whole request: those are the caller's.

    Args:
        networks: private networks that may be connected to.
        resolver: looks up names.
        connect_s: seconds until an attempt to connect is given up.
        headers: that every request carries beside the name of who asks.
    """
    connector = aiohttp.TCPConnector(
        limit=0,
        force_close=True,
        ttl_dns_cache=300,
        resolver=resolver,
        socket_factory=guarded(networks),
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        headers={"User-Agent": USER_AGENT, **headers},
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=connect_s),
        auto_decompress=False,
        read_bufsize=PIECE,
        max_line_size=_MAX_HEADER,
        max_field_size=_MAX_HEADER,
    )
