"""Who sends a request, as far as its address tells, or the proxy at it: behind proxies, with a port, in a household of
IPv6.
"""

from __future__ import annotations

import ipaddress
import re

import falcon
from falcon import Request

from desk.people.holder import Person
from desk.rights.rule import is_name
from desk.rights.store import USER
from service.proxies import Proxies
from service.settings import Settings

_UNREADABLE = "unreadable"
_WITH_PORT = re.compile(r"\[([0-9A-Fa-f:.%]+)\](?::\d{1,5})?|([0-9.]+):\d{1,5}")
"""As proxies write them in `X-Forwarded-For`: `[2001:db8::1]:4711`, `192.0.2.1:4711`."""
_SHARED_BITS = 64
"""Bits of an IPv6 address that identify a household, which chooses the others itself."""


def address_of(req: Request, proxies: Proxies) -> str:
    """The address of the client that sent a request: see `client`."""
    return client(req.get_header("X-Forwarded-For") or "", req.remote_addr, proxies)


def client(forwarded: str, peer: str, proxies: Proxies) -> str:
    """The address of a client.

    Args:
        forwarded: what `X-Forwarded-For` has.
        peer: the address at the other end of the connection.
        proxies: those in front of the service; addresses written before the first of them came from outside and are
            not trusted.
    """
    path = [*(part.strip() for part in forwarded.split(",") if part.strip()), peer]
    return proxies.client(path)


class SignedInAtProxy:
    """Reads who has signed in at a proxy, from requests that come from its address; the headers of others say nothing.

    A proxy has to remove these headers from what it is sent itself.
    """

    def __init__(self, settings: Settings) -> None:
        self._proxies = settings.in_front
        self._user, self._groups = settings.user_header, settings.groups_header

    def of(self, req: Request) -> Person | None:
        """Who has signed in; None if nobody has, or the request is from elsewhere.

        Raises:
            falcon.HTTPBadRequest: if there are several names, or one that cannot be read: somebody may have added it.
        """
        if not self._user or not self._proxies.has(str(req.env.get("REMOTE_ADDR", ""))):
            return None
        name = _utf8(req.get_header(self._user) or "").strip()
        if not name:
            return None
        given = _utf8(req.get_header(self._groups) or "") if self._groups else ""
        groups = frozenset(one.strip() for one in given.split(",") if one.strip())
        if not all(map(is_name, (name, *groups))):
            raise falcon.HTTPBadRequest(description="The proxy gives no name, or several, or groups without names.")
        return Person(USER + name, name, ("read",), groups)


def _utf8(header: str) -> str:
    """A header as it was meant; of what is no UTF-8, something that is no name."""
    return header.encode("latin-1", "replace").decode("utf-8", "replace").replace("\N{REPLACEMENT CHARACTER}", ",")


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
