"""Words near each other are counted."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.fields import TITLE_WEIGHT
from search.kernels import nearby_places as together
from tests.search.kernels.arrays import u32
from tests.tiers import examples

places = st.sets(st.integers(0, 9) | st.integers(0, 700))


@examples(300)
@given(st.lists(st.tuples(places, places), min_size=1, max_size=4), st.integers(1, together.WINDOW), st.integers(0, 70))
def test_words_near_each_other_are_counted(rows: list[tuple[set[int], set[int]]], distance: int, title: int) -> None:
    """Of the two words in each field, the places of the one that has fewer near the other."""
    each = [tuple(sorted(n if n < title else n + 2 for n in some) for some in row) for row in rows]
    starts = u32(*(n for part in range(2) for row in each for n in row[part]))
    counts = np.array([[len(row[part]) for row in each] for part in range(2)], np.uint32)
    begins = np.array([0, counts[0].sum()], np.int64)
    extents = np.full(len(each), title, np.uint32), np.full(len(each), 702, np.uint32)
    expected = []
    for one, other in each:
        weight = 0
        for times, field in ((TITLE_WEIGHT, range(title)), (1, range(title, 800))):
            mine, theirs = ([n for n in some if n in field] for some in (one, other))
            weight += times * min(
                sum(any(abs(n - m) <= distance for m in others) for n in own)
                for own, others in ((mine, theirs), (theirs, mine))
            )
        expected.append(weight)
    for kernel in (together.weigh_near, together.weigh_near_words):
        articles, weighed = np.zeros(len(each), np.uint32), np.zeros(len(each), np.uint32)
        size = kernel(
            starts, starts, begins, counts, distance, np.arange(len(each), dtype=np.uint32), extents, articles, weighed
        )
        assert articles[:size].tolist() == [n for n, weight in enumerate(expected) if weight]
        assert weighed[:size].tolist() == [weight for weight in expected if weight]
