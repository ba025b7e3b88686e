"""The pages of persons, countries, topics, authors and sources."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

import falcon.testing
import pytest

import search
from search import Article
from search.analyses.entity import entity, having
from search.engine import Engine
from search.errors import ValueMissing
from search.fields import ENTITIES
from search.values.query import Filter, Query
from service.params import entity_path
from tests.cases import cases
from tests.service.links import asked_at

Client = falcon.testing.TestClient

SHOWN = [
    ("person", "Richard Nixon"), ("country", "France"), ("topic", "politics"), ("author", "Tomas Lindqvist"),
    ("source", "Meridian Wire"),
]  # fmt: skip


def links(text: str) -> list[tuple[str, str]]:
    """The URL and the text of each link of a page."""
    found = re.findall(r'<a\b[^>]*?href="([^"]*)"[^>]*>(.*?)</a>', text, re.S)
    return [(unescape(url), unescape(re.sub("<[^>]+>", "", inner))) for url, inner in found]


def total(engine: Engine, url: str) -> int:
    return engine.search(asked_at(url)).total


@cases("field, value", SHOWN)
def test_every_count_of_a_page_is_that_of_the_search_it_opens(
    engine: Engine, client: Client, field: str, value: str
) -> None:
    text = client.simulate_get(f"/entity/{field}/{value}").text
    counts = re.findall(r'<a class="count" href="([^"]+)"[^>]*>([\d,]+)</a>', text)

    assert len(counts) > 10
    for url, count in counts:
        assert total(engine, unescape(url)) == int(count.replace(",", ""))
    assert (
        total(engine, unescape(re.findall(r'<a id="total" href="([^"]+)"', text)[0]))
        == entity(engine, field, value).total
    )


@cases("field, value", SHOWN)
def test_a_portrait_in_json_has_the_counts_of_its_own_searches(
    engine: Engine, client: Client, field: str, value: str
) -> None:
    found = client.simulate_get(f"/api/entities/{field}/{value}").json
    query = Query(filters={field: Filter(all=(value,))})

    assert found["total"] == engine.search(query).total > 0
    for name, facet in found["facets"].items():
        for one in facet["values"]:
            assert engine.search(having(query, name, one["value"])).total == one["count"]
            assert (name, one["value"]) != (field, found["value"])
    for one in found["epithets"]:
        assert engine.search(Query(one["q"], query.filters)).total == one["count"]
    over_time = found["timeline"]
    assert sum(bucket["count"] for bucket in over_time["buckets"]) + over_time["missing"] == found["total"]
    for link in found["links"].values():
        assert client.simulate_get(link).status_code == 200


@cases("field, value", SHOWN)
def test_a_portrait_counts_others_and_not_itself(client: Client, engine: Engine, field: str, value: str) -> None:
    facets = client.simulate_get(f"/api/entities/{field}/{value}").json["facets"]
    query = Query(filters={field: Filter(all=(value,))}, facets=tuple(facets), facet_size=1000)

    for name, facet in facets.items():
        others = [one for one in engine.search(query).values(name).values if (name, one.label) != (field, value)]
        assert facet["distinct"] == len(others)


def test_one_of_many_names_that_are_always_together_counts_the_others(
    serve: Callable[[Path], Client], tmp_path: Path
) -> None:
    names = tuple(f"{letter}n Lee" for letter in "ABCDEFGHIJKLMN")
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "x", person=names))
    client = serve(tmp_path / "idx")

    for name in (names[0], names[-1]):
        found = client.simulate_get(f"/api/entities/person/{name}").json["facets"]["person"]
        assert (found["distinct"], len(found["values"])) == (13, 10)
        assert f"and {13 - 10} more" in client.simulate_get(f"/entity/person/{name}").text


def test_first_and_last_mention_are_those_by_date(engine: Engine) -> None:
    found = entity(engine, "person", "Richard Nixon")
    dated = sorted(a.published for a in engine.export(found.query) if a.published)

    assert found.first is not None
    assert found.last is not None
    assert (found.first.article.published, found.last.article.published) == (dated[0], dated[-1])
    assert found.first.passage is not None
    assert "Nixon" in next(found.first.passage.text[a:b] for a, b in found.first.passage.marks)


def test_a_code_and_a_label_have_the_same_page(client: Client) -> None:
    assert (
        client.simulate_get("/api/entities/country/fr").json == client.simulate_get("/api/entities/country/France").json
    )


@cases("path, told", [
    ("person/Nobody Known", "No article has the person “Nobody Known”."),
    ("country/Atlantis", "No country “Atlantis”."),
    ("language/en", "There are pages of person, country, topic, author, source."),
    ("person/<script>", "No article has the person"),
])  # fmt: skip
def test_a_value_that_no_article_has_has_no_page(client: Client, path: str, told: str) -> None:
    answer, page = client.simulate_get(f"/api/entities/{path}"), client.simulate_get(f"/entity/{path}")

    assert (answer.status_code, page.status_code) == (404, 404)
    assert told in answer.json["detail"]
    assert told in unescape(page.text)
    assert "<script>" not in page.text.replace('<script src="/static', "")


@pytest.fixture
def small(tmp_path: Path) -> Iterator[Engine]:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "x", person=("Ronald Reagan", "Ronald Reganson"), source="Meridian Wire"))
        writer.add(Article("b", "x", person=("Ronald Reagan",), country=("FR",), source="Meridian Wire"))
    with search.open(tmp_path / "idx") as opened:
        yield opened


@cases("field, value, told", [
    ("person", "Ronald Regan", "Did you mean Ronald Reagan? Names that begin so: Ronald Reganson."),
    ("person", "ronald", "Did you mean Ronald Reagan? Names that begin so: Ronald Reganson."),
    ("person", "r", "Names that begin so: Ronald Reagan; Ronald Reganson."),
    ("person", "Meridian Wire", "Meridian Wire is a source."),
    ("author", "France", "France is a country."),
    ("source", "Ronald Reagan", "Ronald Reagan is a person."),
    ("person", "Zzz", ""),
    ("person", "-", ""),
    ("person", '"', ""),
])  # fmt: skip
def test_near_names_of_the_same_field_are_offered_and_other_fields_named(
    small: Engine, field: str, value: str, told: str
) -> None:
    with pytest.raises(ValueMissing) as refused:
        entity(small, field, value)

    assert str(refused.value) == f"No article has the {field} “{value}”. {told}".rstrip()


NAMES = (".", "..", "AC/DC", "/", "a//b", "../x", "100%", "%2F", "50%25", "a?b#c", "a\\b", "…")


@pytest.fixture
def named(tmp_path: Path, serve: Callable[[Path], Client]) -> Client:
    """Serves an article of each name, under the number of the name."""
    with search.writer(tmp_path / "idx") as writer:
        for number, name in enumerate(NAMES):
            writer.add(Article(str(number), "x", source=name, author=(name,)))
    return serve(tmp_path / "idx")


@cases("number, name", enumerate(NAMES))
def test_every_name_has_an_address_that_no_browser_or_proxy_shortens(named: Client, number: int, name: str) -> None:
    for field in ("source", "author"):
        for root in ("/entity", "/api/entities"):
            path = f"{root}{entity_path.written(field, name)}"
            answer = named.simulate_get(path)

            assert urljoin("http://host/", path) == f"http://host{path}"
            assert "%2f" not in path.lower()
            assert answer.status_code == 200
        assert (answer.json["value"], answer.json["links"]["self"]) == (name, path)
        assert f'href="/entity{entity_path.written(field, name)}"' in named.simulate_get(f"/article/{number}").text


def test_a_page_has_no_parameters(client: Client) -> None:
    assert client.simulate_get("/api/entities/person/Richard%20Nixon?q=a").status_code == 400


def test_an_article_and_a_filter_lead_to_the_page_of_a_name(client: Client, engine: Engine) -> None:
    article = next(iter(engine.search(Query(filters={"person": Filter(any=("Richard Nixon",))})).hits)).article

    for url in (f"/article/{article.id}", "/?person=Richard+Nixon"):
        assert "/entity/person/Richard%20Nixon" in [link for link, _ in links(client.simulate_get(url).text)]


@cases("field", ENTITIES)
def test_an_unknown_value_is_refused_in_a_sentence(engine: Engine, field: str) -> None:
    with pytest.raises(ValueMissing, match=r"^(No article has|No \w+ “).*Nirgendwo"):
        entity(engine, field, "Nirgendwo")
