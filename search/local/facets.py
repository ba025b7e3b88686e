"""Here are the matches, give me the counts: filters as masks, facets as counts, dates as a histogram.

A facet is counted under the query and every filter but its own `any` and `missing`, so that a reader can widen it;
its own `all` and `none` always apply. The histogram does not see the date range.
"""

from __future__ import annotations

from functools import reduce

import numpy as np

from search.calendar import histogram
from search.fields import BY_NAME
from search.local.columns import Mask
from search.local.schema import UNKNOWN_DAY, day_number
from search.local.snapshot import Snapshot
from search.query import Filter, Query
from search.results import DateFacet, FacetCount, ValueFacet
from search.text import fold
from search.vocabulary import vocabulary


class Filtered:
    """The matches of a query's text under its filters, with and without each facet's own."""

    def __init__(self, snapshot: Snapshot, query: Query, matches: Mask) -> None:
        self._snapshot = snapshot
        self._query = query
        self._strict = matches & snapshot.live
        self._own: dict[str, Mask] = {}
        for name, wanted in query.filters.items():
            self._strict &= self._always(name, wanted)
            if wanted.any or wanted.missing:
                self._own[name] = self._some(name, wanted)
        first, last = query.days()
        if first or last or query.date_missing:
            days = snapshot.days
            within = np.zeros(snapshot.size, np.bool_)
            if first or last:
                within = (days != UNKNOWN_DAY) & (days >= day_number(first))
                within &= (days <= day_number(last)) if last else True
            self._own["date"] = within | (days == UNKNOWN_DAY) if query.date_missing else within
        self.mask = self._without("")

    def _without(self, name: str) -> Mask:
        """The matches under every filter, but this facet's own."""
        return reduce(np.logical_and, (mask for own, mask in self._own.items() if own != name), self._strict)

    def _always(self, name: str, wanted: Filter) -> Mask:
        column = self._snapshot.facets[name]
        mask = np.ones(self._snapshot.size, np.bool_)
        for value in wanted.all:
            mask &= column.having(column.ordinals_of([value]))
        return mask & ~column.having(column.ordinals_of(wanted.none))

    def _some(self, name: str, wanted: Filter) -> Mask:
        column = self._snapshot.facets[name]
        mask = column.having(column.ordinals_of(wanted.any))
        return mask | ~column.some if wanted.missing else mask

    def facet(self, name: str) -> ValueFacet | DateFacet:
        """Count one facet."""
        return self._dates() if name == "date" else self._values(name)

    def _values(self, name: str) -> ValueFacet:
        matches = self._without(name)
        column = self._snapshot.facets[name]
        counts = column.counts(matches)
        chosen = {fold(value): value for value in reversed(self._query.filter(name).any)}
        labels = _Labels(name)
        shown = np.flatnonzero(counts)
        if name == "topic":
            tops = frozenset(labels.tops)
            shown = np.array([n for n in shown if column.values[n] in tops], np.int64)
        ranked = sorted((-int(counts[n]), labels.of(column.values[n]), column.values[n]) for n in shown)
        top = [
            FacetCount(value, label, -minus, fold(value) in chosen)
            for minus, label, value in ranked[: self._query.facet_size]
        ]
        listed = {fold(entry.value) for entry in top}
        rest = [
            FacetCount(column.values[n], labels.of(column.values[n]), int(counts[n]), True)
            if (n := column.keys.get(key)) is not None
            else FacetCount(value, labels.of(value), 0, True)
            for key, value in chosen.items()
            if key not in listed
        ]
        rest.sort(key=lambda entry: (-entry.count, entry.label, entry.value))
        missing = int((matches & ~column.some).sum())
        return ValueFacet((*top, *rest), len(ranked), missing)

    def _dates(self) -> DateFacet:
        days = self._snapshot.days[self._without("date")]
        numbers, counts = np.unique(days[days != UNKNOWN_DAY], return_counts=True)
        interval, buckets = histogram(zip(numbers.tolist(), counts.tolist(), strict=True), self._query.interval)
        return DateFacet(interval, buckets, int((days == UNKNOWN_DAY).sum()))


class _Labels:
    """What the values of a facet are called."""

    def __init__(self, name: str) -> None:
        known = BY_NAME[name].vocabulary
        self._vocabulary = vocabulary(known) if known else None
        self.tops = self._vocabulary.tops if self._vocabulary else ()

    def of(self, value: str) -> str:
        return self._vocabulary.label(value) if self._vocabulary else value
