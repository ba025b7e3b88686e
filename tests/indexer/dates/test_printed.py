from __future__ import annotations

from datetime import date

from indexer.dates import printed
from search.text import dates
from search.text import possible_dates as possible
from tests.cases import cases


@cases("value, iso", [
    ("2023-05-04T10:00:00.000Z", "2023-05-04T10:00:00.000Z"),
    ("2023-05-04 10:00:00 +0000", "2023-05-04T10:00:00+0000"),
    ("2023-05-04T10:00+02:00[Europe/Paris]", "2023-05-04T10:00:00+02:00"),
    ("Thu, 04 May 2023 10:00:00 GMT", "2023-05-04T10:00:00Z"),
    ("Thu May 04 2023 10:00:00 GMT+0200 (CEST)", "2023-05-04T10:00:00+0200"),
    ("May 4, 2023 10:00 AM", "2023-05-04T10:00:00"),
    ("6/18/2023 10:30:00 PM", "2023-06-18T22:30:00"),
    ("June 18, 2023, 12:05 a.m. EDT", "2023-06-18T00:05:00-04:00"),
    ("Sun Jun 18 14:00:00 PDT 2023", "2023-06-18T14:00:00-07:00"),
    ("18/06/2023 10:00 GMT+7", "2023-06-18T10:00:00+07:00"),
    ("18.06.23, 10:15 Uhr", "2023-06-18T10:15:00"),
    ("18.06.87", "1987-06-18"),
    ("2023. 6. 18. 오전 10:00", "2023-06-18T10:00:00"),
    ("18 يونيو/حزيران 2023", "2023-06-18"), ("18th of June 2023", "2023-06-18"), ("4/5/23", None), ("1.2.23.4", None),
    ("Dec. 31, 2022 at 5 p.m.", "2022-12-31T17:00:00"),
    ("4. Mai 2023, 12:33 Uhr", "2023-05-04T12:33:00"),
    ("1er février 2023", "2023-02-01"), ("4 de mayo de 2023", "2023-05-04"), ("4 мая 2023", "2023-05-04"),
    ("2023年5月4日", "2023-05-04"),
    ("10-MAR-1987 12:11:01.22", "1987-03-10T12:11:01"),
    ("20230504T101112Z", "2023-05-04T10:11:12Z"),
    ("1683187200", "2023-05-04T08:00:00Z"), ("1683187200000", "2023-05-04T08:00:00Z"), ("04.05.2023", "2023-05-04"),
    ("24/05/2023", "2023-05-24"), ("2023-05", "2023-05"), ("2023-05-04T25:00:00", "2023-05-04"), ("04/05/2023", None),
    ("2023", None), ("May 2023", None), ("31 February 2023", None), ("1.2.2023.4", None), ("yesterday", None),
    ("", None),
])  # fmt: skip
def test_dates_are_read_as_printed(value: str, iso: str | None) -> None:
    assert printed.iso(value) == iso


def test_a_doubtful_order_needs_to_be_known() -> None:
    assert printed.iso("04/05/2023", day_first=True) == "2023-05-04"
    assert printed.iso("04/05/2023", day_first=False) == "2023-04-05"


@cases("value, why", [
    ("0001-01-01", "before 1450"),
    ("1449", "before 1450"),
    ("2030-01-03", "future"),
    ("1450", None),
    ("2030-01-02", None),
])  # fmt: skip
def test_nothing_is_published_before_print_or_in_the_future(value: str, why: str | None) -> None:
    said = possible.problem(dates.parse(value), date(2030, 1, 1))

    assert (said is None) == (why is None)
    assert (why or "") in (said or "")


@cases("zone, offset", [
    ("Z", "Z"), ("UTC", "Z"), ("GMT", "Z"), ("EST", "-05:00"), ("EDT", "-04:00"), ("CST", "-06:00"), ("CDT", "-05:00"),
    ("MST", "-07:00"), ("MDT", "-06:00"), ("PST", "-08:00"), ("PDT", "-07:00"), ("BST", "+01:00"), ("CET", "+01:00"),
    ("CEST", "+02:00"), ("MEZ", "+01:00"), ("MESZ", "+02:00"),
])  # fmt: skip
def test_a_zone_is_known_by_its_letters(zone: str, offset: str) -> None:
    assert printed.iso(f"May 4, 2023 10:00 {zone}") == f"2023-05-04T10:00:00{offset}"


@cases("one, two, day_first, found", [
    (13, 12, None, (13, 12)), (12, 13, None, (13, 12)), (12, 12, None, (12, 12)), (12, 11, None, (0, 0)),
    (12, 11, True, (12, 11)), (12, 11, False, (11, 12)), (13, 12, False, (13, 12)), (12, 13, True, (13, 12)),
])  # fmt: skip
def test_two_numbers_are_a_day_and_a_month_where_only_one_order_can_be(
    one: int, two: int, day_first: bool | None, found: tuple[int, int]
) -> None:
    assert printed.ordered(one, two, day_first) == found
