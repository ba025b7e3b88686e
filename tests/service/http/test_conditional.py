"""ETag and 304, gzip, CORS, request ids, and limits: what every answer has in common."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import falcon.testing
import pytest

import search
from search import Article
from service.archive import Archive
from service.http.auth import FORMS, OPEN
from service.http.conditional import DATED, VOLATILE
from service.http.packing import accepts
from service.server.app import create_app, routes
from service.settings import Settings
from tests.cases import cases
from tests.conftest import PATIENT

Client = falcon.testing.TestClient
READ = (
    "/", "/article/a", "/api/search?q=zebra", "/api/articles/a", "/api/export", "/feed.atom", "/docs", "/openapi.json",
)  # fmt: skip


def filled(place: Path, *ids: str) -> None:
    with search.writer(place) as writer:
        for each in ids:
            writer.add(Article(each, "A zebra. " * 200, title="Zebra " * 60))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    filled(tmp_path / "idx", "a")
    return tmp_path / "idx"


@pytest.fixture
def client(place: Path) -> Iterator[Client]:
    with Archive(str(place)) as archive:
        yield Client(create_app(archive, replace(PATIENT, max_body_mb=1)))


@cases("path", READ)
def test_who_has_the_answer_gets_304(client: Client, path: str) -> None:
    first = client.simulate_get(path)
    etag = first.headers["etag"]
    again = client.simulate_get(path, headers={"If-None-Match": f'"other", W/{etag.removeprefix("W/")}'})

    assert etag.startswith('W/"' if path in DATED else '"')
    assert first.headers["cache-control"] == "private, max-age=0, must-revalidate"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", etag)


@cases("path", ["/nowhere", "/article/nowhere", "/api/articles/nowhere", "/api/search?bad=1", "/?from=x"])
def test_an_error_is_stored_nowhere(client: Client, path: str) -> None:
    assert client.simulate_get(path).headers["cache-control"] == "no-store"


def test_every_other_route_has_none(client: Client) -> None:
    for path in ("/healthz", "/readyz", "/metrics", "/nowhere", "/api/articles/nowhere", "/api/search?bad=1"):
        assert "etag" not in client.simulate_get(path).headers
    assert {address for address, _ in routes(Archive("x"), Settings())} >= VOLATILE | DATED


def test_an_answer_is_not_worked_out_for_who_has_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    etag = client.simulate_get("/api/search").headers["etag"]
    monkeypatch.setattr("search.local.engine.LocalEngine.search", None)

    assert client.simulate_get("/api/search", headers={"If-None-Match": etag}).status_code == 304


def test_the_etag_changes_with_question_and_generation(client: Client, place: Path) -> None:
    first = client.simulate_get("/api/search?q=zebra").headers["etag"]
    other = client.simulate_get("/api/search?q=lion").headers["etag"]
    filled(place, "b")
    later = client.simulate_get("/api/search?q=zebra", headers={"If-None-Match": first})

    assert first != other
    assert later.status_code == 200
    assert later.headers["etag"] not in (first, other)


class Tomorrow(date):
    @classmethod
    def today(cls) -> Tomorrow:
        return cls(2999, 12, 31)


@cases("path", ["/?q=published:today", "/api/search?q=published:-7d..", "/api/search", "/docs"])
def test_the_etag_of_another_day_is_another(client: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dates of a question may be relative."""
    before = client.simulate_get(path).headers["etag"]
    with monkeypatch.context() as patched:
        patched.setattr("service.http.conditional.date", Tomorrow)
        after = client.simulate_get(path, headers={"If-None-Match": before})

    assert (after.status_code, after.headers["etag"] != before) == (200, True)


def test_the_etag_of_another_edition_or_mount_is_another(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    etags = {client.simulate_get("/docs").headers["etag"]}
    etags.add(client.simulate_get("/docs", root_path="/archive").headers["etag"])
    monkeypatch.setattr("service.http.conditional.edition", lambda: "another")
    etags.add(client.simulate_get("/docs").headers["etag"])

    assert len(etags) == 3


def test_what_is_of_the_program_stays_the_same_whatever_is_indexed(client: Client, place: Path) -> None:
    before = {path: client.simulate_get(path).headers["etag"] for path in sorted(OPEN - VOLATILE - FORMS)}
    filled(place, "b")

    assert {path: client.simulate_get(path).headers["etag"] for path in before} == before


def test_every_worker_gives_the_same_etag(place: Path, client: Client) -> None:
    with Archive(str(place)) as archive:
        other = Client(create_app(archive, PATIENT))
        assert other.simulate_get("/api/search").headers["etag"] == client.simulate_get("/api/search").headers["etag"]


def test_the_same_generation_of_another_index_is_another_answer(tmp_path: Path) -> None:
    etags = []
    for name in ("one", "two"):
        filled(tmp_path / name, "a")
        (tmp_path / name).rename(tmp_path / "idx")
        with Archive(str(tmp_path / "idx")) as archive:
            etags.append(Client(create_app(archive, PATIENT)).simulate_get("/api/search").headers["etag"])
        (tmp_path / "idx").rename(tmp_path / f"was-{name}")

    assert etags[0] != etags[1]


def test_any_is_what_is_there(client: Client) -> None:
    assert client.simulate_get("/api/articles/a", headers={"If-None-Match": "*"}).status_code == 304
    assert client.simulate_get("/api/articles/b", headers={"If-None-Match": "*"}).status_code == 404


@cases("path", ["/", "/api/search?q=zebra", "/api/articles/a", "/feed.atom?q=zebra", "/openapi.json"])
def test_an_answer_is_packed_for_who_takes_it_so(client: Client, path: str) -> None:
    plain = client.simulate_get(path)
    packed = client.simulate_get(path, headers={"Accept-Encoding": "br, gzip;q=0.8"})
    unpacked = gzip.decompress(packed.content)

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers["content-type"] == plain.headers["content-type"]
    assert len(packed.content) == int(packed.headers["content-length"]) < len(plain.content)
    assert len(unpacked) == pytest.approx(len(plain.content), abs=8)  # took_ms
    assert "Accept-Encoding" in packed.headers["vary"]
    assert packed.headers["etag"] != plain.headers["etag"]
    again = client.simulate_get(path, headers={"Accept-Encoding": "gzip", "If-None-Match": packed.headers["etag"]})
    assert (again.status_code, again.headers["etag"]) == (304, packed.headers["etag"])


def test_a_stream_is_packed_as_it_goes(client: Client) -> None:
    plain = client.simulate_get("/api/export?format=ris")
    packed = client.simulate_get("/api/export?format=ris", headers={"Accept-Encoding": "gzip"})

    assert zlib.decompress(packed.content, wbits=31)[:100] == plain.content[:100]


@cases(
    "header, taken",
    [(None, False), ("", False), ("gzip", True), ("GZIP", True), ("br", False), ("*", True), ("gzip;q=0", False),
     ("gzip; q=0.000", False), ("gzip; q=0.5", True), ("br;q=1, gzip;q=0.1", True), ("identity", False)],
)  # fmt: skip
def test_accept_encoding_is_read(header: str | None, taken: bool) -> None:
    assert accepts(header) is taken


def test_a_request_keeps_its_id(client: Client) -> None:
    assert client.simulate_get("/nowhere", headers={"X-Request-ID": "trace-7"}).headers["x-request-id"] == "trace-7"
    made = {client.simulate_get("/healthz").headers["x-request-id"] for _ in range(3)}
    assert len(made) == 3
    for bad in ("", "a b", "x" * 129, "a,b"):
        assert client.simulate_get("/", headers={"X-Request-ID": bad}).headers["x-request-id"] != bad


def test_no_other_origin_may_read_by_itself(client: Client) -> None:
    answer = client.simulate_get("/api/search", headers={"Origin": "https://evil.example"})

    assert not [name for name in answer.headers if name.startswith("access-control")]


@cases("listed, origin, let_in", [
    ("https://a.example, https://b.example/", "https://b.example", True),
    ("https://a.example", "https://a.example.evil", False),
    ("https://a.example", "null", False),
    ("*", "https://c.example", True),
])  # fmt: skip
def test_listed_origins_may_read(place: Path, listed: str, origin: str, let_in: bool) -> None:
    with Archive(str(place)) as archive:
        client = Client(create_app(archive, Settings(cors_origins=listed)))
        answer = client.simulate_get("/api/search", headers={"Origin": origin})
        asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "Idempotency-Key"}
        preflight = client.simulate_options("/api/articles", headers={"Origin": origin, **asked})

    assert (answer.headers.get("access-control-allow-origin") in (origin, "*")) is let_in
    assert "Origin" in answer.headers["vary"]
    assert "access-control-allow-credentials" not in answer.headers
    assert (preflight.headers.get("access-control-allow-methods") == "POST") is let_in
    assert ("Idempotency-Key" in preflight.headers.get("access-control-allow-headers", "")) is let_in


def test_a_large_body_is_refused_wherever_it_is_sent(client: Client) -> None:
    for path in ("/api/search", "/", "/nowhere"):
        answer = client.simulate_get(path, headers={"Content-Length": str(2 * 1024 * 1024)})
        assert answer.status_code == 413
        assert answer.headers["content-type"] == "application/problem+json"


def test_options_name_the_methods(client: Client) -> None:
    assert client.simulate_options("/api/articles/a").headers["allow"] == "DELETE, GET, HEAD"


def test_head_is_get_without_a_body(client: Client) -> None:
    for path in (*READ, "/healthz"):
        head, get = client.simulate_head(path), client.simulate_get(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == get.headers["content-type"]
        assert head.headers.get("etag") == get.headers.get("etag")
