"""Thousands of feeds at thousands of loopback addresses: python -m benchmarks.wire_site.

Prints its port, then a line for each request: the number of the feed, the status, and when, in
seconds since 1970. Feed n is `/n.xml`, on whatever host. A client that knows nothing gets its
first edition. One that knows the first gets the second, which has one or two new entries on
top, where n is in the list of numbers on standard input (JSON); else a 304.
"""

import asyncio
import gzip
import json
import random
import re
import sys
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import accumulate

from benchmarks.try_since import vocabulary
from monitors.app.clock import now

ENTRIES = 20
_START = datetime(2026, 11, 1, tzinfo=UTC)
_LATENCY = (0.02, 0.05)
_KNOWN = re.compile(rb"\r\nif-none-match: ([^\r]*)\r", re.IGNORECASE)


def etag(number: int, edition: int) -> str:
    """Answer the ETag of an edition of feed *number*."""
    return f'"{number}-{edition}"'


class Wire:
    """The editions of all feeds, made of invented words when they are asked for."""

    def __init__(self) -> None:
        self._words = vocabulary(random.Random(7))  # noqa: S311 -- not for secrets
        self._weights = list(accumulate(1 / (rank + 5) for rank in range(len(self._words))))

    def edition(self, number: int, edition: int) -> bytes:
        """Answer feed *number* with its 20 newest entries, of about a kilobyte each."""
        newest = ENTRIES + (1 + number % 2) * edition
        items = [self._item(number, entry) for entry in range(newest, newest - ENTRIES, -1)]
        return (
            "<?xml version='1.0' encoding='utf-8'?>\n<rss version='2.0'><channel>"
            f"<title>Wire {number}</title><link>https://wire.example/{number}</link>"
            f"<language>en</language><lastBuildDate>{_date(newest)}</lastBuildDate>"
            f"{''.join(items)}</channel></rss>"
        ).encode()

    def _item(self, number: int, entry: int) -> str:
        chance = random.Random(number * 1000 + entry)  # noqa: S311 -- not for secrets
        drawn = chance.choices(self._words, cum_weights=self._weights, k=150)
        return (
            f"<item><guid isPermaLink='false'>{number}-{entry}</guid>"
            f"<title>{' '.join(drawn[:9])}</title>"
            f"<link>https://wire.example/{number}/{entry}</link>"
            f"<pubDate>{_date(entry)}</pubDate><category>{drawn[9]}</category>"
            f"<description>&lt;p&gt;{' '.join(drawn[10:])}.&lt;/p&gt;</description></item>\n"
        )


def _date(entry: int) -> str:
    return format_datetime(_START + timedelta(hours=entry))


def answer(wire: Wire, head: bytes, changed: frozenset[int]) -> tuple[int, int, bytes]:
    """Answer a request: the number of the feed, the status, and what is sent."""
    number = int(head.partition(b"/")[2].partition(b".")[0])
    known = _KNOWN.search(head)
    edition = 0
    if known:
        edition = int(number in changed)
        if known[1].decode() == etag(number, edition):
            return number, 304, b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n"
    body = gzip.compress(wire.edition(number, edition), 1)
    return number, 200, (
        f"HTTP/1.1 200 OK\r\nConnection: close\r\nETag: {etag(number, edition)}\r\n"
        "Content-Type: application/rss+xml\r\nContent-Encoding: gzip\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body  # fmt: skip


async def serve(changed: frozenset[int]) -> None:
    """Answer all requests until the process is ended."""
    wire, chance = Wire(), random.Random()  # noqa: S311 -- not for secrets

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        at = now().timestamp()
        number, status, sent = answer(wire, await reader.readuntil(b"\r\n\r\n"), changed)
        await asyncio.sleep(chance.uniform(*_LATENCY))
        print(number, status, at, flush=True)
        writer.write(sent)
        writer.close()
        await writer.wait_closed()

    server = await asyncio.start_server(one, "0.0.0.0", 0, backlog=1_000)  # noqa: S104 -- as many hosts
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(frozenset(json.load(sys.stdin))))
