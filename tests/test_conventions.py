"""How tests are written: they wait and measure through `tests.waiting`, and each says what it asserts."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable

import pytest

from tests.conftest import ROOT

TESTS = sorted(path for path in (ROOT / "tests").rglob("*.py") if path.parent.name != "mutants")
"""Without the tool that tries mutations, whose subject is how long tests take."""
CLOCKS = {"sleep", "monotonic", "perf_counter", "process_time", "thread_time", "time"}
MAY = {"waiting.py", "test_waiting.py", "test_conventions.py", "hangs.py", "costs.py", "progress.py"}
"""The modules that wait and measure, and this one."""
ASSERTING = re.compile(
    r"(?:.*\.)?(?:assert|check)(?:_\w+)?|pytest\.(?:raises|fail|warns|skip)|expect|waiting\.(?:until|answered)"
)
"""Calls by which a test may assert: ours that are named so, and those of libraries and of `tests.waiting`."""
HURRIED = re.compile(
    r"\btimeout=\d+(?![\ds]*&)|(?:monotonic|perf_counter|time\.time)\(\) \+ \d|\.(?:join|wait)\(\d|"
    r"create_connection\(\([^()]*(?:\([^()]*\)[^()]*)*\), \d|HTTPConnection\([^()]*timeout=\d|range\(\d{3,}\):\s+try:"
)
"""A deadline of its own in a test, which a busy machine meets where nothing is wrong."""


def of_clocks(source: str) -> list[str]:
    """The calls in a module that read a clock of the system, or sleep."""
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Call)
        and isinstance(name := node.func, ast.Attribute)
        and ast.unparse(name.value) == "time"
        and name.attr in CLOCKS
    ] + [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.ImportFrom) and node.module == "time"
    ]


def without_assertion(source: str) -> list[str]:
    """The tests of a module, and the helpers that are named as if they asserted, in which nothing does."""
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    return [one.name for one in functions if re.match(r"test_|assert_|check(?:_|$)", one.name) and not _asserts(one)]


def of_pages_at_once(source: str) -> list[str]:
    """The assertions about how many elements a page has at this moment, when it may still be on its way."""
    return [
        f"{node.lineno}: {ast.unparse(call)}"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Assert)
        for call in ast.walk(node)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr == "count"
        and not call.args
    ]


def _asserts(function: ast.FunctionDef) -> bool:
    return any(
        isinstance(node, ast.Assert)
        or (isinstance(node, ast.Call) and ASSERTING.fullmatch(ast.unparse(node.func)) is not None)
        for node in ast.walk(function)
    )


def each(found: Callable[[str], list[str]]) -> dict[str, list[str]]:
    """What is found in the modules of the tests, by name, where there is anything."""
    named = {str(path.relative_to(ROOT)): found(path.read_text("utf-8")) for path in TESTS if path.name not in MAY}
    return {name: lines for name, lines in named.items() if lines}


def test_only_waiting_reads_a_clock_or_sleeps() -> None:
    assert each(of_clocks) == {}


def test_no_test_has_a_deadline_but_that_of_waiting() -> None:
    assert each(lambda source: [match[0] for match in HURRIED.finditer(source)]) == {}


def test_no_test_counts_the_elements_of_a_page_that_may_still_load() -> None:
    assert each(of_pages_at_once) == {}, "write expect(…).to_have_count(…)"
    assert of_pages_at_once("assert page.locator('li').count() == 1") == ["1: page.locator('li').count()"]
    assert of_pages_at_once("assert 'abc'.count('a') == 1") == []


def test_every_test_says_what_it_asserts() -> None:
    assert each(without_assertion) == {}


@pytest.mark.parametrize("line", ["time.sleep(1)", "began = time.monotonic()", "from time import sleep"])
def test_a_clock_is_noticed(line: str) -> None:
    assert len(of_clocks(line)) == 1


def test_a_test_without_an_assertion_is_noticed() -> None:
    assert without_assertion("def test_x(): run()\ndef check_y(): pass\ndef test_z(): check_y()") == [
        "test_x",
        "check_y",
    ]
