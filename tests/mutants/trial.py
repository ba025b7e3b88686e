"""One mutant, and the tests that should notice it, in a process that is forked for it.

What is forked runs in the copy of the tree: `python -m tests.mutants.trial`. It has everything imported, and the fork
is given the changed functions in place of those it has (see `swap`). A change to what runs at import, or to what is
compiled, takes a fork that has only the libraries, and imports the changed file: some seconds more. Either leads a
group of processes that is ended with it, may use some memory and processor time and no more, and has its temporary
files in a folder of its own.

How busy the machine is does not decide. A mutant never ends if it takes several times the processor time of its tests,
or if all its processes wait for a minute, and not for the processor; one that is only slow is left undecided. A test
that has failed is run without the change too: if it fails then, it tells nothing, and the mutant is tried without it.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import io
import json
import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from tests import processes
from tests.mutants import swap
from tests.mutants.selection import PACKAGES_OF_TESTS, Test, cost_of
from tests.mutants.tree import SEEDS, Tree, is_compiled

LIBRARIES = (
    "numpy", "numba", "whoosh.index", "falcon.testing", "orjson", "jinja2", "click.testing", "rich.console",
    "zstandard", "Stemmer", "ahocorasick", "py3langid", "lxml.html", "babel", "trafilatura", "htmldate",
    "prometheus_client", "pyarrow", "hypothesis", "gunicorn.app.base", "schemathesis.pytest.plugin", "xdist.plugin",
)  # fmt: skip
MEMORY_BYTES = 6 << 30
FILE_BYTES = 1 << 30
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Of pytest, to which it is news that modules are imported already."""
TIER = "MUTANTS_TIER"
"""Names the tests of which tier are run."""
COMPILING_S = 120
_LOOK_EVERY_S = 0.05
_ASLEEP_S = 60
"""Longer than any test waits while nothing is done."""

Outcome = Literal["killed", "endless", "survived", "no test", "undecided"]


@dataclass(frozen=True)
class Trial:
    """What came of a mutant, and the test that noticed it: empty if its file could not even be imported."""

    outcome: Outcome
    by: str = ""


@dataclass(frozen=True)
class Limits:
    """How far a mutant is tested.

    Attributes:
        tests: at most so many tests.
        seconds: tests that take no more than so much processor time together, or one test.
    """

    tests: int
    seconds: float


def chosen(tests: Sequence[Test], limits: Limits) -> list[Test]:
    """The first tests within the limits."""
    found: list[Test] = []
    for test in tests:
        if len(found) == limits.tests:
            break
        if not found or cost_of([*found, test]) <= limits.seconds:
            found.append(test)
    return found


class Bench:
    """The processes that are forked, in a tree; each is started when it is first needed."""

    def __init__(self, tree: Tree, folder: Path, tier: str = "all") -> None:
        self._tree = tree
        self._folder = folder
        self._tier = tier
        self._started: dict[bool, subprocess.Popen[str]] = {}
        self._indexed = False
        self._passes: dict[tuple[str, bool], bool] = {}

    def run(self, path: str, source: str, tests: Sequence[Test]) -> Trial:
        """Run tests with another source in the place of a file; without, they pass."""
        before = (self._tree.path / path).read_text("utf-8")
        at_once = not is_compiled(path) and swap.changed(path, before, source) is not None
        left = list(tests)
        while left:
            with self._tree.changed(path, source):
                trial = self._tried(at_once, left, path, before)
            if trial.outcome != "killed" or not trial.by or self._does_pass(trial.by, at_once, left):
                return trial
            left = [test for test in left if test.name != trial.by]
        return Trial("no test")

    def _does_pass(self, name: str, at_once: bool, tests: Sequence[Test]) -> bool:
        """Whether a test passes without a change."""
        if (name, at_once) not in self._passes:
            found = [test for test in tests if test.name == name]
            self._passes[name, at_once] = not found or self._tried(at_once, found).outcome == "survived"
        return self._passes[name, at_once]

    def _tried(self, at_once: bool, tests: Sequence[Test], path: str = "", before: str = "") -> Trial:
        task = {
            "path": path,
            "before": before,
            "tests": [test.name for test in tests],
            "clocked": all("::" in test.name for test in tests),  # of a file that was not recorded, the time is a guess
            "seconds": cost_of(tests) + (COMPILING_S if is_compiled(path) else 0),
            "folder": str(self._folder),
            "seeds": str(self._seeds()) if path.startswith("service/") or not path else "",
        }
        server = self._server(at_once)
        assert server.stdin is not None
        assert server.stdout is not None
        server.stdin.write(json.dumps(task) + "\n")
        server.stdin.flush()
        return Trial(*json.loads(server.stdout.readline()))

    def _seeds(self) -> Path:
        """The index of `seeds/`: no change to `service`, which nothing below imports, makes it another."""
        place = self._folder / "seeds.idx"
        if not self._indexed:
            shutil.rmtree(place, ignore_errors=True)
            program = "import sys, pathlib, tests.conftest as made; made.index_seeds(pathlib.Path(sys.argv[1]))"
            command = [sys.executable, "-c", program, str(place)]
            subprocess.run(command, cwd=self._tree.path, env=self._tree.environment(), check=True)
            self._indexed = True
        return place

    def _server(self, loaded: bool) -> subprocess.Popen[str]:
        if loaded not in self._started:
            command = [sys.executable, "-m", "tests.mutants.trial", *(["loaded"] if loaded else [])]
            self._started[loaded] = subprocess.Popen(
                command, cwd=self._tree.path, env=self._tree.environment(**{TIER: self._tier}), text=True,
                stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            )  # fmt: skip
        return self._started[loaded]

    def close(self) -> None:
        """End them."""
        for server in self._started.values():
            server.communicate()


def serve(loaded: bool) -> None:
    """Be what is forked: a task a line, an outcome a line."""
    told = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)
    for name in LIBRARIES:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    if loaded:
        with contextlib.redirect_stdout(io.StringIO()):
            assert pytest.main([*_options(), "--collect-only", *PACKAGES_OF_TESTS]) == 0
    gc.unfreeze()  # else the functions that were collected with the tests would not be found
    functions = swap.Functions() if loaded else None
    gc.collect()
    gc.freeze()  # a fork that looks for garbage would copy all that was loaded
    for line in sys.stdin:
        trial = _tried(json.loads(line), functions)
        told.write(json.dumps([trial.outcome, trial.by]) + "\n")


def _options() -> list[str]:
    return [*OPTIONS, "--tier", os.environ.get(TIER, "all")]


def _tried(task: dict[str, object], functions: swap.Functions | None) -> Trial:
    folder, seconds = Path(str(task["folder"])), float(str(task["seconds"]))
    temporary, log, culprit = folder / "tmp", folder / "log.txt", folder / "failed.txt"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    culprit.write_text("")
    culprit.chmod(0o666)  # what is changed may leave the process another user's
    allowed = int(20 + 5 * seconds)
    child = os.fork()
    if not child:
        _be_tested(task, functions, log, culprit, temporary, allowed)
    until = time.monotonic() + 300 + 60 * seconds
    sleep = _Sleep(child)
    while True:
        ended, status, used = os.wait4(child, os.WNOHANG)
        if ended or time.monotonic() > until or sleep.is_deep():
            break
        time.sleep(_LOOK_EVERY_S)
    asleep = not ended and time.monotonic() <= until
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        os.waitpid(child, 0)
    shutil.rmtree(temporary, ignore_errors=True)
    by = culprit.read_text()
    if not ended:
        return Trial("endless" if asleep else "undecided")
    signalled = os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0
    if signalled == signal.SIGXCPU or (signalled == signal.SIGKILL and used.ru_utime + used.ru_stime >= allowed):
        return Trial("endless" if task["clocked"] else "undecided")
    if signalled == signal.SIGKILL:  # by the system, which is short of memory
        return Trial("undecided")
    if not signalled and os.WEXITSTATUS(status) in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return Trial("survived")
    failed = signalled or os.WEXITSTATUS(status) == pytest.ExitCode.TESTS_FAILED
    assert failed or functions is None, log.read_text()  # at import, what loads the tests may fail too
    return Trial("killed", by)


class _Sleep:
    """Whether a process and all that it has started only wait for something, and not for the processor."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._looked = time.monotonic()
        self._awake: deque[bool] = deque(maxlen=_ASLEEP_S)

    def is_deep(self) -> bool:
        """Whether hardly a look in the last minute, of one a second, met one of them at work or kept from it."""
        if time.monotonic() - self._looked >= 1:
            self._looked = time.monotonic()
            self._awake.append(any(map(processes.wants_cpu, processes.family(self._pid))))
        return len(self._awake) == _ASLEEP_S and sum(self._awake) <= _ASLEEP_S // 20


def _be_tested(
    task: dict[str, object], functions: swap.Functions | None, log: Path, culprit: Path, temporary: Path, seconds: int
) -> None:
    code = 70
    try:
        os.setsid()
        output = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        for descriptor in (1, 2):
            os.dup2(output, descriptor)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
        resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_FSIZE, (FILE_BYTES, FILE_BYTES))
        os.environ["TMPDIR"] = str(temporary)
        os.environ[SEEDS] = str(task["seeds"])
        path = str(task["path"])
        if functions is not None and path:
            functions.swap(path, str(task["before"]), Path(path).read_text("utf-8"))
        tests = task["tests"]
        assert isinstance(tests, list)
        code = int(pytest.main([*_options(), *tests], plugins=[_EndsAtOnce(culprit)]))
        sys.stdout.flush()
    except BaseException as error:  # the process ends at once, so nothing else would report it
        print(repr(error), file=sys.stderr, flush=True)
    finally:
        os._exit(code)


class _EndsAtOnce:
    """Ends the process at the first test that fails, or cannot be imported."""

    def __init__(self, culprit: Path) -> None:
        self._culprit = culprit

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            self._culprit.write_text(report.nodeid)
            self._end(report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if report.failed:
            self._end(report)

    @staticmethod
    def _end(report: pytest.TestReport | pytest.CollectReport) -> None:
        print(report.nodeid, report.longreprtext, flush=True)
        os._exit(pytest.ExitCode.TESTS_FAILED)


if __name__ == "__main__":
    serve("loaded" in sys.argv)
