"""Where the time of indexing goes: no stage is most of it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module

from benchmarks import stages
from benchmarks.tables import MOST
from tests.waiting import HANG_S

NOISE = 0.02
"""How much a share differs between machines, and from run to run of a busy one."""
MEASURE = """
import json, tempfile
from pathlib import Path
from benchmarks import stages
with tempfile.TemporaryDirectory() as folder:
    before, after = stages.write_reports(Path(folder), 1000)
    found = stages.least([stages.measured([after], [before]) for _ in range(3)])
print(json.dumps([found.articles, found.shares]))
"""
"""In a process of its own: the measuring of coverage would slow down Python, and not kernels."""


def test_each_stage_is_a_module_that_exists() -> None:
    for name in stages.STAGES:
        assert import_module(name)


def test_no_stage_takes_most_of_indexing() -> None:
    run = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, timeout=HANG_S, check=True)
    articles, shares = json.loads(run.stdout)

    assert articles == 500
    assert set(stages.STAGES.values()) - set(shares) <= {"authors", "language", "ledger"}
    assert max(shares.values()) <= MOST + NOISE, shares
