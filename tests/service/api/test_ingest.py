"""What is posted: how it is taken in, spooled, indexed and looked up; `test_indexing` does it with real processes."""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

import search
from desk.people import keys
from desk.store.tables import JOBS
from indexer.report import MOST_SKIPPED
from search import Article, ArticleMissing
from search.files import backup_list
from search.local.safe import backup
from service.archive import Archive
from service.jobs import Jobs
from service.server.app import create_app, description
from service.server.indexing import MOST_CRASHES, MOST_FAILURES, Indexing
from service.server.job_queue import JobQueue
from service.settings import Settings
from tests.cases import cases
from tests.reliability.faulty import fail_at
from tests.reliability.test_purge import having

Result = falcon.testing.Result
JOB = description()["components"]["schemas"]["Job"]["properties"]


class Desk:
    """Someone with a key of scope `index`."""

    def __init__(self, place: Path, archive: Archive, settings: Settings) -> None:
        self.place = place
        self.spool = JobQueue(str(place))
        self.client = falcon.testing.TestClient(create_app(archive, settings))
        self.headers = {"Authorization": f"Bearer {keys.add(str(place), ['index'])[1]}"}

    def send(
        self, body: bytes | str, kind: str = "application/json", path: str = "/api/articles", **more: str
    ) -> Result:
        headers = {**self.headers, "Content-Type": kind, **{n.replace("_", "-"): v for n, v in more.items()}}
        return self.client.simulate_post(path, body=body, headers=headers)

    def remove(self, article_id: str, query: str = "") -> Result:
        return self.client.simulate_delete(f"/api/articles/{article_id}", headers=self.headers, query_string=query)

    def index(self) -> None:
        Indexing(str(self.place), 1, lambda: False).once()

    def job(self, accepted: Result) -> Any:
        answer = self.client.simulate_get(accepted.json["links"]["self"], headers=self.headers).json
        assert answer.keys() <= JOB.keys()
        return answer

    def done(self, accepted: Result) -> Any:
        assert accepted.status_code == 202, accepted.text
        self.index()
        return self.job(accepted)

    def article(self, article_id: str) -> Article:
        with search.open(self.place) as engine:
            return engine.article(article_id)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    place = tmp_path / "news.idx"
    with search.writer(place) as writer:
        writer.add(Article("old", "An old zebra."))
    with Archive(str(place)) as archive:
        yield Desk(place, archive, Settings(max_body_mb=1, spool_mb=1))


def body(*ids: str, **fields: Any) -> str:
    return json.dumps([{"id": each, "text": "A zebra.", **fields} for each in ids])


def test_what_is_sent_is_found_when_its_job_is_done(desk: Desk) -> None:
    accepted = desk.send('{"id": "new", "title": "Zebra", "text": "A zebra in Berlin.", "published": "1998-05-17"}')

    assert accepted.json == {"job": accepted.json["job"], "links": {"self": f"/api/jobs/{accepted.json['job']}"}}
    assert accepted.headers["location"] == accepted.json["links"]["self"]
    assert desk.job(accepted)["state"] == "queued"
    job = desk.done(accepted)
    assert (job["state"], job["read"], job["added"], job["skipped"]) == ("done", 1, 1, [])
    assert {"updated", "unchanged", "removed", "embargoed", "seconds", "generation"} <= job.keys()
    assert desk.article("new").country == ("DE",)
    assert desk.article("new").collection == "api"


def test_a_job_is_linked_where_the_application_is_mounted(desk: Desk) -> None:
    kind = {**desk.headers, "Content-Type": "application/json"}
    accepted = desk.client.simulate_post("/api/articles", body=body("a"), headers=kind, root_path="/archive")
    path = f"/api/jobs/{accepted.json['job']}"
    job = desk.client.simulate_get(path, headers=desk.headers, root_path="/archive")

    assert accepted.headers["location"] == f"/archive{path}"
    assert accepted.json["links"] == job.json["links"] == {"self": f"/archive{path}"}


@pytest.mark.parametrize("kind", ["application/x-ndjson", "application/jsonl; charset=utf-8"])
def test_lines_are_articles_and_a_broken_one_is_told(desk: Desk, kind: str) -> None:
    job = desk.done(desk.send('{"id": "a", "text": "zebra"}\nbroken\n{"id": "b", "text": "zebra"}\n', kind))

    assert job["added"] == 2
    assert [(entry["line"], entry["path"][:4]) for entry in job["skipped"]] == [(2, "job ")]


@cases("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
@cases("declared", [True, False])
def test_another_encoding_is_refused_for_what_it_is(desk: Desk, encoding: str, declared: bool) -> None:
    kind = f"application/json; charset={encoding}" if declared else "application/json"
    answer = desk.send(body("a").encode(encoding), kind)

    assert answer.status_code == (415 if declared else 400)
    assert answer.json["detail"].endswith("Send UTF-8.")


def test_an_article_sent_again_is_updated_or_unchanged(desk: Desk) -> None:
    desk.done(desk.send(body("a", title="One")))

    assert desk.done(desk.send(body("a", title="One")))["unchanged"] == 1
    assert desk.done(desk.send(body("a", title="Two")))["updated"] == 1
    assert desk.done(desk.send(body("a", title="One")))["updated"] == 1
    assert desk.article("a").title == "One"


def test_no_record_that_was_sent_is_lost_without_a_word(desk: Desk) -> None:
    one = {"id": "a", "text": "A zebra."}
    job = desk.done(desk.send(json.dumps([None, one, {**one, "text": "A gnu."}, {**one, "id": "b"}])))

    assert (job["read"], job["added"], job["updated"], job["skipped_count"]) == (3, 2, 1, 1)
    assert [entry["reason"] for entry in job["skipped"]] == ["Record 1: It is null."]
    assert [entry["reason"].partition(" is indexed. ")[0] for entry in job["warnings"]] == ["“a”"]
    assert desk.article("a").text == "A gnu."


def test_a_collection_may_be_named(desk: Desk) -> None:
    desk.done(desk.send(body("a"), path="/api/articles?collection=wire"))

    assert desk.article("a").collection == "wire"


def test_an_article_is_removed_after_all_that_was_sent_before(desk: Desk) -> None:
    desk.send(body("a"))
    job = desk.done(desk.remove("a"))

    assert (job["state"], job["kind"], job["removed"]) == ("done", "delete", 1)
    with pytest.raises(ArticleMissing):
        desk.article("a")


def test_an_article_may_be_blocked_over_the_api(desk: Desk) -> None:
    desk.done(desk.send(body("a")))
    assert desk.done(desk.remove("a", "block=true"))["removed"] == 1

    again = desk.done(desk.send(body("a")))
    assert (again["added"], again["skipped_count"]) == (0, 1)
    assert desk.done(desk.remove("b", "block=false&purge=false"))["removed"] == 0
    assert desk.done(desk.send(body("b")))["added"] == 1


def test_an_article_is_purged_when_its_job_is_done(desk: Desk) -> None:
    desk.done(desk.send(body("purged-id", title="Zymurgist", text="Xanthippa spoke of quizzical things.")))
    desk.done(desk.send(body("b")))
    backup.create(desk.place, desk.place.parent / "monday")
    backup_list.add(desk.place, desk.place.parent / "monday")
    for path in (desk.place.parent / "monday").glob("generation_*.sum"):
        path.write_bytes(b"damaged")
    job = desk.done(desk.remove("purged-id", "purge=true"))

    assert (job["state"], job["removed"], job["held"]) == ("done", 1, ["monday"])
    assert having(desk.place, b"purged-id", b"zymurgist", b"xanthippa", b"quizzical") == set()
    assert desk.article("b").id == "b"


def test_a_purge_that_finds_no_room_is_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.done(desk.send(body("purged-id", "b", text="Xanthippa spoke.")))
    desk.done(desk.send(body("b", text="Others spoke.")))
    accepted = desk.remove("purged-id", "purge=true")
    monkeypatch.setattr("service.server.indexing.RETRY_S", 0.0)
    with pytest.MonkeyPatch.context() as patched:
        fail_at(patched, 2, only="create")
        desk.index()
    job = desk.job(accepted)
    assert (job["state"], job["problem"]) == ("queued", "The index cannot be written; the server's log says why.")

    assert desk.done(accepted)["state"] == "done"
    assert having(desk.place, b"purged-id", b"xanthippa") == set()


@cases("query", ["blok=true", "purge=yes", "block", "collection=x"])
def test_how_far_a_deletion_goes_is_not_guessed(desk: Desk, query: str) -> None:
    answer = desk.remove("a", query)

    assert answer.status_code == 400
    assert answer.json["errors"][0]["parameter"] == query.partition("=")[0]


def test_removing_what_is_not_there_removes_none(desk: Desk) -> None:
    assert desk.done(desk.remove("nowhere"))["removed"] == 0


def test_an_article_under_embargo_can_be_removed(desk: Desk) -> None:
    item = {
        "uri": "held", "type": "text", "versioncreated": "2020-01-01T00:00:00Z", "embargoed": "2999-01-01T00:00:00Z",
        "headlines": [{"value": "Held"}], "bodies": [{"value": "zebra", "contenttype": "text/plain"}],
    }  # fmt: skip
    assert desk.done(desk.send(json.dumps(item)))["embargoed"] == 1

    assert desk.done(desk.remove("held"))["removed"] == 1


def test_the_same_key_and_body_give_the_same_job(desk: Desk) -> None:
    first = desk.send(body("a"), Idempotency_Key="k1")
    second = desk.send(body("a"), Idempotency_Key="k1")
    desk.index()

    assert second.status_code == 202
    assert second.json == first.json == desk.send(body("a"), Idempotency_Key="k1").json
    assert len(list(desk.spool.folder.glob("*.body"))) == 0


@cases("text, kind, path", [
    (body("b"), "application/json", "/api/articles"),
    (body("a"), "application/x-ndjson", "/api/articles"),
    (body("a"), "application/json", "/api/articles?collection=wire"),
])  # fmt: skip
def test_the_same_key_for_something_else_is_422(desk: Desk, text: str, kind: str, path: str) -> None:
    desk.send(body("a"), Idempotency_Key="k1")

    answer = desk.send(text, kind, path, Idempotency_Key="k1")

    assert answer.status_code == 422
    assert "k1" in answer.json["detail"]


def test_each_sender_has_idempotency_keys_of_its_own(desk: Desk) -> None:
    first = desk.send(body("a"), Idempotency_Key="k1")
    other = {"Authorization": f"Bearer {keys.add(str(desk.place), ['index'])[1]}"}

    assert desk.send(body("a"), Idempotency_Key="k1", **other).json != first.json


@cases("text, kind, status, said", [
    ("", "application/json", 400, "empty"),
    ("[]", "application/json", 400, "no article"),
    ('{"id": ', "application/json", 400, "line 1, column 8"),
    ("<rss/>", "application/json", 400, "neither { nor ["),
    ("7", "application/x-ndjson", 400, "neither { nor ["),
    ("[" * 100_000, "application/json", 400, "not JSON"),
    ("a=b", "application/x-www-form-urlencoded", 415, "x-ndjson"),
    ("{}", "", 415, "application/json"),
    ("{" + " " * 1024 * 1024, "application/json", 413, "several requests"),
    ("{}\n" * 100_002, "application/x-ndjson", 413, "100,000 lines"),
    ("[" + "1," * 100_000 + "1]", "application/json", 413, "100,000 articles"),
])  # fmt: skip
def test_what_cannot_be_taken_is_refused_at_once(desk: Desk, text: str, kind: str, status: int, said: str) -> None:
    answer = desk.send(text, kind)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert said in answer.json["detail"]
    assert not list(desk.spool.folder.glob("*.body*"))


@cases("path, headers, status", [
    ("/api/articles?colection=x", {}, 400),
    ("/api/articles?collection=a/b", {}, 400),
    ("/api/articles", {"Idempotency_Key": ""}, 400),
    ("/api/articles", {"Idempotency_Key": "x" * 256}, 400),
    ("/api/articles", {"Content_Length": "999"}, 400),
    ("/api/articles", {"Content_Encoding": "gzip"}, 415),
])  # fmt: skip
def test_bad_parameters_and_headers_are_refused(desk: Desk, path: str, headers: dict[str, str], status: int) -> None:
    assert desk.send(body("a"), path=path, **headers).status_code == status


def test_the_answer_about_a_job_is_small_whatever_was_wrong(desk: Desk) -> None:
    records = ",".join(json.dumps({"“" * 5_000 + str(n): 1}) for n in range(20))
    whole = ",".join([records, *["1"] * 5_000])

    accepted = desk.send(f"[{whole}]")
    desk.done(accepted)

    answer = desk.client.simulate_get(accepted.json["links"]["self"], headers=desk.headers)
    assert len(answer.content) < 1_000_000
    assert len(answer.json["skipped"]) == MOST_SKIPPED
    assert answer.json["skipped_count"] == 5_020
    assert sum(answer.json["reasons"].values()) == 5_020


def test_a_job_with_long_reasons_is_cut(desk: Desk) -> None:
    accepted = desk.send(body("a"))
    job = desk.spool.take()
    assert job is not None
    entry = {"path": "\x01" * 2_000, "line": None, "reason": "\x01" * 2_000}
    desk.spool.finish(job, {"skipped": [entry] * 1_000, "skipped_count": 1_000})

    answer = desk.client.simulate_get(accepted.json["links"]["self"], headers=desk.headers)

    assert len(answer.content) < 1_000_000
    assert answer.json["skipped_count"] == 1_000


def test_too_much_that_waits_is_503(desk: Desk) -> None:
    big = json.dumps({"id": "a", "text": "zebra " * 100_000})
    assert desk.send(big).status_code == 202

    answer = desk.send(big)

    assert answer.status_code == 503
    assert int(answer.headers["retry-after"]) > 0
    desk.index()
    assert desk.send(big).status_code == 202


def test_a_spool_that_cannot_be_written_is_503(desk: Desk) -> None:
    (desk.place / "spool").write_text("in the way")

    assert desk.send(body("a")).status_code == 503


def test_nothing_is_taken_in_where_there_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "idx").mkdir()
    with Archive(str(tmp_path / "idx")) as archive:
        assert Desk(tmp_path / "idx", archive, Settings()).send(body("a")).status_code == 503


def test_a_job_that_is_not_there_is_404(desk: Desk) -> None:
    for job_id in ("nowhere", "../keys.json", "%00"):
        assert desk.client.simulate_get(f"/api/jobs/{job_id}", headers=desk.headers).status_code == 404


def test_what_is_spooled_is_for_its_owner_alone(desk: Desk) -> None:
    desk.send(body("a"))
    (file,) = desk.spool.folder.glob("*.body")

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(desk.spool.folder.stat().st_mode) == 0o700


def test_while_another_writes_jobs_wait(desk: Desk) -> None:
    accepted = desk.send(body("a"))
    with search.writer(desk.place):
        desk.index()
        waiting = desk.job(accepted)
    assert waiting["state"] == "queued"
    assert waiting["problem"] == "Another process is writing to the index."

    assert desk.done(accepted)["state"] == "done"


def test_a_job_that_fails_is_given_up_and_those_behind_it_are_done(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("secret")

    bad = desk.send(body("bad"))
    with monkeypatch.context() as patch:
        patch.setattr("indexer.pipeline.index_files", fail)
        for _ in range(MOST_FAILURES):
            desk.index()
    good = desk.send(body("good"))

    assert desk.done(good)["state"] == "done"
    assert desk.job(bad)["state"] == "failed"
    assert "secret" not in desk.job(bad)["problem"]
    assert "secret" in capsys.readouterr().err
    assert desk.spool.body(bad.json["job"]).exists()


def test_a_job_that_ends_the_process_again_and_again_is_given_up(desk: Desk) -> None:
    accepted = desk.send(body("a"))
    for _ in range(MOST_CRASHES):
        desk.spool.take()
        assert desk.job(accepted)["state"] == "running"
        desk.spool.recover()

    assert desk.done(accepted)["state"] == "failed"


HOUR, DAY = 3600, 86_400


@cases("state, age_s, stays", [
    ("queued", 400 * DAY, True),
    ("running", 400 * DAY, True),
    ("failed", 2 * HOUR, True),
    ("done", 2 * HOUR, False),
    ("done", HOUR - 60, True),
    ("done", HOUR + 60, False),
    ("none", HOUR - 60, True),
    ("none", HOUR + 60, False),
])  # fmt: skip
def test_a_body_stays_until_its_job_is_done_and_forgotten(desk: Desk, state: str, age_s: int, stays: bool) -> None:
    job_id = desk.send(body("a")).json["job"]
    with Jobs(desk.place) as jobs, jobs.transaction():
        if state == "none":
            jobs._drop(JOBS)
        else:
            jobs.change(job_id, state=state, finished=datetime.now(UTC).isoformat(timespec="seconds"))
    aside = [desk.spool.folder / f"{name}{ending}" for name in (job_id, "other") for ending in (".body.new", ".tmp")]
    for file in (desk.spool.body(job_id), *aside):
        file.touch()
        os.utime(file, (datetime.now(UTC).timestamp() - age_s,) * 2)

    desk.spool.recover()

    assert desk.spool.body(job_id).exists() is stays
    assert [file.exists() for file in aside] == [stays, stays, age_s < HOUR, age_s < HOUR]


@cases("state", ["done", "failed", "queued", "running"])
@cases("days, remembered", [(29, True), (31, False)])
def test_an_ended_job_is_remembered_thirty_days(desk: Desk, state: str, days: int, remembered: bool) -> None:
    accepted = desk.send(body("a"))
    finished = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    with Jobs(desk.place) as jobs, jobs.transaction():
        jobs.change(accepted.json["job"], state=state, finished=finished)

    desk.spool.recover()

    assert (desk.spool.job(accepted.json["job"]) is not None) is (remembered or state in ("queued", "running"))
