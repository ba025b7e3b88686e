"""`dateline export`: every match, into a file, a spreadsheet or a pipe."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.service.commands.running import dateline


def test_export_gives_every_match_newest_first(seeds_index: Path) -> None:
    run = dateline("export", seeds_index, "berlin", "--country", "DE")
    found = [json.loads(line) for line in run.stdout.splitlines()]
    total = json.loads(dateline("search", seeds_index, "berlin", "--country", "DE", "--json").stdout)["total"]
    days = [article["published"] for article in found if article["published"]]

    assert len(found) == total > 1
    assert days == sorted(days, reverse=True)
    assert all(article["text"] for article in found)


def test_csv_is_safe_for_a_spreadsheet(tmp_path: Path) -> None:
    (tmp_path / "evil.jsonl").write_text(
        json.dumps({"id": "a", "title": '=HYPERLINK("x")', "text": '+1, "two"\n\nlines', "person": ["@x", "Bo"]}),
        "utf-8",
    )
    dateline("index", tmp_path / "idx", tmp_path / "evil.jsonl")
    heading, row = csv.reader(io.StringIO(dateline("export", tmp_path / "idx", "--format", "csv").stdout))
    record = dict(zip(heading, row, strict=True))

    assert record["title"] == '\'=HYPERLINK("x")'
    assert record["text"] == '\'+1, "two"\n\nlines'
    assert record["person"] == "'@x; Bo"


def test_export_of_nothing_exits_1(made: Path) -> None:
    assert dateline("export", made, "zebra").returncode == 1
