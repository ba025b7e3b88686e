"""The rhythm in which a title appears, and the days on which it leads to expect an issue that is missing.

A weekday has a rhythm if in a year half of the weeks with any issue have one on it; a day of the month, if no weekday
has, if half of the months do. The usual distance of its issues is the most frequent one between two of them. Where two
are further apart, and by a multiple of it, those between are missing. A title without issues for more than `MAX_PAUSE`
days has paused, and nothing is missing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from itertools import pairwise

MAX_PAUSE = 731
"""The greatest number of days between two issues of a title that has not paused."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which weekdays, Monday as 0, or else days of the month a title appears in a year; both empty if on none."""

    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


_Unit = Callable[[date], int]


def rhythms(days: Iterable[date]) -> dict[int, Rhythm]:
    """The rhythm of each year with issues."""
    by_year: dict[int, list[date]] = {}
    for day in days:
        by_year.setdefault(day.year, []).append(day)
    found = {}
    for year, own in by_year.items():
        weekdays = _regular(own, date.weekday, _week)
        found[year] = Rhythm(weekdays, () if weekdays else _regular(own, lambda day: day.day, _month))
    return found


def _regular(days: Sequence[date], of: Callable[[date], int], unit: _Unit) -> tuple[int, ...]:
    """The weekdays or days of the month of half of the weeks or months with an issue, of which there are several."""
    units = len({unit(day) for day in days})
    return tuple(sorted(at for at, count in Counter(map(of, days)).items() if count > 1 and 2 * count >= units))


def missing(days: Sequence[date], rhythms: Mapping[int, Rhythm]) -> Iterator[date]:
    """The days between others on which an issue is missing."""
    by_weekday: dict[int, list[date]] = {}
    by_day: dict[int, list[date]] = {}
    for day in days:
        if day.weekday() in rhythms[day.year].weekdays:
            by_weekday.setdefault(day.weekday(), []).append(day)
        elif day.day in rhythms[day.year].days:
            by_day.setdefault(day.day, []).append(day)
    none = Rhythm()
    for at, some in by_weekday.items():
        for day in _between(some, _week, _of_week):
            if at in rhythms.get(day.year, none).weekdays or day.year not in rhythms:
                yield day
    for at, some in by_day.items():
        for day in _between(some, _month, partial(_of_month, at)):
            if at in rhythms.get(day.year, none).days or day.year not in rhythms:
                yield day


def _between(days: Sequence[date], unit: _Unit, place: Callable[[date, int], date | None]) -> Iterator[date]:
    """The days between two issues that are further apart than is usual in the year of the first, by a multiple."""
    distances: dict[int, Counter[int]] = {}
    for one, other in pairwise(days):
        distances.setdefault(one.year, Counter())[unit(other) - unit(one)] += 1
    for one, other in pairwise(days):
        far = unit(other) - unit(one)
        usual, count = min(distances[one.year].items(), key=lambda item: (-item[1], item[0]))
        if count > 1 and far > usual and far % usual == 0 and (other - one).days <= MAX_PAUSE:
            yield from filter(None, (place(one, step) for step in range(usual, far, usual)))


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _of_week(day: date, step: int) -> date:
    return day + timedelta(weeks=step)


def _of_month(at: int, day: date, step: int) -> date | None:
    """A day of a later month; None if the month is too short."""
    year, month = divmod(_month(day) + step, 12)
    try:
        return date(year, month + 1, at)
    except ValueError:
        return None
