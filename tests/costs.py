"""What each test costs: CPU seconds, those of processes that it waits for included, and seconds by the clock.

A run tells the dearest at its end. `--costs FILE` keeps what each test took, with what was made for it; `make costs`
(`python -m tests.costs`) writes the table in CONTRIBUTING.md from such files. With `--tier test`, as in `make test`, a
test that takes more than `MOST_S` fails, unless `@pytest.mark.costs("why")` says for what. What several tests share (a
fixture of a session or a module) is no test's.
"""

from __future__ import annotations

import json
import math
import resource
import time
from collections import defaultdict
from collections.abc import Generator
from dataclasses import astuple, dataclass
from pathlib import Path

import pytest
from coverage import Coverage

from benchmarks.page import filled
from indexer.safe import speed

ROOT = Path(__file__).parent.parent
MOST_S = 5.0
"""CPU seconds of the reference machine."""
DEAREST = 10
UNDER_COVERAGE = 2.0
"""How much longer a test may take while it is measured which lines it reaches."""
FOLDER = ROOT / ".costs"
GUIDE = ROOT / "CONTRIBUTING.md"


def used() -> float:
    """CPU seconds of this process and of those it has waited for."""
    each = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in each)


@dataclass
class Cost:
    """What tests took.

    Attributes:
        tests: how many.
        cpu: seconds of processors.
        clock: seconds by the clock, added over the processes.
    """

    tests: int = 0
    cpu: float = 0.0
    clock: float = 0.0

    def add(self, cpu: float, clock: float, tests: int = 0) -> None:
        """Count more."""
        self.tests, self.cpu, self.clock = self.tests + tests, self.cpu + cpu, self.clock + clock


class Meter:
    """A plugin for a process that runs tests: notes with each report what it cost, and holds a test to the limit."""

    def __init__(self, limited: bool) -> None:
        self._most = MOST_S * (UNDER_COVERAGE if Coverage.current() else 1.0) if limited else math.inf
        self._shared = 0.0
        self._own = 0.0
        self._phase = (0.0, 0.0)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self) -> Generator[None, object, object]:
        """Begin with nothing."""
        self._own = 0.0
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[object]) -> Generator[None, object, object]:
        """Tell apart what is made for several tests."""
        if fixturedef.scope == "function":
            return (yield)
        began, inner = used(), self._shared
        try:
            return (yield)
        finally:
            self._shared = inner + used() - began

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, None, None]:
        """Note the beginning of a phase; the others do the same."""
        self._phase = used(), time.monotonic()
        self._shared = 0.0
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, None, None]:
        """As above."""
        self._phase = used(), time.monotonic()
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, None, None]:
        """As above; what ends with the last test of a folder is shared, too."""
        self._phase = used(), time.monotonic()
        return (yield)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Note the cost, and refuse a test that takes too much."""
        report = yield
        cpu, clock = used() - self._phase[0], time.monotonic() - self._phase[1]
        own = cpu - (self._shared if call.when == "setup" else 0.0)
        self._own += own if call.when != "teardown" else 0.0
        report.user_properties += [("cost", (cpu, clock, own if call.when != "teardown" else 0.0))]
        is_dear = self._own > self._most and self._own / speed.measured() > self._most
        if call.when == "call" and report.passed and is_dear and not item.get_closest_marker("costs"):
            report.outcome = "failed"
            report.longrepr = (
                f"{self._own:.1f} CPU seconds, of which {self._most:.0f} are allowed in `make test`: make it cheaper, "
                'mark it `check`, or say what it is for: @pytest.mark.costs("…").'
            )
        return report


class Till:
    """A plugin for the process that tells: adds up the costs, and names the dearest tests.

    Args:
        into: the file to keep the costs in, if any: those of each test, with what it was the first to ask for.
    """

    def __init__(self, into: Path | None) -> None:
        self._into = into
        self._all: dict[str, Cost] = defaultdict(Cost)
        self._tests: dict[str, Cost] = defaultdict(Cost)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add a phase of a test."""
        for name, cost in report.user_properties:
            if name == "cost" and isinstance(cost, (list, tuple)):
                cpu, clock, own = cost
                self._all[report.nodeid].add(cpu, clock, report.when == "call")
                self._tests[report.nodeid].add(own, clock)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name the dearest tests, and keep the costs."""
        if not self._tests:
            return
        dearest = sorted(self._tests.items(), key=lambda item: -max(item[1].cpu, item[1].clock))[:DEAREST]
        terminalreporter.section(f"the {len(dearest)} slowest: CPU seconds, seconds by the clock")
        for name, cost in dearest:
            terminalreporter.write_line(f"{cost.cpu:8.1f} {cost.clock:8.1f}  {name}")
        if self._into is not None:
            self._into.parent.mkdir(exist_ok=True)
            self._into.write_text(
                json.dumps({name: astuple(cost) for name, cost in sorted(self._all.items())}, indent=0)
            )


def folder(nodeid: str) -> str:
    """The folder of a test, at most two deep: `tests/search`."""
    return "/".join(nodeid.partition("::")[0].split("/")[:-1][:2])


def read(path: Path) -> dict[str, Cost]:
    """The costs of folders, from those of the tests that a run has kept."""
    folders: dict[str, Cost] = defaultdict(Cost)
    for name, (tests, cpu, clock) in json.loads(path.read_text()).items():
        folders[folder(name)].add(cpu, clock, tests)
    return folders


def table() -> str:
    """The costs that the last `make test` and `make more` have kept, in Markdown."""
    tiers = {tier: read(FOLDER / f"{tier}.json") for tier in ("test", "check")}
    lines = [
        "| folder | tests | CPU s | clock s | `make check` adds | CPU s | clock s |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    names = sorted({*tiers["test"], *tiers["check"]})
    for name in names:
        lines.append(f"| `{name}` | {_cells(tiers['test'].get(name))} | {_cells(tiers['check'].get(name))} |")
    every = (_cells(_all(tiers[tier])) for tier in tiers)
    return "\n".join([*lines, f"| all | {' | '.join(every)} |", ""])


def _all(folders: dict[str, Cost]) -> Cost:
    added = Cost()
    for cost in folders.values():
        added.add(cost.cpu, cost.clock, cost.tests)
    return added


def _cells(cost: Cost | None) -> str:
    return f"{cost.tests:,} | {cost.cpu:,.0f} | {cost.clock:,.0f}" if cost else "| | "


if __name__ == "__main__":
    GUIDE.write_text(filled(GUIDE.read_text("utf-8"), {"costs": table()}), "utf-8")
