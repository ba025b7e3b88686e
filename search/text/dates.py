"""Dates as archives print them: a day, a month, a year, an instant; and relative ones in a query.

A date of publication is stored as printed (`1998-05` stays `1998-05`). Filters and counts use the calendar day as
printed, in its own offset; a year or a month represents its first day, except at the end of a range. Sorting uses an
instant (see `instant_of`).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache, reduce

from search.said import said
from search.text import date_words
from search.text.tokens import fold

_ISO = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)"
    r"(?:[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"(?P<zone>Z|[+-]\d\d(?::?\d\d)?)?)?)?)?",
    re.ASCII,
)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", re.ASCII)
_EXACT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\.(\d{6})Z", re.ASCII)
_RELATIVE = re.compile(r"-(\d{1,4})([dwmy])", re.ASCII)
_DAY_US = 86_400_000_000
_LONGEST = 40
"""Maximum length of a written date, in characters."""
FORMS = "a day 1998-05-17, a month 1998-05, a year 1998"
ALL_FORMS = said(
    "a day 1998-05-17, a month 1998-05, a year 1998, words such as “17 May 1998” or “yesterday”, or -7d, -3m, -1y"
)


class AmbiguousDate(ValueError):
    """A written date is ambiguous; `readings` are the possible dates, ISO 8601."""

    def __init__(self, value: str, readings: Sequence[str]) -> None:
        self.readings = tuple(readings)
        super().__init__(said("“{value}” can be {readings}.", value=value, readings=self.choices))

    @property
    def choices(self) -> str:
        """The possible dates, in words."""
        return reduce(lambda one, other: said("{one} or {other}", one=one, other=other), self.readings)


def sentence(error: ValueError) -> str:
    """Why a date cannot be read, as it was raised here."""
    return error.args[0] if error.args else str(error)


def hint(error: ValueError) -> str:
    """What to give instead of a date that cannot be read, as it was raised here."""
    if isinstance(error, AmbiguousDate):
        return said("Give one of them: {choices}.", choices=", ".join(error.readings))
    return said("Give {forms}.", forms=ALL_FORMS)


@dataclass(frozen=True, slots=True)
class Days:
    """The calendar days that a date covers, both ends included."""

    first: date
    last: date


@lru_cache(maxsize=1 << 15)  # the days of ninety years
def parse(value: str) -> Days:
    """The days that an ISO 8601 date, date-time, month or year covers.

    Raises:
        ValueError: with a sentence, if it is not such a date.
    """
    match = _ISO.fullmatch(value.strip())
    if match is None:
        raise ValueError(said("“{value}” is not a date.", value=value))
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
        raise ValueError(said("“{value}” is not in the calendar.", value=value)) from None


def parse_bound(value: str, today: date) -> Days:
    """Like `parse`, and also dates as people write them (see `written`), and relative to today: `-7d`, `-2w`, `-3m`,
    `-1y` (the day that long ago), `yesterday`, `last-week`.

    Raises:
        AmbiguousDate: if it is ambiguous.
        ValueError: with a sentence, if it is not a date, or before year 1.
    """
    value = written(value, today)
    try:
        if named := NAMED.get(value):
            return named(today)
        if (match := _RELATIVE.fullmatch(value)) is None:
            return parse(value)
        number, unit = int(match[1]), match[2]
        day = today - timedelta(days=number * (7 if unit == "w" else 1)) if unit in "dw" else today
        if unit in "my":
            day = _months_before(today, number * (12 if unit == "y" else 1))
    except OverflowError:  # before year 1
        raise ValueError(said("“{value}” is before the calendar begins.", value=value)) from None
    return Days(day, day)


def written(value: str, today: date) -> str:
    """A date as people write it, in a form without spaces: `17 May 1998`, `17. Mai 1998`, `17/05/1998`, `Last week`,
    `gestern`.

    Returns:
        An absolute date in ISO 8601; a relative one as `parse_bound` takes it; any other text unchanged.

    Raises:
        AmbiguousDate: if it is ambiguous.
        ValueError: with a sentence, if it is not in the calendar.
    """
    value = value.strip()
    if len(value) > _LONGEST or _ISO.fullmatch(value):
        return value.replace(" ", "T")
    plain = "-".join(value.lower().replace(",", " ").split())
    if period := _PERIODS.get(_ARTICLE.sub("", fold(plain).replace("’", "'"))):
        return period
    match = next((match for form in _WRITTEN if (match := form.fullmatch(plain))), None)
    if match is None or ("name" in match.re.groupindex and not _month(match["name"])):
        return value
    readings = tuple(dict.fromkeys(_readings(match.groupdict(), today)))
    if not readings:
        raise ValueError(said("“{value}” is not in the calendar.", value=value))
    if len(readings) > 1:
        raise AmbiguousDate(value, readings)
    return readings[0]


def _readings(parts: Mapping[str, str | None], today: date) -> Iterator[str]:
    """The possible dates of a match, ISO 8601."""
    one, two, year, day = (int(parts.get(name) or 0) for name in ("one", "two", "year", "day"))
    month = _month(parts.get("name") or "") or int(parts.get("month") or 0)
    years = [year]
    if len(parts["year"] or "") == len("98"):
        years = [full for century in (1700, 1800, 1900, 2000) if (full := century + year) <= today.year][-2:]
    days = [(month, day)]
    if one:
        days = [(two, one)] if parts["sep"] == "." else [(two, one), (one, two)]
    for month, day in days:
        for full in years:
            reading = f"{full:04}-{month:02}" + (f"-{day:02}" if day else "")
            try:
                parse(reading)
            except ValueError:
                continue
            yield reading


def _month(name: str) -> int:
    """The number of a month by its name in any language; 0 if it is not one, or several."""
    return date_words.words().months.get(date_words.key(name), 0)


def _months_before(day: date, months: int) -> date:
    """The same day some months before, or the last of a month that is too short. Raises OverflowError."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    if year < 1:
        raise OverflowError
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _week(day: date) -> Days:
    monday = day - timedelta(days=day.weekday())
    return Days(monday, monday + timedelta(days=6))


NAMED: Mapping[str, Callable[[date], Days]] = {
    "today": lambda today: Days(today, today),
    "yesterday": lambda today: parse((today - timedelta(days=1)).isoformat()),
    "this-week": _week,
    "last-week": lambda today: _week(today - timedelta(days=7)),
    "this-month": lambda today: parse(today.isoformat()[:7]),
    "last-month": lambda today: parse(_months_before(today, 1).isoformat()[:7]),
    "this-year": lambda today: parse(today.isoformat()[:4]),
    "last-year": lambda today: parse(_months_before(today, 12).isoformat()[:4]),
}
"""Named periods, relative to today. Weeks begin on Monday."""
SAID = {
    "en": {"day-before-yesterday": "-2d"},
    "de": {
        "heute": "today", "gestern": "yesterday", "vorgestern": "-2d",
        "diese-woche": "this-week", "dieser-woche": "this-week",
        "letzte-woche": "last-week", "letzter-woche": "last-week", "vorige-woche": "last-week",
        "voriger-woche": "last-week", "vergangene-woche": "last-week", "vergangener-woche": "last-week",
        "dieser-monat": "this-month", "diesen-monat": "this-month", "diesem-monat": "this-month",
        "letzter-monat": "last-month", "letzten-monat": "last-month", "voriger-monat": "last-month",
        "vorigen-monat": "last-month", "vergangener-monat": "last-month", "vergangenen-monat": "last-month",
        "dieses-jahr": "this-year", "diesem-jahr": "this-year", "heuer": "this-year",
        "letztes-jahr": "last-year", "letzten-jahr": "last-year", "voriges-jahr": "last-year",
        "vorigen-jahr": "last-year", "vergangenes-jahr": "last-year", "vergangenen-jahr": "last-year",
    },
    "es": {
        "hoy": "today", "ayer": "yesterday", "anteayer": "-2d", "antier": "-2d",
        "esta-semana": "this-week", "semana-pasada": "last-week", "última-semana": "last-week",
        "este-mes": "this-month", "mes-pasado": "last-month", "último-mes": "last-month",
        "este-año": "this-year", "año-pasado": "last-year", "último-año": "last-year",
    },
    "fr": {
        "aujourd'hui": "today", "hier": "yesterday", "avant-hier": "-2d",
        "cette-semaine": "this-week", "semaine-dernière": "last-week", "semaine-passée": "last-week",
        "ce-mois": "this-month", "ce-mois-ci": "this-month", "mois-dernier": "last-month", "mois-passé": "last-month",
        "cette-année": "this-year", "année-dernière": "last-year", "année-passée": "last-year",
        "an-dernier": "last-year", "an-passé": "last-year",
    },
    "it": {
        "oggi": "today", "ieri": "yesterday", "altro-ieri": "-2d", "altroieri": "-2d",
        "questa-settimana": "this-week", "settimana-scorsa": "last-week", "scorsa-settimana": "last-week",
        "questo-mese": "this-month", "mese-scorso": "last-month", "scorso-mese": "last-month",
        "quest'anno": "this-year", "anno-scorso": "last-year", "scorso-anno": "last-year",
    },
    "nl": {
        "vandaag": "today", "gisteren": "yesterday", "eergisteren": "-2d",
        "deze-week": "this-week", "vorige-week": "last-week", "afgelopen-week": "last-week",
        "deze-maand": "this-month", "vorige-maand": "last-month", "afgelopen-maand": "last-month",
        "dit-jaar": "this-year", "vorig-jaar": "last-year", "afgelopen-jaar": "last-year",
    },
    "pt": {
        "hoje": "today", "ontem": "yesterday", "anteontem": "-2d",
        "esta-semana": "this-week", "semana-passada": "last-week",
        "este-mês": "this-month", "mês-passado": "last-month",
        "este-ano": "this-year", "ano-passado": "last-year",
    },
}  # fmt: skip
"""Language → what else people say in it, without an article, and the relative date that it means."""
_PERIODS = {name: name for name in NAMED} | {
    fold(said): means for table in SAID.values() for said, means in table.items()
}
_ARTICLE = re.compile(r"^(?:l'|(?:the|der|die|das|den|dem|el|la|le|il|lo|a|o|de|het)-)(?=.)")
_NAME = r"(?P<name>[^\W\d_][^\s\d/-]{1,30})"
_DAY, _YEAR = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?", r"(?P<year>\d{4}|\d\d)"
_WRITTEN = tuple(
    re.compile(form)
    for form in (
        rf"{_NAME}-{_YEAR}",  # May 1998
        rf"{_DAY}-(?:of-|de-)?{_NAME}-(?:de-)?{_YEAR}",  # 17 May 1998, 17 de mayo de 1998
        rf"{_NAME}-{_DAY}-{_YEAR}",  # May 17, 1998
        rf"(?P<one>\d{{1,2}})(?P<sep>[/.-])(?P<two>\d{{1,2}})(?P=sep){_YEAR}",  # 17/05/1998
        r"(?P<month>\d{1,2})[/.-](?P<year>\d{4})",  # 05/1998
        r"(?P<year>\d{4})(?P<sep>[/.-])(?P<month>\d{1,2})(?:(?P=sep)(?P<day>\d{1,2}))?",  # 1998/5/17
    )
)
"""How dates are written. With dots, as in 17.05.1998, the day comes before the month."""


def settled(value: str, today: date) -> str:
    """A date in any form that `parse_bound` reads, as ISO 8601: a day, month or year; of a date-time, itself.

    Raises:
        AmbiguousDate: if it is ambiguous.
        ValueError: with a sentence, if it is not a date, or a week.
    """
    absolute = written(value, today)
    if _ISO.fullmatch(absolute):
        parse(absolute)
        return absolute
    days = parse_bound(absolute, today)
    first = days.first.isoformat()
    for form in (first, first[:7], first[:4]):
        if parse(form) == days:
            return form
    raise ValueError(said("“{value}” is several days.", value=value))


def day_of(published: str | None) -> date | None:
    """The calendar day of an article's `published`; None if unknown."""
    return None if published is None else parse(published).first


def now(ago: timedelta = timedelta()) -> str:
    """The current time in UTC, or one so long ago: ISO 8601, to the second."""
    return (datetime.now(UTC) - ago).strftime("%Y-%m-%dT%H:%M:%SZ")


def exactly() -> str:
    """The current time in UTC, to the microsecond, for what has to be in order: `apart` gives its parts."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def apart(at: str) -> tuple[str, int]:
    """A time as `now` writes it, and the microseconds after that, of one as `exactly` writes it; 0 for any other."""
    found = _EXACT.fullmatch(at)
    return (f"{found[1]}Z", int(found[2])) if found else (at, 0)


def is_moment(value: object) -> bool:
    """True for a string in the format of `now`."""
    if not (isinstance(value, str) and _MOMENT.fullmatch(value)):
        return False
    try:
        parse(value)
    except ValueError:
        return False
    return True


def instants(first: date | None, last: date | None) -> tuple[int, int]:
    """The range of `instant_of` for a range of days in UTC: its start, and its end (exclusive)."""
    after = (last or date.max).toordinal() + 1
    return 2 * _DAY_US * (first or date.min).toordinal(), 2 * _DAY_US * after


SECOND = 2_000_000
"""A second, in the units of `instant_of`."""


def instant_of(published: str | None) -> int:
    """The sort key of an article's `published`, the earliest first; 0 if unknown.

    A time sorts by its instant in UTC; a time without an offset is taken as UTC. A day, a month or a year alone sorts
    before the first instant of its first day, and after the last one of the day before. The key is twice the
    microseconds since the day before 1 January of year 1, plus one for an instant.
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
    """True if all days of a date lie in a range, open at an end that is None; False if it is not a date."""
    try:
        days = parse(named)
    except ValueError:
        return False
    return (first is None or first <= days.first) and (last is None or days.last <= last)
