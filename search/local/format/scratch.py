"""Memory that questions and segments are worked out in, used again and again.

A large array that is allocated anew costs a page fault every four kilobytes, more than most loops over it. So a
question borrows a `Scratch`, takes arrays from it, and gives it back; as many are made as there are questions at one
time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray

SPARSE = 16
"""How many times fewer are few: then lists are walked, else tables over all articles are filled."""
ALIGNMENT = 64
_START = 1 << 20
_KEPT = 4
"""Scratches that are kept for later."""


class Scratch:
    """Memory that arrays are taken from, until all are given back together."""

    def __init__(self) -> None:
        self._memory = np.empty(_START, np.uint8)
        self._used = 0

    def take(self, size: int, dtype: DTypeLike) -> NDArray[Any]:
        """An array of any content, valid until `clear`."""
        bytes_ = size * np.dtype(dtype).itemsize
        start = self._used
        self._used = start + bytes_ + (-bytes_ % ALIGNMENT)
        if self._used > len(self._memory):
            return np.empty(size, dtype)
        return self._memory[start : start + bytes_].view(dtype)

    def zeros(self, size: int, dtype: DTypeLike) -> NDArray[Any]:
        """An array of zeros."""
        array = self.take(size, dtype)
        array.fill(0)
        return array

    def clear(self) -> None:
        """Take all arrays back; what did not fit will fit the next time."""
        if self._used > len(self._memory):
            self._memory = np.empty(self._used + self._used // 4, np.uint8)
        self._used = 0


class Scratches:
    """Those that no question is using."""

    def __init__(self) -> None:
        self._free: list[Scratch] = []

    def borrow(self) -> Scratch:
        """One for a question."""
        try:
            return self._free.pop()
        except IndexError:
            return Scratch()

    @contextmanager
    def lent(self) -> Iterator[Scratch]:
        """One as long as it lasts."""
        scratch = self.borrow()
        try:
            yield scratch
        finally:
            self.give_back(scratch)

    def give_back(self, scratch: Scratch) -> None:
        """Take it back; no array of it may be used any more."""
        scratch.clear()
        if len(self._free) < _KEPT:
            self._free.append(scratch)
