"""The histogram: the aggregations that are sent to the cluster, and their results.

Buckets of months and more are aggregated with the query. Days, weeks and stories need the range of the matches first,
and so a second request. Nothing is asked for that is known: the ends of buckets of a given length, and that each
article of the archive has a date.
"""

from __future__ import annotations

from collections.abc import Generator
from datetime import date

from search.opensearch.ask.facets import count_of, counting
from search.opensearch.ask.translate import Clause
from search.system.json import Json
from search.text import calendar
from search.values.bad_values import too_many_intervals
from search.values.results import Bucket, DateFacet

MAX_BUCKETS = 10_000
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_MS = 86_400_000
_WIDE = ("auto", "month", "quarter", "year", "decade")
_SPANS = {"quarter": "quarter", "year": "year", "decade": "year"}
"""What the cluster counts by if the interval is known; else by months."""

Counting = Generator[Clause, Json, DateFacet]
"""Yields aggregations and is sent the answer to them, until the counts are known."""


def histogram(interval: str, stories: bool, within: Clause | None, complete: bool = False) -> Counting:
    """Count by time.

    Args:
        within: the filter for the requested range, whose buckets are needed; None for all of them.
        complete: true if all articles have a day.
    """
    inner = {"aggs": counting(stories)} if stories else {}
    spans = not stories and interval in _WIDE
    ends: Clause = {"first": {"min": {"field": "day"}}, "last": {"max": {"field": "day"}}}
    asked: Clause = {} if complete else {"missing": {"missing": {"field": "day"}} | inner}
    if within is not None:
        asked["range"] = {"filter": within, "aggs": ends}
    elif not spans or interval == "auto":
        asked |= ends
    if spans:
        span = _SPANS.get(interval, "month")
        asked["buckets"] = {"date_histogram": {"field": "date", "calendar_interval": span, "min_doc_count": 1}}
    answer = yield asked
    missing = 0 if complete else count_of(answer["missing"], stories)
    found = chosen_interval(_ends(answer), interval)
    if found is None:
        return DateFacet("year" if interval == "auto" else interval, (), missing)
    if stories or found[0] not in _WIDE:
        again = (yield {"again": ranges_aggregation(*found, stories)})["again"]
        return DateFacet(found[0], from_ranges(again, *found, stories), missing)
    return DateFacet(found[0], from_spans(answer, *found), missing)


def _ends(answer: Json) -> Json:
    """The first and the last day, or days of the first and the last bucket."""
    if "range" in answer or "first" in answer:
        ends: Json = answer.get("range", answer)
        return ends
    days = [_day(bucket).toordinal() for bucket in answer["buckets"]["buckets"]]
    return {end: {"value": days[at] if days else None} for end, at in (("first", 0), ("last", -1))}


def _day(bucket: Json) -> date:
    """The first day of a bucket of the cluster's."""
    return date.fromordinal(_EPOCH + int(bucket["key"]) // _DAY_MS)


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
        start = calendar.start_of(_day(bucket), interval)
        counts[start] = counts.get(start, 0) + int(bucket["doc_count"])
    return tuple(Bucket(start.isoformat(), counts.get(start, 0)) for start in calendar.starts(first, last, interval))


def from_ranges(answer: Json, interval: str, first: date, last: date, stories: bool) -> tuple[Bucket, ...]:
    """Buckets from the answer to `ranges_aggregation`."""
    found = {int(bucket["from"]): count_of(bucket, stories) for bucket in answer["buckets"]}
    starts = calendar.starts(first, last, interval)
    return tuple(Bucket(start.isoformat(), found.get(start.toordinal(), 0)) for start in starts)
