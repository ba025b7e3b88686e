"""Edit distances of words."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I64, U8, U32, U64
from search.jit.compiling import inlined, kernel

LONGEST = 64
"""Maximum length of words that are compared, in code points; longer ones are far from all."""


@kernel
def distances(data: U8, ends: U64, first: int, wanted: U32, most: int, out: U8) -> None:
    """The edits between each of some sorted UTF-8 terms and a word: optimal string alignment; `most` + 1 if greater.

    A term shares the rows of its table with the term before, as far as both begin alike; and the terms that follow one
    whose beginning is too far from every beginning of the word are skipped together, if they begin so too. Of each row
    only the cells that can be `most` or less are computed.

    Args:
        first: the number of the first term.
        wanted: uint32, the word's code points.
        out: uint8, out.
    """
    far = most + 1
    out[:] = far
    size = len(wanted)
    word, bytes_to = np.zeros(LONGEST, np.uint32), np.empty(LONGEST + 1, np.int64)
    rows = np.full((LONGEST + 1, size + 2), far, np.int64)
    for i in range(min(size, most) + 1):  # assigning a slice would compile the message that its length is another
        rows[0, i] = i
    known = 0  # rows that belong to the code points of `word`
    i = 0
    while i < len(out):
        number = first + i
        start, end = np.int64(ends[number - 1]) if number else 0, np.int64(ends[number])
        at, length, same = start, 0, 0
        while at < end and length < LONGEST:
            code, after = _code_point(data, at)
            if same == length and length < known and word[length] == code:
                same += 1
            word[length] = code
            bytes_to[length] = after - start
            length += 1
            at = after
        known = same
        dead = False
        while known < min(length, size + most) and not dead:
            known += 1
            dead = not _fill(word, wanted, known, most, rows)
        if dead:
            prefix = bytes_to[known - 1]
            known -= 1
            i = _beyond(data, ends, first, i, len(out), prefix)
            continue
        if length == known and length < LONGEST:
            out[i] = min(rows[length, size], far)
        i += 1


@inlined
def _code_point(data, at):
    """The code point of valid UTF-8 at a place, and the place after it."""
    byte = np.uint32(data[at])
    more = 0 if byte < 0x80 else 1 if byte < 0xE0 else 2 if byte < 0xF0 else 3
    code = byte if more == 0 else byte & np.uint32(0x3F >> more)
    for i in range(1, more + 1):
        code = (code << np.uint32(6)) | (np.uint32(data[at + i]) & np.uint32(0x3F))
    return code, at + more + 1


@kernel
def _fill(a: U32, b: U32, i: int, most: int, rows: I64) -> bool:
    """Fill row `i` of the table of edits from the ones before. Returns False if no cell is `most` or less."""
    low, high = max(1, i - most), min(len(b), i + most)
    rows[i, low - 1] = i if low == 1 else most + 1
    least = rows[i, low - 1]
    for j in range(low, high + 1):
        cost = 0 if a[i - 1] == b[j - 1] else 1
        value = min(rows[i - 1, j] + 1, rows[i, j - 1] + 1, rows[i - 1, j - 1] + cost)
        if i > 1 and j > 1 and a[i - 1] == b[j - 2] and a[i - 2] == b[j - 1]:
            value = min(value, rows[i - 2, j - 2] + 1)
        rows[i, j] = value
        least = min(least, value)
    rows[i, high + 1] = most + 1
    return least <= most


@kernel
def _beyond(data: U8, ends: U64, first: int, i: int, count: int, prefix: int) -> int:
    """The first of the sorted terms after `i` that does not begin with the first `prefix` bytes of that one."""
    low, step = i, 1
    while low + step < count and _begin_alike(data, ends, first + i, first + low + step, prefix):
        low += step
        step <<= 1
    high = min(low + step, count)
    while low + 1 < high:
        middle = (low + high) >> 1
        if _begin_alike(data, ends, first + i, first + middle, prefix):
            low = middle
        else:
            high = middle
    return high


@inlined
def _begin_alike(data, ends, number, other, prefix):
    """True if two terms have the same first `prefix` bytes."""
    start = np.int64(ends[number - 1]) if number else 0
    begin = np.int64(ends[other - 1]) if other else 0
    alike = np.int64(ends[other]) - begin >= prefix
    for i in range(prefix if alike else 0):
        if data[start + i] != data[begin + i]:
            alike = False
            break
    return alike
