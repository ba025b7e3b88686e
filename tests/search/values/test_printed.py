from __future__ import annotations

import math
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from search.values import printed
from search.values.printed import Printed, pack, unpack
from tests.cases import cases

COORDINATES = st.integers(0, printed.MAX_SIDE)
PRINTED = st.builds(
    lambda start, length, x, y, width, height, block: Printed(start, start + length, x, y, width, height, block),
    st.integers(0, 1 << 24), st.integers(0, 400), COORDINATES, COORDINATES, COORDINATES, COORDINATES,
    st.integers(0, 100_000),
)  # fmt: skip
ANY_NUMBER = st.floats() | st.integers(-(10**12), 10**12)


@given(st.lists(PRINTED))
def test_words_are_unpacked_as_they_were_packed(words: list[Printed]) -> None:
    assert unpack(pack(words)) == words


def test_a_word_takes_few_bytes() -> None:
    words = [Printed(7 * n, 7 * n + 6, 100 + n % 9 * 310, 90 + n // 9 * 61, 270 + n % 40, 44) for n in range(2_000)]

    assert len(pack(words)) < 4 * len(words)


@given(ANY_NUMBER, ANY_NUMBER, ANY_NUMBER, ANY_NUMBER, st.tuples(COORDINATES, COORDINATES))
def test_a_box_is_on_its_page_or_there_is_none(
    x: float, y: float, width: float, height: float, page: tuple[int, int]
) -> None:
    box = printed.clipped(x, y, width, height, page)

    if box is not None:
        assert box[2] > 0 < box[3]
        assert box[0] >= 0 <= box[1]
        assert box[0] + box[2] <= page[0]
        assert box[1] + box[3] <= page[1]


@cases("odd", [math.nan, math.inf, -math.inf, 1e300])
def test_what_is_no_place_has_no_box(odd: float) -> None:
    assert printed.clipped(odd, 0, 10, 10, (100, 100)) is None
    assert printed.clipped(0, 0, 10, odd, (100, 100)) is None


def test_a_box_is_cut_at_the_edge_of_the_page() -> None:
    assert printed.clipped(-5, 90, 20, 40, (100, 100)) == (0, 90, 15, 10)


@given(
    st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9))),
    st.lists(st.tuples(st.integers(0, 5), st.integers(1, 9))),
)
def test_words_over_ranges_are_those_that_share_a_character(
    spans: list[tuple[int, int]], gaps: Sequence[tuple[int, int]]
) -> None:
    words = sorted(Printed(start, start + length, 0, 0, 1, 1) for start, length in spans)
    ranges, at = [], 0
    for gap, length in gaps:
        ranges.append((at + gap, at + gap + length))
        at += gap + length

    expected = [word for word in words if any(a < word.end and word.start < b for a, b in ranges)]
    assert list(printed.over(words, ranges)) == expected


def test_a_block_is_the_rectangle_around_its_words() -> None:
    words = [Printed(0, 1, 10, 20, 30, 5, 1), Printed(2, 3, 50, 18, 10, 9, 1), Printed(4, 5, 0, 0, 1, 1, 2)]

    assert printed.blocks(words) == [(10, 18, 60, 27), (0, 0, 1, 1)]
