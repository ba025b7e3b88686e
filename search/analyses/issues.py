"""Issues: what a title printed on one day, page by page, and the days of a year on which it did.

A title is a source, and an issue the articles of one day with a scan; pages are known by the articles on them, so one
without an article is omitted. Each figure is of what the engine has, and so exact for its reader.

A missing issue is one that the rhythm of its title leads to expect. A weekday has a rhythm if in a year half of the
weeks with any issue have one on it; a day of the month, if no weekday has, if half of the months do. The usual distance
of its issues is the most frequent one between two of them. Where two are further apart, and by a multiple of it, those
between are missing. A title without issues for more than `MAX_PAUSE` days has paused, and nothing is missing.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from itertools import islice, pairwise

from search.analyses.entity import shown_as
from search.engine import Engine
from search.errors import BadQuery, ValueMissing
from search.said import said
from search.text import dates
from search.values import printed
from search.values.article import Article
from search.values.query import Filter, Query
from search.values.scan import ScanPage

MAX_ARTICLES = 2_000
"""The greatest number of articles of an issue that are read."""
MAX_PAUSE = 731
"""The greatest number of days between two issues of a title that has not paused."""


@dataclass(frozen=True, slots=True)
class Piece:
    """An article on a page.

    Attributes:
        number: that of the page among those of the article, from 1.
        scan: the page, with the places of this article's words.
    """

    article: Article
    number: int
    scan: ScanPage


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """A page of an issue.

    Attributes:
        label: the number printed on it; "" if unknown.
        pieces: the articles on it, from above.
    """

    label: str
    pieces: tuple[Piece, ...]

    @property
    def scan(self) -> ScanPage:
        """Its size and picture, as its first article has them."""
        return self.pieces[0].scan


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue.

    Attributes:
        pages: in the order of their numbers.
        others: its articles with a picture that is not a page.
        whole: False if it has more than `MAX_ARTICLES`, of which the others are not here.
        before, after: the days of the issues next to it.
    """

    source: str
    day: date
    pages: tuple[PrintedPage, ...]
    others: tuple[Article, ...] = ()
    whole: bool = True
    before: date | None = None
    after: date | None = None


@dataclass(frozen=True, slots=True)
class Rhythm:
    """On which weekdays, Monday as 0, or else days of the month a title appears in a year; both empty if on none."""

    weekdays: tuple[int, ...] = ()
    days: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year of a title.

    Attributes:
        years: those with issues, ascending.
        issues: the days of the year with an issue, and how many articles each has.
        missing: the days of the year on which one was to be expected.
    """

    source: str
    year: int
    years: tuple[int, ...]
    issues: Mapping[date, int]
    missing: frozenset[date]
    rhythm: Rhythm


def title(engine: Engine, value: str) -> str:
    """The title of a name in any spelling. Raises ValueMissing if no article has it."""
    try:
        found = shown_as(engine, "source", value)
    except BadQuery:
        found = None
    if found is None:
        raise ValueMissing(said("No article has the source “{source}”.", source=value[:200]))
    return found.value


def calendar(engine: Engine, source: str, year: int | None = None) -> Calendar:
    """A year of a title, by default its first one.

    Args:
        source: as `title` returns it.

    Raises:
        ValueMissing: if it has no issues.

    Cost: two counts over time, of the years of the title and of the days of five years.
    """
    query = replace(_printed(source), interval="year", facets=("date",), size=0)
    years = tuple(int(one.start[:4]) for one in engine.search(query).histogram().buckets if one.count)
    if not years:
        raise ValueMissing(said("No article of {source} has a day and a scan.", source=source[:200]))
    year = years[0] if year is None else year
    first, last = (date(min(max(year + step, date.min.year), date.max.year), 1, 1) for step in (-2, 2))
    around = replace(query, interval="day", date_from=first.isoformat(), date_to=f"{last.year:04}-12-31")
    counts = {
        date.fromisoformat(one.start): one.count for one in engine.search(around).histogram().buckets if one.count
    }
    rhythms = _rhythms(counts)
    missing = frozenset(day for day in _missing(sorted(counts), rhythms) if day.year == year)
    own = {day: count for day, count in counts.items() if day.year == year}
    return Calendar(source, year, years, own, missing, rhythms.get(year, Rhythm()))


def named(engine: Engine, value: str, day: str) -> Issue:
    """An issue by the name of its title, in any spelling, and its day, as ISO writes it.

    Raises:
        ValueMissing: if there is none.
    """
    try:
        at = date.fromisoformat(day) if len(day) == len("1899-02-03") else None
    except ValueError:
        at = None
    if at is None:
        raise ValueMissing(said("“{day}” is not a day as 1899-02-03 is.", day=day[:80]))
    with engine.batch():
        found = issue(engine, title(engine, value), at)
    if not (found.pages or found.others):
        raise ValueMissing(said("No issue of {source} of {day} is here.", source=found.source[:200], day=day))
    return found


def issue(engine: Engine, source: str, day: date) -> Issue:
    """An issue of a title, with no pages if there is none.

    Args:
        source: as `title` returns it.

    Cost: reading its articles, of which each is in memory as a whole.
    """
    own = replace(_printed(source), date_from=day.isoformat(), date_to=day.isoformat())
    articles = list(islice(engine.export(own, sort="oldest"), MAX_ARTICLES + 1))
    whole = len(articles) <= MAX_ARTICLES
    pages, others = _pages(articles[:MAX_ARTICLES])
    return Issue(source, day, pages, others, whole, _next(engine, source, day, -1), _next(engine, source, day, 1))


def _printed(source: str) -> Query:
    return Query(filters={"source": Filter(any=(source,))}, scan=True, facets=(), snippets=False)


def _next(engine: Engine, source: str, day: date, step: int) -> date | None:
    """The day of the next issue, or of the one before."""
    try:
        bound = (day + timedelta(days=step)).isoformat()
    except OverflowError:
        return None
    query = replace(_printed(source), size=1, fields=("id", "published"))
    later = step > 0
    query = replace(query, date_from=bound, sort="oldest") if later else replace(query, date_to=bound, sort="newest")
    hit = next(iter(engine.search(query).hits), None)
    return dates.day_of(hit.article.published) if hit is not None else None


def _pages(articles: Iterable[Article]) -> tuple[tuple[PrintedPage, ...], tuple[Article, ...]]:
    """The pages of some articles, and the articles that are on none."""
    found: dict[tuple[str, str], list[Piece]] = {}
    others = []
    for article in articles:
        on = [(number, page) for number, page in enumerate(article.scan, 1) if page.width or page.label]
        for number, page in on:
            found.setdefault((page.label, page.picture), []).append(Piece(article, number, page))
        if not on:
            others.append(article)
    ordered = sorted(found.items(), key=lambda one: (natural(one[0][0]), natural(one[1][0].article.id), one[0]))
    return tuple(PrintedPage(label, tuple(sorted(on, key=_from_above))) for (label, _), on in ordered), tuple(others)


def _from_above(piece: Piece) -> tuple[int, int, str]:
    words = printed.unpack(piece.scan.title) or printed.unpack(piece.scan.text)
    return (words[0].y, words[0].x, piece.article.id) if words else (printed.MAX_SIDE, 0, piece.article.id)


def natural(label: str) -> list[tuple[int, int, str]]:
    """What sorts the numbers of pages as people do: 2 before 10, 10 before A1."""
    parts = re.findall(r"\d{1,18}|\D+|\d+", label)
    return [(0, int(part), "") if part.isdecimal() and len(part) < 19 else (1, 0, part) for part in parts]


_Unit = Callable[[date], int]


def _rhythms(days: Iterable[date]) -> dict[int, Rhythm]:
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


def _missing(days: Sequence[date], rhythms: Mapping[int, Rhythm]) -> Iterator[date]:
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
