"""A pytest plugin that records which lines each test executes, and what it costs.

`pytest -p tests.mutants.recorder`, with `MUTANTS_FOLDER` naming where to put them: `coverage.sqlite`, coverage.py's own
file with a context for each test and each shared fixture, `costs.json`, of each test that passed its seconds of
processor time without what it shares, and `shared.json`, of each shared fixture its seconds and the tests that use it.
What processes execute that a test or a fixture starts is recorded as its own, unless they are killed.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

import pytest
from coverage import Coverage

from tests.mutants import COSTS, COVERAGE, PACKAGES, SHARED, seconds

FOLDER = Path(os.environ["MUTANTS_FOLDER"])
_CHILDREN = "COVERAGE_PROCESS_CONFIG"
"""What coverage.py looks for when an interpreter starts."""

_coverage = Coverage(
    data_file=FOLDER / COVERAGE, data_suffix=True, config_file=False, source_pkgs=list(PACKAGES), messages=False
)
_coverage.set_option("run:disable_warnings", ["module-not-measured", "module-not-imported", "no-data-collected"])
_coverage.set_option("run:parallel", True)
_coverage.set_option("run:patch", ["fork", "_exit"])
_coverage.start()

_costs: dict[str, float] = {}
_shared: dict[str, float] = {}
_users: dict[str, list[str]] = {}
_failed: set[str] = set()
_contexts: list[str] = []


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, bool, bool]:
    """Have what is executed from here on be this test's, and clock it to its end, when its processes have ended."""
    _contexts.clear()
    _enter(item.nodeid)
    began, shared = seconds(), sum(_shared.values())
    try:
        return (yield)
    finally:
        _costs[item.nodeid] = round(seconds() - began - (sum(_shared.values()) - shared), 3)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
    """Clock what is shared by several tests, and have what it executes be its own."""
    if fixturedef.scope == "function":
        return (yield)
    began = seconds()
    _enter(fixturedef.argname)
    try:
        return (yield)
    finally:
        _contexts.pop()
        _switch(_contexts[-1])
        _shared[fixturedef.argname] = round(seconds() - began, 3)


def _enter(context: str) -> None:
    _contexts.append(context)
    _switch(context)


def _switch(context: str) -> None:
    """Record under a name, here and in processes that are started or forked from now on."""
    _coverage.switch_context(context)
    _coverage.set_option("run:context", context)
    os.environ[_CHILDREN] = _coverage.config.serialize()


def pytest_runtest_call(item: pytest.Item) -> None:
    """Write down which fixtures a test uses."""
    names: list[str] = getattr(item, "fixturenames", [])
    for name in names:
        _users.setdefault(name, []).append(item.nodeid)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Leave out what failed, and would with any mutant, or was skipped."""
    if not report.passed:
        _failed.add(report.nodeid)


def pytest_sessionfinish() -> None:
    """Write down what was recorded."""
    os.environ.pop(_CHILDREN, None)
    _coverage.stop()
    _coverage.save()
    for written in FOLDER.glob(f"{COVERAGE}.*"):
        if not _is_whole(written):
            written.unlink()
    combined = Coverage(data_file=FOLDER / COVERAGE, config_file=False, messages=False)
    combined.combine([str(FOLDER)])
    combined.save()
    passed = {test: cost for test, cost in _costs.items() if test not in _failed}
    shared = {name: {"cost": cost, "users": _users.get(name, [])} for name, cost in _shared.items()}
    (FOLDER / SHARED).write_text(json.dumps(shared, indent=0))
    (FOLDER / COSTS).write_text(json.dumps(passed, indent=0))


def _is_whole(written: Path) -> bool:
    """Whether a process was not killed while it wrote what it had executed."""
    try:
        with closing(sqlite3.connect(written)) as kept:
            return kept.execute("pragma quick_check").fetchall() == [("ok",)]
    except sqlite3.DatabaseError:
        return False
