"""A queue in which callers take turns, and each has a share: a client with a hundred requests waits for them alone."""

from __future__ import annotations

import threading
from collections import Counter, OrderedDict, deque
from typing import Generic, Literal, TypeVar

MOST = 64
"""Requests that may wait."""
SHARE = 8
"""Those of one caller."""
RETRY_AFTER_S = 10

T = TypeVar("T")


class FairQueue(Generic[T]):
    """What waits, by caller; safe to share between threads.

    Args:
        at_work: how many of one caller may be taken at a time.
        share: how many of one caller may wait.
        most: how many may wait.
    """

    def __init__(self, at_work: int, share: int = SHARE, most: int = MOST) -> None:
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()
        self._taken: Counter[str] = Counter()
        self._at_work = at_work
        self._share = share
        self._most = most

    def put(self, caller: str, one: T) -> Literal["waits", "share", "full"]:
        """Queue one of a caller, unless he has his share already, or there are too many of all."""
        with self._lock:
            if len(self._waiting.get(caller, ())) >= self._share:
                return "share"
            if sum(map(len, self._waiting.values())) >= self._most:
                return "full"
            self._waiting.setdefault(caller, deque()).append(one)
            return "waits"

    def take(self) -> tuple[str, T] | None:
        """The first of the caller whose turn it is, with him; None if those who wait have enough at work already."""
        with self._lock:
            caller = next((one for one in self._waiting if self._taken[one] < self._at_work), None)
            if caller is None:
                return None
            own = self._waiting.pop(caller)
            first = own.popleft()
            if own:
                self._waiting[caller] = own  # behind the others
            self._taken[caller] += 1
            return caller, first

    def done(self, caller: str) -> None:
        """One of a caller's is no longer at work."""
        with self._lock:
            self._taken[caller] -= 1
            if not self._taken[caller]:
                del self._taken[caller]
