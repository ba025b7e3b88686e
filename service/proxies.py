"""The proxies in front of the service: their number, or their addresses, from which alone more is believed."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from search.text.numbers import whole_number

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Proxies:
    """Proxies, as `DATELINE_PROXIES` names them.

    Attributes:
        count: their number; 0 if they are named by address.
        networks: their addresses; empty if only their number is known.
    """

    count: int = 0
    networks: tuple[Network, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.count or self.networks)

    def has(self, address: str) -> bool:
        """True if an address, without port, is of one of them."""
        try:
            found = ipaddress.ip_address(address.strip())
        except ValueError:
            return False
        if isinstance(found, ipaddress.IPv6Address) and found.ipv4_mapped:
            found = found.ipv4_mapped
        return any(found in network for network in self.networks)

    def client(self, path: Sequence[str]) -> str:
        """The address of a client.

        Args:
            path: the addresses that a request has passed, as proxies wrote them, the last one that of the connection.
        """
        if not self.networks:
            return path[max(0, len(path) - 1 - self.count)]
        return next((address for address in reversed(path) if not self.has(address)), path[0])


def is_loopback(host: str) -> bool:
    """True if a name or an address, without port, can only mean this machine."""
    try:
        found = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return host == "localhost"
    return ((found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found).is_loopback


@lru_cache(maxsize=16)
def proxies(text: str) -> Proxies:
    """Proxies: `1`, their number, or `10.0.0.7,10.1.0.0/16`, their addresses. Raises ValueError."""
    count = whole_number(text.strip())
    if count is not None:
        return Proxies(count=count)
    return Proxies(networks=tuple(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip()))
