"""Dates as printed in pages and newspapers, converted to ISO 8601.

`iso` converts a field of a page, `find` takes the first date of a short line, `all_in` all of them with their offsets.
Only unambiguous dates are accepted: for 4/5/2023 the caller must state if the day comes first (see `order`). Not for
prose, where a date need not be the day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from indexer.dates import clock, month_names
from search.text import date_words, dates
from search.text.date_words import DateWords
from search.text.possible_dates import plausible

MAX_VALUE = 120
"""The greatest length of a value that may be a date; a longer one is prose."""
_YEAR = r"(?P<year>1[4-9]\d\d|2\d\d\d)"
_NOT_IN_NUMBER = r"(?<![\d/.:-])"
_YEAR_FIRST = re.compile(
    _NOT_IN_NUMBER + _YEAR + r"(?P<sep>[-/.])(?P<month>\d{1,2})(?P=sep)(?P<day>\d{1,2})(?!\d|[-/.]\d)"
)
_YEAR_LAST = re.compile(
    _NOT_IN_NUMBER + r"(?P<one>\d{1,2})(?P<sep>[-/.]) ?(?P<two>\d{1,2})(?P=sep) ?" + _YEAR + r"(?!\d|[-/.]\d)\.?"
)
_CJK = re.compile(_YEAR + r" ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]")
_SPACED = re.compile(r"(?<!\d)" + _YEAR + r"\. ?(?P<month>\d{1,2})\. (?P<day>\d{1,2})\.?(?!\d)")
_AS_PROGRAMS = re.compile(
    r"[A-Z][a-z]{2} (?P<name>[A-Z][a-z]{2}) (?P<day>\d{1,2}) (?P<clock>\d\d:\d\d:\d\d) (?P<zone>[A-Z]{2,5} |"
    r"[+-]\d\d:?\d\d )?" + _YEAR + r"(?!\d)"
)
_SHORT_YEAR = re.compile(
    r"(?<![\w/.:-])(?P<one>\d{1,2})(?P<sep>[/.])(?P<two>\d{1,2})(?P=sep)(?P<short>\d\d)(?![\w/:-]|\.\d)"
)
_FORMS = (_YEAR_FIRST, _CJK, _YEAR_LAST, _SPACED, _AS_PROGRAMS, _SHORT_YEAR)
_COMPACT = re.compile(
    _YEAR + r"(?P<month>\d\d)(?P<day>\d\d)"
    r"(?:[T ]?(?P<hour>\d\d):?(?P<minute>\d\d):?(?P<second>\d\d)?(?P<zone>Z|[+-]\d\d:?\d\d)?)?",
    re.ASCII,
)  # fmt: skip
_SECONDS = re.compile(r"(\d{9,10})(?:\.\d+|\d{3})?", re.ASCII)
_SPACES = re.compile(r"\s")
_DIGIT = re.compile(r"\d")
_MARKS = dict.fromkeys((0x200E, 0x200F, 0x061C))


@dataclass(frozen=True, slots=True)
class Printed:
    """A date in a line.

    Attributes:
        year: None if it is not given.
        time: `T21:38`, or "" if there is none.
        offset: of its zone, `+01:00`, or "".
        zone: the abbreviation of its zone, or "".
        start, end: its offsets, with the time.
    """

    year: int | None
    month: int
    day: int
    time: str
    offset: str
    zone: str
    start: int
    end: int

    @property
    def iso(self) -> str:
        """The day in ISO 8601, with its time to the second if it has one."""
        day = f"{self.year or 0:04}-{self.month:02}-{self.day:02}"
        if not self.time:
            return day
        seconds = "" if len(self.time) > len("T21:38") else ":00"
        moment = f"{day}{self.time}{seconds}{self.offset}"
        return moment if plausible(moment) else day


def iso(value: str, day_first: bool | None = None, language: str | None = None) -> str | None:
    """The date in a field of a page as ISO 8601, with the time and zone it prints; None if it is not a date.

    Args:
        day_first: True if 4/5/2023 is in May; None if unknown.
        language: in which the names of months are; None if unknown.
    """
    value = " ".join(unmarked(value).split())
    if not value or len(value) > MAX_VALUE:
        return None
    try:
        dates.parse(value)
    except ValueError:
        pass
    else:
        return value.replace(" ", "T") if len(value) > 4 else None
    if match := _SECONDS.fullmatch(value):
        return datetime.fromtimestamp(int(match[1]), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if (match := _COMPACT.fullmatch(value)) and plausible(day := "-".join(match.group("year", "month", "day"))):
        if match["hour"] is None:
            return day
        moment = f"{day}T{match['hour']}:{match['minute']}:{match['second'] or '00'}{match['zone'] or ''}"
        return moment if plausible(moment) else day
    return find(value, day_first, language)


def find(line: str, day_first: bool | None = None, language: str | None = None) -> str | None:
    """The first full date of a line, ISO 8601; None if there is none."""
    line = " ".join(unmarked(line[: 4 * MAX_VALUE]).split())
    found = next(all_in(line, day_first, language), None)
    return found.iso if found else None


def all_in(
    line: str, day_first: bool | None = None, language: str | None = None, open_year: bool = False
) -> Iterator[Printed]:
    """The dates of a line, in order and without those that overlap an earlier one.

    Args:
        open_year: True to give dates in words without a year too.
    """
    if not _DIGIT.search(line):
        return
    line = _SPACES.sub(" ", line)
    known = date_words.words(language)
    found: list[month_names.Day | Printed] = [
        *month_names.days(line, known, open_year),
        *_numeric(line, day_first, known),
    ]
    end = 0
    for day in sorted(found, key=lambda each: (each.start, each.start - each.end)):
        if day.start < end:
            continue
        if isinstance(day, month_names.Day):
            if day.year is not None and not plausible(f"{day.year:04}-{day.month:02}-{day.day:02}"):
                continue
            printed = _timed(line, day, known)
        else:
            printed = day
        end = printed.end
        yield printed


def unmarked(line: str) -> str:
    """A line without the marks that order Arabic and Hebrew numbers."""
    return line if line.isascii() else line.translate(_MARKS)


def _numeric(line: str, day_first: bool | None, known: DateWords) -> Iterator[Printed]:
    """The dates in numbers, and those written by programs."""
    for form in _FORMS:
        for match in form.finditer(line):
            day = _day(match, day_first)
            if day is None:
                continue
            if form is _AS_PROGRAMS:
                zone = (match["zone"] or "").strip()
                offset = zone if zone[:1] in ("+", "-") else clock.ZONES.get(zone, "")
                yield Printed(
                    day.year, day.month, day.day, f"T{match['clock']}", offset, "", match.start(), match.end()
                )
            else:
                yield _timed(line, day, known)


def _timed(line: str, day: month_names.Day, known: DateWords) -> Printed:
    """A day with the time printed next to it."""
    time = clock.after(line, day.end, known)
    if time is None and (earlier := clock.before(line, day.start, known)) is not None:
        return Printed(day.year, day.month, day.day, earlier.text, earlier.offset, earlier.zone, earlier.start, day.end)
    if time is None:
        return Printed(day.year, day.month, day.day, "", "", "", day.start, day.end)
    return Printed(day.year, day.month, day.day, time.text, time.offset, time.zone, day.start, time.end)


def _day(match: re.Match[str], day_first: bool | None) -> month_names.Day | None:
    """The day of a match; None if nothing can have been published on it."""
    parts = match.groupdict()
    if parts.get("one"):
        day, month = ordered(int(parts["one"]), int(parts["two"]), True if parts["sep"] == "." else day_first)
    elif parts.get("name"):
        day, month = int(parts["day"]), date_words.words("en").own.get(date_words.key(parts["name"]), 0)
    else:
        day, month = int(parts["day"]), int(parts["month"])
    short = parts.get("short")
    for year in (2000 + int(short), 1900 + int(short)) if short else (int(parts["year"]),):
        if plausible(f"{year:04}-{month:02}-{day:02}"):
            return month_names.Day(year, month, day, match.start(), match.end())
    return None


def ordered(one: int, two: int, day_first: bool | None) -> tuple[int, int]:
    """Day and month from two numbers; (0, 0) if both orders are possible."""
    if one > 12 or one == two:
        return one, two
    if two > 12:
        return two, one
    if day_first is None:
        return 0, 0
    return (one, two) if day_first else (two, one)
