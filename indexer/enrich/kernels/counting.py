"""Counts the words of a text."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.jit.compiling import inlined, kernel

I32 = NDArray[np.int32]
F32 = NDArray[np.float32]
Text = tuple[I32, I32]
"""The numbers of the words of a text; and of each word of the table, its row plus `first`, or less than `first`."""


@inlined
def _add(text, first, weight, slots, found, counts, size):
    numbers, rows = text
    last = len(slots) - 1
    for number in numbers:
        row = rows[number] - first
        if row < 0:
            continue
        slot = (np.int64(row) * 0x9E3779B1 >> 12) & last
        while slots[slot] and found[slots[slot] - 1] != row:
            slot = (slot + 1) & last
        if not slots[slot]:
            found[size] = row
            counts[size] = 0
            size += 1
            slots[slot] = size
        counts[slots[slot] - 1] += weight
    return size


@kernel
def count(text: Text, title: Text, first: int, weight: int, found: I32, counts: I32) -> int:
    """Count the rows of words in a text and its title, in the order in which they are first met.

    Args:
        first: see `Text`.
        weight: of a word in the title; one in the text counts 1.
        found, counts: out; the rows and their counts. They have room for all words.

    Returns:
        The number of rows found.
    """
    slots = 1
    while slots < 2 * len(found):
        slots *= 2
    places = np.zeros(slots, np.int32)
    size = _add(text, first, 1, places, found, counts, 0)
    return _add(title, first, weight, places, found, counts, size)


@kernel
def contribute(rows: I32, weights: NDArray[np.int8], values: F32, said: F32, sums: F32) -> None:
    """Multiply the weights of rows by their values, and add them up by column.

    Args:
        weights: (all rows, columns).
        values: of each of the rows.
        said: (rows, columns), out; the products.
        sums: of each column, zeros; out; added up in the order of the rows.
    """
    for at in range(len(rows)):
        for column in range(len(sums)):
            product = values[at] * np.float32(weights[rows[at], column])
            said[at, column] = product
            sums[column] += product
