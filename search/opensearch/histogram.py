"""The histogram: the aggregations that are sent to the cluster, and their results.

Buckets of months and more are aggregated with the query. Days, weeks and stories need the range of the matches first,
and so a second request.
"""

from __future__ import annotations

from datetime import date

from search import calendar
from search.errors import BadQuery, BadValue
from search.json import Json
from search.opensearch.facets import count_of, counting
from search.opensearch.translate import UNDATED, Clause
from search.results import Bucket

MAX_BUCKETS = 10_000
_EPOCH = date(1970, 1, 1).toordinal()
_DAY_MS = 86_400_000
_WIDE = ("auto", "month", "quarter", "year", "decade")


def days_aggregation(interval: str, stories: bool, within: Clause) -> Clause:
    """The aggregations of a histogram that can be sent before the range of days is known.

    Args:
        within: the filter for the requested range, whose buckets are needed.
    """
    inner = {"aggs": counting(stories)} if stories else {}
    ends = {"first": {"min": {"field": "day"}}, "last": {"max": {"field": "day"}}}
    asked: Clause = {
        "range": {"filter": within, "aggs": ends},
        "missing": {"filter": UNDATED} | inner,
    }
    if not stories and interval in _WIDE:
        asked["buckets"] = {"date_histogram": {"field": "date", "calendar_interval": "month", "min_doc_count": 1}}
    return asked


def chosen_interval(answer: Json, interval: str) -> tuple[str, date, date] | None:
    """The interval, the first and the last day of a histogram; None if there are no days.

    Raises:
        BadQuery: if there would be too many buckets.
    """
    ends = answer["range"]
    if ends["first"]["value"] is None:
        return None
    first, last = (date.fromordinal(int(ends[end]["value"])) for end in ("first", "last"))
    chosen = calendar.chosen(interval, first, last)
    if calendar.about(first, last, chosen) > MAX_BUCKETS:
        reason = f"From {first} to {last} there are more than {MAX_BUCKETS:,} intervals of one {chosen}."
        raise BadQuery([BadValue("interval", interval, reason, "Choose a wider interval, or omit the date facet.")])
    return chosen, first, last


def ranges_aggregation(interval: str, first: date, last: date, stories: bool) -> Clause:
    """The aggregation of a histogram whose buckets are known."""
    days = calendar.starts(first, last, interval)
    stop = date.fromisoformat(calendar.end_of(days[-1].isoformat(), interval)).toordinal() + 1
    starts = [day.toordinal() for day in days]
    ranges = [{"from": start, "to": end} for start, end in zip(starts, [*starts[1:], stop], strict=True)]
    return {"range": {"field": "day", "ranges": ranges}} | ({"aggs": counting(stories)} if stories else {})


def from_months(answer: Json, interval: str, first: date, last: date) -> tuple[Bucket, ...]:
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


def wide(interval: str) -> bool:
    """True if an interval consists of months."""
    return interval in _WIDE[1:]
