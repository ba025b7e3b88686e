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
from tests import tiers
from tests.conftest import PATIENT
from tests.opensearch.conftest import Remote
from tests.released import CLUSTERS, recording, unpacked
from tests.released.answers import check_answers, exported, held
from tests.reliability.running import run


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


ADDRESSES = ("/", "/?q=strike", "/api/search?q=strike", "/lists", "/searches", "/alerts", "/names")


def check_commands(place: str, folder: Path, version: int) -> None:
    """Each reads it, or says what to do."""
    (folder / "archive").mkdir()
    checked = run("upgrade", place, "--check")
    assert (f"It is of format {version}" in checked.stderr) == (version < mapping.VERSION)
    assert all(f"- It {change}." in checked.stderr for change in mapping.changes_since(version))
    for command in (*READING, *(WRITING if version < mapping.VERSION else ())):
        done = run(*(part.replace("PLACE", place).replace("FOLDER", str(folder)) for part in command))
        if version >= mapping.READ_FROM and command in READING:
            assert done.exit_code == 0, (command, done.stderr)
        else:
            assert (done.exit_code, f"Convert it: dateline upgrade {place}" in done.stderr) == (2, True), command


@pytest.mark.parametrize("version", tiers.ends(sorted(CLUSTERS)))
def test_it_is_read_or_says_what_to_do_and_answers_as_its_version_did_once_it_is_converted(
    place: str, version: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    if version >= mapping.READ_FROM:
        assert len(held(place)) == len(exported(tmp_path))
    check_commands(place, tmp_path, version)
    with Archive(place) as archive:
        client = TestClient(create_app(archive, PATIENT))
        before = [client.simulate_get(address).status_code for address in ADDRESSES]
        assert {*before} == {200 if version >= mapping.READ_FROM else 503}
        assert (f"dateline upgrade {place}" in capsys.readouterr().err) == (version < mapping.READ_FROM)
        assert run("upgrade", place).exit_code == 0
        assert [client.simulate_get(address).status_code for address in ADDRESSES] == [200] * len(ADDRESSES)
    assert backends.outdated(place) is None
    check_answers(place, tmp_path)
    had = version > 7  # a desk: no lists, searches, keys and the like in a cluster before
    assert [key.name for key in keys.listed(place)] == ["night desk"] * had
    with Lists(place) as lists, Searches(place) as searches, Alerts(place) as alerts, Store(place) as corrections:
        assert [(one.name, one.articles) for one in lists.listed()] == [("Reactors", 1)] * had
        assert [one.name for one in searches.listed("root")] == ["Strikes"] * had
        assert [one.name for one in alerts.listed()] == ["Mandela"] * had
        assert [one.value for one in corrections.listed()] == ["Erwin Schrödinger"] * had
