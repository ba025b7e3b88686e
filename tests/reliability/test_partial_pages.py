"""Ten thousand made-up questions that require most words, in the order of `rank=best`, with pages to the end."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search import Article, Query
from tests.search.test_properties import articles, indexed, oracle, queries


@pytest.mark.soak
@settings(max_examples=1250, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(articles, max_size=20, unique_by=lambda a: a.id), st.lists(queries, min_size=8, max_size=8))
def test_pages_of_partial_matches_are_those_of_the_oracle(batch: list[Article], asked: list[Query]) -> None:
    plain, half = oracle(batch), len(batch) // 2
    with indexed(batch[:half], batch[half:]) as engine:
        for query in asked:
            partial = replace(query, match="most", rank="best", sort=None, size=3, page=1)
            whole = plain.search(replace(partial, size=100))
            found: list[str] = []
            page = engine.search(partial)
            while True:
                found += [hit.id for hit in page.hits]
                assert (page.total, page.facets) == (whole.total, whole.facets)
                if page.cursor is None:
                    break
                page = engine.search(replace(partial, cursor=page.cursor))
            assert found == [hit.id for hit in whole.hits]
