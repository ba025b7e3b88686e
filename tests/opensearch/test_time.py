"""What a cluster has no time for is refused, and never answered in part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from search import Article, OutOfTime, Query
from search.system import budget
from tests.opensearch.conftest import Remote

WORDS = [f"word{number}" for number in range(400)]
QUERY = Query(" OR ".join(WORDS[:150]), facets=("person", "country", "source", "date"))


@pytest.fixture
def filled(remote: Remote, amount: Callable[..., int]) -> Remote:
    texts = (" ".join(WORDS[number % 7 :: 1 + number % 5]) for number in range(amount(3000, few=600)))
    remote.add(
        *(
            Article(f"a{number}", text, person=(f"Person {number % 900}",), published=str(1950 + number % 70))
            for number, text in enumerate(texts)
        )
    )
    return remote


def test_a_cluster_answers_whole_or_says_that_there_was_no_time(filled: Remote, amount: Callable[..., int]) -> None:
    refused = answered = 0
    with filled.engine() as engine:
        whole = engine.search(QUERY)
        assert whole.total == amount(3000, few=600)
        for milliseconds in [*range(1, 61, 60 // amount(60, few=12)), 10_000]:
            try:
                with budget.within(milliseconds):
                    answer = engine.search(QUERY)
            except OutOfTime:
                refused += 1
            else:
                assert (answer.total, answer.facets) == (whole.total, whole.facets)
                assert [hit.article.id for hit in answer.hits] == [hit.article.id for hit in whole.hits]
                answered += 1
        assert engine.search(QUERY).facets == whole.facets
    assert refused
    assert answered
