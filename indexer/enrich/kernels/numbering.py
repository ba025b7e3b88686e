"""Numbers words by their code points: a hash table with open addressing.

The words of a table stand one after the other in an array of code points, so that equal hashes are told apart.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.jit.compiling import inlined, kernel

I32 = NDArray[np.int32]
U32 = NDArray[np.uint32]
Index = tuple[I32, U32, I32, np.uint64]
"""A hash table of words: number by slot, 0 for none, their count a power of two; the code points of all words, one
after the other; where each number begins there, and the last one ends; a random odd number, so that nobody can choose
words of one slot."""

_NEWLINE = 10
_FIRST, _FOLD, _ONE = np.uint64(0x9E3779B97F4A7C15), np.uint64(32), np.uint64(1)


@inlined
def _slot(codes, first, end, slots, seed):
    """Where to look for a word first."""
    value = _FIRST
    for at in range(first, end):
        value = (value ^ codes[at]) * seed
        value ^= value >> _FOLD
    return np.int64(value & np.uint64(len(slots) - 1))


@inlined
def _place(codes, first, end, index):
    """The slot of a word; an empty one if it has none."""
    slots, pool, begins, seed = index
    slot = _slot(codes, first, end, slots, seed)
    size = end - first
    while slots[slot]:
        begin = begins[slots[slot]]
        if begins[slots[slot] + 1] - begin == size:
            same = 0
            while same < size and pool[begin + same] == codes[first + same]:
                same += 1
            if same == size:
                break
        slot = (slot + 1) & (len(slots) - 1)
    return slot


@inlined
def find(codes, first, end, index):
    """The number of a word; 0 if it has none."""
    return index[0][_place(codes, first, end, index)]


@kernel
def number(
    codes: U32, firsts: I32, ends: I32, done: int, index: Index, known: int, longest: int, numbers: I32
) -> tuple[int, int]:
    """Number some words of a text; those that are new in the order in which they stand there.

    Args:
        codes: the code points of the text.
        firsts, ends: of each word there.
        done: the number of words that are numbered already.
        index: in and out.
        known: the number that the next new word gets.
        longest: the greatest length of a word that has a number; others, empty ones and line breaks get 0.
        numbers: out.

    Returns:
        The number of words that are numbered: not all, if the index has no more room; and what is now the next number.
    """
    slots, pool, begins, seed = index
    last = np.uint64(len(slots) - 1)
    for word in range(done, len(firsts)):
        first, end = firsts[word], ends[word]
        size = end - first
        if size == 0 or size > longest or codes[first] == _NEWLINE:
            numbers[word] = 0
            continue
        value = _FIRST  # written out: an array is counted whenever a function is given it
        for at in range(first, end):
            value = (value ^ np.uint64(codes[at])) * seed
            value ^= value >> _FOLD
        slot = value & last
        while slots[slot]:
            begin = begins[slots[slot]]
            if begins[slots[slot] + 1] - begin == size:
                same = 0
                while same < size and pool[begin + same] == codes[first + same]:
                    same += 1
                if same == size:
                    break
            slot = (slot + _ONE) & last
        if not slots[slot]:
            begin = begins[known]
            if known + 1 == len(begins) or 2 * known >= len(slots) or begin + size > len(pool):
                return word, known
            for at in range(size):
                pool[begin + at] = codes[first + at]
            begins[known + 1] = begin + size
            slots[slot] = known
            known += 1
        numbers[word] = slots[slot]
    return len(firsts), known


@kernel
def fill(index: Index, known: int) -> None:
    """Fill the slots, which are empty, with the words below a number."""
    slots, pool, begins, seed = index
    for word in range(1, known):
        slot = _slot(pool, begins[word], begins[word + 1], slots, seed)
        while slots[slot]:
            slot = (slot + 1) & (len(slots) - 1)
        slots[slot] = word
