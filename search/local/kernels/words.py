"""Texts cut into runs of bytes, and runs into words."""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel

SEPARATOR, INSIDE = 0, 1
"""What a byte is to `scan`: between runs, or part of one."""
SHORT = 8
"""Bytes of a run that are its key as they are; of a longer one the key is a hash."""


@kernel
def scan(data, kinds, table, shift, blob, ends, known, out):
    """Cut UTF-8 into runs of bytes that are no separators, and number each different run.

    Args:
        data: uint8, the text.
        kinds: uint8, 256: what each byte is.
        table: uint64, twice a power of two long: the key of a run and its number + 1, side by side; (0, 0) where free.
        shift: 64 less the binary logarithm of the slots.
        blob, ends: uint8, int64: the bytes of all runs, and where each ends.
        known: how many runs there are.
        out: int32, out: the number of each run in the text.

    Returns:
        (runs in the text, runs there are now). Room for as many new runs and bytes as the text has must be there.
    """
    last_slot = np.uint64(len(table) // 2 - 1)
    at = 0
    i = 0
    size = len(data)
    while i < size:
        while i < size and kinds[data[i]] == SEPARATOR:
            i += 1
        start = i
        key = np.uint64(0)
        end = min(size, start + SHORT)
        while i < end and kinds[data[i]] == INSIDE:
            key |= np.uint64(data[i]) << np.uint64((i - start) << 3)
            i += 1
        if i == start:
            break
        if i - start == SHORT:
            while i < size and kinds[data[i]] == INSIDE:
                key = (key ^ np.uint64(data[i])) * np.uint64(1099511628211)
                i += 1
        length = i - start
        slot = (key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(shift)
        while True:
            number = np.int64(table[2 * slot + np.uint64(1)]) - 1
            if number < 0:
                begin = ends[known - 1] if known else 0
                for j in range(length):
                    blob[begin + j] = data[start + j]
                ends[known] = begin + length
                table[2 * slot] = key
                table[2 * slot + np.uint64(1)] = np.uint64(known + 1)
                number = known
                known += 1
                break
            if table[2 * slot] == key:
                begin = ends[number - 1] if number else 0
                same = ends[number] - begin == length
                if length > SHORT:
                    for j in range(length):
                        if not same or blob[begin + j] != data[start + j]:
                            same = False
                            break
                if same:
                    break
            slot = (slot + np.uint64(1)) & last_slot
        out[at] = number
        at += 1
    return at, known


@kernel
def move(old, table, shift):
    """Put the slots that are taken into a larger table, which is free."""
    last_slot = np.uint64(len(table) // 2 - 1)
    for i in range(0, len(old), 2):
        if old[i + 1]:
            slot = (old[i] * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(shift)
            while table[2 * slot + np.uint64(1)]:
                slot = (slot + np.uint64(1)) & last_slot
            table[2 * slot] = old[i]
            table[2 * slot + np.uint64(1)] = old[i + 1]


@kernel
def spell(runs, ends, words, out, at):
    """The words that runs stand for, into `out[at:]`; the place after them. `ends` says where each run's words end."""
    for run in runs:
        for i in range(ends[run - 1] if run else 0, ends[run]):
            out[at] = words[i]
            at += 1
    return at
