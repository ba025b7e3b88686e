"""What is kept of compiled kernels is taken for what it was compiled from, and for nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import pytest

import search
from search import Article
from search.jit import compiling, dispatching, sources
from tests.search.indexes import written
from tests.search.jit.numba_alone import NO_LIBRARY
from tests.waiting import HANG_S

ASK = f"""{NO_LIBRARY}
import numpy as np
from search.kernels import matching
out = np.empty(1)
matching.score(np.zeros(1, np.uint32), np.ones(1, np.uint32), (np.ones(1, np.uint32), 1.0, 1.0, 0.0), out)
print(out[0], matching.score.stats.cache_hits)
"""


@pytest.mark.check
def test_a_kernel_is_compiled_anew_when_another_file_that_it_takes_changes(tmp_path: Path) -> None:
    folder = tmp_path / "search"
    shutil.copytree(Path(search.__file__).parent, folder, ignore=shutil.ignore_patterns("__pycache__"))

    def ask() -> list[str]:
        return subprocess.check_output([sys.executable, "-c", ASK], cwd=tmp_path, text=True).split()

    assert ask() == ["0.5", "Counter()"]
    assert ask()[0] == "0.5"
    assert "): 1}" in " ".join(ask())
    source = folder / "kernels" / "postings.py"
    before = source.read_text("utf-8")
    source.write_text(before.replace("scores[i] = idf * weight", "scores[i] = 3.0 * idf * weight"), "utf-8")
    assert source.read_text("utf-8") != before
    assert ask() == ["1.5", "Counter()"]


def _scored(number: int) -> int:
    return number + 1


def test_numba_goes_by_the_stamp_that_it_is_given() -> None:
    compiled: Any = dispatching.kernel(_scored, compiling.settle)
    kept = getattr(compiled._cache, "_cache_file", None)

    assert getattr(kept, "_source_stamp", None) == sources.stamp(Path(__file__).parent), (
        f"Numba {numba.__version__} keeps the stamp of what it compiled elsewhere than `dispatching.kernel` puts it: "
        "a program that is brought up to date would run its old kernels."
    )


def test_a_search_needs_no_compiler(tmp_path: Path) -> None:
    written(tmp_path / "idx", Article("a", "oil price rose", person=("Ann",)), Article("b", "oil"))
    ask = "import search; print(search.open('idx').search(search.Query('\"oil price\" OR rose')).total)"
    environment = {**os.environ, "NUMBA_DISABLE_JIT": "1", "PYTHONPATH": str(Path(search.__file__).parent.parent)}

    assert subprocess.check_output([sys.executable, "-c", ask], cwd=tmp_path, env=environment, text=True) == "1\n"


def test_a_user_who_can_write_nowhere_is_told_so() -> None:
    ask = f"""
from numba.core.caching import CompileResultCacheImpl
CompileResultCacheImpl._locator_classes = []
from search.errors import IndexProblem
try:
    exec({ASK!r})
except IndexProblem as problem:
    print(problem)
"""
    told = subprocess.check_output([sys.executable, "-c", ask], text=True)

    assert told.startswith("Compiled code can be stored neither next to “")
    assert told.endswith("DATELINE_KERNEL_CACHE.\n")


@pytest.mark.check
def test_compiled_kernels_are_loaded_without_what_could_compile_them(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    ask = f"""{ASK}
import sys
print(*(name in sys.modules for name in ("numba.typed.typeddict", "numba.np.linalg")))
"""

    def told() -> list[str]:
        return subprocess.check_output([sys.executable, "-c", ask], env=environment, text=True).splitlines()

    assert told()[-1] == "True True"
    assert told()[-1] == "False False"


@pytest.mark.check
def test_processes_that_compile_a_kernel_at_once_keep_it_for_all_types(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    ask = f"""{NO_LIBRARY}
import numpy as np
from search.kernels import matching
for kind in sys.argv[1:]:
    values = np.zeros(1, kind)
    matching.gather(np.zeros(1, np.uint32), values, values)
print(sum(matching.gather.stats.cache_hits.values()))
"""
    kinds = ["uint8", "uint16", "uint32", "uint64", "int64", "float32", "float64"]
    command = [sys.executable, "-c", ask]

    for at_once in [subprocess.Popen([*command, kind], env=environment, stdout=subprocess.DEVNULL) for kind in kinds]:
        assert at_once.wait(HANG_S) == 0

    assert subprocess.check_output([*command, *kinds], env=environment, text=True).split() == [str(len(kinds))]


def test_importing_the_library_imports_no_numpy() -> None:
    ask = "import search, sys; from search import Article, Query; print('numpy' in sys.modules)"

    assert subprocess.check_output([sys.executable, "-c", ask], text=True) == "False\n"


def test_importing_and_opening_an_index_imports_no_numba(tmp_path: Path) -> None:
    named = Article("a", "oil price rose", person=("Ann", "Bo"), country=("FR",))
    written(tmp_path / "idx", named, Article("b", "oil", person=("ANN",)))
    ask = "import search, sys; search.open('idx').stats(); print(sys.modules.keys() & {'numba', 'llvmlite'})"
    environment = {**os.environ, "PYTHONPATH": str(Path(search.__file__).parent.parent)}

    assert subprocess.check_output([sys.executable, "-c", ask], cwd=tmp_path, env=environment, text=True) == "set()\n"


@pytest.mark.check
def test_compiling_is_said_once_by_all_processes_and_never_with_a_cache(tmp_path: Path) -> None:
    environment = {**os.environ, "NUMBA_CACHE_DIR": str(tmp_path / "cache")}
    ask = f"""
import os
from search.jit import compiling
compiling.notify(lambda: print("said", flush=True))
if child := os.fork():
    os.waitpid(child, 0)
{ASK}
"""

    def told() -> list[str]:
        return subprocess.check_output([sys.executable, "-c", ask], env=environment, text=True).split()

    assert told().count("said") == 1
    assert "said" not in told()
