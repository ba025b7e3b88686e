"""Administration without a shell: what an administrator sees, and does, on the page and over the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

from desk.alerts.store import Alerts
from desk.audit.store import SpoolAudit
from desk.people.keys import Keys
from search import Article
from search.files import backup_list
from service.archive import Archive
from service.server.app import create_app
from service.server.indexing import Indexing
from service.settings import Settings
from service.spool import Spool
from tests.desk.store.test_contract import fill
from tests.released import unpacked
from tests.search.indexes import written
from tests.service.desk.rights.test_page import Person


class Admin(Person):
    """An administrator, who makes snapshots in a folder."""

    def __init__(self, place: Path, archive: Archive) -> None:
        super().__init__(place, archive, "admin")
        self.folder = place.parent / "snapshots"
        self.client = falcon.testing.TestClient(create_app(archive, Settings(snapshots=str(self.folder))))

    def send(self, method: str, address: str, sent: Any = None) -> falcon.testing.Result:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.client.simulate_request(method, address, json=sent, headers=headers)

    def work(self) -> None:
        Indexing(str(self.place), 1, lambda: False).once()


@pytest.fixture
def admin(tmp_path: Path) -> Iterator[Admin]:
    place = tmp_path / "news.idx"
    written(place, Article("a", "Harbours."))
    fill(place)
    with Archive(str(place)) as archive:
        yield Admin(place, archive)


def test_a_snapshot_is_made_and_checked_by_a_button(admin: Admin) -> None:
    assert admin.post("/admin", do="snapshot").status_code == 303
    admin.work()
    (made,) = backup_list.read(admin.place)

    assert made.parent == admin.folder
    assert [job.state for job in Spool(str(admin.place)).newest(9)] == ["done"]
    assert made.name in admin.get("/admin").text


def test_a_damaged_snapshot_is_found(admin: Admin) -> None:
    admin.send("POST", "/api/snapshots")
    admin.work()
    (made,) = backup_list.read(admin.place)
    damaged = next(made.glob("*.toc"))
    content = damaged.read_bytes()
    damaged.unlink()
    damaged.write_bytes(content[:-9])
    assert admin.post("/admin", do="check", name=made.name).status_code == 303
    admin.work()
    (checked, _) = Spool(str(admin.place)).newest(9)

    assert checked.state == "failed"
    assert f"“{made.name}”" in str(checked.problem)
    assert admin.send("POST", "/api/snapshots", {"check": "nowhere"}).status_code == 400


def test_none_is_made_where_no_folder_is_named(admin: Admin, tmp_path: Path) -> None:
    with Archive(str(admin.place)) as archive:
        admin.client = falcon.testing.TestClient(create_app(archive))
        assert admin.send("POST", "/api/snapshots").status_code == 409
        assert "start the server with <code>DATELINE_SNAPSHOTS=/a/folder</code>" in admin.get("/admin").text


def test_a_key_is_shown_once_and_revoked(admin: Admin) -> None:
    made = admin.post("/admin", **{"do": "key", "name": "Reading <b>", "scope-read": "1"})
    secret = re.findall(r"<code>(dl_[^<]+)</code>", made.text)[0]
    key = Keys(str(admin.place)).find(secret)
    assert key is not None
    assert (key.name, key.scopes) == ("Reading <b>", ("read",))
    assert secret not in admin.get("/admin").text
    assert made.headers["cache-control"] == "no-store"

    admin.post("/admin", do="revoke", key=key.id)
    assert Keys(str(admin.place)).find(secret) is None
    assert admin.send("DELETE", f"/api/keys/{key.id}").status_code == 404


@pytest.mark.parametrize("sent", [{"scopes": []}, {"scopes": ["king"]}, {"scopes": ["read"], "name": "a\nb"}, {}])
def test_a_key_that_permits_nothing_known_is_refused(admin: Admin, sent: dict[str, Any]) -> None:
    assert admin.send("POST", "/api/keys", sent).status_code == 400
    assert admin.send("POST", "/api/keys", {"scopes": ["read"]}).status_code == 201


def test_alerts_that_fail_are_told_and_counted(admin: Admin) -> None:
    with Alerts(admin.place) as alerts:
        (one,) = alerts.listed()
        alerts.note_problem(one, "The list is gone.", one.due)
    found = admin.send("GET", "/api/admin").json

    assert found["failing"] == [{"name": "Oil", "problem": "The list is gone."}]
    assert "The list is gone." in admin.get("/admin").text
    assert "dateline_alerts_failing 1.0" in admin.send("GET", "/metrics").text
    assert found["free"] > 0


def test_the_index_is_checked_and_its_facts_renewed(admin: Admin) -> None:
    assert admin.post("/admin", do="verify").status_code == 303
    assert admin.send("POST", "/api/admin", {"do": "enrich"}).status_code == 202
    assert admin.send("POST", "/api/admin", {"do": "enrich"}).status_code == 409
    admin.work()
    enriched, checked = Spool(str(admin.place)).newest(9)

    assert [(job.kind, job.state, job.problem) for job in (checked, enriched)] == [
        ("verify", "done", None), ("enrich", "done", None),
    ]  # fmt: skip
    assert enriched.report is not None
    assert enriched.report["read"] == 1
    with SpoolAudit(admin.place) as log:
        told = {(*one.which[0].split()[1:], one.via) for one in log.newest(9) if one.what == "jobs"}
    assert told >= {("verify", "queued", "page"), ("verify", "done", "service"), ("enrich", "queued", "api")}


def test_damage_to_the_index_is_the_reason_for_which_its_check_fails(admin: Admin) -> None:
    assert admin.get("/admin").status_code == 200  # it is served, and then damaged
    damaged = next(admin.place.glob("*.sto"))
    damaged.write_bytes(damaged.read_bytes()[:-9])
    admin.send("POST", "/api/admin", {"do": "verify"})
    admin.work()
    (checked,) = Spool(str(admin.place)).newest(9)

    assert checked.state == "failed"
    assert damaged.name in str(checked.problem)


def test_renewing_is_paused_and_goes_on(admin: Admin) -> None:
    job = admin.send("POST", "/api/admin", {"do": "enrich"}).json["job"]
    admin.post("/admin", do="pause", job=job)
    admin.work()
    assert admin.send("GET", f"/api/jobs/{job}").json["state"] == "paused"
    admin.post("/admin", do="resume", job=job)
    admin.work()

    assert admin.send("GET", f"/api/jobs/{job}").json["state"] == "done"
    assert admin.send("POST", f"/api/jobs/{job}", {"do": "undo"}).status_code == 409


def test_an_old_index_is_converted_by_a_button_and_no_other(admin: Admin, tmp_path: Path) -> None:
    assert admin.send("POST", "/api/admin", {"do": "upgrade"}).status_code == 409
    place = unpacked("format-11", tmp_path / "old")
    with Archive(str(place)) as archive:
        old = Admin(place, archive)
        assert old.get("/admin").text.count('value="upgrade"') == 1
        assert old.post("/admin", do="upgrade").status_code == 303
        old.work()

        assert [job.state for job in Spool(str(place)).newest(9)] == ["done"]
        assert 'value="upgrade"' not in old.get("/admin").text
