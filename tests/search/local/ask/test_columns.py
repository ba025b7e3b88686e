"""The columns of a snapshot, joined without kernels."""

from __future__ import annotations

import tempfile
from collections import Counter
from itertools import pairwise
from pathlib import Path

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article
from search.local.ask.facts.columns import ValueColumn
from search.local.ask.facts.rows import first_in_row, retained_values, rows_of_articles
from search.local.engine import LocalEngine
from search.names.authority import block, merge
from tests.search.indexes import written
from tests.tiers import examples

SETS = st.lists(st.lists(st.integers(0, 5), max_size=4), min_size=1, max_size=6)


def csr(rows: list[list[int]]) -> tuple[np.ndarray, np.ndarray]:
    """Rows as offsets and values."""
    offsets = np.cumsum([0, *map(len, rows)]).astype(np.uint32)
    return offsets, np.array([value for row in rows for value in row], np.uint32)


@given(SETS, st.data())
def test_each_article_gets_the_values_of_its_set(rows: list[list[int]], data: st.DataObject) -> None:
    sets = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=8))
    offsets, values = rows_of_articles(np.array(sets, np.uint32), *csr(rows))

    expected = csr([rows[number] for number in sets])
    assert (offsets.tolist(), values.tolist()) == (expected[0].tolist(), expected[1].tolist())


@given(SETS)
def test_a_value_is_in_a_row_once(rows: list[list[int]]) -> None:
    offsets, values = csr(rows)
    several = np.bincount(values, minlength=6) > 1
    retained = retained_values(offsets, values, first_in_row(offsets, values, several))

    expected = csr([list(dict.fromkeys(row)) for row in rows])
    assert (retained[0].tolist(), retained[1].tolist()) == (expected[0].tolist(), expected[1].tolist())


PERSONS = st.sampled_from(["Ann Lee", "ANN LEE", "Ann Q. Lee", "Lee", "Bo Lee", "Bo"])
COMMITS = st.lists(
    st.dictionaries(st.integers(0, 5), st.none() | st.lists(PERSONS, max_size=4, unique=True), min_size=1, max_size=6),
    min_size=1,
    max_size=4,
)


def counted(column: ValueColumn, live: np.ndarray) -> tuple[dict[int, int], int]:
    """The live articles that have each value, and those that have none, from the values of each article."""
    rows = [column.rows.ordinals[begin:end].tolist() for begin, end in pairwise(column.rows.offsets.tolist())]
    each = [rows[number] for number in column.rows.sets.tolist()] if len(column.rows.sets) else rows
    there = [row for row, alive in zip(each, live.tolist(), strict=True) if alive]
    return dict(Counter(value for row in there for value in row)), sum(not row for row in there)


@examples(40, few=12)
@given(COMMITS, st.booleans(), st.booleans())
def test_totals_are_those_of_the_articles_values(
    commits: list[dict[int, list[str] | None]], decided: bool, asked: bool
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "idx"
        with search.writer(place) as writer:
            writer.commit()
        engine = LocalEngine(place)
        for commit in commits:
            with search.writer(place) as writer:
                for number, persons in commit.items():
                    if persons is None:
                        writer.delete(str(number))
                    else:
                        writer.add(Article(str(number), "text", person=tuple(persons)))
                if decided:
                    merged = merge(writer.authority(), "person", "Robert Lee", ["Bo"], "", "now")
                    writer.set_authority(block(merged, "person", "Bo Lee", "now"))
            snapshot = engine._snapshot()
            column = snapshot.facets["person"]
            if asked:
                assert column.rows
        found = {number: total for number, total in enumerate(column.totals.tolist()) if total}
        assert (found, column.missing) == counted(column, snapshot.live)
        engine.close()


def test_opening_reads_nothing_that_each_article_has(tmp_path: Path) -> None:
    with LocalEngine(written(tmp_path / "idx", Article("a", "text", person=("Ann Lee",)))) as engine:
        snapshot = engine._snapshot()
        assert not snapshot.instants
        assert all("rows" not in column.__dict__ for column in snapshot.facets.values())
