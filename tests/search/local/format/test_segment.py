from __future__ import annotations

from pathlib import Path

import pytest

from search import Article
from search.local.format.segment import SegmentData
from tests.search.indexes import written


@pytest.fixture
def segment(tmp_path: Path) -> SegmentData:
    written(tmp_path / "x.idx", *(Article(f"a{number}", "Text.", source="Wire") for number in range(3)))
    (lexicon,) = (tmp_path / "x.idx").glob("*.lex")
    return SegmentData(lexicon.parent, lexicon.stem)


def test_a_column_has_the_values_of_its_articles(segment: SegmentData) -> None:
    column = segment.values("source")

    assert list(column.values) == [b"Wire"]
    assert column.sets.tolist() == [1, 1, 1]
    assert segment.postings.articles(column.first).tolist() == [0, 1, 2]


def test_a_column_of_a_field_that_was_added_since_is_empty(segment: SegmentData) -> None:
    column = segment.values("edition")

    assert list(column.values) == []
    assert column.values.find(b"evening") is None
    assert column.sets.tolist() == [0, 0, 0]
    assert column.offsets.tolist() == [0, 0]
