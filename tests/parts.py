"""What tests need and pip does not bring: Chromium, Mirador, nodes of OpenSearch, a server of PostgreSQL, Tesseract,
R, a model of meaning.

Where one cannot be had, because nobody may install packages or Maven is missing, the tests that need it are left out,
and the run says so at its beginning and end. In CI they run, and fail.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import dataclass

import pytest

from benchmarks.minilm import FILE
from tests.browser.mirador import SCRIPT
from tests.desk.store.postgresql import programs
from tests.opensearch.cluster import MADE
from tests.waiting import HANG_S

_BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser")


def chromium() -> str | None:
    """The path of the browser: the one that `CHROMIUM` names, or as the system has it."""
    return next(filter(None, map(shutil.which, filter(None, (os.environ.get("CHROMIUM"), *_BROWSERS)))), None)


def _has_node() -> bool:
    running = "DATELINE_TEST_CLUSTER" in os.environ
    return running or (shutil.which("java") is not None and (MADE / "classes" / "Launch.class").is_file())


def _has_r() -> bool:
    asked = ["Rscript", "-e", 'find.package(c("httr2", "jsonlite"))']
    return (
        shutil.which("Rscript") is not None
        and subprocess.run(asked, capture_output=True, timeout=HANG_S).returncode == 0
    )


@dataclass(frozen=True)
class Part:
    """Something that tests need.

    Attributes:
        name: as a sentence has it.
        tests: the beginnings of the names of those that need it.
        way: how to get it.
        is_here: whether it can be used.
    """

    name: str
    tests: tuple[str, ...]
    way: str
    is_here: Callable[[], bool]


PARTS = (
    Part(
        "a Chromium",
        ("tests/browser/",),
        "install the package chromium-headless-shell or chromium, or name one in CHROMIUM=/path",
        lambda: chromium() is not None,
    ),
    Part(
        "a Mirador",
        ("tests/browser/test_mirador.py",),
        "install the package npm, then: make mirador",
        SCRIPT.is_file,
    ),
    Part(
        "a node of OpenSearch",
        ("tests/opensearch/",),
        "install the packages maven and openjdk-17-jdk-headless, then: make opensearch",
        _has_node,
    ),
    Part(
        "a server of PostgreSQL",
        ("tests/desk/store/",),
        "install the package postgresql",
        lambda: programs() is not None,
    ),
    Part(
        "a Tesseract with Poppler",
        ("tests/indexer/ocr/",),
        "install the packages tesseract-ocr and poppler-utils",
        lambda: all(map(shutil.which, ("tesseract", "pdftoppm"))),
    ),
    Part(
        "an R with httr2",
        ("tests/service/html/test_code.py::test_r_",),
        "install the packages r-base-core, r-cran-httr2 and r-cran-jsonlite",
        _has_r,
    ),
    Part(
        "a model of meaning",
        (
            "tests/search/meaning/test_meaning.py",
            "tests/search/contract/test_meaning.py",
            "tests/service/test_meaning.py",
        ),
        "install the package maven, then: make minilm",
        FILE.is_file,
    ),
)


def missing() -> list[Part]:
    """What is not here."""
    return [part for part in PARTS if not part.is_here()]


class LeavesOut:
    """A plugin that leaves out the tests of parts that are missing, and says so at the beginning and the end."""

    def __init__(self) -> None:
        self._missing = missing()

    def pytest_sessionstart(self, session: pytest.Session) -> None:
        """Say what is left out before anything runs, also where pytest is to be quiet."""
        terminal = session.config.pluginmanager.get_plugin("terminalreporter")
        if terminal is not None and not hasattr(session.config, "workerinput"):
            self.pytest_terminal_summary(terminal)

    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what cannot run."""
        named = tuple(name for part in self._missing for name in part.tests)
        if named and not os.environ.get("CI"):
            left_out = [item for item in items if item.nodeid.startswith(named)]
            config.hook.pytest_deselected(items=left_out)
            items[:] = [item for item in items if not item.nodeid.startswith(named)]

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What was left out, where the result is read."""
        for part in self._missing:
            terminalreporter.write_line(self._said(part), yellow=True)

    @staticmethod
    def _said(part: Part) -> str:
        what = "fail" if os.environ.get("CI") else "are left out"
        return f"There is no {part.name.partition(' ')[2]}: {', '.join(part.tests)} {what}. To have it, {part.way}."
