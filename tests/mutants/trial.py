"""One mutant, and the tests that should notice it, in a process that is forked for it.

What is forked runs in the copy of the tree: `python -m tests.mutants.trial`. It has everything imported, and the fork
is given the changed functions in place of those it has (see `swap`). A change to what runs at import, or to what is
compiled, takes a fork that has only the libraries, and imports the changed file: some seconds more. Either leads a
group of processes that is ended with it, may use some memory and processor time and no more, and has its temporary
files in a folder of its own.
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
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pytest

from tests.mutants import swap
from tests.mutants.selection import PACKAGES_OF_TESTS, Test
from tests.mutants.tree import Tree

LIBRARIES = (
    "numpy", "numba", "whoosh.index", "falcon.testing", "orjson", "jinja2", "click.testing", "rich.console",
    "zstandard", "Stemmer", "ahocorasick", "py3langid", "lxml.html", "babel", "trafilatura", "htmldate",
    "prometheus_client", "pyarrow", "hypothesis", "gunicorn.app.base", "schemathesis.pytest.plugin", "xdist.plugin",
)  # fmt: skip
MEMORY_BYTES = 6 << 30
FILE_BYTES = 1 << 30
OPTIONS = ("-q", "-x", "-p", "no:cacheprovider", "-W", "ignore::pytest.PytestAssertRewriteWarning")
"""Of pytest, to which it is news that modules are imported already."""
COMPILED = "search/local/kernels/"
"""Where a change is compiled before it has any effect, with all other kernels."""
COMPILING_S = 120
_LOOK_EVERY_S = 0.05

Outcome = Literal["killed", "timeout", "survived", "no test"]


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
    for test in tests[: limits.tests]:
        if found and sum(one.cost for one in found) + test.cost > limits.seconds:
            break
        found.append(test)
    return found


class Bench:
    """The processes that are forked, in a tree; each is started when it is first needed."""

    def __init__(self, tree: Tree, folder: Path) -> None:
        self._tree = tree
        self._folder = folder
        self._started: dict[bool, subprocess.Popen[str]] = {}

    def run(self, path: str, source: str, tests: Sequence[Test]) -> Outcome:
        """Run tests with another source in the place of a file; without, they pass."""
        if not tests:
            return "no test"
        before = (self._tree.path / path).read_text("utf-8")
        at_once = not path.startswith(COMPILED) and swap.changed(path, before, source) is not None
        seconds = sum(test.cost for test in tests) + (COMPILING_S if path.startswith(COMPILED) else 0)
        with self._tree.changed(path, source):
            task = {
                "path": path,
                "before": before,
                "tests": [test.name for test in tests],
                "seconds": seconds,
                "folder": str(self._folder),
            }
            server = self._server(at_once)
            assert server.stdin is not None
            assert server.stdout is not None
            server.stdin.write(json.dumps(task) + "\n")
            server.stdin.flush()
            outcome: Outcome = json.loads(server.stdout.readline())
        return outcome

    def _server(self, loaded: bool) -> subprocess.Popen[str]:
        if loaded not in self._started:
            command = [sys.executable, "-m", "tests.mutants.trial", *(["loaded"] if loaded else [])]
            self._started[loaded] = subprocess.Popen(
                command, cwd=self._tree.path, env=self._tree.environment(), text=True,
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
            assert pytest.main([*OPTIONS, "--collect-only", *PACKAGES_OF_TESTS]) == 0
    functions = swap.Functions() if loaded else None
    gc.collect()
    gc.freeze()  # a fork that looks for garbage would copy all that was loaded
    for line in sys.stdin:
        told.write(json.dumps(_tried(json.loads(line), functions)) + "\n")


def _tried(task: dict[str, object], functions: swap.Functions | None) -> Outcome:
    folder, seconds = Path(str(task["folder"])), float(str(task["seconds"]))
    temporary = folder / "tmp"
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir(parents=True)
    child = os.fork()
    if not child:
        _be_tested(task, functions, folder / "log.txt", temporary, int(20 + 5 * seconds))
    until = time.monotonic() + 120 + 30 * seconds
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended or time.monotonic() > until:
            break
        time.sleep(_LOOK_EVERY_S)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(child, signal.SIGKILL)
    if not ended:
        os.waitpid(child, 0)
    shutil.rmtree(temporary, ignore_errors=True)
    if not ended or (os.WIFSIGNALED(status) and os.WTERMSIG(status) in (signal.SIGXCPU, signal.SIGKILL)):
        return "timeout"
    if os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0:
        return "survived"
    failed = os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == pytest.ExitCode.TESTS_FAILED
    assert failed or functions is None, (folder / "log.txt").read_text()  # at import, what loads the tests may fail too
    return "killed"


def _be_tested(
    task: dict[str, object], functions: swap.Functions | None, log: Path, temporary: Path, seconds: int
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
        path = str(task["path"])
        if path.startswith(COMPILED):
            os.environ["DATELINE_KERNEL_CACHE"] = str(temporary / "kernels")
        if functions is not None:
            functions.swap(path, str(task["before"]), Path(path).read_text("utf-8"))
        tests = task["tests"]
        assert isinstance(tests, list)
        code = int(pytest.main([*OPTIONS, *tests], plugins=[_EndsAtOnce()]))
        sys.stdout.flush()
    except BaseException as error:  # the process ends at once, so nothing else would report it
        print(repr(error), file=sys.stderr, flush=True)
    finally:
        os._exit(code)


class _EndsAtOnce:
    """Ends the process at the first test that fails, or cannot be imported."""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._end(report.failed, report)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._end(report.failed, report)

    @staticmethod
    def _end(failed: bool, report: pytest.TestReport | pytest.CollectReport) -> None:
        if failed:
            print(report.nodeid, report.longreprtext, flush=True)
            os._exit(pytest.ExitCode.TESTS_FAILED)


if __name__ == "__main__":
    serve("loaded" in sys.argv)
