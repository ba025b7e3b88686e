"""Gaps: whole calendar intervals of which an archive has no article, so that a count of 0 there says nothing.

A gap lies between two days of which there are articles: the archive's, or those of one of its collections or sources.
Filters and words have no influence, except that a filter on sources determines which of them are looked at.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from search.text.calendar import end_of, next_start, start_of
from search.values.query import Denominator, Query
from search.values.results import PARTS, Bucket, DateFacet, Gap, Part, Share, Trend

MAX_NAMES = 20
"""The number of collections, and of sources, that are looked at: those with most articles, ties by name."""
MAX_GAPS = 1000
"""The maximum number of gaps that are listed: the longest."""
_LEAST = {"day": 1, "week": 7, "month": 28, "quarter": 90, "year": 365, "decade": 3652}
"""The minimum days of an interval."""


class Covered(NamedTuple):
    """A part of an archive, and between which of its days there are others without an article.

    Attributes:
        before, after: the days on both sides of each such range: ordinals (int64), ascending.
    """

    part: Part
    name: str
    before: NDArray[np.int64]
    after: NDArray[np.int64]

    @classmethod
    def of_days(cls, part: Part, name: str, days: NDArray[np.int64]) -> Covered:
        """The same of the days of which there are articles: ordinals (int64), ascending, each once."""
        places = np.flatnonzero(np.diff(days) > 1)
        return cls(part, name, days[places], days[places + 1])


def selected(query: Query) -> tuple[str, ...]:
    """The sources that a query asks for; none if it asks for all."""
    wanted = query.filter("source")
    return () if wanted.missing else wanted.any


def trend(denominator: Denominator, of: DateFacet, matching: DateFacet, parts: Iterable[Covered]) -> Trend:
    """The share of articles that match, over time.

    Args:
        of: the histogram of the articles that are counted as all.
        matching: that of the matches, in the same interval.
        parts: what the gaps are looked for in.
    """
    counts = {bucket.start: bucket.count for bucket in matching.buckets}
    shares = tuple(Share.of_counts(one.start, counts.get(one.start, 0), one.count) for one in of.buckets)
    return Trend(of.interval, denominator, shares, found(parts, of.interval, of.buckets), matching.missing, of.missing)


def found(parts: Iterable[Covered], interval: str, buckets: Sequence[Bucket]) -> tuple[Gap, ...]:
    """The gaps of some parts of an archive, between the first and the last bucket of a histogram.

    In the order of `PARTS`, then of names, then of time.
    """
    if not buckets:
        return ()
    first, last = date.fromisoformat(buckets[0].start), date.fromisoformat(end_of(buckets[-1].start, interval))
    gaps = [gap for part in parts for gap in _of(part, interval, first, last)]
    if len(gaps) > MAX_GAPS:
        gaps.sort(key=lambda gap: (-_length(gap), PARTS.index(gap.part), gap.name, gap.start))
        del gaps[MAX_GAPS:]
    return tuple(sorted(gaps, key=lambda gap: (PARTS.index(gap.part), gap.name, gap.start)))


def _of(covered: Covered, interval: str, first: date, last: date) -> Iterator[Gap]:
    for place in np.flatnonzero(covered.after - covered.before > _LEAST[interval]).tolist():
        begin = next_start(start_of(date.fromordinal(int(covered.before[place])), interval), interval)
        end = start_of(date.fromordinal(int(covered.after[place])), interval) - timedelta(days=1)
        if begin is None or begin > end:
            continue
        begin, end = max(begin, first), min(end, last)
        if begin <= end:
            yield Gap(covered.part, covered.name, begin.isoformat(), end.isoformat())


def _length(gap: Gap) -> int:
    return (date.fromisoformat(gap.end) - date.fromisoformat(gap.start)).days
