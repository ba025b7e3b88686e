"""Which tests are run for a line, and how many."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from tests.cases import cases
from tests.mutants import selection
from tests.mutants.selection import Selection, cost_of
from tests.mutants.trial import Limits, chosen

INDEX = {"seeds_index": 4.0}


def test_what_tests_share_is_made_once() -> None:
    tests = [selection.Test("a", 1.0, INDEX), selection.Test("b", 1.0, INDEX), selection.Test("c", 1.0)]

    assert [test.alone for test in tests] == [5.0, 5.0, 1.0]
    assert cost_of(tests) == 7.0


@cases(
    "tests, seconds, names",
    [(100, 6.0, "ab"), (100, 5.5, "ac"), (100, 7.0, "abc"), (2, 7.0, "ab"), (100, 0.1, "a")],
)
def test_as_many_are_chosen_as_there_is_time_for_and_one_at_least(tests: int, seconds: float, names: str) -> None:
    found = [selection.Test("a", 1.0, INDEX), selection.Test("b", 1.0, INDEX), selection.Test("c", 0.5)]

    assert "".join(test.name for test in chosen(found, Limits(tests, seconds))) == names


@pytest.fixture
def recorded(tmp_path: Path) -> Selection:
    files = {
        "service/page.py": "def drawn():\n    return 1\n",
        "tests/service/test_page.py": "",
        "tests/service/test_api.py": "",
        "tests/indexer/test_page.py": "",
        "tests/test_docs.py": "",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    lines: dict[str, dict[int, set[str]]] = defaultdict(lambda: defaultdict(set))
    tests = [
        selection.Test("tests/service/test_page.py::test_a[1]", 9.0),
        selection.Test("tests/service/test_page.py::test_a[2]", 0.1),
        selection.Test("tests/service/test_api.py::test_b", 0.1),
        selection.Test("tests/service/test_api.py::test_c", 0.2),
        selection.Test("tests/indexer/test_page.py::test_d", 0.3),
        selection.Test("tests/service/test_page.py::test_elsewhere", 0.1),
    ]
    for test in tests[:-1]:
        lines["service/page.py"][2].add(test.name)
    return Selection(tmp_path, lines, {test.name: test for test in tests})


def test_those_named_after_the_module_come_first_and_one_of_each_file_before_a_second(recorded: Selection) -> None:
    assert [test.name.partition("/")[2] for test in recorded.tests("service/page.py", 2)] == [
        "service/test_page.py::test_a[2]",
        "service/test_page.py::test_a[1]",
        "service/test_api.py::test_b",
        "indexer/test_page.py::test_d",
        "service/test_api.py::test_c",
    ]


def test_of_a_line_that_none_is_seen_to_execute_those_named_after_its_module_are_run(recorded: Selection) -> None:
    recorded.executed["service/page.py"].clear()

    assert {test.name.partition("/")[2] for test in recorded.tests("service/page.py", 2)} == {
        "service/test_page.py::test_a[1]", "service/test_page.py::test_a[2]", "service/test_page.py::test_elsewhere",
    }  # fmt: skip
