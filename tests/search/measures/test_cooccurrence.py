"""NPMI."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from search.measures.cooccurrence import npmi


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
