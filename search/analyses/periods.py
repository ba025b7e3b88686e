"""What is special about a result in each period: the words that went with a subject in 1948, and those of 1989.

In each period, the articles that match are compared with the others of the same period that pass the same filters: what
was frequent everywhere at that time is not special. It is composed of answers of an `Engine`, so it is the same for all
of them.

Cost: a histogram, and a comparison for each period.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal, get_args

from search.engine import Engine
from search.measures.keyness import Contrast, Special
from search.system.budget import Parts
from search.text.calendar import end_of
from search.values.query import Query

By = Literal["month", "year", "decade"]
PERIODS: tuple[By, ...] = get_args(By)
MOST_PERIODS = 24
"""Two centuries and more by decade, two years by month."""


@dataclass(frozen=True, slots=True)
class Period:
    """The part of a period that is within the dates of the query, and what is special about it.

    Attributes:
        start, end: its first and last day, ISO.
    """

    start: str
    end: str
    special: Special


@dataclass(frozen=True, slots=True)
class Periods:
    """What is special about a result by period.

    Attributes:
        periods: those with articles that match, oldest first; the last `MOST_PERIODS` of them.
        earlier: how many come before these.
        missing: matches without a date, which are in none.
        incomplete: `periods` if there was no time for all; the latest come first.
    """

    by: By
    periods: tuple[Period, ...]
    earlier: int
    missing: int
    incomplete: tuple[str, ...] = ()


def within(query: Query, start: str, end: str) -> Query:
    """The query between two days (ISO), within its own dates."""
    first, last = query.days()
    since = max(filter(None, (date.fromisoformat(start), first)))
    until = min(filter(None, (date.fromisoformat(end), last)))
    return replace(query, date_from=since.isoformat(), date_to=until.isoformat(), date_missing=False)


def special_by(engine: Engine, query: Query, contrast: Contrast, by: By) -> Periods:
    """What is special about a result in each period.

    Args:
        contrast: its `limit` is that of each period; its reference is always `filters`.
    """
    counted = replace(query.counting, facets=("date",), interval=by, group=None)
    dates = engine.search(counted).histogram()  # without the query's own dates
    ranged = bool(query.date_from or query.date_to)
    starts = [bucket.start for bucket in dates.buckets if bucket.count] if ranged or not query.date_missing else []
    undated = dates.missing if query.date_missing or not ranged else 0

    def period(start: str) -> Period:
        narrowed = within(replace(query, group=None), start, end_of(start, by))
        found = engine.special(narrowed, replace(contrast, against="filters"))
        return Period(narrowed.date_from or start, narrowed.date_to or "", found)

    parts, periods = Parts(), list[Period]()
    parts.gather("periods", periods, map(period, reversed(starts[-MOST_PERIODS:])))
    return Periods(by, tuple(reversed(periods)), len(starts) - len(periods), undated, tuple(parts.omitted))
