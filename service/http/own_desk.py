"""`dateline serve --desk`: a user who serves an index on their own machine corrects it without a key.

The desk is open to requests that come from this machine, from a process of the user who serves, and not through a
proxy. `Hosts` has checked that they name this machine, against DNS rebinding, and a form proves by `Origin` and its
token that it is from a page of the service. Programs need a key all the same. As soon as there is a key, the desk is
closed, and people sign in.

The kernel says whose process is at the other end of a connection (`/proc/net/tcp`). Where it does not, as on macOS,
every user of the machine counts.
"""

from __future__ import annotations

import getpass
import os
import secrets
import struct
from ipaddress import ip_address
from pathlib import Path

from falcon import Request

from desk.people.keys import Key, Keys
from search.errors import DatelineError
from service.http.session import Session
from service.proxies import is_loopback
from service.settings import Settings

OWN = "own"
"""The id of the key that replaces one."""
OF_A_PROXY = frozenset({"FORWARDED", "X-REAL-IP", "VIA", "TRUE-CLIENT-IP"})
OF_PROXIES = ("X-FORWARDED-", "CF-", "FASTLY-", "X-ORIGINAL-")
"""Headers of requests that a proxy or a tunnel passes on, from wherever, and how others of them begin."""
_CONNECTIONS = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
_LOCAL, _REMOTE, _USER = 1, 2, 7
"""Columns of a connection."""


class DeskRefused(DatelineError):
    """The desk cannot be opened without a key."""


class OwnDesk:
    """The desk of the user who serves an index.

    Raises:
        DeskRefused: if there are keys, or others can reach the service.
    """

    def __init__(self, place: str, host: str, settings: Settings) -> None:
        """Args: host: the address that the service listens on."""
        self._keys = Keys(place)
        if not is_loopback(host):
            raise DeskRefused(f"--desk is for this machine alone, not for {host}. {_WITH_KEYS}")
        for name, value in (
            ("PUBLIC_URL", settings.public_url), ("HOSTS", settings.hosts), ("PROXIES", settings.in_front)
        ):  # fmt: skip
            if value:
                raise DeskRefused(f"--desk is for this machine alone, and DATELINE_{name} is set. {_WITH_KEYS}")
        if self._keys.some:
            raise DeskRefused("--desk is for an index without keys, and this one has some. Sign in with one: /sign-in.")
        key = Key(OWN, _called(), ("edit",), secrets.token_hex(32), "")
        self._session = Session(key, secrets.token_urlsafe(32), can_end=False)

    @property
    def tells_users_apart(self) -> bool:
        """True if other users of this machine are shut out."""
        return _CONNECTIONS[0].exists()

    def session(self, req: Request) -> Session | None:
        """The session of a request of the user who serves; None for anybody else, or if there are keys by now."""
        if self._keys.some or any(map(_is_of_a_proxy, req.headers)):
            return None
        if not is_loopback(str(req.env.get("REMOTE_ADDR", ""))):
            return None
        if self.tells_users_apart and _user(req) != os.getuid():
            return None
        return self._session


_WITH_KEYS = "Make a key instead, and sign in with it: dateline keys INDEX add --scope edit."


def _is_of_a_proxy(header: str) -> bool:
    return header.upper() in OF_A_PROXY or header.upper().startswith(OF_PROXIES)


def _user(req: Request) -> int | None:
    """The id of the user whose process sent a request over a connection of this machine; None if nobody's is found."""
    env = req.env
    try:
        sender = _written(env["REMOTE_ADDR"], env["REMOTE_PORT"])
        service = _written(env["SERVER_NAME"], env["SERVER_PORT"])
    except (KeyError, ValueError):  # no connection over TCP
        return None
    for file in _CONNECTIONS:
        if not file.exists():  # a machine without IPv6
            continue
        for line in file.read_text("ascii").splitlines()[1:]:
            columns = line.split()
            if columns[_LOCAL] == sender and columns[_REMOTE] == service:
                return int(columns[_USER])
    return None


def _written(address: str, port: str) -> str:
    """An address and a port as the kernel writes them: words in the order of this machine, in hexadecimal digits."""
    packed = ip_address(address).packed
    words = struct.unpack(f"={len(packed) // 4}I", packed)
    return f"{''.join(f'{word:08X}' for word in words)}:{int(port):04X}"


def _called() -> str:
    """The name of the user who serves."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a user id without a name
        return f"user {os.getuid()}"
