"""Issues: what a title printed on one day, page by page, and the days of a year on which it did.

A title is a source, and an issue the articles with a scan of one date and one edition; pages are known by the articles
on them, so one without an article is omitted. Each figure is of what the engine has, and so exact for its reader.

Where only a month or a year is known, that is the date of an issue, and no day. Editions are what articles state in
`extra.edition`. The name of an issue is its date, and behind it, but for the first edition of that date, its edition:
`1899-02-03`, `1899-02`, `1899-02-03-ed-evening`. For missing issues see `rhythm`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice

from search.analyses import page_order, rhythm
from search.analyses.entity import shown_as
from search.analyses.page_order import Spot
from search.analyses.rhythm import Rhythm
from search.engine import Engine
from search.errors import BadQuery, ValueMissing
from search.said import said
from search.text import dates
from search.text.numbers import whole_number
from search.text.tokens import fold
from search.values import printed
from search.values.article import Article
from search.values.query import Filter, Query
from search.values.scan import ScanPage

MAX_ARTICLES = 2_000
"""The greatest number of articles of a day that are read."""
EDITION = "edition"
"""The key of `extra` that has the edition in which an article appeared."""
_NAME = re.compile(r"(\d{4}(?:-\d\d(?:-\d\d)?)?)(?:-ed-([^\s/]{1,80}))?", re.ASCII)
_APART = re.compile(r"[\W_]+")


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
        pieces: the articles on it, in the order in which they are read: column by column.
    """

    label: str
    pieces: tuple[Piece, ...]

    @property
    def scan(self) -> ScanPage:
        """Its size and picture, as its first article has them."""
        return self.pieces[0].scan


@dataclass(frozen=True, slots=True)
class Edition:
    """An issue, without what is in it.

    Attributes:
        name: unique within its title.
        date: as printed: a day, a month or a year, as ISO writes it.
        label: the edition as an article states it; "" if none does, or it is the only one of its date, and a number.
    """

    name: str
    date: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Issue:
    """An issue.

    Attributes:
        itself: its name, date and edition.
        day: the first one of its date.
        pages: in the order of their numbers.
        others: its articles with a picture that is not a page.
        whole: False if its day has more than `MAX_ARTICLES`, of which the others are not here.
        editions: all issues of its day, in order, with this one.
    """

    source: str
    itself: Edition
    day: date
    pages: tuple[PrintedPage, ...]
    others: tuple[Article, ...]
    whole: bool
    editions: tuple[Edition, ...]


@dataclass(frozen=True, slots=True)
class Calendar:
    """A year of a title.

    Attributes:
        years: those with issues, ascending.
        issues: the days of the year with an issue, and how many articles each has.
        undated: the months of it, and the year itself, that are the dates of issues, with their articles.
        missing: the days of the year on which one was to be expected.
    """

    source: str
    year: int
    years: tuple[int, ...]
    issues: Mapping[date, int]
    undated: Mapping[str, int]
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

    Cost: two counts over time, of the years of the title and of the days of five years, and reading the articles of the
    first days of months.
    """
    query = replace(_printed(source), interval="year", facets=("date",), size=0)
    years = tuple(int(one.start[:4]) for one in engine.search(query).histogram().buckets if one.count)
    if not years:
        raise ValueMissing(said("No article of {source} has a date and a scan.", source=source[:200]))
    year = years[0] if year is None else year
    first, last = (date(min(max(year + step, date.min.year), date.max.year), 1, 1) for step in (-2, 2))
    around = replace(query, interval="day", date_from=first.isoformat(), date_to=f"{last.year:04}-12-31")
    counts = {
        date.fromisoformat(one.start): one.count for one in engine.search(around).histogram().buckets if one.count
    }
    undated: dict[str, int] = {}
    for day in [day for day in counts if day.day == 1]:
        for named, count in _without_a_day(engine, source, day, MAX_ARTICLES if day.year == year else 1).items():
            whole = counts[day] if day.year != year or count == MAX_ARTICLES else count
            counts[day] -= whole
            undated[named] = whole
    counts = {day: count for day, count in counts.items() if count > 0}
    rhythms = rhythm.rhythms(counts)
    missing = frozenset(day for day in rhythm.missing(sorted(counts), rhythms) if day.year == year)
    own = {day: count for day, count in counts.items() if day.year == year}
    of_year = {named: count for named, count in sorted(undated.items()) if int(named[:4]) == year}
    return Calendar(source, year, years, own, of_year, missing, rhythms.get(year, Rhythm()))


def _without_a_day(engine: Engine, source: str, day: date, most: int) -> Counter[str]:
    """The months and years that are the dates of articles which count as of a day, and how many have each.

    Args:
        most: how many articles are read.
    """
    stated = (_date_of(article) for article in _of_day(engine, source, day, most))
    return Counter(one for one in stated if len(one) < len("1899-02-03"))


def named(engine: Engine, value: str, name: str) -> Issue:
    """An issue by the name of its title, in any spelling, and its own.

    Raises:
        ValueMissing: if there is none.
    """
    match = _NAME.fullmatch(name)
    try:
        day = dates.parse(match[1]).first if match else None
    except ValueError:
        day = None
    if match is None or day is None:
        raise ValueMissing(said("“{day}” is not a date as 1899-02-03, 1899-02 and 1899-02-03-ed-2 are.", day=name[:80]))
    with engine.batch():
        source = title(engine, value)
        found = _issue(engine, source, day, match[1], edition_key(match[2] or ""))
    if found is None:
        raise ValueMissing(said("No issue of {source} of {day} is here.", source=source[:200], day=name))
    return found


def around(engine: Engine, issue: Issue) -> tuple[Edition | None, Edition | None]:
    """The issues before and after one, if there are any, in the order in which `editions` lists them.

    Cost: reading the articles of the days before and after, unless an issue of the same day comes there.
    """
    place = issue.editions.index(issue.itself)
    before, after = issue.editions[:place][-1:], issue.editions[place + 1 :][:1]
    return (
        before[0] if before else _next(engine, issue.source, issue.day, -1),
        after[0] if after else _next(engine, issue.source, issue.day, 1),
    )


def issue_of(engine: Engine, article: Article) -> Issue | None:
    """The issue in which an article appeared; None if it has no source or no date.

    Cost: reading the articles of its day, of which each is in memory as a whole.
    """
    day = dates.day_of(article.published)
    if article.source is None or day is None:
        return None
    return _issue(engine, article.source, day, _date_of(article), edition_key(_edition(article)))


def editions(engine: Engine, source: str, year: int) -> Iterator[Edition]:
    """The issues of a title in a year, in order.

    Args:
        source: as `title` returns it.

    Cost: reading its articles.
    """
    own = replace(_printed(source), date_from=f"{year:04}", date_to=f"{year:04}")
    by_day: dict[date, dict[tuple[str, str], str]] = {}
    for article in engine.export(own, sort="oldest"):
        if (day := dates.day_of(article.published)) is not None:
            label = _edition(article)
            by_day.setdefault(day, {}).setdefault((_date_of(article), edition_key(label)), label)
    for _, labels in sorted(by_day.items()):
        yield from _named(labels)


def edition_key(label: str) -> str:
    """An edition as the name of an issue has it: `Second evening` is `second-evening`."""
    return _APART.sub("-", fold(label)[:80]).strip("-")


def _edition(article: Article) -> str:
    """The edition as an article states it; "" if it states none."""
    stated = article.extra.get(EDITION)
    return " ".join(str(stated).split())[:80] if isinstance(stated, str | int) else ""


def _date_of(article: Article) -> str:
    """The date of an article without the time: a day, a month or a year; "" if it has none."""
    return (article.published or "").strip()[: len("1899-02-03")]


def _of_day(engine: Engine, source: str, day: date, most: int) -> Iterator[Article]:
    own = replace(_printed(source), date_from=day.isoformat(), date_to=day.isoformat())
    return islice(engine.export(own, sort="oldest"), most)


def _named(labels: Mapping[tuple[str, str], str]) -> list[Edition]:
    """The issues of a day, those of a year and a month before those of the day.

    Args:
        labels: by date and key.
    """
    found: list[Edition] = []
    several = Counter(stated for stated, _ in labels)
    for stated, key in sorted(labels, key=_by_edition):
        first = not found or found[-1].date != stated
        label = "" if several[stated] == 1 and whole_number(key) is not None else labels[stated, key]
        found.append(Edition(stated if first else f"{stated}-ed-{key}", stated, label))
    return found


def _by_edition(one: tuple[str, str]) -> tuple[str, list[tuple[int, int, str]]]:
    """What sorts the dates and keys of the issues of a day."""
    return one[0], natural(one[1])


def _issue(engine: Engine, source: str, day: date, stated: str, key: str) -> Issue | None:
    """An issue of a day, by its date and the key of its edition, "" for the first one; None if there is none."""
    read = list(_of_day(engine, source, day, MAX_ARTICLES + 1))
    by_name: dict[tuple[str, str], list[Article]] = {}
    labels: dict[tuple[str, str], str] = {}
    for article in read[:MAX_ARTICLES]:
        label = _edition(article)
        at = _date_of(article), edition_key(label)
        by_name.setdefault(at, []).append(article)
        labels.setdefault(at, label)
    keys = sorted(labels, key=_by_edition)
    wanted = next((at for at in keys if at[0] == stated and key in ("", at[1])), None)
    if wanted is None and not key and stated == day.isoformat():  # as issues of a month or a year were called before
        wanted = next(iter(keys), None)
    if wanted is None:
        return None
    all_of_it = _named(labels)
    pages, others = _pages(by_name[wanted])
    whole = len(read) <= MAX_ARTICLES
    return Issue(source, all_of_it[keys.index(wanted)], day, pages, others, whole, tuple(all_of_it))


def _printed(source: str) -> Query:
    return Query(filters={"source": Filter(any=(source,))}, scan=True, facets=(), snippets=False)


def _next(engine: Engine, source: str, day: date, step: int) -> Edition | None:
    """The first issue of the next day that has one, or the last one of the day before that has one."""
    try:
        bound = (day + timedelta(days=step)).isoformat()
    except OverflowError:
        return None
    query = replace(_printed(source), size=1, fields=("id", "published"))
    later = step > 0
    query = replace(query, date_from=bound, sort="oldest") if later else replace(query, date_to=bound, sort="newest")
    hit = next(iter(engine.search(query).hits), None)
    there = dates.day_of(hit.article.published) if hit is not None else None
    if there is None:
        return None
    labels: dict[tuple[str, str], str] = {}
    for article in _of_day(engine, source, there, MAX_ARTICLES):
        label = _edition(article)
        labels.setdefault((_date_of(article), edition_key(label)), label)
    return _named(labels)[0 if later else -1]


def _pages(articles: Iterable[Article]) -> tuple[tuple[PrintedPage, ...], tuple[Article, ...]]:
    """The pages of some articles, and the articles that are on none.

    Articles with the same number and picture are on one page. Without a number nothing tells that, if there is no
    picture, or a PDF, which may have all pages.
    """
    found: dict[tuple[str, str, str], list[Piece]] = {}
    others = []
    for article in articles:
        on = [(number, page) for number, page in enumerate(article.scan, 1) if page.width or page.label]
        for number, page in on:
            is_told = page.label or (page.picture and not page.picture.endswith(".pdf"))
            own = "" if is_told else f"{article.id}/{number}"
            found.setdefault((page.label, page.picture, own), []).append(Piece(article, number, page))
        if not on:
            others.append(article)
    ordered = sorted(found.items(), key=lambda one: (natural(one[0][0]), natural(one[1][0].article.id), one[0]))
    return tuple(PrintedPage(label, _in_order(on)) for (label, _, _), on in ordered), tuple(others)


def _in_order(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """The articles on a page as they are read; last those of which it is not known where they are, by their ids."""
    spots = {at: spot for at, piece in enumerate(pieces) if (spot := _beginning(piece)) is not None}
    placed = list(spots)
    order = [placed[at] for at in page_order.in_order([*spots.values()])]
    rest = sorted((at for at in range(len(pieces)) if at not in spots), key=lambda at: pieces[at].article.id)
    return tuple(pieces[at] for at in (*order, *rest))


def _beginning(piece: Piece) -> Spot | None:
    """The box around the first block of an article's title, and of its text, on a page; None if it has none there."""
    firsts = [
        printed.blocks(words)[0] for packed in (piece.scan.title, piece.scan.text) if (words := printed.unpack(packed))
    ]
    if not firsts:
        return None
    lefts, tops, rights, bottoms = zip(*firsts, strict=True)
    return Spot(min(lefts), min(tops), max(rights), max(bottoms))


def natural(label: str) -> list[tuple[int, int, str]]:
    """What sorts the numbers of pages as people do: 2 before 10, 10 before A1."""
    parts = re.findall(r"\d{1,18}|\D+|\d+", label)
    read = ((part, whole_number(part, 18)) for part in parts)
    return [(1, 0, part) if number is None else (0, number, "") for part, number in read]
