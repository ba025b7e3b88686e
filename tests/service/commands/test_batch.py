"""`dateline batch`."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.service.commands.running import dateline, refused

NAMES = ("moon", "John F. Kennedy", "", "quokka", "berlin wall")


@pytest.fixture
def names(tmp_path: Path) -> Path:
    file = tmp_path / "names.txt"
    file.write_text("\n".join(NAMES), "utf-8")
    return file


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(text.splitlines()[4:]))


def test_it_prints_what_a_search_finds(seeds_index: Path, names: Path) -> None:
    printed = rows(dateline("batch", seeds_index, names, "--from", "1960").stdout)
    found = json.loads(dateline("batch", seeds_index, names, "--from", "1960", "--json").stdout)

    assert [row["asked"] for row in printed] == [name for name in NAMES if name]
    assert [row["line"] for row in printed] == ["1", "2", "4", "5"]
    for row, one in zip(printed, found["rows"], strict=True):
        searched = json.loads(
            dateline("search", seeds_index, row["asked"], "--from", "1960", "--sort", "oldest", "--json").stdout
        )
        assert int(row["total"]) == one["total"] == searched["total"]
        assert row["first_id"] == (searched["hits"][0]["id"] if searched["hits"] else "")


def test_a_column_of_a_table_is_read(seeds_index: Path, tmp_path: Path) -> None:
    table = tmp_path / "people.csv"
    table.write_text('id,who\n1,moon\n2,"berlin, wall"\n', "utf-8")

    found = rows(dateline("batch", seeds_index, table, "--column", "who").stdout)
    assert [row["asked"] for row in found] == ["moon", "berlin, wall"]
    assert "There are: id, who." in refused("batch", seeds_index, table, "--column", "name")


def test_a_run_that_was_interrupted_goes_on(seeds_index: Path, names: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    dateline("batch", seeds_index, names, "-o", out)
    whole = out.read_bytes()
    head, _, _ = whole.partition(b"\r\n1,")
    for length in range(len(head) + 2, len(whole), 97):
        out.write_bytes(whole[:length])
        assert dateline("batch", seeds_index, names, "-o", out).returncode == 0
        assert out.read_bytes() == whole


def test_a_file_of_another_batch_is_not_continued(seeds_index: Path, names: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.csv"
    dateline("batch", seeds_index, names, "-o", out)
    names.write_text("moon\nsun", "utf-8")

    assert "the answers to another batch" in refused("batch", seeds_index, names, "-o", out)


def test_lines_that_are_not_utf_8_are_refused(seeds_index: Path, tmp_path: Path) -> None:
    (tmp_path / "names.txt").write_bytes("Müller".encode("latin-1"))

    assert "not UTF-8 at byte 1" in refused("batch", seeds_index, tmp_path / "names.txt")
