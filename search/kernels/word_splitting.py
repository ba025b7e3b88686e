"""Splits texts into runs of bytes, and runs into words."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I64, U8, U32, U64, DistinctRuns, Runs, Spelled
from search.jit.compiling import inlined, kernel
from search.jit.fetching import fetch

SEPARATOR, INSIDE = 0, 1
"""The class of a byte in `cut`: between runs, or part of one."""
SHORT = 8
"""Bytes of half a key."""
SLOT = 4
"""Numbers in a slot of a hash table of runs: both halves of the key, the run's number + 1, and its word."""
SEVERAL = 0xFFFFFFFF
"""In place of a run's word: it has none, or several, or they are not known yet."""
AHEAD = 12
"""Slots that are prefetched ahead of the current one."""


@kernel
def cut(data: U8, text_ends: I64, kinds: U8, runs: Runs, run_ends: I64) -> int:
    """Split texts into runs of bytes that are not separators.

    The key of a run of up to 16 bytes is these bytes, which identify it. The key of a longer one is a hash, whose
    highest byte does not occur in UTF-8.

    Args:
        data: uint8, the texts in UTF-8, one after the other.
        text_ends: int64, the end of each.
        kinds: uint8, 256: the class of each byte.
        runs: out.
        run_ends: int64, out: the number of runs up to the end of each text.

    Returns:
        The number of runs.
    """
    lows, highs, starts, sizes = runs
    one = np.uint64(1)
    half = np.uint64(SHORT)
    at = 0
    i = np.uint64(0)
    for text in range(len(text_ends)):
        size = np.uint64(text_ends[text])
        while i < size:
            while i < size and kinds[data[i]] == SEPARATOR:
                i += one
            if i == size:
                break
            start = i
            low = high = np.uint64(0)
            end = min(size, start + half)
            while i < end and kinds[data[i]] == INSIDE:
                low |= np.uint64(data[i]) << ((i - start) << np.uint64(3))
                i += one
            if i - start == half:
                end = min(size, start + half + half)
                while i < end and kinds[data[i]] == INSIDE:
                    high |= np.uint64(data[i]) << ((i - start - half) << np.uint64(3))
                    i += one
                if i - start == half + half and i < size and kinds[data[i]] == INSIDE:
                    while i < size and kinds[data[i]] == INSIDE:
                        low = (low ^ np.uint64(data[i])) * np.uint64(1099511628211)
                        i += one
                    low |= np.uint64(0xFF00000000000000)
            lows[at] = low
            highs[at] = high
            starts[at] = start
            sizes[at] = i - start
            at += 1
        run_ends[text] = at
    return at


@inlined
def _slot(low, high, shift):
    """The slot where the search for a key begins."""
    mixed = (low ^ (high * np.uint64(0xC2B2AE3D27D4EB4F))) * np.uint64(0x9E3779B97F4A7C15)
    return (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15) >> shift


@kernel
def number_runs(
    data: U8, runs: Runs, count: int, table: U64, shift: np.uint64, spelled: Spelled, known: int, out: DistinctRuns,
    places: I64,
) -> int:  # fmt: skip
    """Look up runs in a hash table, and number new ones.

    Args:
        data, runs: see `cut`.
        count: the number of runs.
        table: uint64, `SLOT` times a power of two long; a slot of zeros is free, and half must still be free
            afterwards.
        shift: uint64, 64 minus the binary logarithm of the number of slots.
        spelled: in and out: all different runs.
        known: the number of different runs so far.
        places: int64, out: the slot of each new run.

    Returns:
        The number of different runs afterwards.
    """
    lows, highs, starts, sizes = runs
    blob, ends = spelled
    words_out, runs_out = out
    last = np.uint64(len(table) // SLOT - 1)
    wide = np.uint64(SLOT)
    one = np.uint64(1)
    before = known
    for i in range(min(AHEAD, count)):
        fetch(table, wide * _slot(lows[i], highs[i], shift))
    for i in range(count):
        if i + AHEAD < count:
            fetch(table, wide * _slot(lows[i + AHEAD], highs[i + AHEAD], shift))
        low, high = lows[i], highs[i]
        slot = _slot(low, high, shift)
        while True:
            at = wide * slot
            found = np.int64(table[at + np.uint64(2)]) - 1
            if found < 0:
                begin = ends[known - 1] if known else 0
                for j in range(sizes[i]):
                    blob[begin + j] = data[starts[i] + j]
                ends[known] = begin + sizes[i]
                table[at] = low
                table[at + one] = high
                table[at + np.uint64(2)] = np.uint64(known + 1)
                table[at + np.uint64(3)] = np.uint64(SEVERAL)
                places[known - before] = slot
                found = known
                known += 1
                break
            if table[at] == low and table[at + one] == high:
                if sizes[i] <= 2 * SHORT:
                    break
                begin = ends[found - 1] if found else 0
                if ends[found] - begin == sizes[i]:
                    same = True
                    for j in range(sizes[i]):
                        if blob[begin + j] != data[starts[i] + j]:
                            same = False
                            break
                    if same:
                        break
            slot = (slot + one) & last
        words_out[i] = table[wide * slot + np.uint64(3)]
        runs_out[i] = found
    return known


@kernel
def move(old: U64, table: U64, shift: np.uint64) -> None:
    """Copy the occupied slots to a larger table, which is empty."""
    last = np.uint64(len(table) // SLOT - 1)
    for i in range(0, len(old), SLOT):
        if old[i + 2]:
            slot = _slot(old[i], old[i + 1], shift)
            while table[np.uint64(SLOT) * slot + np.uint64(2)]:
                slot = (slot + np.uint64(1)) & last
            for j in range(SLOT):
                table[np.int64(slot) * SLOT + j] = old[i + j]


@kernel
def count_spelled(found: DistinctRuns, count: int, ends: I64) -> int:
    """The number of words of the first `count` runs; see `spell`."""
    words, runs = found
    total = 0
    for i in range(count):
        if words[i] != SEVERAL:
            total += 1
        else:
            run = np.int64(runs[i])
            total += ends[run] - (ends[run - 1] if run else 0)
    return total


@kernel
def spell(found: DistinctRuns, run_ends: I64, ends: I64, all_words: U32, out: U32, at: int, sizes: I64) -> int:
    """Write the words of the runs of some texts to `out[at:]`. Returns the index after them.

    Args:
        found: from `number_runs`, for each run.
        run_ends: int64; the end of each text's runs.
        ends, all_words: int64 and uint32; the end of each different run's words, and the words of all.
        sizes: int64, out; the number of words of each text.
    """
    words, runs = found
    place = 0
    for text in range(len(run_ends)):
        before = at
        while place < run_ends[text]:
            word = words[place]
            if word != SEVERAL:
                out[at] = word
                at += 1
            else:
                run = np.int64(runs[place])
                for i in range(ends[run - 1] if run else 0, ends[run]):
                    out[at] = all_words[i]
                    at += 1
            place += 1
        sizes[text] = at - before
    return at
