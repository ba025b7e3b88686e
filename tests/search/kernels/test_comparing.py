"""Results are put side by side, and the values that differ most selected."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.kernels import comparing
from search.measures import comparison
from tests.search.kernels.arrays import SETTINGS, u32

amounts = st.integers(0, 60) | st.integers(10**6 - 60, 10**6)


@SETTINGS
@given(
    st.lists(amounts, min_size=1, max_size=5), st.lists(st.lists(amounts, min_size=5, max_size=5), max_size=40),
    st.integers(1, 5), st.booleans(),
)  # fmt: skip
def test_the_values_that_differ_most_are_selected(
    totals: list[int], rows: list[list[int]], size: int, ordered: bool
) -> None:
    values = [[min(count, total) for count, total in zip(row, totals, strict=False)] for row in rows]
    order = u32(*(reversed(range(len(values))) if ordered else range(len(values))))
    keys, best = np.empty(size, np.int64), np.empty(size, np.uint32)
    counts = np.array(values, np.uint32).reshape(len(values), len(totals)).T
    kept = comparing.most_different(np.ascontiguousarray(counts), np.array(totals, np.int64), order, keys, best)

    def key(n: int) -> int:
        return comparison.key(values[n], totals)

    there = [n for n in range(len(values)) if any(values[n]) and key(n) > 0]
    expected = sorted(there, key=lambda n: (-key(n), order[n]))[:size]
    assert best[:kept].tolist() == expected
    assert keys[:kept].tolist() == [key(n) for n in expected]


@SETTINGS
@given(st.lists(st.lists(st.integers(0, 20), unique=True), max_size=5))
def test_articles_are_counted_by_the_results_that_have_them(results: list[list[int]]) -> None:
    marks, counts = np.zeros(21, np.uint8), np.zeros(32, np.int64)
    for number, found in enumerate(results):
        comparing.mark(u32(*sorted(found)), 1 << number, marks)
    comparing.count_marks(marks, counts)
    expected = Counter(sum(1 << number for number, found in enumerate(results) if n in found) for n in range(21))
    assert counts.tolist() == [expected[bits] for bits in range(32)]
