"""A report stays small, in order and complete in its counts, whatever an archive holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

import search
from indexer import pipeline
from indexer.pipeline import Options, Report
from indexer.report import MOST_REASONS, MOST_SKIPPED, OTHER, kind_of
from tests import waiting

ROOT = Path(__file__).parent.parent.parent


def run(place: Path, *paths: Path, workers: int = 1) -> Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, list(paths), Options(place=place, workers=workers))


def ones(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ones.json").write_text("[" + ",".join(["1"] * count) + "]", "utf-8")
    return folder


@pytest.mark.parametrize("count", [0, 1, 99, 100, 101, 250])
def test_a_hundred_warnings_are_named(count: int) -> None:
    report = Report()
    for number in range(count):
        report.warn("a.csv", number, "Odd.")

    assert [entry.line for entry in report.warnings] == list(range(min(count, 100)))
    assert report.skipped_count == 0


@pytest.mark.parametrize("workers", [1, 2])
def test_of_many_problems_the_first_are_named_and_all_are_counted(tmp_path: Path, workers: int) -> None:
    archive = ones(tmp_path / "in", 150_000)

    report = run(tmp_path / "idx", archive, workers=workers)

    assert (report.skipped_count, len(report.skipped)) == (150_000, MOST_SKIPPED)
    assert report.skipped[0].reason == "Record 1: It is not a JSON object: it is a number, “1”."
    assert report.reasons == {"Record …: It is not a JSON object: it is a number, ….": 150_000}


def test_a_run_that_passes_over_the_file_counts_them_all_again(tmp_path: Path) -> None:
    archive = ones(tmp_path / "in", 5_000)
    first = run(tmp_path / "idx", archive)

    again = run(tmp_path / "idx", archive)

    assert (again.skipped_count, again.reasons) == (5_000, first.reasons)
    assert again.skipped == first.skipped


def test_time_is_linear_in_the_number_of_problems(tmp_path: Path) -> None:
    def running(count: int) -> Callable[[], object]:
        place = Path(mkdtemp(dir=tmp_path))
        archive = ones(place / "in", count)
        return lambda: [run(place / "idx", archive) for _ in range(2)]

    assert waiting.grows_less(8, running, 20_000, 80_000)  # four times as many; the commit costs the same


def test_the_first_are_those_of_the_archive_in_its_order(tmp_path: Path) -> None:
    for name in "cab":
        (tmp_path / "in").mkdir(exist_ok=True)
        (tmp_path / "in" / f"{name}.jsonl").write_text('{"text": "x"}\n' + "broken\n" * 700, "utf-8")

    report = run(tmp_path / "idx", tmp_path / "in")

    assert [Path(entry.path).name for entry in report.skipped] == ["a.jsonl"] * 700 + ["b.jsonl"] * 300
    assert report.skipped_count == 2_100


def test_a_good_record_behind_many_bad_ones_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text("broken\n" * 3_000 + '{"id": "x", "text": "Here."}\n', "utf-8")

    assert run(tmp_path / "idx", tmp_path / "a.jsonl").added == 1


def test_reasons_that_all_differ_are_counted_together() -> None:
    report = Report()
    for number in range(10 * MOST_REASONS):
        report.skip("a", None, "It has: " + "x" * number)

    assert len(report.reasons) == MOST_REASONS + 1
    assert sum(report.reasons.values()) == report.skipped_count == 10 * MOST_REASONS
    assert report.reasons[OTHER] > 0


def test_a_reason_is_counted_without_its_numbers_and_quotations() -> None:
    assert kind_of("Row 1,234: “a” is none.") == kind_of("Row 5: “b c” is none.") == "Row …: … is none."


COMPARING = re.compile("than|instead of|of its")


def numbers(text: ast.JoinedStr) -> Iterator[str]:
    """What a text has as a number: with separators of thousands, or the length of something."""
    for part in text.values:
        if isinstance(part, ast.FormattedValue) and not isinstance(part.value, ast.IfExp):
            written = ast.unparse(part.value)
            if (part.format_spec is not None and "," in ast.unparse(part.format_spec)) or written.startswith("len("):
                yield written


@pytest.mark.parametrize("room", ["archive", "readers", "safe", "workers"])
def test_a_reason_says_in_words_how_its_numbers_compare(room: str) -> None:
    """Reasons are counted by their words: what differs in numbers alone is one."""
    for module in (ROOT / "indexer" / room).rglob("*.py"):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and len(list(numbers(node))) > 1:
                assert COMPARING.search(ast.unparse(node)), f"{module}:{node.lineno}"
