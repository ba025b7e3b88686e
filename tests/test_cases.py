from __future__ import annotations

from pathlib import Path

import pytest

from tests.cases import cases


def test_a_row_that_fails_is_named_and_the_others_are_tried() -> None:
    tried = []

    @cases("number, word", [(1, "one"), (2, "three"), (3, "three")])
    def is_long(number: int, word: str) -> None:
        tried.append(number)
        assert len(word) == number + 2

    with pytest.raises(AssertionError) as caught:
        is_long()
    assert tried == [1, 2, 3]
    assert caught.value.__notes__ == ["case 1: number=2, word='three'"]


def test_all_rows_that_fail_are_named() -> None:
    @cases("number", [1, 2, 3])
    def is_odd(number: int) -> None:
        if not number % 2:
            pytest.fail("even")
        assert number < 3

    with pytest.raises(ExceptionGroup, match="2 of 3 cases failed") as caught:
        is_odd()
    assert [error.__notes__ for error in caught.value.exceptions] == [["case 1: number=2"], ["case 2: number=3"]]


def test_a_row_that_is_skipped_hides_no_failure() -> None:
    @cases("number", [1, 2, 3])
    def is_there(number: int) -> None:
        if number < 3:
            pytest.skip("not here")
        assert number < 3

    with pytest.raises(AssertionError, match="assert 3 < 3"):
        is_there()


def test_an_empty_table_fails() -> None:
    @cases("number", [])
    def is_odd(number: int) -> None:
        assert number % 2

    with pytest.raises(AssertionError, match="empty"):
        is_odd()


@cases("name", ["a", "b"])
def test_what_pytest_gives_is_given_too(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()

    assert (tmp_path / name).exists()


@cases("left", [1, 2])
@cases("right", [3, 4])
def test_tables_multiply(left: int, right: int) -> None:
    assert left < right
