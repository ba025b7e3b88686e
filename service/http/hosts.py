"""The host names that the service accepts: a check of the Host header, against DNS rebinding.

The name of an attacker's site can resolve to 127.0.0.1, or to an address inside a network. A browser then lets pages of
that site read the service, since name and port are those of the page. Only the Host header identifies such a request:
it has the name of the attacker's site. Loopback names and IP addresses are safe, as nobody can make them resolve to
something else.

| bound to | `DATELINE_PUBLIC_URL`, `DATELINE_HOSTS` | served |
| any address | | `localhost`, 127.0.0.0/8, `[::1]`; and the names in the settings |
| not loopback | neither is set | also any IP address, and the names of this machine |

`/healthz` and `/readyz` are served at any IP address, since monitoring uses it. HTTP/1.0 allows requests without a
Host; browsers never send one, so they are served.
"""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Collection
from urllib.parse import urlsplit

import falcon
from falcon import Request, Response

from service.proxies import is_loopback
from service.settings import BadSetting, Settings

ANY = "*"
"""In `DATELINE_HOSTS`: every name; a proxy in front of the service checks them."""
BY_ADDRESS = frozenset({"/healthz", "/readyz"})
"""Paths that are served at any IP address."""
_HOST = re.compile(r"(\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::\d{0,5})?")


class Hosts:
    """The host names that a service accepts."""

    def __init__(self, bound: str, settings: Settings) -> None:
        """Args: bound: the address that the service listens on."""
        named = _named(settings)
        self._any = ANY in named
        self._names = named - {ANY}
        self._addresses = not named and not is_loopback(bound)
        if self._addresses:
            self._names |= own_names()

    def serves(self, host: str) -> bool:
        """True if a name, or an address as written in a URL, is accepted."""
        return self._any or is_loopback(host) or host in self._names or (self._addresses and _address(host) is not None)

    def process_request(self, req: Request, _resp: Response) -> None:
        """Refuse a request for another host with 421; Falcon calls it for each request."""
        written = req.get_header("Host")
        if written is None:
            if req.env.get("SERVER_PROTOCOL") == "HTTP/1.0":
                return
            raise falcon.HTTPBadRequest(description="The request has no Host header. Send one.")
        host = name_of(written)
        if host is None:
            raise falcon.HTTPBadRequest(description="The Host header is not a name or an address with a port.")
        if not self.serves(host) and not (req.path in BY_ADDRESS and _address(host) is not None):
            raise falcon.HTTPError(
                falcon.HTTP_421,
                description=f"This service is not “{host[:100]}”. Use one of its own names, or add this one to "
                "DATELINE_HOSTS on the server.",
            )


def name_of(written: str) -> str | None:
    """The host in a Host header, lower case and without its port; None if it is malformed."""
    found = _HOST.fullmatch(written.strip())
    if found is None:
        return None
    host = found[1].lower().rstrip(".")
    if not host or (host.startswith("[") and _address(host) is None):
        return None
    return host


def own_names() -> frozenset[str]:
    """The names of this machine: its host name, in full, and for multicast DNS."""
    name = socket.gethostname().lower().rstrip(".")
    short = name.partition(".")[0]
    return frozenset({name, short, f"{short}.local"})


def _named(settings: Settings) -> frozenset[str]:
    """The names in the settings. Raises BadSetting if one is not valid."""
    names: set[str] = set()
    for written in _parts(settings.hosts):
        host = ANY if written == ANY else name_of(f"[{written}]" if _is_bare_ipv6(written) else written)
        if host is None:
            raise BadSetting(f"DATELINE_HOSTS has “{written}”. Separate names by commas: news.example.org,10.0.0.7.")
        names.add(host)
    if settings.public_url:
        host = name_of(urlsplit(settings.public_url).netloc.rpartition("@")[2])
        if host is None:
            raise BadSetting(f"DATELINE_PUBLIC_URL is “{settings.public_url}”. Write it like https://news.example.org.")
        names.add(host)
    return frozenset(names)


def _parts(listed: str) -> Collection[str]:
    return [part.strip() for part in listed.split(",") if part.strip()]


def _is_bare_ipv6(written: str) -> bool:
    return isinstance(_address(f"[{written}]"), ipaddress.IPv6Address) and not written.startswith("[")


def _address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An IP address, version 6 in brackets as in URLs or without as in `--host`; None if it is not an address."""
    try:
        found = ipaddress.ip_address(host.removeprefix("[").removesuffix("]"))
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
