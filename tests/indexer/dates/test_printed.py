"""Dates as they are printed."""

from __future__ import annotations

import pytest

from indexer.dates import printed


@pytest.mark.parametrize(
    ("one", "two", "day_first", "found"),
    [
        (13, 12, None, (13, 12)),
        (12, 13, None, (13, 12)),
        (12, 12, None, (12, 12)),
        (12, 11, None, (0, 0)),
        (12, 11, True, (12, 11)),
        (12, 11, False, (11, 12)),
        (13, 12, False, (13, 12)),
        (12, 13, True, (13, 12)),
    ],
)
def test_two_numbers_are_a_day_and_a_month_where_only_one_order_can_be(
    one: int, two: int, day_first: bool | None, found: tuple[int, int]
) -> None:
    assert printed.ordered(one, two, day_first) == found
