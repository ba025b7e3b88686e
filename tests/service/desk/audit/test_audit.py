"""The audit log: every change is in it with who made it, and nothing of what was read or asked."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

from desk.audit.store import Audit, entries
from desk.lists.store import Lists
from desk.people import keys
from desk.rights import rule
from desk.rights.store import Rights
from desk.store.tables import AUDIT
from search import Article
from search.system.acting import Actor, acting
from service.archive import Archive
from service.http.session import Sessions
from service.server.app import create_app
from service.server.indexing import Indexing
from tests.cases import cases
from tests.conftest import PATIENT
from tests.desk.store.test_contract import run
from tests.search.indexes import written

ADA = Actor("Ada", "command")


class Served:
    """A service, and a key of scope admin."""

    def __init__(self, place: Path, archive: Archive) -> None:
        self.place = place
        self.client = falcon.testing.TestClient(create_app(archive, PATIENT))
        self.key, self.secret = keys.add(str(place), ["admin"], "Ann")

    def send(self, method: str, address: str, sent: Any = None, **named: Any) -> falcon.testing.Result:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.client.simulate_request(method, address, json=sent, headers=headers, **named)

    def log(self, **asked: str) -> list[dict[str, Any]]:
        answer = self.send("GET", "/api/audit", params=asked)
        assert answer.status_code == 200, answer.text
        return list(map(json.loads, answer.text.splitlines()))


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    place = tmp_path / "news.idx"
    written(place, Article("quillby-1", "Zymurgist unmasked.", "Quillpost"), Article("other", "Harbours."))
    with Archive(str(place)) as archive:
        yield Served(place, archive)


def told(place: Path) -> list[tuple[str, str, str, str]]:
    return [(one.by, one.via, one.did, one.what) for one in entries(place)]


def test_what_is_changed_over_the_api_is_in_it_by_its_key(served: Served) -> None:
    served.send("POST", "/api/lists", {"name": "Wall", "articles": ["other"]})
    served.send("POST", "/api/searches", {"name": "Secret", "question": "q=zymurgist"})
    served.send("POST", "/api/alerts", {"name": "Secret", "question": "q=zymurgist"})
    correction = {"article": "other", "field": "person", "action": "add", "value": "Jocasta Wimple"}
    served.send("POST", "/api/corrections", {"corrections": [correction]})
    served.send("PUT", "/api/rights", {"rules": [{"who": "everyone", "what": {}, "tier": "text"}]})
    served.send("DELETE", "/api/articles/other", params={"block": "true"})
    log = served.log()

    assert {one["what"] for one in log} == {
        "lists", "entries", "searches", "alerts", "corrections", "jobs", "rights"
    }  # fmt: skip
    assert {(one["by"], one["via"]) for one in log} == {("Ann", "api")}
    assert [one["which"] for one in log if one["what"] == "rights"] == [["everyone {} text"]]
    assert any("delete block other queued" in str(one["which"]) for one in log)
    assert not any(word in str(log).lower() for word in ("zymurgist", "wimple", "secret", "harbours"))


def test_a_session_that_is_closed_and_a_key_are_in_it(served: Served) -> None:
    Sessions(str(served.place)).begin(served.key)
    with acting(ADA):
        ((record, _),) = Sessions(str(served.place)).listed()
        Sessions(str(served.place)).close(record.id)
        keys.revoke(str(served.place), served.key.id, last=True)

    found = [(one.did, one.what, one.which) for one in entries(served.place)]
    assert ("removed", "sessions", (f"{record.id} {served.key.id}",)) in found
    assert ("removed", "keys", (f"{served.key.id} Ann admin",)) in found


def test_commands_are_in_it_by_who_ran_them(served: Served, tmp_path: Path) -> None:
    for command in (
        ("lists", served.place, "add", "Wall", "other"), ("snapshot", served.place, tmp_path / "backup"),
        ("authority", served.place, "merge", "person", "Jocasta Wimple", "Wimple"), ("upgrade", served.place),
        ("delete", served.place, "other", "--block"), ("upgrade", served.place, "--check"),
    ):  # fmt: skip
        run(*command)
    found = [(one.did, one.what, one.which) for one in entries(served.place) if one.via == "command"]

    assert [one for one in found if one[0] == "ran"] == [
        ("ran", "snapshot", ()), ("ran", "authority merge", ()), ("ran", "upgrade", ()),
        ("ran", "delete", ("--block", "other")),
    ]  # fmt: skip
    assert "lists" in {what for _, what, _ in found}
    assert "Wimple" not in str(found)
    assert all(one.by for one in entries(served.place))


def test_a_purge_leaves_nothing_of_its_article_in_it(served: Served, tmp_path: Path) -> None:
    served.send("POST", "/api/lists", {"name": "Wall", "articles": ["quillby-1"]})
    run("snapshot", served.place, tmp_path / "backup")
    served.send("DELETE", "/api/articles/quillby-1", params={"purge": "true"})
    assert "quillby-1" in str(served.log())

    Indexing(str(served.place), 1, lambda: False).once()

    assert "delete purge done" in str(served.log())
    files = [file for file in tmp_path.rglob("*") if file.is_file()]
    assert not [file.name for file in files if b"quillby-1" in file.read_bytes()]


def test_a_change_that_is_given_up_is_not_in_it_and_one_that_is_made_is(tmp_path: Path) -> None:
    place = written(tmp_path / "idx", Article("a", "Talks."))

    class Crash(Exception):
        pass

    with acting(ADA), Rights(place) as store:
        with suppress(Crash), store.transaction():
            store._replace(rule.read([{"who": "everyone", "what": {}, "tier": "none"}]), "Ada", "now")
            raise Crash
        assert list(entries(place)) == []
        store.put("key:1", ["desk"])
    assert told(place) == [("Ada", "command", "stored", "members")]


def test_what_the_program_stores_by_itself_is_not_in_it(tmp_path: Path) -> None:
    place = written(tmp_path / "idx", Article("a", "Talks."))
    with Lists(place) as lists:
        lists.make("Wall", "Ann", "2026-01-01T00:00:00Z")
    assert told(place) == []


def test_many_things_are_counted_and_the_first_are_named(tmp_path: Path) -> None:
    place = written(tmp_path / "idx", Article("a", "Talks."))
    with acting(ADA), Rights(place) as store:
        store.put("key:1", [f"group {number}" for number in range(150)])
    (one,) = entries(place)
    assert (one.count, len(one.which)) == (150, 100)


@cases("since, status, count", [
    ("", 200, 1), ("2026", 200, 1), ("2999-01-01", 200, 0), ("2026-01-01T00:00:00Z", 200, 1), ("yesterday", 400, 0),
    ("2026-13", 400, 0), ("<b>", 400, 0),
])  # fmt: skip
def test_it_is_read_from_a_time_on(served: Served, since: str, status: int, count: int) -> None:
    with acting(ADA), Audit(served.place) as log:
        log._run(AUDIT.delete())
        log.note("upgrade", [])
    answer = served.send("GET", "/api/audit", params={"since": since})

    assert answer.status_code == status
    assert status == 400 or len(answer.text.splitlines()) == count


def test_a_spreadsheet_evaluates_nothing_of_it(served: Served) -> None:
    with acting(ADA), Rights(served.place) as store:
        store.put("key:1", ["=HYPERLINK(1)"])
    answer = served.send("GET", "/api/audit", params={"format": "csv"})
    rows = list(csv.reader(io.StringIO(answer.text)))

    assert rows[0] == ["at", "by", "via", "did", "what", "count", "which"]
    assert rows[-1][-1].startswith("'=")
    code, printed = run("audit", served.place, "--format", "csv")
    assert (code, printed.replace("\r", "")) == (0, answer.text.replace("\r", ""))


def test_only_administrators_read_it(served: Served) -> None:
    _, secret = keys.add(str(served.place), ["edit"], "Bo")
    shown = {"Authorization": f"Bearer {secret}"}
    assert served.client.simulate_get("/api/audit", headers=shown).status_code == 403
