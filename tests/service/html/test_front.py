"""The front page: what the archive has, and questions that it answers."""

from __future__ import annotations

import re
from pathlib import Path

import falcon.testing

import search
from search import Article
from service.archive import Archive
from service.server.app import create_app
from tests.cases import cases
from tests.conftest import PATIENT

Client = falcon.testing.TestClient


def front(place: Path, *articles: Article, path: str = "/") -> str:
    with search.writer(place) as writer:
        for article in articles:
            writer.add(article)
    with Archive(str(place)) as archive:
        return Client(create_app(archive, PATIENT)).simulate_get(path).text


def said(text: str) -> str:
    found = re.search(r'<p id="total">(.*?)</p>', text)
    assert found
    return re.sub("<.*?>", "", found[1])


@cases(
    ("articles", "sentence"),
    [
        ([Article("a", "Oil.", "Oil")], "Search 1 article."),
        ([Article("a", "Oil.", "Oil", published="1987-03-02")], "Search 1 article, 1987."),
        (
            [
                Article("a", "Oil.", "Oil", published="1987-03-02", source="Wire"),
                Article("b", "Gas.", "Gas", published="1990", source="Post"),
            ],
            "Search 2 articles, 1987 to 1990, from 2 sources.",
        ),
    ],
)
def test_a_sentence_says_what_the_archive_has(tmp_path: Path, articles: list[Article], sentence: str) -> None:
    assert said(front(tmp_path / str(len(sentence)), *articles)) == sentence


def test_an_empty_archive_says_how_to_add_articles(tmp_path: Path) -> None:
    text = front(tmp_path / "news.idx")

    assert said(text) == "This archive is empty."
    assert "dateline index INDEX FOLDER" in text
    assert "POST /api/articles" in text


def test_examples_find_as_many_as_they_say(client: Client) -> None:
    text = client.simulate_get("/").text
    found = re.findall(r'<a href="([^"]+)">[^<]+</a> <span class="count">(\d+)</span>', text)

    assert len(found) == 3
    for url, number in found:
        answer = client.simulate_get(url.replace("&amp;", "&").replace("/?", "/api/search?"))
        assert answer.json["total"] == int(number)


@cases("path", ["/?q=", "/?sort=newest", "/?utm_source=mail&q=oil"])
def test_a_parameter_leads_past_the_front_page(client: Client, path: str) -> None:
    assert 'class="front"' not in client.simulate_get(path).text


def test_parameters_of_others_do_not(client: Client) -> None:
    assert 'class="front"' in client.simulate_get("/?utm_source=mail").text
