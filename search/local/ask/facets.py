"""Here are the matches, give me the counts.

A facet is counted under the query and every filter but its own `any` and `missing`, so that a reader can widen it; its
own `all` and `none` always apply, and the histogram does not see the date range. So each filter sets its bit at the
articles that pass it, and each facet counts the articles that have all bits but its own: no facet costs a query of its
own.

Of most of an archive the rest is counted, and taken from what all of it has. Articles are counted by their set of
values where sets are fewer than they, else by value. Where copies count as one story, articles that are in no group are
counted so, and the groups by themselves.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from search import calendar, completion, dates
from search.errors import BadQuery, BadValue
from search.local import kernels
from search.local.ask.columns import Labels, ValueColumn
from search.local.ask.execute import Executor
from search.local.ask.snapshot import Snapshot
from search.local.ask.terms import Articles
from search.local.format.layout import UNKNOWN_DAY
from search.local.format.scratch import SPARSE, Scratch
from search.query import Listing, Query
from search.results import Bucket, DateFacet, FacetCount, ValueFacet
from search.text import fold
from search.vocabulary import vocabulary

MAX_BUCKETS = 50_000
"""137 years by day."""
MAX_PICKED = 1000
"""Values up to which the most frequent are picked in one pass; beyond, all are sorted."""
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

    def __init__(
        self,
        snapshot: Snapshot,
        query: Query,
        executor: Executor,
        found: Articles,
        scratch: Scratch,
        without: Articles | None = None,
    ) -> None:
        """Args: without: articles that are not among the matches."""
        self._snapshot = snapshot
        self._query = query
        self._executor = executor
        self._scratch = scratch
        self._found = found
        self._base = self._inside(found if without is None else self._dropped(found, without))
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

    def beside(self, values: NDArray[Any]) -> NDArray[Any]:
        """Of what stands beside each match, a number of any type, that of the articles that pass all filters."""
        if len(self.articles) == len(values):
            return values
        passed: NDArray[np.uint8] = self._scratch.zeros(self._snapshot.size, np.uint8)
        passed[self.articles] = 1
        kept = self._scratch.take(len(self.articles) + 1, values.dtype)
        return kept[: kernels.pick(self._found, values, passed, kept)]

    # -- filters -----------------------------------------------------------------------------

    def _inside(self, found: Articles) -> Articles:
        """What lives, and has all and none of what it must and must not have."""
        articles = found
        if not self._snapshot.whole:
            articles = self._scratch.take(len(found), np.uint32)
            articles = articles[: kernels.keep_live(found, self._snapshot.live, articles)]
        if any(self._query.added()):
            low, high = dates.instants(*self._query.added())
            added = self._snapshot.instants["added"][articles]
            articles = articles[(added >= low) & (added < high)]
        for name, wanted in self._query.filters.items():
            for value in {fold(value): value for value in wanted.all}.values():
                articles = self._with(articles, name, (value,))
            if wanted.none:
                flags = self._marked(name, wanted.none)
                kept = self._scratch.take(len(articles), np.uint32)
                articles = kept[: kernels.drop(articles, flags, 1, kept)]
        return articles

    def _dropped(self, articles: Articles, unwanted: Articles) -> Articles:
        flags: NDArray[np.uint8] = self._scratch.zeros(self._snapshot.size, np.uint8)
        flags[unwanted] = 1
        kept = self._scratch.take(len(articles), np.uint32)
        return kept[: kernels.drop(articles, flags, 1, kept)]

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
            span = max(high - low + 1, 0)
            if len(self._base) * SPARSE < self._snapshot.size:
                kernels.mark_days_of(self._base, self._snapshot.days, low, span, missing, bit, flags)
            else:
                kernels.mark_days(self._snapshot.days, low, span, missing, bit, flags)

    # -- facets ------------------------------------------------------------------------------

    def facet(self, name: str) -> ValueFacet | DateFacet:
        """Count one facet."""
        articles = self._of(name)
        return self.histogram(articles, self._query.interval) if name == "date" else self._values(name, articles)

    def listed(self, name: str, listing: Listing) -> ValueFacet:
        """List a part of one facet's values."""
        if not (listing.prefix or listing.parent or listing.offset) and listing.sort == "count":
            return self._values(name, self._of(name), listing.limit)
        column = self._snapshot.facets[name]
        counts, _, missing = self._count(column, self._of(name))
        among = self._among(name, column, listing)
        shown = among[counts[among] > 0]
        end = listing.offset + listing.limit
        first: NDArray[Any]
        if listing.sort == "name":
            first = shown[np.argsort(column.order[shown])]
        elif end <= MAX_PICKED:
            top = np.empty(max(end, 1), np.int64)
            first = top[: kernels.most_frequent_of(shown, counts, column.order, end, top)]
        else:
            first = shown[np.lexsort((column.order[shown], -counts[shown].astype(np.int64)))]
        page = first[listing.offset : end].tolist()
        selected = {column.ordinal(value) for value in self._query.filter(name).any}
        values = [FacetCount(column.values[n], column.labels[n], int(counts[n]), n in selected) for n in page]
        if not (listing.prefix or listing.parent or listing.offset):
            values += self._selected(name, column, counts, frozenset(page))
        return ValueFacet(tuple(values), len(shown), missing)

    def _among(self, name: str, column: ValueColumn, listing: Listing) -> NDArray[np.uint32]:
        """The ordinals that a listing is about."""
        if listing.parent is not None:
            level = [column.ordinal(code) for code in vocabulary("topic").children(listing.parent)]
            among = np.array(sorted(n for n in level if n is not None), np.uint32)
        elif column.listed is not None:
            among = np.flatnonzero(column.listed).astype(np.uint32)
        else:
            among = np.arange(len(column.values), dtype=np.uint32)
        if listing.prefix:
            typed = completion.words(listing.prefix)
            begun = self._snapshot.names.find(name, typed, column) if typed else among[:0]
            among = begun if len(among) == len(column.values) else np.intersect1d(among, begun)
        return among

    def _of(self, name: str) -> Articles:
        return self.articles if name not in self._bits else self.counted(name)

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

    def _values(self, name: str, articles: Articles, size: int | None = None) -> ValueFacet:
        column = self._snapshot.facets[name]
        size = self._query.facet_size if size is None else size
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
        selected = {column.ordinal(value) for value in self._query.filter(name).any}
        amounts = counts[top[:kept]].tolist()
        values = [
            FacetCount(column.values[n], column.labels[n], count, n in selected)
            for n, count in zip(listed, amounts, strict=True)
        ]
        return ValueFacet(
            (*values, *self._selected(name, column, counts, frozenset(listed))), int(distinct), int(missing)
        )

    def _selected(
        self, name: str, column: ValueColumn, counts: NDArray[np.uint32], listed: frozenset[int]
    ) -> list[FacetCount]:
        """The selected values that are not listed."""
        chosen = {fold(value): value for value in reversed(self._query.filter(name).any)}
        known = {key: ordinal for key in chosen if (ordinal := column.ordinal(key)) is not None}
        rest = [
            FacetCount(column.values[n], column.labels[n], int(counts[n]), True)
            for n in frozenset(known.values()).difference(listed)
        ]
        rest += [
            FacetCount(v, Labels(name, column.names).of(v), 0, True) for key, v in chosen.items() if key not in known
        ]
        rest.sort(key=lambda entry: (-entry.count, entry.label, entry.value))
        return rest

    def _count(
        self, column: ValueColumn, articles: Articles
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32] | None, int]:
        """How many of some articles have each value (uint32); which values, where they are few; how many have none."""
        if self._query.group and len(self._snapshot.stories.order):
            return self._count_stories(column, articles)
        rest = self._most(articles)
        if rest is not None:
            counts, _, missing = self._count_few_of(column, rest, False)
            np.subtract(column.totals, counts, out=counts)
            return counts, None, column.missing - missing
        return self._count_few_of(column, articles, True)

    def _count_stories(
        self, column: ValueColumn, articles: Articles
    ) -> tuple[NDArray[np.uint32], NDArray[np.uint32] | None, int]:
        stories = self._snapshot.stories
        alone, flags = self._apart(articles)
        counts, _, missing = self._count_few_of(column, alone, False)
        stamps = self._scratch.take(len(counts) + 1, np.int32)
        stamps.fill(-1)
        several = kernels.count_stories(
            stories.order, stories.numbers, flags, column.sets, column.offsets, column.ordinals, stamps, counts
        )
        return counts, None, missing + int(several)

    def _apart(self, articles: Articles) -> tuple[Articles, NDArray[np.uint8]]:
        """The articles that are in no group; and flags over all at those that are."""
        stories = self._snapshot.stories
        flags: NDArray[np.uint8] = self._scratch.zeros(self._snapshot.size, np.uint8)
        flags[articles] = 1
        flags &= stories.numbers >= 0
        alone = self._scratch.take(len(articles), np.uint32)
        return alone[: kernels.drop(articles, flags, 1, alone)], flags

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

    def histogram(self, articles: Articles, interval: str) -> DateFacet:
        """Count some articles by time, in whole buckets: those that have articles of the range asked for, if one is."""
        snapshot, first = self._snapshot, self._snapshot.first_day
        rest = self._most(articles)
        counts = self._scratch.zeros(len(snapshot.day_counts), np.uint32)
        kernels.count_sets(articles if rest is None else rest, snapshot.days_after, counts)
        if rest is not None:
            np.subtract(snapshot.day_counts, counts, out=counts)
        missing, counts = int(counts[0]), counts[1:]
        since, until = self._query.days()
        begins = max(since.toordinal() - first, 0) if since else 0
        low, high = kernels.first_and_last(counts[begins : max(until.toordinal() - first + 1, 0) if until else None])
        if high < 0:
            missing -= self._repeated_undated(articles)
            return DateFacet("year" if interval == "auto" else interval, (), missing)
        begin, end = date.fromordinal(first + begins + low), date.fromordinal(first + begins + high)
        interval = calendar.chosen(interval, begin, end)
        if calendar.about(begin, end, interval) > MAX_BUCKETS:
            reason = f"From {begin} to {end} there are more than {MAX_BUCKETS:,} of interval “{interval}”."
            raise BadQuery(
                [BadValue("interval", interval, reason, "Take a wider interval, or leave out the date facet.")]
            )
        names, ordinals = _starts(calendar.start_of(begin, interval), calendar.start_of(end, interval), interval)
        stop = date.fromisoformat(calendar.end_of(names[-1], interval)).toordinal() + 1
        totals = np.add.reduceat(counts[: stop - first], np.maximum(ordinals - first, 0))
        if self._query.group:
            repeated, undated = self._repeated(articles, ordinals, stop)
            totals, missing = totals.astype(np.int64) - repeated, missing - undated
        return DateFacet(interval, tuple(map(Bucket, names, totals.tolist())), missing)

    def _repeated_undated(self, articles: Articles) -> int:
        return self._repeated(articles, np.ones(1, np.int64), 1)[1] if self._query.group else 0

    def _repeated(self, articles: Articles, starts: NDArray[np.int64], stop: int) -> tuple[NDArray[np.int64], int]:
        """In each interval the articles whose story has another in it that counts; and those without a day.

        Args:
            stop: the day after the last interval.
        """
        snapshot = self._snapshot
        _, flags = self._apart(articles)
        copies = np.flatnonzero(flags)
        days = snapshot.days[copies]
        counted = (days == 0) | (days >= starts[0]) & (days < stop)
        copies, days = copies[counted], days[counted]
        buckets = np.where(days > 0, np.searchsorted(starts, days, side="right"), 0)
        size = len(starts) + 1
        pairs = snapshot.stories.numbers[copies].astype(np.int64) * size + buckets
        once = np.bincount(np.unique(pairs) % size, minlength=size)
        repeated = np.bincount(buckets, minlength=size) - once
        return repeated[1:], int(repeated[0])


@lru_cache(maxsize=64)
def _starts(first: date, last: date, interval: str) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """The first days of all intervals between two: ISO, and as ordinals."""
    days = calendar.starts(first, last, interval)
    return tuple(day.isoformat() for day in days), np.array([day.toordinal() for day in days], np.int64)
