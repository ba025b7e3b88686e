"""Sketches of texts, from the numbers of their words, and what two sketches share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.local.kernels.compiling import inlined, kernel

U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Parts = tuple[U32, I64, U64, NDArray[np.uint8]]
"""The runs of a text, by number; of each run of the table, the end of its words, after a 0; the hash of each word, and
its kinds."""

FACT, CAPITAL, MARKER = 1, 2, 4
"""Kinds of words: one that a form leaves blank; one that begins with a capital; one that marks a repeat."""

SHINGLE = 3
_ALL = 1 << 32


@kernel
def number(data: NDArray[np.uint8], ends: I64, hashes: U64) -> None:
    """Hash words by FNV-1a with 64 bits, the same in every process.

    Args:
        data, ends: the bytes of the words, one after the other, and the end of each.
        hashes: out.
    """
    start = 0
    for word in range(len(ends)):
        value = np.uint64(0xCBF29CE484222325)
        for at in range(start, ends[word]):
            value = (value ^ np.uint64(data[at])) * np.uint64(0x100000001B3)
        hashes[word] = value
        start = ends[word]


@inlined
def _mixed(mixed, part, place):
    """The hash of a row of numbers after one more, the `place`-th; its upper half is the one to use."""
    odd = np.uint64(0x9E3779B97F4A7C15)
    if place == 1:
        odd = np.uint64(0xC2B2AE3D27D4EB4F)
    elif place == 2:
        odd = np.uint64(0x165667B19E3779F9)
    mixed = (mixed ^ part) * odd
    return mixed ^ (mixed >> np.uint64(29))


@inlined
def _put(smallest, size, value):
    """Put a value among the smallest ones, ascending and each once. Returns how many there are."""
    if size == len(smallest) and value >= smallest[size - 1]:
        return size
    low, high = 0, size
    while low < high:
        middle = (low + high) >> 1
        if smallest[middle] < value:
            low = middle + 1
        else:
            high = middle
    if low == size or smallest[low] != value:
        size = min(size + 1, len(smallest))
        for place in range(size - 1, low, -1):
            smallest[place] = smallest[place - 1]
        smallest[low] = value
    return size


@kernel
def sketch(parts: Parts, most: int, capitals: float, shingles: U32, facts: U32) -> tuple[int, int, int]:
    """Hash the runs of three words in a text, and its facts; of a fact that is repeated, each repetition differently.

    Args:
        most: the number of words that are read.
        capitals: the share of words with a capital up to which such a word is a fact.
        shingles, facts: out; the smallest of both, ascending and each once.

    Returns:
        The number of words, of shingles and of facts.
    """
    runs, ends, all_hashes, all_kinds = parts
    total = 0
    for run in runs:
        total += ends[run + 1] - ends[run]
    total = min(total, most)
    hashes = np.empty(total, np.uint64)
    kinds = np.empty(total, np.uint8)
    words = loud = found = 0
    for run in runs:
        for at in range(ends[run], ends[run + 1]):
            if words == total:
                break
            hashes[words] = all_hashes[at]
            kinds[words] = all_kinds[at]
            loud += (all_kinds[at] & CAPITAL) != 0
            words += 1
    for first in range(words - SHINGLE + 1):
        mixed = np.uint64(0)
        for place in range(SHINGLE):
            mixed = _mixed(mixed, hashes[first + place], place)
        found = _put(shingles, found, np.uint32(mixed >> np.uint64(32)))
    wanted = FACT | CAPITAL if loud <= capitals * words else FACT
    slots = 1
    while slots < 2 * words:
        slots *= 2
    last = np.uint64(slots - 1)
    places = np.zeros(slots, np.int32)
    times = np.zeros(slots, np.int32)
    used = 0
    for at in range(words):
        if not kinds[at] & wanted:
            continue
        slot = (hashes[at] >> np.uint64(20)) & last
        while places[slot] and hashes[places[slot] - 1] != hashes[at]:
            slot = (slot + np.uint64(1)) & last
        places[slot] = at + 1
        times[slot] += 1
        mixed = _mixed(_mixed(np.uint64(0), hashes[at], 0), np.uint64(times[slot]), 1)
        used = _put(facts, used, np.uint32(mixed >> np.uint64(32)))
    return words, found, used


@kernel
def headline(parts: Parts, hashes: U32) -> tuple[int, bool]:
    """Hash the words of a headline, without markers.

    Args:
        hashes: out; in the order of the words. It has room for all.

    Returns:
        The number of hashes, and True if there are markers.
    """
    runs, ends, all_hashes, all_kinds = parts
    size = 0
    marked = False
    for run in runs:
        for at in range(ends[run], ends[run + 1]):
            if all_kinds[at] & MARKER:
                marked = True
            else:
                hashes[size] = np.uint32(_mixed(np.uint64(0), all_hashes[at], 0) >> np.uint64(32))
                size += 1
    return size, marked


@kernel
def compare(one: U32, other: U32, without: U32, size: int) -> tuple[int, int, int, float]:
    """Compare two sketches by a common sample.

    Args:
        one, other: the smallest hashes of both, ascending and each once.
        without: hashes that do not count, ascending.
        size: of a sketch: one with fewer hashes has all.

    Returns:
        The number of hashes in the first, the second and both, and the share of the hash range that was sampled.
    """
    bound = np.int64(_ALL)
    if len(one) == size:
        bound = min(bound, np.int64(one[size - 1]) + 1)
    if len(other) == size:
        bound = min(bound, np.int64(other[size - 1]) + 1)
    i = j = k = 0
    first = second = both = 0
    while True:
        a = np.int64(one[i]) if i < len(one) else np.int64(_ALL)
        b = np.int64(other[j]) if j < len(other) else np.int64(_ALL)
        value = min(a, b)
        if value >= bound:
            break
        i += a == value
        j += b == value
        while k < len(without) and np.int64(without[k]) < value:
            k += 1
        if k < len(without) and np.int64(without[k]) == value:
            continue
        first += a == value
        second += b == value
        both += a == b
    return first, second, both, bound / _ALL
