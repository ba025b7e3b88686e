"""A queue in which callers take turns, and each has a share: whoever sends a hundred requests waits for them alone."""

from __future__ import annotations

import threading
from collections import OrderedDict, deque
from typing import Generic, Literal, TypeVar

MOST = 64
"""Requests that may wait."""
SHARE = 8
"""Those of one caller."""
RETRY_AFTER_S = 10

T = TypeVar("T")


class FairQueue(Generic[T]):
    """What waits, by caller; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: OrderedDict[str, deque[T]] = OrderedDict()

    def put(self, caller: str, one: T) -> Literal["waits", "share", "full"]:
        """Queue one of a caller, unless he has his share already, or there are too many of all."""
        with self._lock:
            if len(self._waiting.get(caller, ())) >= SHARE:
                return "share"
            if sum(map(len, self._waiting.values())) >= MOST:
                return "full"
            self._waiting.setdefault(caller, deque()).append(one)
            return "waits"

    def take(self) -> T:
        """The next one, which must be there: the first of the caller whose turn it is."""
        with self._lock:
            caller, own = self._waiting.popitem(last=False)
            one = own.popleft()
            if own:
                self._waiting[caller] = own  # behind the others
            return one
