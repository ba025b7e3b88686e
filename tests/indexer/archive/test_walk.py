"""Only regular files are opened; whatever else lies in an archive is set aside with its kind, and nothing waits."""

from __future__ import annotations

import os
import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import chdir
from pathlib import Path

import pytest
from click.testing import CliRunner

import search
from indexer import pipeline, readers, watch
from indexer.archive import walk
from indexer.archive.opening import Opened
from indexer.archive.walk import SourceFile
from indexer.files.neighbours import Folder
from indexer.files.regular import NotRegular, open_file
from indexer.files.sidecar import belongs_to_a_text
from indexer.pipeline import Options, Report
from indexer.readers.shared.record import Origin
from service.commands.cli import main
from tests import waiting


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Path]:
    """A text, and beside it all that is no file."""
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "story.txt").write_text("Title\n\nSome text.", "utf-8")
    os.mkfifo(folder / "story.json")
    os.mkfifo(folder / "story.txt.json")
    os.mkfifo(folder / "page.html")
    os.mkfifo(folder / "page.mets.xml")
    (folder / "linked.txt").symlink_to("page.html")
    (folder / "gone.txt").symlink_to("nowhere.txt")
    (folder / "circle.txt").symlink_to("circle.txt")
    with socket.socket(socket.AF_UNIX) as listener:
        with chdir(folder):  # a socket's name is short
            listener.bind("talk.txt")
        yield folder


SAID = {
    "circle.txt": "Too many levels of symbolic links", "gone.txt": "No such file", "linked.txt": "a pipe",
    "page.html": "a pipe", "page.mets.xml": "a pipe", "story.json": "a pipe", "story.txt.json": "a pipe",
    "talk.txt": "a socket",
}  # fmt: skip


def run(place: Path, *paths: Path, **options: object) -> Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, list(paths), Options(place=place, **options))  # type: ignore[arg-type]


def test_what_is_no_file_is_set_aside_with_its_kind(archive: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["index", str(tmp_path / "idx"), str(archive), "--workers", "1"])

    assert done.exit_code == 0
    assert "1 article read" in done.stderr
    assert "a pipe" in done.stderr
    report = run(tmp_path / "idx", archive)
    assert (report.read, report.unchanged) == (1, 1)
    said = {Path(entry.path).name: entry.reason for entry in report.skipped}
    assert said.keys() == SAID.keys()
    assert all(SAID[name] in reason for name, reason in said.items())


def test_a_path_that_is_named_and_is_no_file_is_set_aside(archive: Path, tmp_path: Path) -> None:
    for path in ("page.html", "talk.txt", "linked.txt"):
        report = run(tmp_path / "idx", archive / path)

        assert (report.read, report.skipped_count) == (0, 1)
        assert SAID[path] in report.skipped[0].reason


def test_a_picture_that_is_not_read_is_in_the_report_and_others_are_passed_over(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "story.txt").write_text("Title\n\nSome text.", "utf-8")
    (folder / "real.jpg").write_bytes(b"\xff\xd8\xff")
    (folder / "near.jpg").symlink_to("real.jpg")
    (folder / "far.jpg").symlink_to("/etc/hosts")
    (folder / "gone.png").symlink_to("nowhere.png")
    os.mkfifo(folder / "pipe.gif")
    (folder / "folder.png").mkdir()
    (folder / "other.txt").write_text("Other\n\nMore text.", "utf-8")

    report = run(tmp_path / "idx", folder)
    said = {Path(entry.path).name: entry.reason for entry in report.skipped}
    assert said.keys() == {"far.jpg", "gone.png", "pipe.gif"}
    assert "a link that leads out of the folder" in said["far.jpg"]
    assert "No such file" in said["gone.png"]
    assert "a pipe" in said["pipe.gif"]
    (folder / "other.txt").unlink()
    assert run(tmp_path / "idx", folder, delete_missing=True).removed == 1


def test_a_device_is_no_file(tmp_path: Path) -> None:
    assert "a device" in run(tmp_path / "idx", Path("/dev/zero")).skipped[0].reason


def test_a_pipe_does_not_stop_missing_articles_from_being_removed(archive: Path, tmp_path: Path) -> None:
    for name in ("gone.txt", "circle.txt"):
        (archive / name).unlink()
    (archive / "other.txt").write_text("Other\n\nMore text.", "utf-8")
    assert run(tmp_path / "idx", archive).added == 2
    (archive / "other.txt").unlink()

    assert run(tmp_path / "idx", archive, delete_missing=True).removed == 1


def test_a_pipe_that_becomes_a_file_is_read(archive: Path, tmp_path: Path) -> None:
    run(tmp_path / "idx", archive)
    (archive / "story.json").unlink()
    (archive / "story.json").write_text('{"section": "World"}', "utf-8")

    assert run(tmp_path / "idx", archive).updated == 1


def test_a_file_that_becomes_a_pipe_behind_our_back_is_not_waited_for(archive: Path) -> None:
    about = SourceFile(archive / "page.html", Origin("c", "page.html", "page.html"), 5)

    assert [str(item) for _, item in Opened(about, {}).items()] == ["It is a pipe. Only regular files are read."]
    assert [str(item) for item in readers.read(archive / "page.html", about.origin)] == [
        "It is a pipe. Only regular files are read."
    ]


def test_beside_a_file_only_files_are_opened(archive: Path) -> None:
    folder = Folder(archive)

    assert [folder.open(name) for name in ("story.json", "talk.txt", "linked.txt", "circle.txt", "gone.txt")] == [
        None
    ] * 5
    assert set(folder.asked.values()) == {(-1, 0)}
    assert folder.like(re.compile(".*")) == ["story.txt"]


def test_a_pipe_is_refused_though_it_was_a_file_when_it_was_looked_at(
    archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_file = os.stat(archive / "story.txt")
    monkeypatch.setattr(os, "stat", lambda _path: a_file)

    with pytest.raises(NotRegular, match="a pipe"):
        open_file(archive / "page.html")


def test_a_watched_folder_with_pipes_is_indexed(archive: Path, tmp_path: Path) -> None:
    stopping = threading.Event()
    reports = watch.watch(
        lambda: search.writer(tmp_path / "idx"), [archive], Options(place=tmp_path / "idx"), stopping, every=0.01
    )

    report = next(reports)
    stopping.set()

    assert (report.added, report.skipped_count) == (1, len(SAID))
    assert list(reports) == []


def test_names_are_not_imported_from_a_pipe(archive: Path, tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.commit()
    command = ["authority", str(tmp_path / "idx"), "import"]

    done = CliRunner().invoke(main, [*command, str(archive / "page.html")])
    assert (done.exit_code, "a pipe" in done.stderr) == (2, True)
    done = CliRunner().invoke(main, [*command, "-"], input="kind,name,alias\n")
    assert done.exit_code == 0, done.stderr


def test_walking_is_linear_in_the_number_of_files(tmp_path: Path, amount: Callable[..., int]) -> None:
    def walking(count: int) -> Callable[[], object]:
        folder = tmp_path / str(count)
        folder.mkdir(exist_ok=True)
        for number in range(count):
            (folder / f"{number:05}.json").touch()
        return lambda: list(walk.walk([folder], None))

    assert len(list(walk.walk([tmp_path], None))) == 0
    few = amount(2_000, few=200)
    assert waiting.grows_less(8, walking, few, 4 * few)
    assert len(list(walk.walk([tmp_path], None))) == 5 * few


def test_metadata_is_known_by_a_set_of_names() -> None:
    assert not belongs_to_a_text("a.json", frozenset(["a.json", "b.txt"]), lambda: pytest.fail("opened"))
