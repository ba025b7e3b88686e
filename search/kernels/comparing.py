"""Marks the articles of several results, and selects the values in which they differ most.

That is by the log-likelihood ratio of `search.measures.comparison`.
"""

from __future__ import annotations

from math import log

import numpy as np

from search.jit.arguments import I64, U8, U32
from search.jit.compiling import inlined, kernel
from search.kernels.postings import KEY

ROUNDING = 10
"""Keys by which the bound of a key may be below it, since both are sums of rounded numbers."""


@kernel
def mark(articles: U32, bit: int, marks: U8) -> None:
    """Set a bit for some articles."""
    own = np.uint8(bit)
    for i in range(len(articles)):
        marks[articles[i]] |= own


@kernel
def count_marks(marks: U8, counts: I64) -> None:
    """Count articles by their bits.

    Args:
        counts: int64, zeros, out; one for each combination.
    """
    for i in range(len(marks)):
        counts[marks[i]] += 1


@inlined
def _term(seen, whole, row, column):
    return seen * log(seen * np.float64(whole) / (np.float64(row) * column)) if seen else 0.0


@kernel
def most_different(counts: U32, totals: I64, order: U32, keys: I64, best: U32) -> int:
    """Find the values in which results differ most, ties by `order`.

    Few values need logarithms: by Jensen's inequality G² is at most twice Pearson's X², which is a sum of squares.

    Args:
        counts: uint32, shape (results, values).
        totals: the articles of each result.
        keys, best: out: the keys of the found values, greatest first, and the values; not empty.

    Returns:
        Their number.
    """
    whole = np.int64(0)
    weights = np.zeros(len(totals), np.float64)
    for number in range(len(totals)):
        whole += totals[number]
        if totals[number]:
            weights[number] = 1 / totals[number]
    size = len(keys)
    filled = 0
    bar = np.float64(0)
    for value in range(counts.shape[1]):
        having = np.int64(0)
        for number in range(len(totals)):
            having += counts[number, value]
        if having == 0 or having == whole:
            continue  # no result differs from another
        share = having / whole
        squares = 0.0
        for number in range(len(totals)):
            surplus = counts[number, value] - share * totals[number]
            squares += surplus * surplus * weights[number]
        if 2 * KEY * squares < bar * share * (1 - share):
            continue
        found = 0.0
        for number in range(len(totals)):
            count, total = np.int64(counts[number, value]), totals[number]
            found += _term(count, whole, having, total) + _term(total - count, whole, whole - having, total)
        key = np.int64(2 * found * KEY + 0.5)
        if key <= 0:
            continue
        if filled == size and (
            key < keys[filled - 1] or (key == keys[filled - 1] and order[value] > order[best[filled - 1]])
        ):
            continue
        i = filled if filled < size else filled - 1
        while i and (key > keys[i - 1] or (key == keys[i - 1] and order[value] < order[best[i - 1]])):
            keys[i] = keys[i - 1]
            best[i] = best[i - 1]
            i -= 1
        keys[i] = key
        best[i] = value
        filled = min(filled + 1, size)
        if filled == size:
            bar = np.float64(keys[filled - 1] - ROUNDING)
    return filled
