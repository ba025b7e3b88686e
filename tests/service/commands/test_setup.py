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


@pytest.mark.check
def test_warm_compiles_all_that_is_used(tmp_path: Path, commands: list[list[str]]) -> None:
    environment = by_numba(tmp_path)
    cache = Path(environment["DATELINE_KERNEL_CACHE"])
    dateline = [sys.executable, "-m", "service"]
    subprocess.run([*dateline, "warm"], env=environment, check=True, timeout=waiting.HANG_S)
    compiled = sorted(cache.rglob("*.nbc"))
    for command in commands:
        subprocess.run([*dateline, *command], env=environment, check=False, capture_output=True, timeout=waiting.HANG_S)

    assert compiled
    assert sorted(cache.rglob("*.nbc")) == compiled
