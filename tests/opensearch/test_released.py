"""An index of every earlier version in a cluster, from the requests that made it, is read, searched and converted."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from falcon.testing import TestClient

from desk.alerts.store import Alerts
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.people import keys
from desk.searches.store import Searches
from desk.store import where
from search import backends
from search.opensearch import mapping
from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests.opensearch.conftest import Remote
from tests.released import CLUSTERS, recording, unpacked
from tests.released.answers import check_answers, exported, held
from tests.reliability.running import run


@pytest.fixture(params=sorted(CLUSTERS))
def version(request: pytest.FixtureRequest) -> int:
    return int(request.param)


@pytest.fixture
def place(version: int, remote: Remote, hosts: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of an index of a version, as that version has made it, with its desk."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    unpacked(CLUSTERS[version], tmp_path)
    requests = (tmp_path / "requests.jsonl").read_bytes().splitlines()
    recording.replay(hosts.split(",")[0], requests, remote.name)
    if (tmp_path / "desk").exists():
        shutil.copytree(tmp_path / "desk", where.by_default(remote.place).parent)
    return remote.place


def test_each_version_that_is_converted_has_an_index() -> None:
    assert not {*range(mapping.CONVERTED_FROM, mapping.VERSION)}.difference(CLUSTERS)


def test_it_answers_as_its_version_did_once_it_is_converted(place: str, tmp_path: Path, version: int) -> None:
    if version >= mapping.READ_FROM:
        before = held(place)
        assert len(before) == len(exported(tmp_path))
    assert run("upgrade", place).exit_code == 0
    assert backends.outdated(place) is None
    check_answers(place, tmp_path)
    had = version > 7  # a desk: no lists, searches, keys and the like in a cluster before
    assert [key.name for key in keys.listed(place)] == ["night desk"] * had
    with Lists(place) as lists, Searches(place) as searches, Alerts(place) as alerts, Store(place) as corrections:
        assert [(one.name, one.articles) for one in lists.listed()] == [("Reactors", 1)] * had
        assert [one.name for one in searches.listed("root")] == ["Strikes"] * had
        assert [one.name for one in alerts.listed()] == ["Mandela"] * had
        assert [one.value for one in corrections.listed()] == ["Erwin Schrödinger"] * had


READING = (
    ("search", "PLACE", "strike"),
    ("show", "PLACE", "1953-04-double-helix"),
    ("export", "PLACE"),
    ("stats", "PLACE"),
    ("lists", "PLACE", "list"),
    ("searches", "PLACE", "list"),
    ("alerts", "PLACE", "list"),
    ("corrections", "PLACE", "list"),
    ("copy", "PLACE", "FOLDER/copied.idx"),
    ("enrich", "PLACE", "--dry-run", "1"),
)
WRITING = (
    ("enrich", "PLACE"),
    ("authority", "PLACE", "block", "person", "Nelson Mandela"),
    ("delete", "PLACE", "1990-02-mandela-free"),
    ("delete", "PLACE", "1990-02-mandela-free", "--purge"),
    ("index", "PLACE", "FOLDER/archive"),
)


def test_until_then_commands_read_it_or_say_what_to_do(place: str, tmp_path: Path, version: int) -> None:
    (tmp_path / "archive").mkdir()
    checked = run("upgrade", place, "--check")
    assert (f"It is of format {version}" in checked.stderr) == (version < mapping.VERSION)
    assert all(f"- It {change}." in checked.stderr for change in mapping.changes_since(version))
    for command in (*READING, *(WRITING if version < mapping.VERSION else ())):
        done = run(*(part.replace("PLACE", place).replace("FOLDER", str(tmp_path)) for part in command))
        if version >= mapping.READ_FROM and command in READING:
            assert done.exit_code == 0, (command, done.stderr)
        else:
            assert (done.exit_code, f"Convert it: dateline upgrade {place}" in done.stderr) == (2, True), command


def test_until_then_a_service_answers_or_says_what_to_do(
    place: str, version: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with Archive(place) as archive:
        client = TestClient(create_app(archive, Settings()))
        addresses = ("/", "/?q=strike", "/api/search?q=strike", "/lists", "/searches", "/alerts", "/names")
        before = [client.simulate_get(address).status_code for address in addresses]
        assert {*before} == {200 if version >= mapping.READ_FROM else 503}
        assert (f"dateline upgrade {place}" in capsys.readouterr().err) == (version < mapping.READ_FROM)
        assert run("upgrade", place).exit_code == 0
        assert [client.simulate_get(address).status_code for address in addresses] == [200] * len(addresses)
