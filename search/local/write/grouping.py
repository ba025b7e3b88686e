"""Sorted occurrences in, postings out, some terms at a time."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from search.jit.arguments import Postings
from search.kernels import inversion
from search.local.format.scratch import Scratch

CHUNK = 1 << 18
"""Occurrences that are grouped and packed together, few enough to stay in the processor's cache."""


def grouped(
    sort: NDArray[np.uint64], starts: NDArray[np.int64], titles: NDArray[np.uint32], scratch: Scratch
) -> Iterator[Postings]:
    """The postings of sorted occurrences, some terms at a time; they are valid only until the next ones are requested.

    Args:
        sort: see `inversion.invert`.
        starts: int64, terms + 1; the start of each term's occurrences.
    """
    for first, last in ranges(starts, CHUNK):
        begin, end = int(starts[first]), int(starts[last])
        scratch.clear()
        room = (scratch.take(end - begin, np.uint32) for _ in range(4))
        found = Postings(np.empty(last - first, np.int64), *room)
        size = inversion.group(sort[begin:end], starts[first : last + 1] - begin, titles, (*found,))
        term_ends, docs, occurring, title_counts, positions = found
        yield Postings(term_ends, docs[:size], occurring[:size], title_counts[:size], positions)


def ranges(starts: NDArray[np.int64], most: int) -> Iterator[tuple[int, int]]:
    """Ranges of successive things that have at most so much together, unless a single one has more.

    Args:
        starts: int64, the start of each, and the end of the last.
    """
    first, count = 0, len(starts) - 1
    while first < count:
        last = max(first + 1, int(np.searchsorted(starts, starts[first] + most, "right")) - 1)
        yield first, last
        first = last
