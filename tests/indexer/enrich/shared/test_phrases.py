"""The compiled search for phrases finds what plain steps find, among words and among letters."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.enrich.kernels import around
from indexer.enrich.kernels import phrases as kernels
from indexer.enrich.kernels.around import AFTER_COMMA
from indexer.enrich.shared import phrases
from indexer.enrich.shared.characters import bits_for
from indexer.enrich.shared.words import codes_of
from tests import waiting

WORD = st.integers(0, 5)
PHRASES = st.lists(st.lists(WORD, min_size=1, max_size=4).map(tuple), min_size=1, max_size=20, unique=True)


def found(known: list[tuple[int, ...]], text: list[int]) -> list[tuple[int, int, int]]:
    columns = np.array([*range(2, 8), 1, 1], np.int32)  # 6 and 7 are in no phrase
    places, sizes, names = np.empty((3, len(text)), np.int32)
    numbers = np.array(text, np.int32)
    count = kernels.find(numbers, columns, 2, phrases.tree(known), places, sizes, names)
    return list(zip(places[:count].tolist(), sizes[:count].tolist(), names[:count].tolist(), strict=True))


@given(PHRASES, st.lists(st.integers(0, 7), max_size=40))
def test_the_longest_phrase_at_each_place_is_found(known: list[tuple[int, ...]], text: list[int]) -> None:
    expected = []
    at = 0
    while at < len(text):
        size = max((len(words) for words in known if tuple(text[at : at + len(words)]) == words), default=0)
        if size:
            expected.append((at, size, known.index(tuple(text[at : at + size]))))
        at += max(size, 1)

    assert found(known, text) == expected


def test_time_grows_as_length_does() -> None:
    known = [(0,) * 4, (0, 0, 0, 1), (1, 0)]

    def searching(size: int) -> Callable[[], object]:
        return lambda: found(known, [0, 0, 0, 2] * size)

    assert waiting.grows_less(20, searching, 5_000, 40_000)


WRITTEN = st.lists(st.text("aUS.$-", min_size=2, max_size=5), min_size=1, max_size=12, unique=True)


def written(known: list[str], listed: set[str], text: str) -> list[tuple[int, int, str]]:
    tree = phrases.tree([list(map(ord, phrase)) for phrase in known])
    begun, ends = np.zeros(kernels.BEGINNINGS, np.bool_), np.cumsum([len(phrase) for phrase in known], dtype=np.int32)
    kernels.begin(codes_of("".join(known)), ends, begun)
    marks = np.array([AFTER_COMMA * (phrase in listed) for phrase in known], np.int32)
    for array in (*tree, begun, marks):
        array.setflags(write=False)  # as those of a file, which the loop is compiled for
    codes = codes_of(text)
    out = places, found_ends, names, _ = np.empty((4, len(codes)), np.int32)
    count = kernels.find_written(codes, bits_for(codes), tree, begun, marks, around.table({}), *out)
    each = zip(places[:count].tolist(), found_ends[:count].tolist(), names[:count].tolist(), strict=True)
    return [(first, end, known[name]) for first, end, name in each]


@given(WRITTEN, st.integers(0, 12), st.text("aUS.$-_, é1", max_size=40))
def test_phrases_are_found_as_whole_words(known: list[str], listed: int, text: str) -> None:
    after_comma = set(known[:listed])

    def stands(phrase: str, at: int) -> bool:
        end = at + len(phrase)
        return (
            text.startswith(phrase, at)
            and not text[max(at - 1, 0) : at].isalnum()
            and (not text[end : end + 1].isalnum() or phrase.endswith("$"))
            and (phrase not in after_comma or (text[max(at - 2, 0) : at] == ", " and text[max(at - 3, 0)].isalnum()))
        )

    expected, at = [], 0
    while at < len(text):
        here = max((phrase for phrase in known if stands(phrase, at)), key=len, default="")
        if here:
            expected.append((at, at + len(here), here))
        at += max(len(here), 1)

    assert written(known, after_comma, text) == expected


def test_time_of_phrases_that_nearly_stand_grows_as_length_does() -> None:
    def searching(size: int) -> Callable[[], object]:
        return lambda: written(["aaaa b", "aaaa c"], set(), "aaaa d, " * size)

    assert waiting.grows_less(20, searching, 5_000, 40_000)
