"""What follows from the address at which people reach the service: their cookies, and where forms are from."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import falcon.testing
import pytest

import search
from desk.people import keys
from search import Article
from service.archive import Archive
from service.http import callers, own_desk, rates, session
from service.server.app import create_app
from service.settings import Settings
from tests.cases import cases
from tests.service.desk.editor import FORM


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    place = tmp_path_factory.mktemp("public") / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("wall", "Brandenburg Gate was closed.", "Wall"))
    with Archive(str(place)) as opened:
        yield opened


@cases(
    "public, host, origin, taken",
    [
        ("https://news.example", "news.example", "https://news.example", True),
        ("https://news.example", "news.example", "http://news.example", False),
        ("https://news.example", "news.example", "https://news.example:8443", False),
        ("http://127.0.0.1", "127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("https://news.example/archive", "news.example", "https://news.example", True),
        ("https://news.example:443", "news.example", "https://news.example", True),
        ("https://user@news.example", "news.example", "https://news.example", True),
        ("https://news.example", "127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("https://news.example", "127.0.0.1:8000", "https://news.example", True),
        ("", "127.0.0.1:8000", "http://127.0.0.1:8000", True),
        ("", "127.0.0.1:8000", "https://127.0.0.1:8000", False),
        ("", "127.0.0.1:8000", "http://127.0.0.1:8001", False),
        ("", "127.0.0.1:8000", "http://evil.example", False),
        ("", "127.0.0.1:8000", "null", False),
    ],
)
def test_a_form_is_from_here_by_its_whole_origin(
    archive: Archive, public: str, host: str, origin: str, taken: bool
) -> None:
    client = falcon.testing.TestClient(create_app(archive, Settings(public_url=public)))
    body = urlencode({"key": "wrong"})
    answer = client.simulate_post("/sign-in", body=body, headers={**FORM, "Host": host, "Origin": origin})

    assert answer.status_code == (401 if taken else 403)


@cases(
    "public, protocol, secure",
    [
        ("https://news.example", "http", True),
        ("http://news.example", "http", False),
        ("", "https", True),
        ("", "http", False),
    ],
)
def test_a_cookie_is_for_https_where_people_use_it(archive: Archive, public: str, protocol: str, secure: bool) -> None:
    client = falcon.testing.TestClient(create_app(archive, Settings(public_url=public)))
    _, secret = keys.add(archive.place, ["edit"])
    answer = client.simulate_post("/sign-in", body=urlencode({"key": secret}), headers=FORM, protocol=protocol)

    assert answer.cookies[session.COOKIE].secure == secure


@cases("header", ["X-Forwarded-For", "x-forwarded-server", "CF-Connecting-IP", "CF-Ray", "Forwarded", "Via"])
def test_what_came_through_a_proxy_or_a_tunnel_is_known_as_such(header: str) -> None:
    assert own_desk._is_of_a_proxy(header)
    assert not own_desk._is_of_a_proxy("Cookie")


@cases(
    "one, other, same",
    [
        ("192.0.2.1:4711", "192.0.2.1", True), ("192.0.2.1:4711", "192.0.2.1:99", True),
        ("[2001:db8::1]:4711", "2001:db8::2", True), ("[2001:db8::1]", "2001:db8::1", True),
        ("192.0.2.1", "192.0.2.2", False), ("unknown", "_hidden", True), ("unknown", "a" * 200, True),
        ("unknown", "192.0.2.1", False), ("::ffff:192.0.2.1", "192.0.2.1:80", True),
    ],
)  # fmt: skip
def test_one_caller_is_one_caller(one: str, other: str, same: bool) -> None:
    assert (callers.household(one) == callers.household(other)) == same


def test_a_refused_request_locks_nobody_out(archive: Archive) -> None:
    client = falcon.testing.TestClient(create_app(archive, Settings(anonymous_rate=60, proxies="1")))
    asked = {"X-Forwarded-For": "192.0.2.9"}
    query = "limit=999999999&" * 20

    assert client.simulate_get("/api/pairs", query_string=query, headers=asked).status_code == 400
    assert [client.simulate_get("/api/search", headers=asked).status_code for _ in range(30)] == [200] * 30


def test_an_expensive_request_is_paid_before_it_runs(archive: Archive) -> None:
    charged: list[float] = []

    class Noted(rates.Rates):
        def wait_s(self, caller: str, per_minute: int, times: float = 1) -> float:
            charged.append(times)
            return super().wait_s(caller, per_minute, times)

    client = falcon.testing.TestClient(create_app(archive, Settings(anonymous_rate=60, proxies="1"), Noted()))
    for path in ("/api/search", "/api/pairs?limit=4000", "/api/pairs?limit=100000"):
        client.simulate_get(path, headers={"X-Forwarded-For": "192.0.2.7"})

    assert charged == [1, 5, 1 + rates.MOST_AHEAD]
    assert client.simulate_get("/api/search", headers={"X-Forwarded-For": "192.0.2.8"}).status_code == 200
