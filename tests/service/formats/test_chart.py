"""The timeline as numbers, and dates and shares in words."""

from __future__ import annotations

from datetime import date

from search.values.query import Query
from search.values.results import Bucket, DateFacet, Share, Trend
from service.formats import chart
from service.html.view import PageState
from tests.cases import cases

ANY = Query()


def drawn(
    interval: str, counts: dict[str, int], trend: dict[str, int] | None = None, share: bool = False, query: Query = ANY
) -> chart.Timeline:
    facet = DateFacet(interval, tuple(Bucket(start, count) for start, count in counts.items()), 3)
    shares = tuple(Share(start, 0, of, None) for start, of in (trend or {}).items())
    whole = Trend(interval, "archive", shares, (), 0, 0)
    return chart.timeline(facet, query, PageState(query).to, whole if trend else None, share)


@cases("start, interval, label, asked, days", [
    ("1980-01-01", "decade", "1980s", "from=1980-01-01&to=1989", ("1980-01-01", "1989-12-31")),
    ("1989-01-01", "year", "1989", "from=1989&to=1989", ("1989-01-01", "1989-12-31")),
    ("1989-01-01", "quarter", "Q1 1989", "from=1989-01-01&to=1989-03", ("1989-01-01", "1989-03-31")),
    ("1989-10-01", "quarter", "Q4 1989", "from=1989-10-01&to=1989-12", ("1989-10-01", "1989-12-31")),
    ("1989-11-01", "month", "Nov 1989", "from=1989-11&to=1989-11", ("1989-11-01", "1989-11-30")),
    ("1989-11-06", "week", "week of 6 Nov 1989", "from=1989-11-06&to=1989-11-12", ("1989-11-06", "1989-11-12")),
    ("1989-11-09", "day", "9 Nov 1989", "from=1989-11-09&to=1989-11-09", ("1989-11-09", "1989-11-09")),
    ("1989-12-31", "day", "31 Dec 1989", "from=1989-12-31&to=1989-12-31", ("1989-12-31", "1989-12-31")),
])  # fmt: skip
def test_a_bar_has_a_label_and_leads_to_its_days(
    start: str, interval: str, label: str, asked: str, days: tuple[str, str]
) -> None:
    found = drawn(interval, {start: 1})

    assert found.bars[0].label == label
    assert asked in found.bars[0].url
    assert found.days == tuple(map(date.fromisoformat, days))
    assert found.ticks[0].text == label.removeprefix("week of ")


def test_a_bar_is_as_high_as_its_share_of_the_highest_and_a_single_article_is_seen() -> None:
    found = drawn("year", {"1989-01-01": 200, "1990-01-01": 100, "1991-01-01": 1, "1992-01-01": 0})

    assert [bar.height for bar in found.bars] == [60.0, 30.0, 1.5, 0.0]
    assert [bar.x for bar in found.bars] == [0.75, 10.75, 20.75, 30.75]
    assert (found.width, found.height, found.top, found.missing) == (40.0, 60.0, "200", 3)
    assert [(bar.of, bar.share) for bar in found.bars] == [(None, None)] * 4


def test_shares_are_of_all_articles_of_the_time() -> None:
    counts = {"1989-01-01": 1, "1990-01-01": 1, "1991-01-01": 1}
    found = drawn("year", counts, {"1989-01-01": 4, "1990-01-01": 8}, share=True)

    assert [(bar.of, bar.share, bar.height) for bar in found.bars] == [
        (4, 0.25, 60.0),
        (8, 0.125, 30.0),
        (0, None, 0.0),
    ]
    assert (found.top, found.behind) == ("25 %", "")


def test_the_whole_archive_is_an_outline_on_its_own_scale() -> None:
    counts = {"1989-01-01": 1, "1990-01-01": 1, "1991-01-01": 1}

    assert drawn("year", counts, {"1989-01-01": 4, "1990-01-01": 8}).behind == "M0 60V30h10V0h10V60h10V60z"
    assert drawn("year", counts, counts).behind == ""
    assert drawn("year", counts).behind == ""


@cases("bars, places", [
    (1, [(0.0, "start")]),
    (2, [(0.0, "start"), (100.0, "end")]),
    (3, [(0.0, "start"), (50.0, "middle"), (100.0, "end")]),
    (30, [(0.0, "start"), (51.67, "middle"), (100.0, "end")]),
    (60, [(0.0, "start"), (50.83, "middle"), (100.0, "end")]),
])  # fmt: skip
def test_labels_are_put_where_they_have_room(bars: int, places: list[tuple[float, str]]) -> None:
    found = drawn("year", {f"{1900 + number}-01-01": 1 for number in range(bars)})

    assert [(tick.place, tick.anchor) for tick in found.ticks] == places
    assert found.ticks[-1].text == str(1899 + bars)


@cases("query, parts", [
    (Query(date_from="1990-02"), [False, True, False]),
    (Query(date_from="1990", date_to="1990-12-30"), [False, True, False]),
    (Query(date_from="1990", date_to="1990"), [False, False, False]),
    (Query(), [False, False, False]),
])  # fmt: skip
def test_a_bar_of_which_a_part_is_in_the_range_is_marked(query: Query, parts: list[bool]) -> None:
    found = drawn("year", {"1989-01-01": 1, "1990-01-01": 1, "1991-01-01": 1}, query=query)

    assert [bar.part for bar in found.bars] == parts


def test_nothing_found_is_nothing_drawn() -> None:
    found = drawn("year", {})

    assert (found.bars, found.ticks, found.days) == ((), (), None)


@cases("query, chosen", [
    (Query(), [True, True, True]),
    (Query(date_from="1990"), [False, True, True]),
    (Query(date_from="1989-12-31"), [True, True, True]),
    (Query(date_to="1990"), [True, True, False]),
    (Query(date_to="1991-01-01"), [True, True, True]),
    (Query(date_from="1990-05", date_to="1990-06"), [False, True, False]),
])  # fmt: skip
def test_bars_within_the_days_asked_for_are_chosen(query: Query, chosen: list[bool]) -> None:
    found = drawn("year", {"1989-01-01": 1, "1990-01-01": 1, "1991-01-01": 1}, query=query)

    assert [bar.chosen for bar in found.bars] == chosen


@cases("share, words", [
    (None, "–"), (0.0, "0 %"), (1.0, "100 %"), (0.5, "50 %"), (0.1, "10 %"), (0.0999, "10.0 %"), (0.123, "12 %"),
    (0.01, "1.0 %"), (0.0123, "1.2 %"), (0.00999, "1 %"), (0.0003, "0.03 %"), (0.00034, "0.034 %"),
    (0.000034567, "0.0035 %"),
])  # fmt: skip
def test_a_share_has_two_digits(share: float | None, words: str) -> None:
    assert chart.percent(share) == words


@cases("published, words, day", [
    (None, "undated", "undated"),
    ("1998", "1998", "1998"),
    ("1998-05", "May 1998", "May 1998"),
    ("1998-12", "December 1998", "December 1998"),
    ("1998-01-07", "7 January 1998", "7 January 1998"),
    ("1998-01-07T14:05", "7 January 1998, 14:05", "7 January 1998"),
    ("1998-01-07T14:05:59.123", "7 January 1998, 14:05", "7 January 1998"),
    ("1998-01-07T14:05Z", "7 January 1998, 14:05 UTC", "7 January 1998"),
    ("1998-01-07T14:05:59+00:00", "7 January 1998, 14:05 UTC", "7 January 1998"),
    ("1998-01-07T14:05-00:00", "7 January 1998, 14:05 UTC", "7 January 1998"),
    ("1998-01-07T14:05+02:00", "7 January 1998, 14:05 UTC+2", "7 January 1998"),
    ("1998-01-07T14:05-1030", "7 January 1998, 14:05 UTC-10:30", "7 January 1998"),
    ("1998-01-07T14:05+00:30", "7 January 1998, 14:05 UTC+0:30", "7 January 1998"),
    ("1998-01-07 14:05-0330", "7 January 1998, 14:05 UTC-3:30", "7 January 1998"),
    ("1998-01-07T14:05-00:30", "7 January 1998, 14:05 UTC-0:30", "7 January 1998"),
    ("1998-01-07T14:05+00", "7 January 1998, 14:05 UTC", "7 January 1998"),
    ("1998-01-07T14:05-05", "7 January 1998, 14:05 UTC-5", "7 January 1998"),
])  # fmt: skip
def test_a_date_is_written_for_people(published: str | None, words: str, day: str) -> None:
    assert chart.in_words(published) == words
    assert chart.day_in_words(published) == day
