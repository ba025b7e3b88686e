"""What may be done to a job: it is paused, resumed and undone, by those whose it is."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest

import search
from desk.people import keys
from search.engine import removed_since
from service.server import doing
from service.server.job_queue import JobQueue
from tests.service.api.test_ingest import Desk, Result, body, desk

__all__ = ["desk"]


def act(desk: Desk, accepted: Result, what: str, key: str | None = None) -> Result:
    headers = {"Authorization": f"Bearer {key}"} if key else desk.headers
    return desk.client.simulate_post(accepted.json["links"]["self"], json={"do": what}, headers=headers)


def titles(desk: Desk) -> dict[str, str]:
    with search.open(desk.place) as engine:
        return {article.id: article.title for article in engine.export(search.Query())}


def test_an_undone_job_leaves_no_trace(desk: Desk) -> None:
    desk.done(desk.send(body("a", "b", title="One", persons=["Ann Lee"])))
    before, stood = titles(desk), desk.article("b")
    accepted = desk.send(body("b", "c", title="Two"))
    desk.done(accepted)
    undoing = desk.done(act(desk, accepted, "undo"))

    assert (undoing["kind"], undoing["removed"], undoing["updated"]) == ("undo", 1, 1)
    assert titles(desk) == before
    assert (desk.article("b").digest, desk.article("b").person) == (stood.digest, stood.person)
    assert desk.job(accepted)["state"] == "undone"
    with search.open(desk.place) as engine:
        assert "c" in {one.id for one in removed_since(engine, "")}


def test_an_article_that_was_changed_again_stays(desk: Desk) -> None:
    accepted = desk.send(body("a", "b", "c", title="One"))
    desk.done(accepted)
    desk.done(desk.send(body("a", title="Two")))
    desk.done(desk.remove("b"))
    undoing = desk.done(act(desk, accepted, "undo"))

    assert (undoing["removed"], undoing["left"]) == (1, 1)
    assert titles(desk) == {"a": "Two", "old": ""}


def test_what_was_undone_can_be_sent_again(desk: Desk) -> None:
    accepted = desk.send(body("a"), path="/api/articles?collection=one")
    desk.done(accepted)
    desk.done(act(desk, accepted, "undo"))

    assert desk.done(desk.send(body("a"), path="/api/articles?collection=one"))["added"] == 1


def test_an_article_under_embargo_is_undone(desk: Desk) -> None:
    item = {
        "uri": "held", "type": "text", "versioncreated": "2020-01-01T00:00:00Z", "embargoed": "2999-01-01T00:00:00Z",
        "headlines": [{"value": "Held"}], "bodies": [{"value": "zebra", "contenttype": "text/plain"}],
    }  # fmt: skip
    accepted = desk.send(json.dumps(item))
    desk.done(accepted)

    assert desk.done(act(desk, accepted, "undo"))["removed"] == 1
    assert desk.done(desk.remove("held"))["removed"] == 0


def test_a_job_that_waits_is_discarded_by_undoing_it(desk: Desk) -> None:
    accepted = desk.send(body("a"))
    desk.done(act(desk, accepted, "undo"))

    assert (desk.job(accepted)["state"], set(titles(desk))) == ("undone", {"old"})
    assert list(desk.spool.folder.glob("*.body")) == []


def test_a_job_is_paused_and_counts_all_when_it_is_resumed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    accepted = desk.send(body(*(f"a{n}" for n in range(200))))
    looked = JobQueue.is_halted

    def pausing(spool: JobQueue, job: Any) -> bool:
        act(desk, accepted, "pause")
        return looked(spool, job)

    monkeypatch.setattr(doing, "LOOKS_EVERY_S", -1.0)
    with monkeypatch.context() as patched:
        patched.setattr(JobQueue, "is_halted", pausing)
        desk.index()
    desk.index()
    job, some = desk.job(accepted), len(titles(desk))
    assert (job["state"], job["problem"], some < 201) == ("paused", None, True)

    act(desk, accepted, "resume")
    assert desk.done(accepted)["added"] == 200
    assert desk.done(act(desk, accepted, "undo"))["removed"] == 200


def test_a_job_is_of_the_key_that_it_came_with(desk: Desk) -> None:
    other, chief = (keys.add(str(desk.place), [scope])[1] for scope in ("index", "admin"))
    accepted = desk.send(body("a"))

    def listed(key: str) -> list[str]:
        answer = desk.client.simulate_get("/api/jobs", headers={"Authorization": f"Bearer {key}"})
        return [job["id"] for job in answer.json["jobs"]]

    assert (listed(other), listed(chief)) == ([], [accepted.json["job"]])
    assert act(desk, accepted, "pause", other).status_code == 404
    assert act(desk, accepted, "pause", chief).status_code == 202


def test_what_a_state_does_not_permit_is_refused(desk: Desk) -> None:
    accepted, removal = desk.send(body("a")), desk.remove("old")

    assert act(desk, accepted, "resume").status_code == 409
    assert act(desk, removal, "undo").status_code == 409
    assert act(desk, accepted, "shred").status_code == 400


def test_a_purge_finds_an_article_in_an_archive_that_waits(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("in/a.json", body("a"))
    waiting = desk.send(packed.getvalue(), "application/zip")
    act(desk, waiting, "pause")

    assert desk.done(desk.remove("a", "purge=true"))["held"] == [f"job {waiting.json['job']}"]
