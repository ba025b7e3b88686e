"""How often one caller may ask, and for how much: a caller is a key, or else an address.

Everyone may ask as often as a minute allows at once, and goes on at that pace. A request counts once, and once more for
each `COST_S` of processor time that it took, so a few expensive ones cost as much as many cheap ones. What is no
request that can be read counts for the address it came from (see `worker`). The times are in memory that the master has
before it makes its workers, so that all of them count together. A caller is a place among `PLACES`, by a hash that is
another one after each start; two who share a place share its pace.
"""

from __future__ import annotations

import ipaddress
import math
import mmap
import secrets
import threading
import time
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from typing import NamedTuple

import falcon
from falcon import Request, Response

from service.auth import Door
from service.settings import Settings

PLACES = 1 << 16
MINUTE_S = 60.0
DEFAULT = 600
"""Requests a minute without a key, where no setting says how many: of other machines, since who is on this one has
better ways to hold it up."""
COST_S = 0.05
"""Processor time that counts as one more request."""
UNCOUNTED = frozenset({"/healthz", "/readyz"})
"""Paths that those ask who watch."""
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
        place = self._place(caller)
        step, now = MINUTE_S / per_minute, time.monotonic()
        with self._lock:
            due = max(self._due[place], now)
            early = due - now - (MINUTE_S - step)
            if early > 1e-6:
                return early
            self._due[place] = due + step
        return 0.0

    def charge(self, caller: str, per_minute: int, times: int) -> None:
        """Count as if a caller had asked so many times more."""
        place = self._place(caller)
        with self._lock:
            self._due[place] = max(self._due[place], time.monotonic()) + times * MINUTE_S / per_minute

    def _place(self, caller: str) -> int:
        digest = blake2b(caller.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=8).digest()
        return int.from_bytes(digest, "big") % PLACES


class Throttle:
    """Answers 429 to who asks too often or for too much, and says when to ask again."""

    def __init__(self, door: Door, rates: Rates, settings: Settings) -> None:
        self._door = door
        self._rates = rates
        self._settings = settings

    def process_request(self, req: Request, _resp: Response) -> None:
        """Count the request, whatever it asks for: what is not there and what is refused take time as well."""
        if req.path in UNCOUNTED:
            return
        key = self._door.known(req)
        pace = pace_of(self._settings, address_of(req, self._settings.proxies), key.id if key else None)
        if pace is None:
            return
        if wait := self._rates.wait_s(*pace):
            detail = f"{'This key has' if key else 'You have'} asked more than {pace.per_minute:,} times a minute"
            way_out = "Ask later." if key else "Ask later, or show a key."
            raise falcon.HTTPTooManyRequests(
                description=f"{detail}, where {1000 * COST_S:.0f} ms of processor time count as one more. {way_out}",
                retry_after=math.ceil(wait),
            )
        req.context.charged = _Charged(self._rates, pace)

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Charge the time that it took, and what a stream will take; Falcon calls it when there is an answer."""
        charged: _Charged | None = req.context.get("charged")
        if charged is None:
            return
        charged.stop()
        if resp.stream is not None and not hasattr(resp.stream, "read"):  # a file costs nothing, and is sent as one
            resp.stream = _Metered(resp.stream, charged)


class Pace(NamedTuple):
    """Who asks, and how often that caller may."""

    caller: str
    per_minute: int


def pace_of(settings: Settings, address: str, key_id: str | None = None) -> Pace | None:
    """The pace of a key, or else of an address; None where it may ask as often as it likes."""
    per_minute = settings.key_rate if key_id else settings.anonymous_rate
    if key_id is None and not per_minute and not _is_local(address):
        per_minute = DEFAULT
    if not per_minute:
        return None
    return Pace(f"key {key_id}" if key_id else f"from {_household(address)}", per_minute)


class _Charged:
    """The processor time of one request, from when it is made; charged whenever it stops."""

    def __init__(self, rates: Rates, pace: Pace) -> None:
        self._rates = rates
        self._pace = pace
        self._used = 0.0
        self._turns = 0
        self._began = time.thread_time()

    def start(self) -> None:
        """Go on counting, in this thread."""
        self._began = time.thread_time()

    def stop(self) -> None:
        """Charge what has been used since, in whole turns."""
        self._used += time.thread_time() - self._began
        if more := int(self._used / COST_S) - self._turns:
            self._turns += more
            self._rates.charge(*self._pace, more)


class _Metered:
    """A stream whose making is charged piece by piece."""

    def __init__(self, chunks: Iterable[bytes], charged: _Charged) -> None:
        self._chunks = chunks
        self._charged = charged

    def __iter__(self) -> Iterator[bytes]:
        chunks = iter(self._chunks)
        while True:
            self._charged.start()
            try:
                chunk: bytes = next(chunks)
            except StopIteration:
                return
            finally:
                self._charged.stop()
            yield chunk

    def close(self) -> None:
        """Let go of what it is read from; the server calls it."""
        close = getattr(self._chunks, "close", None)
        if close is not None:
            close()


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
