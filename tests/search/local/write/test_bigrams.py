"""Phrases of very frequent words, whose postings are written with those of the words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, Query
from search.kernels import phrases
from search.local.format.bigrams import NOWHERE
from search.local.format.segment import SegmentData
from search.local.safe.catalog import Catalog
from search.local.write import bigrams
from search.local.write.grouping import ranges
from tests.search.indexes import written
from tests.search.local.write.test_merge import Batches, batches, committed, compact
from tests.search.test_properties import WORDS
from tests.tiers import examples

PHRASES = st.builds(
    '{}"{}"'.format,
    st.sampled_from(["", "", "title:", "text:", "="]),
    st.lists(WORDS, min_size=2, max_size=4).map(" ".join),
)


@contextmanager
def in_pieces(share: int, at_once: int = 5, room: int = 3) -> Iterator[None]:
    """Small segments have bigrams, too, which are found some articles and some bigrams at a time."""
    with pytest.MonkeyPatch.context() as patched:
        for name, value in {"FEWEST": 1, "SHARE": share, "AT_ONCE": at_once, "ROOM": room}.items():
            patched.setattr(bigrams, name, value)
        yield


def segments(place: Path) -> list[SegmentData]:
    return [SegmentData(place, segment.name) for segment in Catalog(place).read()[1]]


@examples(20, few=4)
@given(batches, st.lists(PHRASES, min_size=1, max_size=8), st.sampled_from([1, 2, 4]), st.booleans())
def test_phrases_are_found_as_the_oracle_finds_them(
    commits: Batches, asked: list[str], share: int, compacted: bool
) -> None:
    with in_pieces(share), committed(commits) as (place, engine, plain):
        if compacted:
            compact(place)
        for text in asked:
            expected, answered = plain.search(Query(text, size=20)), engine.search(Query(text, size=20))
            assert (answered.total, answered.facets) == (expected.total, expected.facets)
            if compacted:  # else deleted articles count for how rare a word is
                assert {hit.article.id: hit.score for hit in answered.hits} == pytest.approx(
                    {hit.article.id: hit.score for hit in expected.hits}, abs=1e-5
                )


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index of a thousand articles, in which most have some of six words."""
    words = ["the", "old", "man", "and", "a", "sea"]
    with search.writer(tmp_path / "idx") as writer:
        for number in range(1_000):
            turned = words[number % 6 :] + words[: number % 6]
            writer.add(Article(f"a{number}", " ".join([*turned, f"w{number}"]), " ".join(turned[:2])))
    return tmp_path / "idx"


def test_no_position_is_read_for_two_very_frequent_words(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phrases, "weigh_pairs", None)
    monkeypatch.setattr(phrases, "weigh_phrases", None)
    with search.open(place) as engine:
        totals = {text: engine.search(Query(f'"{text}"')).total for text in ("old man", "sea the", "man old")}

    assert totals == {"old man": 833, "sea the": 833, "man old": 0}


def test_a_phrase_of_three_begins_with_the_rarest_of_words_and_bigrams(place: Path) -> None:
    with search.open(place) as engine:
        assert engine.search(Query('"the old man"')).total == 666
        assert engine.search(Query('"old man w4"')).total == 0
        assert engine.search(Query('"and a w4"')).total == 0
        assert engine.search(Query('"old the man"')).total == 0
        assert engine.search(Query('"man and w4"')).total == 1


def test_every_pair_of_neighbours_is_there_and_no_other(place: Path) -> None:
    (segment,) = segments(place)
    stems = list(segment.terms.stems)
    frequent = ["the", "old", "man", "and", "a", "sea"]
    next_to = {*pairwise([*frequent, "the"])}
    for first in frequent:
        for second in frequent:
            found = segment.bigrams.find([stems.index(first.encode()), stems.index(second.encode())])
            assert found is not None
            assert (found != NOWHERE) == ((first, second) in next_to)
    assert segment.bigrams.find([stems.index(b"the"), stems.index(b"w5")]) is None


def test_an_older_index_has_them_once_it_is_merged(tmp_path: Path) -> None:
    def totals(place: Path) -> list[int]:
        with search.open(place) as engine:
            return [engine.search(Query(text)).total for text in ('"on talks"', '"talks on"', 'title:"on trade"')]

    place = tmp_path / "idx"
    for number in range(8):
        with search.writer(place) as writer:
            writer.add(Article(f"a{number}", "talks on talks on trade", "on trade"))
            if number == 6:
                before = segments(place)
    assert [segment.bigrams.find([0, 1]) for segment in before] == [None] * len(before)
    assert totals(place) == [8, 8, 8]
    with in_pieces(8):
        with search.writer(place) as writer:
            writer.compact(100)
            writer.add(Article("a9", "trade"))
        for number in range(8):
            written(place, Article(f"b{number}", "trade"))

    assert any(segment.bigrams.find([0, 1]) is not None for segment in segments(place))
    assert totals(place) == [8, 8, 8]


@given(st.lists(st.integers(0, 9), max_size=20), st.integers(1, 15))
def test_ranges_have_at_most_so_much_or_one(sizes: Sequence[int], most: int) -> None:
    starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(np.array(sizes, np.int64))])
    found = list(ranges(starts, most))

    assert [n for first, last in found for n in range(first, last)] == list(range(len(sizes)))
    assert all(sum(sizes[first:last]) <= most or last == first + 1 for first, last in found)
