"""The words of the runs of a text are those of the text."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer import languages
from indexer.enrich.shared import runs
from indexer.enrich.shared.runs import Cut, Parts, Runs
from indexer.safe.limits import TooMuch
from search.text.tokens import words
from tests import waiting

ENGLISH = languages.default()

PIECES = st.sampled_from(
    ["The", "U.S.-led", "1,000", "don't", "O’Neill", "e\u0301", "政府は", "İ", "x" * 300, "\ud800", "_", "—", "“", ",",
     "-", "/", "'", "\u0301", " ", " ", "\n", "\xa0", "\u2028", "\U0001f600"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=60))


def _of(table: Runs, written: Sequence[str]) -> tuple[list[int], list[list[int]]]:
    found = [words(run) for run in written]
    return [len(each) for each in found], [[table.words.number(word) for each in found for word in each]]


WORDS = Parts((np.int32,), _of)


@given(TEXTS, st.integers(0, 9))
def test_words_of_runs_are_those_of_the_text(text: str, most: int) -> None:
    cut = Cut(text, Runs(ENGLISH))
    expected = [word if len(word) <= 200 else "\n" for word in words(text)]

    assert [cut.table.words.spellings[number] for number in cut.spelled(WORDS)] == expected
    assert [cut.table.words.spellings[number] for number in cut.spelled(WORDS, most)] == expected[:most]


@given(TEXTS)
def test_runs_stand_where_they_begin(text: str) -> None:
    cut = Cut(text, Runs(ENGLISH))
    written = cut.table.since(0)

    for at, number in enumerate(cut.numbers.tolist()):
        assert text.startswith(written[number], cut.start(at))
        assert cut.from_run(at).startswith(written[number])


def test_an_interrupted_table_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object) -> None:
        raise TooMuch("It takes too long.")

    runs.cut.cache_clear()
    table = runs.cut("", ENGLISH).table
    with monkeypatch.context() as patch:
        patch.setattr(table._numbers, "number", interrupt)
        with pytest.raises(TooMuch):
            runs.cut("a b", ENGLISH)

    assert runs.cut("a b", ENGLISH).table is not table


def test_time_grows_as_length_does() -> None:
    def cutting(size: int) -> Callable[[], object]:
        text = "".join(f"word{number} “and” 1,{number} " for number in range(size))
        return lambda: Cut(text, Runs(ENGLISH)).spelled(WORDS)

    assert waiting.grows_less(20, cutting, 400, 3_200)
