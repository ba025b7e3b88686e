"""Counts the words of a text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.local.kernels.compiling import kernel

I32 = NDArray[np.int32]


@kernel
def count(numbers: I32, rows: I32, first: int, weight: int, places: I32, found: I32, counts: I32, size: int) -> int:
    """Add the words of a text to the counts of rows, in the order in which rows are first met.

    Args:
        numbers: of the words.
        rows: of each word of the table, its row plus `first`, or less than `first`.
        weight: of each occurrence.
        places: of each row its place among those found + 1, or 0; in and out.
        found, counts: the rows found and their counts; in and out.
        size: the number of rows found so far.

    Returns:
        The number of rows found.
    """
    for number in numbers:
        row = rows[number] - first
        if row < 0:
            continue
        if not places[row]:
            found[size] = row
            counts[size] = 0
            size += 1
            places[row] = size
        counts[places[row] - 1] += weight
    return size
