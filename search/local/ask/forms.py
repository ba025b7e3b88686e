"""The words of all segments as written, numbered together, in the order of how many articles have them.

Built at first use of a generation: a merge of the segments' sorted words, and, if articles are deleted, a pass over
their postings.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from search.jit.arguments import U8, U32, Flags
from search.kernels import keyness as kernels
from search.local.format.lexicon import joined
from search.local.format.segment import SegmentData
from search.text.tokens import is_letter

BYTES = 4
"""The greatest number of bytes of a letter."""


class Forms:
    """The words of a generation, numbered in the order of their bytes.

    Args:
        placed: the segments, each with its first article number.
        live: bool, shape (articles,); flags of the articles that are not deleted.

    Attributes:
        totals: uint32, shape (words,); the live articles that have each word.
        order: uint32; the words by that number, ascending, without single letters.
        levels, starts: the different numbers, and where the words of each begin in `order`; one start more.
    """

    def __init__(self, placed: Sequence[tuple[int, SegmentData]], live: Flags) -> None:
        self._placed = placed
        lexicons = [segment.terms.forms for _, segment in placed]
        self._firsts = np.cumsum([0, *map(len, lexicons)]).tolist()
        together, self._entries, self._numbers = joined(lexicons)
        self.totals: U32 = np.zeros(len(self), np.uint32)
        if live.all():
            for (_, segment), numbers in zip(placed, self._numbers, strict=True):
                self.totals[numbers] += segment.postings.frequency[segment.terms.form_number]
        else:
            weights = live * np.uint8(kernels.IN_RESULT)
            self.count(np.ones(len(self), np.bool_), weights, self.totals, self.totals[:0])
        words = self._words(np.diff(together.ends, prepend=0))
        self.order: U32 = words[np.argsort(self.totals[words], kind="stable")]
        self.levels, starts = np.unique(self.totals[self.order], return_index=True)
        self.starts: list[int] = [*starts.tolist(), len(self.order)]

    def __len__(self) -> int:
        return len(self._entries)

    def __getitem__(self, number: int) -> str:
        entry = int(self._entries[number])
        place = bisect_right(self._firsts, entry) - 1
        return self._placed[place][1].terms.forms[entry - self._firsts[place]].decode()

    def beginning(self, letters: str) -> int:
        """The number of words that begin with some letters and that live articles have."""
        found = {
            number
            for (_, segment), numbers in zip(self._placed, self._numbers, strict=True)
            for number in numbers[_within(segment.terms.forms.beginning(letters.encode()))].tolist()
        }
        return int(np.count_nonzero(self.totals[[*found]])) if found else 0

    def _words(self, lengths: NDArray[np.int64]) -> U32:
        """All but single letters.

        Args:
            lengths: the number of bytes of each term of all segments.
        """
        included = np.ones(len(self), np.bool_)
        for number in np.flatnonzero(lengths[self._entries] <= BYTES).tolist():
            included[number] = not is_letter(self[number])
        return np.flatnonzero(included).astype(np.uint32)

    def count(self, wanted: Flags, weights: U8, counts: U32, totals: U32) -> None:
        """Count the articles that have each of the given words; see `kernels.keyness.count_terms`."""
        ahead = np.empty(len(weights) + 1, np.uint32)
        kernels.following(weights, ahead)
        for (start, segment), numbers in zip(self._placed, self._numbers, strict=True):
            postings = segment.postings
            kernels.count_terms(
                postings.packed, postings.lasts, postings.blocks, segment.terms.form_number, numbers, wanted, start,
                weights, ahead, counts, totals,
            )  # fmt: skip


def _within(numbers: range) -> slice:
    return slice(numbers.start, numbers.stop)
