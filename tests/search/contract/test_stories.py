"""Near-duplicates that count as one story."""

from __future__ import annotations

from dataclasses import replace

import pytest

import search
from search import Article, Query
from search.engine import Engine
from search.values.results import Copies
from tests import facets
from tests.search.contract.archive import ARTICLES, Backend, ids


def test_a_story_is_found_once_by_its_first_in_order(copied: Engine) -> None:
    assert ids(copied, group="story") == ["third", "alone"]
    assert ids(copied, group="story", sort="oldest") == ["alone", "first"]
    assert ids(copied, "storm", group="story") == ["first"]
    assert ids(copied, "storm") == ["first", "second", "third"]


def test_totals_and_counts_are_of_stories(copied: Engine) -> None:
    query = Query(group="story", facets=("person", "date"), interval="year")
    results = copied.search(query)
    person, published = results.facets["person"], results.facets["date"]

    assert results.total == 2
    assert isinstance(person, search.ValueFacet)
    assert [(e.value, e.count) for e in person.values] == [("Ann Lee", 2), ("Bo", 1)]
    assert person.missing == 1
    assert [b.count for b in facets.buckets(published)] == [2, 1]
    assert len(list(copied.export(query))) == results.total


def test_a_hit_knows_its_group(copied: Engine) -> None:
    hits = copied.search(Query(sort="oldest", fields=("id", "group"))).hits

    assert [hit.group for hit in hits] == [None, *[Copies("storm", 3)] * 3]


def test_a_deleted_copy_is_in_no_group(backend: Backend, copied: Engine) -> None:
    with backend.writer() as writer:
        writer.delete("second")

    assert copied.search(Query("first OR storm")).hits[0].group == Copies("storm", 2)
    assert [article.id for article in copied.copies("first")] == ["third"]


def test_an_article_whose_copies_are_all_deleted_is_in_no_group(backend: Backend, copied: Engine) -> None:
    with backend.writer() as writer:
        writer.delete("first")
        writer.delete("third")

    assert [hit.group for hit in copied.search(Query("storm")).hits] == [None]
    assert copied.copies("second") == ()


def test_copies_are_the_others_of_the_group_oldest_first(copied: Engine) -> None:
    assert [article.id for article in copied.copies("second")] == ["first", "third"]
    assert copied.copies("alone") == ()
    with pytest.raises(search.ArticleMissing):
        copied.copies("nowhere")


def test_an_article_is_put_in_a_group_and_stays_as_it_is(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer, writer.preparing() as preparer:
        writer.add(Article("new", "Zebra."))
        writer.add_prepared(preparer()([Article("other", "Zebra.", "Stripes")]), ())
        writer.delete("again")
        for article_id in ("wall", "new", "other", "again", "nowhere"):
            writer.regroup(article_id, "g")

    with backend.writer() as writer:
        assert writer.stored("wall") == replace(ARTICLES[2], group="g")
        assert writer.stored("other") == Article("other", "Zebra.", "Stripes", group="g")
    assert [copy.id for copy in engine.copies("new")] == ["wall", "other"]
    assert ids(engine, "constructive") == ["talks"]
    assert engine.search(Query("zebra OR wall", group="story")).total == 1
