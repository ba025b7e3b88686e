"""Somebody who has signed in at a proxy is believed to have, if the proxy says so, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import pytest

from desk.people import keys
from desk.rights import rule
from desk.rights.store import USER, Rights
from search import Article
from service.archive import Archive
from service.proxies import proxies
from service.server.app import create_app
from service.settings import BadSetting, Settings, from_environment
from tests.cases import cases
from tests.search.indexes import written

PROXY, ELSEWHERE = "10.0.0.7", "192.0.2.1"
SETTINGS = Settings(proxies=f"{PROXY},2001:db8::/48", user_header="Remote-User", groups_header="Remote-Groups")
RULES = [
    {"who": "group:desk", "what": {}, "tier": "export"},
    {"who": "signed-in", "what": {"collection": ["wire"]}, "tier": "text"},
    {"who": "everyone", "what": {"collection": ["wire"]}, "tier": "none"},
]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("proxy") / "news.idx"
    written(place, Article("a", "Harbours.", collection="wire"), Article("b", "Harbours."))
    with Rights(place) as rights:
        rights.set(rule.read(RULES), "tester", "2026-01-01T00:00:00Z")
        rights.put(USER + "bo", ["desk"])
    return place


@pytest.fixture(scope="module")
def archive(place: Path) -> Iterator[Archive]:
    with Archive(str(place)) as opened:
        yield opened


def me(archive: Archive, settings: Settings, peer: str, **headers: str) -> falcon.testing.Result:
    client = falcon.testing.TestClient(create_app(archive, settings))
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return client.simulate_get("/api/me", headers=named, remote_addr=peer)


@cases("peer, headers, name, groups", [
    (PROXY, {"Remote_User": "ann", "Remote_Groups": "readers, desk"}, "ann", ["desk", "readers"]),
    ("2001:db8:0:1::9", {"Remote_User": "ann"}, "ann", []),
    (f"::ffff:{PROXY}", {"Remote_User": "ann"}, "ann", []),
    (PROXY, {"Remote_User": "bo"}, "bo", ["desk"]),
    (PROXY, {"Remote_User": "G\u00fcnter".encode().decode("latin-1")}, "G\u00fcnter", []),
    (PROXY, {"Remote_Groups": "desk"}, "", []),
    (PROXY, {}, "", []),
    (ELSEWHERE, {"Remote_User": "ann", "Remote_Groups": "desk"}, "", []),
    (ELSEWHERE, {"Remote_User": "ann", "X_Forwarded_For": PROXY}, "", []),
    (ELSEWHERE, {"Remote_User": "ann", "X_Real_IP": PROXY, "Forwarded": f"for={PROXY}"}, "", []),
    ("10.0.0.70", {"Remote_User": "ann"}, "", []),
    ("", {"Remote_User": "ann"}, "", []),
])  # fmt: skip
def test_a_name_is_believed_from_the_address_of_a_proxy(
    archive: Archive, peer: str, headers: dict[str, str], name: str, groups: list[str]
) -> None:
    answer = me(archive, SETTINGS, peer, **headers).json

    assert (answer["name"], answer["groups"]) == (name, groups)
    assert answer["scopes"] == (["read"] if name else [])


@cases(
    "headers",
    [{"Remote_User": "ann,root"}, {"Remote_User": "a\tb"}, {"Remote_User": "x" * 300}, {"Remote_User": "\xff"}],
)
def test_a_name_that_may_have_been_added_to_is_refused(archive: Archive, headers: dict[str, str]) -> None:
    assert me(archive, SETTINGS, PROXY, **headers).status_code == 400


def test_without_the_setting_no_header_says_who_asks(archive: Archive) -> None:
    for settings in (Settings(), Settings(proxies="1"), Settings(proxies=PROXY)):
        assert me(archive, settings, PROXY, Remote_User="ann").json["name"] == ""


@cases("peer, headers, found", [
    (PROXY, {"Remote-User": "bo"}, 2), (PROXY, {"Remote-User": "ann"}, 2), (PROXY, {}, 1),
    (ELSEWHERE, {"Remote-User": "bo"}, 1),
])  # fmt: skip
def test_rules_are_for_those_who_have_signed_in_there(
    archive: Archive, peer: str, headers: dict[str, str], found: int
) -> None:
    client = falcon.testing.TestClient(create_app(archive, SETTINGS))

    assert client.simulate_get("/api/search", headers=headers, remote_addr=peer).json["total"] == found


def test_who_has_signed_in_there_may_read_where_a_key_is_required_and_writes_nothing(archive: Archive) -> None:
    settings = Settings(
        proxies=SETTINGS.proxies, user_header=SETTINGS.user_header, groups_header="Remote-Groups", require_key=True
    )
    client = falcon.testing.TestClient(create_app(archive, settings))
    headers = {"Remote-User": "bo", "Remote-Groups": "admin, edit"}

    assert client.simulate_get("/api/search", headers=headers, remote_addr=PROXY).status_code == 200
    assert client.simulate_get("/api/search", headers=headers, remote_addr=ELSEWHERE).status_code == 401
    for method, address in (("POST", "/api/lists"), ("POST", "/api/articles"), ("PUT", "/api/rights")):
        assert client.simulate_request(method, address, headers=headers, remote_addr=PROXY).status_code == 401


def test_a_key_says_more_than_a_proxy(archive: Archive, place: Path) -> None:
    secret = keys.add(str(place), ["edit"], "night desk")[1]
    answer = me(archive, SETTINGS, PROXY, Remote_User="ann", Authorization=f"Bearer {secret}").json

    assert answer == {"name": "night desk", "groups": [], "scopes": ["edit"]}


@cases("text, path, client", [
    ("0", ("1.1.1.1", "2.2.2.2"), "2.2.2.2"), ("1", ("1.1.1.1", "2.2.2.2"), "1.1.1.1"), ("1", ("2.2.2.2",), "2.2.2.2"),
    ("2.2.2.2", ("1.1.1.1", "2.2.2.2"), "1.1.1.1"), ("2.2.2.2", ("9.9.9.9", "1.1.1.1", "2.2.2.2"), "1.1.1.1"),
    ("2.2.2.2", ("2.2.2.2", "1.1.1.1"), "1.1.1.1"), ("2.2.2.0/24", ("2.2.2.9", "2.2.2.2"), "2.2.2.9"),
])  # fmt: skip
def test_proxies_are_a_number_or_addresses(text: str, path: tuple[str, ...], client: str) -> None:
    assert proxies(text).client(path) == client


@cases("environment", [
    {"DATELINE_USER_HEADER": "Remote-User"}, {"DATELINE_USER_HEADER": "Remote-User", "DATELINE_PROXIES": "1"},
    {"DATELINE_GROUPS_HEADER": "Remote-Groups"}, {"DATELINE_PROXIES": "proxy.example"}, {"DATELINE_PROXIES": "-1"},
])  # fmt: skip
def test_a_header_is_not_believed_from_anywhere(environment: dict[str, str]) -> None:
    with pytest.raises(BadSetting):
        from_environment(environment)
