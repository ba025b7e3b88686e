"""Strings as arrays: their bytes one after another, and the end of each.

So thousands of them are numbered, sorted and written by one call, and cross to another process as two arrays.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from search.kernels import string_numbers as kernels

DEPTH = 16 * 7
"""Bytes of strings that are compared as arrays."""


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

    @classmethod
    def encoded(cls, names: Sequence[bytes]) -> Strings:
        """Strings that are encoded already."""
        ends = np.fromiter(map(len, names), np.int64, len(names)).cumsum()
        return cls(np.frombuffer(b"".join(names), np.uint8), ends)

    @classmethod
    def joined(cls, pieces: Sequence[Strings]) -> Strings:
        """Several, one after the other."""
        befores = np.cumsum([0, *(len(piece.data) for piece in pieces)])
        ends = [piece.ends + before for piece, before in zip(pieces, befores, strict=False)]
        data = np.concatenate([np.empty(0, np.uint8), *(piece.data for piece in pieces)])
        return cls(data, np.concatenate([np.empty(0, np.int64), *ends]))

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

    def order(self) -> NDArray[np.int64]:
        """The numbers of all, in the order of their bytes; equal ones stay as they are.

        Some bytes of all are compared at a time, then the next ones of those that are alike so far. Cost: some 100 ns a
        string, a third of a list's; the rest of those that are alike in many bytes are sorted as a list.
        """
        order, places, groups = np.arange(len(self)), np.arange(len(self)), np.zeros(len(self), np.int64)
        for depth in range(0, DEPTH, kernels.KEY):
            if not len(places):
                return order
            keys = np.empty(len(places), np.uint64)
            kernels.keys(self.data, self.ends, order[places], depth, keys)
            sort = np.lexsort((keys, groups)) if depth else np.argsort(keys, kind="stable")
            order[places], keys = order[places][sort], keys[sort]
            alike = (keys[1:] == keys[:-1]) & (groups[1:] == groups[:-1]) & (keys[1:] & kernels.SIZE == kernels.SIZE)
            before, after = np.append(False, alike), np.append(alike, False)
            left = before | after
            places, groups = places[left], np.cumsum(~before)[left]
        spelled = self.some(order[places]).spelled()
        sort = np.array(sorted(range(len(places)), key=lambda at: (groups[at], spelled[at])), np.int64)
        order[places] = order[places][sort]
        return order
