"""Sketches of texts, from their bytes, and what two sketches share."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from search.jit.compiling import inlined, kernel

U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I64 = NDArray[np.int64]
Characters = tuple[I64, U8, I64, U8]
"""By the upper bits of a character the number of its page of `PAGE` characters, -1 if that is not known; for each
character of the pages its kinds, and the end of its case-folded bytes, after a 0; these bytes."""
Special = tuple[U64, U8]
"""A hash table of words: the hash of each, 0 in a free slot, and its kinds."""

FACT, CAPITAL, MARKER = 1, 2, 4
"""Kinds of words: one that a form leaves blank; one that begins with a capital; one that marks a repeat. A character of
the first two begins such a word."""
LETTER, DIGIT, ALONE, JOINT = 8, 16, 32, 64
"""Kinds of characters: of a word, of a number, a word by itself, between digits of a number."""
PAGE = 1 << 12
SHINGLE = 3
_ALL = 1 << 32
_FIRST, _PRIME = 0xCBF29CE484222325, 0x100000001B3
"""Of FNV-1a with 64 bits, which is the same in every process."""


@kernel
def number(data: U8, ends: I64, hashes: U64) -> None:
    """Hash words by FNV-1a.

    Args:
        data, ends: the bytes of the words, one after the other, and the end of each.
        hashes: out.
    """
    start = 0
    for word in range(len(ends)):
        value = np.uint64(_FIRST)
        for at in range(start, ends[word]):
            value = (value ^ np.uint64(data[at])) * np.uint64(_PRIME)
        hashes[word] = value
        start = ends[word]


@inlined
def _character(data, at):
    """The character at an offset of a text in UTF-8, and the offset behind it."""
    first = np.int64(data[at])
    if first < 0x80:
        return first, at + 1
    if first < 0xE0:
        return (first & 0x1F) << 6 | (data[at + 1] & 0x3F), at + 2
    if first < 0xF0:
        return (first & 0x0F) << 12 | (np.int64(data[at + 1]) & 0x3F) << 6 | (data[at + 2] & 0x3F), at + 3
    upper = (first & 0x07) << 18 | (np.int64(data[at + 1]) & 0x3F) << 12
    return upper | (np.int64(data[at + 2]) & 0x3F) << 6 | (data[at + 3] & 0x3F), at + 4


@inlined
def _kinds_of(special, value):
    """The kinds of a word of the table with a hash; 0 for any other."""
    keys, kinds = special
    last = np.uint64(len(keys) - 1)
    slot = value & last
    while keys[slot] and keys[slot] != value:
        slot = (slot + np.uint64(1)) & last
    return kinds[slot] if keys[slot] == value else np.uint8(0)


@kernel
def words(data: U8, characters: Characters, special: Special, hashes: U64, kinds: U8) -> int:
    """Hash the words and numbers of a text, case-folded.

    Args:
        data: UTF-8.
        hashes, kinds: out, for each word; the first words, if there is no room for all.

    Returns:
        The number of words; if a page of characters is missing, -1 less its number.
    """
    pages, traits, folded, blob = characters
    count = 0
    at = 0
    while at < len(data) and count < len(hashes):
        value = np.uint64(_FIRST)
        complete = value
        kind = wanted = np.uint8(0)
        behind = at
        size = 0
        while at < len(data):
            character, following = _character(data, at)
            page = pages[character // PAGE]
            if page < 0:
                return -1 - character // PAGE
            place = page * PAGE + character % PAGE
            trait = traits[place]
            if size == 0:
                kind = trait & np.uint8(FACT | CAPITAL)
                if trait & ALONE:
                    wanted = np.uint8(ALONE)
                elif trait & DIGIT:
                    wanted = np.uint8(DIGIT | JOINT)
                else:
                    wanted = np.uint8(LETTER)
                    if not trait & LETTER:
                        at = following
                        continue
            elif wanted & ALONE or not trait & wanted:
                break
            for byte in range(folded[place], folded[place + 1]):
                value = (value ^ np.uint64(blob[byte])) * np.uint64(_PRIME)
            size += 1
            at = following
            if not trait & JOINT or wanted & ALONE:
                complete, behind = value, at
        if size == 0:
            break
        at = behind
        hashes[count] = complete
        kinds[count] = kind | _kinds_of(special, complete)
        count += 1
    return count


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
def sketch(hashes: U64, kinds: U8, capitals: float, shingles: U32, facts: U32) -> tuple[int, int]:
    """Hash the runs of three words in a text, and its facts; of a fact that is repeated, each repetition differently.

    Args:
        hashes, kinds: of its words.
        capitals: the share of words with a capital up to which such a word is a fact.
        shingles, facts: out; the smallest of both, ascending and each once.

    Returns:
        The number of shingles and of facts.
    """
    words = len(hashes)
    loud = found = 0
    for kind in kinds:
        loud += (kind & CAPITAL) != 0
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
    return found, used


@kernel
def headline(hashes: U64, kinds: U8, out: U32) -> tuple[int, bool]:
    """Hash the words of a headline, without markers.

    Args:
        hashes, kinds: of its words.
        out: the hashes, in the order of the words.

    Returns:
        The number of hashes, and True if there are markers.
    """
    size = 0
    marked = False
    for at in range(len(hashes)):
        if kinds[at] & MARKER:
            marked = True
        else:
            out[size] = np.uint32(_mixed(np.uint64(0), hashes[at], 0) >> np.uint64(32))
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
