"""Articles that are deleted, blocked or purged."""

from __future__ import annotations

import pytest

import search
from search import Article, Query
from search.engine import Engine, removed_since
from search.text import dates
from search.values import tombstones
from tests.search.contract.archive import ARTICLES, Backend, counts, ids


def test_a_blocked_article_is_gone_not_just_missing(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.block("wall")
        writer.block("never")

    for asked in (engine.article, engine.copies, lambda name: engine.similar(name, Query())):
        for name in ("wall", "never"):
            with pytest.raises(search.ArticleGone, match=f"“{name}” was removed"):
                asked(name)
    with pytest.raises(search.ArticleMissing) as missing:
        engine.article("nowhere")
    assert not isinstance(missing.value, search.ArticleGone)
    with backend.writer() as writer:
        writer.unblock("wall")
        writer.add(ARTICLES[2])
    assert engine.article("wall").title == "Berlin wall opens"


def removed(engine: Engine) -> list[str]:
    return [one.id for one in removed_since(engine, tombstones.since())]


def test_removed_articles_are_remembered_until_they_come_back(backend: Backend, engine: Engine) -> None:
    began = dates.now()
    with backend.writer() as writer:
        writer.delete("wall")
        writer.take_down("talks")
        writer.delete("never")
        writer.add(ARTICLES[1])
    assert removed(engine) == ["talks", "wall"]
    assert all(began <= one.at <= dates.now() for one in removed_since(engine, began))
    with pytest.raises(search.ArticleGone, match=r"was removed on \d{4}-\d\d-\d\d\."):
        engine.article("wall")

    with backend.writer() as writer:
        writer.add(ARTICLES[2])
        writer.delete("again")
        writer.add(ARTICLES[5])
    assert removed(engine) == ["talks"]
    assert removed_since(engine, "9999-01-01T00:00:00Z") == []


def test_what_is_rolled_back_is_not_remembered_as_removed(backend: Backend, engine: Engine) -> None:
    writer = backend.writer()
    writer.delete("wall")
    writer.rollback()
    writer.delete("talks")
    writer.commit()
    writer.close()

    assert removed(engine) == ["talks"]


def test_nothing_is_remembered_of_what_is_purged(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.delete("wall")
        writer.delete("talks")
    with backend.writer() as writer:
        writer.purge(["wall", "vingt"])

    assert removed(engine) == ["talks"]
    for name in ("wall", "vingt"):
        with pytest.raises(search.ArticleMissing) as missing:
            engine.article(name)
        assert not isinstance(missing.value, search.ArticleGone)


def test_deleted_article_is_gone_from_hits_and_counts(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        assert writer.delete("talks")
        assert not writer.delete("nowhere")

    assert set(ids(engine, "talks")) == {"trade", "again"}
    assert counts(engine, "country") == {"CN": 1, "US": 1, "DE": 1, "DDDE": 1}
    with pytest.raises(search.ArticleMissing):
        engine.article("talks")


def test_a_blocked_id_stays_out_until_it_is_unblocked(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.block("wall")
    with backend.writer() as writer:
        assert writer.blocked() == {"wall"}
        with pytest.raises(search.ArticleBlocked, match="wall"):
            writer.add(Article("wall", "Back again."))
    assert ids(engine, "wall") == []

    with backend.writer() as writer:
        assert writer.unblock("wall")
        assert not writer.unblock("wall")
        writer.add(Article("wall", "Back again."))
    assert ids(engine, "again") == ["wall"]


def test_a_purged_article_is_gone_and_its_copies_are_named_after_another(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        for name in ("first", "second", "third"):
            writer.add(Article(name, "Zebra stripes.", group="first"))
    with backend.writer() as writer:
        purged = writer.purge({"first", "nowhere"})
        assert purged.found == {"first"}
        assert purged.renamed == {"first": "second"}
        assert writer.purge({"nowhere"}).renamed == {}

    assert ids(engine, "zebra") == ["second", "third"]
    assert [copy.id for copy in engine.copies("second")] == ["third"]
    assert engine.article("third").group == "second"


def test_a_rolled_back_block_keeps_nothing_out(backend: Backend, engine: Engine) -> None:
    writer = backend.writer()
    writer.block("wall")
    writer.rollback()
    writer.close()

    with backend.writer() as writer:
        assert writer.blocked() == frozenset()
    assert ids(engine, "wall") == ["wall"]
