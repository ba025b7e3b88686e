"""Windows that have all words of a bag are found and weighed."""

from __future__ import annotations

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.kernels import phrases
from tests.search.kernels.arrays import u32
from tests.tiers import examples


@examples(300)
@given(
    st.text("aab.c", min_size=2, max_size=12), st.integers(0, 3), st.sampled_from(["ab", "aa", "aab", "abc"]),
    st.integers(0, 2), st.integers(0, 4),
)  # fmt: skip
def test_windows_are_counted_once_each(text: str, distance: int, bag: str, field: int, title: int) -> None:
    """A position in the title is below its length, one in the text two above it at least."""
    placed = [(n if n < title else n + 2, letter) for n, letter in enumerate(text)]
    needed = Counter(bag)
    positions = [[n for n, letter in placed if letter == word] for word in needed]
    if not all(positions):
        return
    articles, weighed = np.zeros(2, np.uint32), np.zeros(2, np.uint32)
    read = (
        u32(*(n for some in positions for n in some)), np.cumsum([0, *map(len, positions[:-1])]),
        np.array([[len(some)] for some in positions]), np.array([*needed.values()]),
    )  # fmt: skip
    size = phrases.weigh_windows(read, distance, u32(0), (u32(title), u32(len(text) + 3)), field, articles, weighed)

    def windows(letters: str) -> int:
        spans = [
            (a, b) for a in range(len(letters)) for b in range(a, len(letters)) if needed <= Counter(letters[a : b + 1])
        ]
        least = [(a, b) for a, b in spans if (a + 1, b) not in spans and (a, b - 1) not in spans]
        return sum(b - a + 1 - len(bag) <= distance for a, b in least)

    expected = (field != 2) * 3 * windows(text[:title]) + (field != 1) * windows(text[title:])
    assert (size, int(weighed[0]) if size else 0) == (int(expected > 0), expected)
