"""Strings as arrays: their bytes one after another, and the end of each.

So thousands of them are numbered by one call, and cross to another process as two arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.local.kernels import strings as kernels
from search.local.write.runs import grown

_START = 1 << 6


@dataclass(frozen=True, slots=True)
class Strings:
    """Some strings.

    Attributes:
        data: uint8, the strings in UTF-8.
        ends: int64, the end of each.
    """

    data: NDArray[np.uint8]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, names: Sequence[str]) -> Strings:
        """Strings of Python.

        Raises:
            UnicodeEncodeError: if one is not valid text.
        """
        together = "".join(names)
        encoded = together.encode()
        sizes = names if len(encoded) == len(together) else [name.encode() for name in names]
        ends = np.fromiter(map(len, sizes), np.int64, len(names)).cumsum()
        return cls(np.array(np.frombuffer(encoded, np.uint8)), ends)

    def __len__(self) -> int:
        return len(self.ends)

    def __getitem__(self, number: int) -> bytes:
        begin = int(self.ends[number - 1]) if number else 0
        return self.data[begin : int(self.ends[number])].tobytes()

    def some(self, numbers: NDArray[np.int64]) -> Strings:
        """Those with some numbers, in that order."""
        begins = np.where(numbers > 0, self.ends[numbers - 1], 0)
        out = Strings(np.empty(int((self.ends[numbers] - begins).sum()), np.uint8), np.empty(len(numbers), np.int64))
        kernels.gather(self.data, self.ends, numbers, out.data, out.ends)
        return out

    def since(self, number: int) -> Strings:
        """Those from a number on."""
        begin = int(self.ends[number - 1]) if number else 0
        return Strings(self.data[begin:].copy(), self.ends[number:] - begin)

    def spelled(self) -> list[bytes]:
        """Each as bytes."""
        data, ends = self.data.tobytes(), self.ends.tolist()
        return [data[begin:end] for begin, end in zip([0, *ends], ends, strict=False)]


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
    """A hash table of `search.local.kernels.strings`.

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
