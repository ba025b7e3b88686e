"""Gaps: whole intervals between days of which there are articles."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from search.measures import gaps
from search.measures.gaps import Covered
from search.values.query import Filter, Query
from search.values.results import Bucket, Gap
from tests.cases import cases


def days(*said: str) -> NDArray[np.int64]:
    return np.array([date.fromisoformat(day).toordinal() for day in said], np.int64)


@cases(
    "said, interval, expected",
    [
        (("1989-11-09", "1989-11-10"), "day", []),
        (("1989-11-09", "1989-11-11"), "day", [("1989-11-10", "1989-11-10")]),
        (("1989-11-30", "1989-12-01", "1990-03-31"), "month", [("1990-01-01", "1990-02-28")]),
        (("1989-11-01", "1990-01-31"), "month", [("1989-12-01", "1989-12-31")]),
        (("1989-02-28", "1989-03-31"), "month", []),
        (("2000-01-31", "2000-03-01"), "month", [("2000-02-01", "2000-02-29")]),
        (("1999-01-31", "1999-03-01"), "month", [("1999-02-01", "1999-02-28")]),
        (("1989-11-12", "1989-11-20"), "week", [("1989-11-13", "1989-11-19")]),
        (("1989-11-13", "1989-11-20"), "week", []),
        (("1989-03-31", "1989-07-01"), "quarter", [("1989-04-01", "1989-06-30")]),
        (("1988-12-31", "1990-01-01"), "year", [("1989-01-01", "1989-12-31")]),
        (("1969-12-31", "1980-01-01"), "decade", [("1970-01-01", "1979-12-31")]),
        (("1989-11-09",), "day", []),
        ((), "year", []),
    ],
)
def test_a_gap_has_whole_intervals_between_two_days(
    said: tuple[str, ...], interval: str, expected: list[tuple[str, str]]
) -> None:
    whole = [Bucket("1960-01-01", 1), Bucket("2010-01-01", 1)]

    found = gaps.found([Covered.of_days("source", "Wire", days(*said))], interval, whole)

    assert found == tuple(Gap("source", "Wire", start, end) for start, end in expected)


def test_gaps_are_cut_at_the_ends_of_the_histogram() -> None:
    covered = [Covered.of_days("archive", "", days("1980-01-01", "1990-01-01"))]

    assert gaps.found(covered, "year", [Bucket("1984-01-01", 2), Bucket("1985-01-01", 0)]) == (
        Gap("archive", "", "1984-01-01", "1985-12-31"),
    )
    assert gaps.found(covered, "year", [Bucket("1991-01-01", 2)]) == ()
    assert gaps.found(covered, "year", []) == ()


def test_the_longest_gaps_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gaps, "MAX_GAPS", 2)
    covered = [
        Covered.of_days("source", "b", days("1980-01-01", "1983-01-01", "1985-01-01", "1989-01-01")),
        Covered.of_days("archive", "", days("1980-01-01", "1983-01-01")),
    ]

    assert gaps.found(covered, "year", [Bucket("1980-01-01", 1), Bucket("1989-01-01", 1)]) == (
        Gap("archive", "", "1981-01-01", "1982-12-31"),
        Gap("source", "b", "1986-01-01", "1988-12-31"),
    )


def test_a_filter_on_sources_selects_them() -> None:
    assert gaps.selected(Query(filters={"source": Filter(any=("a", "b"))})) == ("a", "b")
    assert gaps.selected(Query(filters={"source": Filter(any=("a",), missing=True)})) == ()
    assert gaps.selected(Query(filters={"source": Filter(none=("a",))})) == ()
