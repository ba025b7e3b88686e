"""The compiled search for phrases finds what plain steps find."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.enrich.kernels import phrases as kernels
from indexer.enrich.shared import phrases
from tests import waiting

WORD = st.integers(0, 5)
PHRASES = st.lists(st.lists(WORD, min_size=1, max_size=4).map(tuple), min_size=1, max_size=20, unique=True)


def found(known: list[tuple[int, ...]], text: list[int]) -> list[tuple[int, int, int]]:
    columns = np.array([*range(2, 8), 1, 1], np.int32)  # 6 and 7 are in no phrase
    places, sizes, names = np.empty((3, len(text)), np.int32)
    numbers = np.array(text, np.int32)
    count = kernels.find(numbers, columns, 2, phrases.tree(known), places, sizes, names)
    return list(zip(places[:count].tolist(), sizes[:count].tolist(), names[:count].tolist(), strict=True))


@given(PHRASES, st.lists(st.integers(0, 7), max_size=40))
def test_the_longest_phrase_at_each_place_is_found(known: list[tuple[int, ...]], text: list[int]) -> None:
    expected = []
    at = 0
    while at < len(text):
        size = max((len(words) for words in known if tuple(text[at : at + len(words)]) == words), default=0)
        if size:
            expected.append((at, size, known.index(tuple(text[at : at + size]))))
        at += max(size, 1)

    assert found(known, text) == expected


def test_time_grows_as_length_does() -> None:
    known = [(0,) * 4, (0, 0, 0, 1), (1, 0)]

    def searching(size: int) -> Callable[[], object]:
        return lambda: found(known, [0, 0, 0, 2] * size)

    assert waiting.grows_less(20, searching, 5_000, 40_000)
