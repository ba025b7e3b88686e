"""Here are the matches, give me the counts.

A facet is counted under the query and every filter but its own `any` and `missing`, so that a reader can widen it; its
own `all` and `none` always apply, and the histogram does not see the date range. So each filter sets its bit at the
articles that pass it, and each facet counts the articles that have all bits but its own: no facet costs a query of its
own.

Of most of an archive the rest is counted, and taken from what all of it has. Articles are counted by their set of
values where sets are fewer than they, else by value.
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
from search.local.execute import Executor
from search.local.postings import Articles
from search.local.schema import UNKNOWN_DAY
from search.local.scratch import Scratch
from search.local.snapshot import Snapshot
from search.query import Query
from search.results import Bucket, DateFacet, FacetCount, ValueFacet
from search.text import fold

MAX_BUCKETS = 10_000
MOST = 0.6
"""From this share of an archive on, what does not match is counted."""
FEW = 8
"""How many times fewer pairs than values are few: then only the values met are looked at."""

_LAST_DAY = 1 << 40


class Filtered:
    """The matches of a query's text, and which of them pass which filter.

    Attributes:
        articles: those that pass all.
    """

    def __init__(self, snapshot: Snapshot, query: Query, executor: Executor, found: Articles, scratch: Scratch) -> None:
        self._snapshot = snapshot
        self._query = query
        self._executor = executor
        self._scratch = scratch
        self._base = self._inside(found)
        self._flags: NDArray[np.uint8] | None = None
        self._bits: dict[str, int] = {}
        for name in query.filters:
            self._filter(name)
        self._filter_days()
        self.articles = self.counted("")
        self._rest: list[tuple[Articles, Articles]] = []

    def counted(self, facet: str) -> Articles:
        """The articles that a facet counts: those that pass every filter but its own."""
        wanted = sum(bit for name, bit in self._bits.items() if name != facet)
        return self._kept(self._base, wanted) if wanted else self._base

    # -- filters -----------------------------------------------------------------------------

    def _inside(self, found: Articles) -> Articles:
        """What lives, and has all and none of what it must and must not have."""
        articles = found
        if not self._snapshot.whole:
            articles = self._scratch.take(len(found), np.uint32)
            articles = articles[: kernels.keep_live(found, self._snapshot.live, articles)]
        for name, wanted in self._query.filters.items():
            for value in {fold(value): value for value in wanted.all}.values():
                articles = self._with(articles, name, (value,))
            if wanted.none:
                flags = self._marked(name, wanted.none)
                kept = self._scratch.take(len(articles), np.uint32)
                articles = kept[: kernels.drop(articles, flags, 1, kept)]
        return articles

    def _with(self, articles: Articles, name: str, values: tuple[str, ...]) -> Articles:
        kept = self._scratch.take(len(articles), np.uint32)
        return kept[: kernels.keep(articles, self._marked(name, values), 1, kept)]

    def _marked(self, name: str, values: tuple[str, ...]) -> NDArray[np.uint8]:
        flags: NDArray[np.uint8] = self._scratch.zeros(self._snapshot.size, np.uint8)
        for term in self._executor.values(name, values):
            term.mark(flags, 1)
        return flags

    def _kept(self, articles: Articles, wanted: int) -> Articles:
        kept = self._scratch.take(len(articles), np.uint32)
        return kept[: kernels.keep(articles, self._flags, wanted, kept)]

    def _bit(self, name: str) -> tuple[NDArray[np.uint8], int]:
        """The flags, and a bit that is a filter's own."""
        if self._flags is None:
            self._flags = self._scratch.zeros(self._snapshot.size, np.uint8)
        bit = self._bits[name] = 1 << len(self._bits)
        return self._flags, bit

    def _filter(self, name: str) -> None:
        wanted = self._query.filter(name)
        if wanted.any or wanted.missing:
            flags, bit = self._bit(name)
            for term in self._executor.values(name, wanted.any):
                term.mark(flags, bit)
            if wanted.missing:
                column = self._snapshot.facets[name]
                kernels.mark_missing(self._base, column.sets, column.offsets, bit, flags)

    def _filter_days(self) -> None:
        first, last = self._query.days()
        missing = self._query.date_missing
        if first or last or missing:
            low = first.toordinal() if first else 1
            high = last.toordinal() if last else (_LAST_DAY if first else UNKNOWN_DAY)
            flags, bit = self._bit("date")
            kernels.mark_days(self._base, self._snapshot.days, low, high, missing, bit, flags)

    # -- facets ------------------------------------------------------------------------------

    def facet(self, name: str) -> ValueFacet | DateFacet:
        """Count one facet."""
        articles = self.articles if name not in self._bits else self.counted(name)
        return self._dates(articles) if name == "date" else self._values(name, articles)

    def _most(self, articles: Articles) -> Articles | None:
        """The other articles, where these are most of all; else None."""
        if len(articles) < MOST * self._snapshot.count:
            return None
        for known, rest in self._rest:
            if known is articles:
                return rest
        snapshot = self._snapshot
        out, flags = self._scratch.take(snapshot.size, np.uint32), self._scratch.take(snapshot.size, np.uint8)
        flags[:] = snapshot.live
        rest = out[: kernels.complement(articles, flags, out)]
        self._rest.append((articles, rest))
        return rest

    def _values(self, name: str, articles: Articles) -> ValueFacet:
        column = self._snapshot.facets[name]
        size = self._query.facet_size
        top = np.empty(max(size, 1), np.int64)
        counts, touched, missing = self._count(column, articles)
        shown = counts if column.listed is None else np.where(column.listed, counts, np.uint32(0))
        if touched is None:
            kept, distinct = kernels.most_frequent(shown, column.order, size, top)
        else:
            if column.listed is not None:
                touched = touched[column.listed[touched]]
            kept, distinct = kernels.most_frequent_of(touched, counts, column.order, size, top), len(touched)
        listed = top[:kept].tolist()
        chosen = {fold(value): value for value in reversed(self._query.filter(name).any)}
        known = {key: ordinal for key in chosen if (ordinal := column.ordinal(key)) is not None}
        selected = frozenset(known.values())
        amounts = counts[top[:kept]].tolist()
        values = [
            FacetCount(column.values[n], column.labels[n], count, n in selected)
            for n, count in zip(listed, amounts, strict=True)
        ]
        rest = [
            FacetCount(column.values[n], column.labels[n], int(counts[n]), True) for n in selected.difference(listed)
        ]
        rest += [FacetCount(v, Labels(name).of(v), 0, True) for key, v in chosen.items() if key not in known]
        rest.sort(key=lambda entry: (-entry.count, entry.label, entry.value))
        return ValueFacet((*values, *rest), distinct, missing)

    def _count(
        self, column: ValueColumn, articles: Articles
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32] | None, int]:
        """How many of some articles have each value (uint32); which values, where they are few; how many have none."""
        rest = self._most(articles)
        if rest is not None:
            counts, _, missing = self._count_few_of(column, rest, False)
            np.subtract(column.totals, counts, out=counts)
            return counts, None, column.missing - missing
        return self._count_few_of(column, articles, True)

    def _count_few_of(
        self, column: ValueColumn, articles: Articles, sparse: bool
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32] | None, int]:
        counts: NDArray[np.uint32] = self._scratch.zeros(len(column.totals), np.uint32)
        rows = len(column.offsets) - 1
        pairs = len(articles) * len(column.ordinals) // max(rows, 1)
        if sparse and pairs * FEW < len(counts):
            pairs = kernels.pairs_of(articles, column.sets, column.offsets)
            touched: NDArray[np.uint32] = self._scratch.take(pairs + 1, np.uint32)
            missing, size = kernels.count_few(articles, column.sets, column.offsets, column.ordinals, counts, touched)
            return counts, touched[:size], int(missing)
        if len(column.sets):
            set_counts = self._scratch.zeros(rows, np.uint32)
            kernels.count_sets(articles, column.sets, set_counts)
            return counts, None, int(kernels.spread(set_counts, column.offsets, column.ordinals, counts))
        return counts, None, int(kernels.count_values(articles, column.offsets, column.ordinals, counts))

    def _dates(self, articles: Articles) -> DateFacet:
        snapshot, first = self._snapshot, self._snapshot.first_day
        rest = self._most(articles)
        counts = self._scratch.zeros(len(snapshot.day_counts), np.uint32)
        kernels.count_sets(articles if rest is None else rest, snapshot.days_after, counts)
        if rest is not None:
            np.subtract(snapshot.day_counts, counts, out=counts)
        missing, counts = int(counts[0]), counts[1:]
        low, high = kernels.first_and_last(counts)
        if high < 0:
            return DateFacet("year" if self._query.interval == "auto" else self._query.interval, (), missing)
        begin, end = date.fromordinal(first + low), date.fromordinal(first + high)
        interval = calendar.chosen(self._query.interval, begin, end)
        if calendar.about(begin, end, interval) > MAX_BUCKETS:
            reason = f"From {begin} to {end} there are more than {MAX_BUCKETS:,} of interval “{interval}”."
            raise BadQuery(
                [BadParameter("interval", interval, reason, "Take a wider interval, or leave out the date facet.")]
            )
        names, ordinals = _starts(calendar.start_of(begin, interval), calendar.start_of(end, interval), interval)
        totals = np.add.reduceat(counts[low : high + 1], np.maximum(ordinals - (first + low), 0)).tolist()
        return DateFacet(interval, tuple(map(Bucket, names, totals)), missing)


@lru_cache(maxsize=64)
def _starts(first: date, last: date, interval: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The first days of all intervals between two: ISO, and as ordinals."""
    days = calendar.starts(first, last, interval)
    return tuple(day.isoformat() for day in days), np.array([day.toordinal() for day in days], np.int64)
