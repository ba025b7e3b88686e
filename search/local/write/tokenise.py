"""Texts in, numbers of words out, at the speed of the machine.

A text is split at ASCII bytes that occur in no word; a piece in between is a run, such as `Blinken’s` or `—`.
`search.text` splits each different run into words once; from then on it is a number that represents numbers of words.
As no word spans such a byte, the words are those that `text.tokens` finds in the whole text: a property test checks
that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.local.kernels import words as kernels
from search.text import MAX_WORD, tokens

_KINDS = np.array([byte >= 128 or chr(byte).isalnum() or byte == ord("'") for byte in range(256)], np.uint8)
_START = 1 << 12
_LINE = 64
"""Bytes of a cache line."""

T = TypeVar("T", bound=np.generic)

Number = Callable[[Sequence[str]], Sequence[int]]
"""Returns the numbers of folded words."""


class Stream:
    """Numbers of words, one text after the other; memory grows as needed."""

    def __init__(self) -> None:
        self.data = np.empty(_START, np.uint32)
        self.size = 0

    def room(self, size: int) -> None:
        """Make room for this many more."""
        if self.size + size > len(self.data):
            self.data = grown(self.data, self.size + size)


class Tokeniser:
    """Numbers the words of texts in one language."""

    def __init__(self, number: Number) -> None:
        self._number = number
        self._known = 0
        self._words_used = 0
        self._slots = 1 << 10
        self._table = _table(self._slots)
        self._ends = np.empty(_START, np.int64)
        self._blob = np.empty(16 * _START, np.uint8)
        self._word_ends = np.empty(_START, np.int64)
        self._words = np.empty(_START, np.uint32)
        self._keys = np.empty((2, 0), np.uint64)
        self._spans = np.empty((2, 0), np.uint32)
        self._found = np.empty((2, 0), np.uint32)

    def __call__(self, texts: Sequence[bytes], stream: Stream) -> NDArray[np.int64]:
        """Append the words of UTF-8 texts to a stream. Returns the number of words of each (int64)."""
        data = np.frombuffer(b"".join(texts), np.uint8)
        ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
        self._make_way(len(data) // 2 + len(texts))
        run_ends = np.empty(len(texts), np.int64)
        runs = (*self._keys, *self._spans)
        count = kernels.cut(data, ends, _KINDS, runs, run_ends)
        self._make_room(count, len(data))
        before, places = self._known, np.empty(count, np.int64)
        spelled, found = (self._blob, self._ends), (*self._found,)
        self._known = kernels.number_runs(data, runs, count, self._table, self._shift, spelled, before, found, places)
        if self._known > before:
            self._learn(before, places[: self._known - before])
        stream.room(kernels.count_spelled(found, count, self._word_ends))
        sizes = np.empty(len(texts), np.int64)
        stream.size = kernels.spell(found, run_ends, self._word_ends, self._words, stream.data, stream.size, sizes)
        return sizes

    @property
    def memory(self) -> int:
        """Bytes of its tables."""
        return sum(part.nbytes for part in (self._table, self._ends, self._blob, self._word_ends, self._words))

    @property
    def _shift(self) -> np.uint64:
        return np.uint64(65 - self._slots.bit_length())

    def _learn(self, first: int, places: NDArray[np.int64]) -> None:
        """Number the words of the new runs, from `first` on, and write them to their slots."""
        begin = int(self._ends[first - 1]) if first else 0
        ends = self._ends[first : self._known]
        words, counts = _words_of(self._blob[begin : ends[-1]].tobytes(), (ends - begin).tolist())
        numbers = np.array(self._number(words), np.uint32)
        if (used := self._words_used + len(numbers)) > len(self._words):
            self._words = grown(self._words, used)
        self._words[self._words_used : used] = numbers
        word_ends = np.cumsum(counts)
        self._word_ends[first : self._known] = self._words_used + word_ends
        single = np.array(counts) == 1
        self._table[places[single] * kernels.SLOT + 3] = numbers[word_ends[single] - 1]
        self._words_used = used

    def _make_way(self, runs: int) -> None:
        """Make room for the results of this many runs."""
        if runs > self._keys.shape[1]:
            self._keys = np.empty((2, 2 * runs), np.uint64)
            self._spans, self._found = (np.empty((2, 2 * runs), np.uint32) for _ in range(2))

    def _make_room(self, runs: int, size: int) -> None:
        """Make room for this many more runs, with this many bytes."""
        needed = self._known + runs
        if needed > len(self._ends):
            self._ends = grown(self._ends, needed)
            self._word_ends = grown(self._word_ends, needed)
        if 2 * needed > self._slots:
            self._slots = 1 << (2 * needed).bit_length()
            old, self._table = self._table, _table(self._slots)
            kernels.move(old, self._table, self._shift)
        used = int(self._ends[self._known - 1]) if self._known else 0
        if used + size > len(self._blob):
            self._blob = grown(self._blob, used + size)


def _words_of(blob: bytes, ends: Sequence[int]) -> tuple[list[str], list[int]]:
    """The words of runs one after the other, and the number of words of each."""
    words: list[str] = []
    counts: list[int] = []
    start = 0
    for end in ends:
        run = blob[start:end]
        start = end
        if len(run) <= MAX_WORD and run.isalnum():  # fast path: ASCII bytes; most runs are one word
            words.append(run.decode().lower())
            counts.append(1)
        else:
            found = [token.word for token in tokens(run.decode("utf-8", "surrogatepass"))]
            words += found
            counts.append(len(found))
    return words, counts


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
