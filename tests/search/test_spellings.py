"""Spellings of one name are shown under one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names import spellings
from search.names.spellings import People
from search.text.tokens import fold

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


FOLDED = st.sampled_from(
    ["ronald reagan", "ronald w reagan", "nancy reagan", "reagan", "r reagan", "xi jinping", "xi", "jinping xi",
     "ann-marie lee", "ann marie lee", "lee", "lee reagan", "de reagan", "o'neill", "paul oneill", "a", "a b"]
)  # fmt: skip


def akin(known: set[str], asked: set[str]) -> tuple[set[str], set[str]]:
    """What `Relatives.of` finds, by a look at each name."""
    apart = {key: spellings._apart(key) for key in known | asked}
    loose, first, last = ({key: parts[part] for key, parts in apart.items()} for part in (1, 2, 3))
    alone = {key for key in known if not apart[key][4] & spellings._FULL}

    def alike(names: set[str]) -> set[str]:
        return {key for key in known if loose[key] in {loose[name] for name in names}}

    mates = alike(asked)
    words = {part[key] for key in mates for part in (first, last)} & {last[key] for key in alone}
    moved = alike(mates | {key for key in alone if last[key] in words})
    words |= {last[key] for key in moved & alone}
    return moved, alike(moved | {key for key in known if first[key] in words or last[key] in words})


@given(st.lists(st.lists(FOLDED, max_size=6), max_size=4), st.sets(FOLDED, max_size=3), st.sampled_from([0, 3, 1000]))
def test_relatives_are_found_however_many_are_sorted(batches: list[list[str]], asked: set[str], unsorted: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(spellings, "_UNSORTED", unsorted)
        relatives = spellings.Relatives()
        known: set[str] = set()
        for batch in batches:
            relatives.add(batch)
            known.update(batch)
            assert relatives.of(asked) == akin(known, asked)
