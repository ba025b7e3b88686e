"""Splits texts into runs of bytes, and numbers different ones.

A run is what stands between bytes that occur in no word. What is true of a run by itself is found once, by its number.
"""

from __future__ import annotations

from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.jit.arguments import DistinctRuns
from search.kernels import word_splitting as kernels

_START = 1 << 12
_LINE = 64
"""Bytes of a cache line."""

T = TypeVar("T", bound=np.generic)


class Runs:
    """The different runs so far.

    Args:
        kinds: uint8, 256: the class of each byte; see `kernels.words.cut`.

    Attributes:
        known: their number.
        table: of slots; see `kernels.words.number_runs`.
    """

    def __init__(self, kinds: NDArray[np.uint8]) -> None:
        self._kinds = kinds
        self.known = 0
        self._slots = 1 << 10
        self.table = _table(self._slots)
        self._ends = np.empty(_START, np.int64)
        self._blob = np.empty(16 * _START, np.uint8)
        self._keys = np.empty((2, 0), np.uint64)
        self._spans = np.empty((2, 0), np.uint32)
        self._found = np.empty((2, 0), np.uint32)

    def number(self, data: NDArray[np.uint8], ends: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Number the runs of texts, one after the other.

        Args:
            ends: the end of each.

        Returns:
            The number of runs up to the end of each text, and the slot of each run that is new.
        """
        self._make_way(len(data) // 2 + len(ends))
        run_ends = np.empty(len(ends), np.int64)
        runs = (*self._keys, *self._spans)
        count = kernels.cut(data, ends, self._kinds, runs, run_ends)
        self._make_room(count, len(data))
        before, places = self.known, np.empty(count, np.int64)
        spelled = (self._blob, self._ends)
        self.known = kernels.number_runs(
            data, runs, count, self.table, self._shift, spelled, before, self.found, places
        )
        return run_ends, places[: self.known - before]

    @property
    def starts(self) -> NDArray[np.uint32]:
        """The first byte of each run of the texts numbered last."""
        starts: NDArray[np.uint32] = self._spans[0]
        return starts

    @property
    def sizes(self) -> NDArray[np.uint32]:
        """The bytes of each run of the texts numbered last."""
        sizes: NDArray[np.uint32] = self._spans[1]
        return sizes

    @property
    def found(self) -> DistinctRuns:
        """The word and the number of each of them; see `kernels.words.number_runs`."""
        return (*self._found,)

    def since(self, first: int) -> tuple[bytes, list[int]]:
        """The runs from a number on, one after the other, and the end of each."""
        begin = int(self._ends[first - 1]) if first else 0
        ends = self._ends[first : self.known]
        return self._blob[begin : ends[-1] if len(ends) else begin].tobytes(), (ends - begin).tolist()

    @property
    def memory(self) -> int:
        """Bytes of its tables."""
        return self.table.nbytes + self._ends.nbytes + self._blob.nbytes

    @property
    def _shift(self) -> np.uint64:
        return np.uint64(65 - self._slots.bit_length())

    def _make_way(self, runs: int) -> None:
        """Make room for the results of this many runs."""
        if runs > self._keys.shape[1]:
            self._keys = np.empty((2, 2 * runs), np.uint64)
            self._spans, self._found = (np.empty((2, 2 * runs), np.uint32) for _ in range(2))

    def _make_room(self, runs: int, size: int) -> None:
        """Make room for this many more runs, with this many bytes."""
        needed = self.known + runs
        if needed > len(self._ends):
            self._ends = grown(self._ends, needed)
        if 2 * needed > self._slots:
            self._slots = 1 << (2 * needed).bit_length()
            old, self.table = self.table, _table(self._slots)
            kernels.move(old, self.table, self._shift)
        used = int(self._ends[self.known - 1]) if self.known else 0
        if used + size > len(self._blob):
            self._blob = grown(self._blob, used + size)


def _table(slots: int) -> NDArray[np.uint64]:
    """A table of free slots, aligned so that none spans two cache lines."""
    size = 8 * kernels.SLOT * slots
    room = np.zeros(size + _LINE, np.uint8)
    begin = -room.ctypes.data % _LINE
    return room[begin : begin + size].view(np.uint64)


def grown(array: NDArray[T], needed: int) -> NDArray[T]:
    """A copy with room for this many, or for twice as many as before."""
    larger = np.empty(max(2 * len(array), needed), array.dtype)
    larger[: len(array)] = array
    return larger
