"""What the service says of itself: each write, and nothing that anybody asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

import search
from desk.people import keys
from search import Article
from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests import waiting
from tests.service.serving import index_key, serving

SECRET = "whistleblower"


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("first", "zebra"))
    return tmp_path / "idx"


@pytest.fixture
def archive(place: Path) -> Iterator[Archive]:
    with Archive(str(place)) as opened:
        yield opened


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_each_write_has_a_line(archive: Archive, place: Path, capfd: pytest.CaptureFixture[str]) -> None:
    client = falcon.testing.TestClient(create_app(archive))
    key, secret = keys.add(str(place), ["index"], "night desk")
    shown = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json", "X-Request-ID": "r-1"}
    job = client.simulate_post("/api/articles", headers=shown, body='{"text": "zebra"}').json["job"]
    client.simulate_delete("/api/articles/first", headers=shown)

    posted, deleted = lines(capfd.readouterr().err)
    assert posted["audit"] == "POST /api/articles"
    assert (posted["status"], posted["job"], posted["bytes"]) == (202, job, 17)
    assert (posted["key"], posted["key_name"], posted["request"]) == (key.id, "night desk", "r-1")
    assert posted["address"] == "127.0.0.1"
    assert deleted["audit"] == "DELETE /api/articles/first"
    assert secret not in json.dumps([posted, deleted])


def test_a_write_that_is_refused_has_a_line(archive: Archive, capfd: pytest.CaptureFixture[str]) -> None:
    client = falcon.testing.TestClient(create_app(archive))
    client.simulate_post("/api/articles", headers={"Authorization": f"Bearer {SECRET}"}, body="{}")

    (line,) = lines(said := capfd.readouterr().err)
    assert line["status"] == 401
    assert "key" not in line
    assert SECRET not in said


def test_what_is_asked_is_logged_only_where_it_is_asked_for(
    archive: Archive, capfd: pytest.CaptureFixture[str]
) -> None:
    falcon.testing.TestClient(create_app(archive)).simulate_get(f"/api/search?q={SECRET}")
    assert capfd.readouterr().err == ""

    falcon.testing.TestClient(create_app(archive, Settings(log_requests=True))).simulate_get(f"/api/search?q={SECRET}")
    (line,) = lines(capfd.readouterr().err)
    assert line["asked"] == f"GET /api/search?q={SECRET}"
    assert line["status"] == 200


def test_an_error_nobody_foresaw_is_told_without_its_words(
    archive: Archive, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ValueError(f"cannot do {SECRET}")

    monkeypatch.setattr(archive.engine, "search", fail)
    client = falcon.testing.TestClient(create_app(archive))
    assert client.simulate_get(f"/api/search?q={SECRET}").status_code == 500

    said = capfd.readouterr().err
    assert "ValueError" in said
    assert "test_log.py" in said
    assert SECRET not in said


@pytest.mark.check
def test_a_server_says_what_was_written(place: Path, tmp_path: Path) -> None:
    key = index_key(place)
    log = tmp_path / "log"
    with log.open("wb") as stderr, serving(place, stderr=stderr) as served:
        sent = served.ask("POST", "/api/articles", b'{"text": "zebra"}', Authorization=f"Bearer {key}",
                          Content_Type="application/json")  # fmt: skip
        job = served.job(sent.json["links"]["self"], key)
        waiting.until(lambda: "job done" in log.read_text(), "the job's line in the log")

    posted, done = lines(log.read_text())
    assert (posted["audit"], done["audit"]) == ("POST /api/articles", "job done")
    assert (done["job"], done["added"]) == (job["id"], 1)
