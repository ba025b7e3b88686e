"""What a command says of its output when that cannot be written, or nobody reads it."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests import waiting
from tests.cases import cases
from tests.service.commands.running import dateline

FULL = Path("/dev/full")


def shell(command: str, index: Path) -> subprocess.CompletedProcess[str]:
    dateline = f"'{sys.executable}' -W error -m service"
    return subprocess.run(
        ["bash", "-c", f"set -o pipefail; {command.replace('dateline', dateline).replace('INDEX', str(index))}"],
        capture_output=True, text=True, timeout=waiting.HANG_S, check=False,
    )  # fmt: skip


@pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")  # Linux has
def test_output_to_a_full_disk_is_a_sentence(seeds_index: Path, amount: Callable[..., int]) -> None:
    commands = ("export INDEX", "stats --help", "stats INDEX", "search INDEX wall", "search INDEX wall --json")
    for command in commands[: amount(5, few=1)]:
        run = shell(f"dateline {command} > /dev/full", seeds_index)

        assert run.returncode == 2, command
        errors = [line for line in run.stderr.splitlines() if line.startswith("Error: ")]
        assert errors == [line for line in run.stderr.splitlines() if "cannot be written: No space left" in line] != []
        assert "Traceback" not in run.stderr
        assert "Exception ignored" not in run.stderr


def test_output_that_nobody_reads_to_its_end_is_no_error(seeds_index: Path, amount: Callable[..., int]) -> None:
    for command in ("export INDEX", "search INDEX wall", "stats INDEX --json")[: amount(3, few=1)]:
        run = shell(f"dateline {command} | head -n 1", seeds_index)

        assert (run.returncode, run.stdout.count("\n")) == (0, 1), command
        assert "Error" not in run.stderr, command
        assert command != "export INDEX" or run.stderr == ""


@pytest.mark.check
def test_a_closed_stdout_is_a_sentence_where_it_is_written_to(seeds_index: Path) -> None:
    run = shell("dateline stats INDEX >&-", seeds_index)

    assert run.returncode == 2
    assert "Standard output cannot be written: Bad file descriptor" in run.stderr
    assert "Traceback" not in run.stderr


CLOSED = ("2>&-", "<&- 2>&-", "<&- >&- 2>&-")


def test_a_closed_stderr_costs_nothing_but_the_messages(tmp_path: Path, amount: Callable[..., int]) -> None:
    (tmp_path / "a.txt").write_text("Title\n\nText of a zebra.", "utf-8")
    for number, closed in enumerate(CLOSED[: amount(3, few=1)]):
        place = tmp_path / f"{number}.idx"

        assert shell(f"dateline index INDEX {tmp_path / 'a.txt'} --workers 1 {closed}", place).returncode == 0, closed
        assert dateline("search", place, "zebra").returncode == 0, closed


@pytest.mark.check
@cases("closed", CLOSED)
def test_a_refusal_that_nobody_can_read_is_told_by_the_exit_code(tmp_path: Path, closed: str) -> None:
    assert shell(f"dateline stats INDEX {closed}", tmp_path / "nowhere").returncode == 2


@pytest.mark.check
def test_a_closed_stdin_is_empty(seeds_index: Path) -> None:
    run = shell("dateline draft INDEX - <&-", seeds_index)

    assert (run.returncode, run.stderr) == (2, "Error: - is empty. Give a file with a text.\n")


@pytest.mark.check
def test_what_stderr_cannot_take_is_still_told_by_the_exit_code(tmp_path: Path) -> None:
    assert shell("dateline stats INDEX 2> /dev/full", tmp_path / "nowhere").returncode == 2


@cases("columns", [0, 1, 40])
@cases("command", [("search", "wall"), ("show", "1961-08-berlin-wall"), ("stats",)])
def test_a_terminal_may_be_of_any_width(seeds_index: Path, columns: int, command: tuple[str, ...]) -> None:
    name, *rest = command
    run = dateline(name, seeds_index, *rest, env={"COLUMNS": str(columns)})

    assert run.returncode == 0, run.stderr
    assert run.stdout


def test_what_an_encoding_does_not_have_is_a_question_mark(seeds_index: Path) -> None:
    run = shell("COLUMNS=1 PYTHONIOENCODING=ascii dateline show INDEX 1961-08-berlin-wall", seeds_index)

    assert run.returncode == 0, run.stderr
    assert "?" in run.stdout
    assert "Berlin" in run.stdout


def test_a_table_is_whole_where_nobody_looks(seeds_index: Path, tmp_path: Path) -> None:
    name = "A list of a name that is longer than a terminal is wide. " + "x" * 40
    place = shutil.copytree(seeds_index, tmp_path / "news.idx")
    assert dateline("lists", place, "add", name, "1961-08-berlin-wall").returncode == 0

    assert name in dateline("lists", place, "list").stdout
