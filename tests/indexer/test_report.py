"""A report stays small, in order and complete in its counts, whatever an archive holds."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import mkdtemp

import search
from indexer import pipeline
from indexer.pipeline import Options, Report
from indexer.report import MOST_REASONS, MOST_SKIPPED, OTHER, kind_of
from tests import waiting
from tests.cases import cases

ROOT = Path(__file__).parent.parent.parent


def run(place: Path, *paths: Path, workers: int = 1) -> Report:
    with search.writer(place) as writer:
        return pipeline.index(writer, list(paths), Options(place=place, workers=workers))


def ones(folder: Path, count: int) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "ones.json").write_text("[" + ",".join(["1"] * count) + "]", "utf-8")
    return folder


@cases("count", [0, 1, 99, 100, 101, 250])
def test_a_hundred_warnings_are_named(count: int) -> None:
    report = Report()
    for number in range(count):
        report.warn("a.csv", number, "Odd.")

    assert [entry.line for entry in report.warnings] == list(range(min(count, 100)))
    assert report.skipped_count == 0


def test_of_many_problems_the_first_are_named_and_all_are_counted(amount: Callable[..., int], tmp_path: Path) -> None:
    count = amount(50_000, few=5_000)
    archive = ones(tmp_path / "in", count)
    for workers in range(1, 1 + amount(2, few=1)):
        first, again = (run(tmp_path / f"{workers}.idx", archive, workers=workers) for _ in range(2))

        assert (first.skipped_count, len(first.skipped)) == (count, MOST_SKIPPED)
        assert first.skipped[0].reason == "Record 1: It is not a JSON object: it is a number, “1”."
        assert first.reasons == {"Record …: It is not a JSON object: it is a number, ….": count}
        assert (again.skipped_count, again.reasons, again.skipped) == (count, first.reasons, first.skipped)


def test_time_is_linear_in_the_number_of_problems(tmp_path: Path, amount: Callable[..., int]) -> None:
    def running(count: int) -> Callable[[], object]:
        place = Path(mkdtemp(dir=tmp_path))
        archive = ones(place / "in", count)
        return lambda: [run(place / "idx", archive) for _ in range(2)]

    few = amount(10_000, few=1_000)
    assert waiting.grows_less(8, running, few, 4 * few)  # four times as many; the commit costs the same


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


ROOMS = ("archive", "readers", "safe", "workers")
COMPARING = re.compile("than|instead of|of its")


def numbers(text: ast.JoinedStr) -> Iterator[str]:
    """What a text has as a number: with separators of thousands, or the length of something."""
    for part in text.values:
        if isinstance(part, ast.FormattedValue) and not isinstance(part.value, ast.IfExp):
            written = ast.unparse(part.value)
            if (part.format_spec is not None and "," in ast.unparse(part.format_spec)) or written.startswith("len("):
                yield written


def test_a_reason_says_in_words_how_its_numbers_compare() -> None:
    """Reasons are counted by their words: what differs in numbers alone is one."""
    for module in (path for room in ROOMS for path in (ROOT / "indexer" / room).rglob("*.py")):
        for node in ast.walk(ast.parse(module.read_text("utf-8"))):
            if isinstance(node, ast.JoinedStr) and len(list(numbers(node))) > 1:
                assert COMPARING.search(ast.unparse(node)), f"{module}:{node.lineno}"
