"""The local engine against the oracle, on archives and questions made up by hypothesis."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import search
from search import Article, Filter, Query
from search.engine import Engine
from search.query import INTERVALS, SORTS
from search.syntax import parse, write
from tests.plain_engine import PlainEngine
from tests.search import strategies

WORDS = st.sampled_from(
    ["oil", "gas", "trade", "trading", "talks", "talk", "wall", "Berlin", "été", "naïve", "U.S.", "cease-fire", "中国"]
)
NAMES = st.sampled_from(["Ann Lee", "ann lee", "Änn Lee", "Bo", "Cy Young", "Zoë"])
COUNTRIES = st.sampled_from(["CN", "US", "DE", "SUHH", "XX"])
TOPICS = st.sampled_from(["medtop:11000000", "medtop:04000000", "medtop:15000000"])
DATES = st.sampled_from([None, "1989", "1989-11", "1989-11-09", "1991-02-28", "2000-02-29", "2001-01-01"])
SOURCES = st.sampled_from([None, "Wire", "WIRE", "Gazette"])


@contextmanager
def indexed(*batches: list[Article]) -> Iterator[Engine]:
    """An engine over an index that got these batches, one commit each."""
    with tempfile.TemporaryDirectory() as folder:
        for batch in batches:
            with search.writer(Path(folder) / "idx") as writer:
                for article in batch:
                    writer.add(article)
        with closing(search.open(Path(folder) / "idx")) as engine:
            yield engine


def unique(values: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(values, max_size=3, unique=True).map(tuple)


texts = st.lists(WORDS, max_size=12).map(" ".join)
articles = st.builds(
    Article,
    id=st.sampled_from([f"a{n}" for n in range(12)]),
    text=texts,
    title=st.lists(WORDS, max_size=3).map(" ".join),
    published=DATES,
    source=SOURCES,
    language=st.sampled_from([None, "en", "fr"]),
    person=unique(NAMES),
    country=unique(COUNTRIES),
    topic=unique(TOPICS),
)
filters = st.builds(lambda a, b, c, m: Filter(a, b, c, m), *[unique(NAMES | COUNTRIES | TOPICS | st.just("Wire"))] * 3,
                    st.booleans())  # fmt: skip
published = DATES.filter(lambda day: day is not None)
query_texts = strategies.query_texts(
    strategies.leaf_texts(WORDS)
    | strategies.condition_texts(NAMES, COUNTRIES, TOPICS, SOURCES.filter(lambda name: name is not None), published)
)
queries = st.builds(
    Query,
    text=st.just("") | query_texts,
    filters=st.dictionaries(st.sampled_from(["person", "country", "topic", "source", "language"]), filters, max_size=2),
    date_from=DATES,
    date_to=DATES,
    date_missing=st.booleans(),
    sort=st.sampled_from([None, *SORTS]),
    size=st.integers(0, 5),
    page=st.integers(1, 3),
    facets=st.just(("person", "country", "topic", "source", "section", "language", "date")),
    facet_size=st.integers(0, 4),
    interval=st.sampled_from(INTERVALS),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(articles, max_size=20), st.lists(queries, min_size=1, max_size=8))
def test_local_engine_answers_as_the_oracle(batch: list[Article], asked: list[Query]) -> None:
    plain = PlainEngine()
    half = len(batch) // 2
    with indexed(batch[:half], batch[half:]) as engine:
        with plain.writer() as writer:
            for article in batch:
                writer.add(article)
        replaced = len(plain.articles) < len(batch)
        for query in asked:
            expected, answered = plain.search(query), engine.search(query)
            assert answered.total == expected.total
            assert answered.facets == expected.facets
            assert answered.query == expected.query
            if not (replaced and query.order == "relevance"):  # replaced articles still weigh in the statistics
                assert [hit.article for hit in answered.hits] == [hit.article for hit in expected.hits]
                assert [hit.snippets for hit in answered.hits] == [hit.snippets for hit in expected.hits]
                assert [hit.title_marks for hit in answered.hits] == [hit.title_marks for hit in expected.hits]
            if not replaced:
                for mine, theirs in zip(answered.hits, expected.hits, strict=True):
                    assert (mine.score is None) == (theirs.score is None)
                    assert abs((mine.score or 0) - (theirs.score or 0)) < 1e-5
            assert list(engine.export(query)) == list(plain.export(query))


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(articles, max_size=12, unique_by=lambda a: a.id), queries)
def test_a_value_selected_alone_gives_the_total_it_showed(batch: list[Article], query: Query) -> None:
    with indexed(batch) as engine:
        for name, facet in engine.search(replace(query, facet_size=1000)).facets.items():
            if isinstance(facet, search.ValueFacet):
                for entry in facet.values:
                    kept = query.filter(name)
                    chosen = Filter(any=(entry.value,), all=kept.all, none=kept.none)
                    narrowed = replace(query, filters={**query.filters, name: chosen})
                    assert engine.search(narrowed).total == entry.count, (name, entry)


@given(st.text(max_size=60) | query_texts)
def test_canonical_form_reads_as_the_same_tree(text: str) -> None:
    tree = parse(text).tree

    assert parse(write(tree)).tree == tree


@given(st.text('ab "()-*~:ORNTD“”', max_size=60))
def test_any_text_is_read(text: str) -> None:
    tree = parse(text).tree

    assert parse(write(tree)).tree == tree
