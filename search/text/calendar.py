"""Calendar intervals: the one that contains a day, and those between two days."""

from __future__ import annotations

from datetime import date, timedelta

AUTO_BUCKETS = 100
"""`auto` is the finest interval that needs no more buckets than this."""
_WIDTHS = {"day": 1, "week": 7, "month": 30.44, "quarter": 91.3, "year": 365.25}
"""Approximate days of an interval."""


def start_of(day: date, interval: str) -> date:
    """The first day of the interval that contains a day. Weeks begin on Monday, decades with a year ending in 0."""
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


def chosen(interval: str, first: date, last: date) -> str:
    """The interval that `auto` selects between two days: the finest that needs no more than `AUTO_BUCKETS`."""
    if interval != "auto":
        return interval
    days = (last - first).days + 1
    return next((name for name, width in _WIDTHS.items() if days / width <= AUTO_BUCKETS), "decade")


def about(first: date, last: date, interval: str) -> int:
    """The approximate number of intervals between two days."""
    return int(((last - first).days + 1) / _WIDTHS.get(interval, 3652.5)) + 1


def starts(first: date, last: date, interval: str) -> tuple[date, ...]:
    """The first days of all intervals from the one that contains `first` to the one that contains `last`."""
    found: list[date] = []
    at: date | None = start_of(first, interval)
    while at is not None and at <= last:
        found.append(at)
        at = next_start(at, interval)
    return tuple(found)


def end_of(start: str, interval: str) -> str:
    """The last day of the bucket that starts on a day (both ISO)."""
    following = next_start(date.fromisoformat(start), interval)
    return (following - timedelta(days=1)).isoformat() if following else date.max.isoformat()
