from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

import search
from search import Query
from tests import waiting
from tests.indexer.hostile import FILES

MEASURED = """
import resource, sys
from pathlib import Path
from indexer.safe import limits
from indexer import readers
from indexer.workers import work
from indexer.archive.walk import walk
from tests import waiting

for form in readers.FORMATS:
    readers.ready(form)
(file,) = walk([Path(sys.argv[1])], "c")
limit = limits.seconds(0)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
kinds = []
taken = waiting.cpu_once(
    lambda: kinds.extend(type(found).__name__ for batch in work.read(work.Unit(((0, file),), {})) for found in batch)
)
print(taken / limit, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024, *kinds)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Hostile files, and a good one beside each."""
    place = tmp_path_factory.mktemp("hostile")
    for name, make in FILES.items():
        (place / name).write_bytes(make())
        (place / f"{name}-good.txt").write_text(f"---\nid: good-{name}\n---\nGood\n\nText of {name}.", "utf-8")
    return place


@pytest.mark.parametrize("name", FILES)
def test_a_hostile_file_is_read_or_refused_within_the_limits(name: str, folder: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", MEASURED, str(folder / name)],
        capture_output=True,
        text=True,
        timeout=waiting.HANG_S,
        check=True,
    )
    share, megabytes, *kinds = run.stdout.split()

    assert float(share) < 1
    assert float(megabytes) < 300
    assert kinds[-1] == "FileEnd"
    assert len(kinds) > 1
    if name in ("line.jsonl", "zeros.jsonl"):
        assert kinds == ["Unreadable", "ArticleRead", "FileEnd"]


@pytest.mark.parametrize("workers", [1, 2])
def test_the_good_records_around_hostile_files_are_indexed(workers: int, folder: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "service", "index", str(tmp_path / "idx"), str(folder), "--json"]
    run = subprocess.run([*command, "--workers", str(workers)], capture_output=True, timeout=waiting.HANG_S, check=True)
    with search.open(tmp_path / "idx") as engine:
        ids = {article.id for article in engine.export(Query())}

    assert {f"good-{name}" for name in FILES} | {"after", "z"} <= ids
    assert all(entry["reason"] for entry in json.loads(run.stdout)["skipped"])
