from __future__ import annotations

import json
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
from tests.processes import catches, killed_at_the_end


def ids(place: Path) -> set[str]:
    with search.open(place) as opened:
        found = {article.id for article in opened.export(Query())}
    return found


EVERY_S = 7.0
"""What a watch is told to wait for; its test decides when it looks."""


class Looks(threading.Event):
    """What ends a watch, which looks once when it begins, and then when it is told: no file changes during a look."""

    def __init__(self) -> None:
        super().__init__()
        self._told, self._done = threading.Semaphore(0), threading.Semaphore(0)
        self.asked: set[float | None] = set()

    def wait(self, timeout: float | None = None) -> bool:
        """The watch waits here after each look, and for no time; what it asks for is noted."""
        self.asked.add(timeout)
        self._done.release()
        self._told.acquire()
        return self.is_set()

    def set(self) -> None:
        super().set()
        self._told.release()

    def first(self) -> None:
        """Wait until it has looked for the first time."""
        assert self._done.acquire(timeout=waiting.HANG_S), "It has not looked."

    def again(self, times: int = 1) -> None:
        """Have it look, and wait until it has."""
        for _ in range(times):
            self._told.release()
            self.first()


@contextmanager
def watching(place: Path, folder: Path) -> Iterator[tuple[list[Report], Looks]]:
    reports: list[Report] = []
    looks = Looks()
    options = pipeline.Options(place=place, collection="c")

    def collect() -> None:
        reports.extend(watch(lambda: search.writer(place), [folder], options, looks, EVERY_S))

    thread = threading.Thread(target=collect)
    thread.start()
    try:
        looks.first()
        yield reports, looks
    finally:
        looks.set()
        thread.join(waiting.HANG_S)
    assert not thread.is_alive()
    assert looks.asked == {EVERY_S}


def test_files_are_indexed_as_they_appear_and_change(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    with watching(tmp_path / "idx", folder) as (reports, looks):
        looks.again()
        assert len(reports) == 1
        (folder / "b.jsonl").write_text('{"id": "b", "text": "Two."}\n', "utf-8")
        looks.again(2)
        assert len(reports) == 2
        (folder / "a.jsonl").write_text('{"id": "a", "text": "One and a half."}\n', "utf-8")
        looks.again(2)

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
    with watching(place, folder) as (reports, looks):
        looks.again()
        before = ids(place)

        def has_ended() -> bool:
            looks.again()
            return len(reports) > 1

        if reports[0].embargoed:
            waiting.until(has_ended, "a second report")
    return reports[0].embargoed, before, ids(place)


def test_an_embargo_ends_while_it_watches(tmp_path: Path) -> None:
    found = (watched_over_an_embargo(tmp_path / str(seconds), seconds) for seconds in (3, 60, 600))

    assert next(one for one in found if one[0]) == (
        1,
        {"a"},
        {"a", "held"},
    )  # a busy machine is too late for a short one


def test_a_file_that_grows_is_left_until_it_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    with watching(tmp_path / "idx", folder) as (reports, looks):
        with (folder / "a.jsonl").open("w", encoding="utf-8") as file:
            for number in range(20):
                file.write(f'{{"id": "a{number}", "text": "Report {number}."}}\n')
                file.flush()
                if number % 5 == 0:
                    looks.again()
        looks.again()
        assert reports == []
        looks.again()

    assert [(report.added, report.skipped) for report in reports] == [(20, [])]


def test_others_may_write_in_between(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    with watching(tmp_path / "idx", folder) as (reports, looks):
        looks.again()
        with search.writer(tmp_path / "idx") as writer:
            (folder / "b.jsonl").write_text('{"id": "b", "text": "Two."}\n', "utf-8")
            looks.again(2)  # it finds the file, and cannot write
            writer.delete("a")
        looks.again()

    assert [report.added for report in reports] == [1, 1]
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
    with watching(place, folder) as (reports, looks):
        looks.again()
        backups.create(place, backup, copied=True)
        (folder / "b.jsonl").write_text('{"id": "b", "text": "Two."}\n', "utf-8")
        looks.again(2)
        if replace == "restored":
            restoring.replace(backup, place, side_files.RULES)
        else:
            (tmp_path / "link").symlink_to(backup)
            (tmp_path / "link").replace(place)
        looks.again()

    assert (reports[2].added, reports[2].unchanged) == (1, 1)
    assert ids(place) == {"a", "b"}


def test_the_command_ends_cleanly_when_told(tmp_path: Path, amount: Callable[..., int]) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.jsonl").write_text('{"id": "a", "text": "One."}\n', "utf-8")
    command = [sys.executable, "-m", "service", "watch", str(tmp_path / "idx"), str(folder), "--every", "0.1"]
    for number in (signal.SIGTERM, signal.SIGINT)[: amount(2, few=1)]:
        with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process, killed_at_the_end(process):
            if number == signal.SIGTERM:
                waiting.until((tmp_path / "idx" / "generation_1.sum").exists, "the first generation")
            else:
                waiting.until(partial(catches, process.pid, signal.SIGTERM), "it looks for files")
            process.send_signal(number)
            process.communicate(timeout=waiting.HANG_S)
        assert process.returncode == 0

    assert ids(tmp_path / "idx") == {"a"}
