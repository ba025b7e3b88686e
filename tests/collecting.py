"""How the processes of `-n` collect: each begins with other files than the rest.

Each of them imports every file of tests. In a fresh clone pytest rewrites the assertions of a file as it is imported,
and keeps the result for the next process; those that import the same files at the same time would all do that work.
"""

from __future__ import annotations

import importlib
from contextlib import suppress
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


class Apart:
    """Imports the files of tests, a process from its own share of them on, before they are collected in their order."""

    def __init__(self, number: int, processes: int) -> None:
        self._number = number
        self._processes = processes

    def pytest_collectstart(self, collector: pytest.Collector) -> None:
        """Import them once pytest knows what is asked for; what cannot be imported it imports again, and reports."""
        if isinstance(collector, pytest.Session):
            for file in self._turned(files(collector.config)):
                with suppress(Exception, pytest.skip.Exception):
                    importlib.import_module(".".join(file.relative_to(ROOT).with_suffix("").parts))

    def _turned(self, found: list[Path]) -> list[Path]:
        first = len(found) * self._number // self._processes
        return [*found[first:], *found[:first]]


def files(config: pytest.Config) -> list[Path]:
    """The files of tests in the folders that are asked for, in order."""
    folders = [config.invocation_params.dir / argument for argument in config.args]
    return sorted({path for folder in folders for path in folder.rglob("test_*.py") if path.is_relative_to(ROOT)})
