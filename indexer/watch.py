"""Watches a folder: indexes new and changed files as they appear.

Folders are polled every few seconds, which works on every file system and misses nothing. A file is read when two polls
in a row found it unchanged, so that a file is not read while it is written. The index is locked only while there is
something to write, so that others may write in between; while they do, files wait.

What it has indexed it remembers for one index. If a backup or another index takes the place of that one, the files are
looked at again, and its ledger tells which are to be read; if there is none at the place any more, it stops.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

from indexer import ledger
from indexer.archive.walk import SourceFile, check, walk
from indexer.pipeline import Options, index_files
from indexer.report import Report
from indexer.withheld import embargo
from search.engine import Writer
from search.errors import IndexLocked, IndexMissing

Inode = tuple[int, int]


class _Identity(NamedTuple):
    """Tells one index from another in the same directory: a backup that is restored there has another ledger."""

    folder: Inode
    ledger: Inode | None


def watch(
    writer: Callable[[], Writer], paths: Sequence[Path], options: Options, stopping: threading.Event, every: float = 2.0
) -> Iterator[Report]:
    """Yield a report each time that something was indexed, until stopped.

    Args:
        writer: opens the index for writing.
        stopping: set to stop; current work is then finished and committed.
        every: seconds between two polls.

    Raises:
        PathMissing: if a path does not exist at the beginning.
        IndexMissing: if the index was there, and is no longer.
        IndexProblem: if the index cannot be written.
    """
    check(paths)
    options = replace(options, stop=stopping.is_set)
    before: dict[tuple[str, str], SourceFile] = {}
    indexed: dict[tuple[str, str], SourceFile] = {}
    known = _identity(options.folder)
    while not stopping.is_set():
        now = {
            (file.origin.collection, file.origin.name): file
            for file in walk(_there(paths), options.collection, options.folder)
        }
        if (found := _identity(options.folder)) != known:
            if found is None:
                raise IndexMissing(
                    f"The index “{options.place}” has been moved or removed while “dateline watch” ran. "
                    "Start it again with the path of the index, or move the index back first."
                )
            known, indexed = found, {}
        steady = [file for name, file in now.items() if before.get(name) == file and indexed.get(name) != file]
        if steady or (options.folder is not None and embargo.has_ended(options.folder)):
            try:
                with writer() as opened:
                    report = index_files(opened, steady, options)
                    if known is None or known.ledger is None:  # this run has made it
                        known = _identity(options.folder)
            except IndexLocked:
                steady = []
            else:
                if not stopping.is_set():
                    indexed |= {(file.origin.collection, file.origin.name): file for file in steady}
                if report.added or report.updated or report.removed or report.skipped_count:
                    yield report
        before = now
        indexed = {name: file for name, file in indexed.items() if name in now}
        stopping.wait(every)


def _identity(folder: Path | None) -> _Identity | None:
    """The identity of the index in a directory; None if it does not exist, and for one in a cluster."""
    if folder is None or (there := _inode(folder)) is None:
        return None
    return _Identity(there, _inode(folder / ledger.NAME))


def _inode(path: Path) -> Inode | None:
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino


def _there(paths: Sequence[Path]) -> list[Path]:
    """The paths that currently exist; a removed one may reappear."""
    return [path for path in paths if path.exists()]
