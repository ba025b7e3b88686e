"""What a transaction adds and changes, and when it is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest

import search
from search import Article, Query
from search.engine import Engine
from tests.search.contract.archive import ARTICLES, Backend, counts, ids
from tests.search.test_properties import add_prepared


def test_commit_is_seen_by_an_open_engine(backend: Backend, engine: Engine) -> None:
    before = engine.generation
    with backend.writer() as writer:
        writer.add(Article("new", "Fresh zebra news."))

    assert ids(engine, "zebra") == ["new"]
    assert engine.generation > before


def test_adding_an_id_again_replaces_the_article(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("wall", "A zebra."))
        writer.add(Article("wall", "Two zebras."))

    assert engine.search(Query()).total == len(ARTICLES)
    assert engine.article("wall").text == "Two zebras."
    assert counts(engine, "country") == {"CN": 2, "US": 2}


def test_rollback_changes_nothing(backend: Backend, engine: Engine) -> None:
    writer = backend.writer()
    writer.add(Article("new", "zebra"))
    writer.delete("wall")
    writer.rollback()
    writer.commit()
    writer.close()

    assert ids(engine, "zebra") == []
    assert ids(engine, "wall") == ["wall"]


def test_an_exception_rolls_back(backend: Backend, engine: Engine) -> None:
    def failing() -> None:
        with backend.writer() as writer:
            writer.add(Article("new", "zebra"))
            raise RuntimeError("stop")

    with pytest.raises(RuntimeError):
        failing()

    assert ids(engine, "zebra") == []
    with backend.writer() as writer:  # the lock is free again
        writer.add(Article("new", "zebra"))
    assert ids(engine, "zebra") == ["new"]


def test_digests_are_of_what_is_committed(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("new", "zebra", digest="abc", collection="zoo"))
    with backend.writer() as writer:
        assert writer.digests(["new", "nowhere"]) == {"new": "abc"}
        assert list(writer.ids("zoo")) == ["new"]
        assert list(writer.ids("nothing")) == []


def test_prepared_articles_are_as_if_they_were_added(backend: Backend) -> None:
    with backend.writer() as writer:
        add_prepared(writer, [replace(article, group="g") for article in ARTICLES])
    engine = backend.engine()

    assert ids(engine, "talks", sort="oldest") == ["trade", "again", "talks"]
    assert engine.search(Query("talks", group="story")).total == 1
    with backend.writer() as writer:
        assert [writer.stored(article.id) for article in ARTICLES] == [replace(a, group="g") for a in ARTICLES]


def test_a_prepared_article_replaces_the_one_of_its_id(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer, writer.preparing() as preparer:
        writer.add_prepared(preparer()([Article("wall", "Zebra."), Article("wall", "Zebras cross.")]), ())

    assert ids(engine, "wall") == []
    assert ids(engine, "zebra") == ["wall"]


def test_a_blocked_id_cannot_come_prepared(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer, writer.preparing() as preparer:
        writer.block("wall")
        with pytest.raises(search.ArticleBlocked, match="wall"):
            writer.add_prepared(preparer()([Article("wall", "Back again.")]), ())
