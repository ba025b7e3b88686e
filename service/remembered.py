"""What was computed of a generation of the index, and is right as long as that is the last one."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

V = TypeVar("V")


class Remembered(Generic[V]):
    """The last values, by key; all are forgotten with their generation. Safe to share between threads.

    Args:
        most: how many are remembered.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = threading.Lock()
        self._generation = -1
        self._values: OrderedDict[Hashable, V] = OrderedDict()

    def get(self, generation: int, key: Hashable, compute: Callable[[], V]) -> V:
        """The value for a key in a generation, computed if it is not known. What `compute` raises is raised."""
        with self._lock:
            if generation > self._generation:
                self._generation = generation
                self._values.clear()
            if generation == self._generation and key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = compute()
        with self._lock:
            if generation == self._generation:
                self._values[key] = value
                if len(self._values) > self._most:
                    self._values.popitem(last=False)
        return value
