"""Lists made up by hypothesis, and lists as the arrays that kernels take."""

from __future__ import annotations

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.kernels import pairs
from tests.tiers import examples

SETTINGS = examples(60, few=20)
SIZE = 60
"""Articles, of which the lists have some."""

lists = st.sets(st.integers(0, SIZE - 1)).map(sorted)
weights = st.lists(st.integers(1, 9), min_size=SIZE, max_size=SIZE)


def u32(*numbers: int) -> NDArray[np.uint32]:
    return np.array(numbers, np.uint32)


def rows_of(values: list[list[int]], shared: bool) -> pairs.Rows:
    """Rows of one article each, or sets that several articles have."""
    sets = sorted({tuple(some) for some in values}) if shared else [tuple(some) for some in values]
    numbers = [sets.index(tuple(some)) for some in values] if shared else []
    return u32(*numbers), u32(*np.cumsum([0, *map(len, sets)])), u32(*(n for some in sets for n in some))
