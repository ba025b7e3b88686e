"""Fixtures: the archive in `seeds/`, indexed once, and what answers from it."""

from __future__ import annotations

import fcntl
import gc
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Generator, Iterator
from contextlib import ExitStack
from contextvars import copy_context
from pathlib import Path
from typing import Any

import falcon.testing
import hypothesis
import pytest
from _pytest.runner import runtestprotocol
from coverage import Coverage
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

import search
from indexer import pipeline
from search.engine import Engine
from service.archive import Archive
from service.server.app import create_app
from service.settings import Settings
from tests import collecting, costs, hangs, parts, progress, tiers

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
SHARED = ROOT.parent / "shared"
GOLD = ROOT / "tests" / "gold"

hypothesis.settings.register_profile("patient", deadline=None, suppress_health_check=tiers.UNCHECKED)
hypothesis.settings.register_profile(
    "quick", deadline=None, derandomize=True, database=None, suppress_health_check=tiers.UNCHECKED,
    phases=[hypothesis.Phase.explicit, hypothesis.Phase.generate],
)  # fmt: skip
hypothesis.settings.load_profile("quick" if os.environ.get("DATELINE_TESTS_QUICK") else "patient")
"""`make mutants` asks only if a test fails, not for the smallest example."""

_HOME = tempfile.TemporaryDirectory(prefix="dateline-")
os.environ["XDG_DATA_HOME"] = _HOME.name
os.environ.pop("DATELINE_DESK", None)
"""Where the desk of an index in a cluster is: not in the home directory of whoever runs the tests."""

MEMORY = Path("/dev/shm")
ROOM = 3 * 2**30
SEEDS_INDEX = "DATELINE_TESTS_SEEDS"
"""Names an index of `seeds/` to copy, where `make mutants` knows that it would be the same."""
PATIENT = Settings(time_budget_ms=600_000, offers_ms=600_000)
"""A busy machine leaves nothing out."""
ALLOWED_SKIPS = ("the evaluation data are not beside the project",)
"""Why a test may be skipped where `CI` is set; any other skip fails the run there."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """What the Makefile says of a run."""
    parser.addoption("--tier", choices=tiers.TIERS, help="make test (the default), what make check adds, or all")
    parser.addoption("--progress", action="store_true", help="a line now and then instead of a dot for each test")
    parser.addoption("--costs", type=Path, metavar="FILE", help="keep what each test takes in a file")


@pytest.hookimpl(trylast=True)
def pytest_configure(config: pytest.Config) -> None:
    """Give each process its part: one that runs tests watches and measures them, the first one tells."""
    tiers.configure(config)
    if config.getoption("tier") == "test":
        _use_memory()
    worker: dict[str, Any] = getattr(config, "workerinput", {})
    config.pluginmanager.register(parts.LeavesOut())
    if worker:
        number = int(worker["workerid"].removeprefix("gw"))
        config.pluginmanager.register(collecting.Apart(number, worker["workercount"]))
    if worker or not getattr(config.option, "numprocesses", None):
        gc.disable()
        config.pluginmanager.register(hangs.Watch())
        config.pluginmanager.register(costs.Meter(limited=config.getoption("tier") == "test"))
    if not worker:
        config.pluginmanager.register(costs.Till(config.getoption("costs")))
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        if config.getoption("progress") and terminal is not None:
            config.pluginmanager.register(progress.Progress(terminal))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """In CI, a skip without a listed reason is a failure."""
    report = yield
    if report.skipped and os.environ.get("CI") and isinstance(report.longrepr, tuple):
        reason = report.longrepr[2].removeprefix("Skipped: ")
        if not reason.startswith(ALLOWED_SKIPS):
            report.outcome = "failed"
            report.longrepr = f"skipped without a listed reason: {reason}"
    return report


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_protocol(item: pytest.Item, nextitem: pytest.Item | None) -> bool:
    """Have each test begin as the operator, in English: a request of one before it set both for its thread."""
    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
    copy_context().run(runtestprotocol, item, nextitem=nextitem)
    item.ihook.pytest_runtest_logfinish(nodeid=item.nodeid, location=item.location)
    return True


def _use_memory() -> None:
    """Have the files of tests in memory, where it has room: thousands of small indexes mostly waited for a disk."""
    if MEMORY.is_dir() and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)


SHARING = ("tests/opensearch/", "tests/browser/", "tests/service/server/")
"""Folders whose tests share a cluster, a browser or a server: of several processes (`-n`), one runs them all."""
LONGEST = (
    *SHARING,
    "tests/service/commands/", "tests/service/test_fuzz.py",
    "tests/service/test_taken_down.py", "tests/service/desk/alerts/", "tests/service/page/test_search.py",
    "tests/indexer/workers/test_crew.py", "tests/indexer/enrich/test_quality.py", "tests/test_contributing.py",
    "tests/test_wheel.py", "tests/test_examples.py", "tests/test_example_programs.py", "tests/test_notebooks.py",
    "tests/service/html/test_code.py", "tests/search/test_properties.py", "tests/search/contract/",
    "tests/indexer/test_whole_archive.py",
)  # fmt: skip
"""Run first, so that no process is left with one of them when the others have ended."""
WAITING = ("tests/reliability/", "tests/security/")
"""Run among the others, which compute while these wait for a disk or another process."""


class ByFile(LoadScopeScheduling):
    """Gives each process a whole file of tests at a time, in the order in which they were collected."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return next((folder for folder in SHARING if file.startswith(folder)), file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByFile:
    """How tests are spread over the processes of `-n`."""
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Coverage measures the processes of `-n`, which run by now, and not the many that tests start.

    Its lock goes: limits of time raise in a signal handler, and where that happens inside the tracer the lock would
    never be released. All it guards is the dictionary of files, which no thread replaces.

    Where Ctrl-C is ignored, as it is for what a script runs in the background, the processes that tests start and
    interrupt would ignore it as well.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("COVERAGE_PROCESS_CONFIG", None)
    measuring = Coverage.current()
    if measuring is not None and measuring._collector is not None:
        measuring._collector.data_lock = None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Only what is of the tier: the files that take longest first, then those that wait, evenly among the others."""
    tiers.select(config, items)
    files = [*dict.fromkeys(item.nodeid.partition("::")[0] for item in items)]
    places: dict[str, tuple[int, float]] = {}
    for waiting in (True, False):
        among = [file for file in files if file.startswith(WAITING) is waiting]
        for number, file in enumerate(among):
            first = next((n for n, name in enumerate(LONGEST) if file.startswith(name)), len(LONGEST))
            places[file] = (first, number / len(among))
    items.sort(key=lambda item: places[item.nodeid.partition("::")[0]])


def pytest_collection_finish() -> None:
    """Look for no garbage in what was collected, nor before: it stays, and made that and each test dearer."""
    gc.freeze()
    gc.enable()


@pytest.fixture
def amount() -> Callable[..., int]:
    """How many cases to make: `amount(500)`; fewer in `make test` than in `make check`."""
    return tiers.amount


@pytest.fixture(scope="session")
def seeds_index(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """The index of `seeds/`: made once for the processes of a run, and a copy for each."""
    own = tmp_path_factory.getbasetemp()
    folder = own.parent if hasattr(pytestconfig, "workerinput") else own
    made = Path(os.environ.get(SEEDS_INDEX) or folder / "seeds.idx")
    with (folder / "seeds.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not made.exists():
            index_seeds(folder / "unfinished.idx")
            (folder / "unfinished.idx").rename(made)
    return Path(shutil.copytree(made, tmp_path_factory.mktemp("seeds") / "seeds.idx"))


def index_seeds(place: Path) -> None:
    """Write the index of `seeds/`."""
    with search.writer(place) as writer:
        report = pipeline.index(writer, [SEEDS], pipeline.Options(collection="seeds", workers=2))
    assert report.added >= 120


@pytest.fixture(scope="session")
def engine(seeds_index: Path) -> Iterator[Engine]:
    """An engine over `seeds/`."""
    with search.open(seeds_index) as opened:
        yield opened


@pytest.fixture(scope="session")
def client(seeds_index: Path) -> Iterator[falcon.testing.TestClient]:
    """A client of the application over `seeds/`."""
    with Archive(str(seeds_index)) as archive:
        yield falcon.testing.TestClient(create_app(archive, PATIENT))


@pytest.fixture
def serve() -> Iterator[Callable[[Path], falcon.testing.TestClient]]:
    """Makes a client of the application over any index."""
    with ExitStack() as stack:
        yield lambda place: falcon.testing.TestClient(create_app(stack.enter_context(Archive(str(place))), PATIENT))


@pytest.fixture(scope="session")
def gold() -> list[dict[str, Any]]:
    """What a person found in each report of `seeds/`."""
    lines = [line for file in sorted(GOLD.glob("seeds-[12]*.jsonl")) for line in file.read_text("utf-8").splitlines()]
    return [json.loads(line) for line in lines]


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of evaluation data beside the project."""
    if not SHARED.is_dir():
        pytest.skip("the evaluation data are not beside the project")
    return SHARED
