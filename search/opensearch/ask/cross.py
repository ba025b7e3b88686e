"""The articles of a result by one or two dimensions, counted by the cluster: a filter for each row and column."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

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
from search.opensearch.ask.facets import SURE, SURE_OF_ALL, count_of, counting
from search.opensearch.ask.search import Search
from search.opensearch.ask.special import by_value
from search.opensearch.ask.translate import EVERYTHING, UNDATED, Clause, between, having, without_any
from search.opensearch.shown.shown_names import level
from search.text.calendar import end_of

WIDTH, CELLS = 500, 5000
"""Columns and cells of one request, at most."""


class _Laid(NamedTuple):
    """An axis, and the clause for each of its values."""

    axis: Axis
    clauses: tuple[Clause, ...]


def cross(search: Search, crossing: Crossing) -> CrossTable:
    """Count the articles of a result."""
    total = _counts(search, (EVERYTHING,), (EVERYTHING,), SURE_OF_ALL)[0][0]
    laid = [
        _of_time(search, name) if name in SPANS else _of_facet(search, name, crossing.limit) for name in crossing.by
    ]
    cells: tuple[tuple[int, ...], ...] = ()
    if len(laid) == 2:
        check_size(*(len(one.clauses) for one in laid))
        cells = tuple(map(tuple, _counts(search, laid[0].clauses, laid[1].clauses)))
    return CrossTable(total, tuple(one.axis for one in laid), cells, exact=not search.stories)


def _counts(search: Search, rows: Sequence[Clause], columns: Sequence[Clause], sure: int = SURE) -> list[list[int]]:
    """The articles (or stories) by row and column."""
    found: list[list[int]] = [[] for _ in rows]
    inner = {"aggs": counting(True, sure)} if search.stories else {}
    for left in range(0, len(columns), WIDTH):
        some = {str(number): clause for number, clause in enumerate(columns[left : left + WIDTH])}
        height = max(1, CELLS // len(some))
        for top in range(0, len(rows), height):
            asked = {str(number): clause for number, clause in enumerate(rows[top : top + height])}
            cells = {"cells": {"filters": {"filters": some}} | inner}
            buckets = search.aggregations({"rows": {"filters": {"filters": asked}, "aggs": cells}})["rows"]["buckets"]
            for number in range(len(asked)):
                own = buckets[str(number)]["cells"]["buckets"]
                found[top + number] += [count_of(own[str(place)], search.stories) for place in range(len(some))]
    return found


def _of_facet(search: Search, name: str, limit: int) -> _Laid:
    names = search.view.names[search.query.counted(name)]
    listed = level(names.name, None)
    counts = {
        head: count for head, count in by_value(search, names).items() if count and (listed is None or head in listed)
    }
    heads = names.first(counts, limit)
    values = [CrossValue(names.spelled[head], names.label(head), counts[head]) for head in heads]
    clauses = [having(names.name, names.members[head]) for head in heads]
    missing = _counts(search, (without_any(names),), (EVERYTHING,))[0][0]
    return _laid(axis(name, len(counts), values, missing), clauses, without_any(names))


def _of_time(search: Search, name: str) -> _Laid:
    found = search.histogram(interval_of(name))
    clauses = [
        between(date.fromisoformat(start).toordinal(), date.fromisoformat(end_of(start, found.interval)).toordinal())
        for start in (one.start for one in found.buckets)
    ]
    return _laid(axis_of_time(found), clauses, UNDATED)


def _laid(axis: Axis, clauses: Sequence[Clause], without: Clause) -> _Laid:
    return _Laid(axis, (*clauses, without) if len(axis.values) > len(clauses) else tuple(clauses))
