"""Counts articles by two of their values: the cells of a cross table."""

from __future__ import annotations

import numpy as np

from search.jit.arguments import I32, U32
from search.jit.compiling import kernel
from search.kernels.pairs import ALONE, Rows


@kernel
def count_cells(
    articles: U32, stories: I32, first: Rows, second: Rows, rows: I32, columns: I32, none: int, other_none: int,
    width: int, counts: U32, stamps: I32,
) -> None:  # fmt: skip
    """Count articles by cell, each story once.

    Args:
        articles, stories: as in `pairs.count_pairs`.
        first, second: the values of each article.
        rows, columns: the row of each value of the first, the column of each of the second; −1 for neither.
        none, other_none: the row and the column of articles without a value; −1 for neither.
        width: the number of columns.
        counts: in and out, by row and column.
        stamps: the last story that was counted in each cell, −1 before.
    """
    sets, offsets, ordinals = first
    other_sets, other_offsets, other_ordinals = second
    for at in range(len(articles)):
        article = np.int64(articles[at])
        story = np.int32(stories[article]) if len(stories) else np.int32(ALONE)
        number = np.int64(sets[article]) if len(sets) else article
        other_number = np.int64(other_sets[article]) if len(other_sets) else article
        begin, end = np.int64(offsets[number]), np.int64(offsets[number + 1])
        other_begin, other_end = np.int64(other_offsets[other_number]), np.int64(other_offsets[other_number + 1])
        for i in range(begin, max(end, begin + 1)):
            row = np.int64(none)
            if begin < end:
                row = np.int64(rows[ordinals[i]])
            if row < 0:
                continue
            for j in range(other_begin, max(other_end, other_begin + 1)):
                column = np.int64(other_none)
                if other_begin < other_end:
                    column = np.int64(columns[other_ordinals[j]])
                if column < 0:
                    continue
                cell = row * width + column
                if story != ALONE:
                    if stamps[cell] == story:
                        continue
                    stamps[cell] = story
                counts[cell] += np.uint32(1)
