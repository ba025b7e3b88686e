"""Ctrl-C: what was committed is told and there, and the next run goes on; a real process, as from a terminal."""

from __future__ import annotations

import json
import multiprocessing
import os
import re
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import search
from indexer import pipeline
from indexer.pipeline import Options
from indexer.run import commit
from indexer.run.application import Run
from search import Query
from search.errors import IndexProblem
from tests import waiting
from tests.processes import cpu, has_taken
from tests.search.jit.numba_alone import by_numba
from tests.service.commands.running import dateline

ARTICLES = 4_000
"""So many that the signal comes before the end."""
SOON = """
from indexer.run import commit
from service.commands import start
commit.COMMIT_ARTICLES = 200  # so that it can be seen that something was read
if __name__ == "__main__":
    start.main()
"""
TEXT = "The minister met the president in Berlin on Monday, and both spoke of wages, trade and the weather. " * 8


def written(folder: Path, articles: int, text: str = TEXT) -> Path:
    """A folder of articles, in two files."""
    lines = [json.dumps({"id": f"a{n}", "text": f"Report {n}. {text}"}) for n in range(articles)]
    folder.mkdir()
    for part in range(2):
        half = lines[part * articles // 2 : (part + 1) * articles // 2]
        (folder / f"{part}.jsonl").write_text("\n".join(half) + "\n", "utf-8")
    return folder


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return written(tmp_path / "in", ARTICLES)


def begun(place: Path, archive: Path, workers: int) -> subprocess.Popen[str]:
    """A run that has committed something, in a process group of its own."""
    command = [sys.executable, "-c", SOON, "index", str(place), str(archive), "--workers", str(workers)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)

    def has_committed() -> bool:
        with suppress(IndexProblem):
            return total(place) > 0
        return False

    waiting.until(has_committed, "it commits")
    return process


@pytest.mark.parametrize("swallowed", [False, True])
def test_ctrl_c_during_the_imports_is_a_sentence(tmp_path: Path, swallowed: bool) -> None:
    interrupt = "import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n"
    taken = f"try:\n    exec({interrupt!r})\nexcept KeyboardInterrupt:\n    raise ImportError('broken') from None\n"
    (tmp_path / "dateline.py").write_text(taken if swallowed else interrupt, "utf-8")
    program = f"import sys; from service.commands import start; sys.path.insert(0, {str(tmp_path)!r}); start.main()"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)

    assert (run.returncode, run.stdout, run.stderr) == (2, "", "Error: Interrupted.\n")


@pytest.mark.check
@pytest.mark.parametrize("seconds", [0.3, 3.0])
def test_ctrl_c_while_two_processes_compile_is_a_sentence(tmp_path: Path, seconds: float) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "service", "warm"], stderr=subprocess.PIPE, text=True, start_new_session=True,
        env=by_numba(tmp_path),
    )  # fmt: skip
    waiting.until(lambda: Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(), "it begins the other")
    before = cpu(process.pid)
    waiting.until(lambda: cpu(process.pid) >= before + seconds, "it compiles")
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=waiting.HANG_S)

    assert (process.returncode, said) == (2, "Error: Interrupted.\n")


def total(place: Path) -> int:
    with search.open(place) as engine:
        return engine.search(Query(size=0)).total


def check_stopped(place: Path, archive: Path, articles: int, code: int, said: str) -> None:
    """What a run that Ctrl-C has stopped says is committed is there, and the next run goes on with the rest."""
    assert code == 2, said
    assert "Traceback" not in said
    found = re.search(r"Stopped by Ctrl-C\. The ([\d,]+) articles above are committed", said)
    assert found is not None, said
    committed = int(found[1].replace(",", ""))
    assert f"{committed:,} articles read" in said
    assert 0 < committed < articles
    assert total(place) == committed

    with search.writer(place) as writer:
        report = pipeline.index(writer, [archive], Options(place=place))
    assert (report.read, report.unchanged, report.added) == (articles, committed, articles - committed)
    assert total(place) == articles


def test_ctrl_c_between_articles_commits_what_was_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, archive = tmp_path / "idx", written(tmp_path / "in", 400, "Nothing else.")
    take = Run.take

    def struck(run: Run, enriched: Any) -> None:
        monkeypatch.setattr(Run, "take", take)
        os.kill(os.getpid(), signal.SIGINT)
        take(run, enriched)

    monkeypatch.setattr(Run, "take", struck)
    run = dateline("index", place, archive, "--workers", 1)

    check_stopped(place, archive, 400, run.returncode, run.stderr)


@pytest.mark.check
@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_commits_what_was_read_and_the_next_run_goes_on(tmp_path: Path, archive: Path, workers: int) -> None:
    place = tmp_path / "idx"
    process = begun(place, archive, workers)
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=waiting.HANG_S)

    check_stopped(place, archive, ARTICLES, process.returncode, said)


def test_no_process_outlives_a_run_that_is_interrupted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = written(tmp_path / "in", 400)
    began: list[int] = []

    def interrupted(_run: Run, _enriched: object) -> None:
        began.append(len(multiprocessing.active_children()))
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "take", interrupted)
    before = multiprocessing.active_children()
    with search.writer(tmp_path / "idx") as writer, pytest.raises(KeyboardInterrupt) as raised:
        pipeline.index(writer, [archive], Options(place=tmp_path / "idx", workers=2))

    assert raised.tb, "what is interrupted is still referred to"
    assert (began, multiprocessing.active_children()) == ([len(before) + 2], before)


@pytest.mark.check
def test_a_second_ctrl_c_ends_at_once_and_harms_nothing(tmp_path: Path, archive: Path) -> None:
    place = tmp_path / "idx"
    process = begun(place, archive, 2)
    os.killpg(process.pid, signal.SIGINT)
    waiting.until(lambda: has_taken(process.pid, signal.SIGINT), "it was told")
    os.killpg(process.pid, signal.SIGINT)
    _, said = process.communicate(timeout=waiting.HANG_S)

    assert process.returncode == 2, said
    assert "Traceback" not in said
    assert "Stopped immediately" in said or "Stopped by Ctrl-C" in said
    command = [sys.executable, "-m", "service", "index", str(place), str(archive), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=waiting.HANG_S)
    assert json.loads(done.stdout)["read"] == ARTICLES


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.check)])
def test_progress_is_what_was_read_and_says_what_is_committed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: int
) -> None:
    monkeypatch.setattr(commit, "COMMIT_ARTICLES", 200)
    archive = written(tmp_path / "in", 1_000, "Nothing else.")
    told: list[tuple[int, int, int, int]] = []

    def progress(done: int, whole: int, read: int, committed: int) -> None:
        there = 0
        with suppress(IndexProblem), search.open(tmp_path / "idx") as engine:
            there = engine.search(Query(size=0)).total
        assert committed <= there
        told.append((done, whole, read, committed))

    with search.writer(tmp_path / "idx") as writer:
        options = Options(place=tmp_path / "idx", workers=workers)
        pipeline.index(writer, [archive], options, progress)

    assert len({committed for *_, committed in told}) > 2
    assert all(read >= committed and done <= whole for done, whole, read, committed in told)
    assert any(read > committed for _, _, read, committed in told)
    assert any(done and not committed for done, *_, committed in told)
    assert [done for done, *_ in told] == sorted(done for done, *_ in told)
    assert told[-1][0] == told[-1][1]
