"""Looks up the numbers of words by their code points: a hash table with open addressing.

The words of a table stand one after the other in an array of code points, so that equal hashes are told apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.local.kernels.compiling import inlined, kernel

I32 = NDArray[np.int32]
U32 = NDArray[np.uint32]
Index = tuple[I32, U32, I32, np.uint64]
"""A hash table of words: number by slot, 0 for none, their count a power of two; the code points of all words, one
after the other; where each number begins there, and the last one ends; a random odd number, so that nobody can choose
words of one slot."""

_FIRST, _FOLD = np.uint64(0x9E3779B97F4A7C15), np.uint64(32)


@inlined
def _slot(codes, first, end, slots, seed):
    """Where to look for a word first."""
    value = _FIRST
    for at in range(first, end):
        value = (value ^ codes[at]) * seed
        value ^= value >> _FOLD
    return np.int64(value & np.uint64(len(slots) - 1))


@inlined
def find(codes, first, end, index):
    """The number of a word; 0 if it has none."""
    slots, pool, begins, seed = index
    slot = _slot(codes, first, end, slots, seed)
    size = end - first
    while slots[slot]:
        number = slots[slot]
        begin = begins[number]
        if begins[number + 1] - begin == size:
            same = 0
            while same < size and pool[begin + same] == codes[first + same]:
                same += 1
            if same == size:
                return number
        slot = (slot + 1) & (len(slots) - 1)
    return np.int32(0)


@kernel
def enter(index: Index, first: int, end: int) -> None:
    """Enter the words from number `first` to `end`, exclusive, which are new and stand in the code points already."""
    slots, pool, begins, seed = index
    for number in range(first, end):
        slot = _slot(pool, begins[number], begins[number + 1], slots, seed)
        while slots[slot]:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = number


@kernel
def look_up(codes: U32, firsts: I32, ends: I32, index: Index, longest: int, numbers: I32) -> int:
    """Find the numbers of some words of a text.

    Args:
        codes: the code points of the text.
        firsts, ends: of each word there.
        longest: the greatest length of a word that has a number; others, and empty ones, get 0.
        numbers: out; -1 for a word that is new.

    Returns:
        The number of words that are new, counted as often as they occur.
    """
    new = 0
    for word in range(len(firsts)):
        size = ends[word] - firsts[word]
        number = 0
        if 0 < size <= longest:
            number = find(codes, firsts[word], ends[word], index)
            if number == 0:
                number = -1
                new += 1
        numbers[word] = number
    return new
