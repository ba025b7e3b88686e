"""The package `dateline`: what programs import, and what is said where another `search` is about."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

import dateline
import desk
import search
from dateline import distributions
from tests import waiting

ROOT = Path(__file__).parent.parent


def python(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run Python where a folder comes before everything else."""
    environment = {**os.environ, "PYTHONPATH": f"{folder}{os.pathsep}{ROOT}"}
    command = [sys.executable, "-P", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=waiting.HANG_S, check=False)


def test_it_offers_what_search_offers() -> None:
    assert sorted(dateline.__all__) == sorted(search.__all__)
    assert [name for name in search.__all__ if getattr(dateline, name) is not getattr(search, name)] == ["open"]
    assert dateline.open is desk.open


def test_another_search_that_is_found_first_is_named(tmp_path: Path) -> None:
    (tmp_path / "search.py").write_text("", "utf-8")
    imported = python(tmp_path, "-c", "import dateline")
    run = python(tmp_path, "-m", "service", "stats", "news.idx")

    assert f"Python finds another one first: {tmp_path / 'search.py'}." in imported.stderr
    assert (run.returncode, run.stderr.count("\n")) == (2, 1)
    assert run.stderr.startswith("Error: Dateline needs its own package “search”")


def test_another_distribution_with_a_search_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, record in (("other-1.0", "search/__init__.py,sha256=x,1\n"), ("fine-2.0", "research/__init__.py,,\n")):
        (tmp_path / f"{name}.dist-info").mkdir()
        (tmp_path / f"{name}.dist-info" / "RECORD").write_text(record, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)

    assert distributions.check().startswith("other 1.0 installs a package “search” too.")


def test_one_search_is_nothing_to_speak_of() -> None:
    assert distributions.check() == ""
