"""Working memory for queries and segments, reused.

A large new array costs a page fault every four kilobytes, more than most loops over it. So a query borrows a `Scratch`,
takes arrays from it, and gives it back; there are as many as concurrent queries.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

SPARSE = 16
"""A list this many times shorter than another is sparse and walked; for others, tables over all articles are filled."""
FEW = 64
"""Two lists together this many times shorter than a table over all articles are walked, whatever their lengths."""
ALIGNMENT = 64
_START = 1 << 20
_MAX_FREE = 4
"""Maximum number of unused scratches."""


def tabled(wanted: int, listed: int, size: int) -> bool:
    """True if some articles of a list are found by a table over all `size` articles, and not by walking along both."""
    return wanted * SPARSE >= listed and (wanted + listed) * FEW >= size


class Scratch:
    """Memory that arrays are taken from, until all are released together."""

    def __init__(self) -> None:
        self._memory = np.empty(_START, np.uint8)
        self._used = self._most = 0
        self._blank = np.zeros(0, np.uint32)

    def blank(self, size: int) -> NDArray[np.uint32]:
        """Counters that are 0, and that a caller must set back to 0: if few of them are used, nothing is filled."""
        if size > len(self._blank):
            self._blank = np.zeros(size + size // 4, np.uint32)
        return self._blank[:size]

    def take(self, size: int, dtype: DTypeLike) -> NDArray[Any]:
        """An uninitialized array, valid until `clear`."""
        bytes_ = size * np.dtype(dtype).itemsize
        start = self._used
        self._used = start + bytes_ + (-bytes_ % ALIGNMENT)
        self._most = max(self._most, self._used)
        if self._used > len(self._memory):
            return np.empty(size, dtype)
        return self._memory[start : start + bytes_].view(dtype)

    def zeros(self, size: int, dtype: DTypeLike) -> NDArray[Any]:
        """An array of zeros."""
        array = self.take(size, dtype)
        array.fill(0)
        return array

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Release what is taken in a block when it ends."""
        before = self._used
        try:
            yield
        finally:
            self._used = before

    def clear(self) -> None:
        """Release all arrays; the memory grows so that what did not fit will fit the next time."""
        if self._most > len(self._memory):
            self._memory = np.empty(self._most + self._most // 4, np.uint8)
        self._used = self._most = 0


class Scratches:
    """A pool of unused scratches."""

    def __init__(self) -> None:
        self._free: list[Scratch] = []

    def borrow(self) -> Scratch:
        """A scratch for a query."""
        try:
            return self._free.pop()
        except IndexError:
            return Scratch()

    @contextmanager
    def lent(self) -> Iterator[Scratch]:
        """A scratch for the duration of a block."""
        scratch = self.borrow()
        try:
            yield scratch
        finally:
            self.give_back(scratch)

    def give_back(self, scratch: Scratch) -> None:
        """Return a scratch to the pool; its arrays may no longer be used."""
        scratch.clear()
        if len(self._free) < _MAX_FREE:
            self._free.append(scratch)
