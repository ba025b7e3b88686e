"""Watches a folder: indexes new and changed files as they appear.

Folders are polled every few seconds, which works on every file system and misses nothing. A file is read when two polls
in a row found it unchanged, so that a file is not read while it is written. The index is locked only while there is
something to write, so that others may write in between; while they do, files wait.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from indexer.archive.walk import SourceFile, check, walk
from indexer.pipeline import Options, index_files
from indexer.report import Report
from indexer.withheld import embargo
from search.engine import Writer
from search.errors import IndexLocked


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
        IndexProblem: if the index cannot be written.
    """
    check(paths)
    options = replace(options, stop=stopping.is_set)
    before: dict[tuple[str, str], SourceFile] = {}
    indexed: dict[tuple[str, str], SourceFile] = {}
    while not stopping.is_set():
        now = {
            (file.origin.collection, file.origin.name): file
            for file in walk(_there(paths), options.collection, options.folder)
        }
        steady = [file for name, file in now.items() if before.get(name) == file and indexed.get(name) != file]
        if steady or (options.folder is not None and embargo.has_ended(options.folder)):
            try:
                with writer() as opened:
                    report = index_files(opened, steady, options)
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


def _there(paths: Sequence[Path]) -> list[Path]:
    """The paths that currently exist; a removed one may reappear."""
    return [path for path in paths if path.exists()]
