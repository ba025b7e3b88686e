"""The calendar of a title, and the pages of an issue, as an engine's answers make them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

import search
from search import Article
from search.analyses import issues
from search.analyses.issues import Calendar, Rhythm
from search.engine import Engine
from search.errors import ValueMissing
from search.values.printed import Printed, pack
from search.values.scan import ScanPage
from tests.cases import cases

PICTURE = f"{'a' * 64}.png"


def page(label: str, y: int = 0, picture: str = PICTURE) -> ScanPage:
    return ScanPage(label, 600, 800, picture, text=pack([Printed(0, 3, 10, y, 30, 20)]))


def engine(place: Path, articles: Iterable[Article]) -> Engine:
    with search.writer(place) as writer:
        for article in articles:
            writer.add(article)
    return search.open(place)


def year(place: Path, days: Iterable[date], wanted: int) -> Calendar:
    some = (
        Article(f"a{day}", "The harbour.", source="The Gazette", published=day.isoformat(), scan=(page("1"),))
        for day in days
    )
    with engine(place, some) as opened:
        return issues.calendar(opened, issues.title(opened, "the gazette"), wanted)


def every(step: int, count: int, *without: int) -> list[date]:
    return [date(1897, 1, 4) + timedelta(days=step * at) for at in range(count) if at not in without]


DAILY = [day for day in every(1, 730) if day.weekday() != 6]
MONTHLY = [date(1897 + at // 12, at % 12 + 1, 15) for at in range(24) if at != 5]


@cases("days, wanted, missing, rhythm", [
    (every(7, 100, 3, 10, 11), 1897, [(1, 25), (3, 15), (3, 22)], Rhythm((0,))),
    (every(14, 50, 3), 1897, [(2, 15)], Rhythm((0,))),
    (MONTHLY, 1897, [(6, 15)], Rhythm((), (15,))),
    ([day for day in DAILY if day != date(1898, 3, 2)], 1898, [(3, 2)], Rhythm((0, 1, 2, 3, 4, 5))),
    ([day for day in DAILY if (day.year, day.month) != (1898, 2)], 1898,
     [(2, day) for day in range(1, 29) if day not in (6, 13, 20, 27)], Rhythm((0, 1, 2, 3, 4, 5))),
    ([*every(7, 20), *(day + timedelta(days=1099) for day in every(7, 20))], 1898, [], Rhythm()),
    ([date(1897, 1, 4), date(1897, 3, 9)], 1897, [], Rhythm()),
])  # fmt: skip
def test_days_are_missing_that_the_rhythm_leads_to_expect(
    days: list[date],
    wanted: int,
    missing: list[tuple[int, int]],
    rhythm: Rhythm,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    found = year(tmp_path_factory.mktemp("title") / "idx", days, wanted)

    assert sorted(found.missing) == [date(wanted, *day) for day in missing]
    assert found.rhythm == rhythm
    assert sorted(found.issues) == [day for day in days if day.year == wanted]


def test_pages_are_in_the_order_of_their_numbers_and_articles_from_above(tmp_path: Path) -> None:
    def of_the_day(name: str, *pages: ScanPage) -> Article:
        return Article(name, "The harbour.", source="The Gazette", published="1897-01-04", scan=pages)

    some = [
        of_the_day("low", page("2", 700)),
        of_the_day("long", page("10", 30), page("2", 40)),
        of_the_day("photo", ScanPage(picture=PICTURE)),
        Article("before", "Four.", scan=(page("1"),), source="The Gazette", published="1896-12-31"),
        Article("other", "Five.", scan=(page("1"),), source="Another", published="1897-01-05"),
    ]
    with engine(tmp_path / "idx", some) as opened:
        found = issues.named(opened, "The Gazette", "1897-01-04")
        with pytest.raises(ValueMissing, match="No issue of The Gazette of 1897-01-05"):
            issues.named(opened, "The Gazette", "1897-01-05")

    shown = [(one.label, [(piece.article.id, piece.number) for piece in one.pieces]) for one in found.pages]
    assert shown == [("2", [("long", 2), ("low", 1)]), ("10", [("long", 1)])]
    assert [one.id for one in found.others] == ["photo"]
    assert (found.before, found.after) == (date(1896, 12, 31), None)
