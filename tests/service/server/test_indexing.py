"""What is posted to a real server: nothing that was answered with 202 is lost, whatever is killed when."""

from __future__ import annotations

import json
import os
import random
import re
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest

import search
from desk.people.keys import Keys
from search import Query
from search.errors import IndexLocked
from service.http.session import Sessions
from service.server.indexing import Indexing
from service.server.job_queue import JobQueue
from service.settings import Settings, from_environment
from tests import waiting
from tests.processes import alive
from tests.service.commands.running import dateline
from tests.service.server.conftest import ELSEWHERE
from tests.service.serving import Served, index_key, serving

pytestmark = pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")  # Linux has

JSON = {"Content_Type": "application/json"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    search.writer(tmp_path / "news.idx").close()
    return tmp_path / "news.idx"


@pytest.fixture(scope="module")
def desk(served: Served) -> tuple[Served, str]:
    """A server, and a key to send articles with."""
    return served, index_key(served.place)


def post(served: Served, key: str, *ids: str, **headers: str) -> str:
    """Send articles; the job's address."""
    lines = "".join(json.dumps({"id": each, "text": f"A zebra named {each}."}) + "\n" for each in ids)
    answer = served.ask(
        "POST", "/api/articles", lines.encode(), Authorization=f"Bearer {key}", Content_Type="application/x-ndjson",
        **headers,
    )  # fmt: skip
    assert answer.status == 202, answer.body
    return str(answer.json["links"]["self"])


def ids(place: Path) -> list[str]:
    with search.open(place) as engine:
        return sorted(article.id for article in engine.export(Query()))


def writer_of(place: Path) -> search.Writer:
    """A writer, as soon as no process writes any more that has done a job."""

    def opened() -> search.Writer | None:
        try:
            return search.writer(place)
        except IndexLocked:
            return None

    writer = waiting.until(opened, "nobody writes")
    assert writer is not None
    return writer


def test_every_worker_sees_what_was_sent(desk: tuple[Served, str]) -> None:
    served, key = desk
    job = served.job(post(served, key, "lynx-a", "lynx-b"), key)
    totals = {served.ask("GET", "/api/search?q=lynx").json["total"] for _ in range(8)}

    assert (job["state"], job["added"]) == ("done", 2)
    assert totals == {2}


def test_what_is_to_be_blocked_goes_with_the_next_commit_of_any_process(desk: tuple[Served, str]) -> None:
    served, key = desk
    served.job(post(served, key, "bison-a"), key)
    with writer_of(served.place) as writer:
        answer = served.ask("DELETE", "/api/articles/bison-a?block=true", Authorization=f"Bearer {key}")
        assert answer.status == 202
        writer.add(search.Article("bison-b", "A bison."))
        writer.commit()
        assert [each for each in ids(served.place) if each.startswith("bison")] == ["bison-b"]
        waiting.until(lambda: served.ask("GET", "/api/articles/bison-a").status == 410, "it is gone")
        job = served.ask("GET", answer.json["links"]["self"], Authorization=f"Bearer {key}").json
        assert job["state"] in ("queued", "running")  # it is tried now and again, until this writer is closed
    assert served.job(answer.json["links"]["self"], key)["state"] == "done"


def test_kill_9_between_202_and_indexing_loses_nothing(place: Path) -> None:
    key = index_key(place)
    with serving(place) as served, writer_of(place):  # so that nothing is indexed before the end
        jobs = [post(served, key, f"a{n}") for n in range(3)]
        served.kill_all()
    assert ids(place) == []

    spool = JobQueue(str(place))
    spool.recover()
    Indexing(str(place), 1, lambda: False).once()
    done = [spool.job(job.rpartition("/")[2]) for job in jobs]
    assert [job and job.state for job in done] == ["done"] * 3
    assert ids(place) == ["a0", "a1", "a2"]


@pytest.mark.check
def test_an_upload_survives_kill_9_and_is_undone_exactly(place: Path) -> None:
    key = index_key(place)
    held = "".join(json.dumps({"id": f"a{n}", "text": f"A zebra named {n}."}) + "\n" for n in range(40))
    with serving(place) as served:
        known = Keys(str(place)).find(key)
        assert known is not None
        cookie = Sessions(str(place)).begin(known)
        post(served, key, "a0", "before")
        parts = (("token", cookie.token), ("collection", "c"), ('file"; filename="a.jsonl', held))
        body = "".join(f'--x\r\nContent-Disposition: form-data; name="{n}"\r\n\r\n{v}\r\n' for n, v in parts)
        answer = served.ask(
            "POST", "/upload", f"{body}--x--\r\n".encode(), Cookie=f"dateline={cookie.secret}",
            Content_Type="multipart/form-data; boundary=x",
        )  # fmt: skip
        assert answer.status == 200
        (job, *_) = served.ask("GET", "/api/jobs", Authorization=f"Bearer {key}").json["jobs"]
        waiting.until(lambda: JobQueue(str(place)).entered(job["id"]).exists(), "it is being entered")
        served.kill_all()

    address = job["links"]["self"]
    with serving(place) as served:
        done = served.job(address, key)
        assert (done["state"], done["added"], done["updated"], done["name"]) == ("done", 39, 1, "a.jsonl")
        undoing = served.ask("POST", address, b'{"do": "undo"}', Authorization=f"Bearer {key}", **JSON)
        assert served.job(undoing.json["links"]["self"], key)["removed"] == 39
    with search.open(place) as engine:
        assert {each.id: each.collection for each in engine.export(Query())} == {"a0": "api", "before": "api"}


@pytest.mark.check
def test_kill_9_at_any_moment_loses_nothing_and_doubles_nothing(place: Path) -> None:
    key = index_key(place)
    moments = random.Random(7)
    sent: list[str] = []
    jobs: list[str] = []
    for attempt in range(3):
        with serving(place) as served:
            for n in range(6):
                batch = [f"a{attempt}-{n}-{m}" for m in range(10)]
                jobs.append(post(served, key, *batch, Idempotency_Key=f"k{attempt}{n}"))
                sent += batch
            waiting.random_while(moments, 1.5)
            served.kill_all()

    with serving(place) as served:
        states = {served.job(job, key)["state"] for job in jobs}
        again = post(served, key, *batch, Idempotency_Key="k25")

    assert states == {"done"}
    assert again == jobs[-1]
    assert ids(place) == sorted(sent)


def test_the_indexing_process_is_started_again(desk: tuple[Served, str]) -> None:
    served, key = desk
    first = served.indexing()
    os.kill(first, signal.SIGKILL)

    assert served.job(post(served, key, "again-a"), key)["state"] == "done"
    assert served.indexing() != first


@pytest.mark.check
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGKILL])
def test_the_indexing_process_ends_with_the_server(place: Path, how: signal.Signals) -> None:
    with serving(place) as served:
        indexing = served.indexing()
        served.process.send_signal(how)
        served.process.wait(waiting.HANG_S)
        waiting.until(lambda: not alive(indexing), "it has ended")


@pytest.mark.check
def test_of_two_servers_one_indexes_and_the_other_takes_over(place: Path) -> None:
    key = index_key(place)
    with serving(place) as second:
        with serving(place) as first:
            assert first.job(post(first, key, "a"), key)["state"] == "done"
            assert second.job(post(second, key, "b"), key)["state"] == "done"
        third = second.job(post(second, key, "c"), key)

    assert third["state"] == "done"
    assert ids(place) == ["a", "b", "c"]


def test_the_command_indexes_beside_the_server(desk: tuple[Served, str], tmp_path: Path) -> None:
    served, key = desk
    (tmp_path / "b.txt").write_text("Beside\n\nAn okapi beside.", "utf-8")
    served.job(post(served, key, "okapi-a"), key)
    writer_of(served.place).close()
    assert dateline("index", served.place, tmp_path / "b.txt").returncode == 0
    job = served.job(post(served, key, "okapi-c"), key)

    assert job["state"] == "done"
    assert served.ask("GET", "/api/search?q=okapi").json["total"] == 3


def test_an_embargo_ends_while_the_server_runs(desk: tuple[Served, str]) -> None:
    served, key = desk

    def hold(seconds: float, word: str) -> float:
        """Send an article that is held so long; the end of that."""
        end = datetime.now(UTC).timestamp() + seconds
        item = {
            "uri": word, "type": "text", "versioncreated": "2020-01-01T00:00:00Z",
            "embargoed": datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            "headlines": [{"value": "Held"}], "bodies": [{"value": f"A {word}.", "contenttype": "text/plain"}],
        }  # fmt: skip
        answer = served.ask(
            "POST", "/api/articles", json.dumps(item).encode(), Authorization=f"Bearer {key}",
            Content_Type="application/json",
        )  # fmt: skip
        assert served.job(answer.json["links"]["self"], key)["state"] == "done"
        return int(end)

    def total(word: str) -> int:
        return int(served.ask("GET", f"/api/search?q={word}").json["total"])

    def generations() -> set[str]:
        return {path.name for path in served.place.glob("generation_*.sum")}

    for seconds, word in ((3, "tapir"), (60, "ibex"), (600, "aardvark")):  # a busy machine may be late for the first
        end = hold(seconds, word)
        withheld = generations()
        before = total(word)
        if datetime.now(UTC).timestamp() < end:
            break
    assert before == 0
    waiting.until(lambda: generations() != withheld, "it is committed")  # asking the server all the time is dear
    waiting.until(lambda: total(word) == 1, "it is found")
    assert datetime.now(UTC).timestamp() >= end


def test_what_is_no_request_is_a_problem_too(desk: tuple[Served, str]) -> None:
    served, _ = desk
    answers = [served.ask("GET", "/api/search?q=" + "a" * 9000), served.ask("GET", "/", X_Long="a" * 9000)]

    assert [answer.status for answer in answers] == [414, 431]
    for answer in answers:
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json["status"] == answer.status
        assert answer.json["detail"].endswith(".")


def test_counts_of_all_workers_are_added_up(desk: tuple[Served, str]) -> None:
    served, _ = desk

    def counted() -> tuple[float, str]:
        text = served.ask("GET", "/metrics").body.decode()
        of = re.search(r'dateline_requests_total{method="GET",route="/openapi.json",status="200"} (\S+)', text)
        return float(of[1]) if of else 0.0, text

    before, _ = counted()
    for _ in range(20):
        served.ask("GET", "/openapi.json")
    after, text = counted()

    assert after == before + 20
    assert "dateline_ready 1.0" in text


def test_settings_of_the_environment_hold(desk: tuple[Served, str]) -> None:
    answer = desk[0].ask("GET", "/api/search", Origin=ELSEWHERE)

    assert answer.headers["Access-Control-Allow-Origin"] == ELSEWHERE
    assert from_environment({"DATELINE_REQUIRE_KEY": " True"}) == Settings(require_key=True)
