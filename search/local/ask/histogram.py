"""The matches over time: exact counts in whole calendar intervals.

The range shown is that of the articles in the query's date range, not the range itself. If near-duplicates count as one
story, a story counts once in each interval in which it has a match.
"""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from search.kernels import counting
from search.local.ask.filters import Filtered
from search.local.ask.snapshot import Snapshot
from search.local.ask.tree.terms import Articles
from search.local.format.scratch import Scratch
from search.text import calendar
from search.values.bad_values import too_many_intervals
from search.values.query import Query
from search.values.results import Bucket, DateFacet

MAX_BUCKETS = 50_000
"""137 years by day."""
FEW = 16
"""If there are this many times more days than matches, the days of the matches are looked at one by one."""
_LAST_DAY = 1 << 40


class Histogram:
    """Counts the matches of a query by date of publication, whatever its date range excludes."""

    def __init__(self, snapshot: Snapshot, query: Query, filtered: Filtered, scratch: Scratch) -> None:
        self._snapshot = snapshot
        self._query = query
        self._filtered = filtered
        self._scratch = scratch

    def count(self, articles: Articles, interval: str) -> DateFacet:
        """Count articles by date.

        Args:
            interval: the length of a bucket, or `auto`.

        Raises:
            BadQuery: there would be more than `MAX_BUCKETS` buckets.
        """
        since, until = self._query.days()
        low, high = since.toordinal() if since else 1, until.toordinal() if until else _LAST_DAY
        few = len(articles) * FEW < len(self._snapshot.day_counts) and self._filtered.complement(articles) is None
        if few:
            low, high, missing = counting.days_between(articles, self._snapshot.days, low, high)
        else:
            first = self._snapshot.first_day
            counts = self._by_day(articles)
            missing, counts = int(counts[0]), counts[1:]
            begins = max(low - first, 0)
            low, high = counting.first_and_last(counts[begins : max(high - first + 1, 0)])
            low, high = (first + begins + low, first + begins + high) if high >= 0 else (1, 0)
        if low > high:
            if self._query.group:
                missing -= self._repeated(articles, np.ones(1, np.int64), 1)[1]
            return DateFacet("year" if interval == "auto" else interval, (), int(missing))
        begin, end = date.fromordinal(low), date.fromordinal(high)
        interval = calendar.chosen(interval, begin, end)
        if calendar.about(begin, end, interval) > MAX_BUCKETS:
            raise too_many_intervals(begin, end, interval, MAX_BUCKETS)
        names, ordinals, stop = _starts(calendar.start_of(begin, interval), calendar.start_of(end, interval), interval)
        totals = np.empty(len(names), np.int64)
        if few:
            counting.count_days(articles, self._snapshot.days, ordinals, stop, totals)
        else:
            counting.add_up_days(counts, first, ordinals, stop, totals)
        if self._query.group:
            repeated, undated = self._repeated(articles, ordinals, stop)
            totals, missing = totals - repeated, missing - undated
        return DateFacet(interval, tuple(map(Bucket, names, totals.tolist())), int(missing))

    def _by_day(self, articles: Articles) -> NDArray[np.uint32]:
        """The number of articles by `Snapshot.days_after`."""
        snapshot = self._snapshot
        rest = self._filtered.complement(articles)
        counts: NDArray[np.uint32] = self._scratch.zeros(len(snapshot.day_counts), np.uint32)
        counting.count_sets(articles if rest is None else rest, snapshot.days_after, counts)
        if rest is not None:
            np.subtract(snapshot.day_counts, counts, out=counts)
        return counts

    def _repeated(self, articles: Articles, starts: NDArray[np.int64], stop: int) -> tuple[NDArray[np.int64], int]:
        """Count the matches that are a further one of their story.

        Args:
            starts: the first day of each interval.
            stop: the day after the last interval.

        Returns:
            The number of them in each interval, and among the undated articles.
        """
        snapshot = self._snapshot
        _, flags = snapshot.stories.apart(articles, self._scratch)
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
def _starts(first: date, last: date, interval: str) -> tuple[tuple[str, ...], NDArray[np.int64], int]:
    """The first days of all intervals between two days, as ISO dates and as ordinals, and the day after the last."""
    days = calendar.starts(first, last, interval)
    names = tuple(day.isoformat() for day in days)
    stop = date.fromisoformat(calendar.end_of(names[-1], interval)).toordinal() + 1
    return names, np.array([day.toordinal() for day in days], np.int64), stop
