from __future__ import annotations

import pytest

from service.remembered import Remembered


def test_a_value_is_computed_once_in_an_edition() -> None:
    asked: list[int] = []
    remembered: Remembered[int] = Remembered(2)

    def compute() -> int:
        asked.append(len(asked))
        return asked[-1]

    assert [remembered.get(1, "a", compute) for _ in range(3)] == [0, 0, 0]
    assert [remembered.get(2, "a", compute) for _ in range(2)] == [1, 1]
    assert remembered.get(1, "a", compute) == 2  # an index that was put back is not what it was
    assert remembered.get(2, "a", compute) == 3


def test_the_last_ones_are_remembered() -> None:
    remembered: Remembered[int] = Remembered(2)
    for key in "abc":
        remembered.get(1, key, lambda: 1)

    assert [remembered.get(1, key, lambda: 2) for key in "cba"] == [1, 1, 2]


def test_what_fails_is_not_remembered() -> None:
    remembered: Remembered[int] = Remembered(2)
    with pytest.raises(ZeroDivisionError):
        remembered.get(1, "a", lambda: 1 // 0)

    assert remembered.get(1, "a", lambda: 1) == 1
