"""An index of every earlier version is read, searched, converted and verified."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import search
from desk import proof
from desk.alerts.store import Alerts
from desk.corrections.store import Store
from desk.lists.store import Lists
from desk.people import keys
from desk.searches.store import Searches
from desk.store import opening
from search import Query, backends
from search.local.safe.verify import verify
from service.jobs import JobRequest
from service.server.indexing import Indexing
from service.spool import Spool
from tests import tiers
from tests.released import RELEASES, unpacked
from tests.released.answers import check_answers, exported, held
from tests.released.release import formats_of
from tests.reliability.running import run
from tests.search.indexes import written
from tests.search.local.write.test_dead_terms import contents

HAD_NO_DESK = ("format-11", "format-12")  # but for keys


@pytest.mark.parametrize("release", tiers.ends(RELEASES))
def test_it_is_whole_and_answers_as_its_version_did(release: str, tmp_path: Path) -> None:
    place, had = unpacked(release, tmp_path), release not in HAD_NO_DESK
    assert verify(place).faults == ()
    check_answers(place, tmp_path)
    assert [key.name for key in keys.listed(str(place))] == ["night desk"]
    with Lists(place) as lists, Searches(place) as searches, Alerts(place) as alerts, Store(place) as corrections:
        assert [(one.name, one.articles) for one in lists.listed()] == [("Reactors", 1)] * had
        assert [entry.note for one in lists.listed() for entry in lists.entries(one.name)] == ["First report."] * had
        assert [one.name for one in searches.listed("root")] == ["Strikes"] * had
        assert [one.name for one in alerts.listed()] == ["Mandela"] * had
        assert [one.value for one in corrections.listed()] == ["Erwin Schrödinger"] * had


@pytest.mark.parametrize("release", tiers.ends(RELEASES))
def test_it_is_converted_to_what_the_same_articles_make_again(release: str, tmp_path: Path) -> None:
    place = unpacked(release, tmp_path)
    before, outdated = held(place), backends.outdated(place) is not None
    desk = place / "desk.sqlite"
    revision, written_before = (formats_of(place).desk, desk.read_bytes()) if desk.exists() else ("none", b"")
    told = f"Its desk is of revision {revision}; {opening.REVISIONS[-1]} is the current one."
    assert (told in run("upgrade", place, "--check").stderr) == (revision in opening.REVISIONS[:-1])
    assert (desk.read_bytes() if desk.exists() else b"") == written_before

    done = run("upgrade", place)
    assert done.exit_code == 0
    found = "find what they found: 3 asked before and after" in done.output
    assert found == (outdated and release not in HAD_NO_DESK)
    assert not (place / proof.FILE).exists()
    assert opening.former_revision(place) is None
    assert run("upgrade", place, "--check").exit_code == 0
    assert held(place) == before
    verified = verify(place)
    assert (verified.faults, verified.left_over) == ((), ())
    check_answers(place, tmp_path)
    with search.writer(place) as writer:
        writer.compact(100)  # what is deleted in segments that need not be converted
    assert contents(place) == contents(written(tmp_path / "fresh.idx", *before))


@pytest.mark.parametrize(
    "command",
    [
        ("delete", "--", "nobody"),
        ("corrections", "undo", "1"),
        ("authority", "merge", "person", "Somebody", "Somebody Else"),
        ("enrich", "--workers", "1"),
    ],
    ids=lambda command: command[0],
)
def test_whoever_writes_first_tells_what_its_questions_find(command: tuple[str, ...], tmp_path: Path) -> None:
    place = unpacked("format-13", tmp_path)
    name, *given = command
    told = run(name, place, *given).stderr
    assert "find what they found: 3 asked before and after" in told
    assert backends.outdated(place) is None
    assert not (place / proof.FILE).exists()


def test_the_process_of_a_server_tells_what_its_questions_find(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    place = unpacked("format-13", tmp_path)
    Spool(str(place)).put("job", JobRequest("delete", "", "digest", target="nobody"), 0, 1)
    assert Indexing(str(place), 1, lambda: False).once()
    assert "0 of 3 stored questions find something else" in capfd.readouterr().err
    assert backends.outdated(place) is None


@pytest.mark.parametrize("release", tiers.ends(RELEASES))
def test_it_is_added_to(release: str, tmp_path: Path) -> None:
    place, archive = unpacked(release, tmp_path), tmp_path / "archive"
    archive.mkdir()
    new = {"id": "new", "title": "New", "text": "The zebra is new in the archive.", "language": "en"}
    (archive / "new.json").write_text(json.dumps(new), "utf-8")
    done = run("index", place, archive, "--workers", 1, "--collection", "more")
    assert done.exit_code == 0
    assert backends.outdated(place) is None
    with search.open(place) as engine:
        assert engine.search(Query("zebra")).total == 1
        assert engine.search(Query()).total == len(exported(tmp_path)) + 1
    assert verify(place).faults == ()
