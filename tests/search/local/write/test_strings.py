"""Numbers of strings and of words against a dictionary's."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.local.format.string_arrays import DEPTH, Strings
from search.local.write.growing_strings import StringList
from search.local.write.word_numbers import StringNumbers, Words
from tests.tiers import examples
from tests.waiting import grows_less

NAMES = st.text("aé中🚀\0 ", max_size=4) | st.integers(0, 400).map("a name that is longer, {}".format)
PARTS = st.lists(st.lists(NAMES, max_size=60), max_size=6)


def by_dictionary(parts: list[list[str]]) -> list[list[int]]:
    """The naive twin."""
    known: dict[str, int] = {}
    return [[known.setdefault(name, len(known)) for name in part] for part in parts]


@examples(100, few=30)
@given(PARTS)
def test_strings_are_numbered_as_by_a_dictionary(parts: list[list[str]]) -> None:
    names = StringNumbers()

    assert [names.numbers(part).tolist() for part in parts] == by_dictionary(parts)
    expected = list(dict.fromkeys(name for part in parts for name in part))
    assert [name.decode() for name in names.all.spelled()] == expected
    assert [names[number] for number in range(len(names))] == expected


@examples(100, few=30)
@given(PARTS)
def test_used_names_are_sorted_by_their_bytes(parts: list[list[str]]) -> None:
    names = StringNumbers()
    for part in parts:
        numbers = names.numbers(part)
        used = np.zeros(len(names), np.bool_)
        used[numbers] = True

        places, found = names.among(used)

        assert found.spelled() == sorted({name.encode() for name in part})
        assert [found[place].decode() for place in places[numbers]] == part


@examples(100, few=30)
@given(st.lists(NAMES.flatmap(lambda name: st.sampled_from((name, 20 * name, 40 * name, "https://a.example/" + name)))))
def test_strings_are_sorted_by_their_bytes(names: list[str]) -> None:
    strings = Strings.of(names)

    assert strings.order().tolist() == sorted(range(len(names)), key=lambda number: names[number].encode())


def test_strings_that_are_long_alike_are_sorted() -> None:
    names = [f"{'a' * 2 * DEPTH}{number}" for number in range(300)]

    assert Strings.of(names).some(Strings.of(names).order()).spelled() == sorted(name.encode() for name in names)


@examples(100, few=30)
@given(st.lists(st.lists(st.tuples(NAMES, NAMES), max_size=40), max_size=5))
def test_a_word_is_a_stem_and_a_form(parts: list[list[tuple[str, str]]]) -> None:
    words, expected = Words(1000), by_dictionary([[f"{stem}\n{form}" for stem, form in part] for part in parts])
    told: list[tuple[bytes, bytes]] = []

    for part, numbers in zip(parts, expected, strict=True):
        stems, forms = ([pair[side] for pair in part] for side in (0, 1))
        assert words.numbers(Strings.of(stems), Strings.of(forms)).tolist() == numbers
        new = words.since(len(told))
        told += zip(new[0].spelled(), new[1].spelled(), strict=True)

    assert told == [(s.encode(), f.encode()) for s, f in dict.fromkeys(pair for part in parts for pair in part)]


@examples(100, few=30)
@given(PARTS)
def test_a_list_has_what_was_added(parts: list[list[str]]) -> None:
    found, expected = StringList(), [name for part in parts for name in part]
    for part in parts:
        found.append(Strings.of(part))

    assert [name.decode() for name in found.all.spelled()] == expected
    assert [name.decode() for name in found.all.since(len(expected) // 2).spelled()] == expected[len(expected) // 2 :]
    backwards = np.arange(len(expected))[::-1].copy()
    assert [name.decode() for name in found.all.some(backwards).spelled()] == expected[::-1]


def test_text_that_is_not_valid_is_refused() -> None:
    with pytest.raises(UnicodeEncodeError):
        StringNumbers().numbers(["a", "\ud800"])


def test_the_cost_of_a_string_does_not_grow_with_their_number() -> None:
    def prepared(size: int) -> Callable[[], object]:
        parts = [Strings.of([f"name {number}" for number in range(at, at + 500)]) for at in range(0, size, 500)]

        def number() -> None:
            names = StringNumbers()
            for part in parts:
                names.number(part)

        return number

    assert grows_less(8, prepared, 20_000, 80_000)
