"""Numbers in as few bits as they need, postings in blocks of them, positions in bytes."""

from __future__ import annotations

import numpy as np

from search.local.kernels.compiling import kernel

BLOCK = 128
"""Postings in a block."""


@kernel
def width(most):
    """Bits that hold every value up to `most`."""
    bits = 0
    while most:
        bits += 1
        most >>= 1
    return bits


@kernel
def pack(values, start, count, bits, words, place):
    """Write `count` values of `bits` bits each, from `words[place]` on; the place after them."""
    buffer = np.uint64(0)
    filled = 0
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


@kernel
def unpack(words, place, count, bits, out, at):
    """Read `count` values of `bits` bits each into `out[at:]`; the place after them."""
    if bits == 0:
        for i in range(count):
            out[at + i] = 0
        return place
    mask = (np.uint64(1) << np.uint64(bits)) - np.uint64(1)
    buffer = np.uint64(0)
    filled = 0
    for i in range(count):
        if filled < bits:
            buffer |= np.uint64(words[place]) << np.uint64(filled)
            place += 1
            filled += 32
        out[at + i] = np.uint32(buffer & mask)
        buffer >>= np.uint64(bits)
        filled -= bits
    return place


@kernel
def encode_positions(positions, counts, term_ends, bytes_out, block_places):
    """Write the positions of postings as distances, seven bits a byte; each posting begins anew.

    Args:
        positions: uint32, of all occurrences, by posting.
        counts: uint32, occurrences of each posting.
        term_ends: int64, where each term's postings end.
        bytes_out: uint8, out.
        block_places: int64, out: where the positions of each block of postings begin; one more at the end.

    Returns:
        Bytes written.
    """
    place = 0
    posting = 0
    occurrence = 0
    block = 0
    for term in range(len(term_ends)):
        inside = 0
        while posting < term_ends[term]:
            if inside % BLOCK == 0:
                block_places[block] = place
                block += 1
            before = np.int64(-1)
            for _ in range(counts[posting]):
                position = np.int64(positions[occurrence])
                gap = position - before - 1
                before = position
                occurrence += 1
                while gap >= 128:
                    bytes_out[place] = np.uint8((gap & 127) | 128)
                    place += 1
                    gap >>= 7
                bytes_out[place] = np.uint8(gap)
                place += 1
            posting += 1
            inside += 1
    block_places[block] = place
    return place


@kernel
def read_gap(data, place):
    """A distance of seven bits a byte, and the place after it."""
    gap = np.int64(0)
    shift = 0
    while True:
        byte = np.int64(data[place])
        place += 1
        gap |= (byte & 127) << shift
        if byte < 128:
            return gap, place
        shift += 7


@kernel
def decode_positions(data, place, counts, postings, out):
    """Read the positions of `postings` postings from `data[place:]` into `out`; how many were read."""
    at = 0
    for posting in range(postings):
        before = np.int64(-1)
        for _ in range(counts[posting]):
            gap, place = read_gap(data, place)
            before += gap + 1
            out[at] = np.uint32(before)
            at += 1
    return at


@kernel
def encode(docs, counts, title_counts, term_ends, blocks, words, lasts, offsets, shapes):
    """Pack postings in blocks of `BLOCK`: distances of article numbers, occurrences − 1, occurrences in the title.

    Args:
        term_ends: int64, where each term's postings end.
        blocks: int64, out, terms + 1: where each term's blocks begin.
        words: uint32, out: the packed blocks.
        lasts: uint32, out: the last article of each block.
        offsets: int64, out: where each block begins in `words`.
        shapes: uint32, out: bits of the three parts and postings − 1, a byte each.

    Returns:
        (blocks, words) written.
    """
    gaps = np.empty(BLOCK, np.uint32)
    less = np.empty(BLOCK, np.uint32)
    block = 0
    place = 0
    posting = 0
    for term in range(len(term_ends)):
        blocks[term] = block
        end = term_ends[term]
        last = np.int64(-1)
        while posting < end:
            count = min(BLOCK, end - posting)
            most_gap = np.uint32(0)
            most_count = np.uint32(0)
            most_title = np.uint32(0)
            for i in range(count):
                doc = np.int64(docs[posting + i])
                gaps[i] = np.uint32(doc - last - 1)
                last = doc
                less[i] = counts[posting + i] - np.uint32(1)
                most_gap = max(most_gap, gaps[i])
                most_count = max(most_count, less[i])
                most_title = max(most_title, title_counts[posting + i])
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
def decode(words, lasts, offsets, shapes, first, last, start, docs, counts, title_counts):
    """Unpack the blocks `first` to `last` (exclusive) of one term; `start` is the article before the first, or −1.

    Returns:
        The number of postings written to `docs`, `counts`, `title_counts` (uint32).
    """
    at = np.int64(0)
    before = np.int64(start)
    for block in range(first, last):
        shape = shapes[block]
        count = np.int64(shape >> np.uint32(24)) + 1
        place = offsets[block]
        place = unpack(words, place, count, np.int64(shape & np.uint32(255)), docs, at)
        place = unpack(words, place, count, np.int64((shape >> np.uint32(8)) & np.uint32(255)), counts, at)
        unpack(words, place, count, np.int64((shape >> np.uint32(16)) & np.uint32(255)), title_counts, at)
        for i in range(at, at + count):
            before += np.int64(docs[i]) + 1
            docs[i] = np.uint32(before)
            counts[i] += np.uint32(1)
        at += count
    return at
