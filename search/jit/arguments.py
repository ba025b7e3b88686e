"""The arguments of kernels: arrays by their type, and groups of arguments that belong together.

Kernels take plain tuples, which Numba recognizes as fast as single arguments. It would look up the type of a named one
in Python at each call, and its class in the cache of compiled code, which could not be read any more once the class has
another name. So callers that have a named tuple `x` pass `(*x,)`.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Flags = NDArray[np.bool_]
U8 = NDArray[np.uint8]
U32 = NDArray[np.uint32]
U64 = NDArray[np.uint64]
I32 = NDArray[np.int32]
I64 = NDArray[np.int64]
F64 = NDArray[np.float64]
Integers = NDArray[np.integer]
"""Of whichever width is enough."""

Packed = tuple[U32, Integers, U32]
"""The packed words of all blocks of a segment, the start of each block there, and its shape; see `packing.encode`."""
Span = tuple[int, int, int]
"""The blocks of one term: the first, the last (exclusive); and what is added to the numbers of its articles."""
Formula = tuple[U32, float, float, float]
"""BM25: the length of every article, idf, flat and slope; see `search.scoring`."""
Bounds = tuple[U32, NDArray[np.float32]]
"""Of each block: the last article, and its impact; see `packing.encode`."""
Best = tuple[I64, U32]
"""The best articles, after their sort keys, ascending."""
Located = tuple[U32, I64, I64, I64]
"""Articles that have all words of a phrase; where the positions of each word are (see `phrases.locate`), with a row for
each different word; the row of each of the phrase's words, and the number of its positions."""
Positions = tuple[U32, I64, I64, I64]
"""The positions of several words, one word after the other; the start of those of each; how many of them each article
has (words × articles, see `phrases.locate`); and how often each word must occur."""
Extents = tuple[U32, U32]
"""Of each article: the words of its title, and its length, which no position exceeds by more than one."""

Runs = tuple[U64, U64, U32, U32]
"""Runs of bytes in texts: both halves of each run's key (see `words.cut`), the start of each, and its bytes."""
Spelled = tuple[U8, I64]
"""The bytes of different runs, one after the other, and the end of each."""
DistinctRuns = tuple[U32, U32]
"""The word of each run, or `words.SEVERAL`; the number of each such run among the different ones."""
PlacesTuple = tuple[U32, U32, U32]
PostingsTuple = tuple[I64, U32, U32, U32, U32]
BlocksTuple = tuple[I64, U32, U32, I64, U32, NDArray[np.float32], I64]
"""What kernels take of the named tuples below."""


class Places(NamedTuple):
    """Ranges of positions in some articles.

    Attributes:
        counts: of each article.
        starts, ends: the first and the last position of each, by article.
    """

    counts: U32
    starts: U32
    ends: U32


class Postings(NamedTuple):
    """Postings of many terms, not packed, one term after the other.

    Attributes:
        term_ends: the end of each term's postings.
        docs: the article of each posting.
        counts: its occurrences there.
        title_counts: those in the title.
        positions: of all occurrences.
    """

    term_ends: I64
    docs: U32
    counts: U32
    title_counts: U32
    positions: U32


class Blocks(NamedTuple):
    """Postings of many terms in blocks of `packing.BLOCK`.

    Attributes:
        starts: the first block of each term; one more than there are terms.
        words: the packed blocks.
        lasts: the last article of each block.
        offsets: the start of each block in `words`.
        shapes: bits of the three parts and postings − 1, a byte each.
        impacts: the maximum of tf / (tf + flat + slope · length) in each block, rounded up.
        befores: the occurrences of the term in the blocks before, if impacts are wanted.
    """

    starts: I64
    words: U32
    lasts: U32
    offsets: I64
    shapes: U32
    impacts: NDArray[np.float32]
    befores: I64
