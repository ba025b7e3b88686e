"""Asks an address of the web, within limits of time and size, without proxies, cookies or passwords.

Only what an operator has named is asked. A redirect is followed to the same host, or to another one that is of the
public internet: no answer from outside leads to a machine inside. The addresses of a host are looked up once and one of
them is connected to, so that it cannot become another between the check and the connection.
"""

from __future__ import annotations

import ipaddress
import socket
import ssl
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPResponse
from urllib.parse import urljoin, urlsplit

from search.errors import DatelineError

PORTS = {"http": 80, "https": 443}
MOST_BYTES = 32 << 20
"""Of an answer."""
MOST_REDIRECTS = 5
WITHIN_S = 30.0
"""The time for a connection, and for each piece of an answer."""
WHOLE_S = 300.0
"""The time for a whole answer."""
MAX_ADDRESS = 2_000
_CHUNK = 64 * 1024
_MOVED = (301, 302, 303, 307, 308)


class NotFetched(DatelineError):
    """An address was not asked, or did not answer; the sentence says why."""


@dataclass(frozen=True)
class Answer:
    """What was answered.

    Attributes:
        address: the one that answered, after redirects.
        headers: by name in lower case.
    """

    address: str
    status: int
    headers: Mapping[str, str]
    body: bytes


def origin(address: str) -> str:
    """The scheme, host and port of an address. Raises NotFetched if it is none of the web."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise NotFetched(f"“{address[:80]}” is no address of the web.") from None
    if len(address) > MAX_ADDRESS or not address.isascii() or not address.isprintable() or " " in address:
        raise NotFetched(f"“{address[:80]}” is too long, or has a character that no address has. Escape it.")
    if parts.scheme not in PORTS or not parts.hostname:
        raise NotFetched(f"“{address[:80]}” does not begin with https:// or http:// and a host.")
    if parts.username is not None or parts.password is not None:
        raise NotFetched(f"An address of {parts.hostname} has a user or a password in it, which is not sent.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}:{port or PORTS[parts.scheme]}"


class Web:
    """Asks addresses.

    Args:
        name: what it says it is.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def get(self, address: str, headers: Mapping[str, str] | None = None, most_bytes: int = MOST_BYTES) -> Answer:
        """The answer of an address that was named, of any status but a redirect.

        Raises:
            NotFetched: if there is none within the limits.
        """
        named, asked = urlsplit(address).hostname, address
        for _ in range(MOST_REDIRECTS + 1):
            here = origin(asked)
            answer = self._once(asked, headers or {}, most_bytes, inside=urlsplit(here).hostname == named)
            if answer.status not in _MOVED or "location" not in answer.headers:
                return answer
            following = urljoin(asked, answer.headers["location"])
            if urlsplit(asked).scheme == "https" and urlsplit(following).scheme != "https":
                raise NotFetched(f"{asked} leads to an address without encryption, which is not asked.")
            asked = following.partition("#")[0]
        raise NotFetched(f"{address} leads on more than {MOST_REDIRECTS} times.")

    def _once(self, address: str, headers: Mapping[str, str], most_bytes: int, inside: bool) -> Answer:
        """One answer.

        Args:
            inside: True if the host may be on a network that is not public.
        """
        parts = urlsplit(origin(address))
        assert parts.hostname is not None
        assert parts.port is not None
        asked = urlsplit(address)
        target = f"{asked.path or '/'}?{asked.query}" if asked.query else asked.path or "/"
        sent = {"User-Agent": self._name, "Accept-Encoding": "identity", "Connection": "close", **headers}
        until = time.monotonic() + WHOLE_S
        with closing(HTTPConnection(parts.hostname, parts.port)) as http:
            try:
                http.sock = _connected(parts.scheme, parts.hostname, parts.port, inside)
                http.request("GET", target, headers={"Host": _host(parts.scheme, parts.hostname, parts.port), **sent})
                found = http.getresponse()
                body = _read(found, most_bytes, until)
                return Answer(address, found.status, {n.lower(): v for n, v in found.getheaders()}, body)
            except (OSError, HTTPException) as error:
                raise NotFetched(f"{address} does not answer: {error or type(error).__name__}") from None


def _host(scheme: str, host: str, port: int) -> str:
    written = f"[{host}]" if ":" in host else host
    return written if port == PORTS[scheme] else f"{written}:{port}"


def _connected(scheme: str, host: str, port: int, inside: bool) -> socket.socket:
    """A connection to one of the addresses of a host."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    if not inside and not all(is_public(str(place[0])) for *_, place in found):
        raise NotFetched(f"{host} is not of the public internet, and was not named: it is not asked.")
    problem: OSError | None = None
    for family, kind, protocol, _, place in found:
        connection = socket.socket(family, kind, protocol)
        connection.settimeout(WITHIN_S)
        try:
            connection.connect(place)
            if scheme == "http":
                return connection
            return ssl.create_default_context().wrap_socket(connection, server_hostname=host)
        except OSError as error:
            connection.close()
            problem = error
    raise problem or OSError("it has no address")


def is_public(address: str) -> bool:
    """Whether a numeric address is of the public internet, also one that is written as the other kind."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or (found.teredo or (None, None))[1]
        if inner is not None:
            return is_public(str(inner))
        if found in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)))
    return found.is_global and not found.is_multicast


_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def _read(found: HTTPResponse, most_bytes: int, until: float) -> bytes:
    parts, size = [], 0
    while chunk := found.read1(_CHUNK):
        size += len(chunk)
        if size > most_bytes:
            raise NotFetched(f"The answer has more than {most_bytes:,} bytes.")
        if time.monotonic() > until:
            raise NotFetched(f"The answer was not complete after {WHOLE_S:g} seconds.")
        parts.append(chunk)
    if found.length:
        raise NotFetched(f"The answer ended {found.length:,} bytes too early.")
    return b"".join(parts)
