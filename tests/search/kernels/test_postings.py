"""Terms are found, and their packed postings read as far as needed."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from search.kernels import phrases, postings
from tests.cases import cases
from tests.search.kernels.arrays import SETTINGS, u32
from tests.search.kernels.packed import COUNTS, Packed, made_up


@SETTINGS
@given(st.lists(st.binary(max_size=3), max_size=30), st.lists(st.binary(max_size=3), max_size=30))
def test_many_terms_are_found_among_unsorted_ones(terms: list[bytes], wanted: list[bytes]) -> None:
    """Of several that are equal the last one."""
    order = sorted(range(len(terms)), key=terms.__getitem__)
    blob, ends = (np.frombuffer(b"".join(terms), np.uint8), np.cumsum([len(term) for term in terms], dtype=np.uint64))
    looked_for = np.frombuffer(b"".join(wanted), np.uint8)
    found = np.empty(len(wanted), np.int64)
    postings.find_many(
        blob, ends, np.array(order, np.uint32), looked_for,
        np.cumsum([len(term) for term in wanted], dtype=np.int64), found,
    )  # fmt: skip

    last = {term: number for number, term in enumerate(terms)}
    assert found.tolist() == [last.get(term, -1) for term in wanted]


@cases("count", COUNTS)
@cases("base", [0, 1000])
def test_weights_are_looked_up_in_packed_postings(count: int, base: int) -> None:
    articles, counts, titles, lengths = made_up(count, count + 2)
    packed = Packed(articles, counts, titles, lengths)
    known = {n: c + 2 * t for n, c, t in zip(articles, counts, titles, strict=True)}
    dice = random.Random(count)
    for some in ([articles[-1]], [articles[0], articles[-1]], sorted(dice.sample(range(5 * count), min(count, 40)))):
        found = np.full(len(some), 99, np.uint32)
        asked = u32(*(n + base for n in some))
        postings.look_up(packed.packed, packed.lasts, (0, packed.blocks, base), asked, 0, len(some), found)
        assert found.tolist() == [known.get(n, 0) for n in some]
        where = np.full(len(some), 99, np.int64)
        phrases.locate_in(packed.packed, packed.lasts, packed.befores, (0, packed.blocks, 0), u32(*some), where)
        spots = {n: sum(counts[:at]) << phrases.SHIFT | counts[at] for at, n in enumerate(articles)}
        assert where.tolist() == [spots.get(n, 0) for n in some]


@cases("count", COUNTS)
def test_the_best_are_found_without_reading_all(count: int) -> None:
    articles, counts, titles, lengths = made_up(count, count + 3)
    packed = Packed(articles, counts, titles, lengths)
    ranks = np.random.default_rng(count).permutation(5 * count).astype(np.uint32)
    keys = {
        n: -int(2.5 * w / (w + 0.3 + 0.01 * lengths[n]) * 1e6 + 0.5)
        for n, c, t in zip(articles, counts, titles, strict=True)
        for w in (c + 2 * t,)
    }
    live = np.arange(5 * count) % 7 > 0
    for living in (np.empty(0, np.bool_), live):
        for size in (1, 3, count, count + 5):
            best = sorted((n for n in articles if not len(living) or living[n]), key=lambda n: (keys[n], ranks[n]))
            found, numbers = np.zeros(size, np.int64), np.zeros(size, np.uint32)
            kept = postings.top(
                packed.packed, (packed.lasts, packed.impacts), (0, packed.blocks, 0), (packed.lengths, 2.5, 0.3, 0.01),
                1.0, living, ranks, 0, (found, numbers),
            )  # fmt: skip
            assert numbers[:kept].tolist() == best[:size]
            assert found[:kept].tolist() == [keys[n] for n in best[:size]]
