"""Counts words in some articles by their posting lists, and selects the values that are most special."""

from __future__ import annotations

from math import log

import numpy as np

from search.jit.arguments import I64, U8, U32, Flags, Integers, Packed
from search.jit.compiling import inlined, kernel
from search.kernels.packing import BLOCK, unpack
from search.kernels.postings import KEY

IN_RESULT, IN_REFERENCE = BLOCK + 1, 1
"""Weights of an article of the result, and of another of the reference: the sum over a block has the number of each."""


@kernel
def join(data: U8, ends: I64, ours: I64, first: int, last: int, joined: I64, our_places: U32, places: U32) -> int:
    """Merge sorted terms with those of another segment.

    Args:
        data, ends: the bytes of the terms of all segments, and the end of each.
        ours: the numbers of the terms so far, in their order.
        first, last: the terms of the other segment, which are in order.
        joined: out: the numbers of all different terms, in order.
        our_places, places: out: the index in `joined` of each of the terms so far, and of the others.

    Returns:
        The number of different terms.
    """
    size = 0
    our = np.int64(0)
    other = np.int64(first)
    while our < len(ours) or other < last:
        order = np.int64(0)
        if our == len(ours):
            order = 1
        elif other == last:
            order = -1
        else:
            term = ours[our]
            begin = ends[term - 1] if term else 0
            start = ends[other - 1] if other else 0
            length, other_length = ends[term] - begin, ends[other] - start
            order = length - other_length
            for i in range(min(length, other_length)):
                if data[begin + i] != data[start + i]:
                    order = np.int64(data[begin + i]) - np.int64(data[start + i])
                    break
        joined[size] = other if order > 0 else ours[our]
        if order <= 0:
            our_places[our] = size
            our += 1
        if order >= 0:
            places[other - first] = size
            other += 1
        size += 1
    return size


@kernel
def following(weights: U8, out: U32) -> None:
    """Of each article, the first from it on that has a weight; the number of all articles if none has.

    Args:
        out: uint32, one more than there are articles.
    """
    found = len(weights)
    out[found] = found
    for article in range(len(weights) - 1, -1, -1):
        if weights[article]:
            found = article
        out[article] = found


@kernel
def count_terms(
    packed: Packed, lasts: U32, starts: Integers, terms: U32, numbers: U32, wanted: Flags, base: int, weights: U8,
    ahead: U32, counts: U32, totals: U32,
) -> None:  # fmt: skip
    """Count the articles of a segment that have each of some terms; blocks without any of them are not unpacked.

    Args:
        terms: of each entry of the segment, the number of its postings.
        numbers: of each entry, its number in the snapshot.
        wanted: bool, by number: the terms to count.
        weights: of each article of the snapshot: `IN_RESULT`, `IN_REFERENCE`, or 0 for one that is not counted.
        ahead: see `following`.
        counts: in and out, by number: articles of the result.
        totals: in and out, by number: articles of the reference; empty if they are not counted.
    """
    words, offsets, shapes = packed
    gaps = np.empty(BLOCK, np.uint32)
    for entry in range(len(terms)):
        number = numbers[entry]
        if not wanted[number]:
            continue
        inside = np.int64(0)
        outside = np.int64(0)
        before = np.int64(base) - 1
        for block in range(np.int64(starts[terms[entry]]), np.int64(starts[terms[entry] + 1])):
            end = np.int64(lasts[block]) + base
            if np.int64(ahead[before + 1]) <= end:
                shape = np.int64(shapes[block])
                count = (shape >> 24) + 1
                unpack(words, np.int64(offsets[block]), count, shape & 255, gaps)
                weight = np.int64(0)
                for i in range(count):
                    before += np.int64(gaps[i]) + 1
                    weight += weights[np.uint64(before)]
                inside += weight // IN_RESULT
                outside += weight % IN_RESULT
            before = end
        counts[number] += np.uint32(inside)
        if len(totals):
            totals[number] += np.uint32(inside + outside)


@inlined
def g2(count, of, total, whole):
    """Unsigned G², see `search.measures.keyness`."""
    rest = of - count
    absent = total - count
    neither = whole - total - rest
    found = 0.0
    if count:
        found += count * log(count * whole / (np.float64(total) * of))
    if rest:
        found += rest * log(rest * whole / (np.float64(whole - total) * of))
    if absent:
        found += absent * log(absent * whole / (np.float64(total) * (whole - of)))
    if neither:
        found += neither * log(neither * whole / (np.float64(whole - total) * (whole - of)))
    return 2 * found


@kernel
def bounds(totals: Integers, total: int, whole: int, under: bool, known: bool, out: I64) -> None:
    """The greatest key that values may have which so many articles of the archive have.

    Args:
        total, whole: articles of the result and of the reference.
        under: True for under-represented values.
        known: True if the reference is the archive; otherwise fewer of its articles may have the value.
        out: int64, as long as `totals`.
    """
    for i in range(len(totals)):
        of = min(np.int64(totals[i]), whole)
        if under:
            of = of if known else min(of, whole - total)
            count = max(np.int64(0), of - (whole - total))
        else:
            of = of if known else min(of, total)
            count = min(of, total)
        out[i] = np.int64(g2(count, of, total, whole) * KEY) + 2 if 0 < of < whole else 0


@kernel
def most_special(
    values: U32, counts: U32, totals: U32, total: int, whole: int, under: bool, order: U32, filled: int, keys: I64,
    best: U32,
) -> int:  # fmt: skip
    """Insert the values that are most special among the best ones.

    Args:
        counts, totals: by value, the articles of the result and of the reference.
        total, whole: all articles of the result and of the reference.
        under: True for under-represented values.
        order: the rank of each value, which decides ties; empty if they are in order.
        filled: how many there are already.
        keys, best: in and out: their keys, greatest first, and the values.

    Returns:
        Their number now.
    """
    size = len(keys)
    for value in values:
        count, of = np.int64(counts[value]), np.int64(totals[value])
        excess = count * whole - total * of
        if (excess >= 0) if under else (excess <= 0):
            continue
        key = np.int64(g2(count, of, total, whole) * KEY + 0.5)
        if filled == size and not _precedes(key, value, keys[filled - 1], best[filled - 1], order):
            continue
        i = filled if filled < size else filled - 1
        while i and _precedes(key, value, keys[i - 1], best[i - 1], order):
            keys[i] = keys[i - 1]
            best[i] = best[i - 1]
            i -= 1
        keys[i] = key
        best[i] = value
        filled = min(filled + 1, size)
    return filled


@inlined
def _precedes(key, value, other_key, other, order):
    if key != other_key:
        return key > other_key
    if len(order):
        return order[value] < order[other]
    return value < other
