"""Which articles are similar to one."""

from __future__ import annotations

import pytest

import search
from search import Article, Filter, Query
from search.engine import Engine
from tests.search.contract.archive import Backend, holding


def test_what_is_similar_leaves_out_the_article_and_its_copies(copied: Engine) -> None:
    assert [hit.article.id for hit in copied.similar("first", Query(facets=())).hits] == ["alone"]
    assert [hit.article.id for hit in copied.similar("alone", Query(facets=())).hits] == ["second", "third", "first"]


def test_similar_names_its_terms_and_keeps_to_filters(engine: Engine) -> None:
    found = engine.similar("talks", Query(facets=(), filters={"country": Filter(any=("US",))}))

    assert [hit.article.id for hit in found.hits] == ["trade"]
    assert "talks" in [term.term for term in found.query.terms]
    assert engine.search(Query(found.query.canonical)).total > found.total
    with pytest.raises(search.ArticleMissing):
        engine.similar("nowhere", Query())


def test_nothing_is_similar_to_an_article_without_shared_words(backend: Backend) -> None:
    with holding(backend, [Article("one", "Zebra."), Article("two", "Okapi.")]) as engine:
        assert engine.similar("one", Query(facets=())).total == 0
