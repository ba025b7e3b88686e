"""Who sends a request, as far as its address tells: behind proxies, with a port, in a household of IPv6."""

from __future__ import annotations

import ipaddress
import re

from falcon import Request

_UNREADABLE = "unreadable"
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.%]+)\](?::\d{1,5})?|([0-9.]+):\d{1,5}")
"""As proxies write them in `X-Forwarded-For`: `[2001:db8::1]:4711`, `192.0.2.1:4711`."""
_SHARED_BITS = 64
"""Bits of an IPv6 address that identify a household, which chooses the others itself."""


def address_of(req: Request, proxies: int) -> str:
    """The address of the client that sent a request: see `client`."""
    return client(req.get_header("X-Forwarded-For") or "", req.remote_addr, proxies)


def client(forwarded: str, peer: str, proxies: int) -> str:
    """The address of a client.

    Args:
        forwarded: what `X-Forwarded-For` has.
        peer: the address at the other end of the connection.
        proxies: the number of our proxies in front of the service; addresses written before the first of them came
            from outside and are not trusted.
    """
    path = [*(part.strip() for part in forwarded.split(",") if part.strip()), peer]
    return path[max(0, len(path) - 1 - proxies)]


def household(address: str) -> str:
    """Who asks from an address: the address, with any port; of version 6 the network; all that are none are one."""
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _SHARED_BITS), strict=False))
    return _UNREADABLE if found is None else str(found)


def is_local(address: str) -> bool:
    """Whether an address is of this machine."""
    found = _parsed(address)
    return found is not None and found.is_loopback


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address, with a port or without; a version 4 address mapped into version 6 becomes version 4."""
    written = _WITH_PORT.fullmatch(address.strip())
    try:
        found = ipaddress.ip_address((written[1] or written[2]) if written else address.strip())
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
