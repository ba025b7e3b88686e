"""Texts in, numbers of words out, at the speed of the machine.

A text is split at ASCII bytes that occur in no word; a piece in between is a run, such as `Blinken’s` or `—`.
`search.text` splits each different run into words once; from then on it is a number that represents numbers of words.
As no word spans such a byte, the words are those that `text.tokens` finds in the whole text: a property test checks
that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.local.kernels import words as kernels
from search.local.write.runs import Runs, grown
from search.text import MAX_WORD, tokens

_KINDS = np.array([byte >= 128 or chr(byte).isalnum() or byte == ord("'") for byte in range(256)], np.uint8)
_START = 1 << 12

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
    """Numbers the words of texts in one language.

    Attributes:
        whole: False while it does, and for ever if that was interrupted.
    """

    def __init__(self, number: Number) -> None:
        self.whole = True
        self._number = number
        self._runs = Runs(_KINDS)
        self._words_used = 0
        self._word_ends = np.empty(_START, np.int64)
        self._words = np.empty(_START, np.uint32)

    def __call__(self, texts: Sequence[bytes], stream: Stream) -> NDArray[np.int64]:
        """Append the words of UTF-8 texts to a stream. Returns the number of words of each (int64)."""
        self.whole = False  # until the end: an exception that a signal raises may come at any moment
        data = np.frombuffer(b"".join(texts), np.uint8)
        ends = np.cumsum([len(text) for text in texts], dtype=np.int64)
        before = self._runs.known
        run_ends, places = self._runs.number(data, ends)
        if len(places):
            self._learn(before, places)
        found, count = self._runs.found, int(run_ends[-1]) if len(run_ends) else 0
        stream.room(kernels.count_spelled(found, count, self._word_ends))
        sizes = np.empty(len(texts), np.int64)
        stream.size = kernels.spell(found, run_ends, self._word_ends, self._words, stream.data, stream.size, sizes)
        self.whole = True
        return sizes

    @property
    def memory(self) -> int:
        """Bytes of its tables."""
        return self._runs.memory + self._word_ends.nbytes + self._words.nbytes

    def _learn(self, first: int, places: NDArray[np.int64]) -> None:
        """Number the words of the new runs, from `first` on, and write them to their slots."""
        words, counts = _words_of(*self._runs.since(first))
        numbers = np.array(self._number(words), np.uint32)
        if (used := self._words_used + len(numbers)) > len(self._words):
            self._words = grown(self._words, used)
        if self._runs.known > len(self._word_ends):
            self._word_ends = grown(self._word_ends, self._runs.known)
        self._words[self._words_used : used] = numbers
        word_ends = np.cumsum(counts)
        self._word_ends[first : self._runs.known] = self._words_used + word_ends
        single = np.array(counts) == 1
        self._runs.table[places[single] * kernels.SLOT + 3] = numbers[word_ends[single] - 1]
        self._words_used = used


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
