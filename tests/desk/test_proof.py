"""Proof of what an upgrade or new rules have changed: questions are asked before and after; differences are told."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

import desk
import search
from desk import proof
from desk.citations.citation import Citation
from desk.citations.result import entry, hash_of, ordered
from desk.citations.store import Store as Citations
from desk.lists.store import Lists
from desk.proof import Before, Difference
from desk.searches.store import Searches
from search import Article, Query
from service.formats import question
from tests.search.indexes import written

AT = "2026-11-30T02:00:00Z"
ONE = Article("a", "Oil falls.", title="Oil", published="2026-11-01", person=("Ann Lee",))
OTHER = Article("b", "Oil rises.", title="Oil", published="2026-11-02", person=("Bo Ek",))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    place = written(tmp_path / "news.idx", ONE, OTHER)
    with Searches(place) as searches, Lists(place) as lists:
        searches.save("Ann", "person=Ann+Lee", "ed", AT)
        searches.save("Oil", "q=oil", "ed", AT)
        lists.put("Both", {"a": "", "b": ""}, "ed", AT, make=True)
    with Citations(place) as citations, closing(desk.open(place)) as engine:
        found = ordered(map(entry, engine.export(Query("oil"))))
        citations.add(Citation("", "q=oil", engine.generation, AT, 2, hash_of(found), "ed", found), lambda: True)
    return place


def begun(place: Path, version: str = "18") -> Before:
    with closing(desk.open(place)) as engine:
        return proof.begin(place, engine, question.on, "enrich", version)


def why(query: Query | None, _came: Collection[str]) -> str:
    return "" if query is None else ", ".join(value for _, value in sorted(proof.named_in(query)))


def told(place: Path, before: Before) -> list[Difference]:
    with closing(desk.open(place)) as engine:
        return list(proof.differences(place, engine, question.on, before, why))


def test_nothing_is_told_if_nothing_differs(place: Path) -> None:
    before = begun(place)

    written(place, replace(ONE, topic=("medtop:15000000",), digest="other"))

    assert len(before.answers) == 4
    assert told(place, before) == []


def test_a_search_that_finds_something_else_is_told_with_its_reason(place: Path) -> None:
    before = begun(place)

    written(place, replace(ONE, person=("Bo Ek",)), replace(OTHER, person=("Ann Lee",)))

    (one,) = told(place, before)
    assert (one.kind, one.name, one.then, one.now, one.came, one.went) == ("search", "Ann", 1, 1, ("b",), 1)
    assert one.why == "Ann Lee"


def test_a_citation_whose_articles_read_otherwise_is_told(place: Path) -> None:
    before = begun(place)

    written(place, replace(ONE, published="2026-11-03"))

    assert [(one.kind, one.question, one.then, one.now) for one in told(place, before)] == [("citation", "q=oil", 2, 2)]


def test_a_list_of_which_an_article_is_gone_is_told(place: Path) -> None:
    before = begun(place)

    with search.writer(place) as writer:
        writer.delete("a")

    assert {one.kind: (one.then, one.now) for one in told(place, before)}["list"] == (2, 1)


def test_what_an_interrupted_run_has_remembered_is_compared_with(place: Path) -> None:
    first = begun(place)

    written(place, replace(ONE, person=()))

    assert begun(place) == first
    assert [one.name for one in told(place, begun(place))] == ["Ann"]
    assert begun(place, "19") != first
    proof.end(place)
    assert proof.remembered(place) is None


def test_what_people_have_changed_since_is_not_told(place: Path) -> None:
    before = begun(place)

    with Searches(place) as searches:
        searches.delete("Ann", "ed")
        searches.save("Bo", "person=Bo+Ek", "ed", AT)
    written(place, replace(ONE, person=()))

    assert told(place, before) == []


def test_a_question_that_cannot_be_asked_is_no_error(place: Path) -> None:
    with Lists(place) as lists, Searches(place) as searches:
        searches.save("On it", "list=Both", "ed", AT)
        before = begun(place)
        lists.remove("Both")

    assert [(one.name, one.then, one.now) for one in told(place, before)] == [("On it", 2, None)]


def test_what_is_remembered_has_no_word_of_an_article_or_a_question(place: Path) -> None:
    begun(place)

    data = (place / proof.FILE).read_bytes()
    assert not [word for word in (b"Ann", b"oil", b"Both", b'"a"') if word in data]


def test_a_damaged_memory_is_asked_again(place: Path) -> None:
    begun(place)
    (place / proof.FILE).write_bytes(b'{"version": 1}')

    assert proof.remembered(place) is None
    assert len(begun(place).answers) == 4


def test_values_are_named_by_filters_and_by_words() -> None:
    query = question.read("q=oil+OR+NOT+person:%22Ann+Lee%22&country=FR&topic.not=15000000")

    assert proof.named_in(query) == {("person", "Ann Lee"), ("country", "FR"), ("topic", "medtop:15000000")}
