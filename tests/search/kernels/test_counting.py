"""Values and days are counted, and the most frequent selected."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.kernels import counting
from tests.search.kernels.arrays import SETTINGS, u32


@SETTINGS
@given(st.lists(st.integers(0, 5), max_size=300), st.integers(0, 12), st.randoms())
def test_the_most_frequent_come_first_and_equals_in_their_order(
    counts: list[int], size: int, dice: random.Random
) -> None:
    order = dice.sample(range(len(counts)), len(counts))
    best = sorted((n for n, count in enumerate(counts) if count), key=lambda n: (-counts[n], order[n]))
    out = np.zeros(max(size, 1), np.int64)
    kept, distinct = counting.most_frequent(u32(*counts), u32(*order), size, out)

    assert (out[:kept].tolist(), distinct) == (best[:size], len(best))
    kept = counting.most_frequent_of(u32(*best), u32(*counts), u32(*order), size, out)
    assert out[:kept].tolist() == best[:size]


@SETTINGS
@given(
    st.lists(st.lists(st.integers(0, 7), max_size=4, unique=True), min_size=1, max_size=12),
    st.sets(st.integers(0, 11)),
    st.sets(st.integers(0, 7)),
    st.integers(0, 5),
    st.booleans(),
    st.randoms(),
)
def test_the_values_of_articles_are_counted_and_the_most_frequent_picked(
    rows: list[list[int]], chosen: set[int], shown: set[int], size: int, shared: bool, dice: random.Random
) -> None:
    articles = sorted(number for number in chosen if shared or number < len(rows))
    sets = [dice.randrange(len(rows)) for _ in range(12)] if shared else []
    having = [rows[sets[number] if shared else number] for number in articles]
    counts = Counter(value for row in having for value in row if not shown or value in shown)
    order = dice.sample(range(8), 8)
    best = sorted(counts, key=lambda value: (-counts[value], order[value]))[:size]
    listed = np.isin(np.arange(8), list(shown)) if shown else np.empty(0, np.bool_)
    offsets, ordinals = u32(0, *np.cumsum([len(row) for row in rows])), u32(*(value for row in rows for value in row))
    for few in (True, False):
        table, top, amounts = np.zeros(8, np.uint32), np.empty(size, np.int64), np.empty(size, np.int64)
        missing, distinct, kept = counting.most_frequent_in(
            u32(*articles), u32(*sets), offsets, ordinals, listed, u32(*order), few, table, top, amounts
        )

        assert (missing, distinct) == (sum(not row for row in having), len(counts))
        assert top[:kept].tolist() == best
        assert amounts[:kept].tolist() == [counts[value] for value in best]
        assert not table.any()


@SETTINGS
@given(st.lists(st.integers(0, 30), max_size=20), st.integers(1, 30), st.integers(0, 30), st.lists(st.integers(1, 9)))
def test_the_days_of_few_articles_are_counted_by_interval(
    days: list[int], low: int, high: int, widths: list[int]
) -> None:
    own, articles = np.array([0, *days], np.int32), u32(*range(1, len(days) + 1))
    inside = [day for day in days if day and low <= day <= high]
    first, last, missing = counting.days_between(articles, own, low, high)

    assert missing == days.count(0)
    assert (first, last) == (min(inside), max(inside)) if inside else first > last
    starts = np.cumsum([low, *widths])
    counts = np.empty(len(starts) - 1, np.int64)
    if len(counts):
        counting.count_days(articles, own, starts[:-1], int(starts[-1]), counts)
    assert counts.tolist() == [sum(a <= day < b for day in days) for a, b in pairwise(starts.tolist())]


@SETTINGS
@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 30), st.sets(st.integers(1, 80), min_size=2))
def test_days_are_added_up_within_each_interval(counts: list[int], first: int, bounds: set[int]) -> None:
    *starts, stop = sorted(bounds)
    found = np.empty(len(starts), np.int64)

    counting.add_up_days(u32(*counts), first, np.array(starts, np.int64), stop, found)

    by_day = {first + n: count for n, count in enumerate(counts)}
    ends = [*starts[1:], stop]
    assert found.tolist() == [
        sum(by_day.get(day, 0) for day in range(*interval)) for interval in zip(starts, ends, strict=True)
    ]
