"""Articles without a date are in no interval: each view over time says how many there are, and leads to them."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import falcon.testing
import pytest

import search
from search import Article
from tests.cases import cases

Client = falcon.testing.TestClient
DAYS = ("1989-11-09", None, "1991-01-01", None, None)


@pytest.fixture
def client(tmp_path: Path, serve: Callable[[Path], Client]) -> Client:
    """Two dated and three undated articles; one of the undated ones has no oil."""
    with search.writer(tmp_path / "idx") as writer:
        for number, day in enumerate(DAYS):
            text = "Gas and coal." if number == 3 else "Oil and gas."
            writer.add(Article(f"a{number}", text, published=day, person=("Ann Lee",)))
    return serve(tmp_path / "idx")


def test_a_trend_counts_them(client: Client) -> None:
    found = client.simulate_get("/api/trend", params={"q": "oil"}).json
    (*_, last) = csv.reader(io.StringIO(client.simulate_get("/api/trend?q=oil&format=csv").text))
    drawn = ElementTree.fromstring(client.simulate_get("/api/trend?q=oil&format=svg").content)

    assert (found["missing"], found["of_missing"]) == (2, 3)
    assert sum(one["of"] for one in found["buckets"]) + found["of_missing"] == len(DAYS)
    assert last == ["", "2", "3", "0.666667"]
    assert any("Without a date, not drawn: 2 articles." in (element.text or "") for element in drawn.iter())


def test_a_comparison_counts_them(client: Client) -> None:
    asked = {"q": ["oil", "gas"]}
    found = client.simulate_get("/api/compare", params=asked).json
    (*_, last) = csv.reader(io.StringIO(client.simulate_get("/api/compare", params={**asked, "format": "csv"}).text))
    drawn = client.simulate_get("/api/compare", params={**asked, "format": "svg"}).text

    assert [one["missing"] for one in found["queries"]] == [2, 3]
    assert found["of_missing"] == 3
    assert last == ["", "2", "3", "3"]
    assert "oil (4, 2 without a date)" in drawn


def test_a_comparison_of_undated_articles_alone_counts_them(client: Client) -> None:
    found = client.simulate_get("/api/compare?q=oil&q=gas&date.missing=true").json

    assert (found["buckets"], [one["missing"] for one in found["queries"]], found["of_missing"]) == ([], [2, 3], 3)


def test_a_range_of_dates_leaves_none(client: Client) -> None:
    assert client.simulate_get("/api/trend?q=oil&from=1989").json["missing"] == 0
    assert "Without a date" not in client.simulate_get("/compare?q=oil&q=gas&from=1989").text
    assert "Without a date" not in client.simulate_get("/compare?q=oil&q=coal&from=1989").text


@cases("path, counts", [("/compare?q=oil&q=gas", ["2", "3"]), ("/entity/person/Ann%20Lee", ["3"])])
def test_a_page_leads_to_them(client: Client, path: str, counts: list[str]) -> None:
    (told,) = re.findall(r"<p[^>]*>Without a date(.*?)</p>", client.simulate_get(path).text)
    links = re.findall(r'href="([^"]+)"[^>]*>(\d+)', told)

    assert [count for _, count in links] == counts
    for url, count in links:
        assert client.simulate_get(f"/api/search?{unescape(url).partition('?')[2]}").json["total"] == int(count)


def test_a_result_that_takes_them_says_that_they_are_in_no_bar(client: Client) -> None:
    one, several = (client.simulate_get(f"/?q={word}&from=1989&date.missing=true").text for word in ("coal", "oil"))

    assert "1 article without a date is in the result, and in no bar." in one
    assert "2 articles without a date are in the result, and in no bar." in several
    assert "in no bar" not in client.simulate_get("/?q=oil&from=1989").text
