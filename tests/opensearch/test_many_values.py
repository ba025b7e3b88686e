"""A facet with more values than the cluster is asked for at first, few here: the list is as if all were counted."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import pytest

import search
from search import Article, Query
from search.opensearch.ask import facets
from search.opensearch.shown import shown_names as names
from search.values.query import Filter, Listing
from search.values.results import ValueFacet
from tests.cases import cases
from tests.opensearch.conftest import Remote
from tests.plain_engine import PlainEngine

pytestmark = pytest.mark.check  # `test_index` has an example of them
SPELLINGS = ("Ann {0}", "Ann Q. {0}", "ann {0}", "{0}")
FAMILIES = [f"{first}{last}" for first in ("Ba", "De", "Fi", "Go", "Lu") for last in ("ker", "mann", "son", "ton")]


def archive(chance: random.Random, size: int) -> list[Article]:
    """Articles with some persons each, in several spellings, a few of them in very many."""

    def person() -> str:
        family = FAMILIES[int(len(FAMILIES) * chance.random() ** 3)]
        return chance.choice(SPELLINGS).format(family)

    return [
        Article(
            f"a{number}",
            " ".join(chance.sample(("oil", "gas", "coal", "wood", "sun"), chance.randrange(1, 5))),
            person=tuple(dict.fromkeys(person() for _ in range(chance.randrange(5)))),
            source=chance.choice((None, "Wire", "Post")),
            published=chance.choice((None, "1989-11-09", "1991")),
        )
        for number in range(size)
    ]


@pytest.fixture
def engines(
    make_remote: Callable[[], Remote], monkeypatch: pytest.MonkeyPatch
) -> Callable[[int], tuple[search.Engine, PlainEngine]]:
    """Makes a cluster's engine and the plain one, over the same made-up articles."""
    monkeypatch.setattr(facets, "SMALL", 4)
    monkeypatch.setattr(facets, "FEW", 12)
    monkeypatch.setattr(names, "LEADING", 5)

    def made(seed: int) -> tuple[search.Engine, PlainEngine]:
        articles = archive(random.Random(seed), 150)
        remote = make_remote()
        for start in range(0, len(articles), 40):  # several segments, which are searched in several threads
            remote.add(*articles[start : start + 40])
        return remote.engine(), PlainEngine(articles)

    return made


def questions() -> list[Query]:
    """Queries that match many articles and few, with filters of the facet itself and of others."""
    texts = ("", "oil", "oil gas", "oil gas coal", "oil OR sun", "oil -gas", 'person:"Ann Baker"', "unheard")
    filters: tuple[dict[str, Filter], ...] = (
        {},
        {"person": Filter(any=("Ann Gomann", "Nobody"))},
        {"source": Filter(any=("Wire",))},
        {"person": Filter(missing=True), "source": Filter(none=("Post",))},
    )
    return [
        Query(text, some, facets=("person", "source", "date"), facet_size=size, size=0)
        for text in texts
        for some in filters
        for size in (0, 1, 3, 30)
    ]


@cases("most", [10_000, 30])
def test_the_first_values_are_those_of_all(
    engines: Callable[[int], tuple[search.Engine, PlainEngine]], monkeypatch: pytest.MonkeyPatch, most: int
) -> None:
    remote, plain = engines(most)
    estimated = 0
    with remote:
        monkeypatch.setattr(facets, "MAX_VALUES", most)
        for query in questions():
            found, expected = remote.search(query), plain.search(query)
            assert found.total == expected.total, query
            if found.exact:
                assert found.facets == expected.facets, query
            elif query.facet_size <= 3:  # of a longer list, the end may be among those that were not counted
                estimated += 1
                mine, theirs = found.facets["person"], expected.facets["person"]
                assert isinstance(mine, ValueFacet)
                assert isinstance(theirs, ValueFacet)
                assert (mine.values, mine.missing) == (theirs.values, theirs.missing), query
    assert (estimated > 0) == (most == 30)


def test_a_part_of_the_list_of_all_values_is_as_in_a_directory(
    engines: Callable[[int], tuple[search.Engine, PlainEngine]],
) -> None:
    remote, plain = engines(3)
    with remote:
        for text in ("", "oil"):
            for listing in (Listing(offset=2, limit=2), Listing(offset=4, limit=7), Listing(sort="name", limit=3)):
                for query in (Query(text), replace(Query(text), filters={"person": Filter(any=("Ann Luton",))})):
                    assert remote.facet(query, "person", listing) == plain.facet(query, "person", listing)
