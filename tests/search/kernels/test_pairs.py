"""Pairs of values in the same articles are counted."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.kernels import pairs
from tests.search.kernels.arrays import SETTINGS, rows_of, u32

values_of = st.lists(st.lists(st.integers(0, 9), max_size=5, unique=True), min_size=1, max_size=12)


@SETTINGS
@given(values_of, st.data(), st.booleans(), st.booleans(), st.permutations(range(10)))
def test_pairs_are_counted_once_a_story(
    values: list[list[int]], data: st.DataObject, shared: bool, same: bool, order: list[int]
) -> None:
    size = len(values)
    told = data.draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size))
    others = values if same else data.draw(st.lists(values_of.map(lambda some: some[0]), min_size=size, max_size=size))
    articles = u32(*sorted(range(size), key=lambda n: told[n]))
    first, second = rows_of(values, shared), rows_of(others, not shared and not same)
    second = first if same else second
    table, at, used, slots = None, 0, 0, 2
    while at < size:
        larger = np.full(slots, pairs.FREE, np.int64), np.zeros(slots, np.uint32), np.empty(slots, np.int32)
        if table is not None:
            pairs.enlarge(table, larger)
        table, slots = larger, 2 * slots
        at, used = pairs.count_pairs(
            articles, at, np.array(told, np.int32), first, second, same, u32(*order), table, used
        )

    def of(n: int) -> set[tuple[int, int]]:
        if same:
            return {(a, b) for a in values[n] for b in values[n] if order[a] < order[b]}
        return {(a, b) for a in values[n] for b in others[n]}

    expected: Counter[tuple[int, int]] = Counter()
    for story in {(told[n], n if told[n] < 0 else 0) for n in range(size)}:
        mine = [n for n in range(size) if (told[n], n if told[n] < 0 else 0) == story]
        expected.update(set().union(*map(of, mine)))
    assert table is not None
    keys, counts, _ = table
    found = {(int(key) >> 32, int(key) & 0xFFFFFFFF): int(n) for key, n in zip(keys, counts, strict=True) if key >= 0}
    assert found == expected
    assert used == len(expected)
