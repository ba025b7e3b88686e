"""Vectors: packed, compared, and what they add to scores, beside the plainest way."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from benchmarks.minilm import FILE
from indexer.safe.limits import TooMuch
from indexer.workers.work import enriched
from search import Article, Query
from search.errors import DatelineError, IndexProblem
from search.meaning import minilm, model, passages
from search.meaning.word_piece import WordPiece
from tests import waiting
from tests.cases import cases
from tests.plain_engine import PlainEngine
from tests.tiers import examples

WORDS = ("oil", "gas", "strike", "vote", "storm", "bank")
TEXTS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map(" ".join)
VECTORS = st.integers(0, passages.PASSAGES)


@pytest.fixture(scope="module")
def read() -> minilm.MiniLM:
    return minilm.MiniLM(FILE)


def vectors_of(number: int, seed: int) -> bytes:
    return passages.packed(made(number, seed)) if number else b""


def made(number: int, seed: int) -> minilm.Vectors:
    found: minilm.Vectors = np.random.default_rng(seed).normal(size=(number, minilm.DIMENSIONS)).astype(np.float32)
    lengths: minilm.Vectors = np.linalg.norm(found, axis=1, keepdims=True)
    return found / lengths


@examples(40, few=8)
@given(articles=st.lists(st.tuples(TEXTS, VECTORS), min_size=1, max_size=30), text=TEXTS, group=st.booleans())
def test_the_order_is_that_of_the_plainest_way(
    tmp_path_factory: pytest.TempPathFactory, articles: list[tuple[str, int]], text: str, group: bool
) -> None:
    place = tmp_path_factory.mktemp("index") / "news.idx"
    plain = PlainEngine()
    added = [
        Article(f"a{n}", one, language="en", group="g" if n % 5 == 0 else None, meaning=vectors_of(some, n))
        for n, (one, some) in enumerate(articles)
    ]
    for writer in (search.writer(place), plain.writer()):
        with writer:
            for article in added:
                writer.add(article)
    query = Query(f"{text} zzyzx", match="any", size=40, group="story" if group else None, explain=True)
    with pytest.MonkeyPatch.context() as patch, search.open(place) as engine:
        patch.setenv(model.VARIABLE, str(FILE))
        for ours, theirs in (
            (engine.search(query), plain.search(query)),
            (engine.similar("a0", query), plain.similar("a0", query)),
        ):
            assert ours.total == theirs.total
            assert [one.score for one in ours.hits] == pytest.approx([one.score for one in theirs.hits], abs=1e-4)
            assert {one.id: one.score for one in ours.hits} == pytest.approx(
                {one.id: one.score for one in theirs.hits}, abs=1e-4
            )


@given(number=st.integers(1, passages.PASSAGES), seed=st.integers(0, 1000))
def test_a_vector_as_bytes_points_the_same_way(number: int, seed: int) -> None:
    vectors = made(number, seed)
    data = passages.packed(vectors)

    assert len(data) == number * minilm.DIMENSIONS
    assert passages.nearest([data, b""], vectors[-1])[0] > 0.999
    assert np.isnan(passages.nearest([data, b""], vectors[-1])[1])


def test_texts_that_mean_the_same_are_near(read: minilm.MiniLM) -> None:
    same, other = (passages.encoded(read, "", text) for text in ("The doctors walked out.", "Oil is dearer today."))
    (asked,) = read.vectors([read.pieces("physicians on strike", 126)])
    near = passages.nearest([same, other], asked)

    assert near[0] > near[1] + 0.1
    assert passages.encoded(read, "", " \n ") == b""


def test_only_the_first_passages_are_read(read: minilm.MiniLM) -> None:
    long = passages.encoded(read, "", "word " * 10_000)

    assert len(long) == passages.PASSAGES * minilm.DIMENSIONS
    assert passages.encoded(read, "", "word " * 1_000) == long


def test_cutting_into_pieces_stops_where_enough_is_read(read: minilm.MiniLM) -> None:
    def prepared(words: int) -> Callable[[], object]:
        text = "word " * words
        return lambda: read.pieces(text, 504)

    assert waiting.grows_less(5, prepared, 1_000, 1_000_000)


@cases("text", ["x" * 100_000, "é́" * 50_000, " " * 100_000, "a-" * 50_000])
def test_strange_texts_are_cut_into_pieces(read: minilm.MiniLM, text: str) -> None:
    assert len(read.pieces(text, 504)) <= 504


def test_pieces_are_the_longest_that_are_known() -> None:
    known = {"[UNK]": 0, "walk": 1, "##out": 2, "##s": 3, ".": 4}

    assert WordPiece(known).pieces("Walkouts. wálk x", 10) == [1, 2, 3, 4, 1, 0]


def test_no_model_is_loaded_unless_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(model.VARIABLE, raising=False)
    assert model.chosen() is None


def test_a_file_that_is_not_the_model_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "model.jar").write_bytes(b"something else")
    for name, told in (("model.jar", "is not the model of meaning"), ("none.jar", "cannot be read")):
        monkeypatch.setenv(model.VARIABLE, str(tmp_path / name))
        with pytest.raises(DatelineError, match=f"{name}.*{told}"):
            model.check()
        with pytest.raises(IndexProblem, match=told):  # the service answers 503, and loses no job
            model.chosen()


def test_threads_share_one_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(model.VARIABLE, str(FILE))
    model._loaded.cache_clear()
    with ThreadPoolExecutor(4) as threads:
        assert len({id(one) for one in threads.map(lambda _: model.chosen(), range(4))}) == 1


def test_what_cannot_be_vectors_is_refused(tmp_path: Path) -> None:
    with search.writer(tmp_path / "news.idx") as writer, pytest.raises(ValueError, match="not 10 bytes"):
        writer.add(Article("a", "oil", meaning=b"0123456789"))


def test_an_article_that_takes_too_long_is_indexed_without_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    def late(_article: Article) -> Article:
        raise TooMuch("It takes too long.")

    monkeypatch.setenv(model.VARIABLE, str(FILE))
    monkeypatch.setattr("indexer.enrich.meaning.enrich", late)
    (article,) = enriched([Article("a", "Oil is dearer.")]).articles

    assert article.meaning == b""
    assert article.evidence["text"][0].value == "It took too long to read what it means."
