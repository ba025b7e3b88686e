from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import search
from indexer import pipeline
from search import Query
from tests import waiting
from tests.indexer.hostile import FILES

FEW = (
    "zeros.jsonl", "laughs.xml", "quadratic.xml", "xxe.xml", "deep.json", "deep.html", "surrogates.jsonl", "tags.txt",
    "comments.html", "mixed.txt",
)  # fmt: skip
"""Those of `make test`, which are small."""
MEASURED = """
import json, os, resource, sys
from pathlib import Path
from indexer.safe import limits
from indexer import readers
from indexer.workers import work
from indexer.archive.walk import walk
from tests import waiting

for form in readers.FORMATS:
    readers.ready(form)
for name in sys.argv[2:]:
    if child := os.fork():
        os.waitpid(child, 0)
        continue
    (file,) = walk([Path(sys.argv[1], name)], "c")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    kinds = []
    taken = waiting.cpu_once(
        lambda: kinds.extend(type(one).__name__ for batch in work.read(work.Unit(((0, file),), {})) for one in batch)
    )
    megabytes = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(json.dumps([name, taken / limits.seconds(0), megabytes, kinds]), flush=True)
    os._exit(0)
"""
"""Reads each file in a process of its own, and says what that took and what was found."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("hostile")


@pytest.fixture
def names(amount: Callable[..., int], folder: Path) -> list[str]:
    """The names of hostile files, which are in the folder with a good one beside each."""
    chosen = sorted(FILES, key=lambda name: name not in FEW)[: amount(len(FILES), few=len(FEW))]
    for name in chosen:
        if not (folder / name).exists():
            (folder / name).write_bytes(FILES[name]())
            (folder / f"{name}-good.txt").write_text(f"---\nid: good-{name}\n---\nGood\n\nText of {name}.", "utf-8")
    return chosen


def test_hostile_files_are_read_or_refused_within_the_limits(names: list[str], folder: Path) -> None:
    command = [sys.executable, "-c", MEASURED, str(folder), *names]
    run = subprocess.run(command, capture_output=True, text=True, timeout=waiting.HANG_S, check=True)
    read = [json.loads(line) for line in run.stdout.splitlines()]

    assert [name for name, *_ in read] == names
    for name, share, megabytes, kinds in read:
        assert share < 1, name
        assert megabytes < 300, name
        assert kinds[-1] == "FileEnd", name
        assert len(kinds) > 1, name
        if name in ("line.jsonl", "zeros.jsonl"):
            assert kinds == ["Unreadable", "ArticleRead", "FileEnd"], name


def test_the_good_records_around_hostile_files_are_indexed(
    names: list[str], folder: Path, tmp_path: Path, amount: Callable[..., int]
) -> None:
    for workers in range(1, 1 + amount(2, few=1)):
        place = tmp_path / f"{workers}.idx"
        with search.writer(place) as writer:
            report = pipeline.index(writer, [folder], pipeline.Options(place=place, workers=workers))
        with search.open(place) as engine:
            ids = {article.id for article in engine.export(Query())}

        assert {f"good-{name}" for name in names} | {"z"} | ({"after"} if "line.jsonl" in names else set()) <= ids
        assert all(entry.reason for entry in report.skipped)
