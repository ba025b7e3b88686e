"""`verify`, `snapshot`, `restore` and `copy` as they are called."""

from __future__ import annotations

import json
import random
from pathlib import Path

from search.local.writer import LocalWriter
from tests.reliability import model
from tests.reliability.running import run
from tests.reliability.test_corruption import flip


def test_verify_says_that_an_index_is_whole(place: Path) -> None:
    found = json.loads(run("verify", place, "--json").stdout)

    assert run("verify", place).exit_code == 0
    assert (found["whole"], found["articles"], found["faults"]) == (True, len(model.after(3)), [])


def test_verify_names_the_file_and_what_is_wrong_with_it(place: Path) -> None:
    path = next(place.glob("*.sto"))
    flip(path, random.Random(1))
    done = run("verify", place, "--json")
    found = json.loads(done.stdout)

    assert done.exit_code == 2
    assert not found["whole"]
    assert found["faults"][0]["file"] == path.name
    assert path.name in run("verify", place).stdout


def test_verify_names_what_is_left_over(place: Path) -> None:
    (place / "segment_0123456789abcdef.pst").write_bytes(b"x")
    (place / "generation_99.sum.new").write_bytes(b"x")
    (place / "MAIN_0123456789abcdef.seg").write_bytes(b"x")  # as a writer of Whoosh names it
    found = json.loads(run("verify", place, "--json").stdout)

    assert found["left_over"] == [
        "MAIN_0123456789abcdef.seg", "generation_99.sum.new", "segment_0123456789abcdef.pst",
    ]  # fmt: skip
    LocalWriter(place).close()
    assert json.loads(run("verify", place, "--json").stdout)["left_over"] == []


def test_verify_of_nothing_is_a_sentence(tmp_path: Path) -> None:
    done = run("verify", tmp_path)

    assert done.exit_code == 2
    assert "is not an index" in done.stderr


def test_a_snapshot_is_made_and_put_back(place: Path, tmp_path: Path) -> None:
    assert run("snapshot", place, tmp_path / "monday").exit_code == 0
    assert run("snapshot", place, tmp_path / "monday").exit_code == 2
    assert run("restore", tmp_path / "monday", place).exit_code == 2
    assert run("restore", tmp_path / "monday", place, "--replace").exit_code == 0
    assert run("restore", tmp_path / "monday", tmp_path / "other.idx").exit_code == 0

    assert model.found(place) == model.found(tmp_path / "other.idx") == model.after(3)


def test_a_copy_has_the_same_articles_and_keeps_out_the_same(place: Path, tmp_path: Path) -> None:
    assert run("copy", place, tmp_path / "copy.idx").exit_code == 0

    assert model.found(tmp_path / "copy.idx") == model.after(3)
    with LocalWriter(tmp_path / "copy.idx") as writer:
        assert writer.blocked() == {"nobody"}
        assert writer.authority().entries


def test_an_address_is_no_directory(tmp_path: Path) -> None:
    assert run("verify", "opensearch+http://127.0.0.1:9/x").exit_code == 2
    assert run("snapshot", "opensearch+http://127.0.0.1:9/x", tmp_path / "y").exit_code == 2
