"""People, their groups and their sessions, by the API and by commands: what is changed is so at the next request."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack, closing
from http.client import HTTPConnection
from pathlib import Path

import falcon.testing
import pytest
from click.testing import CliRunner

from desk.people import keys
from desk.people.holder import Person
from desk.people.sessions import Record, Records
from desk.rights.store import KEY, USER
from search import Article
from service.archive import Archive
from service.commands.cli import main
from service.http.session import COOKIE, Sessions
from service.server.app import create_app
from service.settings import BadSetting, Settings, from_environment
from tests.cases import cases
from tests.processes import children, connections
from tests.search.indexes import written
from tests.service.serving import serving
from tests.waiting import HANG_S, until

SETTINGS = Settings(oidc_issuer="https://sso.example.org", group_scopes="desk=edit, chiefs = admin")


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    written(tmp_path / "news.idx", Article("a", "Harbours."))
    with Archive(str(tmp_path / "news.idx")) as opened:
        yield opened


class Client:
    """A client of the API: an administrator, or who has a session."""

    def __init__(self, archive: Archive, settings: Settings = SETTINGS, name: str = "chief") -> None:
        self.client = falcon.testing.TestClient(create_app(archive, settings))
        self.admin = {"Authorization": f"Bearer {keys.add(archive.place, ['admin'], name)[1]}"}

    def ask(self, method: str, path: str, body: object = None) -> falcon.testing.Result:
        return self.client.simulate_request(method, path, json=body, headers=self.admin)

    def me(self, secret: str) -> tuple[str, list[str], list[str]]:
        answer = self.client.simulate_get("/api/me", cookies={COOKIE: secret}).json
        return answer["name"], answer["groups"], answer["scopes"]


def signed_in(archive: Archive, name: str, *groups: str) -> str:
    """The secret of a new session of a person."""
    return Sessions(archive.place, SETTINGS).begin(Person(USER + name, name, ("read",), frozenset(groups))).secret


def test_groups_given_here_and_told_there_say_what_a_person_may_do(archive: Archive) -> None:
    client, ann = Client(archive), signed_in(archive, "ann", "readers")
    assert client.me(ann) == ("ann", ["readers"], ["read"])

    answer = client.ask("PUT", "/api/people/user:ann", {"groups": ["desk"]})
    assert (answer.json["groups"], answer.json["told"], answer.json["scopes"]) == (["desk"], ["readers"], ["edit"])
    assert client.me(ann) == ("ann", ["desk", "readers"], ["edit"])
    client.ask("PUT", "/api/people/user:ann", {"groups": []})
    assert client.me(ann)[2] == ["read"]


def test_the_last_sign_in_says_the_groups_of_all_sessions_of_a_person(archive: Archive) -> None:
    client, before = Client(archive), signed_in(archive, "ann", "chiefs")
    assert client.me(before)[2] == ["admin"]
    signed_in(archive, "ann", "readers")

    assert client.me(before) == ("ann", ["readers"], ["read"])


def test_sessions_of_people_end_with_the_setting_that_lets_them_sign_in(archive: Archive) -> None:
    assert Client(archive, Settings()).me(signed_in(archive, "ann")) == ("", [], [])


def test_people_whose_sessions_have_ended_are_forgotten(archive: Archive) -> None:
    with Records(archive.place) as records:
        records.add(Record("ab", USER + "bo", 1, 2), "x", ["readers"])
    signed_in(archive, "ann")

    assert [one["id"] for one in Client(archive).ask("GET", "/api/people").json["people"][1:]] == [USER + "ann"]


def test_groups_of_keys_and_people_are_the_same_by_command(archive: Archive) -> None:
    client, key = Client(archive), keys.add(archive.place, ["read"], "reader")[0]
    client.ask("PUT", f"/api/people/{KEY}{key.id}", {"groups": ["desk", "readers"]})
    client.ask("PUT", "/api/people/user:corp/bo", {"groups": ["desk"]})
    shown = CliRunner().invoke(main, ["rights", archive.place, "people", "--json"])

    assert "DATELINE_GROUP_SCOPES is not set here" in shown.stderr
    assert {one["name"]: one["groups"] for one in json.loads(shown.stdout)} == {
        "chief": [], "reader": ["desk", "readers"], "corp/bo": ["desk"],
    }  # fmt: skip


@cases("person, groups, status", [("key:nobody", [], 404), ("ann", [], 400), ("user:ann", ["a,b"], 400)])
def test_groups_of_nobody_are_refused(archive: Archive, person: str, groups: list[str], status: int) -> None:
    client = Client(archive, name="")
    assert client.ask("PUT", f"/api/people/{person}", {"groups": groups}).status_code == status


def test_a_session_is_listed_and_closed(archive: Archive) -> None:
    client, ann = Client(archive), signed_in(archive, "ann")
    (listed,) = client.ask("GET", "/api/sessions").json["sessions"]
    assert (listed["who"], listed["name"], ann in str(listed)) == ("user:ann", "ann", False)

    path = f"/api/sessions/{listed['id']}"
    assert [client.ask("DELETE", path).status_code for _ in range(2)] == [200, 404]
    assert client.me(ann) == ("", [], [])


def test_a_session_lasts_as_long_as_the_setting_says(archive: Archive) -> None:
    key, _ = keys.add(archive.place, ["read"])
    Sessions(archive.place, Settings(session_hours=3)).begin(key)

    assert [one.ends - one.began for one, _ in Sessions(archive.place).listed()] == [3 * 3600]


@pytest.mark.check
def test_a_session_that_is_closed_is_refused_by_every_worker(archive: Archive) -> None:
    key, _ = keys.add(archive.place, ["read"], "reader")
    session = Sessions(archive.place).begin(key)
    with serving(Path(archive.place), workers=2, require_key="true") as served:
        port = int(served.address.rpartition(":")[2])

        def check_both(status: int) -> None:
            """Ask until both workers have answered, each on a connection that stays open."""
            with ExitStack() as stack:

                def both() -> bool:
                    asked = stack.enter_context(closing(HTTPConnection("127.0.0.1", port, timeout=HANG_S)))
                    asked.request("GET", "/api/me", headers={"Cookie": f"{COOKIE}={session.secret}"})
                    answer = asked.getresponse()
                    answer.read()
                    assert answer.status == status
                    return sum(connections(pid, port) > 0 for pid in children(served.process.pid)) == 2

                until(both, f"both workers have answered {status}")

        check_both(200)
        Sessions(archive.place).close(Sessions(archive.place).listed()[0][0].id)
        check_both(401)


@cases("value", ["desk", "desk=edti", "=edit"])
def test_a_setting_of_scopes_that_is_wrong_is_told(value: str) -> None:
    with pytest.raises(BadSetting, match=f"GROUP_SCOPES: “{value}” is not GROUP=SCOPE"):
        from_environment({"DATELINE_GROUP_SCOPES": value})
