"""Edit distances of words."""

from __future__ import annotations

import numpy as np

from search.local.kernels.arguments import U8, U32, U64
from search.local.kernels.compiling import kernel

LONGEST = 64
"""Maximum length of words that are compared, in code points; longer ones are far from all."""


@kernel
def distances(data: U8, ends: U64, first: int, wanted: U32, most: int, out: U8) -> None:
    """The edits between each of some UTF-8 terms and a word: optimal string alignment; `most` + 1 if greater.

    Args:
        first: the number of the first term.
        wanted: uint32, the word's code points.
        out: uint8, out.
    """
    word = np.empty(LONGEST, np.uint32)
    rows = np.empty((3, LONGEST + 1), np.int64)
    for i in range(len(out)):
        number = first + i
        start = np.int64(ends[number - 1]) if number else 0
        out[i] = most + 1
        size = _code_points(data, start, np.int64(ends[number]), word)
        if abs(size - len(wanted)) <= most and size < LONGEST:
            out[i] = min(_distance(word[:size], wanted, most, rows), most + 1)


@kernel
def _code_points(data, start, end, out):
    """Decode valid UTF-8. Returns the number of code points, at most `LONGEST`."""
    size = 0
    at = start
    while at < end and size < LONGEST:
        byte = np.uint32(data[at])
        more = 0 if byte < 0x80 else 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
        code = byte if more == 0 else byte & np.uint32(0x3F >> more)
        for i in range(1, more + 1):
            code = (code << np.uint32(6)) | (np.uint32(data[at + i]) & np.uint32(0x3F))
        out[size] = code
        size += 1
        at += more + 1
    return size


@kernel
def _distance(a, b, most, rows):
    """Optimal string alignment; more than `most` as soon as the result must be."""
    before, last, row = 0, 1, 2
    for j in range(len(b) + 1):
        rows[last, j] = j
    for i in range(1, len(a) + 1):
        rows[row, 0] = i
        least = i
        for j in range(1, len(b) + 1):
            cost = 0 if a[i - 1] == b[j - 1] else 1
            value = min(rows[last, j] + 1, rows[row, j - 1] + 1, rows[last, j - 1] + cost)
            if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
                value = min(value, rows[before, j - 2] + 1)
            rows[row, j] = value
            least = min(least, value)
        if least > most:
            return most + 1
        before, last, row = last, row, before
    return rows[last, len(b)]
