"""The questions of `tests/reliability/test_partial_pages.py`, asked of a cluster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import Phase, given, settings

from search import Article, Query
from tests.opensearch.conftest import Remote
from tests.reliability.test_partial_pages import asked, batches, many, to_the_end
from tests.search.test_properties import LISTS, oracle


@pytest.mark.soak
def test_pages_of_partial_matches_are_those_of_the_oracle(make_remote: Callable[[], Remote]) -> None:
    """One index holds an archive after the other; what it held before weighs in its scores, and so in the order."""
    remote, questions, pages, held = make_remote(), 0, 0, set[str]()
    remote.writer().close()
    engine = remote.engine(LISTS)

    @settings(
        many, phases=[Phase.explicit, Phase.reuse, Phase.generate]
    )  # a smaller example would take minutes to find
    @given(batches, asked)
    def ask(batch: list[Article], asked: list[Query]) -> None:
        nonlocal questions, pages
        with remote.writer() as writer:
            for gone in held.difference(article.id for article in batch):
                writer.delete(gone)
            for article in batch:
                writer.add(article)
        held.clear()
        held.update(article.id for article in batch)
        plain = oracle(batch)
        for query in asked:
            whole = plain.search(replace(query, size=100))
            found = to_the_end(engine, query, whole)
            # Which article of a story comes first may differ.
            stories = {one.id: one.group for one in batch if one.group} if query.group else {}
            listed, expected = ([stories.get(hit.id, hit.id) for hit in hits] for hits in (found, whole.hits))
            assert sorted(listed) == sorted(expected)
            questions, pages = questions + 1, pages + 1 + max(0, len(found) - 1) // query.size

    with engine:
        ask()
    print(f"{questions:,} questions, {pages:,} pages")
