from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk import edited
from tests.tiers import examples


def wrong(sentence: str) -> Exception:
    return AssertionError(sentence)


@given(st.text("a'\"=;-\n\r\t| ＝x", max_size=8))
@examples(1_000)
def test_what_is_written_is_read_again(cell: str) -> None:
    text = f"one,two\n{edited.line(['x', cell])}\n"
    ((_, found),) = edited.rows(text, ("one", "two"), ("one",), wrong)  # type: ignore[arg-type]

    assert found["two"] == cell.strip()


@pytest.mark.parametrize("between", [";", "\t", "|", "\n"])
def test_no_cell_becomes_a_formula_where_other_signs_part_columns(between: str) -> None:
    written = edited.line(["x", f'said{between}=HYPERLINK("http://evil.example")'])
    for dialect in (",", ";", "\t", "|"):
        cells = [cell for row in csv.reader(io.StringIO(written, newline=""), delimiter=dialect) for cell in row]
        assert not [cell for cell in cells if cell.lstrip('"').startswith("=")]
