"""The calendar of a title, and the pages of an issue, as an engine's answers make them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from functools import partial
from pathlib import Path

import pytest

import search
from search import Article
from search.analyses import issues, page_order, rhythm
from search.analyses.page_order import DEPTH, Spot
from search.analyses.rhythm import Rhythm
from search.engine import Engine
from search.errors import ValueMissing
from search.values.printed import Printed, pack
from search.values.scan import ScanPage
from tests.cases import cases
from tests.search.indexes import written
from tests.waiting import grows_less

PICTURE, WHOLE = f"{'a' * 64}.png", f"{'b' * 64}.pdf"


def page(label: str, y: int = 0, picture: str = PICTURE) -> ScanPage:
    return ScanPage(label, 600, 800, picture, text=pack([Printed(0, 3, 10, y, 30, 20)]))


def engine(place: Path, articles: Iterable[Article]) -> Engine:
    return search.open(written(place, *articles))


def every(step: int, count: int, *without: int) -> list[date]:
    return [date(1897, 1, 4) + timedelta(days=step * at) for at in range(count) if at not in without]


DAILY = [day for day in every(1, 730) if day.weekday() != 6]


def daily(first: date, last: date, *without: tuple[date, date]) -> list[date]:
    return [day for day in DAILY if first <= day <= last and not any(one <= day <= other for one, other in without)]


MONTHLY = [date(1897 + at // 12, at % 12 + 1, 15) for at in range(24) if at != 5]


@cases("days, wanted, missing, regular", [
    (every(7, 100, 3, 10, 11), 1897, [(1, 25), (3, 15), (3, 22)], Rhythm((0,))),
    (every(14, 50, 3), 1897, [(2, 15)], Rhythm((0,))),
    (MONTHLY, 1897, [(6, 15)], Rhythm((), (15,))),
    ([day for day in DAILY if day != date(1898, 3, 2)], 1898, [(3, 2)], Rhythm((0, 1, 2, 3, 4, 5))),
    ([day for day in DAILY if (day.year, day.month) != (1898, 2)], 1898,
     [(2, day) for day in range(1, 29) if day not in (6, 13, 20, 27)], Rhythm((0, 1, 2, 3, 4, 5))),
    (daily(date(1897, 1, 4), date(1897, 12, 31), (date(1897, 12, 17), date(1897, 12, 29))), 1897,
     [(12, day) for day in range(17, 30) if day not in (19, 26)], Rhythm((0, 1, 2, 3, 4, 5))),  # a hole near the end
    (daily(date(1898, 2, 28), date(1898, 3, 19), (date(1898, 3, 4), date(1898, 3, 5))), 1898,
     [(3, 4), (3, 5)], Rhythm((0, 1, 2, 3, 4, 5))),  # no Friday before
    ([*every(7, 20), *(day + timedelta(days=3) for day in every(7, 45, *range(20), 30))], 1897, [(8, 5)],
     Rhythm((3,))),  # on Mondays once
    ([*every(7, 20), *(day + timedelta(days=3) for day in every(14, 10, 9))], 1897, [(5, 13)], Rhythm((0,))),
    ([*MONTHLY[:9], date(1897, 12, 1)], 1897, [(6, 15), (11, 15)], Rhythm((), (15,))),
    ([*every(7, 20), *(day + timedelta(days=1099) for day in every(7, 20))], 1898, [], Rhythm()),
    ([date(1897, 1, 4), date(1897, 3, 9)], 1897, [], Rhythm()),
])  # fmt: skip
def test_days_are_missing_that_the_rhythm_leads_to_expect(
    days: list[date], wanted: int, missing: list[tuple[int, int]], regular: Rhythm
) -> None:
    rhythms = rhythm.rhythms(days)
    found = sorted(day for day in rhythm.missing(sorted(days), rhythms) if day.year == wanted)

    assert found == [date(wanted, *day) for day in missing]
    assert rhythms.get(wanted, Rhythm()) == regular


def test_a_calendar_has_the_days_of_its_year_with_those_next_to_it_in_mind(tmp_path: Path) -> None:
    days = every(7, 100, 51)
    with engine(tmp_path / "idx", (
        Article(f"a{day}", "The harbour.", source="The Gazette", published=day.isoformat(), scan=(page("1"),))
        for day in days
    )) as opened:  # fmt: skip
        found = issues.calendar(opened, issues.title(opened, "the gazette"), 1897)

    assert found.missing == {date(1897, 12, 27)}
    assert found.rhythm == Rhythm((0,))
    assert found.years == (1897, 1898)
    assert sorted(found.issues) == [day for day in days if day.year == 1897]


def test_what_is_dated_by_month_or_year_is_on_no_day(tmp_path: Path) -> None:
    stated = ["1897", "1897-02", "1897-02", "1897-02-01T06:30:00Z", "1897-03", "1896-12"]
    some = [
        Article(f"a{at}", "The harbour.", source="The Gazette", published=day, scan=(page("1"),))
        for at, day in enumerate(stated)
    ]
    with engine(tmp_path / "idx", some) as opened:
        found = issues.calendar(opened, "The Gazette", 1897)
        month = issues.named(opened, "The Gazette", "1897-02")
        before = issues.named(opened, "The Gazette", "1897-03-01")  # the address of it once
        listed = [one.name for one in issues.editions(opened, "The Gazette", 1897)]
        around = [issues.around(opened, issues.named(opened, "The Gazette", name)) for name in listed]

    assert before.itself.name == "1897-03"
    assert found.issues == {date(1897, 2, 1): 1}
    assert found.undated == {"1897": 1, "1897-02": 2, "1897-03": 1}
    assert [piece.article.id for piece in month.pages[0].pieces] == ["a1", "a2"]
    assert listed == ["1897", "1897-02", "1897-02-01", "1897-03"]
    assert [(one and one.name, other and other.name) for one, other in around] == [
        ("1896-12", "1897-02"), ("1897", "1897-02-01"), ("1897-02", "1897-03"), ("1897-02-01", None),
    ]  # fmt: skip


def test_editions_of_a_day_are_issues_of_their_own(tmp_path: Path) -> None:
    long = f"{'ß' * 39}s {'b' * 39}"  # with folded letters it is cut between its words
    stated: list[object] = ["Second evening", 2, None, "10", "second  EVENING", ["x"], long]
    some = [
        Article(f"a{at}", "The harbour.", source="The Gazette", published="1897-02-03", scan=(page("1"),),
                extra={} if edition is None else {"edition": edition})
        for at, edition in enumerate(stated)
    ]  # fmt: skip
    with engine(tmp_path / "idx", [*some, Article("b", "The harbour.", source="The Gazette", published="1897-02-04",
                                                  scan=(page("1"),), extra={"edition": "1"})]) as opened:  # fmt: skip
        found = [issues.named(opened, "The Gazette", one.name) for one in issues.editions(opened, "The Gazette", 1897)]
        assert issues.named(opened, "The Gazette", "1897-02-04-ed-1") == found[-1]
        around = [issues.around(opened, one) for one in found]
        with pytest.raises(ValueMissing, match="No issue of The Gazette of 1897-02-03-ed-3"):
            issues.named(opened, "The Gazette", "1897-02-03-ed-3")

    names = [f"1897-02-03{ending}" for ending in ("", "-ed-2", "-ed-10", "-ed-second-evening", f"-ed-{'s' * 79}")]
    assert [one.itself.name for one in found] == [*names, "1897-02-04"]
    assert [one.itself.label for one in found] == ["", "2", "10", "Second evening", long, ""]
    assert [[piece.article.id for piece in one.pages[0].pieces] for one in found] == [
        ["a2", "a5"], ["a1"], ["a3"], ["a0", "a4"], ["a6"], ["b"],
    ]  # fmt: skip
    order = [one.itself for one in found]
    assert around == list(zip([None, *order[:-1]], [*order[1:], None], strict=True))


@cases("drawn, order", [
    ("aac / bbc / bbd", "abcd"),
    ("aaaa / bbcc / ddcc / eeee / ffgg / hhgg", "abdcefhg"),
    ("abc / abd / efd", "aebfcd"),
    ("aabb / ccbb / ccdd", "acbd"),
])  # fmt: skip
def test_articles_are_read_column_by_column(drawn: str, order: str) -> None:
    cells = [(letter, at, row) for row, line in enumerate(drawn.split(" / ")) for at, letter in enumerate(line)]
    letters = sorted({letter for letter, _, _ in cells}, reverse=True)
    spots = []
    for letter in letters:
        xs, ys = zip(*((x, y) for other, x, y in cells if other == letter), strict=True)
        spots.append(Spot(100 * min(xs), 100 * min(ys), 100 * max(xs) + 101, 100 * max(ys) + 99))

    assert "".join(letters[at] for at in page_order.in_order(spots)) == order


@pytest.mark.check
def test_the_order_of_a_page_is_found_in_a_time_that_grows_with_it() -> None:
    def stairs(count: int) -> Callable[[], list[int]]:  # each reaches below all others, and the widest is the lowest
        return partial(page_order.in_order, [Spot(0, at, at + 1, at + 1) for at in range(count)])

    assert sorted(stairs(10 * DEPTH)()) == [*range(10 * DEPTH)]
    assert grows_less(16, stairs, 500, 4_000)


def test_pages_are_in_the_order_of_their_numbers_and_articles_as_they_are_read(tmp_path: Path) -> None:
    def of_the_day(name: str, *pages: ScanPage) -> Article:
        return Article(name, "The harbour.", source="The Gazette", published="1897-01-04", scan=pages)

    some = [
        of_the_day("own-10", page("", picture=WHOLE)),
        of_the_day("own-9", page("", picture=WHOLE), page("", picture="")),
        of_the_day("seen", page("")),
        of_the_day("low", page("2", 700)),
        of_the_day("long", page("10", 30), page("2", 40)),
        of_the_day("photo", ScanPage(picture=PICTURE)),
        Article("before", "Four.", scan=(page("1"),), source="The Gazette", published="1896-12-31"),
        Article("other", "Five.", scan=(page("1"),), source="Another", published="1897-01-05"),
    ]
    with engine(tmp_path / "idx", some) as opened:
        found = issues.named(opened, "The Gazette", "1897-01-04")
        around = issues.around(opened, found)
        with pytest.raises(ValueMissing, match="No issue of The Gazette of 1897-01-05"):
            issues.named(opened, "The Gazette", "1897-01-05")

    shown = [(one.label, [(piece.article.id, piece.number) for piece in one.pieces]) for one in found.pages]
    assert shown[:4] == [("", [("own-9", 2)]), ("", [("own-9", 1)]), ("", [("own-10", 1)]), ("", [("seen", 1)])]
    assert shown[4:] == [("2", [("long", 2), ("low", 1)]), ("10", [("long", 1)])]
    assert [one.id for one in found.others] == ["photo"]
    assert [one and one.name for one in around] == ["1896-12-31", None]
