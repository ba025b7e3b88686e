"""The programs of `examples/` run as they are, over `seeds/`, and print what they promise."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

import search
from tests import waiting
from tests.cases import cases
from tests.conftest import ROOT
from tests.reliability.running import run as here

EXAMPLES = ROOT / "examples"
PROGRAMS = sorted(EXAMPLES.rglob("*.py"))
TELEX = """ZCZC
DOCKERS END STRIKE IN ROTTERDAM
ROTTERDAM, MAY 3 - DUTCH DOCKERS WENT BACK TO WORK ON FRIDAY.
NNNN

ZCZC
NOTHING FOLLOWS
NNNN
"""


def run(program: str, *arguments: str | Path) -> str:
    return subprocess.run(
        [sys.executable, "-W", "error", EXAMPLES / program, *arguments],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), *sys.path])}, check=True,
        timeout=waiting.HANG_S, stdout=subprocess.PIPE, text=True,
    ).stdout  # fmt: skip


@pytest.fixture
def run_here(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Runs a program in this process, which has imported by now what most of them take a second for."""

    def ran(program: str, *arguments: str | Path) -> str:
        monkeypatch.chdir(ROOT)
        monkeypatch.setattr(sys, "argv", [program, *map(str, arguments)])
        capsys.readouterr()
        runpy.run_path(str(EXAMPLES / program))
        return capsys.readouterr().out

    return ran


@cases("program", PROGRAMS)
def test_a_program_is_short(program: Path) -> None:
    assert len(program.read_text("utf-8").splitlines()) < 40


def test_a_folder_is_indexed_and_then_unchanged(tmp_path: Path, run_here: Callable[..., str]) -> None:
    first, again = (ran("index_folder.py", "seeds/1945-1969", tmp_path / "news.idx") for ran in (run, run_here))

    assert first == "20 added, 0 updated, 0 unchanged\n"
    assert again == "0 added, 0 updated, 20 unchanged\n"


def test_facets_are_counted(seeds_index: Path, run_here: Callable[..., str]) -> None:
    said = run_here("ask_facets.py", seeds_index)

    assert said.startswith("10 articles\n  1994-05-06  Queen and President open Channel Tunnel\n")
    assert "country\n  United States 24\n" in said
    assert "  1980 █████\n" in said


def test_matches_become_a_data_frame(seeds_index: Path, run_here: Callable[..., str]) -> None:
    lines = run_here("export_pandas.py", seeds_index).splitlines()
    politics = next(line for line in lines if line.startswith("politics"))

    with search.open(seeds_index) as engine:
        articles = engine.export(search.Query(date_from="1945", date_to="1999"))
        decades = Counter(str(article.published)[:3] for article in articles if "medtop:11000000" in article.topic)
    assert politics.split()[1:] == [str(decades[decade]) for decade in sorted(decades)]
    assert decades["198"] > 2


def test_another_application_serves_its_own_and_ours(seeds_index: Path, run_here: Callable[..., str]) -> None:
    said = run_here("behind_wsgi.py", seeds_index)

    assert said == (
        "The Harbour Gazette\n9 articles, first: East Germany seals the border in Berlin\n"
        "first link of the page: /archive/article/1961-08-berlin-wall\n"
    )


@pytest.fixture(scope="module")
def with_telex(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the example's distribution is installed."""
    place = tmp_path_factory.mktemp("site")
    source = shutil.copytree(EXAMPLES / "telex_reader", tmp_path_factory.mktemp("source") / "telex_reader")
    command = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*command, "--target", place, source], check=True, timeout=waiting.HANG_S)
    return place


def dateline(*arguments: str | Path, plugins: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        cwd=ROOT, env=os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), str(plugins), *sys.path])}, check=False,
        timeout=waiting.HANG_S, capture_output=True, text=True,
    )  # fmt: skip


def test_an_installed_plugin_reads_its_format(tmp_path: Path, with_telex: Path) -> None:
    archive, index = tmp_path / "archive", tmp_path / "news.idx"
    archive.mkdir()
    (archive / "may.txt").write_text(TELEX, "utf-8")

    without = json.loads(here("index", index, archive, "--json").stdout)
    having = json.loads(dateline("index", index, archive, "--json", plugins=with_telex).stdout)

    assert (without["added"], without["skipped_count"]) == (1, 0)
    assert (having["added"], [(s["line"], s["reason"]) for s in having["skipped"]]) == (1, [(6, "It has no text.")])
    found = here("search", index, "source:Telex", "--json")
    assert [hit["title"] for hit in json.loads(found.stdout)["hits"]] == ["DOCKERS END STRIKE IN ROTTERDAM"]


def test_a_broken_plugin_is_named(tmp_path: Path, with_telex: Path) -> None:
    site = shutil.copytree(with_telex, tmp_path / "site")
    (site / "telex_reader.py").write_text("import nothing_of_this_name", "utf-8")

    run = dateline("index", tmp_path / "news.idx", "seeds", plugins=site)

    assert run.returncode == 2
    assert "The reader “telex” of telex-reader 1.0 cannot be used: ModuleNotFoundError" in run.stderr
