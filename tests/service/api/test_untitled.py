"""Whatever only names an article without a title calls it by its first words, as pages do."""

from __future__ import annotations

from collections.abc import Iterator

import falcon.testing
import pytest

import search
from search import Article
from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests.cases import cases

TEXT = "Ann Lee opened the bridge. A zebra crossed it."


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[falcon.testing.TestClient]:
    place = tmp_path_factory.mktemp("untitled") / "news.idx"
    with search.writer(place) as writer:
        for name, text in (("a0", TEXT), ("a1", TEXT)):
            writer.add(Article(name, text, published="1998-05-17", person=("Ann Lee",), group="a0", source="Wire"))
    with Archive(str(place)) as archive:
        yield falcon.testing.TestClient(create_app(archive, Settings()))


@cases(
    "address, within",
    [
        ("/api/concordance?q=zebra", "rows"),
        ("/api/entities/person/Ann%20Lee", "first"),
        ("/api/articles/a0", "copies"),
    ],
)
def test_answers_call_an_article_by_its_first_words(
    client: falcon.testing.TestClient, address: str, within: str
) -> None:
    path, _, asked = address.partition("?")
    found = client.simulate_get(path, query_string=asked).json[within]

    assert {one["title"] for one in (found if isinstance(found, list) else [found])} == {TEXT}


def test_records_and_rows_call_an_article_by_its_first_words(client: falcon.testing.TestClient) -> None:
    asked = "verb=ListRecords&metadataPrefix=oai_dc"
    assert f"<dc:title>{TEXT}<" in client.simulate_get("/oai", query_string=asked).text
    assert f'<td title="{TEXT}' in client.simulate_get("/", query_string="q=zebra&view=concordance").text
