"""What a merge holds in memory is some of the postings and records of its segments, however many there are."""

from __future__ import annotations

import random
import tracemalloc
from pathlib import Path

import pytest

import search
from search import Article
from search.local import segments
from search.local.writer import LocalWriter

WORDS = [f"{a}{b}{c}" for a in "bdfglmnprs" for b in "aeiou" for c in ("ban", "dol", "fir", "gut", "lem", "mos", "nap")]
EACH = 300
"""Words of an article, most of them once."""


def peak(place: Path, articles: int) -> int:
    """The most bytes that Python and NumPy allocate to merge two segments of so many articles together."""
    dice = random.Random(8)
    for begin in range(2):
        with search.writer(place) as writer:
            for number in range(begin, articles, 2):
                writer.add(Article(f"a{number}", " ".join(dice.choices(WORDS, k=EACH)), "Talks", language="en"))
    with search.writer(place) as writer:
        assert isinstance(writer, LocalWriter)
        tracemalloc.start()
        try:
            merged = segments.merged(place, writer._segments)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert merged.live == articles
        return most


@pytest.mark.check
def test_the_memory_of_a_merge_does_not_grow_with_its_articles(tmp_path: Path) -> None:
    peak(tmp_path / "compiled.idx", 4)

    few, many = peak(tmp_path / "few.idx", 3000), peak(tmp_path / "many.idx", 12_000)

    assert many < 2 * few, (few, many)
