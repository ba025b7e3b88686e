"""Cells of a table are counted."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.kernels import crossing
from tests.search.kernels.arrays import SETTINGS, rows_of, u32


@SETTINGS
@given(st.integers(0, 2**32), st.integers(0, 12), st.booleans(), st.booleans(), st.booleans())
def test_cells_are_counted_once_a_story(seed: int, size: int, shared: bool, stories: bool, none: bool) -> None:
    chance = random.Random(seed)
    values, others = ([chance.sample(range(4), chance.randrange(4)) for _ in range(size)] for _ in range(2))
    told = [chance.choice((-1, 0, 1)) if stories else -1 for _ in range(size)]
    articles = u32(*sorted(range(size), key=lambda n: told[n]))
    first, second = rows_of(values, shared), rows_of(others, not shared)
    rows, columns = (np.array(chance.sample([0, 1, -1, -1], 4), np.int32) for _ in range(2))
    counts, stamps = np.zeros(9, np.uint32), np.full(9 if stories else 0, -1, np.int32)
    without = 2 if none else -1
    crossing.count_cells(
        articles, np.array(told if stories else [], np.int32), first, second, rows, columns, without, without, 3,
        counts, stamps,
    )  # fmt: skip

    def places(own: list[int], of: NDArray[np.int32]) -> set[int]:
        return ({int(of[value]) for value in own} if own else {without}) - {-1}

    expected: Counter[int] = Counter()
    for story in {(told[n], n if told[n] < 0 else 0) for n in range(size)}:
        mine = [n for n in range(size) if (told[n], n if told[n] < 0 else 0) == story]
        expected.update({
            3 * row + column for n in mine for row in places(values[n], rows) for column in places(others[n], columns)
        })  # fmt: skip
    assert counts.tolist() == [expected[cell] for cell in range(9)]
