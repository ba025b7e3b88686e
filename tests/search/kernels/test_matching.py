"""Lists of articles are joined, subtracted, filtered and looked up."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from numpy.typing import NDArray

from search.kernels import matching
from tests.search.kernels.arrays import SETTINGS, SIZE, lists, u32, weights


def scored(articles: list[int], times: float) -> NDArray[np.float64]:
    return np.array([times * (article + 1) for article in articles], np.float64)


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
