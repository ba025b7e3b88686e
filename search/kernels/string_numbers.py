"""Numbers strings, and pairs of numbers, in hash tables.

A table has `SLOT` numbers a slot, a power of two of slots, half of them free. Each kernel stores what it adds together
with the number of entries, `known[0]`, so that no exception of Python comes in between.
"""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I64, U8, U32, U64
from search.jit.compiling import inlined, kernel

SLOT = 2
"""Numbers in a slot of a hash table: the hash, and the entry's number + 1; zeros if it is free."""
KEY = 7
"""Bytes of a string in a key."""
SIZE = np.uint64(15)
"""Bits of a key for how many of them are there, all set if more bytes follow."""


@inlined
def _mixed(value):
    """A hash whose lowest bits depend on all bits of a value."""
    value = (value ^ (value >> np.uint64(31))) * np.uint64(0x9E3779B97F4A7C15)
    return value ^ (value >> np.uint64(29))


@kernel
def number(data: U8, ends: I64, table: U64, names: U8, name_ends: I64, known: I64, out: U32) -> None:
    """The number of each string; new ones get the next numbers.

    Args:
        data, ends: the strings in UTF-8, one after another, and the end of each.
        table: in and out.
        names, name_ends: in and out: the different strings so far, with room for more.
        known: in and out: their number.
        out: out.
    """
    last, one = np.uint64(len(table) // SLOT - 1), np.uint64(1)
    size = known[0]
    begin = 0
    for i in range(len(ends)):
        end = ends[i]
        key = np.uint64(14695981039346656037)
        for j in range(begin, end):
            key = (key ^ np.uint64(data[j])) * np.uint64(1099511628211)
        key = _mixed(key)
        slot = key & last
        while True:
            found = np.int64(table[SLOT * slot + one]) - 1
            if found < 0:
                at = name_ends[size - 1] if size else 0
                for j in range(begin, end):
                    names[at + j - begin] = data[j]
                name_ends[size] = at + end - begin
                table[SLOT * slot] = key
                table[SLOT * slot + one] = size + 1
                found = size
                size += 1
                break
            if table[SLOT * slot] == key:
                at = name_ends[found - 1] if found else 0
                same = name_ends[found] - at == end - begin
                if same:
                    for j in range(begin, end):
                        if names[at + j - begin] != data[j]:
                            same = False
                            break
                if same:
                    break
            slot = (slot + one) & last
        out[i] = found
        begin = end
    known[0] = size


@kernel
def number_pairs(firsts: U32, seconds: U32, table: U64, pairs: U64, known: I64, out: U32) -> None:
    """The number of each pair of numbers; new ones get the next numbers.

    Args:
        firsts, seconds: the pairs.
        table: in and out.
        pairs: in and out: the different pairs so far, the first number in the upper half, with room for more.
        known: in and out: their number.
        out: out.
    """
    last, one = np.uint64(len(table) // SLOT - 1), np.uint64(1)
    size = known[0]
    for i in range(len(firsts)):
        pair = np.uint64(firsts[i]) << np.uint64(32) | np.uint64(seconds[i])
        key = _mixed(pair)
        slot = key & last
        while True:
            found = np.int64(table[SLOT * slot + one]) - 1
            if found < 0:
                pairs[size] = pair
                table[SLOT * slot] = key
                table[SLOT * slot + one] = size + 1
                found = size
                size += 1
                break
            if pairs[found] == pair:
                break
            slot = (slot + one) & last
        out[i] = found
    known[0] = size


@kernel
def move(old: U64, table: U64) -> None:
    """Copy the occupied slots to a larger table, which is empty."""
    last, one = np.uint64(len(table) // SLOT - 1), np.uint64(1)
    for i in range(0, len(old), SLOT):
        if old[i + 1]:
            slot = old[i] & last
            while table[SLOT * slot + one]:
                slot = (slot + one) & last
            table[SLOT * slot] = old[i]
            table[SLOT * slot + one] = old[i + 1]


@kernel
def gather(data: U8, ends: I64, numbers: I64, out: U8, out_ends: I64) -> None:
    """Copy some strings; `out` has room for them, and `out_ends` has the end of each."""
    at = 0
    for i in range(len(numbers)):
        number = numbers[i]
        begin = ends[number - 1] if number else 0
        for j in range(begin, ends[number]):
            out[at] = data[j]
            at += 1
        out_ends[i] = at


@kernel
def keys(data: U8, ends: I64, numbers: I64, depth: int, out: U64) -> None:
    """Numbers that sort as `KEY` bytes of some strings do, from one on: the bytes, and how many there are.

    Args:
        depth: the first of the bytes.
        out: out.
    """
    for i in range(len(numbers)):
        number = numbers[i]
        begin = (ends[number - 1] if number else 0) + depth
        there = max(0, ends[number] - begin)
        key = np.uint64(0)
        for j in range(KEY):
            key = key << np.uint64(8) | np.uint64(data[begin + j] if j < there else 0)
        out[i] = key << np.uint64(8) | (SIZE if there > KEY else np.uint64(there))
