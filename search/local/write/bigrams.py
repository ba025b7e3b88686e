"""Finds the adjacent very frequent words of a new segment, and writes their postings.

Articles are looked at in stretches, as a table of their positions with a mark for each very frequent word, so that
memory is bounded whatever the segment's size. Where the words come from, a batch or the segments that are merged, is
the caller's business.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.kernels import bigrams as kernels
from search.local.format.layout import POSITIONS, POSTINGS
from search.local.format.scratch import Scratch
from search.local.format.segment import SegmentData, SegmentWriter
from search.local.write.grouping import grouped, ranges

FEWEST = 2000
"""Segments of fewer words have no bigrams: their positions are soon read."""
SHARE = 4
"""A word is very frequent if one in this many articles has it."""
MOST = 64
"""The maximum number of such words; a mark is a byte."""
AT_ONCE = 1 << 22
"""Positions of a stretch, unless one article has more."""
ROOM = 1 << 25
"""Bigrams that are sorted together, at 8 bytes each; of more, the articles are looked at several times."""
_APART = 2
"""Positions of an article that no word has: one after the title, one after the text."""


class Stretch(NamedTuple):
    """Some successive articles.

    Attributes:
        article: the number of the first.
        offsets: int64, the start of each article's positions in `table`, and the end of the last.
        table: uint8, the mark of the word at each position, 0 if it is not very frequent.
    """

    article: int
    offsets: NDArray[np.int64]
    table: NDArray[np.uint8]


Stretches = Callable[[NDArray[np.int64]], Iterator[Stretch]]
"""Returns a segment's articles, in order, given its very frequent stems, of which the first has the mark 1."""


def write(
    segment: SegmentWriter, stems: int, titles: NDArray[np.uint32], stretches: Stretches, scratch: Scratch
) -> None:  # fmt: skip
    """Write the bigrams of a segment whose words have been written.

    Args:
        stems: the number of its stems.
        titles: uint32, the number of title words of each article.
        scratch: memory for the postings.
    """
    words = _very_frequent(segment.frequency(stems), len(titles)) if segment.words >= FEWEST else np.empty(0, np.int64)
    marks = len(words) + 1
    counts = np.zeros(marks * marks, np.int64)
    for stretch in stretches(words) if len(words) else ():
        kernels.count(stretch.table, marks, counts)
    table = counts.reshape(marks, marks)
    table[0] = table[:, 0] = 0
    found = np.flatnonzero(counts)
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(counts[found])])
    for first, last in ranges(starts, ROOM):
        places = np.full(len(counts), -1, np.int64)
        places[found[first:last]] = starts[first:last] - starts[first]
        sort = np.empty(int(starts[last] - starts[first]), np.uint64)
        for stretch in stretches(words):
            kernels.sort(stretch.table, stretch.offsets, stretch.article, marks, places, sort)
        for postings in grouped(sort, starts[first : last + 1] - starts[first], titles, scratch):
            segment.add_bigrams(postings)
    segment.write_bigrams(words, (found // marks - 1) * len(words) + found % marks - 1)


def _very_frequent(frequency: NDArray[np.uint32], articles: int) -> NDArray[np.int64]:
    """The numbers of the terms that very many articles have, ascending."""
    found = np.flatnonzero(frequency.astype(np.int64) * SHARE >= articles)
    return np.sort(found[np.argsort(-frequency[found].astype(np.int64), kind="stable")[:MOST]])


def in_stream(
    words: NDArray[np.uint32], stem_of: NDArray[np.uint32], ends: NDArray[np.int64], titles: NDArray[np.uint32]
) -> Stretches:
    """The stretches of a batch; the arguments are those of `inversion.invert`."""

    def stretches(frequent: NDArray[np.int64]) -> Iterator[Stretch]:
        known = np.zeros(max(int(stem_of.max(initial=0)), int(frequent[-1])) + 1, np.uint8)
        known[frequent] = np.arange(1, len(frequent) + 1)
        marks = known[stem_of]
        for first, _, offsets in _stretches(np.diff(ends, prepend=0)):
            table = np.zeros(int(offsets[-1]), np.uint8)
            kernels.mark_words(words, marks, ends, titles, first, offsets, table)
            yield Stretch(first, offsets, table)

    return stretches


def in_segments(
    data: Sequence[SegmentData],
    numbers: Callable[[NDArray[np.int64]], Sequence[NDArray[np.int64]]],
    renumbers: Sequence[NDArray[np.int64]],
) -> Stretches:
    """The stretches of merged segments.

    Args:
        numbers: returns the number in each segment of some stems of the merged one, −1 for one it does not have.
        renumbers: of each segment the new number of each article, −1 for a deleted one.
    """

    def stretches(frequent: NDArray[np.int64]) -> Iterator[Stretch]:
        for segment, found, renumber in zip(data, numbers(frequent), renumbers, strict=True):
            postings, live = segment.postings, np.flatnonzero(renumber >= 0)
            if not len(live):
                continue
            terms = [(mark, number) for mark, number in enumerate(found.tolist(), 1) if number >= 0]
            totals = {number: postings.total(number) for _, number in terms}
            cursors = {
                number: np.array([postings.blocks[number], 0, 0, postings.position_places[number]], np.int64)
                for _, number in terms
            }
            words = segment.columns.titles[live].astype(np.int64) + segment.columns.texts[live]
            for first, last, offsets in _stretches(words):
                article, until = int(renumber[live[first]]), int(live[last - 1]) + 1
                table = np.zeros(int(offsets[-1]), np.uint8)
                for mark, number in terms:
                    term = postings.span(number), totals[number]
                    kernels.mark_positions(
                        postings.packed, postings.lasts, postings.position_words, term, renumber, until, article,
                        offsets, cursors[number], mark, table,
                    )  # fmt: skip
                yield Stretch(article, offsets, table)
            segment.release(POSTINGS, POSITIONS)

    return stretches


def _stretches(words: NDArray[np.int64]) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """Ranges of articles by their numbers of words, and the start of each article's positions, and the last's end."""
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(words + _APART)])
    for first, last in ranges(starts, AT_ONCE):
        yield first, last, starts[first : last + 1] - starts[first]
