"""Here are the matches, give me the counts: one pass over filters, one over each facet.

A facet is counted under the query and every filter but its own `any` and `missing`, so that a reader can widen it; its
own `all` and `none` always apply, and the histogram does not see the date range. So each matching article gets a code:
0 passes everything, a facet's number fails that facet's own filter and nothing else, `kernels.OUT` is out for all.
Hits and total count code 0, a facet counts code 0 and its own number: no facet costs a query of its own.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search import calendar
from search.errors import BadParameter, BadQuery
from search.local import kernels
from search.local.columns import Labels, ValueColumn
from search.local.execute import Matches
from search.local.schema import UNKNOWN_DAY
from search.local.snapshot import Snapshot
from search.query import Query
from search.results import Bucket, DateFacet, FacetCount, ValueFacet
from search.text import fold

_LAST_DAY = 1 << 40
MAX_BUCKETS = 10_000


class Filtered:
    """The matches of a query's text, with the code that its filters give each."""

    def __init__(self, snapshot: Snapshot, query: Query, matches: Matches) -> None:
        self._snapshot = snapshot
        self._query = query
        self.articles = matches.articles
        self.codes = np.zeros(len(matches.articles), np.uint8)
        self._numbers = {name: number for number, name in enumerate([*query.filters, "date"], 1)}
        if not snapshot.whole:
            kernels.mark_dead(self.articles, snapshot.live, self.codes)
        for name in query.filters:
            self._filter(name)
        self._filter_days()

    def _filter(self, name: str) -> None:
        wanted = self._query.filter(name)
        column = self._snapshot.facets[name]
        pairs = (self.articles, column.offsets, column.ordinals)
        if wanted.all:
            least = len({fold(value) for value in wanted.all})
            kernels.require_all(*pairs, column.marked(column.ordinals_of(wanted.all)), least, self.codes)
        if wanted.none:
            kernels.refuse_any(*pairs, column.marked(column.ordinals_of(wanted.none)), self.codes)
        if wanted.any or wanted.missing:
            mask = column.marked(column.ordinals_of(wanted.any))
            kernels.require_any(*pairs, mask, wanted.missing, self._numbers[name], self.codes)

    def _filter_days(self) -> None:
        first, last = self._query.days()
        missing = self._query.date_missing
        if first or last or missing:
            low = first.toordinal() if first else 1
            high = last.toordinal() if last else (_LAST_DAY if first else UNKNOWN_DAY)
            days = self._snapshot.days
            kernels.require_days(self.articles, days, low, high, missing, self._numbers["date"], self.codes)

    def facet(self, name: str) -> ValueFacet | DateFacet:
        """Count one facet."""
        return self._dates() if name == "date" else self._values(name)

    def _values(self, name: str) -> ValueFacet:
        column = self._snapshot.facets[name]
        counts, missing = self._counted(column, self._numbers.get(name, 0))
        shown = counts if name != "topic" else np.where(column.listed, counts, 0).astype(np.uint32)
        top = np.empty(max(self._query.facet_size, 1), np.int64)
        size, distinct = kernels.most_frequent(shown, self._query.facet_size, top)
        chosen = {fold(value): value for value in reversed(self._query.filter(name).any)}
        selected = frozenset(column.keys[key] for key in chosen if key in column.keys)
        listed = top[:size].tolist()
        values = [FacetCount(column.values[n], column.labels[n], int(counts[n]), n in selected) for n in listed]
        rest = [
            FacetCount(column.values[n], column.labels[n], int(counts[n]), True) for n in selected.difference(listed)
        ]
        rest += [FacetCount(v, Labels(name).of(v), 0, True) for key, v in chosen.items() if key not in column.keys]
        rest.sort(key=lambda entry: (-entry.count, entry.label, entry.value))
        return ValueFacet((*values, *rest), distinct, missing)

    def _counted(self, column: ValueColumn, number: int) -> tuple[NDArray[np.uint32], int]:
        """How many of the facet's articles have each value (uint32), and how many have none."""
        counts = np.zeros(len(column.values), np.uint32)
        if column.bits is not None:
            return counts, kernels.count_bits(self.articles, self.codes, number, column.bits, counts)
        missing = kernels.count_values(self.articles, self.codes, number, column.offsets, column.ordinals, counts)
        return counts, missing

    def _dates(self) -> DateFacet:
        number, days = self._numbers["date"], self._snapshot.days
        first, last, missing = kernels.span_of_days(self.articles, self.codes, number, days)
        if not last:
            return DateFacet("year" if self._query.interval == "auto" else self._query.interval, (), missing)
        counts = np.zeros(last - first + 1, np.uint32)
        kernels.count_days(self.articles, self.codes, number, days, first, counts)
        begin, end = date.fromordinal(first), date.fromordinal(last)
        interval = calendar.chosen(self._query.interval, begin, end)
        if calendar.about(begin, end, interval) > MAX_BUCKETS:
            reason = f"From {begin} to {end} there are more than {MAX_BUCKETS:,} of interval “{interval}”."
            raise BadQuery(
                [BadParameter("interval", interval, reason, "Take a wider interval, or leave out the date facet.")]
            )
        names, ordinals = _starts(calendar.start_of(begin, interval), calendar.start_of(end, interval), interval)
        totals = np.add.reduceat(counts, np.maximum(ordinals - first, 0)).tolist()
        return DateFacet(interval, tuple(map(Bucket, names, totals)), missing)


@lru_cache(maxsize=64)
def _starts(first: date, last: date, interval: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The first days of all intervals between two: ISO, and as ordinals."""
    days = calendar.starts(first, last, interval)
    return tuple(day.isoformat() for day in days), np.array([day.toordinal() for day in days], np.int64)
