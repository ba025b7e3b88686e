"""How often one caller may ask: a caller is a key, or else an address.

Everyone may ask as often as a minute allows at once, and goes on at that pace. The times are in memory that the master
has before it makes its workers, so that all of them count together. A caller is a place among `PLACES`, by a hash that
is another one after each start; two who share a place share its pace.
"""

from __future__ import annotations

import ipaddress
import math
import mmap
import secrets
import threading
import time
from hashlib import blake2b

import falcon
from falcon import Request, Response

from service.auth import Door
from service.settings import Settings

PLACES = 1 << 16
MINUTE_S = 60.0
DEFAULT = 600
"""Requests a minute without a key, where no setting says how many: of other machines, since who is on this one has
better ways to hold it up."""
UNCOUNTED = frozenset({"/healthz", "/readyz"})
"""Routes that those ask who watch."""
_SHARED_BITS = 64
"""Bits of an IPv6 address that tell one household from another; the others anybody chooses for himself."""


class Rates:
    """When each caller may ask next; shared by the processes that are forked after it was made."""

    def __init__(self) -> None:
        self._due = memoryview(mmap.mmap(-1, 8 * PLACES)).cast("d")
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()  # two processes at the same moment may count one request as none

    def wait_s(self, caller: str, per_minute: int) -> float:
        """Count a request; seconds until it may be asked where that is not now, and 0 where it is."""
        digest = blake2b(caller.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=8).digest()
        place = int.from_bytes(digest, "big") % PLACES
        step, now = MINUTE_S / per_minute, time.monotonic()
        with self._lock:
            due = max(self._due[place], now)
            early = due - now - (MINUTE_S - step)
            if early > 1e-6:
                return early
            self._due[place] = due + step
        return 0.0


class Throttle:
    """Answers 429 to who asks too often, and says when to ask again."""

    def __init__(self, door: Door, rates: Rates, settings: Settings) -> None:
        self._door = door
        self._rates = rates
        self._settings = settings

    def process_resource(self, req: Request, _resp: Response, _resource: object, _params: dict[str, str]) -> None:
        """Falcon calls it when the route is known, before anybody is let in: wrong keys count too."""
        if req.uri_template in UNCOUNTED:
            return
        key = self._door.known(req)
        address = address_of(req, self._settings.proxies)
        per_minute = self._settings.key_rate if key else self._settings.anonymous_rate
        if key is None and not per_minute and not _is_local(address):
            per_minute = DEFAULT
        if not per_minute:
            return
        caller = f"key {key.id}" if key else f"from {_household(address)}"
        if wait := self._rates.wait_s(caller, per_minute):
            detail = f"{'This key has' if key else 'You have'} asked more than {per_minute:,} times a minute. Ask later"
            raise falcon.HTTPTooManyRequests(
                description=f"{detail}{'.' if key else ', or show a key.'}", retry_after=math.ceil(wait)
            )


def address_of(req: Request, proxies: int) -> str:
    """Where a request came from.

    Args:
        proxies: how many proxies of ours stand before the service; what was written before the first of them came
            from outside, and is not believed.
    """
    written = req.get_header("X-Forwarded-For")
    path = [*(part.strip() for part in (written or "").split(",") if part.strip()), req.remote_addr]
    return path[max(0, len(path) - 1 - proxies)]


def _household(address: str) -> str:
    found = _parsed(address)
    if isinstance(found, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((found, _SHARED_BITS), strict=False))
    return address[:100] if found is None else str(found)


def _is_local(address: str) -> bool:
    found = _parsed(address)
    return found is not None and found.is_loopback


def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """An address; one of version 4 that is written in version 6 is one of version 4."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, ipaddress.IPv6Address) else found
