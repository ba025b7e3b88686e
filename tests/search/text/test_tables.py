from __future__ import annotations

from search.text import tables


def test_comments_and_blank_lines_are_no_rows() -> None:
    assert list(tables.cells("# a\tb\n\na\tb\n#c\n")) == [["a", "b"]]


def test_rows_are_named_by_the_first() -> None:
    assert list(tables.named("# x\ncode\tnames\nFR\tFrance|Francia\n")) == [{"code": "FR", "names": "France|Francia"}]


def test_a_cell_that_a_row_lacks_is_empty() -> None:
    assert list(tables.named("code\tnames\nFR\n")) == [{"code": "FR", "names": ""}]


def test_an_empty_table_has_no_rows() -> None:
    assert not list(tables.named(""))
