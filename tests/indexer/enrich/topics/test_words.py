"""The words of a passage, where they stand, and how often their stems occur."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import languages
from indexer.enrich.kernels import counting
from indexer.enrich.topics import words
from indexer.enrich.topics.words import Stems, count, read
from search.fields import TITLE_WEIGHT
from search.text.tokens import fold_word, runs, stem

ENGLISH = languages.default()

PIECES = st.sampled_from(
    ["The", "bank", "Banks", "banking", "U.S.-led", "1,000", "don't", "O’Neill", "e\u0301", "Élan", "政府は", "x" * 300,
     "\ud800", "_", "—", "“", ",", "-", " ", " ", " ", "\n", "\xa0"]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=60).map("".join)
STEMS = Stems({"bank": 0, "the": 1, "elan": 2, "o'neill": 3, "政": 4}, "en")


@given(TEXTS)
def test_words_stand_where_they_are_written(text: str) -> None:
    found = read(text, ENGLISH)
    expected = [match.span() for match in runs(text)]

    assert [found.span(at) for at in range(len(found.numbers))] == expected


@given(TEXTS, TEXTS)
def test_stems_are_counted_as_plain_steps_count_them(title: str, text: str) -> None:
    rows = {"bank": 0, "the": 1, "elan": 2, "o'neill": 3, "政": 4}
    expected: Counter[int] = Counter()
    for passage, weight in ((text, 1), (title, TITLE_WEIGHT)):
        for match in runs(passage):
            row = rows.get(stem(fold_word(match[0]), "en"))
            if row is not None:
                expected[row] += weight

    found, counts = count(read(title, ENGLISH), read(text, ENGLISH), STEMS)

    assert dict(zip(found.tolist(), counts.tolist(), strict=True)) == expected
    assert found.tolist() == list(expected)


def test_the_first_words_of_a_long_text_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "READ", 3)

    assert len(read("one two's-three four five", ENGLISH).numbers) == 3
    assert len(read("one", ENGLISH).numbers) == 1


@given(st.integers(1, 300), st.integers(0, 99))
def test_contributions_are_those_of_plain_steps(size: int, seed: int) -> None:
    draw = np.random.default_rng(seed)
    weights, values = draw.integers(-127, 128, (400, 17)).astype(np.int8), draw.random(size, np.float32)
    rows = draw.permutation(400)[:size].astype(np.int32)
    said, sums = np.empty((size, 17), np.float32), np.zeros(17, np.float32)

    counting.contribute(rows, weights, values, said, sums)

    expected = weights[rows] * values[:, None]
    assert np.array_equal(said, expected)
    assert np.array_equal(sums, expected.sum(axis=0))
