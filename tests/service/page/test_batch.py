"""The page of batches: a list is typed or uploaded, and its answers are those of the API."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import pytest

import search
from search import Article
from service.archive import Archive
from service.server.app import create_app
from service.server.asking import Asking
from service.settings import Settings

Client = falcon.testing.TestClient
BOUND = "xxBOUNDxx"
MANY = 230


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with search.writer(tmp_path / "news.idx") as writer:
        writer.add(Article("one", "A zebra met Willy Brandt.", published="1970-01-01", country=("DE",)))
        writer.add(Article("two", "Another zebra ran.", published="1980-01-01"))
    return tmp_path / "news.idx"


@pytest.fixture
def client(place: Path) -> Iterator[Client]:
    with Archive(str(place)) as archive:
        yield Client(create_app(archive, Settings()))


def send(client: Client, address: str = "/batch", **fields: str) -> falcon.testing.Result:
    parts = "".join(
        f'--{BOUND}\r\nContent-Disposition: form-data; name="{name}"'
        + ('; filename="list.csv"\r\nContent-Type: text/csv' if name == "file" else "")
        + f"\r\n\r\n{value}\r\n"
        for name, value in fields.items()
    )
    headers = {"Content-Type": f"multipart/form-data; boundary={BOUND}"}
    return client.simulate_post(address, body=f"{parts}--{BOUND}--\r\n".encode(), headers=headers)


def answered(client: Client, place: Path, sent: falcon.testing.Result) -> str:
    assert sent.status_code == 303, sent.text
    Asking(str(place), lambda: False).once()
    return str(client.simulate_get(sent.headers["location"]).text)


def test_a_list_is_answered_with_links_to_what_was_counted(client: Client, place: Path) -> None:
    page = answered(client, place, send(client, lines="zebra\nWilly Brandt\nquokka", **{"as": "name"}))

    assert "3 of 3 lines are answered." in page
    link = html.unescape(page.partition('class="count" href="')[2].partition('"')[0])
    assert "2 articles" in client.simulate_get(link).text
    assert "/article/one?q=" in page


def test_a_column_of_a_file_is_taken_before_what_was_typed(client: Client, place: Path) -> None:
    page = answered(client, place, send(client, file="n,who\n1,zebra\n", lines="quokka", column="who"))

    assert '<th scope="row">zebra</th>' in page
    assert "quokka" not in page


def test_the_filters_of_a_search_narrow_it(client: Client, place: Path) -> None:
    page = client.simulate_get("/?country=DE&q=zebra").text
    address = html.unescape(page.partition('href="/batch')[2].partition('"')[0])
    assert address == "?country=DE"

    form = client.simulate_get(f"/batch{address}").text
    assert 'action="/batch?country=DE"' in form
    assert "1 of 1 line is answered." in (
        shown := answered(client, place, send(client, f"/batch{address}", lines="zebra"))
    )
    assert "1970" in shown
    assert "/article/one" in shown
    assert "/article/two" not in shown


def test_what_is_wrong_is_said_beside_what_was_typed(client: Client) -> None:
    empty, column = send(client, lines="  "), send(client, lines="a,b\n1,2", column="c")

    assert (empty.status_code, column.status_code) == (400, 400)
    assert "There are no lines." in empty.text
    assert "There is no column “c”." in column.text
    assert "a,b\n1,2</textarea>" in column.text
    assert client.simulate_post("/batch", body="lines=a").status_code == 415


def test_a_batch_that_waits_is_asked_for_again_and_one_that_is_done_is_not(client: Client, place: Path) -> None:
    sent = send(client, lines="zebra")
    waiting = client.simulate_get(sent.headers["location"])
    assert waiting.headers["refresh"]
    assert "0 of 1 line is answered." in waiting.text
    Asking(str(place), lambda: False).once()

    assert "refresh" not in client.simulate_get(sent.headers["location"]).headers
    assert client.simulate_get("/batch/nonsense").status_code == 404


def test_its_pages_have_every_line_once(client: Client, place: Path) -> None:
    sent = send(client, lines="\n".join(f"zebra{number}" for number in range(MANY)))
    page, found = answered(client, place, sent), 0
    while True:
        found += page.count('<th scope="row">zebra')
        address = page.partition('<a rel="next" href="')[2].partition('"')[0]
        if not address:
            break
        page = client.simulate_get(address).text

    assert found == MANY
