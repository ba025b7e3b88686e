"""Dates as archives print them: a day, a month, a year, a moment; and relative ones in a question.

A date of publication keeps what was printed (`1998-05` stays `1998-05`); what is compared is a calendar day, the
one printed, in its own offset. A year or a month stands for its first day, except at the end of a range.
"""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.ASCII,
)
_RELATIVE = re.compile(r"-(\d{1,4})([dwmy])", re.ASCII)
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
