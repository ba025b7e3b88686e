"""Texts in, numbers of words out, at the speed of the machine.

A text is cut at ASCII bytes that are in no word; what stands between is a run, such as `Blinken’s` or `—`.
`search.text` says which words a run holds, once for each different run; from then on it is a number that stands for
numbers. As no word spans such a byte, the words are those that `text.tokens` gives for the whole text: a property test
holds it so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from search.local import kernels
from search.text import MAX_WORD, tokens

_KINDS = np.array([byte >= 128 or chr(byte).isalnum() or byte == ord("'") for byte in range(256)], np.uint8)
_START = 1 << 12

T = TypeVar("T", bound=np.generic)

Number = Callable[[str], int]
"""Gives the number of a folded word."""


class Stream:
    """Numbers of words, one text after the other; memory grows with it."""

    def __init__(self) -> None:
        self.data = np.empty(_START, np.uint32)
        self.size = 0

    def room(self, size: int) -> None:
        """Make room for so many more."""
        if self.size + size > len(self.data):
            self.data = grown(self.data, self.size + size)


class Tokeniser:
    """Numbers the words of texts in one language."""

    def __init__(self, number: Number) -> None:
        self._number = number
        self._known = 0
        self._words_used = 0
        self._longest = 1
        self._slots = 4 * _START
        self._table = np.zeros(2 * self._slots, np.uint64)
        self._ends = np.empty(_START, np.int64)
        self._blob = np.empty(16 * _START, np.uint8)
        self._word_ends = np.empty(_START, np.int64)
        self._word_of = np.empty(_START, np.uint32)
        self._words = np.empty(_START, np.uint32)
        self._runs = np.empty(_START, np.int32)

    def __call__(self, texts: Sequence[bytes], stream: Stream) -> NDArray[np.int64]:
        """Append the words of texts, which are UTF-8, to a stream; how many each has (int64)."""
        data = np.frombuffer(b"".join(texts), np.uint8)
        ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
        self._make_room(len(data) // 2 + len(texts), len(data))
        before, run_ends = self._known, np.empty(len(texts), np.int64)
        self._known = kernels.scan(
            data, ends, _KINDS, self._table, self._shift, self._blob, self._ends, before, self._runs, run_ends
        )
        if self._known > before:
            self._learn(before)
        count = int(run_ends[-1]) if texts else 0
        stream.room(count * self._longest)
        sizes = np.empty(len(texts), np.int64)
        known = (self._word_of, self._word_ends, self._words)
        stream.size = int(kernels.spell(self._runs, run_ends, *known, stream.data, stream.size, sizes))
        return sizes

    @property
    def _shift(self) -> int:
        return 65 - self._slots.bit_length()

    def _learn(self, first: int) -> None:
        """Number the words of the runs from `first` on, which are new."""
        begin = int(self._ends[first - 1]) if first else 0
        ends = self._ends[first : self._known].tolist()
        blob = self._blob[begin : ends[-1]].tobytes()
        numbers: list[int] = []
        word_ends: list[int] = []
        word_of: list[int] = []
        start = 0
        for end in ends:
            run = blob[start : end - begin]
            start = end - begin
            before = len(numbers)
            if len(run) <= MAX_WORD and run.isalnum():  # as bytes: ASCII; most runs are one word, and that in short
                numbers.append(self._number(run.decode().lower()))
            else:
                text = run.decode("utf-8", "surrogatepass")
                numbers += [self._number(token.word) for token in tokens(text)]
                self._longest = max(self._longest, len(numbers) - before)
            word_of.append(numbers[-1] if len(numbers) == before + 1 else kernels.SEVERAL)
            word_ends.append(self._words_used + len(numbers))
        self._word_ends[first : self._known] = word_ends
        self._word_of[first : self._known] = word_of
        if word_ends[-1] > len(self._words):
            self._words = grown(self._words, word_ends[-1])
        self._words[self._words_used : word_ends[-1]] = numbers
        self._words_used = word_ends[-1]

    def _make_room(self, runs: int, size: int) -> None:
        needed = self._known + runs
        if runs > len(self._runs):
            self._runs = np.empty(2 * runs, np.int32)
        if needed > len(self._ends):
            self._ends = grown(self._ends, needed)
            self._word_ends = grown(self._word_ends, needed)
            self._word_of = grown(self._word_of, needed)
        if 2 * needed > self._slots:
            self._slots = 1 << (4 * needed).bit_length()
            old, self._table = self._table, np.zeros(2 * self._slots, np.uint64)
            kernels.move(old, self._table, self._shift)
        used = int(self._ends[self._known - 1]) if self._known else 0
        if used + size > len(self._blob):
            self._blob = grown(self._blob, used + size)


def grown(array: NDArray[T], needed: int) -> NDArray[T]:
    """A copy with room for so many, or for twice as many as before."""
    larger = np.empty(max(2 * len(array), needed), array.dtype)
    larger[: len(array)] = array
    return larger
