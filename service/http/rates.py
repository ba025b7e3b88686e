"""Rate limits for callers; a caller is a key, or else an address.

A caller may send the requests of a minute in a burst, and then continues at that rate. A request counts once, and once
more for each `COST_S` of CPU time, so a few expensive ones cost as much as many cheap ones: what is estimated (see
`lanes`) before it runs, and the rest as it is used. A picture, of which a page may have a hundred, counts as a tenth,
and so does a tenth of that time. A malformed request counts
for its address (see `worker`). The times are in memory that the master allocates before it forks its workers, so that
they share them. A caller is hashed to one of `PLACES` slots, with a new seed at each start; callers in one slot share
its rate.
"""

from __future__ import annotations

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

from service.http.auth import Authorization
from service.http.callers import address_of, household, is_local
from service.http.lanes import Lanes
from service.settings import Settings

PLACES = 1 << 16
MINUTE_S = 60.0
DEFAULT = 600
"""The default of requests per minute without a key, for other machines; a local user has better ways to overload this
one."""
COST_S = 0.05
"""CPU time that counts as one more request."""
MOST_AHEAD = 20
"""As how many requests one counts at most before it runs: an estimate is right in its order of magnitude."""
UNCOUNTED = frozenset({"/healthz", "/readyz"})
"""Paths for monitoring."""


class Rates:
    """The time of each caller's next request; shared by the processes that are forked later."""

    def __init__(self) -> None:
        self._due = memoryview(mmap.mmap(-1, 8 * PLACES)).cast("d")
        self._salt = secrets.token_bytes(16)
        self._lock = threading.Lock()  # two processes at the same moment may miss one request

    def wait_s(self, caller: str, per_minute: int, times: float = 1) -> float:
        """Count a request. Returns the seconds until it is allowed, 0 if it is allowed now.

        Args:
            times: as how many it counts; it is allowed where one would be.
        """
        place = self._place(caller)
        step, now = MINUTE_S / per_minute, time.monotonic()
        with self._lock:
            due = max(self._due[place], now)
            early = due - now - (MINUTE_S - step)
            if early > 1e-6:
                return early
            self._due[place] = due + times * step
        return 0.0

    def charge(self, caller: str, per_minute: int, times: float) -> None:
        """Count that many more requests of a caller; fewer, if it is negative."""
        place = self._place(caller)
        with self._lock:
            self._due[place] = max(self._due[place], time.monotonic()) + times * MINUTE_S / per_minute

    def _place(self, caller: str) -> int:
        digest = blake2b(caller.encode("utf-8", "surrogatepass"), key=self._salt, digest_size=8).digest()
        return int.from_bytes(digest, "big") % PLACES


class Throttle:
    """Responds with 429 to callers over their rate, with the time to try again."""

    def __init__(self, authorization: Authorization, rates: Rates, settings: Settings, lanes: Lanes) -> None:
        self._authorization = authorization
        self._lanes = lanes
        self._rates = rates
        self._settings = settings

    def process_request(self, req: Request, _resp: Response) -> None:
        """Count every request, since missing pages and refusals take time as well."""
        if req.path in UNCOUNTED:
            return
        key = self._authorization.known(req)
        limit = limit_of(self._settings, address_of(req, self._settings.in_front), key.id if key else None)
        if limit is None:
            return
        weight = self._lanes.weight(req.path)
        ahead = min(MOST_AHEAD, int(self._lanes.estimate_ms(req.path, req.query_string) / (1000 * COST_S)))
        if wait := self._rates.wait_s(*limit, times=weight + ahead):
            detail = f"{'This key has' if key else 'You have'} sent more than {limit.per_minute:,} requests per minute"
            hint = "Try again later." if key else "Try again later, or send a key."
            raise falcon.HTTPTooManyRequests(
                description=f"{detail}, where {1000 * COST_S:.0f} ms of CPU time count as one more. {hint}",
                retry_after=math.ceil(wait),
            )
        req.context.charged = _Charged(self._rates, limit, ahead, weight)

    def process_response(self, req: Request, resp: Response, _resource: object, _succeeded: bool) -> None:
        """Charge the time of the request and, later, of its stream; Falcon calls it when there is a response."""
        charged: _Charged | None = req.context.get("charged")
        if charged is None:
            return
        charged.stop()
        if resp.stream is not None and not hasattr(resp.stream, "read"):  # a file costs nothing and is sent unchanged
            resp.stream = _Metered(resp.stream, charged)


class Limit(NamedTuple):
    """A caller and its rate."""

    caller: str
    per_minute: int


def limit_of(settings: Settings, address: str, key_id: str | None = None) -> Limit | None:
    """The rate of a key, or else of an address; None if it is unlimited."""
    per_minute = settings.key_rate if key_id else settings.anonymous_rate
    if key_id is None and not per_minute and not is_local(address):
        per_minute = DEFAULT
    if not per_minute:
        return None
    return Limit(f"key {key_id}" if key_id else f"from {household(address)}", per_minute)


class _Charged:
    """The CPU time of one request since its creation; charged whenever it stops.

    Args:
        ahead: in requests, what was charged before it ran.
        step: the part of a request that is charged at once.
    """

    def __init__(self, rates: Rates, limit: Limit, ahead: int = 0, step: float = 1.0) -> None:
        self._rates = rates
        self._limit = limit
        self._used = 0.0
        self._step = step
        self._steps = round(ahead / step)
        self._began = time.thread_time()

    def start(self) -> None:
        """Continue counting, in this thread."""
        self._began = time.thread_time()

    def stop(self) -> None:
        """Charge the time used since, in whole steps; give back what was charged ahead and not used."""
        self._used += time.thread_time() - self._began
        if more := int(self._used / (COST_S * self._step)) - self._steps:
            self._steps += more
            self._rates.charge(*self._limit, more * self._step)


class _Metered:
    """A stream whose CPU time is charged chunk by chunk."""

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
        """Close the stream it reads from; the server calls it."""
        close = getattr(self._chunks, "close", None)
        if close is not None:
            close()
