"""How much queries differ in a value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.measures import keyness
from search.measures.comparison import MAX_QUERIES, g2, key, subsets

counts = st.lists(st.tuples(st.integers(0, 40), st.integers(0, 60)), min_size=1, max_size=5).filter(
    lambda pairs: any(count for count, _ in pairs)
)


@given(counts, st.integers(1, 5))
def test_equal_shares_do_not_differ_and_order_does_not_matter(pairs: list[tuple[int, int]], times: int) -> None:
    own, totals = [count for count, _ in pairs], [count + rest for count, rest in pairs]

    assert g2(own, totals) >= -1e-9
    assert g2(own[::-1], totals[::-1]) == pytest.approx(g2(own, totals), abs=1e-9)
    assert key([own[0]] * times, [totals[0] or 1] * times) == 0


@given(st.integers(1, 40), st.integers(0, 60), st.integers(0, 40), st.integers(0, 60))
def test_two_samples_that_share_nothing_have_the_keyness_of_one_against_both(a: int, b: int, c: int, d: int) -> None:
    found = g2([a, c], [a + b, c + d])

    assert found == pytest.approx(abs(keyness.g2(a, a + c, a + b, a + b + c + d)) if c + d else 0, abs=1e-6)


def test_all_combinations_are_counted() -> None:
    assert subsets(2) == ((0,), (1,), (0, 1))
    assert len(subsets(MAX_QUERIES)) == 31
