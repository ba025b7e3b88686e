"""Adjacent very frequent words: found in a table with a byte for each position of some articles."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I64, U8, U32, U64, Packed, Span
from search.jit.compiling import kernel
from search.kernels.packing import BLOCK, reach
from search.kernels.phrases import occurring


@kernel
def mark_words(words: U32, marks: U8, ends: I64, titles: U32, first: int, offsets: I64, table: U8) -> None:
    """Mark the very frequent words of some articles of a stream at their positions.

    Args:
        words, ends, titles: of all articles; see `inversion.invert`.
        marks: uint8, the mark of each different word, 0 for one that is not very frequent.
        first: the first article.
        offsets: int64, the start of each article's positions in the table, and the end of the last.
        table: uint8, out; 0 before.
    """
    for row in range(len(offsets) - 1):
        article = first + row
        begin = ends[article - 1] if article else 0
        text = begin + np.int64(titles[article])
        at = offsets[row]
        for i in range(begin, text):
            table[at] = marks[words[i]]
            at += 1
        at += 1
        for i in range(text, ends[article]):
            table[at] = marks[words[i]]
            at += 1


@kernel
def mark_positions(
    packed: Packed, lasts: U32, words: U32, term: tuple[Span, int], renumber: I64, until: int, first: int, offsets: I64,
    cursor: I64, mark: int, table: U8,
) -> None:  # fmt: skip
    """Mark a term at its positions in the next articles of a segment.

    Args:
        words: all positions; see `packing.encode_positions`.
        term: its blocks, and the number of its positions.
        renumber: int64, the new number of each of the segment's articles, −1 for one that is omitted.
        until: the segment's article before which it stops.
        first: the new number of the table's first article.
        offsets: int64, the start of each article's positions in the table, and the end of the last.
        cursor: int64, in and out: the next block of postings, the next posting in it, the next position, and the start
            of its block in `words`; at first the term's first block, 0, 0 and the start of its positions.
        mark: of the term.
        table: uint8, out.
    """
    (begin, end, _), total = term
    docs, counts, titles = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    gaps = np.empty(BLOCK, np.uint32)
    block, posting, spot, place = cursor[0], cursor[1], cursor[2], cursor[3]
    unpacked, following = np.int64(-1), place
    while block < end:
        before = np.int64(lasts[block - 1]) if block > begin else np.int64(-1)
        size = occurring(packed, block, before, docs, counts, titles)
        while posting < size and docs[posting] < until:
            row = renumber[docs[posting]] - first
            at = offsets[row] - 1 if row >= 0 else np.int64(-1)
            for _ in range(counts[posting]):
                wanted = spot >> 7
                if unpacked < wanted:
                    following = reach(words, place, wanted - 1, wanted, total, gaps)
                    unpacked = wanted
                if row >= 0:
                    at += np.int64(gaps[spot & 127]) + 1
                    table[at] = mark
                spot += 1
                if spot & 127 == 0:
                    place = following
            posting += 1
        if posting < size:
            break
        block += 1
        posting = 0
    cursor[0], cursor[1], cursor[2], cursor[3] = block, posting, spot, place


@kernel
def count(table: U8, marks: int, counts: I64) -> None:
    """Add how often each mark follows each.

    Args:
        table: uint8, marks at the positions of articles, 0 where there is none, as at the end of each title and text.
        marks: the number of marks, 0 included.
        counts: int64, in and out: of `marks` · first + second.
    """
    first = np.int64(table[0])
    for i in range(1, len(table)):
        second = np.int64(table[i])
        counts[marks * first + second] += 1
        first = second


@kernel
def sort(table: U8, offsets: I64, article: int, marks: int, places: I64, out: U64) -> None:
    """Sort marks that follow each other, keeping their order (a counting sort).

    Args:
        table, marks: see `count`.
        offsets: int64, the start of each article's positions in the table, and the end of the last.
        article: the number of the first.
        places: int64, the start of each pair's occurrences, −1 for a pair to be omitted; advanced to their ends.
        out: uint64, out: the article and, in the lower half, the position of the first.
    """
    for row in range(len(offsets) - 1):
        mark = np.uint64(article + row) << np.uint64(32)
        first = np.int64(0)
        for at in range(offsets[row], offsets[row + 1]):
            second = np.int64(table[at])
            if first and second:
                place = places[marks * first + second]
                if place >= 0:
                    out[place] = mark | np.uint64(at - 1 - offsets[row])
                    places[marks * first + second] = place + 1
            first = second
