"""What was computed of an edition of the index, and is right as long as that is the one in use."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(Generic[V]):
    """The last values, by key; all are forgotten with their edition. Safe to share between threads.

    Args:
        most: how many are remembered.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._edition: Hashable = None
        self._values: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, edition: Hashable, key: Hashable, compute: Callable[[], V]) -> V:
        """The value for a key in an edition, computed if it is not known. What `compute` raises is raised."""
        with self._lock:
            if edition != self._edition:
                self._edition = edition
                self._values.clear()
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = compute()
        with self._lock:
            if edition == self._edition:
                self._values[key] = value
                if len(self._values) > self._most:
                    self._values.popitem(last=False)
        return value
