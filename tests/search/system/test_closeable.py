from __future__ import annotations

import pytest

from search.system.closeable import Closeable


class Door(Closeable):
    def __init__(self) -> None:
        self.closed = 0

    def close(self) -> None:
        self.closed += 1


def test_the_end_of_its_block_closes_it_once() -> None:
    with Door() as door:
        assert door.closed == 0
    assert door.closed == 1


def test_an_exception_closes_it_and_passes_on() -> None:
    door = Door()
    with pytest.raises(KeyError), door:
        raise KeyError("key")
    assert door.closed == 1
