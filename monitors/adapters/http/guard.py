"""Refuses connections to addresses that are neither public nor explicitly allowed.

The check stands where a socket is made for the address that is about to be connected to,
because only there nothing can be hidden: not by a literal (`0x7f.1`, `[::ffff:127.0.0.1]`),
not by a name that resolves to something else the second time, not by a redirect.
"""

import socket
from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import TypeAlias

from aiohttp import AddrInfoType, SocketFactoryType

Network: TypeAlias = IPv4Network | IPv6Network

# All of IPv6 that is routed. Outside it lie loopback, link-local, private, multicast and the
# embedded IPv4 of 64:ff9b::/96; within it, 6to4 and Teredo lead to any IPv4 address.
_ROUTED = IPv6Network("2000::/3")
_TUNNELS = (IPv6Network("2002::/16"), IPv6Network("2001::/32"))


class ForbiddenAddressError(OSError):
    """A connection was refused by the guard.

    An OSError with one text for all addresses, because the library that tries the addresses
    of a host one after the other passes on no other kind, and joins texts that differ.
    """

    def __init__(self) -> None:
        super().__init__("neither public nor in ALLOW_NETWORKS")


def is_allowed(host: str, networks: Sequence[Network]) -> bool:
    """Answer whether the numeric address *host* is public or in one of *networks*.

    An IPv6 address that stands for an IPv4 one (`::ffff:10.0.0.1`) is judged as that.
    """
    address = ip_address(host)
    if isinstance(address, IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return _is_public(address) or any(address in network for network in networks)


def _is_public(address: IPv4Address | IPv6Address) -> bool:
    if not address.is_global or address.is_multicast:
        return False
    if isinstance(address, IPv4Address):
        return not address.is_reserved
    return address in _ROUTED and not any(address in tunnel for tunnel in _TUNNELS)


def guarded(networks: Sequence[Network]) -> SocketFactoryType:
    """Answer a maker of sockets that raises `ForbiddenAddressError` for all other addresses."""

    def make(info: AddrInfoType) -> socket.socket:
        family, kind, protocol, _, address = info
        if not is_allowed(str(address[0]), networks):
            raise ForbiddenAddressError
        return socket.socket(family, kind, protocol)

    return make
