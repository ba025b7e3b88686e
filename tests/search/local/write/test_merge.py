"""Many commits make few segments, and change no answer."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import search
from search import Article, Query
from search.engine import Engine
from search.local.write.merge import WIDTH, too_many
from search.local.writer import LocalWriter
from search.text.tokens import term
from tests.plain_engine import PlainEngine
from tests.search.indexes import written
from tests.search.local.write.test_dead_terms import contents
from tests.search.test_properties import LISTS, articles, oracle, queries
from tests.tiers import examples

Batches = list[tuple[list[Article], list[str]]]
"""For each commit, what is added and the ids that are deleted."""


@contextmanager
def committed(batches: Batches) -> Iterator[tuple[Path, Engine, PlainEngine]]:
    """An index that got these batches, what answers from it, and the oracle."""
    plain = oracle()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "idx"
        for batch, deleted in batches:
            with search.writer(place) as writer, plain.writer() as kept:
                for article in batch:
                    writer.add(article)
                    kept.add(article)
                for article_id in deleted:
                    assert writer.delete(article_id) == kept.delete(article_id)
        with search.open(place, lists=LISTS.__getitem__) as engine:
            yield place, engine, plain


def compact(place: Path) -> None:
    with search.writer(place) as writer:
        writer.compact(100)


ids = st.lists(st.sampled_from([f"a{n}" for n in range(12)]), max_size=2)
batches = st.lists(st.tuples(st.lists(articles, max_size=3), ids), min_size=WIDTH, max_size=3 * WIDTH)


@examples(20, few=4)
@given(batches, st.lists(queries, min_size=1, max_size=5))
def test_merged_segments_answer_as_the_oracle_and_compacted_ones_as_if_nothing_had_been_deleted(
    commits: Batches, asked: list[Query]
) -> None:
    with committed(commits) as (place, engine, plain):
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
        compact(place)
        for query in asked:
            expected, answered = plain.search(query), engine.search(query)
            assert answered.total == expected.total
            scores = [hit.score or 0.0 for hit in answered.hits]
            assert scores == pytest.approx([hit.score or 0.0 for hit in expected.hits], abs=1e-5)
        fresh = place.with_name("fresh.idx")
        written(fresh, *plain.archive.held.values())
        assert contents(place) == contents(fresh)


def test_compacting_copies_the_small_and_not_more_than_allowed(tmp_path: Path) -> None:
    large, small = ([Article(f"{name}{n}", "talks") for n in range(size)] for name, size in (("l", 30), ("s", 10)))
    for batch in (large, small):
        written(tmp_path / "idx", *batch)
    with search.writer(tmp_path / "idx") as writer:
        writer.delete("l0")
        writer.delete("s0")
        assert isinstance(writer, LocalWriter)
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


FORMS = ("onk", "onks", "onking")
"""Endings that a stem of the next test has."""


def test_a_form_finds_its_own_articles_whatever_forms_the_merged_segments_had(tmp_path: Path) -> None:
    """Some only in an article that is deleted, some in one language and some in another, where their stem differs."""
    dice = random.Random(5)
    stems = [f"{a}{b}" for a in "bdfgklmnprst" for b in "bdfgklmnprst"]
    assert {term(f"{stem}{ending}", "en") for stem in stems for ending in FORMS} == {f"{stem}onk" for stem in stems}
    articles = [
        Article(
            f"a{n}",
            " ".join(f"{stem}{ending}" for stem in stems for ending in FORMS if dice.random() < 0.25),
            language="fr" if n % 3 else "en",
        )
        for n in range(WIDTH + 2)
    ]
    more = replace(articles[WIDTH - 1], id="more", text=f"besides {articles[WIDTH - 1].text}")
    for number, article in enumerate(articles):
        with search.writer(tmp_path / "news.idx") as writer:
            writer.add(article)
            if number in (4, WIDTH - 1):
                writer.delete("a2" if number == 4 else "a5")
                writer.add(more)
    live = {article.id: article for article in [*articles, more] if article.id not in ("a2", "a5")}
    words = {name: set(article.text.split()) for name, article in live.items()}
    terms = {name: {term(word, live[name].language) for word in words[name]} for name in live}
    with search.open(tmp_path / "news.idx") as engine:
        assert engine.stats().segments == 1
        for form in [f"{stem}{ending}" for stem in stems for ending in FORMS]:
            assert found(engine, f"={form}") == {name for name in live if form in words[name]}
            assert found(engine, form) == {name for name in live if term(form, live[name].language) in terms[name]}


def found(engine: Engine, text: str) -> set[str]:
    return {hit.article.id for hit in engine.search(Query(text, size=50, facets=(), fields=("id",))).hits}


def test_an_engine_that_stays_open_follows_every_commit(tmp_path: Path) -> None:
    """What it takes over of the generation before is what is still so: spellings, persons, counts, stories, days."""
    dice = random.Random(6)
    plain = PlainEngine()
    names = ("Ann Lee", "ANN LEE", "Änn Lee", "Lee", "Ann B. Lee", "Bo Lee", "Bo Ek", "Ek")
    search.writer(tmp_path / "news.idx").close()
    asked = Query(facets=("person", "source", "topic", "date"), facet_size=20, size=50, sort="oldest", group="story")
    with search.open(tmp_path / "news.idx") as engine:
        for step in range(40):
            with search.writer(tmp_path / "news.idx") as writer, plain.writer() as kept:
                for _ in range(dice.randint(0, 3)):
                    article = Article(
                        f"a{dice.randrange(14)}",
                        "X.",
                        published=dice.choice([None, "1989", "1990-05", "1991-01-02"]),
                        person=tuple(dice.sample(names, dice.randint(0, 2))),
                        topic=tuple(dice.sample(["medtop:11000000", "medtop:20000822"], dice.randint(0, 2))),
                        source=dice.choice(["Wire", "WIRE", "wire", None]),
                        group=dice.choice([None, "g1", "g2"]),
                    )
                    writer.add(article)
                    kept.add(article)
                for _ in range(dice.randint(0, 4)):
                    article_id = f"a{dice.randrange(14)}"
                    assert writer.delete(article_id) == kept.delete(article_id)
            for query in (asked, replace(asked, group=None)):
                answer, expected = engine.search(query), plain.search(query)
                assert answer.facets == expected.facets, step
                assert answer.hits == expected.hits, step
            assert [a.id for a in engine.export(Query())] == [a.id for a in plain.export(Query())]
