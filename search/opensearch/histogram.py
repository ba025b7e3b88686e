"""The histogram: the aggregations that are sent to the cluster, and their results.

Buckets of months and more are aggregated with the query. Days, weeks and stories need the range of the matches first,
and so a second request.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import date

from search import calendar
from search.json import Json
from search.opensearch.facets import count_of, counting
from search.opensearch.translate import Clause
from search.query import too_many_intervals
from search.results import Bucket, DateFacet

MAX_BUCKETS = 10_000
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_MS = 86_400_000
_WIDE = ("auto", "month", "quarter", "year", "decade")
_SPANS = {"quarter": "quarter", "year": "year", "decade": "year"}
"""What the cluster counts by if the interval is known; else by months."""

Counting = Generator[Clause, Json, DateFacet]
"""Yields aggregations and is sent the answer to them, until the counts are known."""


def histogram(interval: str, stories: bool, within: Clause | None) -> Counting:
    """Count by time.

    Args:
        within: the filter for the requested range, whose buckets are needed; None for all of them.
    """
    inner = {"aggs": counting(stories)} if stories else {}
    ends: Clause = {"first": {"min": {"field": "day"}}, "last": {"max": {"field": "day"}}}
    asked: Clause = {"missing": {"missing": {"field": "day"}} | inner}
    asked |= ends if within is None else {"range": {"filter": within, "aggs": ends}}
    if not stories and interval in _WIDE:
        span = _SPANS.get(interval, "month")
        asked["buckets"] = {"date_histogram": {"field": "date", "calendar_interval": span, "min_doc_count": 1}}
    answer = yield asked
    missing = count_of(answer["missing"], stories)
    found = chosen_interval(answer if within is None else answer["range"], interval)
    if found is None:
        return DateFacet("year" if interval == "auto" else interval, (), missing)
    if stories or found[0] not in _WIDE:
        again = (yield {"again": ranges_aggregation(*found, stories)})["again"]
        return DateFacet(found[0], from_ranges(again, *found, stories), missing)
    return DateFacet(found[0], from_spans(answer, *found), missing)


def chosen_interval(ends: Json, interval: str) -> tuple[str, date, date] | None:
    """The interval, the first and the last day of a histogram; None if there are no days.

    Raises:
        BadQuery: if there would be too many buckets.
    """
    if ends["first"]["value"] is None:
        return None
    first, last = (date.fromordinal(int(ends[end]["value"])) for end in ("first", "last"))
    chosen = calendar.chosen(interval, first, last)
    if calendar.about(first, last, chosen) > MAX_BUCKETS:
        raise too_many_intervals(first, last, chosen, MAX_BUCKETS)
    return chosen, first, last


def ranges_aggregation(interval: str, first: date, last: date, stories: bool) -> Clause:
    """The aggregation of a histogram whose buckets are known."""
    days = calendar.starts(first, last, interval)
    stop = date.fromisoformat(calendar.end_of(days[-1].isoformat(), interval)).toordinal() + 1
    starts = [day.toordinal() for day in days]
    ranges = [{"from": start, "to": end} for start, end in zip(starts, [*starts[1:], stop], strict=True)]
    return {"range": {"field": "day", "ranges": ranges}} | ({"aggs": counting(stories)} if stories else {})


def from_spans(answer: Json, interval: str, first: date, last: date) -> tuple[Bucket, ...]:
    """Buckets of months or more."""
    counts: dict[date, int] = {}
    for bucket in answer["buckets"]["buckets"]:
        start = calendar.start_of(date.fromordinal(_EPOCH + int(bucket["key"]) // _DAY_MS), interval)
        counts[start] = counts.get(start, 0) + int(bucket["doc_count"])
    return tuple(Bucket(start.isoformat(), counts.get(start, 0)) for start in calendar.starts(first, last, interval))


def from_ranges(answer: Json, interval: str, first: date, last: date, stories: bool) -> tuple[Bucket, ...]:
    """Buckets from the answer to `ranges_aggregation`."""
    found = {int(bucket["from"]): count_of(bucket, stories) for bucket in answer["buckets"]}
    starts = calendar.starts(first, last, interval)
    return tuple(Bucket(start.isoformat(), found.get(start.toordinal(), 0)) for start in starts)
