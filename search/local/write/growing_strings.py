"""Lists of strings that grow, and hash tables of them."""

from __future__ import annotations

import numpy as np

from search.kernels import string_numbers as kernels
from search.kernels.runs import grown
from search.local.format.string_arrays import Strings

_START = 1 << 6


class StringList:
    """A list of strings that grows.

    Attributes:
        data, ends: as of `Strings`, with room for more.
        known: int64, one number: that of the strings.
    """

    def __init__(self) -> None:
        self.data = np.empty(8 * _START, np.uint8)
        self.ends = np.empty(_START, np.int64)
        self.known = np.zeros(1, np.int64)

    def __len__(self) -> int:
        return int(self.known[0])

    @property
    def all(self) -> Strings:
        """All of them, without a copy."""
        ends = self.ends[: len(self)]
        return Strings(self.data[: ends[-1] if len(ends) else 0], ends)

    def make_room(self, strings: Strings) -> None:
        """Make room for some more."""
        size = len(self)
        used = int(self.ends[size - 1]) if size else 0
        if size + len(strings) > len(self.ends):
            self.ends = grown(self.ends, size + len(strings))
        if used + len(strings.data) > len(self.data):
            self.data = grown(self.data, used + len(strings.data))

    def append(self, strings: Strings) -> None:
        """Add strings at the end."""
        self.make_room(strings)
        size, more = len(self), len(strings)
        used = int(self.ends[size - 1]) if size else 0
        self.data[used : used + len(strings.data)] = strings.data
        self.ends[size : size + more] = strings.ends + used
        self.known[0] = size + more


class HashTable:
    """A hash table of `search.kernels.string_numbers`.

    Attributes:
        slots: uint64, the table.
    """

    def __init__(self) -> None:
        self.slots = np.zeros(2 * kernels.SLOT * _START, np.uint64)

    def reach(self, entries: int) -> None:
        """Make room for this many entries."""
        if 2 * kernels.SLOT * entries > len(self.slots):
            larger = np.zeros(kernels.SLOT << (2 * entries).bit_length(), np.uint64)
            kernels.move(self.slots, larger)
            self.slots = larger
