"""Which names complete what has been typed."""

from __future__ import annotations

from search import Article, Filter, Query
from search.engine import Engine
from tests.search.contract.archive import Backend, ids


def test_names_are_suggested_with_their_counts(engine: Engine) -> None:
    assert [(s.type, s.label, s.count) for s in engine.suggest("g", 10)] == [
        ("person", "Günter Schabowski", 3),
        ("source", "Harbour Gazette", 2),
        ("country", "East Germany (1949–1990)", 1),
        ("country", "Germany", 1),
    ]
    assert [s.value for s in engine.suggest("peking c", 10)] == []
    assert [s.value for s in engine.suggest("pol", 1)] == ["medtop:11000000"]
    assert engine.suggest(" ", 10) == ()


def test_a_topic_is_found_and_suggested_by_everyday_words(backend: Backend, engine: Engine) -> None:
    with backend.writer() as writer:
        writer.add(Article("goal", "One nil.", topic=("medtop:20001065",), language="en"))
        writer.add(Article("hall", "Six five.", topic=("medtop:20000937",), language="en"))

    assert ids(engine, filters={"topic": Filter(any=("football",))}) == ["goal"]
    assert ids(engine, "topic:football") == ["goal"]
    assert engine.search(Query("topic:football")).query.notes == ()
    assert [s.label for s in engine.suggest("footb", 5)] == ["soccer"]


def test_new_names_are_suggested_after_a_commit(backend: Backend, engine: Engine) -> None:
    assert engine.suggest("zoe", 5) == ()
    with backend.writer() as writer:
        writer.add(Article("new", "Fresh.", person=("Zoë Quill",)))
        writer.delete("wall")

    assert [(s.value, s.count) for s in engine.suggest("zoe", 5)] == [("Zoë Quill", 1)]
    assert [(s.value, s.count) for s in engine.suggest("schab", 5)] == [("Günter Schabowski", 2)]
