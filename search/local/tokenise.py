"""Texts in, numbers of words out, at the speed of the machine.

A text is cut at ASCII bytes that are in no word; what stands between is a run, such as `Blinken’s` or `—`.
`search.text` says which words a run holds, once for each different run; from then on it is a number that stands for
numbers. As no word spans such a byte, the words are those that `text.tokens` gives for the whole text: a property test
holds it so.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.local import kernels
from search.text import tokens

_KINDS = np.array([byte >= 128 or chr(byte).isalnum() or byte == ord("'") for byte in range(256)], np.uint8)
_START = 1 << 12

T = TypeVar("T", bound=np.generic)

Number = Callable[[str], tuple[int, int]]
"""Gives the numbers of a folded word: of its stem, and of itself."""


class Tokeniser:
    """Numbers the words of texts in one language."""

    def __init__(self, number: Number) -> None:
        self._number = number
        self._known = 0
        self._words = 0
        self._longest = 1
        self._table = np.full(4 * _START, -1, np.int32)
        self._hashes = np.empty(_START, np.uint64)
        self._ends = np.empty(_START, np.int64)
        self._blob = np.empty(16 * _START, np.uint8)
        self._word_ends = np.empty(_START, np.int64)
        self._stems = np.empty(_START, np.uint32)
        self._forms = np.empty(_START, np.uint32)

    def __call__(self, text: str) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
        """The stems and the forms of a text's words, in order."""
        data = np.frombuffer(text.encode("utf-8", "surrogatepass"), np.uint8)
        most = len(data) // 2 + 1
        self._make_room(most, len(data))
        runs = np.empty(most, np.int32)
        before = self._known
        size, self._known = kernels.scan(
            data, _KINDS, self._table, self._hashes, self._blob, self._ends, self._known, runs
        )
        for run in range(before, self._known):
            self._learn(run)
        runs = runs[:size]
        stems, forms = (np.empty(size * self._longest, np.uint32) for _ in range(2))
        count = kernels.spell(runs, self._word_ends, self._stems, self._forms, stems, forms)
        return stems[:count], forms[:count]

    def _learn(self, run: int) -> None:
        start = int(self._ends[run - 1]) if run else 0
        text = self._blob[start : int(self._ends[run])].tobytes().decode("utf-8", "surrogatepass")
        numbers = [self._number(token.word) for token in tokens(text)]
        self._longest = max(self._longest, len(numbers))
        end = self._words + len(numbers)
        if end > len(self._stems):
            self._stems, self._forms = (_grown(array, end) for array in (self._stems, self._forms))
        for place, (stem, form) in enumerate(numbers, self._words):
            self._stems[place], self._forms[place] = stem, form
        self._word_ends[run] = self._words = end

    def _make_room(self, runs: int, size: int) -> None:
        needed = self._known + runs
        if needed > len(self._hashes):
            self._hashes = _grown(self._hashes, needed)
            self._ends = _grown(self._ends, needed)
            self._word_ends = _grown(self._word_ends, needed)
        if 2 * needed > len(self._table):
            self._table = np.full(1 << (4 * needed).bit_length(), -1, np.int32)
            kernels.rehash(self._hashes, self._known, self._table)
        used = int(self._ends[self._known - 1]) if self._known else 0
        if used + size > len(self._blob):
            self._blob = _grown(self._blob, used + size)


def _grown(array: NDArray[T], needed: int) -> NDArray[T]:
    larger = np.empty(max(2 * len(array), needed), array.dtype)
    larger[: len(array)] = array
    return larger
