"""The matches by value of a facet: exact counts.

A facet is counted over the matches that pass every filter but its own (see `filters`), so that a user can widen it. If
most of the archive matches, the other articles are counted and subtracted from the totals. Articles are counted by
their set of values if there are fewer sets than articles, else by value. With `group=story`, the articles in no group
are counted in this way, and each group once.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.kernels import counting
from search.kernels import stories as kernels
from search.local.ask.facts.columns import Labels, ValueColumn
from search.local.ask.filters import Filtered
from search.local.ask.histogram import Histogram
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.terms import Articles
from search.local.format.scratch import Scratch
from search.names.near_names import words
from search.names.vocabulary import vocabulary
from search.system.lazy import cached_property
from search.text.tokens import fold
from search.values.query import Listing, Query, ValueSort
from search.values.results import DateFacet, FacetCount, ValueFacet

MAX_PICKED = 1000
"""The number of values up to which the most frequent are picked in one pass; for more, all are sorted."""
FEW = 8
"""If there are this many times more values than pairs, only the values of the matches are looked at."""
FEW_PAIRS = 256
"""As well for any number of values."""
_ANY = np.empty(0, np.bool_)


class _Counts(NamedTuple):
    """Articles by value.

    Attributes:
        values: uint32, shape (values,); articles that have each value.
        touched: the ordinals of the values that may have a count; None if any value may.
        missing: articles that have no value.
    """

    values: NDArray[np.uint32]
    touched: NDArray[np.uint32] | None
    missing: int


class Facets:
    """Counts the facets of one query."""

    def __init__(self, snapshot: Snapshot, query: Query, filtered: Filtered, scratch: Scratch) -> None:
        self._snapshot = snapshot
        self._query = query
        self._filtered = filtered
        self._scratch = scratch
        self._histogram = Histogram(snapshot, query, filtered, scratch)

    def facet(self, name: str) -> ValueFacet | DateFacet:
        """Count a facet, with the most frequent values and those that are selected."""
        articles = self._filtered.without_own(name)
        if name == "date":
            return self._histogram.count(articles, self._query.interval)
        return self._most_frequent(name, articles, self._query.facet_size)

    def histogram(self, interval: str, articles: Articles | None = None) -> DateFacet:
        """Count the articles that pass all filters, or these, by date. Raises BadQuery for too many buckets."""
        return self._histogram.count(self._filtered.articles if articles is None else articles, interval)

    def by_value(self, name: str) -> NDArray[np.uint32]:
        """The number of articles that pass all filters, by ordinal of each value of a facet."""
        return self._count(self._snapshot.facets[self._query.counted(name)], self._filtered.articles).values

    def without_value(self, name: str) -> int:
        """The number of articles that pass all filters and have no value of a facet."""
        return int(self._count(self._snapshot.facets[self._query.counted(name)], self._filtered.articles).missing)

    def listed(self, name: str, listing: Listing) -> ValueFacet:
        """List one part of a facet's values."""
        if listing.whole and listing.sort == "count":
            return self._most_frequent(name, self._filtered.without_own(name), listing.limit)
        column = self._snapshot.facets[self._query.counted(name)]
        counts = self._count(column, self._filtered.without_own(name))
        among = self._among(name, column, listing)
        shown = among[counts.values[among] > 0]
        end = listing.offset + listing.limit
        groups = [shown]
        if listing.contains:
            begun = np.isin(shown, self._named(name, column, listing.contains))
            groups = [shown[begun], shown[~begun]]
        order = column.spelled.order
        first = np.concatenate([_first(group, counts.values, order, listing.sort, end) for group in groups])
        return self._facet(name, column, counts, first[listing.offset : end].tolist(), len(shown), listing.whole)

    def _among(self, name: str, column: ValueColumn, listing: Listing) -> NDArray[np.uint32]:
        """The ordinals of the values that a listing covers."""
        listed, size = column.spelled.listed, len(column.spelled.values)
        if listing.parent is not None:
            level = [column.ordinal(code) for code in vocabulary("topic").children(listing.parent)]
            among = np.array(sorted(n for n in level if n is not None), np.uint32)
        elif listed is not None:
            among = np.flatnonzero(listed).astype(np.uint32)
        else:
            among = np.arange(size, dtype=np.uint32)
        for typed, inside in ((listing.prefix, False), (listing.contains, True)):
            if typed:
                named = self._named(name, column, typed, inside)
                among = named if len(among) == size else np.intersect1d(among, named)
        return among

    def _named(self, name: str, column: ValueColumn, typed: str, inside: bool = False) -> NDArray[np.uint32]:
        """The ordinals of the values with such a name."""
        parts = words(typed)
        if not parts:
            return np.empty(0, np.uint32)
        return self._snapshot.names.find(self._query.counted(name), parts, column, inside)

    def _most_frequent(self, name: str, articles: Articles, size: int) -> ValueFacet:
        """The first values by count, ties by label."""
        column = self._snapshot.facets[self._query.counted(name)]
        order, listed = column.spelled.order, column.spelled.listed
        top = np.empty(size, np.int64)
        plain = not (self._query.filter(name).any or self._stories_count)
        if plain and self._filtered.complement(articles) is None:
            rows, amounts = column.rows, np.empty(size, np.int64)
            missing, distinct, found = counting.most_frequent_in(
                articles, rows.sets, rows.offsets, rows.ordinals, _ANY if listed is None else listed, order,
                self._is_few(column, articles), self._scratch.blank(len(order)), top, amounts,
            )  # fmt: skip
            return _unselected(column, top[:found].tolist(), amounts[:found].tolist(), distinct, missing)
        counts = self._count(column, articles)
        if counts.touched is None:
            shown = counts.values if listed is None else np.where(listed, counts.values, np.uint32(0))
            found, distinct = counting.most_frequent(shown, order, size, top)
        else:
            touched = counts.touched if listed is None else counts.touched[listed[counts.touched]]
            found, distinct = counting.most_frequent_of(touched, counts.values, order, size, top), len(touched)
        return self._facet(name, column, counts, top[:found].tolist(), int(distinct), True)

    def _facet(
        self, name: str, column: ValueColumn, counts: _Counts, page: list[int], distinct: int, selected_too: bool
    ) -> ValueFacet:
        """The result for some values.

        Args:
            page: the ordinals of the values to list.
            selected_too: True to append the selected values that are not among them.
        """
        wanted, spelled = self._query.filter(name).any, column.spelled
        amounts = counts.values[page].tolist()
        if not wanted:
            return _unselected(column, page, amounts, distinct, counts.missing)
        chosen = {fold(value): value for value in reversed(wanted)}
        known = {key: ordinal for key in chosen if (ordinal := column.ordinal(key)) is not None}
        selected = frozenset(known.values())
        values = [
            FacetCount(spelled.values[n], spelled.labels[n], count, n in selected)
            for n, count in zip(page, amounts, strict=True)
        ]
        if selected_too:
            rest = [
                FacetCount(spelled.values[n], spelled.labels[n], int(counts.values[n]), True)
                for n in selected.difference(page)
            ]
            labels = Labels(name, column.naming.rules)
            rest += [FacetCount(value, labels.of(value), 0, True) for key, value in chosen.items() if key not in known]
            values += sorted(rest, key=lambda entry: (-entry.count, entry.label, entry.value))
        return ValueFacet(tuple(values), distinct, int(counts.missing))

    @cached_property
    def _stories_count(self) -> bool:
        """True if near-duplicates count as one story."""
        return bool(self._query.group) and bool(len(self._snapshot.stories.order))

    def _is_few(self, column: ValueColumn, articles: Articles) -> bool:
        """True if it takes less to look at the values of some articles than at all values."""
        rows = column.rows
        pairs = len(articles) * len(rows.ordinals) // max(len(rows.offsets) - 1, 1)
        return pairs * FEW < len(column.totals) or pairs <= FEW_PAIRS

    def _count(self, column: ValueColumn, articles: Articles) -> _Counts:
        if self._stories_count:
            return self._count_stories(column, articles)
        rest = self._filtered.complement(articles)
        if rest is None:
            return self._count_articles(column, articles, True)
        counts = self._count_articles(column, rest, False)
        np.subtract(column.totals, counts.values, out=counts.values)
        return _Counts(counts.values, None, column.missing - counts.missing)

    def _count_stories(self, column: ValueColumn, articles: Articles) -> _Counts:
        stories, rows = self._snapshot.stories, column.rows
        alone, flags = stories.apart(articles, self._scratch)
        counts, _, missing = self._count_articles(column, alone, False)
        stamps = self._scratch.take(len(counts) + 1, np.int32)
        stamps.fill(-1)
        several = kernels.count_stories(
            stories.order, stories.numbers, flags, rows.sets, rows.offsets, rows.ordinals, stamps, counts
        )
        return _Counts(counts, None, missing + int(several))

    def _count_articles(self, column: ValueColumn, articles: Articles, sparse: bool) -> _Counts:
        """Count articles one by one.

        Args:
            sparse: True if the caller can use `touched`.
        """
        rows = column.rows
        counts: NDArray[np.uint32] = self._scratch.zeros(len(column.totals), np.uint32)
        if sparse and self._is_few(column, articles):
            pairs = counting.pairs_of(articles, rows.sets, rows.offsets)
            touched: NDArray[np.uint32] = self._scratch.take(pairs + 1, np.uint32)
            missing, met = counting.count_few(articles, rows.sets, rows.offsets, rows.ordinals, counts, touched)
            return _Counts(counts, touched[:met], int(missing))
        if len(rows.sets):
            set_counts = self._scratch.zeros(len(rows.offsets) - 1, np.uint32)
            counting.count_sets(articles, rows.sets, set_counts)
            return _Counts(counts, None, int(counting.spread(set_counts, rows.offsets, rows.ordinals, counts)))
        return _Counts(counts, None, int(counting.count_values(articles, rows.offsets, rows.ordinals, counts)))


def _unselected(
    column: ValueColumn, page: Sequence[int], amounts: Sequence[int], distinct: int, missing: int
) -> ValueFacet:
    """The result for some values, of which none is selected."""
    values, labels = column.spelled.values, column.spelled.labels
    shown = [values[n] for n in page], [labels[n] for n in page], amounts, repeat(False)
    return ValueFacet(tuple(map(FacetCount, *shown)), int(distinct), int(missing))


def _first(
    shown: NDArray[np.uint32],
    counts: NDArray[np.uint32],
    order: NDArray[np.uint32],
    sort: ValueSort,
    end: int,
) -> NDArray[np.integer[Any]]:
    """Values in order, at least as many as `end` says."""
    if sort == "name":
        return shown[np.argsort(order[shown])]
    if end <= MAX_PICKED:
        top = np.empty(max(end, 1), np.int64)
        return top[: counting.most_frequent_of(shown, counts, order, end, top)]
    return shown[np.lexsort((order[shown], -counts[shown].astype(np.int64)))]
