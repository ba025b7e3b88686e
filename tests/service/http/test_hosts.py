"""Whom the service takes itself for: names that are served, and those that a rebinding page would use."""

from __future__ import annotations

import http.client
import socket
from pathlib import Path

import falcon.testing
import pytest

from service.archive import Archive
from service.http.hosts import Hosts, name_of, own_names
from service.server.app import create_app
from service.settings import BadSetting, Settings, from_environment
from tests import waiting
from tests.cases import cases
from tests.service.serving import Served

NONE = Settings()
NAMED = Settings(public_url="https://news.example.org/archive", hosts="desk.example.org, 10.0.0.7, fd00::7")


def port_of(served: Served) -> int:
    return int(served.address.rpartition(":")[2])


def status(hosts: Hosts, host: str, path: str = "/api/search") -> int:
    client = falcon.testing.TestClient(falcon.App(middleware=[hosts]))
    answered = client.simulate_get(path, headers={"Host": host}).status_code
    return 200 if answered == 404 else answered  # it has no routes; what gets that far is served


@cases("host", ["localhost", "LOCALHOST:8000", "localhost.", "127.0.0.1:1", "127.9.8.7", "[::1]:80"])
@cases("bound", ["127.0.0.1", "::1", "localhost", "0.0.0.0", "192.0.2.1"])
@cases("settings", [NONE, NAMED])
def test_loopback_names_are_served_wherever_it_listens(host: str, bound: str, settings: Settings) -> None:
    assert status(Hosts(bound, settings), host) == 200


@cases(
    "host", ["evil.example", "localhost.evil.example", "127.0.0.1.nip.io", "10.0.0.7", "[fd00::7]", "0.0.0.0", "mybox"]
)
def test_on_loopback_no_other_name_is_served(host: str) -> None:
    assert status(Hosts("127.0.0.1", NONE), host) == 421


@cases("bound", ["127.0.0.1", "0.0.0.0"])
@cases(
    "host, expected",
    [("news.example.org", 200), ("NEWS.example.org:443", 200), ("desk.example.org", 200), ("10.0.0.7:80", 200),
     ("[fd00::7]", 200), ("10.0.0.8", 421), ("evil.example", 421), ("example.org", 421), ("a.news.example.org", 421)],
)  # fmt: skip
def test_named_hosts_are_served_and_no_others(bound: str, host: str, expected: int) -> None:
    assert status(Hosts(bound, NAMED), host) == expected


def test_elsewhere_without_names_addresses_and_own_names_are_served() -> None:
    hosts = Hosts("0.0.0.0", NONE)

    assert [status(hosts, host) for host in ("192.0.2.1:8000", "[2001:db8::1]", *own_names())] == [200] * (
        2 + len(own_names())
    )
    assert status(hosts, "evil.example") == 421


def test_who_watches_asks_by_address() -> None:
    hosts = Hosts("0.0.0.0", NAMED)

    assert status(hosts, "172.17.0.2:8000", "/healthz") == status(hosts, "172.17.0.2", "/readyz") == 200
    assert status(hosts, "172.17.0.2:8000") == 421
    assert status(hosts, "evil.example", "/healthz") == 421


def test_every_name_may_be_let_in() -> None:
    assert status(Hosts("127.0.0.1", Settings(hosts="*")), "anything.example") == 200


@cases("written", ["", "a b", "a,b", "localhost@evil", "[::1", "[zz]", "a/b", "x:y", "ü", "a:1:2", "."])
def test_a_malformed_host_is_a_bad_request(written: str) -> None:
    assert name_of(written) is None


@cases("settings", [Settings(hosts="a b"), Settings(public_url="news.example.org")])
def test_a_setting_that_names_no_host_is_refused(settings: Settings) -> None:
    with pytest.raises(BadSetting, match="DATELINE_"):
        Hosts("127.0.0.1", settings)


@cases("name, text, said", [
    ("REQUIRE_KEY", "yes", "It must be true or false."),
    ("MAX_BODY_MB", "0", "It must be a whole number, 1 or more."),
    ("MAX_BODY_MB", "1.5", "It must be a whole number, 1 or more."),
    ("MAX_BODY_MB", "١", "It must be a whole number, 1 or more."),
])  # fmt: skip
def test_a_setting_of_another_kind_is_refused(name: str, text: str, said: str) -> None:
    with pytest.raises(BadSetting) as refused:
        from_environment({f"DATELINE_{name}": text})
    assert str(refused.value) == f"DATELINE_{name} is “{text}”. {said}"


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


def test_an_application_without_a_server_leaves_the_check_to_what_stands_before_it(tmp_path: Path) -> None:
    client = falcon.testing.TestClient(create_app(Archive(str(tmp_path / "none.idx"))))

    assert client.simulate_get("/healthz", headers={"Host": "anything"}).status_code == 200
