"""`dateline warm` compiles all that other commands use."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import waiting
from tests.search.jit.numba_alone import by_numba
from tests.service.commands.running import SEED

ROOT = Path(__file__).parents[3]
DATELINE = (sys.executable, "-m", "service")
WARMING = """
import contextlib, json, sys
from types import BuiltinFunctionType
from indexer import pipeline
from indexer import languages
from indexer.enrich.shared.words import Table
import search
from search.jit.compiling import dispatchers
from service.commands.cli import main

def compiled():
    return {(made.__module__, made.__name__, str(types)) for made in dispatchers() for types in made.signatures}

def of_the_library():
    modules = [module for name, module in sys.modules.items() if ".kernels." in name]
    return {value for module in modules for value in vars(module).values() if isinstance(value, BuiltinFunctionType)}

search.warm()
pipeline.warm()
# as making its tables does, which this machine has by now
Table(languages.default()).numbers([str(number) for number in range(20_000)])
warm = compiled()
ended = []
for command in json.loads(sys.argv[1]):
    with contextlib.redirect_stdout(sys.stderr):
        try:
            main(command)
        except SystemExit as end:
            ended.append(end.code or 0)
print(json.dumps([len(warm) + len(of_the_library()), sorted(compiled() - warm), ended]))
"""
STEPS = r"""
import importlib, re
from pathlib import Path
from search.local import warm
warm.warm(lambda done, steps: print(done, steps))
local = Path(warm.__file__).parent
callers = "".join(path.read_text("utf-8") for path in local.rglob("*.py"))
made = {}
for path in (local.parent / "kernels").glob("[a-z]*.py"):
    module = importlib.import_module(f"search.kernels.{path.stem}")
    for name, kernel in vars(module).items():
        own = hasattr(kernel, "__wrapped__") and kernel.__module__ == module.__name__
        if own and re.search(rf"\b({path.stem}|kernels)\.{name}\b", callers):
            made[name] = kernel
assert len(made) > 50
print(*[name for name, kernel in made.items() if not getattr(kernel, "signatures", None)])
from numba.core.types import BaseNamedTuple
taken = {name: {type_ for takes in getattr(made[name], "signatures", ()) for type_ in takes} for name in made}
print(*[name for name, types in taken.items() if any(isinstance(type_, BaseNamedTuple) for type_ in types)])
"""


@pytest.fixture
def commands(tmp_path: Path, seeds_index: Path) -> list[list[str]]:
    """Commands that use all kernels between them."""
    (tmp_path / "wall.txt").write_text(SEED, "utf-8")
    text = (ROOT / "seeds" / "1945-1969" / "berlin-wall.txt").read_text("utf-8")
    for name in ("first", "second"):
        (tmp_path / f"{name}.txt").write_text(f"{text}\n\nAs told by the {name}.", "utf-8")
    every: list[list[object]] = [
        ["index", tmp_path / "idx", tmp_path / "wall.txt", "--workers", 1],
        ["index", tmp_path / "idx", tmp_path / "first.txt", tmp_path / "second.txt", "--workers", 1],
        ["search", seeds_index, '"berlin wall" OR mandela -zebra', "--country", "DE", "--all-country", "US"],
        ["search", seeds_index, "title:ber*", "--not-person", "Nobody", "--missing", "section", "--from", "1961"],
        ["search", seeds_index, "--sort", "oldest", "--missing", "date"],
        ["search", seeds_index, "war", "--group", "story"],
        ["search", seeds_index, "--group", "story", "--country", "DE"],
        ["search", seeds_index, "mandella"],
        ["similar", seeds_index, "1961-08-berlin-wall"],
        ["export", seeds_index, "berlin"],
        ["stats", seeds_index],
    ]
    return [[str(part) for part in command] for command in every]


def test_commands_use_no_kernel_for_other_types_than_warming_does(commands: list[list[str]]) -> None:
    run = subprocess.run(
        [sys.executable, "-c", WARMING, json.dumps(commands)],
        check=True, capture_output=True, text=True, timeout=waiting.HANG_S,
    )  # fmt: skip
    compiled, others, ended = json.loads(run.stdout.splitlines()[-1])

    assert compiled > 50
    assert others == []
    assert len(ended) == len(commands)
    assert set(ended) <= {0, 1}


@pytest.fixture(scope="module")
def warmed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The environment of processes for which `dateline warm` has compiled, by Numba; what uses it may compile more."""
    environment = by_numba(tmp_path_factory.mktemp("warmed"))
    subprocess.run([*DATELINE, "warm"], env=environment, check=True, timeout=waiting.HANG_S)
    return environment


@pytest.mark.check
def test_warm_compiles_all_that_is_used(warmed: dict[str, str], commands: list[list[str]]) -> None:
    cache = Path(warmed["DATELINE_KERNEL_CACHE"])
    compiled = sorted(cache.rglob("*.nbc"))
    for command in commands:
        subprocess.run([*DATELINE, *command], env=warmed, check=False, capture_output=True, timeout=waiting.HANG_S)

    assert compiled
    assert sorted(cache.rglob("*.nbc")) == compiled


@pytest.mark.check
def test_warming_compiles_every_kernel_step_by_step_and_without_classes_that_may_be_renamed(
    warmed: dict[str, str],
) -> None:
    told = subprocess.check_output([sys.executable, "-c", STEPS], env=warmed, text=True)
    *steps, not_compiled, of_classes = told.splitlines()

    assert steps == [f"{done} {len(steps)}" for done in range(1, len(steps) + 1)]
    assert not_compiled == ""
    assert of_classes == ""
