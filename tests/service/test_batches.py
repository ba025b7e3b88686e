"""Batches over HTTP: what was accepted is answered, whatever is stopped when, and tells of no article that is gone."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

import desk
import search
from search import Article
from search.analyses.batch import TOGETHER
from service import batches
from service.archive import Archive
from service.batches import MOST_WAITING, Batches
from service.server.app import create_app
from service.server.asking import Asking
from service.server.removal import delete, erase
from service.settings import Settings
from tests import waiting
from tests.service.serving import serving

Client = falcon.testing.TestClient
PART = 30
NUMBER = 3 * PART + 7
TEXT = {"Content-Type": "text/plain"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    with search.writer(tmp_path / "news.idx") as writer:
        writer.add(Article("one", "A zebra met Willy Brandt.", published="1970-01-01"))
        writer.add(Article("two", "Another zebra ran.", published="1980-01-01"))
    return tmp_path / "news.idx"


@pytest.fixture
def asked(place: Path) -> Any:
    with Archive(str(place)) as archive:
        yield Client(create_app(archive, Settings()))


@pytest.fixture
def in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Batches of which fewer lines are answered together."""
    monkeypatch.setattr(batches, "TOGETHER", PART)


def send(client: Client, body: str, query: str = "", kind: str = "text/plain") -> str:
    answer = client.simulate_post("/api/batch", body=body, query_string=query, headers={"Content-Type": kind})
    assert answer.status_code == 202, answer.text
    assert answer.headers["location"] == answer.json["links"]["self"]
    return str(answer.json["links"]["self"])


def answer_all(place: Path) -> None:
    Asking(str(place), lambda: False).once()


def test_lines_are_answered_as_searches_are(place: Path, asked: Client) -> None:
    job = send(asked, "zebra\n\nWilly Brandt\nquokka\n", "from=1975")
    assert asked.simulate_get(job).json["state"] == "queued"
    answer_all(place)
    found = asked.simulate_get(job).json

    assert (found["state"], found["lines"], found["done"], found["problem"]) == ("done", 4, 4, None)
    assert [(row["line"], row["asked"], row["total"]) for row in found["rows"]] == [
        (1, "zebra", 1), (3, "Willy Brandt", 0), (4, "quokka", 0),
    ]  # fmt: skip
    assert found["rows"][0]["first"] == found["rows"][0]["last"] == {
        "id": "two", "title": "Another zebra ran.", "published": "1980-01-01", "passage": "Another zebra ran.",
    }  # fmt: skip


def test_json_and_a_column_of_a_table_are_taken(place: Path, asked: Client) -> None:
    as_json = send(asked, json.dumps({"lines": ["zebra ran", "ran zebra"]}), "as=name", "application/json")
    as_table = send(asked, 'n,who\n1,"zebra"\n', "column=who", "text/csv")
    answer_all(place)

    assert [row["total"] for row in asked.simulate_get(as_json).json["rows"]] == [1, 0]
    assert [row["asked"] for row in asked.simulate_get(as_table).json["rows"]] == ["zebra"]


@pytest.mark.usefixtures("in_parts")
def test_parts_and_a_file_have_every_answer_once(place: Path, asked: Client) -> None:
    job = send(asked, "\n".join(f"zebra {number}" for number in range(NUMBER)))
    answer_all(place)
    rows, address = [], f"{job}?limit=40"
    while address:
        found = asked.simulate_get(address).json
        rows += found["rows"]
        address = found["links"]["next"]
    table = list(csv.DictReader(asked.simulate_get(f"{job}?format=csv").text.splitlines()[4:]))

    assert [row["line"] for row in rows] == list(range(1, NUMBER + 1))
    assert [row["asked"] for row in table] == [row["asked"] for row in rows]


@pytest.mark.usefixtures("in_parts")
def test_what_was_stopped_goes_on(place: Path, asked: Client) -> None:
    job = send(asked, "\n".join(f"zebra {number}" for number in range(NUMBER)))
    stored, batch_id = Batches(str(place)), job.rpartition("/")[2]
    stops = iter((False, False, True))
    with desk.open(place) as engine:
        stored.answer(engine, batch_id, lambda: next(stops))
    path = stored._answers(batch_id)
    with path.open("ab") as file:
        file.write(b'{"generation":1,"lines":500,"ans')
    assert asked.simulate_get(job).json["done"] == 2 * PART
    assert asked.simulate_get(job).json["state"] == "running"
    answer_all(place)

    found = asked.simulate_get(f"{job}?offset={NUMBER - 2}").json
    assert (found["state"], found["done"], [row["line"] for row in found["rows"]]) == (
        "done", NUMBER, [NUMBER - 1, NUMBER],
    )  # fmt: skip


def test_an_article_that_is_gone_is_not_shown(place: Path, asked: Client) -> None:
    job = send(asked, "zebra")
    answer_all(place)
    with search.writer(place) as writer:
        delete(writer, place, ["one"], block=True)
    (row,) = asked.simulate_get(job).json["rows"]

    assert (row["first"], row["last"]["id"]) == (None, "two")
    assert "Brandt" not in asked.simulate_get(f"{job}?format=csv").text


def test_an_erased_article_is_in_no_answer_on_disk(place: Path, asked: Client) -> None:
    job, named = send(asked, "zebra"), send(asked, "id:one")
    answer_all(place)
    with search.writer(place) as writer:
        delete(writer, place, ["one"])
        writer.commit()
        erase(writer, place, ["one"])
    files = [path.read_bytes() for path in (place / "spool" / "batches").iterdir()]

    assert not any(b"Brandt" in data or b'"one"' in data or b"id:one" in data for data in files)
    assert asked.simulate_get(named).status_code == 404
    answer_all(place)
    assert asked.simulate_get(job).json["rows"][0]["first"]["id"] == "two"


def test_a_purge_removes_a_batch_that_names_the_article_and_none_that_has_its_letters(
    place: Path, asked: Client
) -> None:
    naming = [send(asked, line) for line in ("zebra\nid:one", "ID:ONE OR zebra", "(zebra id:one)")]
    others = [send(asked, "phone one", "as=name"), send(asked, "one\nsomeone everyone"), send(asked, "id:onetwo")]
    with search.writer(place) as writer:
        erase(writer, place, ["one"])

    assert [asked.simulate_get(job).status_code for job in naming] == [404] * 3
    assert [asked.simulate_get(job).status_code for job in others] == [200] * 3


def test_a_damaged_batch_stops_no_other(place: Path, asked: Client) -> None:
    bad, good = send(asked, "zebra"), send(asked, "zebra")
    damaged = place / "spool" / "batches" / f"{bad.rpartition('/')[2]}.asked"
    damaged.write_bytes(damaged.read_bytes()[:-5])
    answer_all(place)

    assert asked.simulate_get(good).json["state"] == "done"
    refused = asked.simulate_get(bad)
    assert refused.status_code == 503
    assert "damaged" in refused.text


def test_answered_batches_take_so_much_of_the_disk(place: Path, asked: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    jobs = [send(asked, "zebra") for _ in range(4)]
    monkeypatch.setattr(batches, "MOST_BYTES", 1_000)
    answer_all(place)

    found = [asked.simulate_get(job).status_code for job in jobs]
    assert found[-1] == 200
    assert 404 in found


def test_what_cannot_be_taken_is_refused(asked: Client) -> None:
    def refused(body: str, kind: str = "text/plain", query: str = "") -> tuple[int, str]:
        answer = asked.simulate_post("/api/batch", body=body, headers={"Content-Type": kind}, query_string=query)
        return answer.status_code, answer.text

    assert refused(" \n")[0] == 400
    assert refused("a", "text/html")[0] == 415
    assert refused('{"names": []}', "application/json")[0] == 400
    assert "There are: n, who." in refused("n,who\n1,2", "text/csv", "column=name")[1]
    assert refused("a", query="from=soon")[0] == 400
    for _ in range(MOST_WAITING):
        send(asked, "zebra")
    assert refused("zebra")[0] == 503
    assert asked.simulate_get("/api/batch/../x").status_code == 404
    assert asked.simulate_get(f"/api/batch/{'0' * 27}").status_code == 404


@pytest.mark.check
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="this system has no /proc")
def test_a_server_that_was_killed_answers_when_it_starts_again(place: Path) -> None:
    number = 3 * TOGETHER + 7
    lines = "\n".join(f"zebra {line}" for line in range(number)).encode()
    with serving(place) as served:
        job = served.ask("POST", "/api/batch", lines, Content_Type="text/plain").json["links"]["self"]
        served.kill_all()
    with serving(place) as served:

        def answered() -> Any:
            found = served.ask("GET", f"{job}?limit=1").json
            return found if found["state"] == "done" else None

        assert waiting.until(answered, "the batch is answered")["done"] == number
