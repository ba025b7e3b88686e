"""Many commits make few segments, and change no answer."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import search
from search import Article, Query
from search.engine import Engine
from search.local.engine import LocalEngine
from search.local.write.merge import WIDTH, too_many
from tests.plain_engine import PlainEngine
from tests.search.local.write.test_dead_terms import contents
from tests.search.test_properties import articles, queries


@contextmanager
def committed(batches: list[tuple[list[Article], list[str]]], compact: int = 0) -> Iterator[tuple[Engine, PlainEngine]]:
    plain = PlainEngine()
    with tempfile.TemporaryDirectory() as folder:
        for batch, deleted in batches:
            with search.writer(Path(folder) / "idx") as writer, plain.writer() as oracle:
                for article in batch:
                    writer.add(article)
                    oracle.add(article)
                for article_id in deleted:
                    assert writer.delete(article_id) == oracle.delete(article_id)
        with search.writer(Path(folder) / "idx") as writer:
            writer.compact(compact)
        with search.open(Path(folder) / "idx") as engine:
            yield engine, plain


ids = st.lists(st.sampled_from([f"a{n}" for n in range(12)]), max_size=2)
batches = st.lists(st.tuples(st.lists(articles, max_size=3), ids), min_size=WIDTH, max_size=3 * WIDTH)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches, st.lists(queries, min_size=1, max_size=5))
def test_merged_segments_answer_as_the_oracle(
    written: list[tuple[list[Article], list[str]]], asked: list[Query]
) -> None:
    with committed(written) as (engine, plain):
        assert engine.stats().segments < WIDTH
        for query in asked:
            expected, answered = plain.search(query), engine.search(query)
            assert answered.total == expected.total
            assert answered.facets == expected.facets
            assert answered.query == expected.query
            assert answered.did_you_mean == expected.did_you_mean
            by_date = replace(query, sort="oldest", size=50, page=1)
            assert [h.article for h in engine.search(by_date).hits] == [h.article for h in plain.search(by_date).hits]
            assert list(engine.export(query)) == list(plain.export(query))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches, st.lists(queries, min_size=1, max_size=5))
def test_compacted_segments_score_as_if_nothing_had_been_deleted(
    written: list[tuple[list[Article], list[str]]], asked: list[Query]
) -> None:
    with committed(written, compact=100) as (engine, plain):
        for query in asked:
            expected, answered = plain.search(query), engine.search(query)
            assert answered.total == expected.total
            scores = [hit.score or 0.0 for hit in answered.hits]
            assert scores == pytest.approx([hit.score or 0.0 for hit in expected.hits], abs=1e-5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(batches)
def test_compacted_segments_have_what_their_articles_have_and_nothing_else(
    written: list[tuple[list[Article], list[str]]],
) -> None:
    with committed(written, compact=100) as (engine, plain), tempfile.TemporaryDirectory() as folder:
        fresh = Path(folder) / "fresh.idx"
        with search.writer(fresh) as writer:
            for article in plain.held.values():
                writer.add(article)

        assert isinstance(engine, LocalEngine)
        assert contents(engine._path) == contents(fresh)


def test_compacting_copies_the_small_and_not_more_than_allowed(tmp_path: Path) -> None:
    large, small = ([Article(f"{name}{n}", "talks") for n in range(size)] for name, size in (("l", 30), ("s", 10)))
    for batch in (large, small):
        with search.writer(tmp_path / "idx") as writer:
            for article in batch:
                writer.add(article)
    with search.writer(tmp_path / "idx") as writer:
        writer.delete("l0")
        writer.delete("s0")
        before = writer.commit()
        assert writer.compact(8) == before
        assert writer.compact(20) == before + 1
        assert writer.compact(20) == before + 1
        assert [(s.live, s.deleted_count()) for s in writer._segments] == [(29, 1), (9, 0)]
        assert writer.compact(29) == before + 2
        assert [(s.live, s.deleted_count()) for s in writer._segments] == [(29, 0), (9, 0)]


def test_segments_of_one_size_are_merged_when_they_gather() -> None:
    assert too_many([10] * (WIDTH - 1)) is None
    assert too_many([10] * WIDTH) == range(WIDTH)
    assert too_many([100_000, *[10] * WIDTH]) == range(1, WIDTH + 1)
    assert too_many([]) is None


def test_a_million_in_batches_of_a_thousand_is_copied_a_few_times() -> None:
    sizes: list[int] = []
    copied = 0
    for _ in range(1000):
        sizes.append(1000)
        while group := too_many(sizes):
            merged = sum(sizes[group.start : group.stop])
            copied += merged
            sizes[group.start : group.stop] = [merged]

    assert len(sizes) < 5 * WIDTH
    assert copied < 5_000_000
