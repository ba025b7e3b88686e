"""Bit packing of numbers: postings and positions, in blocks of 128.

A full block has four interleaved lanes, so that a processor unpacks four numbers at once with plain vector loads: the
layout of SIMD-BP128 (Lemire and Boytsov, “Decoding billions of integers per second through vectorization”, 2015). The
last block of a term, which may be short, has one lane.

Every array of packed words ends with four padding words, so that reading past a word is always safe.
"""

from __future__ import annotations

import numpy as np

from search.fields import TITLE_WEIGHT
from search.jit.arguments import I64, U32, BlocksTuple, Packed, PostingsTuple, Span
from search.jit.compiling import inlined, kernel

EXTRA = TITLE_WEIGHT - 1
"""The additional weight of an occurrence in the title."""
BLOCK = 128
"""Postings per block, and positions per block."""
LANES = 4
"""Lanes of a full block; `_unpack_lanes` is written for four."""
SPARE = LANES
"""Padding words at the end."""
WIDTH_BITS = 6
"""Bits of the width of a block of positions."""
AHEAD = 32
"""Blocks of positions that are unpacked together."""
DENSE = 64
"""If at least one in this many positions is read, it pays to unpack the blocks that follow."""


@kernel
def width(most):
    """The number of bits that hold every value up to `most`."""
    bits = 0
    while most:
        bits += 1
        most >>= 1
    return bits


@kernel
def pack(values, start, count, bits, words, place):
    """Write a block of `count` values of `bits` bits each, from `words[place]` on. Returns the index after them."""
    if count == BLOCK:
        return _pack_lanes(values, start, bits, words, place)
    return _pack_after(np.uint64(0), 0, values, start, count, bits, words, place)


@kernel
def _pack_lanes(values, start, bits, words, place):
    for lane in range(LANES):
        buffer = np.uint64(0)
        filled = 0
        at = place + lane
        for i in range(start + lane, start + BLOCK, LANES):
            buffer |= np.uint64(values[i]) << np.uint64(filled)
            filled += bits
            if filled >= 32:
                words[at] = np.uint32(buffer & np.uint64(0xFFFFFFFF))
                at += LANES
                buffer >>= np.uint64(32)
                filled -= 32
    return place + LANES * bits


@kernel
def _pack_after(buffer, filled, values, start, count, bits, words, place):
    """Write one value after the other, after `filled` bits that are already in `buffer`."""
    for i in range(count):
        buffer |= np.uint64(values[start + i]) << np.uint64(filled)
        filled += bits
        while filled >= 32:
            words[place] = np.uint32(buffer & np.uint64(0xFFFFFFFF))
            place += 1
            buffer >>= np.uint64(32)
            filled -= 32
    if filled:
        words[place] = np.uint32(buffer & np.uint64(0xFFFFFFFF))
        place += 1
    return place


@inlined
def unpack(words, place, count, bits, out):
    """Read a block of `count` values of `bits` bits each, from `words[place]` on.

    The output starts at index 0 of an array of the caller: with a variable start it takes twice as long.
    """
    if count == BLOCK:
        _unpack_lanes(words, place, bits, out)
    else:
        _unpack_after(words, place, 0, count, bits, out)


@kernel
def _unpack_lanes(words, place, bits, out):
    if bits == 0:
        for i in range(BLOCK):
            out[i] = np.uint32(0)
        return
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    for row in range(BLOCK // LANES):
        bit = np.uint64(row) * np.uint64(bits)
        word = np.uint64(place) + (bit >> np.uint64(5)) * np.uint64(LANES)
        after = word + np.uint64(LANES)
        right = np.uint32(bit & np.uint64(31))
        left = np.uint32(31) - right
        a, b, c, d = words[word], words[word + np.uint64(1)], words[word + np.uint64(2)], words[word + np.uint64(3)]
        e, f, g, h = words[after], words[after + np.uint64(1)], words[after + np.uint64(2)], words[after + np.uint64(3)]
        i = ((a >> right) | ((e << np.uint32(1)) << left)) & mask
        j = ((b >> right) | ((f << np.uint32(1)) << left)) & mask
        k = ((c >> right) | ((g << np.uint32(1)) << left)) & mask
        m = ((d >> right) | ((h << np.uint32(1)) << left)) & mask
        to = np.uint64(row) * np.uint64(LANES)
        out[to] = np.uint32(i)
        out[to + np.uint64(1)] = np.uint32(j)
        out[to + np.uint64(2)] = np.uint32(k)
        out[to + np.uint64(3)] = np.uint32(m)


@kernel
def _unpack_after(words, place, skip, count, bits, out):
    """Read one value after the other, from `skip` bits after the beginning of a word."""
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    for i in range(count):
        bit = np.uint64(i) * np.uint64(bits) + np.uint64(skip)
        word = np.uint64(place) + (bit >> np.uint64(5))
        both = np.uint64(words[word]) | (np.uint64(words[word + np.uint64(1)]) << np.uint64(32))
        out[i] = np.uint32((both >> (bit & np.uint64(31))) & mask)


@inlined
def span(count, bits):
    """The number of words that hold a block of `count` values of `bits` bits."""
    return (count * bits + 31) >> 5


@kernel
def encode_positions(postings: PostingsTuple, words: U32, places: I64) -> int:
    """Write the positions of postings as deltas, in blocks; each posting starts with an absolute position.

    A block is `WIDTH_BITS` bits with the width of its deltas, and the deltas: from the next word on if the block is
    full, else directly after these bits.

    Args:
        words: uint32, out.
        places: int64, out: the start of each term in `words`.

    Returns:
        Words written.
    """
    term_ends, _, counts, _, positions = postings
    gaps = np.empty(BLOCK, np.uint32)
    place = 0
    posting = 0
    occurrence = 0
    for term in range(len(term_ends)):
        places[term] = place
        filled = 0
        most = np.uint32(0)
        while posting < term_ends[term]:
            before = np.int64(-1)
            for _ in range(counts[posting]):
                position = np.int64(positions[occurrence])
                occurrence += 1
                gaps[filled] = np.uint32(position - before - 1)
                most = max(most, gaps[filled])
                before = position
                filled += 1
                if filled == BLOCK:
                    bits = width(most)
                    words[place] = np.uint32(bits)
                    place = _pack_lanes(gaps, 0, bits, words, place + 1)
                    filled = 0
                    most = np.uint32(0)
            posting += 1
        if filled:
            bits = width(most)
            place = _pack_after(np.uint64(bits), WIDTH_BITS, gaps, 0, filled, bits, words, place)
    return place


@kernel
def reach(words, place, block, wanted, total, gaps):
    """Unpack a later block of a term's positions, skipping those before it.

    A call costs as much as a posting, so call it only when the block changes, not for each posting.

    Args:
        place: the start of the block after `block` in `words`.
        wanted: the number of the block, after `block`, to unpack into `gaps`.
        total: the number of the term's positions.

    Returns:
        The start of the block after `wanted`.
    """
    while block < wanted:
        block += 1
        here = place
        bits = np.int64(words[here] & np.uint32((1 << WIDTH_BITS) - 1))
        count = total - (block << 7)
        if count >= BLOCK:
            place = here + 1 + LANES * bits
            if block == wanted:
                _unpack_lanes(words, here + 1, bits, gaps)
        else:
            place = here + ((WIDTH_BITS + count * bits + 31) >> 5)
            if block == wanted:
                _unpack_after(words, here, WIDTH_BITS, count, bits, gaps)
    return place


@kernel
def window(words, total, state, gaps, start, end, ahead):
    """Unpack a term's positions from `start` to `end`, contiguously, and some of those that follow.

    Args:
        total: the number of the term's positions.
        state: int64, in and out: the numbers of the first and the last position in `gaps` (exclusive), and the start of
            the next block in `words`; before the first call 0, 0, and the start of the term.
        gaps: uint32, the unpacked deltas; with room for `end - start` positions and `ahead + 1` blocks.
        start: not before that of the last call.
        ahead: the number of blocks to unpack together.
    """
    first, last, place = state[0], state[1], state[2]
    if start < last:
        for i in range(last - start):
            gaps[i] = gaps[np.uint64(start - first + i)]
        first = start
    else:
        while last + BLOCK <= start:
            place += 1 + LANES * np.int64(words[place])
            last += BLOCK
        first = last
    wanted = end + (ahead - 1) * BLOCK
    while last < wanted and last < total:
        count = total - last
        bits = np.int64(words[place] & np.uint32((1 << WIDTH_BITS) - 1))
        if count >= BLOCK:
            _unpack_lanes(words, place + 1, bits, gaps[last - first :])
            place += 1 + LANES * bits
            last += BLOCK
        else:
            _unpack_after(words, place, WIDTH_BITS, count, bits, gaps[last - first :])
            last = total
    state[0], state[1], state[2] = first, last, place


@kernel
def decode_positions(words: U32, place: int, starts: I64, counts: U32, total: int, out: U32, at: int) -> int:
    """Read the positions of some postings of one term.

    Args:
        words: uint32, see `encode_positions`.
        place: the start of the term there.
        starts: int64, ascending: the number of the term's positions before those of each posting.
        counts: uint32, the number of positions of each posting.
        total: the number of the term's positions.
        out: uint32, out, from `at` on.

    Returns:
        The index in `out` after them.
    """
    most = np.int64(0)
    for i in range(len(counts)):
        most = max(most, np.int64(counts[i]))
    ahead = AHEAD if total < DENSE * len(starts) else 1
    gaps = np.empty(most + (ahead + 2) * BLOCK, np.uint32)
    state = np.zeros(3, np.int64)
    state[2] = place
    first, last = np.int64(0), np.int64(0)
    to = np.uint64(at)
    for i in range(len(starts)):
        start = starts[i]
        end = start + np.int64(counts[i])
        if end > last:
            window(words, total, state, gaps, start, end, ahead)
            first, last = state[0], state[1]
        behind = np.uint64(0)
        for j in range(np.uint64(start - first), np.uint64(end - first)):
            behind += np.uint64(gaps[j]) + np.uint64(1)
            out[to] = np.uint32(behind - np.uint64(1))
            to += np.uint64(1)
    return np.int64(to)


@kernel
def encode(postings: PostingsTuple, lengths: U32, flat: float, slope: float, out: BlocksTuple) -> tuple[int, int]:
    """Pack postings in blocks of `BLOCK`: deltas of article numbers, weights − 1, occurrences in the title.

    A weight is the number of occurrences, one in the title counting `TITLE_WEIGHT` times.

    Args:
        lengths: uint32, the length of each article; empty if no impacts are wanted.
        flat, slope: BM25 adds flat + slope · length to the frequency in an article.

    Returns:
        (blocks, words) written to `out`.
    """
    term_ends, docs, counts, title_counts, _ = postings
    blocks, words, lasts, offsets, shapes, impacts, befores = out
    gaps = np.empty(BLOCK, np.uint32)
    less = np.empty(BLOCK, np.uint32)
    block = 0
    place = 0
    posting = 0
    for term in range(len(term_ends)):
        blocks[term] = block
        end = term_ends[term]
        last = np.int64(-1)
        occurrences = np.int64(0)
        while posting < end:
            count = min(BLOCK, end - posting)
            most_gap = np.uint32(0)
            most_count = np.uint32(0)
            most_title = np.uint32(0)
            for i in range(count):
                doc = np.int64(docs[posting + i])
                gaps[i] = np.uint32(doc - last - 1)
                last = doc
                less[i] = counts[posting + i] + np.uint32(EXTRA) * title_counts[posting + i] - np.uint32(1)
                most_gap = max(most_gap, gaps[i])
                most_count = max(most_count, less[i])
                most_title = max(most_title, title_counts[posting + i])
            if len(lengths):
                impact = 0.0
                for i in range(count):
                    weight = np.float64(less[i]) + 1.0
                    impact = max(impact, weight / (weight + flat + slope * np.float64(lengths[docs[posting + i]])))
                impacts[block] = np.float32(impact * 1.000001)
                befores[block] = occurrences
                for i in range(posting, posting + count):
                    occurrences += counts[i]
            a = width(most_gap)
            b = width(most_count)
            c = width(most_title)
            offsets[block] = place
            lasts[block] = np.uint32(last)
            shapes[block] = np.uint32(a | (b << 8) | (c << 16) | ((count - 1) << 24))
            place = pack(gaps, 0, count, a, words, place)
            place = pack(less, 0, count, b, words, place)
            place = pack(title_counts, posting, count, c, words, place)
            block += 1
            posting += count
    blocks[len(term_ends)] = block
    return block, place


@kernel
def decode(packed: Packed, blocks: Span, docs: U32, counts: U32, title_counts: U32) -> int:
    """Unpack the blocks of one term, which are all of it.

    Returns:
        The number of postings written to `docs`, `counts`, `title_counts` (uint32).
    """
    words, offsets, shapes = packed
    first, last, _ = blocks
    articles, weights, titles = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    at = np.int64(0)
    before = np.int64(-1)
    for block in range(first, last):
        shape = np.int64(shapes[block])
        count = (shape >> 24) + 1
        a, b, c = shape & 255, (shape >> 8) & 255, (shape >> 16) & 255
        place = np.int64(offsets[block])
        unpack(words, place, count, a, articles)
        place += span(count, a)
        unpack(words, place, count, b, weights)
        place += span(count, b)
        unpack(words, place, count, c, titles)
        for i in range(count):
            before += np.int64(articles[i]) + 1
            to = np.uint64(at + i)
            docs[to] = np.uint32(before)
            counts[to] = weights[i] + np.uint32(1) - np.uint32(EXTRA) * titles[i]
            title_counts[to] = titles[i]
        at += count
    return at
