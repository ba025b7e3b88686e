"""A writer is killed at any moment: what it had acknowledged is there, what is there is one generation."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import search
from search.local.format import manifest
from search.local.safe import recovery
from search.local.safe.catalog import Catalog
from search.local.safe.verify import verify
from tests import waiting
from tests.reliability import model

MOST = 3
"""Steps that a process may finish before it is killed in the next."""


def killed(place: Path, first: int, moments: random.Random) -> int:
    """Let a process make steps and kill it in the middle of one; how many had been acknowledged."""
    command = [sys.executable, "-m", "tests.reliability.steps", str(place), str(first)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        said = process.stdout
        assert said is not None
        said.readline()  # it is ready
        lines: list[str] = []
        step_s = 0.1
        for _ in range(moments.randint(0, MOST)):
            step_s = waiting.elapsed(lambda: lines.append(said.readline()))
        done = int(lines[-1]) if lines else first
        waiting.random_while(moments, 1.2 * step_s)
        process.kill()
        rest = said.read().split()
    return int(rest[-1]) if rest else done


def left_over(place: Path) -> list[Path]:
    return list(recovery.left_over(place, manifest.read(place, Catalog(place).generation)))


def kill_often(place: Path, times: int, seed: int) -> tuple[int, int]:
    """Kill it so often, and look after each; how many steps were made, and how often something was left over."""
    moments = random.Random(seed)
    done = orphans = 0
    search.writer(place).close()
    for _ in range(times):
        acknowledged = killed(place, done, moments)
        state = model.found(place)
        done = acknowledged if state == model.after(acknowledged) else acknowledged + 1
        assert state == model.after(done)
        orphans += bool(left_over(place))
        search.writer(place).close()
        assert left_over(place) == []
    assert verify(place).whole
    return done, orphans


def test_nothing_acknowledged_is_lost_when_the_writer_is_killed(tmp_path: Path, amount: Callable[..., int]) -> None:
    kills = amount(8, few=2)

    assert kill_often(tmp_path / "news.idx", kills, 4)[0] >= kills


@pytest.mark.soak
def test_nothing_is_lost_in_two_hundred_kills(tmp_path: Path) -> None:
    steps, orphans = kill_often(tmp_path / "news.idx", 200, 2)

    assert steps > 200
    assert orphans > 20  # it was killed in the middle of things
    print(f"{steps} steps, left-overs after {orphans} of 200 kills")
