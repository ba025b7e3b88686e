"""The programs of `examples/` run as they are, over `seeds/`, and print what they promise."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting
from tests.conftest import ROOT

EXAMPLES = ROOT / "examples"
PROGRAMS = sorted(EXAMPLES.rglob("*.py"))


def run(program: str, *arguments: str | Path) -> str:
    return subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / program, *arguments],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}, check=True,
        timeout=waiting.HANG_S, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda path: path.name)
def test_a_program_is_short(program: Path) -> None:
    assert len(program.read_text("utf-8").splitlines()) < 40


def test_a_folder_is_indexed_and_then_unchanged(tmp_path: Path) -> None:
    first, again = (run("index_folder.py", "seeds", tmp_path / "news.idx") for _ in range(2))

    assert first == "143 added, 0 updated, 0 unchanged\n"
    assert again == "0 added, 0 updated, 143 unchanged\n"


def test_facets_are_counted(seeds_index: Path) -> None:
    said = run("ask_facets.py", seeds_index)

    assert said.startswith("10 articles\n  1994-05-06  Queen and President open Channel Tunnel\n")
    assert "country\n  United States 24\n" in said
    assert "  1980 █████\n" in said


def test_matches_become_a_data_frame(seeds_index: Path) -> None:
    pytest.importorskip("pandas")

    politics = next(line for line in run("export_pandas.py", seeds_index).splitlines() if line.startswith("politics"))

    assert politics.split()[1:] == ["2", "3", "3", "5", "5", "8"]


def test_another_application_serves_its_own_and_ours(seeds_index: Path) -> None:
    said = run("behind_wsgi.py", seeds_index)

    assert said == "The Harbour Gazette\n9 articles, first: East Germany seals the border in Berlin\n"
