"""Deduplicated rows of values."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I64, U32, Flags
from search.jit.compiling import kernel


@kernel
def group_rows(offsets: I64, ordinals: U32, table: I64, sets: U32, set_offsets: U32, set_ordinals: U32) -> int:
    """Number the different rows in order of their first occurrence; number 0 is the empty one.

    Args:
        offsets: int64, rows + 1: the start of each row in `ordinals` (uint32).
        table: int64, its length a power of two and at least twice the rows: all −1.
        sets: uint32, out: the number of each row.
        set_offsets, set_ordinals: uint32, out: the different rows; with room for one more.

    Returns:
        The number of different rows.
    """
    mask = np.uint64(len(table) - 1)
    set_offsets[0] = 0
    set_offsets[1] = 0
    known = 1
    for row in range(len(sets)):
        start = offsets[row]
        size = offsets[row + 1] - start
        if size == 0:
            sets[row] = 0
            continue
        code = np.uint64(14695981039346656037)
        for i in range(start, start + size):
            code = (code ^ np.uint64(ordinals[i])) * np.uint64(1099511628211)
        code ^= code >> np.uint64(29)
        slot = code & mask
        while True:
            number = table[slot]
            if number < 0:
                begin = np.int64(set_offsets[known])
                for i in range(size):
                    set_ordinals[begin + i] = ordinals[start + i]
                table[slot] = known
                number = known
                known += 1
                set_offsets[known] = begin + size
                break
            begin = np.int64(set_offsets[number])
            same = np.int64(set_offsets[number + 1]) - begin == size
            for i in range(size):
                if not same or set_ordinals[begin + i] != ordinals[start + i]:
                    same = False
                    break
            if same:
                break
            slot = (slot + np.uint64(1)) & mask
        sets[row] = number
    return known


@kernel
def invert_rows(sets: U32, offsets: U32, ordinals: U32, places: I64, articles: U32) -> None:
    """The articles of every value, ascending.

    Args:
        sets, offsets, ordinals: each article's row, and the rows.
        places: int64, the start of each value's articles; advanced to their ends.
        articles: uint32, out.
    """
    for article in range(len(sets)):
        number = sets[article]
        for i in range(offsets[number], offsets[number + 1]):
            value = ordinals[i]
            articles[places[value]] = article
            places[value] += 1


@kernel
def count_rows(sets: U32, offsets: U32, ordinals: U32, counts: I64) -> None:
    """Add the number of articles that have each value."""
    for article in range(len(sets)):
        number = sets[article]
        for i in range(offsets[number], offsets[number + 1]):
            counts[ordinals[i]] += 1


@kernel
def row_sizes(sets: U32, offsets: U32, live: Flags, out: I64) -> None:
    """The number of values of each article, 0 for one that is not live."""
    for article in range(len(sets)):
        number = sets[article]
        out[article] = offsets[number + 1] - offsets[number] if live[article] else 0


@kernel
def copy_rows(sets: U32, offsets: U32, ordinals: U32, renumber: U32, live: Flags, out: U32, at: int) -> int:
    """Copy the values of live articles, renumbered, one article after the other. Returns the index after them."""
    for article in range(len(sets)):
        if live[article]:
            number = sets[article]
            for i in range(offsets[number], offsets[number + 1]):
                out[at] = renumber[ordinals[i]]
                at += 1
    return at
