"""The compiled sketches are those of plain steps."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.copies import dedupe
from indexer.copies.kernels import sketching
from search import Article
from tests.indexer.copies import plain_sketch
from tests.tiers import examples
from tests.waiting import grows_less

PIECES = st.sampled_from(
    ["The", "rise", "rose", "CORRECTED", "update", "3-1", "1,000.", "12:30", ".5", "1..2", "b2b", "don't", "O’Neill",
     "e\u0301", "政府は", "한국", "٣١", "²", "ß", "İ", "ﬁ", "x" * 300, "\ud800", "_", "—", "“", ",", "-", "/", " ", " ",
     "\n", "\xa0", "\u2028"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=80).map("".join), st.text(max_size=60))
HASHES = st.lists(st.integers(0, (1 << 32) - 1), max_size=100)


@given(TEXTS, TEXTS, st.sampled_from([None, "en", "de", "de-AT"]))
def test_compiled_sketches_are_those_of_plain_steps(title: str, text: str, language: str | None) -> None:
    found = dedupe.sketch(Article("a", text, title, language=language))

    assert (found.headline.tolist(), found.again) == plain_sketch.headline(title)
    assert found.words == len(plain_sketch._WORD.findall(text))
    if found.words >= dedupe.LEAST:
        assert found.shingles.tolist() == plain_sketch.shingles(text, dedupe.MAX_WORDS)
        nouns = (language or "").startswith("de")
        assert found.sequence.tolist() == plain_sketch.sequence(text, dedupe.MAX_WORDS, nouns)


def test_words_beyond_the_limit_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dedupe, "MAX_WORDS", 200)
    text = " ".join(f"Word{chr(0x3041 + number % 80)}{number}" for number in range(300))

    found = dedupe.sketch(Article("a", text))

    assert found.words == 200
    assert found.shingles.tolist() == plain_sketch.shingles(text, 200)
    assert found.sequence.tolist() == plain_sketch.sequence(text, 200)


@given(HASHES, HASHES, HASHES, st.booleans())
def test_compiled_comparisons_are_those_of_plain_steps(
    one: list[int], other: list[int], without: list[int], alike: bool
) -> None:
    if alike:
        other = other[: len(other) // 2] + one[::2]
        without = without + one[::3]
    kept, others, left_out = (sorted(set(hashes)) for hashes in (one, other, without))
    first, second = (np.array(hashes[: dedupe.SIZE], np.uint32) for hashes in (kept, others))

    found = sketching.compare(first, second, np.array(left_out, np.uint32), dedupe.SIZE)

    assert found == plain_sketch.compare(kept[: dedupe.SIZE], others[: dedupe.SIZE], left_out)


CODES = st.lists(st.integers(0, 5).map(lambda number: number << 2), max_size=200)


@examples(100, few=12)
@given(CODES, CODES)
def test_sequences_are_aligned_by_their_longest_common_subsequence(one: list[int], other: list[int]) -> None:
    found = sketching.matches(np.array(one, np.uint16), np.array(other, np.uint16)).tolist()
    pairs = [(place, there) for place, there in enumerate(found) if there >= 0]

    assert all(one[place] == other[there] for place, there in pairs)
    assert [there for _, there in pairs] == sorted({there for _, there in pairs})
    assert len(pairs) == plain_sketch.longest(one, other)


def test_a_text_of_any_characters_has_a_sketch(amount: Callable[..., int]) -> None:
    """Every character of Unicode, in texts that bring new ones."""
    parts = range(0, 0x110000, 0x4000)
    for first in parts[:: len(parts) // amount(len(parts), few=8)]:
        text = "One two " + " x".join(map(chr, range(first, first + 0x4000)))
        found = dedupe.sketch(Article("a", text))
        assert found.shingles.tolist() == plain_sketch.shingles(text, dedupe.MAX_WORDS)
        assert found.sequence.tolist() == plain_sketch.sequence(text, dedupe.MAX_WORDS)


def test_a_sketch_takes_time_in_proportion_to_the_text(amount: Callable[..., int]) -> None:
    hard = ("word ", "1.", "政", "1", ".", "Aß", " ", "1. ", "\U0001d7d8")
    for piece in hard[: amount(len(hard), few=3)]:

        def prepared(size: int, piece: str = piece) -> Callable[[], object]:
            text = piece * size
            return lambda: [dedupe.sketch(Article("a", text, text)) for _ in range(3)]

        assert grows_less(20, prepared, 20_000, 200_000), piece


def test_a_comparison_takes_no_more_time_for_longer_texts() -> None:
    def prepared(size: int) -> Callable[[], object]:
        one, other = (dedupe.sketch(Article("a", " ".join(f"{word} {n % 7} x" for n in range(size)))) for word in "ab")
        return lambda: [dedupe._exchanged(one, other) for _ in range(50)]

    assert grows_less(2, prepared, 2_000, 20_000)
