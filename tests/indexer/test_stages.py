"""Where the time of indexing goes: no stage is most of it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

from benchmarks import stages

MOST = 0.45
"""The greatest part of indexing that a stage may take here. It is more than `benchmarks.tables.MOST`, since measuring
coverage slows down Python and not kernels, and a busy machine shifts shares.
"""


def test_each_stage_is_a_module_that_exists() -> None:
    for name in stages.STAGES:
        assert import_module(name)


def test_no_stage_takes_most_of_indexing(tmp_path: Path) -> None:
    before, after = stages.write_reports(tmp_path, 600)

    found = stages.measured([after], [before])

    assert found.articles == 300
    assert set(stages.STAGES.values()) - set(found.seconds) <= {"authors", "language", "ledger"}
    assert max(found.shares.values()) <= MOST, found.shares
