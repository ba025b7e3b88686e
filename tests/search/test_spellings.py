"""Spellings of one name are shown under one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.spellings import People
from search.text import fold

NAMES = ("Muammar Gaddafi", "Moammar Gaddafi", "M. Gaddafi", "Gaddafi", "Al Gore", "Albert Gore", "Ronald W. Reagan",
         "Ronald Reagan", "Reagan", "George Bush", "George H. W. Bush", "al-Assad", "Bashar al-Assad")  # fmt: skip


def groups(people: People, names: list[str]) -> list[int]:
    counts = np.array(range(len(names), 0, -1), np.int64)
    return list(map(int, people.groups(counts, names, np.zeros(len(names), np.bool_))))


@given(st.lists(st.sampled_from(NAMES), unique=True), st.integers(0, len(NAMES)), st.booleans())
def test_names_are_grouped_alike_however_they_are_added(names: list[str], at: int, asked: bool) -> None:
    keys = [fold(name) for name in names]
    whole = People()
    whole.add(keys)
    expected = groups(whole, names)

    grown = People()
    grown.add(keys[:at])
    if asked:
        groups(grown, names[:at])
    assert len(grown) == len(keys[:at])
    later = People(grown)
    for people in (grown, later):
        people.add(keys[at:])
        assert len(people) == len(keys)
        assert groups(people, names) == expected
