from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.text import dates
from search.text.calendar import AUTO_BUCKETS, chosen, end_of, next_start, start_of, starts
from tests.cases import cases

INTERVALS = ["day", "week", "month", "quarter", "year", "decade"]


@given(st.dates(), st.sampled_from(INTERVALS))
def test_a_day_lies_in_its_bucket(day: date, interval: str) -> None:
    start = start_of(day, interval)
    following = next_start(start, interval)

    assert start <= day
    assert following is None or day < following
    assert start_of(start, interval) == start


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.dates(date(1900, 1, 1), date(2030, 1, 1)))
def test_auto_has_no_gaps_and_few_buckets(one: date, two: date) -> None:
    first, last = sorted((one, two))
    interval = chosen("auto", first, last)
    found = starts(first, last, interval)

    assert len(found) <= AUTO_BUCKETS + 2
    assert found[0] == start_of(first, interval)
    assert found[-1] == start_of(last, interval)
    for start, following in pairwise(found):
        assert next_start(start, interval) == following


@cases("days, interval",
    [
        (1, "day"), (100, "day"),
        (101, "week"), (700, "week"),
        (701, "month"), (3044, "month"),
        (3045, "quarter"), (9130, "quarter"),
        (9131, "year"), (36_525, "year"),
        (36_526, "decade"),
    ],
)  # fmt: skip
def test_auto_is_the_finest_interval_of_a_hundred_buckets(days: int, interval: str) -> None:
    first = date(1900, 1, 1)

    assert chosen("auto", first, first + timedelta(days - 1)) == interval


@cases("interval", INTERVALS)
def test_a_bucket_ends_on_the_day_before_the_next(interval: str) -> None:
    start = start_of(date(1999, 12, 31), interval)
    following = next_start(start, interval)

    assert following is not None
    assert end_of(start.isoformat(), interval) == (following - timedelta(1)).isoformat()
    assert start_of(following, interval) == following
    assert start_of(following - timedelta(1), interval) == start


def test_the_ends_of_the_calendar_are_no_error() -> None:
    for interval in ("year", "decade", "auto"):
        width = chosen(interval, date.min, date.max)
        assert starts(date.min, date.max, width)[-1] == start_of(date.max, width)
    assert end_of("9999-12-31", "day") == "9999-12-31"


@cases(
    "value, first, last",
    [
        ("1998", date(1998, 1, 1), date(1998, 12, 31)),
        ("1998-02", date(1998, 2, 1), date(1998, 2, 28)),
        ("2000-02-29", date(2000, 2, 29), date(2000, 2, 29)),
        ("1998-05-17T23:59:00-08:00", date(1998, 5, 17), date(1998, 5, 17)),
        ("1998-05-17 10:00", date(1998, 5, 17), date(1998, 5, 17)),
        ("1998-12-31T24:00:00Z", date(1998, 12, 31), date(1998, 12, 31)),
        ("0001-01-01", date(1, 1, 1), date(1, 1, 1)),
    ],
)
def test_a_date_stands_for_its_days(value: str, first: date, last: date) -> None:
    assert dates.parse(value) == dates.Days(first, last)


def test_what_is_published_sorts_by_its_instant_and_a_day_alone_before_those_of_the_day() -> None:
    ascending = [
        "1998-05-16T23:59:59.999999Z",
        "1998-05-17",
        "1998-05-17T02:00+02:00",
        "1998-05-17T00:00:00.000001",
        "1998-05-16T20:00-05:00",
        "1998-05-17 01:00:00.5",
        "1998-05-17T10:00+0530",
        "1998-05-17T12:00+05",
        "1998-05-17T23:59:60Z",
        "1998-05-18T00:30:00",
    ]
    keys = [dates.instant_of(value) for value in ascending]
    assert keys == sorted(set(keys))
    assert dates.instant_of("1998-05") == dates.instant_of("1998-05-01")
    assert dates.instant_of("1998-05-16T24:00") == dates.instant_of("1998-05-17T00:00Z")
    assert 0 == dates.instant_of(None) < dates.instant_of("0001-01-01T00:00+14:59")


def test_a_range_of_days_has_their_instants_and_no_others() -> None:
    begin, end = dates.instants(date(1998, 5, 17), date(1998, 5, 18))
    inside = ["1998-05-17", "1998-05-17T00:00Z", "1998-05-18T23:59:59.999999Z", "1998-05-19T01:00+01:30"]
    outside = ["1998-05-16T23:59:59.999999Z", "1998-05-17T01:00+01:30", "1998-05-19", "1998-05-19T00:00Z"]

    assert [value for value in (*inside, *outside) if begin <= dates.instant_of(value) < end] == inside
    assert dates.instants(None, None)[0] <= dates.instant_of("0001-01-01")
    assert dates.instant_of("9999-12-31T23:59:59Z") < dates.instants(None, None)[1]


@cases("zone", ["+14:00", "-14:59", "+0559", "+05"])
def test_offsets_from_utc_go_up_to_fourteen_hours(zone: str) -> None:
    assert dates.parse(f"1998-05-17T10:00{zone}").first == date(1998, 5, 17)


@cases("time", ["25:00", "10:60", "10:00:61", "10:00+15:00", "10:00+05:60"])
def test_a_time_that_no_clock_shows_is_no_date(time: str) -> None:
    with pytest.raises(ValueError, match="is not in the calendar"):
        dates.parse(f"1998-05-17T{time}")


@cases("value", ["", "98", "1998-13", "1999-02-29", "1998-5", "May 1998", "0000", "1998-05-17T25:00", "١٩٩٨"])
def test_what_is_no_date_says_so(value: str) -> None:
    with pytest.raises(ValueError, match=r"is not (a date|in the calendar)"):
        dates.parse(value)


@cases(
    "value, day",
    [
        ("-0d", date(2024, 3, 31)),
        ("-7d", date(2024, 3, 24)),
        ("-2w", date(2024, 3, 17)),
        ("-1m", date(2024, 2, 29)),
        ("-1y", date(2023, 3, 31)),
    ],
)
def test_relative_dates(value: str, day: date) -> None:
    assert dates.parse_bound(value, date(2024, 3, 31)).first == day


@cases(
    "value, means",
    [
        ("March 1987", "1987-03"), ("mar. 1987", "1987-03"), ("17 May 1998", "1998-05-17"),
        ("17th of May, 1998", "1998-05-17"), ("May 17, 1998", "1998-05-17"), ("17-May-1998", "1998-05-17"),
        ("17/05/1998", "1998-05-17"), ("5/17/1998", "1998-05-17"), ("05/05/1998", "1998-05-05"),
        ("05.06.1998", "1998-06-05"), ("5/1998", "1998-05"), ("1998/5/7", "1998-05-07"), ("1998-5", "1998-05"),
        (" Last  Week ", "last-week"), ("TODAY", "today"), ("the day before yesterday", "-2d"),
        ("la semaine dernière", "last-week"), ("l’année dernière", "last-year"), ("aujourd'hui", "today"),
        ("el año pasado", "last-year"), ("l'altro ieri", "-2d"), ("de vorige week", "last-week"),
        ("o mês passado", "last-month"), ("Gestern", "yesterday"),
        ("vorgestern", "-2d"), ("Letzte  Woche", "last-week"),
        ("diesen Monat", "this-month"), ("voriges Jahr", "last-year"), ("-7d", "-7d"),
        ("1998-05-17 10:00", "1998-05-17T10:00"), ("some day", "some day"), ("last de-week", "last de-week"),
        ("1998" * 1000, "1998" * 1000),
    ],
)  # fmt: skip
def test_dates_are_read_as_people_write_them(value: str, means: str) -> None:
    found = dates.written(value, date(2024, 3, 31))

    assert found == means
    assert dates.written(found, date(2024, 3, 31)) == found


@cases(
    "value, first, last",
    [
        ("today", date(2024, 3, 31), date(2024, 3, 31)), ("yesterday", date(2024, 3, 30), date(2024, 3, 30)),
        ("this week", date(2024, 3, 25), date(2024, 3, 31)), ("last week", date(2024, 3, 18), date(2024, 3, 24)),
        ("this month", date(2024, 3, 1), date(2024, 3, 31)), ("last month", date(2024, 2, 1), date(2024, 2, 29)),
        ("this year", date(2024, 1, 1), date(2024, 12, 31)), ("last year", date(2023, 1, 1), date(2023, 12, 31)),
    ],
)  # fmt: skip
def test_days_have_names(value: str, first: date, last: date) -> None:
    assert dates.parse_bound(value, date(2024, 3, 31)) == dates.Days(first, last)


@cases(
    "value, readings",
    [
        ("05/06/1998", ("1998-06-05", "1998-05-06")),
        ("17/05/98", ("1898-05-17", "1998-05-17")),
        ("May 17", ("1917-05", "2017-05")),
        ("5.6.98", ("1898-06-05", "1998-06-05")),
        ("29/02/00", ("2000-02-29",)),
    ],
)
def test_what_can_be_read_in_several_ways_is_asked_back(value: str, readings: tuple[str, ...]) -> None:
    try:
        found: tuple[str, ...] = (dates.written(value, date(2024, 3, 31)),)
    except dates.AmbiguousDate as unclear:
        found = unclear.readings
    assert found == readings


@cases("value, today", [("yesterday", date.min), ("last-year", date.min), ("-1y", date.min)])
def test_there_is_no_day_before_the_calendar(value: str, today: date) -> None:
    with pytest.raises(ValueError, match="before the calendar begins"):
        dates.parse_bound(value, today)
