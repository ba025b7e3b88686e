"""Tells how far a long run is: the time, the share that is done, and the folders that are running."""

from __future__ import annotations

import time

import pytest

from tests.costs import folder

EVERY_S = 10.0


class Progress:
    """A plugin for the process that tells: a line now and then, one for each failure, and none for what passes."""

    def __init__(self, terminal: pytest.TerminalReporter) -> None:
        self._terminal = terminal
        self._began = time.monotonic()
        self._told = 0.0
        self._all = 0
        self._done = 0
        self._running: dict[object, str] = {}

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, ids: list[str]) -> None:
        """With several processes: each finds all tests."""
        self._all = len(ids)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """With one process."""
        self._all = len(session.items) or self._all

    @pytest.hookimpl(tryfirst=True)
    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Print no dots."""
        if report.passed:
            return "passed" if report.when == "call" else "", "", "PASSED"
        return None

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Count a test, and tell."""
        self._running[getattr(report, "node", None)] = folder(report.nodeid)
        if report.failed:
            self._terminal.ensure_newline()
            self._terminal.write_line(f"{self._time()}  failed: {report.nodeid}")
        if report.when == "teardown":
            self._done += 1
        if time.monotonic() - self._told >= EVERY_S:
            self._told = time.monotonic()
            self._terminal.write_line(self._line())

    def _line(self) -> str:
        share = f"{100 * self._done / self._all:3.0f} %" if self._all else ""
        now = ", ".join(sorted({*self._running.values()}))
        return f"{self._time()}  {share}  {self._done:,} of {self._all:,}  {now}"

    def _time(self) -> str:
        minutes, seconds = divmod(int(time.monotonic() - self._began), 60)
        return f"{minutes:3}:{seconds:02}"
