"""What only removed articles had is in no segment after a merge, and is never offered before one."""

from __future__ import annotations

from pathlib import Path

import pytest

import search
from search import Article, Query
from search.local.format.layout import NAMES
from search.local.format.segment import SegmentData
from search.local.safe.catalog import Catalog
from search.values.query import Filter, Listing
from search.values.results import ValueFacet
from tests import facets
from tests.search.indexes import written

PLAIN = Article("plain", "Talks on trade went on.", "Talks", person=("Ann Lee",), source="Wire", country=("FR",))
SECRET = Article(
    "secret",
    "The informant Xanthippa testified; talking talkers quoted Xanthippas.",
    "Xanthippa speaks",
    url="https://news.test/xanthippa",
    person=("Xanthippa Quillby",),
    topic=("medtop:11000000",),
    country=("KE",),
    source="Quillpost",
    section="Courts",
    language="en",
    collection="leaks",
    group="secretgroup",
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index in which one segment has a removed article."""
    made = tmp_path / "news.idx"
    written(made, PLAIN, SECRET)
    with search.writer(made) as writer:
        writer.delete("secret")
    return made


def contents(place: Path) -> dict[str, set[bytes]]:
    """Every string of every segment, by the structure that it is in."""
    found: dict[str, set[bytes]] = {}
    _, segments = Catalog(place).read()
    for segment in segments:
        data = SegmentData(place, segment.name)
        lists = {
            "stems": data.terms.stems,
            "forms": data.terms.forms,
            "ids": data.columns.ids,
            "digests": data.columns.digests,
            "titles": data.columns.written,
        }
        lists |= {name: data.values(name).values for name in NAMES}
        for name, terms in lists.items():
            found.setdefault(name, set()).update(terms)
        found.setdefault("store", set()).update(data.store[number] for number in range(data.size))
    return {name: terms for name, terms in found.items() if terms}


def test_a_merged_segment_has_no_word_or_value_of_a_removed_article(place: Path, tmp_path: Path) -> None:
    with search.writer(place) as writer:
        writer.compact(100)
    written(tmp_path / "fresh.idx", PLAIN)

    assert contents(place) == contents(tmp_path / "fresh.idx")


def test_a_merged_segment_takes_no_more_room_than_a_fresh_one(tmp_path: Path) -> None:
    for name, removed in (("merged", 400), ("fresh", 0)):
        with search.writer(tmp_path / name) as writer:
            for number in range(removed):
                writer.add(Article(f"r{number}", f"removed{number} unique{number}", person=(f"Removed {number}",)))
            for number in range(100):
                writer.add(Article(f"k{number}", f"kept{number} talks", person=(f"Kept {number}",)))
        with search.writer(tmp_path / name) as writer:
            for number in range(removed):
                writer.delete(f"r{number}")
            writer.compact(100)
    sizes = {
        name: sum(path.stat().st_size for path in (tmp_path / name).iterdir() if path.suffix in (".lex", ".pst"))
        for name in ("merged", "fresh")
    }

    assert sizes["merged"] <= 1.1 * sizes["fresh"]


def test_nothing_of_a_removed_article_is_offered_before_a_merge(place: Path) -> None:
    engine = search.open(place)

    for typed in ("xanthipa", "xantippa trade", '"xanthipa speaks"'):
        assert "xanthippa" not in (engine.search(Query(typed)).did_you_mean or "")
    assert engine.search(Query("xanthipa~")).total == 0
    for typed in ("xan", "quil", "kenya", "law", "secret"):
        assert engine.suggest(typed, 10) == ()
    answer = engine.search(Query(facets=("person", "source", "country", "topic", "section", "language")))
    assert {value.value for facet in answer.facets.values() for value in facets.values(facet)} == {
        "Ann Lee",
        "Wire",
        "FR",
    }
    for facet in ("person", "source", "country", "topic", "section", "language"):
        listed = engine.facet(Query(), facet, Listing(limit=100))
        assert isinstance(listed, ValueFacet)
        assert all(value.count for value in listed.values)
        assert listed.distinct == len(listed.values)
    selected = engine.search(Query(filters={"person": Filter(any=("xanthippa quillby",))}, facets=("person",)))
    assert "Xanthippa Quillby" not in str(selected.facets["person"])
    engine.close()


def test_words_of_live_articles_come_before_those_that_many_removed_ones_had(tmp_path: Path) -> None:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        for number in range(5):
            writer.add(Article(f"r{number}", "berlim"))
        writer.add(Article("k1", "berlin"))
    with search.writer(place) as writer:
        for number in range(5):
            writer.delete(f"r{number}")

    assert search.open(place).search(Query("berliq")).did_you_mean == "berlin"
