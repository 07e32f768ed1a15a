"""Looks up the names of hosts in threads of its own.

The loop's own threads are few, and parsing, the store and Telegram wait for them, too: a
name server that does not answer must hold up none of these.
"""

import asyncio
import socket
from concurrent.futures import ThreadPoolExecutor

from aiohttp.abc import AbstractResolver, ResolveResult

_THREADS = 32
_NUMERIC = socket.AI_NUMERICHOST | socket.AI_NUMERICSERV
_NUMERIC_NAME = socket.NI_NUMERICHOST | socket.NI_NUMERICSERV


class Names(AbstractResolver):
    """Asks the machine's own resolver."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="names")

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Answer the addresses of *host*.

        Raises:
            OSError: it has none, or nobody knows at the moment.
        """
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._threads, _look_up, host, port, family)
        return [
            ResolveResult(
                hostname=host,
                host=address,
                port=port,
                family=kind,
                proto=protocol,
                flags=_NUMERIC,
            )
            for kind, protocol, address in found
        ]

    async def close(self) -> None:
        """Do nothing: the threads end when nobody holds this object any more."""


def _look_up(
    host: str, port: int, family: socket.AddressFamily
) -> list[tuple[socket.AddressFamily, int, str]]:
    """Answer family, protocol and numeric address of each, with the zone of a link's own."""
    found = socket.getaddrinfo(
        host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
    )
    return [
        (kind, protocol, socket.getnameinfo(address, _NUMERIC_NAME)[0])
        for kind, _, protocol, _, address in found
    ]
