"""Queries side by side, on one snapshot: each is run once, and marks its matches with a bit of its own.

The overlaps are the numbers of articles with each combination of bits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from search.kernels import comparing as kernels
from search.local.ask.facts.columns import ValueColumn
from search.local.ask.search import Search
from search.local.ask.snapshot import Snapshot
from search.measures.comparison import (
    Comparing,
    Comparison,
    Difference,
    Overlap,
    bases,
    comparable,
    compared,
    difference,
    moments,
    subsets,
)
from search.values.query import Query
from search.values.results import DateFacet

_STORY = 8
"""Bits of a story's number that are free for those of the queries."""


def compare(
    snapshot: Snapshot, queries: Sequence[Query], comparing: Comparing, start: Callable[[Query], Search]
) -> Comparison:
    """Compare queries.

    Args:
        start: begins a search on the snapshot.
    """
    queries = comparable(queries)
    of = _denominator(snapshot, bases(queries, comparing.denominator), comparing.interval, start)
    marks = np.zeros(snapshot.size, np.uint8)
    columns = {name: snapshot.facets[queries[0].counted(name)] for name in comparing.fields}
    counts = {name: np.empty((len(queries), len(column.totals)), np.uint32) for name, column in columns.items()}
    histograms, read = [], []
    for number, query in enumerate(queries):
        with start(query) as search:
            kernels.mark(search.articles, 1 << number, marks)
            histograms.append(search.facets.histogram(of.interval))
            for name, found in counts.items():
                found[number] = search.facets.by_value(name)
            read.append(search.parsed)
    overlaps = _overlaps(snapshot, marks, len(queries), grouped=queries[0].group is not None)
    totals = [overlap.count for overlap in overlaps[: len(queries)]]
    return Comparison(
        comparing,
        tuple(map(compared, queries, read, totals, [found.missing for found in histograms])),
        of.interval,
        moments(of.buckets, [found.buckets for found in histograms]),
        of.missing,
        overlaps,
        {name: _differences(columns[name], found, totals, comparing.limit) for name, found in counts.items()},
    )


def _denominator(
    snapshot: Snapshot, found_by: Sequence[Query], interval: str, start: Callable[[Query], Search]
) -> DateFacet:
    """The histogram of the articles that any of these queries finds."""
    if len(found_by) == 1:
        with start(found_by[0]) as search:
            return search.facets.histogram(interval)
    marks = np.zeros(snapshot.size, np.bool_)
    for query in found_by:
        with start(query) as search:
            marks[search.articles] = True
    with start(Query(group=found_by[0].group, facets=(), size=0)) as search:
        return search.facets.histogram(interval, np.flatnonzero(marks).astype(np.uint32))


def _overlaps(snapshot: Snapshot, marks: NDArray[np.uint8], size: int, grouped: bool) -> tuple[Overlap, ...]:
    """Count the combinations of queries.

    Args:
        marks: uint8, shape (articles,); the bits of the queries that each article matches. Changed.
        grouped: True to count stories, each once in every combination that one of its articles has.
    """
    told: NDArray[np.int64] = np.empty(0, np.int64)
    stories = snapshot.stories if grouped else None
    if stories is not None:
        there = stories.order[marks[stories.order] > 0]
        told = np.unique(stories.numbers[there].astype(np.int64) << _STORY | marks[there])
        marks[stories.order] = 0
    combined = np.zeros(1 << size, np.int64)
    kernels.count_marks(marks, combined)
    alone: list[int] = combined.tolist()
    own = told & ((1 << _STORY) - 1)

    def overlap(of: tuple[int, ...]) -> Overlap:
        bits = sum(1 << number for number in of)
        count = sum(alone[marked] for marked in range(bits, len(alone)) if marked & bits == bits)
        only = alone[bits]
        if len(told):
            several = told[own & bits == bits] >> _STORY
            count += int(np.count_nonzero(np.diff(several, prepend=-1)))
            only += int(np.count_nonzero(own == bits))
        return Overlap(of, count, only)

    return tuple(map(overlap, subsets(size)))


def _differences(
    column: ValueColumn, counts: NDArray[np.uint32], totals: Sequence[int], limit: int
) -> tuple[Difference, ...]:
    """The values in which the queries differ most.

    Args:
        counts: uint32, shape (queries, values).
    """
    if not limit:
        return ()
    keys, best = np.empty(limit, np.int64), np.empty(limit, np.uint32)
    found = kernels.most_different(counts, np.array(totals, np.int64), column.spelled.order, keys, best)
    return tuple(
        difference(column.spelled.values[ordinal], column.spelled.labels[ordinal], counts[:, ordinal].tolist(), totals)
        for ordinal in best[:found].tolist()
    )
