"""The articles of a result by one or two dimensions: exact counts, in one pass over the columns."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.jit.arguments import I32
from search.kernels import crossing as kernels
from search.kernels.pairs import ALONE, Rows
from search.local.ask.search import Search
from search.local.ask.selection import smallest
from search.measures.cross_table import (
    SPANS,
    Axis,
    Crossing,
    CrossTable,
    CrossValue,
    axis,
    axis_of_time,
    check_size,
    interval_of,
)


class _Laid(NamedTuple):
    """An axis, the values of each article, and the place of each of them; that of no value, or −1."""

    axis: Axis
    rows: Rows
    places: I32
    none: int


def cross(search: Search, crossing: Crossing) -> CrossTable:
    """Count the articles of a result, after `Search.run`."""
    laid = [
        _of_time(search, name) if name in SPANS else _of_facet(search, name, crossing.limit) for name in crossing.by
    ]
    return CrossTable(search.total, tuple(one.axis for one in laid), _cells(search, *laid) if len(laid) == 2 else ())


def _cells(search: Search, first: _Laid, second: _Laid) -> tuple[tuple[int, ...], ...]:
    height, width = len(first.axis.values), len(second.axis.values)
    check_size(height, width)
    articles, stories = search.by_story()
    counts = np.zeros(height * width, np.uint32)
    stamps = np.full(height * width if len(stories) else 0, ALONE, np.int32)
    kernels.count_cells(
        articles, stories, first.rows, second.rows, first.places, second.places, first.none, second.none, width, counts,
        stamps,
    )  # fmt: skip
    return tuple(map(tuple, counts.reshape(height, width).tolist()))


def _of_facet(search: Search, name: str, limit: int) -> _Laid:
    column = search.snapshot.facets[search.query.counted(name)]
    counts, missing = search.facets.by_value(name), search.facets.without_value(name)
    spelled = column.spelled
    some = np.flatnonzero(counts if spelled.listed is None else np.where(spelled.listed, counts, 0))
    keys: tuple[NDArray[Any], ...] = (-counts[some].astype(np.int64), spelled.order[some])
    best = smallest(keys, limit)
    top = some[best[np.lexsort((keys[1][best], keys[0][best]))]]
    values = [CrossValue(spelled.values[n], spelled.labels[n], int(counts[n])) for n in top.tolist()]
    places = np.full(len(counts), -1, np.int32)
    places[top] = np.arange(len(top))
    rows = column.rows
    return _laid(axis(name, len(some), values, missing), (rows.sets, rows.offsets, rows.ordinals), places)


def _of_time(search: Search, name: str) -> _Laid:
    snapshot = search.snapshot
    found = search.facets.histogram(interval_of(name))
    starts = np.array([np.datetime64(one.start, "D").astype(np.int64) for one in found.buckets], np.int64) + _EPOCH
    days = np.arange(int(snapshot.days_after.max(initial=0))) + snapshot.first_day
    spans = np.maximum(np.searchsorted(starts, days, side="right") - 1, 0).astype(snapshot.days_after.dtype)
    offsets = np.concatenate([[0], np.arange(len(days) + 1)]).astype(np.uint32)  # the first row is of undated articles
    rows = (snapshot.days_after, offsets, spans)
    return _laid(axis_of_time(found), rows, np.arange(max(len(starts), 1), dtype=np.int32))


_EPOCH = 719_163
"""`date.toordinal` of 1 January 1970."""


def _laid(axis: Axis, rows: Rows, places: I32) -> _Laid:
    has_none = bool(axis.values) and axis.values[-1].value is None
    return _Laid(axis, rows, places, len(axis.values) - 1 if has_none else -1)
