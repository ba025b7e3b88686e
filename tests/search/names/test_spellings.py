"""Spellings of one name are shown under one."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.names import relatives as rows
from search.names.company import Articles
from search.names.name_keys import FULL, taken_apart
from search.names.relatives import Relatives
from search.names.spellings import People
from search.text.tokens import fold

NAMES = ("Muammar Gaddafi", "Moammar Gaddafi", "M. Gaddafi", "Gaddafi", "Al Gore", "Albert Gore", "Ronald W. Reagan",
         "Ronald Reagan", "Reagan", "George Bush", "George H. W. Bush", "al-Assad", "Bashar al-Assad")  # fmt: skip


def groups(people: People, names: list[str]) -> list[int]:
    """Every name is in articles of its own, one of them with a companion of all."""
    counts = np.array(range(len(names), 0, -1), np.int64)
    company = Articles((None, [number, 1000]) for number in range(len(names)))
    return list(map(int, people.groups(counts, names, np.zeros(len(names), np.bool_), company)))


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
     "ann-marie lee", "ann marie lee", "lee", "lee reagan", "de reagan", "o'neill", "paul oneill", "a", "a b",
     "lee-reagan", "ron reagan", "charles iii", "roy reagan jr"]
)  # fmt: skip


def akin(known: set[str], asked: set[str]) -> tuple[set[str], set[str]]:
    """What `Relatives.of` finds, by a look at each name."""
    apart = {key: taken_apart(key) for key in known | asked}
    tight, given, first, last = ({key: str(parts[part]) for key, parts in apart.items()} for part in range(4))
    alone = {key for key in known if not apart[key][4] & FULL}

    def like(part: dict[str, str], names: set[str]) -> set[str]:
        return {key for key in known if part[key] in {part[name] for name in names}}

    def family(names: set[str]) -> set[str]:
        while (more := like(tight, like(last, names))) != names:
            names = more
        return names

    mates = like(tight, asked)
    words = {first[key] for key in mates | like(given, mates)}
    begun = family({key for key in alone if last[key] in words})
    moved = family(mates) | (begun & alone)
    beginning = like(tight, {key for key in known if first[key] in {last[name] for name in moved & alone}})
    return moved, moved | begun | beginning | like(tight, like(given, beginning))


@given(st.lists(st.lists(FOLDED, max_size=6), max_size=4), st.sets(FOLDED, max_size=3), st.sampled_from([0, 3, 1000]))
def test_relatives_are_found_however_many_are_sorted(batches: list[list[str]], asked: set[str], unsorted: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rows, "_UNSORTED", unsorted)
        relatives = Relatives()
        known: set[str] = set()
        for batch in batches:
            relatives.add(batch)
            known.update(batch)
            assert relatives.of(asked) == akin(known, asked)
