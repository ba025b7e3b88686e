"""`GET /title/{source}`: the calendar of a title: the days of a year that have an issue, and those that lack one."""

from __future__ import annotations

import calendar as weeks
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from falcon import Request, Response

from search.analyses import issues
from search.analyses.issues import Calendar
from search.values.query import Query
from service.html.mending import number_asked
from service.html.templates import html
from service.params import entity_path
from service.resource import Resource
from service.wording.messages import current


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a month.

    Attributes:
        url: of its issue; "" if it has none.
        articles: how many articles with a scan the issue has.
        missing: True if it has no issue where one was to be expected.
    """

    day: str
    number: int
    url: str
    articles: int
    missing: bool


@dataclass(frozen=True, slots=True)
class Whole:
    """The issue of a whole month or year: its date, its URL, and how many articles it has."""

    date: str
    url: str
    articles: int


@dataclass(frozen=True, slots=True)
class Month:
    """A month, as its weeks from Monday; None for the days of other months.

    Attributes:
        whole: the issue that has it as its date.
    """

    name: str
    weeks: list[list[Day | None]]
    whole: Whole | None


@dataclass(frozen=True, slots=True)
class Year:
    """A year with issues, or several without between two of them, which have no URL."""

    label: str
    url: str
    current: bool = False


class TitlePage(Resource):
    """`GET /title/{source}`: a year of a title, by default its first."""

    def on_get(self, req: Request, resp: Response, value: str) -> None:
        """Show the calendar."""
        year = number_asked(req, "year", date.max.year)
        engine = self._archive.engine
        with engine.batch():
            found = issues.calendar(engine, issues.title(engine, entity_path.read(value)), year)
        own = entity_path.title(found.source, req.root_path)
        places = [number for number in found.years if number != found.year]
        html(
            req,
            resp,
            "title.html",
            takes=("year",),
            site=self._settings.site_name,
            query=Query(),
            found=found,
            weekdays=list(zip(current().weekdays, current().short_weekdays, strict=True)),
            rhythm=[current().weekdays[day] for day in found.rhythm.weekdays] or [*map(str, found.rhythm.days)],
            months=list(_months(found, req.root_path)),
            whole=_whole(found, f"{found.year:04}", req.root_path),
            years=list(_years(found, own)),
            before=max((number for number in places if number < found.year), default=None),
            after=min((number for number in places if number > found.year), default=None),
            own=own,
            about=entity_path.address("source", found.source, req.root_path),
        )


def _months(found: Calendar, root: str) -> Iterator[Month]:
    for month in range(1, 13):
        yield Month(
            current().months[month - 1],
            [
                [_day(found, date(found.year, month, number), root) if number else None for number in week]
                for week in weeks.monthcalendar(found.year, month)
            ],
            _whole(found, f"{found.year:04}-{month:02}", root),
        )


def _whole(found: Calendar, named: str, root: str) -> Whole | None:
    count = found.undated.get(named)
    return Whole(named, entity_path.issue(found.source, named, root), count) if count else None


def _day(found: Calendar, day: date, root: str) -> Day:
    count = found.issues.get(day, 0)
    url = entity_path.issue(found.source, day.isoformat(), root) if count else ""
    return Day(day.isoformat(), day.day, url, count, day in found.missing)


def _years(found: Calendar, own: str) -> Iterator[Year]:
    last = None
    for year in found.years:
        if last is not None and year - last > 1:
            yield Year(f"{last + 1}" if year - last == 2 else f"{last + 1}–{year - 1}", "")
        yield Year(str(year), f"{own}?year={year}", year == found.year)
        last = year
