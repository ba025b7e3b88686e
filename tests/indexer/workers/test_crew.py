from __future__ import annotations

import json
import multiprocessing
import queue
import tarfile
import threading
from collections.abc import Callable, Iterator, Mapping
from multiprocessing.context import SpawnProcess
from pathlib import Path

import pytest

from indexer.archive.walk import walk
from indexer.workers import crew
from indexer.workers.found import ArticleRead, Batch, FileEnd, Unreadable
from indexer.workers.work import Unit
from indexer.workers.worker import Worker, WorkersLost
from search import Article
from search.system.forks import may_fork
from tests import waiting
from tests.conftest import SEEDS
from tests.processes import until_idle

READER = """
from functools import partial
from indexer.readers.shared.record import Deferred
from tests.indexer.workers.odd import item

def looks_like(head, name):
    while b"endless" in head:
        pass
    return name.endswith(".html")

def defer(file, origin, pictures=None):
    for number, word in enumerate(file.read().decode().split()[1:]):
        yield Deferred(partial(item, word, f"{origin.name.rpartition('/')[2]}-{number}"), 1000)

def read(file, origin, pictures=None):
    return (record.read() for record in defer(file, origin, pictures))
"""
"""A reader, in place of that of HTML, that does what the file tells it to."""
FINDER = """
import importlib.util, sys
class Finder:
    def find_spec(self, name, path, target=None):
        if name == "indexer.readers.web.html":
            return importlib.util.spec_from_file_location(name, READER)
sys.meta_path.insert(0, Finder())
from indexer.safe import limits
limits.SECONDS = limits.FATAL_SECONDS = 0.5  # which says “more than 0 s”, and a second time “more than 2 s”
"""


DEADLY = """
import os, signal
from indexer.enrich import CHAIN
import indexer.enrich
def deadly(article):
    if "Deadly" in article.text:
        os.kill(os.getpid(), signal.SIGKILL)
    return article
indexer.enrich.CHAIN = (deadly, *CHAIN)
"""
"""What ends a process that looks for the facts of some article."""


DEADLY_LEARNING = """
import os, signal
import indexer.enrich
kill = lambda _articles: os.kill(os.getpid(), signal.SIGKILL)
indexer.enrich.LEARNING = dict.fromkeys(indexer.enrich.LEARNING, kill)
"""
"""What ends a process that learns words."""


def articles(decided: Iterator[crew.Done]) -> list[str]:
    return [told.id for _, parts in decided for some in parts for told in some.summaries]


def wants_all(batch: Batch) -> list[list[Article]]:
    return [[found.article for found in batch if isinstance(found, ArticleRead)]]


def units(folder: Path, names: Mapping[str, str] | None = None) -> list[Unit]:
    return [Unit(((number, file),), names or {}) for number, file in enumerate(walk([folder], "c"))]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    place = tmp_path / "in"
    place.mkdir()
    for name, count in (("a", 300), ("b", 1), ("c", 500), ("d", 0), ("e", 70)):
        lines = [json.dumps({"id": f"{name}{n}", "text": f"Report {n} of {name}."}) for n in range(count)]
        (place / f"{name}.jsonl").write_text("\n".join(lines), "utf-8")
    return place


def test_batches_come_in_the_order_of_the_archive(folder: Path, amount: Callable[..., int]) -> None:
    expected = articles(crew.in_process(units(folder), wants_all))

    assert len(expected) == 871
    for workers, forked in ((2, True), (1, False), (5, False), (5, True))[: amount(4, few=1)]:
        assert articles(crew.in_workers(units(folder), wants_all, workers, forked=forked)) == expected


def test_facts_are_the_same_in_a_fork(tmp_path: Path) -> None:
    (tmp_path / "z.jsonl").write_text("".join(path.read_text("utf-8") for path in sorted(SEEDS.glob("*.jsonl"))))

    def facts(decided: Iterator[crew.Done]) -> list[Article]:
        return [article for _, parts in decided for some in parts for article in some.articles]

    expected = facts(crew.in_process(units(tmp_path), wants_all))
    assert any(article.person for article in expected)
    assert facts(crew.in_workers(units(tmp_path), wants_all, 2, forked=True)) == expected


def test_a_process_with_another_thread_is_not_forked() -> None:
    stop = threading.Event()
    thread = threading.Thread(target=stop.wait)
    thread.start()
    try:
        assert not may_fork()
    finally:
        stop.set()
        thread.join()


def test_what_is_read_ahead_is_bounded(folder: Path) -> None:
    lines = [json.dumps({"id": f"z{n}", "text": f"Report {n}."}) for n in range(4_000)]
    (folder / "z.jsonl").write_text("\n".join(lines), "utf-8")
    decided = 0

    def count(batch: Batch) -> list[list[Article]]:
        nonlocal decided
        decided += 1
        return []

    batches = crew.in_workers(units(folder), count, 2, forked=True)
    next(batches)
    until_idle(child.pid or 0 for child in multiprocessing.active_children())
    next(batches)

    assert decided <= 2 * crew.IN_FLIGHT + 1
    batches.close()


def test_only_what_is_asked_for_is_enriched(folder: Path) -> None:
    def one(batch: Batch) -> list[list[Article]]:
        return [wants_all(batch)[0][:1]]

    decided = crew.in_workers(units(folder), one, 2, forked=True)
    found = [sum(len(some.summaries) for some in parts) for _, parts in decided]

    assert set(found) <= {0, 1}
    assert sum(found) >= 15


@pytest.fixture
def odd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for files of that reader, which processes that are started find."""
    (tmp_path / "odd_reader.py").write_text(READER, "utf-8")
    (tmp_path / "sitecustomize.py").write_text(f"READER = {str(tmp_path / 'odd_reader.py')!r}\n{FINDER}", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setenv("MARKS", str(tmp_path))
    place = tmp_path / "in"
    place.mkdir()
    return place


HARMS = (
    ("dead", "SIGSEGV"),
    ("fault", "a fault of the reader"),
    ("killed", "SIGKILL"),
    ("loop", "It takes more than"),
    ("stuck", "It takes more than"),
)
"""What a record does to the process that reads it, and what is said of that."""


def packed(folder: Path) -> None:
    """Put each file of a folder into a tar, whose records are deferred."""
    for path in folder.glob("*.html"):
        with tarfile.open(path.with_suffix(".tar"), "w") as tar:
            tar.add(path, path.name)
        path.unlink()


def read_by(workers: int, folder: Path) -> tuple[list[str], list[Unreadable]]:
    """The ids of the articles that so many processes read in a folder, and what they cannot read."""
    unit = Unit(tuple(enumerate(walk([folder], "c"))), {})
    found = [entry for batch, _ in crew.in_workers([unit], lambda _batch: [], workers) for entry in batch]
    assert {type(entry) for entry in found} <= {ArticleRead, Unreadable, FileEnd}
    problems = [entry for entry in found if isinstance(entry, Unreadable)]
    return [entry.id for entry in found if isinstance(entry, ArticleRead)], problems


@pytest.mark.parametrize("deferred", [pytest.param(False, marks=pytest.mark.check), True])
def test_a_record_that_meets_a_limit_once_is_read_by_the_next_process(
    deferred: bool, odd: Path, amount: Callable[..., int]
) -> None:
    words = ("killed-once", "loop-once", "stuck-once")[: amount(3, few=1)]
    for word in words:
        (odd / f"{word}.html").write_text(f"<html> good good {word} good {word} good", "utf-8")
    if deferred:
        packed(odd)

    assert read_by(1 + deferred, odd) == ([f"{word}.html-{n}" for word in words for n in range(6)], [])


@pytest.mark.parametrize("deferred", [False, pytest.param(True, marks=pytest.mark.check)])
def test_a_record_that_brings_its_reader_down_costs_the_rest_of_its_file_or_if_deferred_only_itself(
    deferred: bool, odd: Path, amount: Callable[..., int]
) -> None:
    harms = HARMS[: amount(len(HARMS), few=2)]
    good = " ".join(["good"] * 70)
    for word, _ in harms:
        (odd / f"{word}.html").write_text(f"<html> {good} {word} {good}", "utf-8")
    (odd / "z.html").write_text("<html> good", "utf-8")
    if deferred:
        packed(odd)
    ids, problems = read_by(1 + deferred, odd)

    numbers = [*range(70), *(range(71, 141) if deferred else ())]
    assert ids == [*(f"{word}.html-{n}" for word, _ in harms for n in numbers), "z.html-0"]
    for problem, (word, reason) in zip(problems, harms, strict=True):
        assert problem.path.endswith(f"/{word}.html")
        assert reason in problem.reason


@pytest.mark.check
def test_a_file_whose_format_cannot_be_told_costs_only_itself(odd: Path) -> None:
    (odd / "a.html").write_text("<html> endless", "utf-8")
    (odd / "b.html").write_text("<html> good", "utf-8")
    ids, (problem,) = read_by(1, odd)

    assert ids == ["b.html-0"]
    assert problem.path.endswith("a.html")
    assert "It takes more than" in problem.reason


@pytest.mark.parametrize("forked", [pytest.param(False, marks=pytest.mark.check), True])
def test_a_process_that_ends_between_two_tasks_costs_nothing(
    folder: Path, forked: bool, amount: Callable[..., int]
) -> None:
    ends = (3, 8)[: amount(2, few=1)]
    expected = articles(crew.in_process(units(folder), wants_all))
    problems: list[str] = []
    batches = crew.in_workers(units(folder), wants_all, 1, forked=forked)
    ids: list[str] = []
    for number, (batch, enriched) in enumerate(batches):
        problems.extend(found.reason for found in batch if isinstance(found, Unreadable))
        ids.extend(told.id for some in enriched for told in some.summaries)
        if number in ends:
            started = multiprocessing.active_children()
            until_idle(process.pid or 0 for process in started)
            for process in started:
                process.kill()

    assert (ids, problems) == (expected, ["It is empty."])


def test_an_article_whose_facts_end_the_process_is_kept_and_says_so(
    amount: Callable[..., int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(DEADLY, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    for text in ("Deadly One", "Deadly", "One Deadly", "Deadly One Deadly Deadly Two")[: amount(4, few=1)]:
        words = text.split()
        (tmp_path / "z.jsonl").write_text("".join(json.dumps({"text": f"{word}."}) + "\n" for word in words))
        parts = [some for _, parts in crew.in_workers(units(tmp_path / "z.jsonl"), wants_all, 1) for some in parts]
        texts = {article.id: article.text for some in parts for article in some.articles}
        told = [(texts[each.id], each.limit) for some in parts for each in some.summaries]

        crashed = "No facts: extracting them crashed the process."
        assert told == [(f"{word}.", crashed if word == "Deadly" else "") for word in words]


@pytest.mark.check
def test_no_article_is_blamed_for_a_crash_while_words_of_several_are_learned(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "sitecustomize.py").write_text(DEADLY_LEARNING, "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / "z.jsonl").write_text("".join(json.dumps({"text": f"Report {n}."}) + "\n" for n in range(9)))
    parts = [some for _, parts in crew.in_workers(units(tmp_path / "z.jsonl"), wants_all, 1) for some in parts]

    assert [each.limit for some in parts for each in some.summaries] == [""] * 9


def test_processes_that_cannot_start_are_an_error(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "sitecustomize.py").write_text("import os\nos._exit(3)", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    with pytest.raises(WorkersLost, match="cannot be started"):
        articles(crew.in_workers(units(folder), wants_all, 2))


def test_a_process_that_is_being_started_is_ended_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when another crashed at the moment of a second Ctrl-C."""
    start, started, processes = SpawnProcess.start, threading.Event(), []

    def slowly(process: SpawnProcess) -> None:
        processes.append(process)
        if len(processes) == 2:
            started.set()
            waiting.idle(0.3)
        start(process)

    monkeypatch.setattr(SpawnProcess, "start", slowly)
    worker = Worker(queue.SimpleQueue(), None)
    processes[0].kill()
    replacing = threading.Thread(target=worker._replace)
    replacing.start()
    assert started.wait(waiting.HANG_S)
    worker.dismiss()
    replacing.join()

    assert len(processes) == 2
    assert not any(process.is_alive() for process in processes)
