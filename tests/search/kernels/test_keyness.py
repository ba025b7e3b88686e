"""Terms of all segments are joined, counted in a result, and the most special selected."""

from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from search.jit.arguments import Blocks, Postings
from search.kernels import keyness, packing
from search.measures import keyness as measures
from tests.search.kernels.arrays import SETTINGS, u32, weights

sorted_terms = st.lists(st.text("ab\u00e9", max_size=4), max_size=12, unique=True).map(
    lambda words: sorted(word.encode() for word in words)
)


@SETTINGS
@given(st.lists(sorted_terms, max_size=4))
def test_sorted_terms_of_several_segments_are_joined(segments: list[list[bytes]]) -> None:
    everything = [term for terms in segments for term in terms]
    data = np.frombuffer(b"".join(everything), np.uint8)
    ends = np.cumsum([len(term) for term in everything]).astype(np.int64)
    numbers: list[NDArray[np.uint32]] = []
    ours, first = np.empty(0, np.int64), 0
    for terms in segments:
        joined, places = np.empty(len(ours) + len(terms), np.int64), np.empty(len(terms), np.uint32)
        moved = np.empty(len(ours), np.uint32)
        size = keyness.join(data, ends, ours, first, first + len(terms), joined, moved, places)
        ours, numbers = joined[:size].copy(), [*(moved[some] for some in numbers), places]
        first += len(terms)

    assert [everything[entry] for entry in ours] == sorted({*everything})
    for terms, places in zip(segments, numbers, strict=True):
        assert [sorted({*everything})[place] for place in places] == terms


@SETTINGS
@given(st.lists(weights, max_size=40))
def test_the_next_article_with_a_weight_is_known(rows: list[list[int]]) -> None:
    flags = np.array([weight > 6 for row in rows for weight in row], np.uint8)
    out = np.empty(len(flags) + 1, np.uint32)
    keyness.following(flags, out)

    assert out.tolist() == [next((n for n in range(at, len(flags)) if flags[n]), len(flags)) for at in range(len(out))]


@SETTINGS
@given(st.integers(0, 2**32), st.integers(0, 100), st.sampled_from([1, 3, 40]), st.booleans())
def test_words_are_counted_in_the_articles_of_a_result(seed: int, base: int, rarity: int, known: bool) -> None:
    chance = random.Random(seed)
    lists_of = [sorted(chance.sample(range(700), chance.choice((1, 5, 128, 300, 700)))) for _ in range(6)]
    postings = Postings(
        np.cumsum([len(some) for some in lists_of]), u32(*(n for some in lists_of for n in some)),
        u32(*[1] * sum(map(len, lists_of))), u32(*[0] * sum(map(len, lists_of))), u32(),
    )  # fmt: skip
    most = len(postings.docs) // packing.BLOCK + 7
    blocks = Blocks(
        np.zeros(7, np.int64), np.zeros(4 * len(postings.docs) + 64, np.uint32), np.zeros(most, np.uint32),
        np.zeros(most, np.int64), np.zeros(most, np.uint32), np.zeros(0, np.float32), np.zeros(0, np.int64),
    )  # fmt: skip
    packing.encode((*postings,), u32(), 1.2, 0.01, (*blocks,))
    reference = {n for n in range(base, base + 700) if not chance.randrange(rarity)}
    result = {n for n in reference if chance.random() < 0.4}
    weights = np.zeros(base + 700, np.uint8)
    weights[sorted(reference)] = 0 if known else keyness.IN_REFERENCE
    weights[sorted(result)] = keyness.IN_RESULT
    ahead = np.empty(len(weights) + 1, np.uint32)
    keyness.following(weights, ahead)
    counts, totals, wanted = np.zeros(6, np.uint32), np.zeros(0 if known else 6, np.uint32), np.ones(6, np.bool_)
    wanted[2] = False
    keyness.count_terms(
        (blocks.words, blocks.offsets, blocks.shapes), blocks.lasts, blocks.starts, u32(5, 4, 3, 2, 1, 0),
        u32(0, 1, 2, 3, 4, 5), wanted, base, weights, ahead, counts, totals,
    )  # fmt: skip

    having = [{n + base for n in lists_of[5 - number]} for number in range(6)]
    assert counts.tolist() == [len(having[n] & result) if n != 2 else 0 for n in range(6)]
    if not known:
        assert totals.tolist() == [len(having[n] & reference) if n != 2 else 0 for n in range(6)]


@SETTINGS
@given(
    st.integers(1, 20), st.integers(1, 40), st.lists(st.tuples(st.integers(0, 60), st.integers(0, 20)), max_size=30),
    st.integers(1, 5), st.booleans(), st.booleans(), st.integers(0, 30),
)  # fmt: skip
def test_the_most_special_values_are_selected(
    total: int, rest: int, pairs: list[tuple[int, int]], size: int, under: bool, ordered: bool, cut: int
) -> None:
    whole = total + rest
    totals = [min(of, whole) for of, _ in pairs]
    counts = [max(min(count, of, total), of - rest) for (_, count), of in zip(pairs, totals, strict=True)]
    order = u32(*reversed(range(len(pairs)))) if ordered else u32()
    keys, best, kept = np.empty(size, np.int64), np.empty(size, np.uint32), 0
    for some in (range(min(cut, len(pairs))), range(min(cut, len(pairs)), len(pairs))):
        kept = keyness.most_special(
            u32(*some), u32(*counts), u32(*totals), total, whole, under, order, kept, keys, best
        )

    def key(n: int) -> int:
        return measures.key(counts[n], totals[n], total, whole)

    beyond = [
        n for n in range(len(pairs))
        if (counts[n] * whole < total * totals[n] if under else counts[n] * whole > total * totals[n])
    ]  # fmt: skip
    expected = sorted(beyond, key=lambda n: (-key(n), -n if ordered else n))[:size]
    assert best[:kept].tolist() == expected
    assert keys[:kept].tolist() == [key(n) for n in expected]
    known, unknown = np.empty(len(pairs), np.int64), np.empty(len(pairs), np.int64)
    keyness.bounds(u32(*totals), total, whole, under, True, known)
    keyness.bounds(u32(*totals), total, whole, under, False, unknown)
    for n in beyond:
        assert key(n) <= known[n] <= unknown[n]
