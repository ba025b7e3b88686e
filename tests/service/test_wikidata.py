"""Items of Wikidata that the authority gives: in facets, hits, articles and on the page, where nothing is fetched."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import falcon.testing
import pytest
from click.testing import CliRunner

import search
from search import Article
from search.names.authority import Authority, merge
from service.commands.cli import main
from tests.cases import cases

Client = falcon.testing.TestClient
NOW = "2026-01-02T03:04:05+00:00"
LINK = 'href="https://www.wikidata.org/wiki/Q19878" rel="noreferrer noopener"'


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with search.writer(tmp_path / "news.idx") as writer:
        writer.add(Article("a", "Oil fell.", person=("Qadhafi", "Bo Ek"), country=("LY",)))
        said = merge(Authority(), "person", "Muammar Gaddafi", ("Qadhafi",), "Q19878", NOW)
        writer.set_authority(merge(said, "country", "Libya", (), "Q1016", NOW))
    return tmp_path / "news.idx"


def test_facets_hits_and_articles_tell_the_items(place: Path, serve: Callable[[Path], Client]) -> None:
    client = serve(place)
    answer = client.simulate_get("/api/search?q=oil").json
    facet = client.simulate_get("/api/facets/person").json

    assert {entry["value"]: entry.get("wikidata") for entry in facet["values"]} == {
        "Muammar Gaddafi": "Q19878",
        "Bo Ek": None,
    }
    assert answer["facets"]["person"]["values"] == facet["values"]
    items = {"person": {"Muammar Gaddafi": "Q19878"}, "country": {"LY": "Q1016"}}
    assert answer["hits"][0]["wikidata"] == items
    assert client.simulate_get("/api/articles/a").json["wikidata"] == items
    assert "wikidata" not in client.simulate_get("/api/search?fields=id,title").json["hits"][0]


def test_the_command_tells_what_the_api_does(place: Path, serve: Callable[[Path], Client]) -> None:
    said = json.loads(CliRunner().invoke(main, ["search", str(place), "oil", "--json"]).stdout)

    assert said["hits"] == serve(place).simulate_get("/api/search?q=oil").json["hits"]


@cases("path", ["/?q=oil", "/article/a"])
def test_the_page_links_an_item_and_tells_it_no_address(
    place: Path, serve: Callable[[Path], Client], path: str
) -> None:
    text = serve(place).simulate_get(path).text

    assert LINK in text
    assert 'src="https://www.wikidata' not in text


def test_an_archive_without_an_authority_tells_of_none(client: Client) -> None:
    assert "wikidata" not in client.simulate_get("/api/search?q=president").text
    assert "wikidata.org" not in client.simulate_get("/").text
