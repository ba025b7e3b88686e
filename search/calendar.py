"""Calendar intervals: which bucket a day falls into, and a histogram without gaps."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from search.results import Bucket

AUTO_BUCKETS = 100
"""`auto` takes the finest interval that needs no more buckets than this."""
_FINE_TO_COARSE = ("day", "week", "month", "quarter", "year", "decade")


def start_of(day: date, interval: str) -> date:
    """The first day of the interval that a day falls into. Weeks begin on Monday, decades with a year ending in 0."""
    match interval:
        case "day":
            return day
        case "week":
            return date.fromordinal(max(1, day.toordinal() - day.weekday()))
        case "month":
            return day.replace(day=1)
        case "quarter":
            return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)
        case "year":
            return date(day.year, 1, 1)
        case "decade":
            return date(max(1, day.year // 10 * 10), 1, 1)
    raise ValueError(f"no interval “{interval}”")


def next_start(start: date, interval: str) -> date | None:
    """The first day of the following interval; None after the calendar's end, year 9999."""
    try:
        match interval:
            case "day":
                return start + timedelta(days=1)
            case "week":
                return start + timedelta(days=7 - start.weekday())
            case "month":
                return start_of(start + timedelta(days=31), "month")
            case "quarter":
                return start_of(start + timedelta(days=92), "quarter")
            case "year":
                return date(start.year + 1, 1, 1)
            case "decade":
                return date(start.year // 10 * 10 + 10, 1, 1)
    except (ValueError, OverflowError):
        return None
    raise ValueError(f"no interval “{interval}”")


def histogram(counted: Iterable[tuple[int, int]], interval: str) -> tuple[str, tuple[Bucket, ...]]:
    """Counts by interval, zero-filled between the first and the last that is not empty.

    Args:
        counted: (day as `date.toordinal`, articles) pairs in any order, articles above 0.
        interval: one of `search.query.INTERVALS`.

    Returns:
        The interval used (`auto` decided) and the buckets in order.
    """
    days = {date.fromordinal(number): count for number, count in counted}
    if not days:
        return ("year" if interval == "auto" else interval), ()
    if interval == "auto":
        interval = _auto(min(days), max(days))
    totals: dict[date, int] = {}
    for day, count in days.items():
        start = start_of(day, interval)
        totals[start] = totals.get(start, 0) + count
    buckets: list[Bucket] = []
    at: date | None = min(totals)
    last = max(totals)
    while at is not None and at <= last:
        buckets.append(Bucket(at.isoformat(), totals.get(at, 0)))
        at = next_start(at, interval)
    return interval, tuple(buckets)


def end_of(start: str, interval: str) -> str:
    """The last day of the bucket that starts on a day (both ISO)."""
    following = next_start(date.fromisoformat(start), interval)
    return (following - timedelta(days=1)).isoformat() if following else date.max.isoformat()


def _auto(first: date, last: date) -> str:
    days = (last - first).days + 1
    length = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.3, "year": 365.25}
    for interval, width in length.items():
        if days / width <= AUTO_BUCKETS:
            return interval
    return _FINE_TO_COARSE[-1]
