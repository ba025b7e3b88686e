"""Dates as archives print them: a day, a month, a year, a moment; and relative ones in a question.

A date of publication keeps what was printed (`1998-05` stays `1998-05`). What is filtered and counted is a calendar
day, the one printed, in its own offset; a year or a month stands for its first day, except at the end of a range. What
is sorted is an instant (see `instant_of`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.ASCII,
)
_RELATIVE = re.compile(r"-(\d{1,4})([dwmy])", re.ASCII)
_DAY_US = 86_400_000_000
FORMS = "a day 1998-05-17, a month 1998-05, a year 1998"


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar days a date stands for, both ends included."""

    first: date
    last: date


@lru_cache(maxsize=1 << 15)  # the days of ninety years
def parse(value: str) -> Days:
    """The days that an ISO 8601 date, date-time, month or year stands for.

    Raises:
        ValueError: with a sentence, where it is no such date.
    """
    match = _ISO.fullmatch(value.strip())
    if match is None:
        raise ValueError(f"“{value}” is not a date.")
    year, month, day = int(match["year"]), int(match["month"] or 0), int(match["day"] or 0)
    try:
        if match["hour"]:
            datetime(year, month, day, int(match["hour"]) % 24, int(match["minute"]), int(match["second"] or 0) % 60)
            zone = re.sub(r"\D", "", match["zone"] or "")
            if int(match["hour"]) > 24 or int(match["second"] or 0) > 60 or int(zone[:2] or 0) > 14 or zone[2:] > "59":
                raise ValueError
        if match["day"] is not None:
            return Days(date(year, month, day), date(year, month, day))
        if match["month"] is not None:
            return Days(date(year, month, 1), date(year, month, monthrange(year, month)[1]))
        return Days(date(year, 1, 1), date(year, 12, 31))
    except ValueError:  # calendar's own: no such month, day or hour
        raise ValueError(f"“{value}” is not in the calendar.") from None


def parse_bound(value: str, today: date) -> Days:
    """As `parse`, and relative to today: `-7d`, `-2w`, `-3m`, `-1y` is the day so long ago.

    Raises:
        ValueError: with a sentence, where it is neither, or before year 1.
    """
    match = _RELATIVE.fullmatch(value.strip())
    if match is None:
        return parse(value)
    number, unit = int(match[1]), match[2]
    try:
        if unit in "dw":
            day = today - timedelta(days=number * (7 if unit == "w" else 1))
        else:
            months = today.year * 12 + today.month - 1 - number * (12 if unit == "y" else 1)
            year, month = divmod(months, 12)
            day = date(year, month + 1, min(today.day, monthrange(year, month + 1)[1]))
    except (ValueError, OverflowError):  # before year 1
        raise ValueError(f"“{value}” is before the calendar begins.") from None
    return Days(day, day)


def day_of(published: str | None) -> date | None:
    """The calendar day an article's `published` counts as; None when it is unknown."""
    return None if published is None else parse(published).first


def instant_of(published: str | None) -> int:
    """What an article's `published` sorts by, the earliest first; 0 when it is unknown.

    A time counts as its instant in UTC, and one that names no offset as if it were in UTC. A day, a month or a year
    alone comes before the first instant of its first day, and after the last one of the day before. The number is twice
    the microseconds since the day before 1 January of year 1, and one more for an instant.
    """
    if published is None:
        return 0
    midnight = parse(published).first.toordinal() * _DAY_US
    match = _ISO.fullmatch(published.strip())
    if match is None or match["hour"] is None:
        return 2 * midnight
    seconds = (int(match["hour"]) * 60 + int(match["minute"])) * 60 + int(match["second"] or 0)
    if zone := match["zone"].strip("Z") if match["zone"] else "":
        digits = zone[1:].replace(":", "").ljust(4, "0")
        seconds -= int(zone[0] + "1") * (int(digits[:2]) * 60 + int(digits[2:])) * 60
    return 2 * (midnight + seconds * 1_000_000 + int((match["fraction"] or "")[:6].ljust(6, "0"))) + 1
