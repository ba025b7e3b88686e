"""Measures of keyness: textbook values, and their limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.measures.keyness import g2, key, measured


def test_a_table_has_the_log_likelihood_of_the_textbook() -> None:
    """Dunning 1993, table 2: “the swiss”, with a log-likelihood ratio of 270.72."""
    assert g2(110, 110 + 111, 110 + 2442, 110 + 2442 + 111 + 29114) == pytest.approx(270.72, abs=0.01)


def test_the_log_ratio_counts_doublings() -> None:
    for count, of, ratio in ((4, 8, 1.0), (2, 10, -1.0), (2, 6, 0.0), (4, 4, math.log2(0.4 / (0.5 / 20)))):
        assert measured("v", "v", count, of, 10, 30).log_ratio == pytest.approx(ratio, abs=1e-4)
    assert measured("v", "v", 0, 4, 10, 30).log_ratio == pytest.approx(math.log2((0.5 / 10) / (4 / 20)), abs=1e-4)


tables = st.tuples(*[st.integers(0, 50)] * 4).filter(lambda cells: cells[0] + cells[2] and cells[1] + cells[3])


@given(tables)
def test_it_is_zero_as_expected_and_has_the_sign_of_the_difference(cells: tuple[int, int, int, int]) -> None:
    count, rest, absent, neither = cells
    total, of, whole = count + absent, count + rest, sum(cells)
    found = g2(count, of, total, whole)

    if count * whole == total * of:
        assert found == pytest.approx(0, abs=1e-9)
    else:
        assert (found > 0) == (count > total * of / whole)
    assert abs(found) == pytest.approx(abs(g2(rest, of, rest + neither, whole)), abs=1e-9)
    assert key(count, of, total, whole) == int(abs(found) * 1e6 + 0.5)
