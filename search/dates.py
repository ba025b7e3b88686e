"""Dates as archives print them: a day, a month, a year, a moment; and relative ones in a question.

A date of publication keeps what was printed (`1998-05` stays `1998-05`). What is filtered and counted is a calendar
day, the one printed, in its own offset; a year or a month stands for its first day, except at the end of a range. What
is sorted is an instant (see `instant_of`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.ASCII,
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_RELATIVE = re.compile(r"-(\d{1,4})([dwmy])", re.ASCII)
_DAY_US = 86_400_000_000
_LONGEST = 40
"""Characters of a date that is read."""
FORMS = "a day 1998-05-17, a month 1998-05, a year 1998"
ALL_FORMS = f"{FORMS}, words such as “17 May 1998” or “yesterday”, or -7d, -3m, -1y"


class Unclear(ValueError):
    """What is written can be several dates: `readings`, ISO 8601."""

    def __init__(self, value: str, readings: Sequence[str]) -> None:
        self.readings = tuple(readings)
        super().__init__(f"“{value}” can be {' or '.join(self.readings)}.")


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
    """As `parse`, and as people write dates (see `written`); and relative to today: `-7d`, `-2w`, `-3m`, `-1y` is the
    day so long ago, `yesterday` and `last-week` what they say.

    Raises:
        Unclear: where it can be read in several ways.
        ValueError: with a sentence, where it is no date, or before year 1.
    """
    value = written(value, today)
    try:
        if named := _NAMED.get(value):
            return named(today)
        if (match := _RELATIVE.fullmatch(value)) is None:
            return parse(value)
        number, unit = int(match[1]), match[2]
        day = today - timedelta(days=number * (7 if unit == "w" else 1)) if unit in "dw" else today
        if unit in "my":
            day = _months_before(today, number * (12 if unit == "y" else 1))
    except OverflowError:  # before year 1
        raise ValueError(f"“{value}” is before the calendar begins.") from None
    return Days(day, day)


def written(value: str, today: date) -> str:
    """A date as people write it (`17 May 1998`, `17/05/1998`, `March 1987`, `Last week`), in a form without spaces.

    What is a date by itself is one in ISO 8601; what is relative to today stays so; what is none is left as it is.

    Raises:
        Unclear: where it can be read in several ways.
        ValueError: with a sentence, where it is not in the calendar.
    """
    value = value.strip()
    if len(value) > _LONGEST or _ISO.fullmatch(value):
        return value.replace(" ", "T")
    plain = "-".join(value.lower().replace(",", " ").split())
    if plain in _NAMED:
        return plain
    match = next((match for form in _WRITTEN if (match := form.fullmatch(plain))), None)
    if match is None:
        return value
    readings = tuple(dict.fromkeys(_readings(match.groupdict(), today)))
    if not readings:
        raise ValueError(f"“{value}” is not in the calendar.")
    if len(readings) > 1:
        raise Unclear(value, readings)
    return readings[0]


def _readings(said: Mapping[str, str | None], today: date) -> Iterator[str]:
    """The dates that what is written may be, ISO 8601."""
    one, two, year, day = (int(said.get(name) or 0) for name in ("one", "two", "year", "day"))
    month = _MONTHS.get(said.get("name") or "", 0) or int(said.get("month") or 0)
    years = [year]
    if len(said["year"] or "") == len("98"):
        years = [full for century in (1700, 1800, 1900, 2000) if (full := century + year) <= today.year][-2:]
    days = [(month, day)]
    if one:
        days = [(two, one)] if said["sep"] == "." else [(two, one), (one, two)]
    for month, day in days:
        for full in years:
            reading = f"{full:04}-{month:02}" + (f"-{day:02}" if day else "")
            try:
                parse(reading)
            except ValueError:
                continue
            yield reading


def _months_before(day: date, months: int) -> date:
    """The day so many months before; the last one of a month that is too short. Raises OverflowError."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _week(day: date) -> Days:
    monday = day - timedelta(days=day.weekday())
    return Days(monday, monday + timedelta(days=6))


_NAMED: Mapping[str, Callable[[date], Days]] = {
    "today": lambda today: Days(today, today),
    "yesterday": lambda today: parse((today - timedelta(days=1)).isoformat()),
    "this-week": _week,
    "last-week": lambda today: _week(today - timedelta(days=7)),
    "this-month": lambda today: parse(today.isoformat()[:7]),
    "last-month": lambda today: parse(_months_before(today, 1).isoformat()[:7]),
    "this-year": lambda today: parse(today.isoformat()[:4]),
    "last-year": lambda today: parse(_months_before(today, 12).isoformat()[:4]),
}
"""Days by their names, from today's. Weeks begin on Monday."""
_MONTHS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sept sep", "october oct", "november nov", "december dec"), 1)
    for name in names.split()
}  # fmt: skip
_NAME, _DAY, _YEAR = rf"(?P<name>{'|'.join(_MONTHS)})\.?", r"(?P<day>\d{1,2})(?:st|nd|rd|th)?", r"(?P<year>\d{4}|\d\d)"
_WRITTEN = tuple(
    re.compile(form, re.ASCII)
    for form in (
        rf"{_NAME}-{_YEAR}",  # May 1998
        rf"{_DAY}-(?:of-)?{_NAME}-{_YEAR}",  # 17 May 1998
        rf"{_NAME}-{_DAY}-{_YEAR}",  # May 17, 1998
        rf"(?P<one>\d{{1,2}})(?P<sep>[/.-])(?P<two>\d{{1,2}})(?P=sep){_YEAR}",  # 17/05/1998
        r"(?P<month>\d{1,2})[/.-](?P<year>\d{4})",  # 05/1998
        r"(?P<year>\d{4})(?P<sep>[/.-])(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?",  # 1998/5/17
    )
)
"""How dates are written; a day and a month in figures come in the order of a dot's countries where there are dots."""


def day_of(published: str | None) -> date | None:
    """The calendar day an article's `published` counts as; None when it is unknown."""
    return None if published is None else parse(published).first


def now() -> str:
    """The time it is in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_moment(value: object) -> bool:
    """Whether it is what `now` may have given."""
    if not (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return False
    try:
        parse(value)
    except ValueError:
        return False
    return True


def instants(first: date | None, last: date | None) -> tuple[int, int]:
    """What `instant_of` gives of the moments of some days in UTC: from the first number, and less than the second."""
    after = (last or date.max).toordinal() + 1
    return 2 * _DAY_US * (first or date.min).toordinal(), 2 * _DAY_US * after


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


def lies_in(named: str, first: date | None, last: date | None) -> bool:
    """Whether all days that a date stands for lie in a range, open where an end is None; not where it is no date."""
    try:
        days = parse(named)
    except ValueError:
        return False
    return (first is None or first <= days.first) and (last is None or days.last <= last)
