"""What a person reads in web pages, scans and tables, and how it is compared with what a reader found."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from indexer.archive.opening import AHEAD
from indexer.files.neighbours import Folder
from indexer.readers.shared.record import Item, Origin
from indexer.safe import limits
from search import Article, BadRecord
from tests.conftest import GOLD, ROOT, SHARED

LINES = [json.loads(line) for line in (GOLD / "formats-web.jsonl").read_text("utf-8").splitlines()]


def files(*folders: str) -> list[str]:
    """The files in these folders that a person has read."""
    return list(dict.fromkeys(line["file"] for line in LINES if line["file"].startswith(folders)))


def read(reader: str, path: Path, **arguments: Any) -> list[Item]:
    with path.open("rb") as file:
        origin = Origin("news", path.name, path.name)
        return list(import_module(f"indexer.readers.{reader}").read(file, origin, **arguments))


def beside(path: Path) -> Folder:
    return Folder(path.parent)


def place(name: str) -> Path:
    """A file of the evaluation data, or of the project's own."""
    if not name.startswith("data/"):
        return ROOT / name
    if not SHARED.is_dir():
        pytest.skip("the evaluation data are not beside the project")
    return SHARED / name


def assert_as_read(name: str, found: list[Item]) -> None:
    expected = [line for line in LINES if line["file"] == name]

    assert len(found) == len(expected), found
    for item, line in zip(found, expected, strict=True):
        if "aside" in line:
            assert isinstance(item, BadRecord)
            assert line["aside"] in item.reason
        else:
            assert isinstance(item, Article), item
            assert (item.title, item.published) == (line["title"], line["published"])
            assert item.text.startswith(line["begins"])


def within_limits(items: Iterator[Item], size: int = 0) -> list[Item]:
    """All items, read as those of an archive are; fails where one meets a limit of time or memory."""
    return list(limits.bounded(lambda: items, size, retries=limits.Retries(0), ahead=AHEAD))
