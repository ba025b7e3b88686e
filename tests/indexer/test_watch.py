from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

import search
from indexer import pipeline
from indexer.report import Report
from indexer.watch import watch
from search import Query
from search.errors import IndexMissing
from search.local.safe import backup as backups
from search.local.safe import restoring
from service.commands import side_files
from tests import waiting
from tests.processes import catches


def ids(place: Path) -> set[str]:
    with search.open(place) as opened:
        found = {article.id for article in opened.export(Query())}
    return found


class Looks(threading.Event):
    """What ends a watch; it counts how often the watch has looked, since it waits here after each look."""

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def wait(self, timeout: float | None = None) -> bool:
        self.count += 1
        return super().wait(timeout)

    def until_next(self, looks: int = 1) -> None:
        """Wait until it has looked again."""
        wanted = self.count + looks
        waiting.until(lambda: self.count >= wanted, "it has looked again")


@contextmanager
def watching(place: Path, folder: Path, looks: Looks | None = None, pause_s: float = 0.1) -> Iterator[list[Report]]:
    reports: list[Report] = []
    stopping = looks or Looks()
    options = pipeline.Options(place=place, collection="c")

    def collect() -> None:
        for report in watch(lambda: search.writer(place), [folder], options, stopping, pause_s):
            reports.append(report)

    thread = threading.Thread(target=collect)
    thread.start()
    yield reports
    stopping.set()
    thread.join(waiting.HANG_S)
    assert not thread.is_alive()


def test_files_are_indexed_as_they_appear_and_change(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    with watching(tmp_path / "idx", folder) as reports:
        waiting.until(lambda: reports, "a report")
        (folder / "b.jsonl").write_text('{"id": "b", "text": "Two."}\n', "utf-8")
        waiting.until(lambda: len(reports) == 2, "a second report")
        (folder / "a.jsonl").write_text('{"id": "a", "text": "One and a half."}\n', "utf-8")
        waiting.until(lambda: len(reports) == 3, "a third report")

    assert [(report.added, report.updated) for report in reports] == [(1, 0), (1, 0), (0, 1)]
    assert ids(tmp_path / "idx") == {"a", "b"}


def watched_over_an_embargo(root: Path, seconds: int) -> tuple[int, set[str], set[str]]:
    """How many articles were held at the first look, and the ids in the index then and when their embargo has ended."""
    place, folder = root / "idx", root / "in"
    folder.mkdir(parents=True)
    until = (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()
    held = {"uri": "held", "type": "text", "versioncreated": "2020-01-01", "embargoed": until, "body_text": "Held."}
    (folder / "held.json").write_text(json.dumps(held), "utf-8")
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    with watching(place, folder) as reports:
        waiting.until(lambda: reports, "a report")
        before = ids(place)
        waiting.until(lambda: len(reports) > 1 or not reports[0].embargoed, "a second report")
    return reports[0].embargoed, before, ids(place)


def test_an_embargo_ends_while_it_watches(tmp_path: Path) -> None:
    found = (watched_over_an_embargo(tmp_path / str(seconds), seconds) for seconds in (3, 60, 600))

    assert next(one for one in found if one[0]) == (
        1,
        {"a"},
        {"a", "held"},
    )  # a busy machine is too late for a short one


@pytest.mark.check  # waits for seconds
def test_a_file_that_grows_is_left_until_it_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    looks = Looks()
    with watching(tmp_path / "idx", folder, looks, pause_s=2) as reports:  # time to write on after each look
        with (folder / "a.jsonl").open("w", encoding="utf-8") as file:
            for number in range(20):
                before = looks.count
                file.write(f'{{"id": "a{number}", "text": "Report {number}."}}\n')
                file.flush()
                if number % 5 == 0:  # one look at most may find the file as it is now
                    waiting.until(lambda: looks.count > before, "it has looked")  # noqa: B023
        waiting.until(lambda: reports, "a report")

    assert [(report.added, report.skipped) for report in reports] == [(20, [])]


def test_others_may_write_in_between(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    looks = Looks()
    with watching(tmp_path / "idx", folder, looks) as reports:
        waiting.until(lambda: reports, "a report")
        with search.writer(tmp_path / "idx") as writer:
            (folder / "b.jsonl").write_text('{"id": "b", "text": "Two."}\n', "utf-8")
            looks.until_next(3)  # it finds the file, finds it unchanged, and cannot write
            writer.delete("a")
        waiting.until(lambda: len(reports) == 2, "a second report")

    assert ids(tmp_path / "idx") == {"b"}


def test_it_stops_when_the_index_is_moved(tmp_path: Path) -> None:
    place, folder = tmp_path / "idx", tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    options = pipeline.Options(place=place, collection="c")
    reports = watch(lambda: search.writer(place), [folder], options, threading.Event(), 0.1)
    next(reports)
    place.rename(tmp_path / "moved")
    (folder / "b.jsonl").write_text('{"id": "b", "text": "Two."}\n', "utf-8")

    with pytest.raises(IndexMissing, match=f"“{place}” has been moved or removed"):
        next(reports)
    assert not place.exists()


@pytest.mark.parametrize("replace", ["restored", "exchanged"])
def test_an_index_that_takes_its_place_gets_every_file(tmp_path: Path, replace: str) -> None:
    place, folder, backup = tmp_path / "idx", tmp_path / "in", tmp_path / "backup"
    folder.mkdir()
    (tmp_path / "first").mkdir()
    place.symlink_to(tmp_path / "first")
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    with watching(place, folder) as reports:
        waiting.until(lambda: reports, "a report")
        backups.create(place, backup, copied=True)
        (folder / "b.jsonl").write_text('{"id": "b", "text": "Two."}\n', "utf-8")
        waiting.until(lambda: len(reports) == 2, "a second report")
        if replace == "restored":
            restoring.replace(backup, place, side_files.RULES)
        else:
            (tmp_path / "link").symlink_to(backup)
            (tmp_path / "link").replace(place)
        waiting.until(lambda: len(reports) == 3, "a third report")

    assert (reports[2].added, reports[2].unchanged) == (1, 1)
    assert ids(place) == {"a", "b"}


def test_the_command_ends_cleanly_when_told(tmp_path: Path, amount: Callable[..., int]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    command = [sys.executable, "-m", "service", "watch", str(tmp_path / "idx"), str(folder), "--every", "0.1"]
    for number in (signal.SIGTERM, signal.SIGINT)[: amount(2, few=1)]:
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=dict(os.environ)) as process:
            if number == signal.SIGTERM:
                waiting.until((tmp_path / "idx" / "generation_1.sum").exists, "the first generation")
            else:
                waiting.until(partial(catches, process.pid, signal.SIGTERM), "it looks for files")
            process.send_signal(number)
            process.communicate(timeout=waiting.HANG_S)
        assert process.returncode == 0

    assert ids(tmp_path / "idx") == {"a"}
