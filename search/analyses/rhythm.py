"""The rhythm in which a title appears, and the days on which it leads to expect an issue that is missing.

A weekday has a rhythm if in a year half of the weeks with any issue have one on it; a day of the month, if no weekday
has, if half of the months do. That is what is said of a year.

Whether an issue is missing on a day is told by the weeks around it: those with any issue, up to `AROUND` before and as
many after. Half of them have to have one on its weekday, before and after, and the day has to be at the usual distance
from those, which is the most frequent one between two of them; so every other Monday is none of a title that appears
every second week. Where there are fewer than half of `AROUND` on a side, as next to the first and the last issue, the
other side tells for both. The same holds for the months around of a title that has no rhythm by weekdays. Nothing is
missing before the first issue, after the last one, and where a title without issues for more than `MAX_PAUSE` days has
paused.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import chain, pairwise
from operator import itemgetter

MAX_PAUSE = 731
"""The greatest number of days between two issues of a title that has not paused."""
AROUND = 6
"""How many weeks or months with issues, before a day and after it, tell whether one is missing on it."""


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
        found[year] = Rhythm(weekdays, () if weekdays else _regular(own, _day_of_month, _month))
    return found


def _regular(days: Sequence[date], of: _Unit, unit: _Unit) -> tuple[int, ...]:
    """The weekdays or days of the month of half of the weeks or months with an issue, of which there are several."""
    units = len({unit(day) for day in days})
    return tuple(sorted(at for at, count in Counter(map(of, days)).items() if count > 1 and 2 * count >= units))


def missing(days: Sequence[date], rhythms: Mapping[int, Rhythm]) -> Iterator[date]:
    """The days between others on which an issue is missing.

    Args:
        days: those with one, ascending.
        rhythms: of their years.
    """
    none = Rhythm()
    begins = [0, *(at for at, (one, other) in enumerate(pairwise(days), 1) if (other - one).days > MAX_PAUSE)]
    for begin, end in pairwise([*begins, len(days)]):
        some = days[begin:end]
        yield from _missing(some, some, date.weekday, _week, _of_week)
        by_month = [day for day in some if day.day in rhythms[day.year].days]
        for day in _missing(some, by_month, _day_of_month, _month, _of_month):
            if not rhythms.get(day.year, none).weekdays:
                yield day


def _missing(
    days: Sequence[date], regular: Iterable[date], of: _Unit, unit: _Unit, place: Callable[[int, int], date | None]
) -> Iterator[date]:
    """The days of a title that has not paused on which one is missing.

    Args:
        regular: those of them that may tell a rhythm.
        of: the weekday of a day, or its number in the month.
        unit: the number of its week or month.
        place: the day of a weekday and a week.
    """
    units = sorted({unit(day) for day in days})
    found: dict[int, list[int]] = {}
    for day in regular:
        found.setdefault(of(day), []).append(unit(day))
    for at, own in found.items():
        there = frozenset(own)
        for number in range(units[0], units[-1] + 1):
            if number not in there and _is_expected(number, own, units, found.values()):
                lacking = place(at, number)
                if lacking is not None and days[0] < lacking < days[-1]:
                    yield lacking


def _is_expected(number: int, own: Sequence[int], units: Sequence[int], every: Iterable[Sequence[int]]) -> bool:
    """True if the units around one lead to expect an issue.

    Args:
        own: the units with an issue on that weekday or day of the month, ascending, without this one.
        units: those with any.
        every: those of each weekday or day of the month.
    """
    at, behind = bisect_left(units, number), bisect_right(units, number)
    sides = [side for side in (units[max(0, at - AROUND) : at], units[behind : behind + AROUND]) if side]
    near = [_within(own, side) for side in sides]
    long = [len(side) >= AROUND // 2 for side in sides]
    for some, side, is_long in zip(near, sides, long, strict=True):
        if 2 * len(some) < len(side) and (is_long or not any(long)):
            return False
    usual, count = _usual(chain.from_iterable(near))
    if count == 1:  # too little of one weekday, as in the first weeks of a daily title
        near_by = (min(number, sides[0][0]), max(number, sides[-1][-1]))
        usual, count = max((_usual(_within(one, near_by)) for one in every), key=itemgetter(1))
    next_to = [some[-1 if side[0] < number else 0] for some, side in zip(near, sides, strict=True) if some]
    return count > 1 and all((number - one) % usual == 0 for one in next_to)


def _within(own: Sequence[int], side: Sequence[int]) -> Sequence[int]:
    return own[bisect_left(own, side[0]) : bisect_right(own, side[-1])]


def _usual(numbers: Iterable[int]) -> tuple[int, int]:
    """The most frequent distance between two of ascending numbers, the least of several, and how often it occurs."""
    distances = Counter(other - one for one, other in pairwise(numbers))
    return min(distances.items(), key=lambda item: (-item[1], item[0]), default=(0, 0))


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _day_of_month(day: date) -> int:
    return day.day


def _of_week(weekday: int, number: int) -> date:
    return date.min + timedelta(days=7 * number + weekday)


def _of_month(at: int, number: int) -> date | None:
    """A day of a month; None if the month is too short."""
    year, month = divmod(number, 12)
    try:
        return date(year, month + 1, at)
    except ValueError:
        return None
