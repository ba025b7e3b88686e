"""The compiled sketches are those of plain steps."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.copies import dedupe
from indexer.copies.kernels import sketching
from indexer.enrich.shared import runs
from search import Article
from tests.indexer.copies import plain_sketch

PIECES = st.sampled_from(
    ["The", "rise", "rose", "CORRECTED", "update", "3-1", "1,000.", "12:30", ".5", "1..2", "b2b", "don't", "O’Neill",
     "e\u0301", "政府は", "한국", "٣١", "²", "ß", "İ", "ﬁ", "x" * 300, "\ud800", "_", "—", "“", ",", "-", "/", " ", " ",
     "\n", "\xa0", "\u2028"]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=80).map("".join), st.text(max_size=60))
HASHES = st.lists(st.integers(0, (1 << 32) - 1), max_size=100)


@given(TEXTS, TEXTS)
def test_compiled_sketches_are_those_of_plain_steps(title: str, text: str) -> None:
    found = dedupe.sketch(Article("a", text, title))

    assert (found.headline.tolist(), found.again) == plain_sketch.headline(title)
    assert found.words == len(plain_sketch._WORD.findall(text))
    if found.words >= dedupe.LEAST:
        assert found.shingles.tolist() == plain_sketch.shingles(text, dedupe.MAX_WORDS)
        assert found.facts.tolist() == plain_sketch.facts(text, dedupe.MAX_WORDS)


def test_words_beyond_the_limit_do_not_count(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dedupe, "MAX_WORDS", 200)
    text = " ".join(f"Word{chr(0x3041 + number % 80)}{number}" for number in range(300))

    found = dedupe.sketch(Article("a", text))

    assert found.words == 200
    assert found.shingles.tolist() == plain_sketch.shingles(text, 200)
    assert found.facts.tolist() == plain_sketch.facts(text, 200)


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


def test_a_full_table_of_runs_is_replaced_and_gives_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    article = Article("a", "Profits rose to 1,000 in May, said Ann Lee of the bank. " * 2, "Profits rise")
    before = dedupe.sketch(article)
    runs.cut.cache_clear()
    monkeypatch.setattr(runs, "MOST", 0)
    monkeypatch.setattr(runs, "_runs", runs.Runs())

    first, table = dedupe.sketch(article), runs._runs
    runs.cut.cache_clear()
    second = dedupe.sketch(article)

    assert runs._runs is not table
    assert before.encode() == first.encode() == second.encode()
