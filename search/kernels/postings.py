"""Reads one term's postings in one segment: as a list, into a table over all articles, or only in part.

`articles` are numbers in the whole snapshot: those of the segment plus `base`, its first. A `weight` is a term's
frequency in an article, an occurrence in the title counting `TITLE_WEIGHT` times. Its BM25 score is
idf · weight / (weight + flat + slope · length), see `search.scoring`.
"""

from __future__ import annotations

import numpy as np

from search.jit.arguments import F64, I64, U8, U32, U64, Best, Bounds, Flags, Formula, Integers, Packed, Span
from search.jit.compiling import inlined, kernel
from search.kernels.packing import BLOCK, span, unpack

KEY = 1e6
"""Scores are ranked by six decimals, so that order does not depend on the last bit of a sum."""


@kernel
def find(data: U8, ends: U64, term: U8) -> int:
    """The number of a term among sorted ones, −1 if it is not there."""
    low = place_of(data, ends, term)
    if low < len(ends):
        start = np.int64(ends[low - 1]) if low else 0
        if np.int64(ends[low]) - start == len(term):
            for i in range(len(term)):
                if data[start + i] != term[i]:
                    return -1
            return low
    return -1


@kernel
def place_of(data: U8, ends: U64, term: U8) -> int:
    """The number of the first of some sorted terms that is not before this one."""
    low = np.int64(0)
    high = np.int64(len(ends))
    while low < high:
        middle = (low + high) >> 1
        start = np.int64(ends[middle - 1]) if middle else 0
        size = np.int64(ends[middle]) - start
        before = size < len(term)
        for i in range(min(size, len(term))):
            if data[start + i] != term[i]:
                before = data[start + i] < term[i]
                break
        if before:
            low = middle + 1
        else:
            high = middle
    return low


@kernel
def find_many(data: U8, ends: U64, order: U32, wanted: U8, wanted_ends: I64, numbers: I64) -> None:
    """Find terms among unsorted ones.

    Args:
        order: the numbers of the terms in the order of their bytes.
        wanted, wanted_ends: the terms to find, one after the other, and the end of each.
        numbers: out: the number of the last of those that are equal to each, −1 if there is none.
    """
    begin = np.int64(0)
    for place in range(len(wanted_ends)):
        length = wanted_ends[place] - begin
        low = np.int64(0)
        high = np.int64(len(order))
        numbers[place] = -1
        while low < high:
            middle = (low + high) >> 1
            number = np.int64(order[middle])
            start = np.int64(ends[number - 1]) if number else 0
            size = np.int64(ends[number]) - start
            differs = size - length
            for i in range(min(size, length)):
                if data[start + i] != wanted[begin + i]:
                    differs = np.int64(data[start + i]) - np.int64(wanted[begin + i])
                    break
            if differs <= 0:
                low = middle + 1
                if differs == 0:
                    numbers[place] = number
            else:
                high = middle
        begin = wanted_ends[place]


@kernel
def mark_known(
    data: U8, ends: U64, first: tuple[int, int],
    other_data: U8, other_ends: U64, other_first: tuple[int, int], known: Flags,
) -> None:  # fmt: skip
    """Mark the terms in a range of sorted ones that are in a range of others too.

    Args:
        first, other_first: int64, the start and end of each range.
        known: bool, as long as the other range; marks are added.
    """
    number, other = first[0], other_first[0]
    while number < first[1] and other < other_first[1]:
        start = np.int64(ends[number - 1]) if number else 0
        begin = np.int64(other_ends[other - 1]) if other else 0
        size, other_size = np.int64(ends[number]) - start, np.int64(other_ends[other]) - begin
        order = size - other_size
        for i in range(min(size, other_size)):
            if data[start + i] != other_data[begin + i]:
                order = np.int64(data[start + i]) - np.int64(other_data[begin + i])
                break
        if order == 0:
            known[other - other_first[0]] = True
        number += order <= 0
        other += order >= 0


@inlined
def block_of(packed, block, before, docs):
    """Unpack a block's article numbers. Returns (their number, where the rest of the block begins)."""
    words, offsets, shapes = packed
    shape = np.int64(shapes[block])
    count = (shape >> 24) + 1
    bits = shape & 255
    place = np.int64(offsets[block])
    unpack(words, place, count, bits, docs)
    for i in range(count):
        before += np.int64(docs[i]) + 1
        docs[i] = np.uint32(before)
    return count, place + span(count, bits)


@inlined
def _weights(packed, block, place, weights):
    """Unpack a block's weights, which start at `place`."""
    words, _, shapes = packed
    shape = np.int64(shapes[block])
    count = (shape >> 24) + 1
    unpack(words, place, count, (shape >> 8) & 255, weights)
    for i in range(count):
        weights[i] += np.uint32(1)


@inlined
def bm25(articles, weights, count, formula, sizes, scores):
    """Score a block of articles; its lengths are gathered first, so that the division is vectorized.

    Args:
        sizes: uint32, room for a block.
        scores: float64, out; 0 if the weight is 0.
    """
    lengths, idf, flat, slope = formula
    for i in range(count):
        sizes[i] = lengths[articles[i]]
    for i in range(count):
        weight = np.float64(weights[i])
        scores[i] = idf * weight / (weight + flat + slope * np.float64(sizes[i]))


@kernel
def read_articles(packed: Packed, blocks: Span, articles: U32, at: int) -> int:
    """Read a term's articles into `articles[at:]`. Returns the index after them."""
    first, last, base = blocks
    docs = np.empty(BLOCK, np.uint32)
    before = np.int64(base) - 1
    for block in range(first, last):
        count, _ = block_of(packed, block, before, docs)
        for i in range(count):
            articles[np.uint64(at + i)] = docs[i]
        at += count
        before = np.int64(docs[count - 1])
    return at


@kernel
def read_weights(packed: Packed, blocks: Span, articles: U32, weights: U32, at: int) -> int:
    """Read a term's articles and its weights in them, from `at` on. Returns the index after them."""
    first, last, base = blocks
    docs, values = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    before = np.int64(base) - 1
    for block in range(first, last):
        count, place = block_of(packed, block, before, docs)
        _weights(packed, block, place, values)
        for i in range(count):
            articles[np.uint64(at + i)] = docs[i]
            weights[np.uint64(at + i)] = values[i]
        at += count
        before = np.int64(docs[count - 1])
    return at


@kernel
def read_scores(packed: Packed, blocks: Span, formula: Formula, articles: U32, scores: F64, at: int) -> int:
    """Read a term's articles and scores, from `at` on. Returns the index after them."""
    first, last, base = blocks
    docs, weights, sizes = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    found = np.empty(BLOCK, np.float64)
    before = np.int64(base) - 1
    for block in range(first, last):
        count, place = block_of(packed, block, before, docs)
        _weights(packed, block, place, weights)
        bm25(docs, weights, count, formula, sizes, found)
        for i in range(count):
            articles[np.uint64(at + i)] = docs[i]
            scores[np.uint64(at + i)] = found[i]
        at += count
        before = np.int64(docs[count - 1])
    return at


@kernel
def add_scores(packed: Packed, blocks: Span, formula: Formula, table: F64) -> None:
    """Add a term's scores to a table of float64 over all articles."""
    first, last, base = blocks
    docs, weights, sizes = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    scores = np.empty(BLOCK, np.float64)
    before = np.int64(base) - 1
    for block in range(first, last):
        count, place = block_of(packed, block, before, docs)
        _weights(packed, block, place, weights)
        bm25(docs, weights, count, formula, sizes, scores)
        for i in range(count):
            table[docs[i]] += scores[i]
        before = np.int64(docs[count - 1])


@kernel
def add_weights(packed: Packed, blocks: Span, table: U32) -> None:
    """Add a term's weights to a table of uint32 over all articles."""
    first, last, base = blocks
    docs, weights = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    before = np.int64(base) - 1
    for block in range(first, last):
        count, place = block_of(packed, block, before, docs)
        _weights(packed, block, place, weights)
        for i in range(count):
            table[docs[i]] += weights[i]
        before = np.int64(docs[count - 1])


@kernel
def add_many(packed: Packed, starts: Integers, numbers: I64, base: int, table: U32) -> None:
    """Add the weights of several terms to a table of uint32 over all articles."""
    for number in numbers:
        add_weights(packed, (np.int64(starts[number]), np.int64(starts[number + 1]), np.int64(base)), table)


@kernel
def read_many(packed: Packed, starts: Integers, numbers: I64, base: int, articles: U32, weights: U32, at: int) -> int:
    """Read the articles and weights of several terms, one term after the other. Returns the index after them."""
    for number in numbers:
        blocks = np.int64(starts[number]), np.int64(starts[number + 1]), np.int64(base)
        at = read_weights(packed, blocks, articles, weights, at)
    return at


@kernel
def mark(packed: Packed, blocks: Span, bit: int, table: U8) -> None:
    """Set a bit in a table of uint8 for every article of a term."""
    first, last, base = blocks
    docs = np.empty(BLOCK, np.uint32)
    before = np.int64(base) - 1
    for block in range(first, last):
        count, _ = block_of(packed, block, before, docs)
        for i in range(count):
            table[docs[i]] |= np.uint8(bit)
        before = np.int64(docs[count - 1])


@kernel
def look_up(packed: Packed, lasts: U32, blocks: Span, articles: U32, start: int, end: int, weights: U32) -> None:
    """A term's weights in some articles, 0 if it is not in one: blocks without any of them are skipped.

    Args:
        articles: uint32, ascending; those from `start` to `end` are in the segment.
        weights: uint32, out, as long as `articles`.
    """
    first, last, base = blocks
    values = np.empty(BLOCK, np.uint32)
    docs = np.empty(BLOCK, np.uint32)
    block = first
    unpacked = np.int64(-1)
    count = np.int64(0)
    at = np.int64(0)
    for i in range(start, end):
        wanted = np.int64(articles[i]) - base
        if block < last and np.int64(lasts[block]) < wanted:
            step = 1
            low = block
            while low + step < last and np.int64(lasts[low + step]) < wanted:
                low += step
                step <<= 1
            high = min(low + step, last)
            low += 1
            while low < high:
                middle = (low + high) >> 1
                if np.int64(lasts[middle]) < wanted:
                    low = middle + 1
                else:
                    high = middle
            block = low
        if block >= last:
            weights[i] = 0
            continue
        if block != unpacked:
            before = np.int64(lasts[block - 1]) if block > first else np.int64(-1)
            count, place = block_of(packed, block, before, docs)
            _weights(packed, block, place, values)
            unpacked = block
            at = 0
        low = at
        high = count
        while low < high:
            middle = (low + high) >> 1
            if np.int64(docs[middle]) < wanted:
                low = middle + 1
            else:
                high = middle
        at = low
        weights[i] = values[at] if at < count and np.int64(docs[at]) == wanted else np.uint32(0)


@kernel
def top(
    packed: Packed, bounds: Bounds, blocks: Span, formula: Formula, scale: float, live: Flags, ranks: U32, bar: int,
    best: Best,
) -> int:  # fmt: skip
    """Find the best articles of one term, skipping blocks that can contain none of them (block-max).

    Args:
        scale: by how much an impact may have grown since it was written: the ratio of mean lengths, at least 1.
        live: over all articles; empty if all are live.
        ranks: the rank of each article in its segment by id, which decides ties.
        bar: articles with a greater key are not wanted.
        best: out: as many as there is room for.

    Returns:
        Their number.
    """
    first, last, base = blocks
    lasts, impacts = bounds
    _, idf, _, _ = formula
    keys, articles = best
    docs, weights, sizes = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    scores = np.empty(BLOCK, np.float64)
    size = len(keys)
    filled = 0
    for block in range(first, last):
        if filled == size:
            bar = min(bar, keys[filled - 1])
        if -np.int64(idf * scale * np.float64(impacts[block]) * KEY + 1.5) > bar:
            continue
        before = np.int64(lasts[block - 1]) if block > first else np.int64(-1)
        count, place = block_of(packed, block, before + base, docs)
        _weights(packed, block, place, weights)
        bm25(docs, weights, count, formula, sizes, scores)
        for i in range(count):
            article = docs[i]
            key = -np.int64(scores[i] * KEY + 0.5)
            if key > bar or (len(live) and not live[article]):
                continue
            filled = insert(key, article, ranks, filled, keys, articles)
            if filled == size:
                bar = min(bar, keys[filled - 1])
    return filled


@kernel
def insert(key, article, ranks, filled, keys, articles):
    """Insert an article among the best, if it is one of them. Returns their number."""
    size = len(keys)
    if filled == size and (size == 0 or not _before(key, article, keys[filled - 1], articles[filled - 1], ranks)):
        return filled
    i = filled if filled < size else filled - 1
    while i and _before(key, article, keys[i - 1], articles[i - 1], ranks):
        keys[i] = keys[i - 1]
        articles[i] = articles[i - 1]
        i -= 1
    keys[i] = key
    articles[i] = article
    return min(filled + 1, size)


@kernel
def _before(key, article, other_key, other, ranks):
    if key != other_key:
        return key < other_key
    return ranks[article] < ranks[other]
