"""Numbers, postings and positions are read as they were packed."""

from __future__ import annotations

import random

import numpy as np
import pytest

from search.jit.arguments import Postings
from search.kernels import packing
from tests.cases import cases
from tests.search.kernels.arrays import u32
from tests.search.kernels.packed import COUNTS, Packed, made_up


@cases("count", COUNTS)
def test_packed_postings_are_read_as_they_were_written(count: int) -> None:
    articles, counts, titles, lengths = made_up(count, count)
    packed = Packed(articles, counts, titles, lengths)
    read = [np.zeros(count, np.uint32) for _ in range(3)]

    assert packing.decode(packed.packed, (0, packed.blocks, 0), *read) == count
    assert [each.tolist() for each in read] == [articles, counts, titles]
    assert packed.lasts.tolist() == [*articles[127::128], *([articles[-1]] if count % 128 else [])]
    assert packed.befores[: packed.blocks].tolist() == [sum(counts[:n]) for n in range(0, count, 128)]


@cases("count", COUNTS)
def test_the_impact_of_a_block_is_its_greatest(count: int) -> None:
    articles, counts, titles, lengths = made_up(count, count + 1)
    packed = Packed(articles, counts, titles, lengths)
    weighed = [n + 2 * title for n, title in zip(counts, titles, strict=True)]
    each = [w / (w + 0.3 + 0.01 * lengths[n]) for n, w in zip(articles, weighed, strict=True)]
    greatest = [max(each[n : n + 128]) for n in range(0, count, 128)]

    assert packed.impacts.tolist() == pytest.approx(greatest, rel=1e-5)
    assert all(impact >= most for impact, most in zip(packed.impacts.tolist(), greatest, strict=True))


@cases("bits", [0, 1, 7, 31, 32])
@cases("count", [1, 127, 128])
def test_numbers_of_any_width_are_packed(bits: int, count: int) -> None:
    most = (1 << bits) - 1
    numbers = [most, *(random.Random(bits).randint(0, most) for _ in range(count - 1))]
    words = np.full(4 * 32 + 64, 0xFFFFFFFF, np.uint32)
    end = packing.pack(u32(*numbers), 0, count, bits, words, 5)
    out = np.zeros(packing.BLOCK, np.uint32)
    packing.unpack(words, 5, count, bits, out)

    assert packing.width(most) == bits
    assert end == 5 + packing.span(count, bits) == 5 + -(-count * bits // 32)
    assert out[:count].tolist() == numbers
    assert words[end] == 0xFFFFFFFF


@cases("count", COUNTS)
def test_positions_are_read_from_any_posting_on(count: int) -> None:
    dice = random.Random(count)
    each = [sorted(dice.sample(range(300), dice.randint(1, 4))) for _ in range(count)]
    flat, counts = [n for some in each for n in some], [len(some) for some in each]
    words, places = np.zeros(2 * len(flat) + 64, np.uint32), np.zeros(1, np.int64)
    made = Postings(np.array([count]), u32(), u32(*counts), u32(), u32(*flat))
    packing.encode_positions((*made,), words, places)
    starts = np.cumsum([0, *counts])
    for some in ([count - 1], [0, count - 1], sorted(dice.sample(range(count), -(-count // 3))), [*range(count)]):
        expected = [n for at in some for n in each[at]]
        out = np.zeros(len(expected), np.uint32)
        packing.decode_positions(
            words, int(places[0]), starts[some], u32(*(counts[n] for n in some)), len(flat), out, 0
        )  # fmt: skip
        assert out.tolist() == expected
