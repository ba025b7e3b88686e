"""Administration without a shell: what an administrator sees, and does, on the page and over the API."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import falcon.testing
import pytest

from desk.alerts.store import Alerts, Difference
from desk.asker import Asker
from desk.audit.store import SpoolAudit
from desk.people import keys
from desk.people.keys import Keys, LastAdministrator
from indexer.report import Report
from search import Article
from search.files import backup_list
from search.text import dates
from service.archive import Archive
from service.desk.rights import people
from service.http.session import COOKIE
from service.jobs import JobRequest, Kind
from service.server.app import create_app
from service.server.indexing import Indexing
from service.server.job_queue import JobQueue
from service.settings import Settings
from service.spool import Spool
from tests.desk.store.test_contract import fill
from tests.released import unpacked
from tests.search.indexes import written
from tests.service.commands.running import dateline
from tests.service.desk.rights.test_page import HOST, Person


class Admin(Person):
    """An administrator, who makes snapshots in a folder."""

    def __init__(self, place: Path, archive: Archive) -> None:
        super().__init__(place, archive, "admin")
        self.archive = archive
        self.folder = place.parent / "snapshots"
        self.client = falcon.testing.TestClient(create_app(archive, Settings(snapshots=str(self.folder))))

    def send(self, method: str, address: str, sent: Any = None) -> falcon.testing.Result:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return self.client.simulate_request(method, address, json=sent, headers=headers)

    def form(self, **fields: str) -> falcon.testing.Result:
        """Send a form that may have a file."""
        parts = {"token": self.session.token, **fields}
        lines = [
            f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in parts.items()
        ]
        headers = {**HOST, "Content-Type": "multipart/form-data; boundary=x"}
        body = "".join((*lines, "--x--\r\n")).encode()
        return self.client.simulate_post("/admin", headers=headers, cookies={COOKIE: self.session.secret}, body=body)

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
    assert admin.send("POST", "/api/snapshots", {}).status_code == 202
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


def test_who_administers_last_does_not_shut_himself_out(admin: Admin) -> None:
    place, own = str(admin.place), f"/api/keys/{admin.key.id}"
    others = [key.id for key in keys.listed(place) if key.permits("admin") and key.id != admin.key.id]
    for other in others:
        keys.revoke(place, other)
    refused = admin.send("DELETE", own)
    assert refused.status_code == 409
    assert "Make another key of scope admin before" in refused.json["detail"]
    assert "Make another key" in admin.post("/admin", do="revoke", key=admin.key.id).text
    assert dateline("keys", place, "revoke", admin.key.id).returncode == 2

    settings = Settings(group_scopes="chiefs=admin")
    people.put(place, "user:ann", ["chiefs"], settings)
    admin.client = falcon.testing.TestClient(create_app(admin.archive, settings))
    assert admin.send("DELETE", own).status_code == 200  # she may administer
    with pytest.raises(LastAdministrator):
        people.put(place, "user:ann", [], settings)
    last, _ = keys.add(place, ["admin"])
    people.put(place, "user:ann", [], settings)
    assert dateline("keys", place, "revoke", last.id, "--last").returncode == 0


def test_articles_are_taken_down_once_it_was_told_what_that_does(admin: Admin) -> None:
    ids = "\ufeffa\n a \nnobody\nb\n"
    asked = admin.form(do="purge", file=ids).text
    assert "Yes, erase 1 article for good" in asked
    assert "1 article is in the archive" in asked
    assert "It cannot be undone." in asked
    assert "Not known here: 2, <code>nobody</code>, <code>b</code>" in asked
    assert Spool(str(admin.place)).newest(9) == []

    began = admin.form(do="purge", ids="a\nnobody\nb", sure="1")
    watched = began.headers["location"].partition("#")[0]
    assert admin.get(watched).headers["refresh"]
    admin.work()
    done = admin.get(watched)
    assert "refresh" not in done.headers
    assert "Articles removed: 1" in done.text
    assert admin.send("GET", "/api/articles/a").status_code == 410
    assert b"Harbours" not in b"".join(file.read_bytes() for file in admin.place.iterdir() if file.is_file())

    told = admin.send("POST", "/api/removals", {"ids": ["a", "b"], "do": "unblock"}).json
    assert (told["ids"], told["withheld"], told["job"]) == (2, 2, None)
    assert admin.send("POST", "/api/removals", {"ids": ["a"], "do": "unblock", "sure": True}).json["job"]
    admin.work()
    assert admin.archive.engine.removals().blocked == {"b", "nobody"}
    with SpoolAudit(admin.place) as log:
        (queued,) = (one for one in log.newest(9) if "unblock" in one.which[0] and one.which[0].endswith("queued"))
    assert (queued.by, queued.via) == ("admin key", "api")


def test_the_page_shows_a_finished_job_of_each_kind(admin: Admin) -> None:
    queue = JobQueue(str(admin.place))
    for kind in get_args(Kind):
        queue.put(queue.new_id(), JobRequest(kind, admin.key.id, digest=kind), 0, 1_000)
        job = queue.take()
        assert job is not None
        assert queue.finish(job, Report(removed=1).as_json())

        assert admin.get(f"/admin?job={job.id}").status_code == 200


def test_ids_that_are_none_or_too_many_are_refused(admin: Admin) -> None:
    sent: list[tuple[list[str], str]] = [
        ([" "], "There is no id."), ([str(n) for n in range(10_001)], "10,001 ids"), (["a"] * 10_001, "10,001 ids"),
        (["a", "é"], "“é” in line 2 is not an id."), (["a, b"], "“a, b” in line 1"), (["/article/a"], "“/article/a”"),
        (['{"id": "a"}'], "in line 1 is not an id."), (["a\0"], "in line 1 is not an id."),
    ]  # fmt: skip
    for ids, why in sent:
        answer = admin.send("POST", "/api/removals", {"ids": ids, "do": "remove", "sure": True})
        assert answer.status_code == 400
        assert why in answer.json["errors"][0]["reason"]


def test_a_file_of_ids_is_a_table_or_has_one_a_line(admin: Admin) -> None:
    table = admin.form(do="block", file='title,id\n"Rain, and\nmore",a\nSnow,b\n').text
    assert "Yes, remove and block 2 ids" in table
    assert "Not known here: 1, <code>b</code>" in table
    lines = admin.form(do="block", file='\ufeff{"id": "a", "text": "Rain."}\n\n{"text": "Snow.", "id": "b"}\n').text
    assert "Yes, remove and block 2 ids" in lines
    unnamed = admin.form(do="block", file='{"id": "a"}\n{"text": 1}').text
    assert "“{&#34;text&#34;: 1}” in line 2 is not an id." in unnamed
    refused = admin.form(do="block", ids="a", file="name,title\np-1,Rain\n")
    assert refused.status_code == 400
    assert "“name,title” in line 2 is not an id." in refused.text
    assert Spool(str(admin.place)).newest(9) == []


def test_alerts_that_fail_are_told_and_counted(admin: Admin) -> None:
    with Alerts(admin.place) as alerts:
        (one,) = alerts.listed()
        alerts.note_problem(one, "The list is gone.", one.due)
    found = admin.send("GET", "/api/admin").json

    assert found["failing"] == [{"name": "Oil", "problem": "The list is gone."}]
    assert "The list is gone." in admin.get("/admin").text
    assert "dateline_alerts_failing 1.0" in admin.send("GET", "/metrics").text
    assert found["free"] > 0


def test_an_alert_of_somebody_is_ended_by_its_name_alone(admin: Admin) -> None:
    with Alerts(admin.place, asker=Asker("user:ann", edits=True, sees_all=True)) as alerts:
        made = alerts.make(
            replace(alerts.listed()[0], name="Mine", question="q=secret", target="", channel="feed"), {}, frozenset,
            shared=False,
        )  # fmt: skip
        alerts.note_problem(made, "No word “secret”.", made.due)
    (first, *_) = admin.send("GET", "/api/admin").json["alerts"]
    assert first["number"] == made.number
    assert (first["runs"], first["problem"]) == (False, "It cannot be asked.")
    assert "secret" not in admin.get("/admin").text

    with Alerts(admin.place) as alerts:
        alerts.note_problem(made, "", made.due)
        seen = replace(made, looked=dates.now(), generation=made.generation + 1)
        alerts.look([(made, seen, Difference({"a": b""}, {}, frozenset()))], made.due, frozenset)
        (waits,) = alerts.deliveries(made.number)
        alerts.failed(waits, "No mailbox source@example.org.", made.due)
    (first, *_) = admin.send("GET", "/api/admin").json["alerts"]
    assert (first["number"], first["problem"]) == (made.number, "It could not be delivered. Its owner sees why.")

    assert admin.post("/admin", **{"do": "end-alert", "alert": str(made.number)}).status_code == 303
    assert admin.send("DELETE", f"/api/admin/alerts/{made.number}").status_code == 404
    with Alerts(admin.place) as alerts:
        assert "Mine" not in [one.name for one in alerts.listed()]


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
