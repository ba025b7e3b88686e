"""Landmarks: what is known of a position besides its word."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I64, U8, U32, U64
from search.jit.compiling import kernel


@kernel
def sentences(
    sizes: I64, breaks: U8, ends: I64, marks: tuple[int, int], numbers: U32, positions: U32, counts: I64
) -> int:
    """The positions at which the sentences and paragraphs of articles begin, except the first of each text.

    Args:
        sizes: int64, the words of each piece: of each article first the title, then each sentence.
        breaks: uint8, 1 for each piece that begins a paragraph.
        ends: int64, the end of each article's pieces.
        marks: the numbers of the landmarks of a sentence and of a paragraph.
        numbers, positions: uint32, out: those of each landmark, in order of positions.
        counts: int64, out: the landmarks up to the end of each article.

    Returns:
        The number of landmarks.
    """
    sentence, paragraph = marks
    piece = count = 0
    for article in range(len(ends)):
        at = sizes[piece] + 1
        begun = broken = False
        for i in range(piece + 1, ends[article]):
            broken |= breaks[i] != 0
            if sizes[i] == 0:
                continue
            if begun:
                numbers[count] = sentence
                positions[count] = at
                count += 1
                if broken:
                    numbers[count] = paragraph
                    positions[count] = at
                    count += 1
            begun = True
            broken = False
            at += sizes[i]
        piece = ends[article]
        counts[article] = count
    return count


@kernel
def sort(numbers: U32, positions: U32, ends: I64, term_of: U32, places: I64, out: U64) -> None:
    """Sort landmarks by term, keeping their order (a counting sort).

    Args:
        numbers, positions: uint32, the number and the position of each landmark, by article.
        ends: int64, the end of each article's landmarks.
        term_of: uint32, the term of each number.
        places: int64, the start of each term's landmarks; advanced to their ends.
        out: uint64, out: see `inversion.invert`.
    """
    at = 0
    for article in range(len(ends)):
        mark = np.uint64(article) << np.uint64(32)
        for i in range(at, ends[article]):
            term = np.int64(term_of[numbers[i]])
            out[places[term]] = mark | np.uint64(positions[i])
            places[term] += 1
        at = ends[article]
