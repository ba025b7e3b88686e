"""How fast facts are renewed from the stored texts, next to indexing the same archive.

    python -m benchmarks.renewing [../shared/data] [--articles 1000] [--workers 1]

Reports of the BBC, and synthetic ones as web pages (see `benchmarks.archive`), are indexed by the command into a new
index. Then `dateline enrich` renews all of them by rules that count as newer, although they find the same: those of
all rooms of enrichment, those of persons (and of countries, which need them), those of topics; and again when all are
up to date. An article whose facts move is written in addition, which takes what the stage “index” does.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks import archive, results
from benchmarks.ingest import bbc, write
from indexer import enrich

CASES: Sequence[tuple[str, Sequence[str]]] = (
    ("all rules", sorted(enrich.ROOMS)),
    ("rules of persons", ["persons"]),
    ("rules of topics", ["topics"]),
)
"""What counts as changed, from one version to the next: a name, and the rooms."""
_NEWER = (
    "import sys; from indexer import enrich; enrich.VERSION = sys.argv.pop(1); "
    "enrich.CHANGED = {int(enrich.VERSION): frozenset(sys.argv.pop(1).split())}; "
    "from service.commands.cli import main; main()"
)
"""The command, with newer rules: their version, and the rooms whose rules have changed."""


class Timing(NamedTuple):
    """What a command took: seconds by the clock and of CPU, and its report."""

    seconds: float
    cpu: float
    report: dict[str, Any]


def run(*arguments: object, version: str = enrich.VERSION, rooms: Sequence[str] = ()) -> Timing:
    """Run the command."""
    command = [sys.executable, "-c", _NEWER, version, " ".join(rooms), *map(str, arguments), "--json"]
    began, cpu = time.monotonic(), results.cpu_seconds()
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return Timing(time.monotonic() - began, results.cpu_seconds() - cpu, json.loads(done.stdout))


def measured(name: str, folder: Path, count: int, workers: int, sheet: results.Sheet) -> None:
    """Index an archive, and renew its facts."""
    index = folder.with_suffix(".idx")
    whole = run("index", index, folder, "--workers", workers)
    assert whole.report["added"] == count, whole.report
    _told(sheet, name, "index", count, whole, whole)
    version = int(enrich.VERSION)
    for case, rooms in CASES:
        version += 1
        renewed = run("enrich", index, "--workers", workers, version=str(version), rooms=rooms)
        assert renewed.report["unchanged"] == count, renewed.report
        _told(sheet, name, case, count, renewed, whole)
    again = run("enrich", index, "--workers", workers, version=str(version), rooms=CASES[-1][1])
    assert again.report["current"] == count, again.report
    _told(sheet, name, "up to date", count, again, whole)


def _told(sheet: results.Sheet, name: str, case: str, count: int, took: Timing, whole: Timing) -> None:
    sheet.row(
        "renewing", archive=name, case=case, articles=count, rate=count / took.seconds, cpu=count / took.cpu,
        clock_share=took.seconds / whole.seconds, cpu_share=took.cpu / whole.cpu,
    )  # fmt: skip
    print(
        f"{name:8}{case:20}{count / took.seconds:9,.0f}/s{count / took.cpu:9,.0f} a CPU second"
        f"{took.seconds / whole.seconds:8.2f}{took.cpu / whole.cpu:8.2f}",
        flush=True,
    )


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", nargs="?", type=Path, default=archive.ROOT.parent / "shared" / "data")
    parser.add_argument("--articles", type=int, default=1000, help="web pages")
    parser.add_argument("--workers", type=int, default=1)
    results.option(parser)
    chosen = parser.parse_args()
    subprocess.run([sys.executable, "-m", "service", "warm"], check=True, capture_output=True)
    sheet = results.Sheet("renewing")
    with tempfile.TemporaryDirectory() as place:
        reports = Path(place) / "bbc"
        measured("bbc", reports, write(reports, bbc(chosen.data)), chosen.workers, sheet)
        pages = Path(place) / "html"
        archive.write(pages, "html", list(archive.reports(chosen.articles)))
        measured("html", pages, chosen.articles, chosen.workers, sheet)
    sheet.keep(chosen.keep)


if __name__ == "__main__":
    main()
