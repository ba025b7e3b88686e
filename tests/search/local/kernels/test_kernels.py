"""The compiled loops against what they say of themselves, on lists made up by hypothesis."""

from __future__ import annotations

import random
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from search import comparison
from search import keyness as measures
from search.fields import TITLE_WEIGHT
from search.local.kernels import (
    comparing,
    counting,
    crossing,
    keyness,
    matching,
    packing,
    pairs,
    spelling,
    stories,
    together,
)
from search.local.kernels import phrases as near
from search.local.kernels import postings as kernels
from search.local.kernels.arguments import Blocks, Postings
from tests.plain_engine.words import edits_between

SETTINGS = settings(max_examples=60, deadline=None)
SIZE = 60
"""Articles, of which the lists have some."""

lists = st.sets(st.integers(0, SIZE - 1)).map(sorted)
weights = st.lists(st.integers(1, 9), min_size=SIZE, max_size=SIZE)


def u32(*numbers: int) -> NDArray[np.uint32]:
    return np.array(numbers, np.uint32)


def scored(articles: list[int], times: float) -> NDArray[np.float64]:
    return np.array([times * (article + 1) for article in articles], np.float64)


@SETTINGS
@given(st.lists(st.binary(max_size=3), max_size=30), st.lists(st.binary(max_size=3), max_size=30))
def test_many_terms_are_found_among_unsorted_ones(terms: list[bytes], wanted: list[bytes]) -> None:
    """Of several that are equal the last one."""
    order = sorted(range(len(terms)), key=terms.__getitem__)
    blob, ends = (np.frombuffer(b"".join(terms), np.uint8), np.cumsum([len(term) for term in terms], dtype=np.uint64))
    looked_for = np.frombuffer(b"".join(wanted), np.uint8)
    found = np.empty(len(wanted), np.int64)
    kernels.find_many(
        blob, ends, np.array(order, np.uint32), looked_for,
        np.cumsum([len(term) for term in wanted], dtype=np.int64), found,
    )  # fmt: skip

    last = {term: number for number, term in enumerate(terms)}
    assert found.tolist() == [last.get(term, -1) for term in wanted]


# -- lists of articles -----------------------------------------------------------------------


@SETTINGS
@given(lists, lists)
def test_two_lists_are_joined_article_by_article(a: list[int], b: list[int]) -> None:
    one, other = dict(zip(a, scored(a, 1), strict=True)), dict(zip(b, scored(b, 1000), strict=True))
    for kernel, wanted in ((matching.both, sorted({*a} & {*b})), (matching.either, sorted({*a} | {*b}))):
        out, scores = np.zeros(len(a) + len(b) + 1, np.uint32), np.zeros(len(a) + len(b) + 1)
        size = kernel(u32(*a), scored(a, 1), u32(*b), scored(b, 1000), out, scores)

        assert out[:size].tolist() == wanted
        assert scores[:size].tolist() == [one.get(n, 0) + other.get(n, 0) for n in wanted]


@SETTINGS
@given(lists, lists)
def test_a_list_is_taken_out_of_another(a: list[int], b: list[int]) -> None:
    articles, scores = u32(*a), scored(a, 1)
    size = matching.subtract(articles, scores, u32(*b))

    assert articles[:size].tolist() == sorted({*a} - {*b})
    assert scores[:size].tolist() == scored(sorted({*a} - {*b}), 1).tolist()


@SETTINGS
@given(lists, lists, weights)
def test_weights_are_looked_up_at_some_articles(a: list[int], b: list[int], given: list[int]) -> None:
    out = np.full(len(b), 99, np.uint32)
    matching.look_among(u32(*a), u32(*(given[n] for n in a)), u32(*b), out)

    assert out.tolist() == [given[n] if n in a else 0 for n in b]


@SETTINGS
@given(lists, lists)
def test_articles_are_kept_by_what_is_marked(a: list[int], marked: list[int]) -> None:
    flags = np.zeros(SIZE, np.uint8)
    flags[marked] = 0b101
    out, scores = np.zeros(SIZE + 1, np.uint32), scored(a, 1)
    inside, outside = [n for n in a if n in marked], [n for n in a if n not in marked]

    assert out[: matching.keep(u32(*a), flags, 0b101, out)].tolist() == inside
    assert out[: matching.keep(u32(*a), flags, 0b111, out)].tolist() == []
    assert out[: matching.drop(u32(*a), flags, 0b110, out)].tolist() == outside
    assert out[: matching.keep_live(u32(*a), flags == 0, out)].tolist() == outside
    picked = np.zeros(len(a) + 1)
    assert picked[: matching.pick(u32(*a), scores, flags, picked)].tolist() == scored(inside, 1).tolist()
    articles = u32(*a)
    size = matching.without_marked(articles, scores, flags)
    assert (articles[:size].tolist(), scores[:size].tolist()) == (outside, scored(outside, 1).tolist())
    everything = np.ones(SIZE, np.uint8)
    assert out[: matching.complement(u32(*a), everything, out)].tolist() == sorted({*range(SIZE)} - {*a})


@SETTINGS
@given(lists, weights)
def test_a_list_goes_through_a_table_and_comes_back(a: list[int], given: list[int]) -> None:
    own = u32(*(given[n] for n in a))
    table, articles, values = np.zeros(SIZE, np.uint32), np.zeros(SIZE, np.uint32), np.zeros(SIZE, np.uint32)
    matching.put(u32(*a), own, table)
    size = matching.collect(table, articles, values)

    assert articles[:size].tolist() == a
    assert values[:size].tolist() == own.tolist()


# -- packed postings -------------------------------------------------------------------------


class Packed:
    """Postings of one term, packed."""

    def __init__(self, articles: list[int], counts: list[int], titles: list[int], lengths: list[int]) -> None:
        blocks = -(-len(articles) // packing.BLOCK)
        out = Blocks(
            starts=np.zeros(blocks + 1, np.int64),
            words=np.zeros(4 * len(articles) + 64, np.uint32),
            lasts=np.zeros(blocks, np.uint32),
            offsets=np.zeros(blocks + 1, np.int64),
            shapes=np.zeros(blocks, np.uint32),
            impacts=np.zeros(blocks, np.float32),
            befores=np.zeros(blocks + 1, np.int64),
        )
        made = Postings(np.array([len(articles)]), u32(*articles), u32(*counts), u32(*titles), u32())
        self.lengths = u32(*lengths)
        self.blocks, _ = packing.encode((*made,), self.lengths, 0.3, 0.01, (*out,))
        assert self.blocks == blocks
        self.packed = out.words, out.offsets, out.shapes
        self.lasts, self.impacts, self.befores = out.lasts, out.impacts, out.befores


def postings(count: int, seed: int) -> tuple[list[int], list[int], list[int], list[int]]:
    """Articles, occurrences, those in the title, and the length of each article."""
    dice = random.Random(seed)
    articles = sorted(dice.sample(range(5 * count), count))
    counts = [1 + int(dice.expovariate(0.5)) for _ in articles]
    titles = [dice.randint(0, min(most, 2)) for most in counts]
    return articles, counts, titles, dice.choices([1, 80, 400], k=5 * count)


COUNTS = (1, 2, 127, 128, 129, 255, 256, 257, 700)
"""Postings of a term, at both sides of where a block is full."""


@pytest.mark.parametrize("count", COUNTS)
def test_packed_postings_are_read_as_they_were_written(count: int) -> None:
    articles, counts, titles, lengths = postings(count, count)
    packed = Packed(articles, counts, titles, lengths)
    read = [np.zeros(count, np.uint32) for _ in range(3)]

    assert packing.decode(packed.packed, (0, packed.blocks, 0), *read) == count
    assert [each.tolist() for each in read] == [articles, counts, titles]
    assert packed.lasts.tolist() == [*articles[127::128], *([articles[-1]] if count % 128 else [])]
    assert packed.befores[: packed.blocks].tolist() == [sum(counts[:n]) for n in range(0, count, 128)]


@pytest.mark.parametrize("count", COUNTS)
def test_the_impact_of_a_block_is_its_greatest(count: int) -> None:
    articles, counts, titles, lengths = postings(count, count + 1)
    packed = Packed(articles, counts, titles, lengths)
    weighed = [n + 2 * title for n, title in zip(counts, titles, strict=True)]
    each = [w / (w + 0.3 + 0.01 * lengths[n]) for n, w in zip(articles, weighed, strict=True)]
    greatest = [max(each[n : n + 128]) for n in range(0, count, 128)]

    assert packed.impacts.tolist() == pytest.approx(greatest, rel=1e-5)
    assert all(impact >= most for impact, most in zip(packed.impacts.tolist(), greatest, strict=True))


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("base", [0, 1000])
def test_weights_are_looked_up_in_packed_postings(count: int, base: int) -> None:
    articles, counts, titles, lengths = postings(count, count + 2)
    packed = Packed(articles, counts, titles, lengths)
    known = {n: c + 2 * t for n, c, t in zip(articles, counts, titles, strict=True)}
    dice = random.Random(count)
    for some in ([articles[-1]], [articles[0], articles[-1]], sorted(dice.sample(range(5 * count), min(count, 40)))):
        found = np.full(len(some), 99, np.uint32)
        asked = u32(*(n + base for n in some))
        kernels.look_up(packed.packed, packed.lasts, (0, packed.blocks, base), asked, 0, len(some), found)
        assert found.tolist() == [known.get(n, 0) for n in some]
        where = np.full(len(some), 99, np.int64)
        near.locate_in(packed.packed, packed.lasts, packed.befores, (0, packed.blocks, 0), u32(*some), where)
        spots = {n: sum(counts[:at]) << near.SHIFT | counts[at] for at, n in enumerate(articles)}
        assert where.tolist() == [spots.get(n, 0) for n in some]


@pytest.mark.parametrize("count", COUNTS)
def test_the_best_are_found_without_reading_all(count: int) -> None:
    articles, counts, titles, lengths = postings(count, count + 3)
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
            kept = kernels.top(
                packed.packed, (packed.lasts, packed.impacts), (0, packed.blocks, 0), (packed.lengths, 2.5, 0.3, 0.01),
                1.0, living, ranks, 0, (found, numbers),
            )  # fmt: skip
            assert numbers[:kept].tolist() == best[:size]
            assert found[:kept].tolist() == [keys[n] for n in best[:size]]


@pytest.mark.parametrize("bits", [0, 1, 7, 31, 32])
@pytest.mark.parametrize("count", [1, 127, 128])
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


# -- positions -------------------------------------------------------------------------------


@pytest.mark.parametrize("count", COUNTS)
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


@settings(max_examples=300, deadline=None)
@given(
    st.text("aab.c", min_size=2, max_size=12), st.integers(0, 3), st.sampled_from(["ab", "aa", "aab", "abc"]),
    st.integers(0, 2), st.integers(0, 4),
)  # fmt: skip
def test_windows_are_counted_once_each(text: str, distance: int, bag: str, field: int, title: int) -> None:
    """A position in the title is below its length, one in the text two above it at least."""
    placed = [(n if n < title else n + 2, letter) for n, letter in enumerate(text)]
    needed = Counter(bag)
    positions = [[n for n, letter in placed if letter == word] for word in needed]
    if not all(positions):
        return
    articles, weighed = np.zeros(2, np.uint32), np.zeros(2, np.uint32)
    read = (
        u32(*(n for some in positions for n in some)), np.cumsum([0, *map(len, positions[:-1])]),
        np.array([[len(some)] for some in positions]), np.array([*needed.values()]),
    )  # fmt: skip
    size = near.weigh_windows(read, distance, u32(0), (u32(title), u32(len(text) + 3)), field, articles, weighed)

    def windows(letters: str) -> int:
        spans = [
            (a, b) for a in range(len(letters)) for b in range(a, len(letters)) if needed <= Counter(letters[a : b + 1])
        ]
        least = [(a, b) for a, b in spans if (a + 1, b) not in spans and (a, b - 1) not in spans]
        return sum(b - a + 1 - len(bag) <= distance for a, b in least)

    expected = (field != 2) * 3 * windows(text[:title]) + (field != 1) * windows(text[title:])
    assert (size, int(weighed[0]) if size else 0) == (int(expected > 0), expected)


# -- counts ----------------------------------------------------------------------------------


@SETTINGS
@given(st.lists(st.integers(0, 5), max_size=300), st.integers(0, 12), st.randoms())
def test_the_most_frequent_come_first_and_equals_in_their_order(
    counts: list[int], size: int, dice: random.Random
) -> None:
    order = dice.sample(range(len(counts)), len(counts))
    best = sorted((n for n, count in enumerate(counts) if count), key=lambda n: (-counts[n], order[n]))
    out = np.zeros(max(size, 1), np.int64)
    kept, distinct = counting.most_frequent(u32(*counts), u32(*order), size, out)

    assert (out[:kept].tolist(), distinct) == (best[:size], len(best))
    kept = counting.most_frequent_of(u32(*best), u32(*counts), u32(*order), size, out)
    assert out[:kept].tolist() == best[:size]


@SETTINGS
@given(
    st.lists(st.lists(st.integers(0, 7), max_size=4, unique=True), min_size=1, max_size=12),
    st.sets(st.integers(0, 11)),
    st.sets(st.integers(0, 7)),
    st.integers(0, 5),
    st.booleans(),
    st.randoms(),
)
def test_the_values_of_articles_are_counted_and_the_most_frequent_picked(
    rows: list[list[int]], chosen: set[int], shown: set[int], size: int, shared: bool, dice: random.Random
) -> None:
    articles = sorted(number for number in chosen if shared or number < len(rows))
    sets = [dice.randrange(len(rows)) for _ in range(12)] if shared else []
    having = [rows[sets[number] if shared else number] for number in articles]
    counts = Counter(value for row in having for value in row if not shown or value in shown)
    order = dice.sample(range(8), 8)
    best = sorted(counts, key=lambda value: (-counts[value], order[value]))[:size]
    listed = np.isin(np.arange(8), list(shown)) if shown else np.empty(0, np.bool_)
    offsets, ordinals = u32(0, *np.cumsum([len(row) for row in rows])), u32(*(value for row in rows for value in row))
    for few in (True, False):
        table, top, amounts = np.zeros(8, np.uint32), np.empty(size, np.int64), np.empty(size, np.int64)
        missing, distinct, kept = counting.most_frequent_in(
            u32(*articles), u32(*sets), offsets, ordinals, listed, u32(*order), few, table, top, amounts
        )

        assert (missing, distinct) == (sum(not row for row in having), len(counts))
        assert top[:kept].tolist() == best
        assert amounts[:kept].tolist() == [counts[value] for value in best]
        assert not table.any()


@SETTINGS
@given(st.lists(st.integers(0, 30), max_size=20), st.integers(1, 30), st.integers(0, 30), st.lists(st.integers(1, 9)))
def test_the_days_of_few_articles_are_counted_by_interval(
    days: list[int], low: int, high: int, widths: list[int]
) -> None:
    own, articles = np.array([0, *days], np.int32), u32(*range(1, len(days) + 1))
    inside = [day for day in days if day and low <= day <= high]
    first, last, missing = counting.days_between(articles, own, low, high)

    assert missing == days.count(0)
    assert (first, last) == (min(inside), max(inside)) if inside else first > last
    starts = np.cumsum([low, *widths])
    counts = np.empty(len(starts) - 1, np.int64)
    if len(counts):
        counting.count_days(articles, own, starts[:-1], int(starts[-1]), counts)
    assert counts.tolist() == [sum(a <= day < b for day in days) for a, b in pairwise(starts.tolist())]


@SETTINGS
@given(st.lists(st.integers(-1, 3), max_size=12), st.lists(st.integers(0, 3), min_size=12, max_size=12), st.randoms())
def test_the_first_of_a_story_stands_for_it(groups: list[int], keys: list[int], dice: random.Random) -> None:
    """Ids are in no order: where keys are equal, the article that comes first by group and id is it."""
    ids = dice.sample(range(len(groups)), len(groups))
    order = sorted((n for n, group in enumerate(groups) if group >= 0), key=lambda n: (groups[n], ids[n]))
    meant = [n for n in range(len(groups)) if dice.random() < 0.7]
    places = np.zeros(len(groups), np.uint32)
    places[meant] = np.arange(1, len(meant) + 1)
    chosen = np.zeros(5, np.int64)
    own = np.array([keys[n] for n in meant], np.int64)
    size = stories.best_of_stories(u32(*order), np.array(groups, np.int32), places, own, chosen)
    found = sorted({groups[n] for n in meant} - {-1})

    assert [meant[place] for place in chosen[:size]] == [
        min((n for n in meant if groups[n] == story), key=lambda n: (keys[n], ids[n])) for story in found
    ]


# -- what is special -------------------------------------------------------------------------

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


# -- pairs -----------------------------------------------------------------------------------

values_of = st.lists(st.lists(st.integers(0, 9), max_size=5, unique=True), min_size=1, max_size=12)


def rows_of(values: list[list[int]], shared: bool) -> pairs.Rows:
    """Rows of one article each, or sets that several articles have."""
    sets = sorted({tuple(some) for some in values}) if shared else [tuple(some) for some in values]
    numbers = [sets.index(tuple(some)) for some in values] if shared else []
    return u32(*numbers), u32(*np.cumsum([0, *map(len, sets)])), u32(*(n for some in sets for n in some))


@SETTINGS
@given(values_of, st.data(), st.booleans(), st.booleans(), st.permutations(range(10)))
def test_pairs_are_counted_once_a_story(
    values: list[list[int]], data: st.DataObject, shared: bool, same: bool, order: list[int]
) -> None:
    size = len(values)
    told = data.draw(st.lists(st.integers(-1, 2), min_size=size, max_size=size))
    others = values if same else data.draw(st.lists(values_of.map(lambda some: some[0]), min_size=size, max_size=size))
    articles = u32(*sorted(range(size), key=lambda n: told[n]))
    first, second = rows_of(values, shared), rows_of(others, not shared and not same)
    second = first if same else second
    table, at, used, slots = None, 0, 0, 2
    while at < size:
        larger = np.full(slots, pairs.FREE, np.int64), np.zeros(slots, np.uint32), np.empty(slots, np.int32)
        if table is not None:
            pairs.enlarge(table, larger)
        table, slots = larger, 2 * slots
        at, used = pairs.count_pairs(
            articles, at, np.array(told, np.int32), first, second, same, u32(*order), table, used
        )

    def of(n: int) -> set[tuple[int, int]]:
        if same:
            return {(a, b) for a in values[n] for b in values[n] if order[a] < order[b]}
        return {(a, b) for a in values[n] for b in others[n]}

    expected: Counter[tuple[int, int]] = Counter()
    for story in {(told[n], n if told[n] < 0 else 0) for n in range(size)}:
        mine = [n for n in range(size) if (told[n], n if told[n] < 0 else 0) == story]
        expected.update(set().union(*map(of, mine)))
    assert table is not None
    keys, counts, _ = table
    found = {(int(key) >> 32, int(key) & 0xFFFFFFFF): int(n) for key, n in zip(keys, counts, strict=True) if key >= 0}
    assert found == expected
    assert used == len(expected)


# -- spelling --------------------------------------------------------------------------------


@SETTINGS
@given(
    st.sets(st.text("abé漢😀", min_size=1, max_size=7), min_size=1, max_size=60),
    st.text("abé漢😀", min_size=1, max_size=7),
    st.integers(0, 2),
    st.integers(0, 5),
)
def test_terms_that_begin_alike_are_compared_as_if_each_were_alone(
    terms: set[str], word: str, edits: int, skipped: int
) -> None:
    encoded = sorted(term.encode() for term in terms)
    data, ends = np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([*map(len, encoded)], dtype=np.uint64)
    first = min(skipped, len(encoded) - 1)
    found = np.empty(len(encoded) - first, np.uint8)

    spelling.distances(data, ends, first, np.frombuffer(word.encode("utf-32-le"), np.uint32), edits, found)

    assert found.tolist() == [min(edits_between(term.decode(), word), edits + 1) for term in encoded[first:]]


def test_terms_of_the_greatest_length_are_far_from_all() -> None:
    encoded = [b"a" * length for length in (62, 63, 64, 65)]
    data, ends = np.frombuffer(b"".join(encoded), np.uint8), np.cumsum([*map(len, encoded)], dtype=np.uint64)
    found = np.empty(4, np.uint8)

    spelling.distances(data, ends, 0, np.frombuffer(("a" * 63).encode("utf-32-le"), np.uint32), 2, found)

    assert found.tolist() == [1, 0, 3, 3]


# -- days ------------------------------------------------------------------------------------


@SETTINGS
@given(st.lists(st.integers(0, 9), max_size=40), st.integers(1, 30), st.sets(st.integers(1, 80), min_size=2))
def test_days_are_added_up_within_each_interval(counts: list[int], first: int, bounds: set[int]) -> None:
    *starts, stop = sorted(bounds)
    found = np.empty(len(starts), np.int64)

    counting.add_up_days(u32(*counts), first, np.array(starts, np.int64), stop, found)

    by_day = {first + n: count for n, count in enumerate(counts)}
    ends = [*starts[1:], stop]
    assert found.tolist() == [
        sum(by_day.get(day, 0) for day in range(*interval)) for interval in zip(starts, ends, strict=True)
    ]


places = st.sets(st.integers(0, 9) | st.integers(0, 700))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(places, places), min_size=1, max_size=4), st.integers(1, together.WINDOW), st.integers(0, 70))
def test_words_near_each_other_are_counted(rows: list[tuple[set[int], set[int]]], distance: int, title: int) -> None:
    """Of the two words in each field, the places of the one that has fewer near the other."""
    each = [tuple(sorted(n if n < title else n + 2 for n in some) for some in row) for row in rows]
    starts = u32(*(n for part in range(2) for row in each for n in row[part]))
    counts = np.array([[len(row[part]) for row in each] for part in range(2)], np.uint32)
    begins = np.array([0, counts[0].sum()], np.int64)
    extents = np.full(len(each), title, np.uint32), np.full(len(each), 702, np.uint32)
    expected = []
    for one, other in each:
        weight = 0
        for times, field in ((TITLE_WEIGHT, range(title)), (1, range(title, 800))):
            mine, theirs = ([n for n in some if n in field] for some in (one, other))
            weight += times * min(
                sum(any(abs(n - m) <= distance for m in others) for n in own)
                for own, others in ((mine, theirs), (theirs, mine))
            )
        expected.append(weight)
    for kernel in (together.weigh_near, together.weigh_near_words):
        articles, weighed = np.zeros(len(each), np.uint32), np.zeros(len(each), np.uint32)
        size = kernel(
            starts, starts, begins, counts, distance, np.arange(len(each), dtype=np.uint32), extents, articles, weighed
        )
        assert articles[:size].tolist() == [n for n, weight in enumerate(expected) if weight]
        assert weighed[:size].tolist() == [weight for weight in expected if weight]


# -- cross tables, comparisons ---------------------------------------------------------------


@SETTINGS
@given(st.integers(0, 2**32), st.integers(0, 12), st.booleans(), st.booleans(), st.booleans())
def test_cells_are_counted_once_a_story(seed: int, size: int, shared: bool, stories: bool, none: bool) -> None:
    chance = random.Random(seed)
    values, others = ([chance.sample(range(4), chance.randrange(4)) for _ in range(size)] for _ in range(2))
    told = [chance.choice((-1, 0, 1)) if stories else -1 for _ in range(size)]
    articles = u32(*sorted(range(size), key=lambda n: told[n]))
    first, second = rows_of(values, shared), rows_of(others, not shared)
    rows, columns = (np.array(chance.sample([0, 1, -1, -1], 4), np.int32) for _ in range(2))
    counts, stamps = np.zeros(9, np.uint32), np.full(9 if stories else 0, -1, np.int32)
    without = 2 if none else -1
    crossing.count_cells(
        articles, np.array(told if stories else [], np.int32), first, second, rows, columns, without, without, 3,
        counts, stamps,
    )  # fmt: skip

    def places(own: list[int], of: NDArray[np.int32]) -> set[int]:
        return ({int(of[value]) for value in own} if own else {without}) - {-1}

    expected: Counter[int] = Counter()
    for story in {(told[n], n if told[n] < 0 else 0) for n in range(size)}:
        mine = [n for n in range(size) if (told[n], n if told[n] < 0 else 0) == story]
        expected.update({
            3 * row + column for n in mine for row in places(values[n], rows) for column in places(others[n], columns)
        })  # fmt: skip
    assert counts.tolist() == [expected[cell] for cell in range(9)]


amounts = st.integers(0, 60) | st.integers(10**6 - 60, 10**6)


@SETTINGS
@given(
    st.lists(amounts, min_size=1, max_size=5), st.lists(st.lists(amounts, min_size=5, max_size=5), max_size=40),
    st.integers(1, 5), st.booleans(),
)  # fmt: skip
def test_the_values_that_differ_most_are_selected(
    totals: list[int], rows: list[list[int]], size: int, ordered: bool
) -> None:
    values = [[min(count, total) for count, total in zip(row, totals, strict=False)] for row in rows]
    order = u32(*(reversed(range(len(values))) if ordered else range(len(values))))
    keys, best = np.empty(size, np.int64), np.empty(size, np.uint32)
    counts = np.array(values, np.uint32).reshape(len(values), len(totals)).T
    kept = comparing.most_different(np.ascontiguousarray(counts), np.array(totals, np.int64), order, keys, best)

    def key(n: int) -> int:
        return comparison.key(values[n], totals)

    there = [n for n in range(len(values)) if any(values[n]) and key(n) > 0]
    expected = sorted(there, key=lambda n: (-key(n), order[n]))[:size]
    assert best[:kept].tolist() == expected
    assert keys[:kept].tolist() == [key(n) for n in expected]


@SETTINGS
@given(st.lists(st.lists(st.integers(0, 20), unique=True), max_size=5))
def test_articles_are_counted_by_the_results_that_have_them(results: list[list[int]]) -> None:
    marks, counts = np.zeros(21, np.uint8), np.zeros(32, np.int64)
    for number, found in enumerate(results):
        comparing.mark(u32(*sorted(found)), 1 << number, marks)
    comparing.count_marks(marks, counts)
    expected = Counter(sum(1 << number for number, found in enumerate(results) if n in found) for n in range(21))
    assert counts.tolist() == [expected[bits] for bits in range(32)]
