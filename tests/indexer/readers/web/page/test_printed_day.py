from __future__ import annotations

from indexer.readers.web.page import printed_day
from tests.cases import cases

EVENING = "2023-06-19T01:30:12+00:00"


@cases("value, stated, lines, printed", [
    (EVENING, ["2023-06-18T21:30:12-04:00"], [], "2023-06-18T21:30:12-04:00"),
    (EVENING, ["2023-06-18T21:00:00-04:00"], [], EVENING),
    (EVENING, [], ["2023-06-18"], "2023-06-18"),
    (EVENING, [], ["2023-06-18T21:30:00"], "2023-06-18T21:30:00-04:00"),
    (EVENING, [], ["2023-06-18T21:30:00-04:00"], "2023-06-18T21:30:00-04:00"),
    ("2023-06-18T22:00:00Z", [], ["2023-06-19T03:30:00"], "2023-06-19T03:30:00+05:30"),
    ("2023-06-18T23:10:00.000Z", [], ["2023-06-19"], "2023-06-19"),
    (EVENING, [], ["2023-06-19", "2023-06-18"], EVENING),
    (EVENING, [], ["2023-06-18T21:37:00"], EVENING),
    (EVENING, [], ["2023-06-20", "2023-06-12"], EVENING),
    ("2023-06-19T13:00:00Z", [], ["2023-06-18"], "2023-06-19T13:00:00Z"),
    ("2023-06-19T09:00:00Z", [], ["2023-06-20"], "2023-06-19T09:00:00Z"),
    ("2023-06-19T01:30:12+02:00", ["2023-06-18T19:30:12-04:00"], ["2023-06-18"], "2023-06-19T01:30:12+02:00"),
    ("2023-06-19", ["2023-06-18T21:30:12-04:00"], ["2023-06-18"], "2023-06-19"),
])  # fmt: skip
def test_the_day_is_the_one_the_page_prints(value: str, stated: list[str], lines: list[str], printed: str) -> None:
    assert printed_day.as_printed(value, stated, lines) == printed
