"""What is kept of compiled kernels is taken for what it was compiled from, and for nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import numba

import search
from search import Article
from search.local.kernels import compiling, matching

ASK = """
import numpy as np
from search.local.kernels import matching
out = np.empty(1)
matching.score(np.zeros(1, np.uint32), np.ones(1, np.uint32), (np.ones(1, np.uint32), 1.0, 1.0, 0.0), out)
print(out[0], matching.score.stats.cache_hits)
"""


def test_a_kernel_is_compiled_anew_when_another_file_that_it_takes_changes(tmp_path: Path) -> None:
    folder = tmp_path / "search"
    shutil.copytree(Path(search.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def ask() -> list[str]:
        return subprocess.check_output([sys.executable, "-c", ASK], cwd=tmp_path, text=True).split()

    assert ask() == ["0.5", "Counter()"]
    assert ask()[0] == "0.5"
    assert "): 1}" in " ".join(ask())
    source = folder / "local" / "kernels" / "postings.py"
    before = source.read_text("utf-8")
    source.write_text(before.replace("scores[i] = idf * weight", "scores[i] = 3.0 * idf * weight"), "utf-8")
    assert source.read_text("utf-8") != before
    assert ask() == ["1.5", "Counter()"]


def test_numba_goes_by_the_stamp_that_it_is_given() -> None:
    kept = getattr(getattr(matching.score, "_cache", None), "_cache_file", None)

    assert getattr(kept, "_source_stamp", None) == compiling._stamp(Path(matching.__file__).parent), (
        f"Numba {numba.__version__} keeps the stamp of what it compiled elsewhere than `compiling.kernel` puts it: "
        "a program that is brought up to date would run its old kernels."
    )


def test_a_search_needs_no_compiler(tmp_path: Path) -> None:
    with search.writer(tmp_path / "idx") as writer:
        writer.add(Article("a", "oil price rose", person=("Ann",)))
        writer.add(Article("b", "oil"))
    ask = "import search; print(search.open('idx').search(search.Query('\"oil price\" OR rose')).total)"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(Path(search.__file__).parent.parent)}

    assert subprocess.check_output([sys.executable, "-c", ask], cwd=tmp_path, env=environment, text=True) == "1\n"
