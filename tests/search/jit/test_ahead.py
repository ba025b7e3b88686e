"""Kernels of the library that was compiled ahead do what Numba's do, and are taken for nothing else."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from runpy import run_path

import pytest

import search
from tests.cases import cases
from tests.conftest import ROOT

pytestmark = pytest.mark.check

KERNELS = """
import numpy as np
from search.jit.compiling import kernel

@kernel
def added(one, other):
    return one + other

@kernel
def summed(numbers, pair, twice, share):
    table, total = pair
    for row in range(len(table)):
        for number in table[row]:
            total = added(total, np.int64(number))
    for number in numbers:
        total += number
    return 2 * total if twice else total, share * total, not twice

@kernel
def counted(size):
    made = np.empty(size, np.uint32)
    for at in range(size):
        made[at] = at
    return made
"""
USE = """
import sys
import numpy as np
from search.kernels import trial

def use(kind="uint32"):
    trial.added(1, 2)
    print(trial.summed(np.arange(3, dtype=kind), (np.ones((2, 2), np.int32), 5), True, 0.5), trial.counted(3))
"""
TOLD = "(24, 6.0, False) [0 1 2]"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the package, with a library of three kernels."""
    folder = tmp_path_factory.mktemp("ahead")
    left_out = shutil.ignore_patterns("__pycache__", "_kernels.*")
    shutil.copytree(Path(search.__file__).parent, folder / "search", ignore=left_out)
    (folder / "search" / "kernels" / "trial.py").write_text(KERNELS, "utf-8")
    assert told(folder, "from search.jit import building; print(building.build(use))") == [TOLD, "3"]
    return folder


def told(folder: Path, ask: str) -> list[str]:
    return subprocess.check_output([sys.executable, "-c", USE + ask], cwd=folder, text=True).splitlines()


WITHOUT = """
sys.modules['numba'] = None
from search.errors import IndexProblem
use()
try:
    use('uint16')
except IndexProblem as problem:
    print(problem)
"""
NO_NUMBA = "Numba, which would compile it now, is not installed. Install it: pip install 'dateline[numba]'"


def test_a_kernel_compiled_ahead_needs_no_numba(folder: Path) -> None:
    used, problem = told(folder, WITHOUT)

    assert used == TOLD
    assert problem.startswith(
        f"The kernel “search.kernels.trial.summed” is not compiled for these arguments, and {NO_NUMBA}"
    )


def test_numba_compiles_for_types_that_the_library_has_not(folder: Path) -> None:
    assert told(folder, "use('uint16'); use(); print('numba' in sys.modules)") == [TOLD, TOLD, "True"]


def test_one_kernel_that_numba_compiles_leaves_the_others_in_the_library(folder: Path) -> None:
    ask = "use('uint16'); print(*(type(one).__name__ for one in (trial.summed, trial.added, trial.counted)))"

    assert told(folder, ask)[1] == " ".join(["builtin_function_or_method"] * 3)


def test_an_array_in_another_order_is_not_taken_for_one_in_rows(folder: Path) -> None:
    ask = "print(trial.summed(np.arange(6, dtype=np.uint32)[::2], (np.ones((2, 2), np.int32), 5), True, 0.5))"

    assert told(folder, ask) == ["(30, 7.5, False)"]


def test_an_error_of_a_kernel_compiled_ahead_is_raised(folder: Path) -> None:
    ask = """
try:
    trial.counted(1 << 62)
except (MemoryError, ValueError) as error:
    print(error, 'numba' in sys.modules)
"""
    (line,) = told(folder, ask)

    assert line.startswith(("Allocation failed", "array is too big"))
    assert line.endswith("False")


def test_a_library_of_other_sources_is_not_used(folder: Path) -> None:
    source = folder / "search" / "kernels" / "trial.py"
    source.write_text(KERNELS.replace("2 * total", "3 * total"), "utf-8")
    outdated = "from search.jit import library, sources; print(sources.outdated(library.PLACE))"
    try:
        assert told(folder, "use(); print('numba' in sys.modules)") == ["(36, 6.0, False) [0 1 2]", "True"]
        assert "search.kernels" in told(folder, outdated)[0]
        with pytest.raises(subprocess.CalledProcessError):
            told(folder, WITHOUT)
    finally:
        source.write_text(KERNELS, "utf-8")
    assert "search.kernels" not in told(folder, outdated)[0]


@cases(
    "kind, processor, this",
    [
        ("x86_64", "flags : sse2 avx2 bmi1 bmi2 fma", ""),
        ("aarch64", "Features : fp asimd", ""),
        ("x86_64", "flags : sse2 bmi1", "this is x86_64 without avx2, bmi2, fma."),
        ("riscv64", "isa : rv64", "this is riscv64."),
        ("arm64", "", "this is arm64."),
    ],
)
def test_no_library_is_made_for_a_machine_that_cannot_run_it(
    kind: str, processor: str, this: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "deploy")
    (tmp_path / "cpuinfo").write_text(processor, "utf-8")

    problem = run_path(str(ROOT / "deploy" / "kernels.py"))["unsuited"](kind, tmp_path / "cpuinfo")

    assert problem.endswith(this)
    assert bool(problem) == bool(this)


def test_a_compiler_without_the_headers_of_its_language_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(ROOT / "deploy")
    missing = run_path(str(ROOT / "deploy" / "kernels.py"))["missing"]
    assert missing() == ""

    (tmp_path / "cc").write_text(f"#!/bin/sh\nexec {shutil.which('cc')} -nostdinc -isystem {tmp_path} $*", "utf-8")
    (tmp_path / "cc").chmod(0o700)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "no C compiler" in missing()


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the program, with its whole library."""
    folder = tmp_path_factory.mktemp("program")
    for name in ("dateline", "search", "desk", "indexer", "service", "deploy"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    environment = {**os.environ, "PYTHONPATH": str(folder)}
    subprocess.run([sys.executable, "deploy/kernels.py"], cwd=folder, env=environment, check=True)
    without = folder / "without"
    without.mkdir()
    (without / "numba.py").write_text("raise ModuleNotFoundError('none', name='numba')", "utf-8")
    return folder


@pytest.mark.costs("compiles all kernels, unless there is a library of them")
def test_the_whole_program_runs_without_numba(program: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": f"{program / 'without'}{os.pathsep}{program}"}

    def run(*arguments: str) -> str:
        command = [sys.executable, "-m", "service", *arguments]
        return subprocess.check_output(command, cwd=program, env=environment, text=True)

    report = json.loads(run("index", "seeds.idx", str(ROOT / "seeds"), "--json", "--workers", "1"))
    found = json.loads(run("search", "seeds.idx", 'berlin OR "south africa" /s wall', "--country", "DE", "--json"))

    assert (report["skipped"], report["added"] > 120, found["total"] > 1) == ([], True, True)
    for asked in (("count", "seeds.idx", "", "--by", "person", "--by", "year"), ("warm",), ("verify", "seeds.idx")):
        run(*asked)  # which raises, if it fails
    wide = "import search; search.warm(wide=True)"
    subprocess.run([sys.executable, "-c", wide], cwd=program, env=environment, check=True)
