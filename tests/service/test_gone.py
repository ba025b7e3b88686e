"""Articles that were withdrawn, blocked or removed, and what is said of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import falcon.testing
import orjson
import pytest

from indexer.ledger import NAME, Ledger
from service.archive import Archive
from service.server.app import create_app
from tests.cases import cases
from tests.service.commands.running import dateline

Client = falcon.testing.TestClient


def ninjs(folder: Path, name: str, **more: object) -> None:
    folder.mkdir(exist_ok=True)
    record = {"uri": name, "type": "text", "body_text": f"Talks about {name} went on.", "version": "1", **more}
    (folder / f"{name}.json").write_bytes(orjson.dumps(record))


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """An index of four articles, one of them withdrawn and one blocked."""
    for name in ("kept", "withdrawn", "blocked", "dropped"):
        ninjs(tmp_path / "archive", name)
    made = tmp_path / "news.idx"
    assert dateline("index", made, tmp_path / "archive").returncode == 0
    ninjs(tmp_path / "later", "withdrawn", version="2", pubstatus="canceled")
    assert dateline("index", made, tmp_path / "later").returncode == 0
    assert dateline("delete", made, "blocked", "--block").returncode == 0
    return made


def test_what_a_run_no_longer_finds_is_gone_and_says_when(client: Client, place: Path, tmp_path: Path) -> None:
    (tmp_path / "archive" / "dropped.json").unlink()
    dateline("index", place, tmp_path / "archive", "--delete-missing")

    answer = client.simulate_get("/api/articles/dropped")
    assert answer.status_code == 410
    assert re.search(r"“dropped” was removed on \d{4}-\d\d-\d\d\.", answer.text)
    assert re.search(r"was withdrawn on \d{4}-", client.simulate_get("/article/withdrawn").text)


def test_what_was_purged_is_404_or_gone_without_a_date_where_it_is_blocked(client: Client, place: Path) -> None:
    dateline("delete", place, "dropped", "--purge")
    dateline("delete", place, "blocked", "--purge")

    assert client.simulate_get("/api/articles/dropped").status_code == 404
    assert "“blocked” was removed." in client.simulate_get("/api/articles/blocked").text


@pytest.fixture
def client(place: Path) -> Iterator[Client]:
    with Archive(str(place)) as archive:
        yield Client(create_app(archive))


@cases("address", ["/api/articles/{}", "/api/articles/{}/similar", "/article/{}"])
@cases(
    "name, status, sentence",
    [("withdrawn", 410, "was withdrawn"), ("blocked", 410, "was removed"), ("never", 404, "No article")],
)
def test_what_is_gone_is_410_and_what_never_was_404(
    client: Client, address: str, name: str, status: int, sentence: str
) -> None:
    answer = client.simulate_get(address.format(name))

    assert answer.status_code == status
    assert sentence in answer.text
    assert f"“{name}”" in answer.text
    if address.startswith("/api"):
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json["status"] == status


def test_what_is_let_in_again_is_there(client: Client, place: Path, tmp_path: Path) -> None:
    ninjs(tmp_path / "newer", "withdrawn", version="3")
    dateline("index", place, tmp_path / "newer")

    assert client.simulate_get("/api/articles/withdrawn").status_code == 200


def test_a_missing_article_does_not_wait_for_a_run(client: Client, place: Path) -> None:
    with Ledger(place) as ledger:
        ledger.execute("ROLLBACK")
        ledger.execute("BEGIN EXCLUSIVE")
        assert client.simulate_get("/api/articles/never").status_code == 404
        ledger.execute("COMMIT")
        ledger.execute("BEGIN")


def test_a_missing_article_is_404_where_the_ledger_is_damaged(client: Client, place: Path) -> None:
    (place / NAME).write_bytes(b"no database at all" * 100)

    assert client.simulate_get("/api/articles/never").status_code == 404


def test_the_command_says_it_too(place: Path) -> None:
    for name, sentence in (("withdrawn", "was withdrawn"), ("blocked", "was removed"), ("never", "No article")):
        shown = dateline("show", place, name)
        assert shown.returncode == 1
        assert sentence in shown.stderr
