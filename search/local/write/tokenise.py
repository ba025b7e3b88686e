"""Texts in, numbers of words out, at the speed of the machine.

A text is split at ASCII bytes that occur in no word; a piece in between is a run, such as `Blinken’s` or `—`.
`search.text.tokens` splits each different run into words once; from then on it is a number that represents numbers of
words. As no word spans such a byte, the words are those that `text.tokens` finds in the whole text: a property test
checks that.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from search.kernels import word_splitting as kernels
from search.kernels.runs import Runs, grown
from search.text.tokens import MAX_WORD, tokens

_KINDS = np.array([byte >= 128 or chr(byte).isalnum() or byte == ord("'") for byte in range(256)], np.uint8)
_OTHERS = np.array([byte >= 128 or not chr(byte).isalnum() for byte in range(256)], np.int64)
"""1 for each byte that is not an ASCII letter or digit."""
_START = 1 << 12

Number = Callable[[Sequence[str]], NDArray[np.uint32]]
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
        self._plain = np.empty(_START, np.bool_)
        self._count = 0

    def __call__(self, data: NDArray[np.uint8], ends: NDArray[np.int64], stream: Stream) -> NDArray[np.int64]:
        """Append the words of texts to a stream.

        Args:
            data: uint8, the texts in UTF-8, one after the other.
            ends: int64, the end of each.

        Returns:
            The number of words of each (int64).
        """
        self.whole = False  # until the end: an exception that a signal raises may come at any moment
        before = self._runs.known
        run_ends, places = self._runs.number(data, ends)
        if len(places):
            self._learn(before, places)
        found, count = self._runs.found, int(run_ends[-1]) if len(run_ends) else 0
        self._count = count
        stream.room(kernels.count_spelled(found, count, self._word_ends))
        sizes = np.empty(len(ends), np.int64)
        stream.size = kernels.spell(found, run_ends, self._word_ends, self._words, stream.data, stream.size, sizes)
        self.whole = True
        return sizes

    def among(
        self, data: NDArray[np.uint8], begins: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The words that overlap some ranges of bytes of the texts tokenised last: of each the first one's index among
        all, and the index after the last; an empty range overlaps none.

        Args:
            data: as then.
        """
        if not len(begins) or not self._count:
            return np.zeros(len(begins), np.int64), np.zeros(len(begins), np.int64)
        starts = self._runs.starts[: self._count].astype(np.int64)
        stops = starts + self._runs.sizes[: self._count]
        numbers = self._runs.found[1][: self._count].astype(np.int64)
        sizes = self._word_ends[numbers] - np.where(numbers > 0, self._word_ends[numbers - 1], 0)
        before = np.concatenate([np.zeros(1, np.int64), np.cumsum(sizes)])
        first, last = np.searchsorted(stops, begins, "right"), np.searchsorted(starts, ends, "left")
        first_word, last_word = before[first], before[last]
        some = np.flatnonzero(first < last)
        for side, run in ((0, first[some]), (1, last[some] - 1)):
            for at in np.flatnonzero(~self._plain[numbers[run]]).tolist():
                place, start = int(some[at]), int(starts[run[at]])
                ranges = _ranges(data[start : int(stops[run[at]])].tobytes())
                if side == 0:
                    first_word[place] += sum(start + end <= int(begins[place]) for _, end in ranges)
                else:
                    last_word[place] -= sum(start + begin >= int(ends[place]) for begin, _ in ranges)
        return first_word, np.where(begins < ends, np.maximum(first_word, last_word), first_word)

    @property
    def memory(self) -> int:
        """Bytes of its tables."""
        return self._runs.memory + self._word_ends.nbytes + self._words.nbytes + self._plain.nbytes

    def _learn(self, first: int, places: NDArray[np.int64]) -> None:
        """Number the words of the new runs, from `first` on, and write them to their slots."""
        words, counts, whole = _words_of(*self._runs.since(first))
        numbers = self._number(words)
        if (used := self._words_used + len(numbers)) > len(self._words):
            self._words = grown(self._words, used)
        if self._runs.known > len(self._word_ends):
            self._word_ends = grown(self._word_ends, self._runs.known)
            self._plain = grown(self._plain, self._runs.known)
        self._words[self._words_used : used] = numbers
        word_ends = np.cumsum(counts)
        self._word_ends[first : self._runs.known] = self._words_used + word_ends
        self._plain[first : self._runs.known] = whole
        single = counts == 1
        self._runs.table[places[single] * kernels.SLOT + 3] = numbers[word_ends[single] - 1]
        self._words_used = used


def _words_of(blob: bytes, ends: Sequence[int]) -> tuple[list[str], NDArray[np.int64], NDArray[np.bool_]]:
    """The words of runs one after the other, the number of words of each, and True for each that is one whole word."""
    data, stops = np.frombuffer(blob, np.uint8), np.array(ends, np.int64)
    sizes = np.diff(stops, prepend=0)
    others = np.concatenate([np.zeros(1, np.int64), np.cumsum(_OTHERS[data])])
    whole = (others[stops] == others[stops - sizes]) & (sizes <= MAX_WORD)  # ASCII: most runs are one word
    spaced = np.full(len(data) + len(stops), ord(" "), np.uint8)
    spaced[np.arange(len(data)) + np.repeat(np.arange(len(stops)), sizes)] = data
    plain = spaced[np.repeat(whole, sizes + 1)].tobytes().decode("ascii").lower().split(" ")
    words: list[str] = []
    counts = np.ones(len(stops), np.int64)
    used = after = 0
    for at in np.flatnonzero(~whole).tolist():
        words += plain[used : used + at - after]
        used, after = used + at - after, at + 1
        found = list(tokens(blob[ends[at - 1] if at else 0 : ends[at]].decode("utf-8", "surrogatepass")))
        words += [token.word for token in found]
        counts[at] = len(found)
    words += plain[used:-1]
    return words, counts, whole


def _ranges(run: bytes) -> list[tuple[int, int]]:
    """The bytes of each word of a run."""
    text = run.decode("utf-8", "surrogatepass")
    before = [0, *accumulate(len(one.encode("utf-8", "surrogatepass")) for one in text)]
    return [(before[token.start], before[token.end]) for token in tokens(text)]
