"""`dateline index` as a person runs it: its report, its warnings, its progress."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

import search
from indexer.report import Report
from service.terminal.printing import print_report
from tests.cases import cases
from tests.service.commands.running import SEED, dateline, refused


def test_index_reports_as_the_contract_says(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "wall.txt").write_text(SEED, "utf-8")
    (tmp_path / "in" / "bad.jsonl").write_text('{"text": "x"}\nbroken\n', "utf-8")
    run = dateline("index", tmp_path / "idx", tmp_path / "in", "--json")
    report = json.loads(run.stdout)

    assert run.returncode == 0
    assert list(report) == [
        "read", "added", "updated", "unchanged", "removed", "embargoed", "skipped", "skipped_count", "reasons",
        "warnings", "warning_count", "internal_errors", "seconds", "generation",
    ]  # fmt: skip
    assert (report["read"], report["added"], report["generation"]) == (2, 2, 1)
    assert list(report["skipped"][0]) == ["path", "line", "reason"]
    assert (report["skipped"][0]["path"], report["skipped"][0]["line"]) == (str(tmp_path / "in" / "bad.jsonl"), 2)


@pytest.mark.parametrize("workers", [1, pytest.param(2, marks=pytest.mark.check)])
def test_a_text_that_is_too_long_for_its_facts_is_kept_and_says_so(tmp_path: Path, workers: int) -> None:
    text = "Angela Merkel met Barack Obama in Berlin. " * 12_000 + "Zebras in Nairobi, Kenya. "
    (tmp_path / "long.json").write_text(json.dumps({"id": "long", "text": text}), "utf-8")
    run = dateline("index", tmp_path / "idx", tmp_path / "long.json", "--json", "--workers", workers)
    report = json.loads(run.stdout)
    (warning,) = report["warnings"]
    shown = json.loads(dateline("show", tmp_path / "idx", "long", "--json").stdout)
    said = "Facts are those of the first 499,998 of 504,025 characters."

    assert (report["added"], report["skipped"]) == (1, [])
    assert warning == {"path": str(tmp_path / "long.json"), "line": None, "reason": f"“long” is indexed. {said}"}
    assert shown["country"] == ["DE"]
    assert [(entry["rule"], entry["value"]) for entry in shown["evidence"]["text"]] == [("limit", said)]
    assert said in dateline("show", tmp_path / "idx", "long").stdout
    assert dateline("search", tmp_path / "idx", "zebras").returncode == 0


@cases(
    "warnings, said", [(22, "… and 2 more; --json names them."), (250, "… and 230 more; --json names the first 100.")]
)
def test_warnings_that_are_not_named_are_counted(warnings: int, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    report = Report(read=warnings, added=warnings)
    for number in range(warnings):
        report.warn(f"in/{number}.json", None, "It is long.")
    print_report(report, dry_run=False)

    assert said in " ".join(capsys.readouterr().err.split())
    assert (report.as_json()["warning_count"], len(report.warnings)) == (warnings, min(warnings, 100))


def test_an_archive_without_articles_is_exit_1(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    run = dateline("index", tmp_path / "idx", tmp_path / "in")

    assert run.returncode == 1
    assert f"There is no file to read in “{tmp_path / 'in'}”. Name a folder with articles" in run.stderr
    assert dateline("search", tmp_path / "idx", "anything").returncode == 1
    assert dateline("stats", tmp_path / "idx").returncode == 0


def test_an_archive_of_what_is_skipped_says_what_that_is(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    (folder / ".git").mkdir(parents=True)
    for name in (".hidden", ".git/config", "README.md", "a.jpg", "b.png"):
        (folder / name).write_bytes(b"x")
    run = dateline("index", tmp_path / "idx", folder)

    assert run.returncode == 1
    assert f"“{folder}”, only 2 hidden, 1 README, 2 pictures. Name a folder" in " ".join(run.stderr.split())


def test_map_names_a_field_otherwise(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"headline": "Zebra", "body": "Stripes."}', "utf-8")
    dateline("index", tmp_path / "idx", tmp_path / "a.jsonl", "--map", "title=headline", "--map", "text=body")

    assert dateline("search", tmp_path / "idx", "title:zebra stripes").returncode == 0


def test_two_files_of_one_name_are_refused(tmp_path: Path) -> None:
    for folder in ("x/news", "y/news"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "1.txt").write_text("Title\n\nText.", "utf-8")

    assert "both are “1.txt” of “news”" in refused("index", tmp_path / "idx", tmp_path / "x/news", tmp_path / "y/news")


def test_what_is_refused_leaves_nothing_behind(tmp_path: Path) -> None:
    refused("index", tmp_path / "idx", tmp_path / "nowhere")

    assert not (tmp_path / "idx").exists()


def test_a_second_writer_is_a_sentence(index: Path, tmp_path: Path) -> None:
    with search.writer(index):
        assert "Another process is writing" in refused("index", index, tmp_path / "wall.txt")


def test_progress_is_shown_on_a_terminal_only(tmp_path: Path) -> None:
    lines = [json.dumps({"text": f"Report {n}. " + "Words of news."}) for n in range(300)]
    (tmp_path / "many.jsonl").write_text("\n".join(lines), "utf-8")
    command = [sys.executable, "-m", "service", "index", str(tmp_path / "idx"), str(tmp_path / "many.jsonl")]
    command += ["--json", "--workers", "1"]
    main, terminal = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=terminal, env={**os.environ, "TERM": "xterm"}) as run:
        os.close(terminal)
        shown = b""
        while True:
            try:
                part = os.read(main, 4096)
            except OSError:  # the terminal was closed
                break
            if not part:
                break
            shown += part
        assert run.stdout is not None
        assert json.loads(run.stdout.read())["added"] == 300
    os.close(main)

    assert b"Indexing" in shown
    assert b"300 articles" in shown
