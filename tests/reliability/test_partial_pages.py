"""Ten thousand made-up questions that require most words, in the order of `rank=best`, with pages to the end.

PARTIAL_QUESTIONS says how many. `tests/opensearch/test_partial_pages.py` asks them of a cluster.
"""

from __future__ import annotations

import os
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import Article, Query
from search.engine import Engine
from search.values.results import Hit, Results
from tests.search.test_properties import WORDS, articles, indexed, oracle, queries

TOGETHER = 8
"""Questions asked of each archive."""
ARCHIVES = int(os.environ.get("PARTIAL_QUESTIONS", "10000")) // TOGETHER
batches = st.sampled_from([0, 9]).flatmap(
    lambda least: st.lists(articles, min_size=least, max_size=20, unique_by=lambda a: a.id)
)
several = st.builds(
    Query,
    text=st.lists(WORDS, min_size=2, max_size=4).map(" ".join),
    facets=st.just(("person", "country", "topic", "date")),
    group=st.sampled_from([None, "story"]),
)
"""Words without conditions or filters, which find more than a page."""
asked = st.lists(several | queries, min_size=TOGETHER, max_size=TOGETHER).map(
    lambda some: [replace(query, match="most", rank="best", sort=None, size=2, page=1) for query in some]
)
many = settings(max_examples=ARCHIVES, deadline=None, suppress_health_check=list(HealthCheck))


def to_the_end(engine: Engine, query: Query, whole: Results) -> list[Hit]:
    """The hits of all pages, each of which counts what `whole` does."""
    found: list[Hit] = []
    page = engine.search(query)
    while True:
        found += page.hits
        assert (page.total, page.facets) == (whole.total, whole.facets)
        if page.cursor is None:
            return found
        page = engine.search(replace(query, cursor=page.cursor))


@pytest.mark.soak
@many
@given(batches, asked)
def test_pages_of_partial_matches_are_those_of_the_oracle(batch: list[Article], asked: list[Query]) -> None:
    plain, half = oracle(batch), len(batch) // 2
    with indexed(batch[:half], batch[half:]) as engine:
        for query in asked:
            whole = plain.search(replace(query, size=100))
            found = to_the_end(engine, query, whole)
            assert [hit.id for hit in found] == [hit.id for hit in whole.hits]
