"""The columns of a snapshot, joined without kernels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.local.ask.columns import counts_of_values, first_in_row, kept_values, rows_of_articles

SETS = st.lists(st.lists(st.integers(0, 5), max_size=4), min_size=1, max_size=6)


def csr(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Rows as offsets and values."""
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.uint32)
    return offsets, np.array([value for row in rows for value in row], np.uint32)


@given(SETS, st.data())
def test_values_are_counted_from_the_counts_of_their_sets(rows: list[list[int]], data: st.DataObject) -> None:
    counts = data.draw(st.lists(st.integers(0, 1 << 31), min_size=len(rows), max_size=len(rows)))
    found = counts_of_values(np.array(counts), *csr(rows), 7)

    assert found.tolist() == [
        sum(row.count(value) * count for row, count in zip(rows, counts, strict=True)) for value in range(7)
    ]


@given(SETS, st.data())
def test_each_article_gets_the_values_of_its_set(rows: list[list[int]], data: st.DataObject) -> None:
    sets = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8))
    offsets, values = rows_of_articles(np.array(sets, np.uint32), *csr(rows))

    expected = csr([rows[number] for number in sets])
    assert (offsets.tolist(), values.tolist()) == (expected[0].tolist(), expected[1].tolist())


@given(SETS)
def test_a_value_is_in_a_row_once(rows: list[list[int]]) -> None:
    offsets, values = csr(rows)
    several = np.bincount(values, minlength=6) > 1
    kept = kept_values(offsets, values, first_in_row(offsets, values, several))

    expected = csr([list(dict.fromkeys(row)) for row in rows])
    assert (kept[0].tolist(), kept[1].tolist()) == (expected[0].tolist(), expected[1].tolist())
