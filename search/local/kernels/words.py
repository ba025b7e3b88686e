"""Texts cut into runs of bytes, and runs into words."""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel

SEPARATOR, INSIDE = 0, 1
"""What a byte is to `scan`: between runs, or part of one."""
SHORT = 8
"""Bytes of a run that are its key as they are; of a longer one the key is a hash."""
SEVERAL = 0xFFFFFFFF
"""In place of a run's word: it stands for none, or for several."""


@kernel
def scan(data, text_ends, kinds, table, shift, blob, ends, known, out, run_ends):
    """Cut texts into runs of bytes that are no separators, and number each different run.

    The key of a run of up to `SHORT` bytes is these bytes, which says all of it. A longer one's is a hash, whose
    highest byte is one that no UTF-8 has; such runs are compared.

    Args:
        data: uint8, the texts in UTF-8, one after the other.
        text_ends: int64, where each ends.
        kinds: uint8, 256: what each byte is.
        table: uint64, twice a power of two long: the key of a run and its number + 1, side by side; (0, 0) where free.
        shift: 64 less the binary logarithm of the slots.
        blob, ends: uint8, int64: the bytes of all runs, and where each ends.
        known: how many runs there are.
        out: int32, out: the number of each run in the texts.
        run_ends: int64, out: how many runs there are up to the end of each text.

    Returns:
        How many runs are known now. Room for as many new runs and bytes as the texts have must be there.
    """
    last_slot = np.uint64(len(table) // 2 - 1)
    one = np.uint64(1)
    at = 0
    i = np.uint64(0)
    for text in range(len(text_ends)):
        size = np.uint64(text_ends[text])
        while i < size:
            while i < size and kinds[data[i]] == SEPARATOR:
                i += one
            start = i
            key = np.uint64(0)
            end = min(size, start + np.uint64(SHORT))
            while i < end and kinds[data[i]] == INSIDE:
                key |= np.uint64(data[i]) << ((i - start) << np.uint64(3))
                i += one
            if i == start:
                break
            long = i - start == np.uint64(SHORT) and i < size and kinds[data[i]] == INSIDE
            if long:
                while i < size and kinds[data[i]] == INSIDE:
                    key = (key ^ np.uint64(data[i])) * np.uint64(1099511628211)
                    i += one
                key |= np.uint64(0xFF00000000000000)
            slot = (key * np.uint64(0x9E3779B97F4A7C15)) >> np.uint64(shift)
            while True:
                number = np.int64(table[np.uint64(2) * slot + one]) - 1
                if number < 0:
                    begin = ends[known - 1] if known else 0
                    for j in range(i - start):
                        blob[begin + j] = data[start + np.uint64(j)]
                    ends[known] = begin + np.int64(i - start)
                    table[np.uint64(2) * slot] = key
                    table[np.uint64(2) * slot + one] = np.uint64(known + 1)
                    number = known
                    known += 1
                    break
                if table[np.uint64(2) * slot] == key:
                    if not long:
                        break
                    begin = ends[number - 1] if number else 0
                    same = ends[number] - begin == np.int64(i - start)
                    if same:
                        for j in range(i - start):
                            if blob[begin + j] != data[start + np.uint64(j)]:
                                same = False
                                break
                    if same:
                        break
                slot = (slot + one) & last_slot
            out[at] = number
            at += 1
        run_ends[text] = at
    return known


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
def spell(runs, run_ends, word_of, ends, words, out, at, sizes):
    """The words that the runs of some texts stand for, into `out[at:]`; the place after them.

    Args:
        run_ends: int64; where each text's runs end.
        word_of: uint32; the word of each run that is one, else `SEVERAL`.
        ends, words: int64 and uint32; where each run's words end, and the words of all.
        sizes: int64, out; how many words each text has.
    """
    place = 0
    for text in range(len(run_ends)):
        before = at
        while place < run_ends[text]:
            run = runs[place]
            place += 1
            word = word_of[run]
            if word != SEVERAL:
                out[at] = word
                at += 1
            else:
                for i in range(ends[run - 1] if run else 0, ends[run]):
                    out[at] = words[i]
                    at += 1
        sizes[text] = at - before
    return at
