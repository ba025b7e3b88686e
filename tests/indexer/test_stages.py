"""Where the time of indexing goes: no stage is most of it."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module

import pytest

from benchmarks import stages
from benchmarks.tables import MOST
from tests.waiting import HANG_S

MEASURE = """
import json, tempfile
from collections import Counter
from pathlib import Path
from benchmarks import stages
whole = Counter()
with tempfile.TemporaryDirectory() as folder:
    before, after = stages.write_reports(Path(folder), 1000)
    for _ in range(6):
        found = stages.measured([after], [before])
        whole.update(found.seconds)
print(json.dumps([found.articles, stages.Profile(found.articles, whole).shares]))
"""
"""In a process of its own: the measuring of coverage would slow down Python, and not kernels. A round has a thousand
samples, of which a share is known to one or two hundredths; six together, to half of one."""


def test_each_stage_is_a_module_that_exists() -> None:
    for name in stages.STAGES:
        assert import_module(name)


@pytest.mark.check  # measures for long
def test_no_stage_takes_most_of_indexing() -> None:
    run = subprocess.run([sys.executable, "-c", MEASURE], capture_output=True, text=True, timeout=HANG_S, check=True)
    articles, shares = json.loads(run.stdout)

    assert articles == 500
    assert set(stages.STAGES.values()) - set(shares) <= {"authors", "language", "ledger"}
    assert max(shares.values()) <= MOST, shares
