"""gunicorn, as it is started by `dateline serve`: real processes, real sockets."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import search
from search import Article, Query
from tests import waiting
from tests.cases import cases
from tests.service.server.test_indexing import writer_of
from tests.service.serving import Served

SECRET = "whistleblower"


def add(place: Path, name: str) -> None:
    with writer_of(place) as writer:
        writer.add(Article(name, "quagga"))


def port_of(served: Served) -> int:
    return int(served.address.rpartition(":")[2])


def total(served: Served) -> Any:
    return served.ask("GET", "/api/search?q=quagga").json


def test_the_page_and_the_api_answer(served: Served) -> None:
    assert b'href="/article/' in served.ask("GET", "/?q=quagga").body
    assert total(served)["total"] >= 1


def test_every_worker_sees_a_commit_without_restart(served: Served) -> None:
    with ThreadPoolExecutor(16) as threads:
        before = list(threads.map(lambda _: total(served), range(32)))  # every worker has opened the old generation
        add(served.place, "second")
        after = list(threads.map(lambda _: total(served), range(32)))

    ((number, generation),) = {(answer["total"], answer["generation"]) for answer in before}
    assert {(answer["total"], answer["generation"]) for answer in after} == {(number + 1, generation + 1)}


def test_counts_are_those_of_some_commit_while_it_is_written(served: Served, amount: Callable[..., int]) -> None:
    def ask(_: int) -> list[tuple[int, int, int]]:
        seen = []
        for _ in range(amount(30, few=10)):
            answer = served.ask("GET", "/api/search?q=quagga&facets=source").json
            seen.append((answer["generation"], answer["total"], answer["facets"]["source"]["missing"]))
        return seen

    first = total(served)
    earlier = first["generation"] - first["total"]  # commits of other tests
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(ask, n) for n in range(4)]
        for n in range(amount(15, few=5)):
            add(served.place, f"more-{n}")
        seen = [answer for future in asked for answer in future.result()]

    assert all(total == missing == generation - earlier for generation, total, missing in seen)


def test_a_real_server_refuses_a_rebinding_page_and_writes_links_with_its_own_name(served: Served) -> None:
    evil, own = (f"{name}:{port_of(served)}" for name in ("evil.example", "localhost"))
    for path in ("/", "/api/search?q=zebra", "/feed.atom", "/static/page.css", "/nothing", "/metrics", "/healthz"):
        answer = served.ask("GET", path, Host=evil)
        assert answer.status == 421, path
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert b"zebra" not in answer.body
    for path in ("/feed.atom?q=zebra", "/opensearch.xml", "/openapi.json", "/api/search", "/"):
        answer = served.ask(
            "GET", path, Host=own, X_Forwarded_Host="evil.example", Forwarded="host=evil.example",
            X_Forwarded_Server="evil",
        )  # fmt: skip
        assert answer.status == 200
        assert b"evil" not in answer.body
    assert b"http://localhost:" in served.ask("GET", "/opensearch.xml", Host=own).body


@cases("request_line, headers, status", [
    (b"GET /healthz HTTP/1.0", (), 200),
    (b"GET /api/search?q=zebra HTTP/1.0", (), 200),
    (b"GET /opensearch.xml HTTP/1.0", (), 200),
    (b"GET /healthz HTTP/1.0", (b"Host: evil.example",), 421),
    (b"GET /healthz HTTP/1.1", (b"Connection: close",), 400),
    (b"GET /healthz HTTP/1.1", (b"Host: localhost", b"Host: evil.example", b"Connection: close"), 400),
    (b"GET http://evil.example/opensearch.xml HTTP/1.1", (b"Host: localhost", b"Connection: close"), 200),
])  # fmt: skip
def test_http_1_0_needs_no_host_and_http_1_1_does(
    served: Served, request_line: bytes, headers: tuple[bytes, ...], status: int
) -> None:
    with socket.create_connection(("127.0.0.1", port_of(served)), waiting.HANG_S) as connection:
        connection.sendall(b"\r\n".join((request_line, *headers, b"", b"")))
        answer = http.client.HTTPResponse(connection)
        answer.begin()
        assert answer.status == status
        assert b"evil" not in answer.read().replace(b"evil.example\xe2\x80\x9d", b"")


def test_a_server_does_not_say_what_was_asked(served: Served) -> None:
    served.ask("GET", f"/?q={SECRET}")
    served.ask("GET", f"/api/export?q={SECRET}")
    for line in (f"GET /?q={SECRET} HTTP/9.9", f"G@T /{SECRET} HTTP/1.1", f"GET /{SECRET} {SECRET} HTTP/1.1"):
        with socket.create_connection(("127.0.0.1", port_of(served)), waiting.HANG_S) as connection:
            connection.sendall(f"{line}\r\nHost: localhost\r\nX-{SECRET}\r\n\r\n".encode())
            connection.recv(1000)

    said = (served.place.parent / "log").read_text()
    assert SECRET not in said
    assert "Invalid request from ip=127.0.0.1" in said
    assert all("audit" in json.loads(line) for line in said.splitlines() if line.startswith("{"))


def test_threads_of_one_engine_get_right_answers(seeds_index: Path) -> None:
    with search.open(seeds_index) as engine:
        texts = ["berlin wall", '"soviet union"', "president OR minister", "south africa", "mar* -moon", "the"]
        expected = {text: engine.search(Query(text)).total for text in texts}
        fresh = search.open(seeds_index)
        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(lambda text: (text, fresh.search(Query(text)).total), texts * 20))
    fresh.close()

    assert all(expected[text] == total for text, total in answers)
