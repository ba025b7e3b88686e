"""The client, and what of it is derived from the API, against a real server."""

from __future__ import annotations

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from dateline_client import AsyncClient, BadRequest, Busy, Client, NotAllowed, NotFound, Unreachable

import search
from search import Article, Query
from tests import derived_client
from tests.service.serving import Served, index_key, serving

COUNT = 230


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    place = tmp_path_factory.mktemp("client") / "news.idx"
    with search.writer(place) as writer:
        for number in range(COUNT):
            day = f"{1900 + number // 12}-{1 + number % 12:02}-01"
            writer.add(Article(f"a{number}", "A zebra met Bo Diaz.", "Zebra", published=day, person=("Bo Diaz",)))
    with serving(place) as started:
        yield started


@pytest.fixture(scope="module")
def client(served: Served) -> Iterator[Client]:
    with Client(served.address, index_key(served.place), timeout_s=600) as opened:
        yield opened


def test_it_is_derived_from_the_description_and_from_one_client() -> None:
    for path, text in derived_client.files().items():
        assert path.read_text("utf-8") == text, f"{path.name}: run python -m tests.derived"


def test_a_search_is_that_of_the_engine(client: Client, served: Served) -> None:
    found = client.search("zebra", from_="1905", person="Bo Diaz", facets=["person"], size=3, sort="oldest")

    with search.open(served.place) as engine:
        assert found["total"] == engine.search(Query("zebra", date_from="1905")).total
    assert [hit["published"] for hit in found["hits"]] == ["1905-01-01", "1905-02-01", "1905-03-01"]
    assert list(found["facets"]) == ["person"]


def test_all_hits_are_iterated_once(client: Client) -> None:
    ids = [hit["id"] for hit in client.iterate("zebra", sort="newest", facets="")]

    assert len(ids) == len(set(ids)) == COUNT


def test_parameters_with_a_dot_are_written_with_an_underscore(client: Client) -> None:
    assert client.search(person_not="Bo Diaz")["total"] == 0
    assert client.search(person_all=["Bo Diaz"], date_missing=False)["total"] == COUNT


def test_other_questions_are_asked(client: Client) -> None:
    assert client.article("a1")["text"] == "A zebra met Bo Diaz."
    assert client.facet("person", "zebra")["values"][0]["count"] == COUNT
    assert len(client.compare(["zebra", "quokka"])["queries"]) == 2
    assert client.count("zebra", ["person"])["total"] == COUNT
    assert sum(1 for _ in client.concordance("zebra")) == 2 * COUNT
    assert [row["total"] for row in client.batch(["zebra", "quokka"], poll_s=0.1)] == [COUNT, 0]


def test_a_table_has_a_row_a_hit(client: Client) -> None:
    table = client.frame("zebra", sort="oldest")

    assert len(table) == COUNT
    assert table["person"][0] == "Bo Diaz"


def test_articles_are_uploaded_and_removed(client: Client) -> None:
    (job,) = client.upload([{"id": "new", "text": "A quokka ran."}, {"text": ""}], poll_s=0.1)

    assert (job["state"], job["added"], job["skipped_count"]) == ("done", 1, 1)
    assert client.article("new")["id"] == "new"
    assert client.remove("new")["job"]


def test_an_error_is_an_exception_with_the_sentence_of_the_server(client: Client, served: Served) -> None:
    with pytest.raises(NotFound, match="nowhere"):
        client.article("nowhere")
    with pytest.raises(BadRequest) as bad:
        client.search("zebra", size=-1)
    assert bad.value.status == 400
    assert bad.value.errors[0]["parameter"] == "size"
    with Client(served.address) as stranger, pytest.raises(NotAllowed):
        stranger.upload([{"text": "x"}])
    with Client("http://127.0.0.1:9") as nobody, pytest.raises(Unreachable, match="does not answer"):
        nobody.search()


class Busily(BaseHTTPRequestHandler):
    """A server that has too much to do at first."""

    statuses: Iterator[int]

    def do_GET(self) -> None:
        body = b'{"total": 7, "detail": "Too much to do."}'
        self.send_response(next(self.statuses))
        self.send_header("Retry-After", "0")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def test_a_busy_server_is_asked_again() -> None:
    Busily.statuses = iter((503, 429, 200, 503, 503))
    with HTTPServer(("127.0.0.1", 0), Busily) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}"
        with Client(address, retries=2) as client:
            assert client.search()["total"] == 7
        with Client(address, retries=1) as client, pytest.raises(Busy, match="Too much to do"):
            client.search()
        server.shutdown()


def test_the_asynchronous_client_gives_the_same(served: Served, client: Client) -> None:
    async def asked() -> tuple[int, list[str]]:
        async with AsyncClient(served.address, timeout_s=600) as opened:
            found = await opened.search("zebra")
            return found["total"], [hit["id"] async for hit in opened.iterate("zebra")]

    total, ids = asyncio.run(asked())
    assert (total, ids) == (COUNT, [hit["id"] for hit in client.iterate("zebra")])


def test_it_loads_neither_numpy_nor_the_engine() -> None:
    program = "import dateline_client, sys; print(*({'numpy', 'numba', 'search', 'pandas'} & set(sys.modules)))"
    folder = Path(derived_client.PACKAGE).parent
    done = subprocess.run([sys.executable, "-c", program], cwd=folder, capture_output=True, text=True, check=True)

    assert done.stdout.split() == []
