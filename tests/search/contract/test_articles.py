"""Articles one by one, in hits, in an export, and counted as a whole."""

from __future__ import annotations

from dataclasses import replace

import pytest

import search
from search import Filter, Query
from search.engine import Engine, article_count
from search.values.results import Hit
from tests.search.contract.archive import ARTICLES


def test_missing_article_is_an_error(engine: Engine) -> None:
    assert engine.article("wall").title == "Berlin wall opens"
    with pytest.raises(search.ArticleMissing, match="nowhere"):
        engine.article("nowhere")


def test_article_comes_back_as_it_went_in(engine: Engine) -> None:
    for article in ARTICLES[:4]:
        assert replace(engine.article(article.id), source=article.source) == article


def test_article_is_spelled_as_the_facet_is(engine: Engine) -> None:
    assert engine.article("vingt").person == ("Günter Schabowski",)
    assert engine.article("trade").source == "Meridian Wire"


def test_all_articles_are_given_as_they_were_added(engine: Engine) -> None:
    added = list(engine.export(Query(), as_added=True))

    assert {article.id: article for article in added} == {article.id: article for article in ARTICLES}
    assert [article.id for article in added] == [article.id for article in engine.export(Query())]


def test_hits_carry_what_is_asked_for(engine: Engine) -> None:
    bare = engine.search(Query("talks", fields=("id", "score"))).hits[0]
    whole = engine.search(Query("talks")).hits[0]

    assert (bare.article.id, bare.article.text, bare.snippets) == (whole.article.id, "", ())
    assert bare.score == whole.score
    assert engine.search(Query("talks", fields=("title",))).hits[0].article == whole.article


def test_hits_have_no_snippets_on_request(engine: Engine) -> None:
    whole = engine.search(Query("talks"))
    plain = engine.search(Query("talks", snippets=False))

    assert all(hit.snippets for hit in whole.hits)
    assert plain.hits == tuple(Hit(hit.article, hit.score, (), hit.title_marks, hit.group) for hit in whole.hits)


def test_hits_name_their_articles_before_these_are_put_together(engine: Engine) -> None:
    hits = engine.search(Query("talks")).hits

    named = [(hit.id, hit.title) for hit in hits]

    assert named == [(hit.article.id, hit.article.title) for hit in hits]
    assert [hit.article for hit in hits] == [engine.article(article_id) for article_id, _ in named]


def test_export_gives_all_that_match_newest_first(engine: Engine) -> None:
    exported = list(engine.export(Query("talks OR trade", filters={"country": Filter(any=("CN", "US"))}, size=1)))

    assert [article.id for article in exported] == ["again", "talks", "trade"]


def test_stats_count_what_is_there(engine: Engine) -> None:
    stats = engine.stats()

    assert stats.articles == article_count(engine) == len(ARTICLES)
    assert stats.distinct["person"] == 3
    assert stats.terms > 20
