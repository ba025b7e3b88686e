"""Terms that are spelled nearly as a word are found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.kernels import spelling
from tests.plain_engine.words import edits_between
from tests.search.kernels.arrays import SETTINGS


@SETTINGS
@given(
    st.sets(st.text("abé漢😀", min_size=1, max_size=7), min_size=1, max_size=60),
    st.text("abé漢😀", min_size=1, max_size=7),
    st.integers(0, 2),
    st.integers(0, 5),
)
def test_terms_that_begin_alike_are_compared_as_if_each_were_alone(
    terms: set[str], word: str, edits: int, skipped: int
) -> None:
    encoded = sorted(term.encode() for term in terms)
    data, ends = np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([*map(len, encoded)], dtype=np.uint64)
    first = min(skipped, len(encoded) - 1)
    found = np.empty(len(encoded) - first, np.uint8)

    spelling.distances(data, ends, first, np.frombuffer(word.encode("utf-32-le"), np.uint32), edits, found)

    assert found.tolist() == [min(edits_between(term.decode(), word), edits + 1) for term in encoded[first:]]


def test_terms_of_the_greatest_length_are_far_from_all() -> None:
    encoded = [b"a" * length for length in (62, 63, 64, 65)]
    data, ends = np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([*map(len, encoded)], dtype=np.uint64)
    found = np.empty(4, np.uint8)

    spelling.distances(data, ends, 0, np.frombuffer(("a" * 63).encode("utf-32-le"), np.uint32), 2, found)

    assert found.tolist() == [1, 0, 3, 3]
