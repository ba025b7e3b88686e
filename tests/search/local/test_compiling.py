"""What is kept of compiled kernels is taken for what it was compiled from, and for nothing else."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import search

ASK = """
import numpy as np
from search.local import kernels
out = np.empty(1)
kernels.score(np.zeros(1, np.uint32), np.ones(1, np.uint32), np.ones(1, np.uint32), 1.0, 1.0, 0.0, out)
print(out[0], kernels.score.stats.cache_hits)
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
