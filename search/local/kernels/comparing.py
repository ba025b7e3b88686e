"""Selects the values in which several results differ most, by the log-likelihood ratio of `search.comparison`."""

from __future__ import annotations

from math import log

import numpy as np

from search.local.kernels.arguments import I64, U32
from search.local.kernels.compiling import inlined, kernel
from search.local.kernels.postings import KEY


@inlined
def _term(seen, whole, row, column):
    return seen * log(seen * np.float64(whole) / (np.float64(row) * column)) if seen else 0.0


@kernel
def most_different(counts: U32, totals: I64, order: U32, keys: I64, best: U32) -> int:
    """Find the values in which results differ most, ties by `order`.

    Args:
        counts: uint32, shape (results, values).
        totals: the articles of each result.
        keys, best: out: the keys of the found values, greatest first, and the values; not empty.

    Returns:
        Their number.
    """
    whole = np.int64(0)
    least = np.int64(0)
    for total in totals:
        whole += total
        if total and (least == 0 or total < least):
            least = total
    reach = 2 * KEY * (log(whole / least) + 1) if least else 0.0
    size = len(keys)
    kept = 0
    for value in range(counts.shape[1]):
        having = np.int64(0)
        for number in range(len(totals)):
            having += counts[number, value]
        if having == 0 or (kept == size and having * reach + KEY < keys[kept - 1]):
            continue  # no value of so few articles can differ more
        found = 0.0
        for number in range(len(totals)):
            count, total = np.int64(counts[number, value]), totals[number]
            found += _term(count, whole, having, total) + _term(total - count, whole, whole - having, total)
        key = np.int64(2 * found * KEY + 0.5)
        if key <= 0:
            continue
        if kept == size and (key < keys[kept - 1] or (key == keys[kept - 1] and order[value] > order[best[kept - 1]])):
            continue
        i = kept if kept < size else kept - 1
        while i and (key > keys[i - 1] or (key == keys[i - 1] and order[value] < order[best[i - 1]])):
            keys[i] = keys[i - 1]
            best[i] = best[i - 1]
            i -= 1
        keys[i] = key
        best[i] = value
        kept = min(kept + 1, size)
    return kept
