"""The passages that two texts share."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from search.measures.overlap import shared
from search.text.tokens import words
from tests.cases import cases
from tests.waiting import grows_less

TEXTS = st.lists(st.sampled_from(("a", "b", "c", "D", "é,", "f.")), max_size=40).map(" ".join)


@given(TEXTS, TEXTS, st.integers(1, 5))
def test_a_passage_is_the_same_in_both_texts(text: str, other: str, least: int) -> None:
    found, share = shared(text, other, least)

    assert 0 <= share <= 1
    for one in found:
        assert words(text[one.start : one.end]) == words(other[one.other_start : one.other_end])
        assert len(words(text[one.start : one.end])) == one.words >= least


@given(TEXTS, TEXTS, st.integers(1, 5))
def test_every_common_run_is_within_a_passage(text: str, other: str, least: int) -> None:
    mine, theirs = words(text), words(other)
    runs = {tuple(mine[at : at + least]) for at in range(len(mine) - least + 1)}
    common = [at for at in range(len(theirs) - least + 1) if tuple(theirs[at : at + least]) in runs]
    found, _ = shared(text, other, least)
    ends = sorted((len(words(other[: one.other_start])), one.words) for one in found)

    for at in common:
        assert any(start < at + least and at < start + size for start, size in ends)


def test_the_share_is_of_the_words_of_the_text() -> None:
    text = "One two three four five six seven eight. Then more."

    found, share = shared(text, "X. ONE two three, four five six seven eight y")

    assert [(one.words, text[one.start : one.end]) for one in found] == [(8, text[:39])]
    assert share == 0.8


def test_a_text_shares_all_of_itself_and_nothing_with_an_empty_one() -> None:
    text = "one two three four five six seven eight nine"

    assert shared(text, text)[1] == 1
    assert shared(text, "") == ([], 0)
    assert shared("", text) == ([], 0)


@cases("unit", ["a ", "a b ", "one two three four five six seven eight nine "])
def test_overlap_is_linear_in_repetitive_texts(unit: str) -> None:
    def prepared(size: int) -> Callable[[], object]:
        text, other = unit * size, unit * size + "x " + unit * size
        return lambda: shared(text, other)

    assert grows_less(4 * 3, prepared, 500, 2000)
