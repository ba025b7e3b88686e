"""Whom the service takes itself for: names that are served, and those that a rebinding page would use."""

from __future__ import annotations

from pathlib import Path

import falcon.testing
import pytest

from service.archive import Archive
from service.http.hosts import Hosts, name_of, own_names
from service.server.app import create_app
from service.settings import BadSetting, Settings, from_environment
from tests.cases import cases

NONE = Settings()
NAMED = Settings(public_url="https://news.example.org/archive", hosts="desk.example.org, 10.0.0.7, fd00::7")


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


def test_an_application_without_a_server_leaves_the_check_to_what_stands_before_it(tmp_path: Path) -> None:
    client = falcon.testing.TestClient(create_app(Archive(str(tmp_path / "none.idx"))))

    assert client.simulate_get("/healthz", headers={"Host": "anything"}).status_code == 200
