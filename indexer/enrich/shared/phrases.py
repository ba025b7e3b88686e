"""Phrases as a tree of their words, for `kernels.phrases`."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, chain

import numpy as np

from indexer.enrich.kernels import phrases as kernels


def tree(phrases: Sequence[Sequence[int]]) -> kernels.Tree:
    """The tree of some phrases, different and not empty, each the numbers of its words."""
    ends = np.fromiter(accumulate(map(len, phrases)), np.int32, len(phrases))
    words = np.fromiter(chain.from_iterable(phrases), np.int32, int(ends[-1]) if len(ends) else 0)
    return planted(words, ends)


def planted(words: kernels.I32, ends: kernels.I32) -> kernels.Tree:
    """The same tree, of phrases one after the other, each with its end there."""
    size = len(words)
    while True:  # the second time as large as it has to be
        slots = 1 << (2 * size + 1).bit_length()
        found = np.full(slots, -1, np.int64), np.zeros(slots, np.int32), np.empty(size + 1, np.int32)
        count = kernels.plant(words, ends, found) - 1
        if count == size:
            return found
        size = count
