"""NPMI, and which pairs can be asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.cooccurrence import Pairing, npmi
from search.errors import BadQuery
from tests.cases import cases


@given(st.integers(2, 1000), st.data())
def test_values_that_are_always_together_are_one_and_independent_ones_zero(total: int, data: st.DataObject) -> None:
    a, b = (data.draw(st.integers(1, total)) for _ in range(2))

    assert npmi(a, a, a, total) == 1.0
    assert npmi(a, a, total, total) == (1.0 if a == total else 0.0)
    count = data.draw(st.integers(max(1, a + b - total), min(a, b)))
    found = npmi(count, a, b, total)
    assert -1 <= found <= 1
    if count < total:
        assert (found > 0) == (count * total > a * b) or abs(found) < 1e-5


@cases(
    "asked, named",
    [
        ({"fields": ("person",)}, "fields"),
        ({"fields": ("person", "words")}, "fields"),
        ({"measure": "lift"}, "measure"),
        ({"min": 0}, "min"),
        ({"limit": -1}, "limit"),
        ({"limit": 100_001}, "limit"),
    ],
)
def test_what_cannot_be_paired_is_named(asked: dict[str, object], named: str) -> None:
    with pytest.raises(BadQuery) as caught:
        Pairing(**asked)  # type: ignore[arg-type]

    assert [error.name for error in caught.value.errors] == [named]
