"""Texts cut into runs of bytes, and runs into words."""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel

SEPARATOR, INSIDE = 0, 1
"""What a byte is to `scan`: between runs, or part of one."""


@kernel
def scan(data, kinds, table, hashes, blob, ends, known, out):
    """Cut UTF-8 into runs of bytes that are no separators, and number each different run.

    Args:
        data: uint8, the text.
        kinds: uint8, 256: what each byte is.
        table: int32, a power of two long: numbers of runs by hash, −1 where free.
        hashes: uint64, the hash of each run.
        blob, ends: uint8, int64: the bytes of all runs, and where each ends.
        known: how many runs there are.
        out: int32, out: the number of each run in the text.

    Returns:
        (runs in the text, runs there are now). Room for as many new runs and bytes as the text has must be there.
    """
    mask = np.uint64(len(table) - 1)
    at = 0
    i = 0
    size = len(data)
    while i < size:
        while i < size and kinds[data[i]] == SEPARATOR:
            i += 1
        start = i
        code = np.uint64(14695981039346656037)
        while i < size and kinds[data[i]] == INSIDE:
            code = (code ^ np.uint64(data[i])) * np.uint64(1099511628211)
            i += 1
        if i == start:
            break
        code ^= code >> np.uint64(29)
        slot = code & mask
        while True:
            number = table[slot]
            if number < 0:
                begin = ends[known - 1] if known else 0
                for j in range(i - start):
                    blob[begin + j] = data[start + j]
                ends[known] = begin + i - start
                hashes[known] = code
                table[slot] = known
                number = known
                known += 1
                break
            if hashes[number] == code:
                begin = ends[number - 1] if number else 0
                if ends[number] - begin == i - start:
                    same = True
                    for j in range(i - start):
                        if blob[begin + j] != data[start + j]:
                            same = False
                            break
                    if same:
                        break
            slot = (slot + np.uint64(1)) & mask
        out[at] = number
        at += 1
    return at, known


@kernel
def rehash(hashes, known, table):
    """Put all runs into a new table, which is free."""
    mask = np.uint64(len(table) - 1)
    for number in range(known):
        slot = hashes[number] & mask
        while table[slot] >= 0:
            slot = (slot + np.uint64(1)) & mask
        table[slot] = number


@kernel
def spell(runs, ends, stems, forms, stems_out, forms_out):
    """The words that runs stand for, one after the other; how many. `ends` says where each run's words end."""
    at = 0
    for run in runs:
        for i in range(ends[run - 1] if run else 0, ends[run]):
            stems_out[at] = stems[i]
            forms_out[at] = forms[i]
            at += 1
    return at
