"""Legible articles: what the page and the files of a timeline show of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import pytest

import search
from search import Article
from service.archive import Archive
from service.server.app import create_app
from tests.conftest import PATIENT

Client = falcon.testing.TestClient
READ = {"1900-05-01": (0.5, 0.6, 0.9), "1901-05-01": (0.9, 0.9, None)}
"""Day → the known words of the articles of that day."""


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    place = tmp_path_factory.mktemp("legible") / "news.idx"
    with search.writer(place) as writer:
        for day, shares in READ.items():
            for number, known in enumerate(shares):
                text = "A ferry sank." if number else "A ferry sank in a storm."
                writer.add(Article(f"{day}-{number}", text, published=day, known=known))
        writer.commit()
    with Archive(str(place)) as archive:
        yield Client(create_app(archive, PATIENT))


def shown(client: Client, query: str) -> str:
    return client.simulate_get("/", query_string=query).text


def test_the_page_offers_legible_articles_and_draws_them(client: Client) -> None:
    page = shown(client, "q=ferry&interval=year")
    for told in (
        '<span>legible: at least 80 % of words known</span> <span class="count">3</span>',
        '<span>legibility unknown</span> <span class="count">1</span>',
        "Legible articles only · legibility unknown: 1",
        'class="legible" d="M0 40h',
        "3 articles · legible: 1",
    ):
        assert told in page
    assert "<td>2<td>6<td>33 %<td>1<td>3<td>33 %" in shown(client, "q=storm&scale=archive&interval=decade")


def test_who_asks_for_legible_articles_sees_no_line(client: Client) -> None:
    page = shown(client, "q=ferry&known.from=0.8&known.missing=true&interval=year")

    for told in (
        'name="known.from" value="0.8" checked', 'name="known.missing" value="true" checked',
        'aria-label="Remove Words known at least 80 %"', 'aria-label="Remove or unknown"',
    ):  # fmt: skip
        assert told in page
    assert 'class="legible"' not in page


def test_files_of_a_timeline_have_legible_articles(client: Client) -> None:
    asked = "q=ferry&interval=year&legible=0.8&format="
    table = client.simulate_get("/api/trend", query_string=asked + "csv").text
    assert table.split()[-2:] == ["1900-01-01,3,3,1.0,1,1,1.0", "1901-01-01,3,3,1.0,2,2,1.0"]
    figure = client.simulate_get("/api/trend", query_string=asked + "svg").text
    assert "legible articles: at least 80 % of words known" in figure


def test_quality_decides_only_of_articles_whose_words_nobody_knows(tmp_path: Path) -> None:
    for place, known, offered in ((tmp_path / "a", 0.9, False), (tmp_path / "b", None, True)):
        with search.writer(place) as writer:
            for number, quality in enumerate((0.5, 0.9)):
                writer.add(Article(f"{number}", "A ferry sank.", known=known, quality=quality))
        with Archive(str(place)) as archive:
            page = shown(Client(create_app(archive, PATIENT)), "q=ferry")
        assert ("legible: quality of at least 0.8" in page) is offered
