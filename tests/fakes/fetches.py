"""One fetch by a WebFetcher of its own, and what its outcome has to be."""

import asyncio
from datetime import UTC, datetime
from ipaddress import ip_network

from monitors.adapters.http.fetch import WebFetcher
from monitors.feeds.feed import FetchFailed

NOW = datetime(2026, 11, 24, tzinfo=UTC)
LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))


def fetch(address, *arguments, networks=LOOPBACK, total_s=30, connect_s=10, **more):
    """Answer what a fetch of *address* answers."""

    async def once():
        web = WebFetcher(networks, clock=lambda: NOW, total_s=total_s, connect_s=connect_s)
        try:
            return await web.fetch(address, *arguments, **more)
        finally:
            await web.close()

    return asyncio.run(once())


def fails(outcome, reason, words):
    """Answer True if *outcome* is a failure for *reason* that says *words*, and no address."""
    assert isinstance(outcome, FetchFailed), outcome
    assert outcome.reason is reason, outcome
    assert words in outcome.message
    assert "127.0.0.1" not in outcome.message
    return True
