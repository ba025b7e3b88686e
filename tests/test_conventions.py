"""How tests are written: they wait and measure through `tests.waiting`, and each says what it asserts."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator

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

OF_ALL = re.compile(r"setattr\(\s*(?:[\"'](?:[\w.]+\.)?time\.\w+[\"']|(?:\w+\.)*time,|[\w.]+, [\"']time[\"'])")
"""A clock put in the place of the whole process's, which other threads read, too."""

TIME = re.compile(r"time\b")
"""What a module has that reads a clock; others are not walked in search of it."""


def of_clocks(module: ast.Module) -> list[str]:
    """The calls in a module that read a clock of the system, or sleep."""
    return [
        f"{node.lineno}: {ast.unparse(node)}"
        for node in ast.walk(module)
        if (isinstance(node, ast.ImportFrom) and node.module == "time")
        or (
            isinstance(node, ast.Call)
            and isinstance(name := node.func, ast.Attribute)
            and isinstance(name.value, ast.Name)
            and (name.value.id, name.attr in CLOCKS) == ("time", True)
        )
    ]


def without_assertion(module: ast.Module) -> list[str]:
    """The tests of a module, and the helpers that are named as if they asserted, in which nothing does."""
    functions = _functions(module.body)
    return [one.name for one in functions if re.match(r"test_|assert_|check(?:_|$)", one.name) and not _asserts(one)]


def _functions(statements: Iterable[ast.AST]) -> Iterator[ast.FunctionDef]:
    """The functions among statements and in them; expressions, which have none, are passed over."""
    for statement in statements:
        if isinstance(statement, ast.FunctionDef):
            yield statement
        for part in ("body", "handlers", "orelse", "finalbody", "cases"):
            yield from _functions(getattr(statement, part, ()))


def of_pages_at_once(module: ast.Module) -> list[str]:
    """The assertions about how many elements a page has at this moment, when it may still be on its way."""
    return [
        f"{node.lineno}: {ast.unparse(call)}"
        for node in ast.walk(module)
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


def faults(source: str) -> dict[str, list[str]]:
    """What a module does that none should, with what to do instead."""
    module = ast.parse(source)
    found = {
        "read no clock, but wait through tests.waiting": of_clocks(module) if TIME.search(source) else [],
        "have no deadline but that of tests.waiting": [match[0] for match in HURRIED.finditer(source)],
        "put a clock into one module alone, by waiting.put_clocks": [match[0] for match in OF_ALL.finditer(source)],
        "write expect(…).to_have_count(…)": of_pages_at_once(module) if ".count()" in source else [],
        "say what it asserts": without_assertion(module),
    }
    return {what: lines for what, lines in found.items() if lines}


def test_tests_wait_through_one_module_and_say_what_they_assert() -> None:
    found = {str(path.relative_to(ROOT)): faults(path.read_text("utf-8")) for path in TESTS if path.name not in MAY}

    assert {name: what for name, what in found.items() if what} == {}


@pytest.mark.parametrize("line", [
    "time.sleep(1)", "began = time.monotonic()", "from time import sleep", "assert page.locator('li').count() == 1",
    "done.wait(timeout=5)", 'patch.setattr("search.budget.time.sleep", slept)',
    "patch.setattr(budget.time, 'sleep', slept)", "patch.setattr('time.sleep', slept)",
    "patch.setattr(budget, 'time', mine)", "def test_x(): run()", "def check_y(): pass",
])  # fmt: skip
def test_a_fault_is_noticed(line: str) -> None:
    assert len(faults(line)) == 1


def test_what_is_in_order_is_left_alone() -> None:
    assert faults("assert 'abc'.count('a') == 1\ndef test_z(): check_y()") == {}
